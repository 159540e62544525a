"""Recognises names by their surnames and tables that list people, without a model."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.resources import data_rows

if TYPE_CHECKING:
    from prescan.text.tables import Cell, Table

#: How many single-character surnames of the table count; the rest are rare and common words begin with them.
_SURNAMES: Final = 420


@functools.cache
def person() -> regex.Pattern[str]:
    """Return the pattern of a person's name: a common surname and one or two characters, or 某.

    It matches many other words too; use it only where a clause begins or ends with the name.
    """
    rows = [row[0] for row in data_rows("surnames.tsv")]
    single = "".join(name for name in rows if len(name) == 1)[:_SURNAMES]
    double = "|".join(name for name in rows if len(name) == 2)  # noqa: PLR2004
    return regex.compile(rf"(?:{double}|[{single}])(?:某某?|[老小大]?\p{{Han}}{{1,2}})")


_NUMBERED = regex.compile(r"\d{17}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)|身份证|[男女]$")
_NAME_AT_MOST: Final = 4
_CELL_AT_MOST: Final = 24
#: A table lists people if more than this share of its rows have a person.
_SHARE: Final = 0.5


def people(table: Table) -> bool:
    """Return whether most rows of a table have a cell with what looks like a name, an ID number or a mobile number."""
    known = table.cache.get("people")
    if known is None:
        known = table.cache["people"] = _people(table)
    return known


def _people(table: Table) -> bool:
    has_person: dict[int, bool] = {}
    for cell in table.cells:
        has_person[cell.row] = has_person.get(cell.row, False) or _is_person(cell)
    rows = [found for row, found in has_person.items() if row >= table.header_rows]
    return bool(rows) and sum(rows) / len(rows) > _SHARE


def _is_person(cell: Cell) -> bool:
    shown = squeezed(cell)
    if len(shown) <= _NAME_AT_MOST:
        return person().fullmatch(shown) is not None
    return len(shown) < _CELL_AT_MOST and _NUMBERED.search(shown) is not None


def squeezed(cell: Cell) -> str:
    """Return the text of a cell without its white space."""
    return "".join(cell.text.split())
