"""Names in lines that are alike, behind labels with unusual marks, in Latin letters: `names/slots.txt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from marked_lines import marked, rows

from prescan.detect.name.slots import columns
from prescan.quality.names import cue_table, page_of

if TYPE_CHECKING:
    from prescan import Scanner


@pytest.mark.parametrize("line", rows("names/slots.txt"))
def test_a_slot_proves_a_name_and_a_word_stays_a_word(scanner: Scanner, line: str) -> None:
    text, expected = marked(line)
    findings = scanner.scan_text(text).findings
    assert [(f.start, f.end) for f in findings if f.type == "person_name"] == expected


@pytest.mark.parametrize("gap", ["\t", " | ", "｜", " / ", " → ", "⇒", "▏", "   ", "\u3000\u3000"])
def test_pieces_of_lines_are_found_whatever_separates_them(gap: str) -> None:
    text = "\n".join(gap.join(row) for row in (["谁", "电话"], ["甲乙", "0571"], ["丙丁", "0572"]))
    found = columns(page_of(text, cue_table()))
    assert [(column.header, [piece.name for piece in column.pieces]) for column in found if column.header == "谁"] == [
        ("谁", ["甲乙", "丙丁"])
    ]


def test_numbers_of_files_do_not_separate_pieces() -> None:
    text = "柳环罚〔2025〕5号 | 甲乙 | 已缴\n柳环罚〔2025〕6号 | 丙丁 | 未缴"
    found = columns(page_of(text, cue_table()))
    assert [[piece.name for piece in column.pieces] for column in found] == [["甲乙", "丙丁"], ["已缴", "未缴"]]


def test_a_text_without_rows_has_no_columns() -> None:
    assert columns(page_of("第一条 为了规范管理，制定本办法。\n第二条 本办法自公布之日起施行。", cue_table())) == []
