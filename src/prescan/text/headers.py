"""Finds the header rows of a table."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.text.grid import Cell

PERSON_HEADER = regex.compile(
    r"姓\s*名|户\s*主|申请人|法定代表人|被救助人|受益人|领取人|学生|户代表|承包方代表|持证人|持卡人"
)
#: Headers that name somebody in another way; the cells below have to look like names too.
PERSON_WORD = regex.compile(
    r"\p{Han}{0,4}?(?:人员|人名|名字|叫什么|叫啥|谁|何人|户长|[业牧渔农租住]户|考生|患者|病人|老人|儿童|孩子|幼儿|[职员]工|工人|民工"
    r"|驾驶人|[车业房]主|[村居农渔牧]民|户名|[收领缴交退付汇取报借]款人|缴存人|参保人|[会队学]员|选手|[死伤]者|家长|监护人|对象|当事人"
    r"|嫌疑人|[被原]告人?|投诉人|举报人|来访人|信访人|[承出]租人|房客|[旅乘顾]客|志愿者|死亡人|亡者|继承人|[来嘉外贵]宾|客人|来客|[中英外]文名|(?:拟?录取?|[获中]奖|报名|参[训加]|缺席|到场)者|姓甚名谁)"
    r"(?:名称|名单|名字)?(?:[（(][^（）()]*[）)])?"
)
_NAME_LIKE = regex.compile(
    r"(?:\p{Han}{2,4}|\p{Han}+(?:[·•]\p{Han}+)+)(?<!公司|[局村镇站厂店组校院厅处科室社委会所部县市区乡])(?:[（(].*)?"
)
#: A cell is a value if it contains _INSIDE or is _WHOLE.
_INSIDE = re.compile(r"\d(?:\d{4}|\d*\.\d{2}|[*＊]{3})")
_FIGURE = re.compile(r"\d")
_WHOLE = re.compile(r"\s*(?:\d{1,4}|\d{2,4}元)\s*")
HEADER_TOKEN = regex.compile(r"[\p{Han}A-Za-z()（）/、.· \u3000㎡%％]{1,16}")
#: A header and at least two rows of people make a roster.
ROSTER_ROWS: Final = 2
_HEADER_ROWS_AT_MOST: Final = 6


def is_name_like(text: str) -> bool:
    """Return whether a cell may be a person's name, going by its form alone.

    >>> is_name_like("尕藏·卓玛草"), is_name_like("旦正太（其叔代管）"), is_name_like("柳树村"), is_name_like("某公司")
    (True, True, False, False)
    """
    return _NAME_LIKE.fullmatch(text.strip()) is not None


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
