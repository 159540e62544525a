"""Numbers of people in the places where they stand: behind labels, in rows, glued and grouped (`layouts.tsv`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import regex

if TYPE_CHECKING:
    from prescan import Scanner

LINES = [
    line.split("\t", 1)
    for line in (Path(__file__).parent / "layouts.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("kind", "line"), LINES)
def test_a_number_is_found_in_its_layout(scanner: Scanner, kind: str, line: str) -> None:
    marked = line.replace("\\t", "\t").replace("\\n", "\n")
    text = regex.sub("[«»]", "", marked)
    found = [text[f.start : f.end] for f in scanner.scan_text(text).findings if f.type == kind]
    assert found == regex.findall("«(.*?)»", marked)


def test_every_kind_has_ten_layouts() -> None:
    held = {kind: sum(other == kind and "«" in line for other, line in LINES) for kind, _ in LINES}
    assert min(held.values()) >= 10
