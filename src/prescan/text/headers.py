"""Which rows of a table are headers."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.text.grid import Cell

PERSON_HEADER = regex.compile(r"姓\s*名|户\s*主|申请人|法定代表人|被救助人|受益人|领取人|学生|户代表|承包方代表|持卡人")
#: A value: what stands in one, or the whole of it.
_INSIDE = re.compile(r"\d(?:\d{4}|\d*\.\d{2}|[*＊]{3})")
_WHOLE = re.compile(r"\s*(?:\d{1,4}|\d{2,4}元)\s*")
HEADER_TOKEN = regex.compile(r"[\p{Han}A-Za-z()（）/、.· \u3000]{1,16}")
#: A header and two people make a list of people.
ROSTER_ROWS: Final = 2
_HEADER_ROWS_AT_MOST: Final = 6


def is_value(text: str) -> bool:
    """Tell whether a cell holds a number, an amount, a serial number.

    >>> is_value("12"), is_value("账号6222020"), is_value("360.00元"), is_value("第3季度")
    (True, True, True, False)
    """
    return _INSIDE.search(text) is not None or _WHOLE.fullmatch(text) is not None


def header_rows(cells: Sequence[Cell]) -> tuple[int, int]:
    """Return how many rows stand above the first row that holds a value (a number, an amount, a serial number).

    And where headers begin: a first line that tells of the whole (村名：…  制单流水 2020…) holds values too.
    """
    rows: list[int] = []
    for cell in cells:
        if not rows or cell.row != rows[-1]:
            rows.append(cell.row)
        if is_value(cell.text):
            return (cell.row, 0) if len(rows) > 1 else _below_first(cells)
        if len(rows) > _HEADER_ROWS_AT_MOST + 1:
            break
    return (rows[1] if len(rows) > 1 else 0), 0


def _below_first(cells: Sequence[Cell]) -> tuple[int, int]:
    """Return the same for a table whose first row holds a value: the second is its headers, if it is wider."""
    top = cells[0].row
    above = len(list(itertools.takewhile(lambda cell: cell.row == top, cells)))
    if above == len(cells):
        return top, 0
    second = cells[above].row
    row = list(itertools.takewhile(lambda cell: cell.row == second, itertools.islice(cells, above, None)))
    named = any(PERSON_HEADER.fullmatch("".join(cell.text.split())) for cell in row)
    heads = named and all(HEADER_TOKEN.fullmatch(cell.text.strip()) for cell in row)
    return (second + 1, second) if heads and above < len(row) < len(cells) - above else (top, 0)
