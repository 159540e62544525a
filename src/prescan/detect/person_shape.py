"""What is written like a private person, without a model: a name by its surname, a row of a table with one in it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.resources import data_rows

if TYPE_CHECKING:
    from prescan.text.tables import Cell, Table

_SURNAMES: Final = 420


@functools.cache
def person() -> regex.Pattern[str]:
    """Return the pattern of what is written like a private person's name where a clause begins or ends with it."""
    rows = [row[0] for row in data_rows("surnames.tsv")]
    single = "".join(name for name in rows if len(name) == 1)[:_SURNAMES]
    double = "|".join(name for name in rows if len(name) == 2)  # noqa: PLR2004
    return regex.compile(rf"(?:{double}|[{single}])(?:某某?|[老小大]?\p{{Han}}{{1,2}})")


_NUMBERED = regex.compile(r"\d{17}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)|身份证|[男女]$")
_NAME_AT_MOST: Final = 4
_CELL_AT_MOST: Final = 24
_SHARE: Final = 0.5


def people(table: Table) -> bool:
    """Tell whether most rows of a table have a cell that is written like a person's name, or an ID or mobile number."""
    said = table.cache.get("people")
    if said is None:
        said = table.cache["people"] = _people(table)
    return said


def _people(table: Table) -> bool:
    rows: dict[int, bool] = {}
    for cell in table.cells:
        rows[cell.row] = rows.get(cell.row, False) or _is_person(cell)
    held = [said for row, said in rows.items() if row >= table.header_rows]
    return bool(held) and sum(held) / len(held) > _SHARE


def _is_person(cell: Cell) -> bool:
    shown = squeezed(cell)
    if len(shown) <= _NAME_AT_MOST:
        return person().fullmatch(shown) is not None
    return len(shown) < _CELL_AT_MOST and _NUMBERED.search(shown) is not None


def squeezed(cell: Cell) -> str:
    """Return the text of a cell without its white space."""
    return "".join(cell.text.split())
