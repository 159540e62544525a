"""The role decides: `roles.tsv` holds a sentence for every role, with the names of private people or of public ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import regex

if TYPE_CHECKING:
    from prescan import Scanner

ROWS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "roles.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("whose", "sentence"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_role_decides_whose_name_it_is(scanner: Scanner, whose: str, sentence: str) -> None:
    marked = sentence.replace("\\n", "\n")
    text = regex.sub("[«»]", "", marked)
    found = [text[f.start : f.end] for f in scanner.scan_text(text).findings if f.type == "person_name"]
    assert found == (regex.findall("«(.*?)»", marked) if whose == "private" else [])


def test_there_are_roles_of_both_kinds() -> None:
    assert {whose for _, whose, _ in ROWS} == {"private", "public"}
    assert min(sum(row[1] == whose for row in ROWS) for whose in ("private", "public")) >= 30
    assert len({row[0] for row in ROWS}) == len(ROWS) >= 60
