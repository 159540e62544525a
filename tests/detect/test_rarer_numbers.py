"""Numbers that a setting tells: `numbers/rarer.txt`, sections of a type (=type), lines as in `test_name_places`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.detect.test_name_places import VALUES, marked

if TYPE_CHECKING:
    from prescan import Scanner


def rows() -> list[tuple[str, str]]:
    """Return the lines of the file with the type of their section."""
    held, kind = [], ""
    for line in (Path(__file__).parent / "numbers" / "rarer.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            kind = line[1:]
        elif line and not line.startswith("#"):
            for mark, value in {**VALUES, "\\t": "\t", "\\n": "\n"}.items():
                line = line.replace(mark, value)  # noqa: PLW2901
            held.append((kind, line))
    return held


@pytest.mark.parametrize(("kind", "line"), rows())
def test_a_setting_tells_a_number(scanner: Scanner, kind: str, line: str) -> None:
    text, expected = marked(line)
    assert [(f.start, f.end) for f in scanner.scan_text(text).findings if f.type == kind] == expected
