"""Numbers where they stand: behind labels, in rows, glued, grouped, told by a setting (`laid_out.txt`)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from marked_lines import marked, rows

if TYPE_CHECKING:
    from prescan import Scanner


def of_kinds() -> list[tuple[str, str]]:
    """Return the lines of the file with the type of their section."""
    held, kind = [], ""
    for line in rows("laid_out.txt"):
        if line.startswith("="):
            kind = line[1:]
        else:
            held.append((kind, line))
    return held


@pytest.mark.parametrize(("kind", "line"), of_kinds())
def test_a_number_is_found_in_every_layout(scanner: Scanner, kind: str, line: str) -> None:
    text, expected = marked(line)
    assert [(f.start, f.end) for f in scanner.scan_text(text).findings if f.type == kind] == expected


def test_usual_kinds_have_ten_layouts_and_a_counterexample() -> None:
    lines = Counter((kind, "«" in line) for kind, line in of_kinds())
    for kind in "exam_no device_id bank_account practitioner_certificate social_security_no provident_fund_no".split():
        assert lines[kind, True] >= 10
        assert lines[kind, False] >= 1
