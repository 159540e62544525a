"""Who may come in and who may do what: login, sessions, CSRF, roles, tokens, hosts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from desks import BASE, PASSWORD, csrf_of
from invented import RESIDENT_ID, docx
from sqlalchemy import select

from prescan.errors import PrescanError, SettingsError
from prescan.types import Settings
from prescan.web import people
from prescan.web.clock import now
from prescan.web.config import Config, is_loopback
from prescan.web.people import COOKIE
from prescan.web.tables import Entry, Session, Token, User

if TYPE_CHECKING:
    from pathlib import Path

    from desks import Desk
    from starlette.testclient import TestClient


def sent(client: TestClient, *paragraphs: str) -> str:
    """Bring a document for review; return its scan."""
    answer = client.post("/v1/scans", files={"file": ("稿.docx", docx(*paragraphs))}, data={"keep": "review"})
    assert answer.status_code == 200, answer.text
    return answer.headers["location"]


def case_of(where: str) -> str:
    return where.rpartition("/")[2][:16]


def test_beyond_loopback_needs_accounts(tmp_path: Path) -> None:
    from prescan.web.serving import serve

    with pytest.raises(SettingsError, match="账号"):
        serve(Config(folder=tmp_path / "s", host="0.0.0.0", port=1), Settings(), lambda _office: None)  # noqa: S104
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "10.0.0.1", "desk.test")] == [  # noqa: S104
        *(True, True, True, False, False, False)
    ]


def test_one_server_a_store(shared: Desk) -> None:
    from prescan.web.office import Office

    with pytest.raises(SettingsError, match="另一个"):
        Office(shared.office.config, Settings())


def test_single_user_needs_no_login_but_the_right_place(shared: Desk) -> None:
    client = shared.client()
    assert client.get("/").status_code == 200
    assert client.get("/health", headers={"host": "evil.example"}).json()["code"] == "bad_host"
    assert client.get("/health", headers={"host": "localhost:1"}).status_code == 200
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        fresh = shared.client()
        answer = fresh.post("/v1/scans", json={"text": "x"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "bad_origin")
    assert shared.client().post("/v1/rules/try", json={"text": "x"}, headers={"origin": BASE}).status_code == 200


def test_with_a_cookie_the_csrf_token_is_needed(shared: Desk) -> None:
    client = shared.browser()
    token = client.headers.pop("x-csrf-token")
    for headers in ({}, {"x-csrf-token": "wrong"}, {"x-csrf-token": ""}):
        answer = client.post("/v1/rules/try", json={"text": "x"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "bad_csrf")
    assert client.post("/v1/rules/try", json={"text": "x"}, headers={"x-csrf-token": token}).status_code == 200
    assert client.post("/rules", data={"text": "x", "csrf": "wrong"}).status_code == 403
    assert client.post("/rules", data={"text": "x", "csrf": token}).status_code == 200
    other = shared.browser()
    assert client.post("/v1/rules/try", json={"text": "x"}, headers=dict(other.headers)).status_code == 403


def test_cookie_is_for_this_server_only(shared: Desk) -> None:
    told = shared.client().get("/").headers["set-cookie"]
    for word in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert word in told
    assert "Domain" not in told


def test_nobody_comes_in_without_login(staffed: Desk) -> None:
    client = staffed.client()
    for path in ("/", "/register", "/settings", "/people", "/log", "/statistics", "/rules"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")
    for path in ("/v1/rules", f"/v1/scans/{'0' * 32}", "/desk/status"):
        assert client.get(path).json()["code"] == "login_required"
    assert client.post("/v1/scans", json={"text": "x"}).status_code == 401
    assert client.get("/health").status_code == 200


def test_login_gives_a_new_session(staffed: Desk) -> None:
    client = staffed.client()
    client.cookies.set(COOKIE, "planted-by-somebody-else")
    client.post("/login", data={"login": "anna", "password": PASSWORD})
    held = client.cookies.get(COOKIE, domain="127.0.0.1") or client.cookies.get(COOKIE)
    assert held != "planted-by-somebody-else"
    planted = staffed.client()
    planted.cookies.set(COOKIE, "planted-by-somebody-else")
    assert planted.get("/").status_code == 303
    with staffed.office.store.read() as database:
        digests = list(database.execute(select(Session.digest)).scalars())
    assert held not in digests


def test_logout_ends_the_session_for_good(staffed: Desk) -> None:
    client = staffed.login("anna")
    cookie = client.cookies.get(COOKIE)
    assert client.post("/logout", data={"csrf": client.headers["x-csrf-token"]}).status_code == 303
    again = staffed.client()
    again.cookies.set(COOKIE, cookie or "")
    assert again.get("/").status_code == 303


def test_sessions_end(staffed: Desk) -> None:
    client = staffed.login("bert")
    with staffed.office.store.write() as database:
        for held in database.execute(select(Session)).scalars():
            held.seen = now() - people.SESSION_IDLE - datetime.timedelta(seconds=1)
    assert client.get("/").status_code == 303


def test_next_never_leaves_the_server(staffed: Desk) -> None:
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "/x\r\nset-cookie: a=b"):
        answer = staffed.client().post("/login", data={"login": "r1", "password": PASSWORD, "next": target})
        assert answer.headers["location"] == "/"
    answer = staffed.client().post("/login", data={"login": "r1", "password": PASSWORD, "next": "/rules"})
    assert answer.headers["location"] == "/rules"


def test_guessing_is_slowed_down(staffed: Desk) -> None:
    staffed.office.throttle.__init__()
    client = staffed.client()
    answers = [client.post("/login", data={"login": "nobody", "password": "wrong"}).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert int(client.post("/login", data={"login": "nobody", "password": "x"}).headers["retry-after"]) >= 1
    staffed.office.throttle.__init__()
    with staffed.office.store.read() as database:
        failures = database.execute(select(Entry.who).where(Entry.action == "login_failed")).scalars()
        assert set(failures) == {"?"}  # a password typed into the field of the name must not be in the log


def test_drafters_see_their_own(staffed: Desk) -> None:
    anna, bert, first = (staffed.login(name) for name in ("anna", "bert", "r1"))
    where = sent(anna, "安娜的稿件")
    case = case_of(where)
    for other in (bert, first):
        assert other.get(where).status_code == 404
        assert other.get(f"/cases/{case}").status_code == 404
        assert other.get(f"{where}/report.plain").status_code == 404
        assert other.post(f"/desk/cases/{case}/submit").status_code == 404
        assert case not in other.get("/?tab=all").text
    assert anna.post(f"/desk/cases/{case}/submit").status_code == 204
    assert bert.get(where).status_code == 404
    assert first.get(where).status_code == 200
    assert case in first.get("/").text


def test_each_level_is_for_its_role(staffed: Desk) -> None:
    anna, first, second, boss = (staffed.login(name) for name in ("anna", "r1", "r2", "boss"))
    where = sent(anna, f"身份证号：{RESIDENT_ID}")
    case = case_of(where)
    assert anna.post(f"/desk/cases/{case}/submit").status_code == 204
    one = first.get(where).json()["findings"][0]["id"]
    verdict = {"verdict": "已脱敏"}
    assert second.put(f"{where}/findings/{one}/decision", json=verdict).json()["code"] == "forbidden"
    assert anna.put(f"{where}/findings/{one}/decision", json=verdict).json()["code"] == "forbidden"
    assert boss.get(where).status_code == 404
    assert first.put(f"{where}/findings/{one}/decision", json=verdict).status_code == 200
    assert anna.post(f"/desk/cases/{case}/sign", json={"text": ""}).status_code == 403
    for client in (anna, first):
        for path in ("/settings", "/people", "/log"):
            assert client.get(path).status_code == 403
    fields = {"csrf": first.headers["x-csrf-token"], "what": "user", "login": "x", "name": "x", "password": PASSWORD}
    assert first.post("/people", data={**fields, "role_admin": "1"}).status_code == 403


def test_administrator_keeps_accounts_and_sees_the_log(staffed: Desk) -> None:
    boss = staffed.login("boss")
    fields = {
        "csrf": boss.headers["x-csrf-token"],
        "what": "user",
        "login": "carl",
        "name": "卡尔",
        "password": PASSWORD,
    }
    assert boss.post("/people", data={**fields, "role_drafter": "1"}).status_code == 303
    carl = staffed.login("carl")
    weak = boss.post("/people", data={**fields, "login": "dora", "password": "short", "role_drafter": "1"})
    assert weak.status_code == 422
    assert "至少" in weak.text
    with staffed.office.store.read() as database:
        carl_id = database.execute(select(User.id).where(User.login == "carl")).scalar_one()
    told = {"csrf": boss.headers["x-csrf-token"], "what": "disable", "id": str(carl_id)}
    assert boss.post("/people", data=told).status_code == 303
    assert carl.get("/").status_code == 303
    assert carl.post("/login", data={"login": "carl", "password": PASSWORD}).status_code == 401
    page = boss.get("/log").text
    assert "新增账号" in page
    assert "核对无误" in page
    assert boss.get("/cases/" + "0" * 16).status_code == 404


def test_tokens_have_scope_and_end(staffed: Desk) -> None:
    with staffed.office.store.write() as database:
        anna = database.execute(select(User.id).where(User.login == "anna")).scalar_one()
        secret, row = people.add_token(database, anna, "门户", ["scan"], 1)
        token_id = row.id
    client = staffed.client()
    client.headers["authorization"] = f"Bearer {secret}"
    answer = client.post(
        "/v1/scans", files={"file": ("a.docx", docx(f"身份证号：{RESIDENT_ID}"))}, data={"keep": "hour"}
    )
    where, one = answer.headers["location"], answer.json()["findings"][0]["id"]
    assert client.get(where).status_code == 200
    assert client.post(f"{where}/findings/{one}/value").json()["code"] == "forbidden"
    assert client.put(f"{where}/findings/{one}/decision", json={"verdict": "已脱敏"}).json()["code"] == "forbidden"
    bert = staffed.login("bert")
    assert bert.get(where).status_code == 404
    assert client.get("/people").status_code == 303  # a token opens no pages
    assert client.post(f"/desk/cases/{case_of(where)}/submit").json()["code"] == "forbidden"
    with staffed.office.store.write() as database:
        held = database.get(Token, token_id)
        assert held is not None
        assert secret not in held.digest
        held.expires = now() - datetime.timedelta(seconds=1)
    assert client.get(where).json()["code"] == "login_required"
    client.headers["authorization"] = "Basic YTpi"
    assert client.get(where).status_code == 401


def test_tokens_need_scope_and_days(staffed: Desk) -> None:
    with staffed.office.store.write() as database:
        for scopes, days in (([], 1), (["everything"], 1), (["scan"], 0), (["scan"], 1000)):
            with pytest.raises(PrescanError, match="令牌"):
                people.add_token(database, None, "x", scopes, days)


def test_session_of_single_user_ends_with_the_first_account(desk: Desk) -> None:
    client = desk.browser()
    desk.add("boss", "admin")
    assert client.get("/").status_code == 303
    assert client.get("/v1/rules").status_code == 401
    page = desk.client().get("/login")
    assert "登录" in page.text
    with pytest.raises(AssertionError):
        csrf_of(page.text)


def test_passwords_are_hashed_as_they_should_be() -> None:
    from argon2 import PasswordHasher

    usual = PasswordHasher()
    assert usual.memory_cost >= 47104  # OWASP: argon2id with 46 MiB
    with pytest.raises(PrescanError, match="至少"):
        people.check_password("anna-anna-anna", "anna")
    told = people.hashed(PASSWORD)
    assert told.startswith("$argon2id$")
    assert PASSWORD not in told
