"""What `docs/writings.md` says is followed is found with its ends, and what it says is not is not reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from prescan import Scanner

PAGE = Path(__file__).parents[2] / "docs" / "writings.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| 写法", "| ---"))
]


@pytest.mark.parametrize(("example", "answer"), [row[1:3] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_page_agrees_with_the_scanner(scanner: Scanner, example: str, answer: str) -> None:
    text = example.replace("↵", "\n").replace("⇥", "\t")
    value = text.partition("：")[2]
    found = [text[f.start : f.end] for f in scanner.scan_text(text).findings if f.category == "personal"]
    assert found == ([value] if answer == "跟" else [])


def test_the_page_has_both() -> None:
    assert {row[2] for row in ROWS} == {"跟", "不跟"}
    assert all(len(row) == 4 and (row[3] or row[2] == "跟") for row in ROWS)
