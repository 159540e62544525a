"""Numbers that a setting tells: `numbers/rarer.txt`, sections of a type (=type)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from marked_lines import marked, rows

if TYPE_CHECKING:
    from prescan import Scanner


def of_kinds() -> list[tuple[str, str]]:
    """Return the lines of the file with the type of their section."""
    held, kind = [], ""
    for line in rows("numbers/rarer.txt"):
        if line.startswith("="):
            kind = line[1:]
        else:
            held.append((kind, line))
    return held


@pytest.mark.parametrize(("kind", "line"), of_kinds())
def test_a_setting_tells_a_number(scanner: Scanner, kind: str, line: str) -> None:
    text, expected = marked(line)
    assert [(f.start, f.end) for f in scanner.scan_text(text).findings if f.type == kind] == expected
