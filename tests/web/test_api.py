"""`/v1/scans`: what goes in, what comes out, what stays behind."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import docx as python_docx
import jsonschema
import pytest
from invented import MOBILE, RESIDENT_ID, docx, table
from sqlalchemy import select

from prescan.report import WRITERS
from prescan.resources import data_path
from prescan.web.tables import Entry, Scan

if TYPE_CHECKING:
    from desks import Desk
    from starlette.testclient import TestClient

TEXT = f"低保对象：身份证号 {RESIDENT_ID}，手机 {MOBILE}。"
SCHEMA = json.loads(data_path("prescan-1.schema.json").read_text(encoding="utf-8"))


def upload(client: TestClient, data: bytes, name: str = "草稿.docx", **fields: str) -> Any:
    return client.post("/v1/scans", files={"file": (name, data)}, data=fields)


def office_docx(*paragraphs: str) -> bytes:
    """Return a document with all the parts an office program writes: some writers make their copy of it."""
    document = python_docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_text_gives_the_contracts_json(shared: Desk) -> None:
    answer = shared.client().post("/v1/scans", json={"text": TEXT, "context": {"stage": "published"}})
    assert answer.status_code == 200
    told = answer.json()
    jsonschema.validate(told, SCHEMA)
    found = {finding["type"]: TEXT[finding["start"] : finding["end"]] for finding in told["findings"]}
    assert found["resident_id"] == RESIDENT_ID
    assert found["mobile_phone"] == MOBILE
    assert RESIDENT_ID not in answer.text


def test_text_is_scanned_as_it_is_whatever_it_looks_like(shared: Desk) -> None:
    text = f"<html><body>\r\n身份证号：{RESIDENT_ID}</body></html>"
    told = shared.client().post("/v1/scans", json={"text": text}).json()
    assert told["document"]["media_type"] == "text/plain"
    assert told["document"]["chars"] == len(text)
    finding = next(one for one in told["findings"] if one["type"] == "resident_id")
    assert text[finding["start"] : finding["end"]] == RESIDENT_ID


def test_what_came_once_goes_when_its_result_was_fetched(desk: Desk) -> None:
    client = desk.client()
    answer = client.post("/v1/scans", json={"text": TEXT})
    scan_id = answer.headers["location"].rpartition("/")[2]
    assert desk.office.holding.ids() == []
    assert client.get(f"/v1/scans/{scan_id}").json() == answer.json()
    gone = client.get(f"/v1/scans/{scan_id}/report.plain")
    assert (gone.status_code, gone.json()["code"]) == (410, "gone")
    assert client.post(f"/v1/scans/{scan_id}/findings/{answer.json()['findings'][0]['id']}/value").status_code == 410


def test_every_format_is_served_while_the_upload_is_held(shared: Desk) -> None:
    client = shared.client()
    where = upload(client, office_docx(TEXT), keep="hour").headers["location"]
    for name in WRITERS:
        answer = client.get(f"{where}/report.{name}")
        assert answer.status_code == 200, (name, answer.text)
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert RESIDENT_ID.encode() not in answer.content
    assert client.get(f"{where}/report.docx").content[:2] == b"PK"
    assert client.get(f"{where}/report.nothing").json()["code"] == "not_found"


def test_same_content_is_the_same_scan(shared: Desk) -> None:
    client = shared.client()
    data = docx("同一份文件", TEXT)
    first, again = upload(client, data, keep="hour"), upload(client, data, keep="hour")
    assert first.headers["location"] == again.headers["location"]
    assert first.json() == again.json()
    other = upload(client, data, keep="hour", context='{"stage": "published"}')
    assert other.headers["location"] != first.headers["location"]


def test_large_ones_are_answered_before_they_are_done(shared: Desk) -> None:
    client = shared.client()
    answer = client.post("/v1/scans", json={"text": TEXT + "慢"}, headers={"prefer": "respond-async"})
    assert answer.status_code == 202
    told = answer.json()
    assert told["status"] in {"queued", "running"}
    assert told["step"] in {"waiting", "reading", "scanning", "filing"}
    assert answer.headers["location"] == f"/v1/scans/{told['id']}"
    shared.office.jobs.submit(told["id"], checked=False).result(30)
    assert client.get(answer.headers["location"]).status_code == 200


def test_findings_decisions_undo(shared: Desk) -> None:
    client = shared.client()
    where = upload(client, docx(TEXT, "处置"), keep="hour").headers["location"]
    blocked = client.get(f"{where}/findings", params={"level": "block"}).json()
    assert {finding["level"] for finding in blocked} == {"block"}
    one = blocked[0]["id"]
    refused = client.put(f"{where}/findings/{one}/decision", json={"verdict": "误报"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    done = client.put(f"{where}/findings/{one}/decision", json={"verdict": "误报", "reason": f"样例 {RESIDENT_ID}"})
    assert done.json()["decided"] == 1
    listed = client.get(f"{where}/decisions").json()
    assert listed[0]["reason"].startswith("样例 11")
    assert RESIDENT_ID not in listed[0]["reason"]
    left = client.get(f"{where}/findings", params={"undecided": "1"}).json()
    assert one not in {finding["id"] for finding in left}
    every = [finding["id"] for finding in client.get(f"{where}/findings").json()]
    assert client.post(f"{where}/decisions", json={"finding_ids": every, "verdict": "已脱敏"}).status_code == 200
    assert client.post(f"{where}/undo").status_code == 200
    assert [item["verdict"] for item in client.get(f"{where}/decisions").json()] == ["误报"]
    assert client.post(f"{where}/undo").json()["decided"] == 0
    assert client.post(f"{where}/undo").status_code == 409


def test_attribute_needs_a_verified_clause_to_withhold(shared: Desk) -> None:
    client = shared.client()
    where = upload(client, docx(TEXT, "属性"), keep="hour").headers["location"]
    assert client.put(f"{where}/attribute", json={"attribute": "withheld"}).status_code == 422
    assert (
        client.put(f"{where}/attribute", json={"attribute": "withheld", "clause": "条例 第九百条"}).status_code == 422
    )
    duty = client.put(f"{where}/attribute", json={"attribute": "withheld", "clause": "条例 第十九条"})
    assert (duty.status_code, "条例 第十九条不是不予公开的依据" in duty.json()["detail"]) == (422, True)
    told = client.put(f"{where}/attribute", json={"attribute": "withheld", "clause": "条例 第十五条"})
    assert told.json() == {"attribute": "withheld", "clause": "条例 第十五条", "by": "本机用户"}
    exported = json.loads(client.get(f"{where}/decisions.json").content)
    assert exported["documents"][0]["attribute"] == "withheld"


def test_value_is_given_only_when_asked_for_and_that_is_logged(desk: Desk) -> None:
    client = desk.client()
    answer = upload(client, docx(TEXT), keep="hour")
    one = next(finding for finding in answer.json()["findings"] if finding["type"] == "resident_id")
    told = client.post(f"{answer.headers['location']}/findings/{one['id']}/value").json()
    assert told == {"finding_id": one["id"], "value": RESIDENT_ID}
    with desk.office.store.read() as database:
        lines = list(database.execute(select(Entry).where(Entry.action == "revealed")).scalars())
    assert len(lines) == 1
    assert one["id"] in lines[0].facts


def test_no_value_is_stored(desk: Desk) -> None:
    client = desk.client()
    body = table(("姓名", "身份证号"), ("赵某某", RESIDENT_ID))
    answer = upload(client, docx(f"手机 {MOBILE}", body=body), name=f"名单{RESIDENT_ID}.docx", keep="review")
    where = answer.headers["location"]
    one = answer.json()["findings"][0]["id"]
    client.put(f"{where}/findings/{one}/decision", json={"verdict": "误报", "reason": RESIDENT_ID})
    client.post(f"/desk/cases/{where[-32:-16]}/notes", json={"text": f"见 {MOBILE}"})
    desk.office.store.compact()
    stored = (desk.office.config.folder / "desk.sqlite").read_bytes()
    assert one.encode() in stored
    for value in (RESIDENT_ID, MOBILE):
        assert value.encode() not in stored
        assert value not in answer.text


def test_names_are_never_paths(desk: Desk) -> None:
    client = desk.client()
    told = upload(client, docx("正文"), name="../../../etc/cron.d/x\\..\\evil.docx", keep="hour").json()
    assert told["document"]["name"] == "evil.docx"
    for path in ("..%2f..%2fdesk.sqlite", "%2e%2e/%2e%2e/etc/passwd", "a" * 32, "0" * 31, "0" * 32):
        assert client.get(f"/v1/scans/{path}").status_code in {404, 422}
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("request_of", "status", "code"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 422, "invalid"),
        ({"json": {"text": "x", "more": 1}}, 422, "invalid"),
        ({"json": {"text": "x", "context": {"produced_on": "2026-02-31"}}}, 422, "invalid"),
        ({"json": {"text": "x", "keep": "for ever"}}, 422, "invalid"),
        ({"content": b"x", "headers": {"content-type": "text/plain"}}, 415, "unsupported_media"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, "bad_request"),
        ({"content": b"--b\r\n", "headers": {"content-type": "multipart/form-data; boundary=b"}}, 400, "bad_request"),
        ({"files": {"other": ("a.txt", b"x")}}, 422, "invalid"),
        ({"files": [("file", ("a.txt", b"x")), ("file", ("b.txt", b"x"))]}, 422, "invalid"),
        ({"files": {"file": ("a.txt", b"x")}, "data": {"context": "[1"}}, 422, "invalid"),
        ({"files": {"file": ("a.txt", b"x")}, "data": {"context": "[" * 50_000}}, 422, "invalid"),
        ({"files": {"file": ("a.txt", b"x")}, "data": {"context": "x" * 70_000}}, 413, "too_large"),
    ],
)
def test_wrong_requests_are_problems_with_our_codes(
    shared: Desk, request_of: dict[str, Any], status: int, code: str
) -> None:
    answer = shared.client().post("/v1/scans", **request_of)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert re.search("[一-鿿]", answer.json()["detail"])
    assert list((shared.office.config.folder / "incoming").iterdir()) == []


def test_a_wrong_request_is_told_which_field_is_wrong(shared: Desk) -> None:
    answer = shared.client().put("/v1/scans/none/attribute", json={"attribute": "open", "more": 1})
    assert answer.json()["detail"] == "内容不符合要求（scan_id、attribute、more），请对照接口文档修改"


def test_unreadable_files_are_results_not_errors(shared: Desk) -> None:
    client = shared.client()
    for data, code in ((b"", "empty"), (b"PK\x03\x04broken", "corrupted"), (b"\x7fELF", "unsupported")):
        told = upload(client, data, name="x.bin").json()
        assert (told["verdict"], told["unread"][0]["code"]) == ("unread", code)


def test_own_scans_can_be_deleted(shared: Desk) -> None:
    client = shared.client()
    where = upload(client, docx("删除", TEXT), keep="hour").headers["location"]
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 404
    with shared.office.store.read() as database:
        assert database.get(Scan, where[-32:]) is None


def test_full_queue_asks_to_come_back(shared: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.office.jobs, "_size", -10)
    answer = shared.client().post("/v1/scans", json={"text": TEXT})
    assert (answer.status_code, answer.json()["code"]) == (429, "busy")
    assert int(answer.headers["retry-after"]) > 0


def test_rules_and_their_try_out_box(shared: Desk) -> None:
    client = shared.client()
    listed = client.get("/v1/rules").json()
    assert "SEC-001" in {rule["id"] for rule in listed}
    told = client.get("/v1/rules/SEC-001").json()
    assert told["articles"][0]["gist"]
    tried = client.post("/v1/rules/try", json={"text": "机密★10年", "rule_id": "SEC-001"}).json()
    assert tried["result"]["findings"][0]["rule_id"] == "SEC-001"
    assert tried["why"][0]["said"].startswith("命中")
    assert client.post("/v1/rules/try", json={"text": "x", "rule_id": "SEC-999"}).status_code == 404


def test_redacted_copy(shared: Desk) -> None:
    client = shared.client()
    where = upload(client, office_docx(TEXT, "脱敏"), keep="hour").headers["location"]
    answer = client.get(f"{where}/redacted")
    assert answer.status_code == 200, answer.text
    assert RESIDENT_ID.encode() not in answer.content
    secret = upload(client, office_docx("机密★10年", "关于防护的方案"), keep="hour").headers["location"]
    refused = client.get(f"{secret}/redacted")
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
