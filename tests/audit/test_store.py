"""What a worker tells of a document is kept under the names it was told by, and comes back as it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits import brief

from prescan.audit.store import add_content, brief_of_content
from prescan.types import FindingRow

if TYPE_CHECKING:
    from audits import Filled

_ROW = FindingRow(
    fingerprint="0a" * 32,
    rule="T-001",
    type="health",
    category="sensitive_personal",
    level="review",
    confidence="likely",
    masked="高**",
    excerpt="患有高**多年",
    place="第 3 段",
    part="table",
    evidence=["同一句写有姓名"],
    value=None,
    person="0b" * 16,
)
_SUGGESTION = {
    "attribute": "withheld",
    "share": 0.75,
    "abstained": 1,
    "declared": None,
    "conflict": 0,
    "handling": "partial",
    "catalogue": "条例 第二十条",
    "basis": ["条例 第十五条"],
}


def test_a_brief_comes_back_as_it_was_told(filled: Filled) -> None:
    said = {
        **brief(("aa", "resident_id", "block"), title="名单", doc_number="青政发〔2026〕1号", values={"aa": "0c" * 16}),
        "suggestion": _SUGGESTION,
        "unread": [["empty", "空的", "a.zip/b.txt"]],
        "dates": {"produced": "2026-03-01"},
        "page": {"channel": "公示公告"},
        "masks": [["0d" * 16, "resident_id", "1100", ["x", "y"], "11**"]],
    }
    said["findings"].append(list(_ROW))
    said["rules"]["T-001"] = ["疑似病情", ["民法典 第一千零三十四条"], "删除"]
    number = add_content(filled.store, b"key", said, 1, None)
    assert brief_of_content(filled.store, number) == said
    again = add_content(filled.store, b"key", said, 2, number)
    assert (again, brief_of_content(filled.store, again)) == (number, said)


def test_each_field_of_a_finding_is_in_the_column_of_its_name(filled: Filled) -> None:
    number = add_content(filled.store, b"key", {**brief(("aa", "resident_id", "block")), "findings": [_ROW]}, 1, None)
    (kept,) = filled.store.rows("SELECT * FROM findings WHERE content = ?", (number,))
    assert kept.keys() == ["content", "n", "mark", *FindingRow._fields[1:]]
    columns = {**_ROW._asdict(), "mark": bytes.fromhex(_ROW.fingerprint), "person": bytes.fromhex(_ROW.person or "")}
    del columns["fingerprint"]
    assert dict(kept) == {"content": number, "n": 0, **columns, "evidence": '["同一句写有姓名"]'}
    assert repr(_ROW) == "FindingRow(T-001, review, 第 3 段)"
