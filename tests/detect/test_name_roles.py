"""Whose names are reported: the roles of `names/roles.tsv`, each with a sentence; private ones are, public ones not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from marked_lines import marked, rows

if TYPE_CHECKING:
    from prescan import Scanner

ROLES = [tuple(line.split("\t", 2)) for line in rows("names/roles.tsv")]


@pytest.mark.parametrize(("role", "side", "line"), ROLES)
def test_the_role_decides(scanner: Scanner, role: str, side: str, line: str) -> None:
    text, named = marked(line)
    found = [(f.start, f.end) for f in scanner.scan_text(text).findings if f.type == "person_name"]
    assert found == (named if side == "私" else []), role


def test_the_matrix_is_whole() -> None:
    assert {side for _, side, _ in ROLES} == {"私", "公"}
    assert len({role for role, _, _ in ROLES}) >= 120
    assert all("«" in line for *_, line in ROLES)
