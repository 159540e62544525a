"""Which rows of a table are headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prescan.text.tables import Cell

PERSON_HEADER = regex.compile(r"姓\s*名|户\s*主|申请人|法定代表人|被救助人|受益人|领取人|学生|户代表|承包方代表|持卡人")
VALUE = regex.compile(r"\d{5}|\d+\.\d{2}|^\s*\d{1,4}\s*$")
HEADER_TOKEN = regex.compile(r"[\p{Han}A-Za-z()（）/、.· \u3000]{1,16}")
#: A header and two people make a list of people.
ROSTER_ROWS: Final = 2
_HEADER_ROWS_AT_MOST: Final = 6


def header_rows(cells: Iterable[Cell]) -> tuple[int, int]:
    """Return how many rows stand above the first row that holds a value (a number, an amount, a serial number).

    And where headers begin: a first line that tells of the whole (村名：…  制单流水 2020…) holds values too.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
        if len(rows) > _HEADER_ROWS_AT_MOST + 1:
            break
    ordered = sorted(rows)
    for place, row in enumerate(ordered):
        if any(VALUE.search(cell.text) for cell in rows[row]):
            below = rows[ordered[place + 1]] if place == 0 and len(ordered) > ROSTER_ROWS else []
            return (ordered[1] + 1, ordered[1]) if _heads_list(below, len(rows[row])) else (row, 0)
    return (ordered[1] if len(ordered) > 1 else 0), 0


def _heads_list(row: Sequence[Cell], above: int) -> bool:
    """Tell whether a row is one of headers of a list of people, wider than the line above it."""
    named = any(PERSON_HEADER.fullmatch("".join(cell.text.split())) for cell in row)
    return named and len(row) > above and all(map(HEADER_TOKEN.fullmatch, (cell.text.strip() for cell in row)))
