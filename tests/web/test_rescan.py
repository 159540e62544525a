"""Rules or settings change: open cases are offered a new scan, and decisions stay where the finding is the same."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from invented import PROACTIVE, RESIDENT_ID, docx
from test_flow import bring, said, settle

if TYPE_CHECKING:
    from desks import Desk
    from starlette.testclient import TestClient

WORD = "青禾七号工程"


def done(client: TestClient, where: str) -> None:
    """Wait for a scan."""
    for _ in range(400):
        if client.get(where).status_code == 200:
            return
        time.sleep(0.02)
    raise AssertionError("the scan did not end")


def new_word(client: TestClient) -> None:
    """Add a word of the office in the settings."""
    told = {"csrf": client.headers["x-csrf-token"], "unit": "县政府办", "words_work_secret": WORD}
    assert client.post("/settings", data=told).status_code == 303


def test_open_cases_are_scanned_again_and_keep_their_decisions(desk: Desk) -> None:
    client = desk.browser()
    around = "这一段前后都足够长，规则改变时它的上下文不变，处置也就仍然有效。"
    where, case = bring(client, docx("通知", f"{around}经办人身份证号：{RESIDENT_ID}。{around}", f"{WORD}进展"))
    page = case.replace("/desk", "")
    assert 'id="rescan"' not in client.get(page).text
    assert said(client.post(f"{case}/rescan")).startswith("这份文件已按现在的规则")
    one = next(f["id"] for f in client.get(f"{where}/findings").json() if f["type"] == "resident_id")
    client.put(f"{where}/findings/{one}/decision", json={"verdict": "依法可公开", "reason": "法定公开内容"})
    new_word(client)
    assert 'id="rescan"' in client.get(page).text
    assert 'id="rescanall"' in client.get("/").text
    assert client.post(f"{case}/rescan").status_code == 202
    done(client, where)
    assert "OWN-001" in {finding["rule_id"] for finding in client.get(f"{where}/findings").json()}
    assert [item["finding_id"] for item in client.get(f"{where}/decisions").json()] == [one]
    assert 'id="rescan"' not in client.get(page).text
    assert client.post("/desk/rescan").json() == {"queued": 0}
    assert "重新审查" in client.get(page).text


def test_all_that_wait_are_scanned_again_but_not_what_is_signed(desk: Desk) -> None:
    client = desk.browser()
    signed, signed_case = bring(client, docx(*PROACTIVE.split("\n")))
    client.post(f"{signed_case}/submit")
    settle(client, signed)
    client.post(f"{signed_case}/seen")
    for conclusion in ("", "", "可以公开"):
        assert client.post(f"{signed_case}/sign", json={"name": "甲", "conclusion": conclusion}).status_code == 204
    waiting, _ = bring(client, docx(f"{WORD}进展情况说明"))
    new_word(client)
    assert client.post("/desk/rescan").json() == {"queued": 1}
    done(client, waiting)
    assert "OWN-001" in {finding["rule_id"] for finding in client.get(f"{waiting}/findings").json()}
    assert client.post(f"{signed_case}/rescan").status_code == 409


def test_only_who_may_decide_now_scans_again(staffed: Desk) -> None:
    anna, reviewer = staffed.login("anna"), staffed.login("r1")
    _, case = bring(anna, docx(f"{WORD}进展"))
    boss = staffed.login("boss")
    told = {"csrf": boss.headers["x-csrf-token"], "words_work_secret": WORD}
    assert boss.post("/settings", data=told).status_code == 303
    assert reviewer.post(f"{case}/rescan").status_code == 404
    assert anna.post(f"{case}/submit").status_code == 204
    assert anna.post(f"{case}/rescan").status_code == 403
    assert reviewer.post(f"{case}/rescan").status_code == 202


def test_alike_places_are_counted_everywhere_and_decided_at_once(desk: Desk) -> None:
    client = desk.browser()
    before, after = "关于下列申请材料的补正说明如下，请核对以后签字", "以上内容经本人核对没有错误，特此说明并存档"
    line = f"{before}：身份证号：{RESIDENT_ID}，{after}。"
    where, case = bring(client, docx(line, line), name="稿.docx")
    found = [one for one in client.get(f"{where}/findings").json() if one["level"] != "note"]
    numbers = [one for one in found if one["type"] == "resident_id"]
    assert (len(numbers), len({one["id"] for one in numbers})) == (2, 1)
    told = client.put(f"{where}/findings/{numbers[0]['id']}/decision", json={"verdict": "属实须处理"}).json()
    [row] = client.get("/desk/status", params={"ids": case[-16:]}).json()
    listed = row["counts"]["block"] + row["counts"]["review"]
    assert (told["decided"], told["asked"]) == (row["decided"], row["asked"]) == (2, listed) == (2, len(found))


def test_decisions_about_what_is_gone_do_not_count(desk: Desk) -> None:
    client = desk.browser()
    where, case = bring(client, docx(f"经办人身份证号：{RESIDENT_ID}"), name="稿.docx")
    settle(client, where)
    corrected = {"file": ("稿.docx", docx("联系人手机：13800138003"))}
    assert client.post(f"{case}/versions", files=corrected).status_code == 202
    [row] = client.get("/desk/status", params={"ids": case[-16:]}).json()
    assert (row["decided"], row["asked"]) == (0, 1)
