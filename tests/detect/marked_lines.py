"""Lines of text in which «» stands around what must be found, with values in place of {ID} and its like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from prescan import Scanner

FOLDER = Path(__file__).parent
VALUES = {
    "{ID}": "110101190203140028",
    "{ID2}": "110101190203140036",
    "{M}": "13800138000",
    "{MASK}": "1101011902********",
}


def rows(path: str) -> list[str]:
    """Return the lines of a file beside this one, values in place; those that are known to fail are left out."""
    held = []
    for line in (FOLDER / path).read_text(encoding="utf-8").splitlines():
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


def spans(scanner: Scanner, text: str, kind: str) -> list[tuple[int, int]]:
    """Return the spans of the findings of a type in a text, in order."""
    return sorted((f.start, f.end) for f in scanner.scan_text(text).findings if f.type == kind)
