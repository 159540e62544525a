"""Names that are words (高峰, 成功, 方向): `names/places.txt` holds places that prove them, and the words as words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import regex

if TYPE_CHECKING:
    from prescan import Scanner

FOLDER = Path(__file__).parent / "names"
VALUES = {
    "{ID}": "110101190203140028",
    "{ID2}": "110101190203140036",
    "{M}": "13800138000",
    "{MASK}": "1101011902********",
}


def rows(name: str) -> list[str]:
    """Return the lines of a file with their values in place; lines that are known to fail are left out."""
    held = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "?")):
            for mark, value in {**VALUES, "\\t": "\t", "\\n": "\n"}.items():
                line = line.replace(mark, value)  # noqa: PLW2901
            held.append(line)
    return held


def marked(line: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without the marks «», and the spans between them."""
    opens = [match.start() - 2 * number for number, match in enumerate(regex.finditer("«", line))]
    closes = [match.start() - 2 * number - 1 for number, match in enumerate(regex.finditer("»", line))]
    return regex.sub("[«»]", "", line), list(zip(opens, closes, strict=True))


@pytest.mark.parametrize("line", rows("places.txt"))
def test_a_place_proves_a_name_and_a_word_stays_a_word(scanner: Scanner, line: str) -> None:
    text, expected = marked(line)
    findings = scanner.scan_text(text).findings
    assert [(f.start, f.end) for f in findings if f.type == "person_name"] == expected


def test_there_are_as_many_words_as_names() -> None:
    lines = rows("places.txt")
    assert sum("«" in line for line in lines) >= 120
    assert sum("«" not in line for line in lines) >= 110
