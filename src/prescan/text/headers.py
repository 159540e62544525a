"""Finds the header rows of a table."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.text.grid import Cell

PERSON_HEADER = regex.compile(r"姓\s*名|户\s*主|申请人|法定代表人|被救助人|受益人|领取人|学生|户代表|承包方代表|持卡人")
#: A cell is a value if it contains _INSIDE or is _WHOLE.
_INSIDE = re.compile(r"\d(?:\d{4}|\d*\.\d{2}|[*＊]{3})")
_FIGURE = re.compile(r"\d")
_WHOLE = re.compile(r"\s*(?:\d{1,4}|\d{2,4}元)\s*")
HEADER_TOKEN = regex.compile(r"[\p{Han}A-Za-z()（）/、.· \u3000]{1,16}")
#: A header and at least two rows of people make a roster.
ROSTER_ROWS: Final = 2
_HEADER_ROWS_AT_MOST: Final = 6


def is_value(text: str) -> bool:
    """Return whether a cell contains a number, an amount or a serial number.

    >>> is_value("12"), is_value("账号6222020"), is_value("360.00元"), is_value("第3季度")
    (True, True, True, False)
    """
    if not _FIGURE.search(text):  # as most cells
        return False
    return _INSIDE.search(text) is not None or _WHOLE.fullmatch(text) is not None


def header_rows(cells: Sequence[Cell]) -> tuple[int, int]:
    """Return the number of rows above the first row with a value, and the first row of headers.

    Headers do not begin in row 0 if that is a line about the whole table (村名：…  制单流水 2020…).
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
    """Return the same for a table with a value in its first row: the second row is the headers, if it is wider."""
    top = cells[0].row
    first_width = len(list(itertools.takewhile(lambda cell: cell.row == top, cells)))
    if first_width == len(cells):
        return top, 0
    second = cells[first_width].row
    second_row = list(itertools.takewhile(lambda cell: cell.row == second, itertools.islice(cells, first_width, None)))
    has_names = any(PERSON_HEADER.fullmatch("".join(cell.text.split())) for cell in second_row)
    is_header = has_names and all(HEADER_TOKEN.fullmatch(cell.text.strip()) for cell in second_row)
    return (second + 1, second) if is_header and first_width < len(second_row) < len(cells) - first_width else (top, 0)
