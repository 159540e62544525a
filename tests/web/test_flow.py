"""拟稿 → 初审 → 复审 → 终审: what a signature needs, what comes back, what is filed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx as python_docx
from invented import PROACTIVE, RESIDENT_ID, comment, docx

if TYPE_CHECKING:
    from desks import Desk
    from starlette.testclient import TestClient


def bring(client: TestClient, data: bytes, name: str = "通知.docx") -> tuple[str, str]:
    """Bring a document for review; return its scan and the address of its case."""
    answer = client.post("/v1/scans", files={"file": (name, data)}, data={"keep": "review"})
    where = answer.headers["location"]
    return where, f"/desk/cases/{where.rpartition('/')[2][:16]}"


def said(answer: Any) -> str:
    return answer.json()["detail"]


def settle(client: TestClient, where: str, verdict: str = "已脱敏") -> None:
    """Decide every finding and the attribute."""
    every = [finding["id"] for finding in client.get(f"{where}/findings").json()]
    if every:
        assert client.post(f"{where}/decisions", json={"finding_ids": every, "verdict": verdict}).status_code == 200
    assert client.put(f"{where}/attribute", json={"attribute": "proactive"}).status_code == 200


def test_notes_are_read_before_the_first_signature(desk: Desk) -> None:
    client = desk.browser()
    page = f"<html><body><!-- 待核 --><p>{PROACTIVE}</p></body></html>"
    where, case = bring(client, page.encode(), "通知.html")
    levels = {finding["id"]: finding["level"] for finding in client.get(f"{where}/findings").json()}
    assert "note" in levels.values()
    for known_as in (known_as for known_as, level in levels.items() if level != "note"):
        client.post(f"{where}/decisions", json={"finding_ids": [known_as], "verdict": "已脱敏"})
    client.put(f"{where}/attribute", json={"attribute": "proactive"})
    assert client.post(f"{case}/submit").status_code == 204
    assert "提示未确认已阅" in said(client.post(f"{case}/sign", json={"name": "甲某"}))
    assert client.post(f"{case}/seen").status_code == 204
    assert client.post(f"{case}/sign", json={"name": "甲某"}).status_code == 204


def test_whole_way(desk: Desk) -> None:
    client = desk.browser()
    where, case = bring(client, docx(*PROACTIVE.split("\n"), f"联系人身份证号：{RESIDENT_ID}"))
    assert "请先送审" in said(client.post(f"{case}/sign", json={"name": "甲"}))
    assert client.post(f"{case}/submit").status_code == 204
    refused = said(client.post(f"{case}/sign", json={"name": "甲"}))
    assert "未处置" in refused
    assert "公开属性" in refused
    assert "原因" in said(client.post(f"{case}/return", json={"reason": " "}))
    assert client.post(f"{case}/return", json={"reason": f"请删去 {RESIDENT_ID}"}).status_code == 204
    page = client.get(case.replace("/desk", "")).text
    assert "请删去 11" in page
    assert RESIDENT_ID not in page

    corrected = client.post(f"{case}/versions", files={"file": ("改.docx", docx(*PROACTIVE.split("\n")))})
    assert corrected.status_code == 202
    page = client.get(case.replace("/desk", "")).text
    assert "第 2 稿" in page
    where = "/v1/scans/" + page.partition("/v1/scans/")[2][:32]
    assert not [finding for finding in client.get(where).json()["findings"] if finding["level"] == "block"]
    assert client.post(f"{case}/submit").status_code == 204
    settle(client, where)
    for name in ("甲某", "乙某"):
        assert client.post(f"{case}/sign", json={"name": name, "text": "同意"}).status_code == 204
    assert "审查结论" in said(client.post(f"{case}/sign", json={"name": "丙某"}))
    assert "不一致" in said(client.post(f"{case}/sign", json={"name": "丙某", "conclusion": "不予公开"}))
    assert client.post(f"{case}/sign", json={"name": "丙某", "conclusion": "可以公开"}).status_code == 204
    refused = client.put(f"{where}/attribute", json={"attribute": "withheld", "clause": "条例 第十五条"})
    assert refused.json()["code"] == "not_allowed_now"

    assert "可以公开" in client.get("/register").text
    assert "甲某、乙某、丙某" in client.get("/register.csv").content.decode("utf-8-sig")
    record = client.get(f"{where}/report.record")
    assert python_docx.Document(io.BytesIO(record.content)).tables
    assert desk.office.holding.ids() == []
    again = client.get(f"{where}/report.record")
    assert again.content == record.content
    assert client.get(f"{where}/report.plain").status_code == 410
    assert "原件已按规定删除" in client.get(case.replace("/desk", "")).text


def test_findings_to_handle_are_not_published_as_they_are(shared: Desk) -> None:
    client = shared.browser()
    where, case = bring(client, docx(*PROACTIVE.split("\n"), f"身份证号：{RESIDENT_ID}", "属实"))
    client.post(f"{case}/submit")
    settle(client, where, "属实须处理")
    for _ in range(2):
        assert client.post(f"{case}/sign", json={"name": "甲"}).status_code == 204
    refused = said(client.post(f"{case}/sign", json={"name": "丙", "conclusion": "可以公开"}))
    assert "删除有关内容后公开" in refused
    assert client.post(f"{case}/sign", json={"name": "丙", "conclusion": "删除有关内容后公开"}).status_code == 204
    client.get(f"{where}/report.record")
    assert where[-32:] in shared.office.holding.ids()  # the redacted copy has not been taken yet


def test_unread_parts_need_a_reason(shared: Desk) -> None:
    client = shared.browser()
    where, case = bring(client, b"PK\x03\x04 not a package", name="坏.docx")
    assert client.get(where).json()["unread"]
    client.post(f"{case}/submit")
    client.put(f"{where}/attribute", json={"attribute": "proactive"})
    assert "未读内容" in said(client.post(f"{case}/sign", json={"name": "甲"}))
    assert client.post(f"{case}/unread", json={"number": 7, "reason": "x"}).status_code == 404
    assert client.post(f"{case}/unread", json={"number": 0, "reason": "已人工阅看纸质原件"}).status_code == 204
    assert client.post(f"{case}/sign", json={"name": "甲"}).status_code == 204


def test_notes_must_have_been_seen(shared: Desk) -> None:
    client = shared.browser()
    data = docx(*PROACTIVE.split("\n"), "提示", comments=comment("再核一遍"))
    where, case = bring(client, data)
    client.post(f"{case}/submit")
    found = client.get(f"{where}/findings").json()
    asked = [finding["id"] for finding in found if finding["level"] != "note"]
    notes = [finding for finding in found if finding["level"] == "note"]
    if asked:
        client.post(f"{where}/decisions", json={"finding_ids": asked, "verdict": "已脱敏"})
    client.put(f"{where}/attribute", json={"attribute": "proactive"})
    answer = client.post(f"{case}/sign", json={"name": "甲"})
    assert (answer.status_code == 409) == bool(notes)
    if notes:
        assert client.post(f"{case}/seen").status_code == 204
        assert client.post(f"{case}/sign", json={"name": "甲"}).status_code == 204


def test_decisions_outlive_a_corrected_version(shared: Desk) -> None:
    client = shared.browser()
    around = "这一段前后都足够长，改动别处时它的上下文不变，处置也就仍然有效。"
    kept = f"{around}经办人身份证号：{RESIDENT_ID}。{around}"
    where, case = bring(client, docx("第一段", kept, "手机：13800138003"), name="改稿.docx")
    one = next(f["id"] for f in client.get(f"{where}/findings").json() if f["type"] == "resident_id")
    client.put(f"{where}/findings/{one}/decision", json={"verdict": "依法可公开", "reason": "法定公开内容"})
    client.post(f"{case}/versions", files={"file": ("改稿 2.docx", docx("第一段", kept, "手机已删"))})
    page = client.get(case.replace("/desk", "")).text
    where = "/v1/scans/" + page.partition("/v1/scans/")[2][:32]
    assert [item["finding_id"] for item in client.get(f"{where}/decisions").json()] == [one]
    assert one in {finding["id"] for finding in client.get(f"{where}/findings").json()}


def test_discarding_deletes_the_upload(shared: Desk) -> None:
    client = shared.browser()
    where, case = bring(client, docx("作废的稿"))
    assert where[-32:] in shared.office.holding.ids()
    assert client.post(f"{case}/discard").status_code == 204
    assert where[-32:] not in shared.office.holding.ids()
    assert client.post(f"{case}/submit").status_code == 409


def test_nobody_signs_twice_or_their_own(staffed: Desk) -> None:
    staffed.add("all", "drafter", "first", "second", "final")
    anna, both = staffed.login("anna"), staffed.login("all")
    where, case = bring(both, docx(*PROACTIVE.split("\n"), "自己的稿"))
    both.post(f"{case}/submit")
    settle(both, where)
    both.post(f"{case}/seen")
    assert "拟稿人不能" in said(both.post(f"{case}/sign", json={}))
    where, case = bring(anna, docx(*PROACTIVE.split("\n"), "别人的稿"))
    anna.post(f"{case}/submit")
    settle(both, where)
    both.post(f"{case}/seen")
    assert both.post(f"{case}/sign", json={}).status_code == 204
    assert "同一个人" in said(both.post(f"{case}/sign", json={}))
    assert staffed.login("r2").post(f"{case}/sign", json={}).status_code == 204
