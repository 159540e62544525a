"""Names that are words (高峰, 成功, 方向): `names/places.txt` holds places that prove them, and the words as words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from marked_lines import marked, rows

if TYPE_CHECKING:
    from prescan import Scanner

LINES = rows("names/places.txt")


@pytest.mark.parametrize("line", LINES)
def test_a_place_proves_a_name_and_a_word_stays_a_word(scanner: Scanner, line: str) -> None:
    text, expected = marked(line)
    findings = scanner.scan_text(text).findings
    assert [(f.start, f.end) for f in findings if f.type == "person_name"] == expected


def test_there_are_as_many_words_as_names() -> None:
    assert sum("«" in line for line in LINES) >= 120
    assert sum("«" not in line for line in LINES) >= 110
