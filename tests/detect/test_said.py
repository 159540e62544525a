"""Sensitive words, line by line: `said/<type>.txt` holds words said of a person («…») and what is said of nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import regex

from prescan.resources import finding_types

if TYPE_CHECKING:
    from prescan import Scanner

FOLDER = Path(__file__).parent / "said"
KINDS = sorted(path.stem for path in FOLDER.glob("*.txt"))


def lines(kind: str) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the texts of a type with the spans that must be found."""
    held = []
    for line in (FOLDER / f"{kind}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "--")):
            marked = line.replace("\\t", "\t").replace("\\n", "\n")
            opens = [match.start() - 2 * number for number, match in enumerate(regex.finditer("«", marked))]
            closes = [match.start() - 2 * number - 1 for number, match in enumerate(regex.finditer("»", marked))]
            held.append((regex.sub("[«»]", "", marked), list(zip(opens, closes, strict=True))))
    return held


def covers(found: tuple[int | None, int | None], words: tuple[int, int]) -> bool:
    """Return whether a finding holds the words that tell it; it may take in the statement they stand in."""
    start, end = found
    return start is not None and end is not None and start <= words[0] and words[1] <= end


@pytest.mark.parametrize("kind", KINDS)
def test_statements_about_a_person_are_found_and_others_are_not(scanner: Scanner, kind: str) -> None:
    wrong = []
    for text, expected in lines(kind):
        found = [(f.start, f.end) for f in scanner.scan_text(text).findings if f.type == kind]
        if len(found) != len(expected) or not all(map(covers, found, expected)):
            wrong.append((text, [text[start:end] for start, end in found if start is not None]))
    assert not wrong


def test_every_sensitive_type_has_its_lines() -> None:
    """Every one has."""
    sensitive = {name for name, row in finding_types().items() if row.category == "sensitive_personal"}
    assert set(KINDS) == sensitive
