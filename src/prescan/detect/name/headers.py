"""Columns of people in office beside columns of the people a table is about: 帮扶责任人, 网格员, 班主任, 审核人."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.columns import NAMED
from prescan.detect.name.cues import PRIVATE, TITLE
from prescan.detect.person_shape import squeezed
from prescan.resources import data_rows

if TYPE_CHECKING:
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Span
    from prescan.text.tables import Cell, Table

#: What may follow the word for an office in a header.
_BEHIND = regex.compile(
    r"(?:姓名|名单|签名|签字|签章|盖章)?(?:[及和、/／]?(?:其?(?:联系)?电话|手机号?码?|联系方式|单位|职务))?(?:[（(][^（）()]*[）)])?[：:]?"
)
#: Whoever is to become one, or was one, is not in office.
_NOT_YET = regex.compile(
    r"拟|应聘|报考|报名|招聘|聘用|退休|离休|离岗|原|前|候选|困难|生病|患病|受助|申请|家庭|安置|在读"
)
_POSTS = regex.compile(r"(?:现任|行政|党内|单位及|所任)?职务(?:职级)?|现任")
_PAPERS = regex.compile(r"身份证|证件|证号|卡号|[账帐]号|社保|户口|出生")
#: A column beside one of people that tells something about them.
_TELLS = regex.compile(r"电话|手机|号码?|单位|职务|地址|住址|日期|时间|类别|情况|等级")
_LONGEST: Final = 8


@functools.cache
def _offices() -> frozenset[str]:
    return frozenset(row[0] for row in data_rows("office_headers.tsv"))


@functools.lru_cache(maxsize=1 << 12)
def is_of_office(header: str) -> bool:
    """Return whether a header without spaces ends with a word for people in office, as the table of headers has it."""
    if _NOT_YET.match(header):
        return False
    for end in range(len(header), 1, -1):
        if _BEHIND.fullmatch(header, end) and any(
            header[start:end] in _offices() for start in range(max(0, end - _LONGEST), end - 1)
        ):
            return True
    return False


def in_office_column(page: NamePage, span: Span) -> bool:
    """Return whether a name is in a column of people in office.

    Where the table is about them (their ID numbers, no other column of people), this tells nothing.
    """
    place = page.cell(span)
    if not place:
        return False
    table, cell = place
    header = header_of(table, cell)
    return is_of_office(header) and (beside_people(page, table, cell) or not _has_papers(table))


def holds_post(page: NamePage, span: Span) -> bool:
    """Return whether the row of a name has an office in a column of offices: 职务 | 局长."""
    place = page.cell(span)
    if not place:
        return False
    table, cell = place
    columns = {other.column for other in table.top(max(1, table.header_rows)) if _POSTS.fullmatch(squeezed(other))}
    return bool(columns) and any(
        other.column in columns and page.cue_of(other.text) == TITLE and not _NOT_YET.match(other.text.strip())
        for other in table.cells_in(*table.row_of(cell))
    )


def of_column(page: NamePage, span: Span) -> list[str]:
    """Return features of a name's column: of office, one of several columns of people, with the same name again."""
    place = page.cell(span)
    if not place:
        return []
    header = header_of(*place)
    kind = "office" if is_of_office(header) else page.cue_of(header)
    people = "people" if beside_people(page, *place) else ""
    return [f"col{kind}-{people}", f"col{kind}-{comes_below(page, span)}"]


def header_of(table: Table, cell: Cell) -> str:
    """Return the header of a cell without spaces; of two rows of headers the lower one if both are filled."""
    parts = table.header_of(cell).split()
    whole = "".join(parts)
    if len(parts) > 1 and not is_of_office(whole) and is_of_office(parts[-1]):
        return parts[-1]
    return whole


def beside_people(page: NamePage, table: Table, cell: Cell) -> bool:
    """Return whether another column of the table has names of the people that it is about, or one to the left any."""
    for other in table.top(max(1, table.header_rows)):
        text = squeezed(other)
        if (
            other.column != cell.column
            and (NAMED.search(text) or page.cue_of(text) == PRIVATE)
            and not is_of_office(text)
        ):
            return True
        if other.column < cell.column and (is_of_office(text) or page.cue_of(text)) and not _TELLS.search(text):
            return True
    return False


def comes_below(page: NamePage, span: Span) -> str:
    """Return "rep" if the same text is in the same column of another row, as of those in charge of several; or ""."""
    place = page.cell(span)
    if not place:
        return ""
    table, cell = place
    text = squeezed(cell)
    for start in page.starts(span.name):
        if start != span.start and (other := page.cell(span._replace(start=start, end=start + len(span.name)))):
            same = other[0] is table and other[1].column == cell.column and other[1].row != cell.row
            if same and squeezed(other[1]) == text:
                return "rep"
    return ""


def _has_papers(table: Table) -> bool:
    return any(_PAPERS.search(squeezed(other)) for other in table.top(max(1, table.header_rows)))
