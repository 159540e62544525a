"""Homes in the columns of tables: those whose header means home, and those of people in which most cells read as homes.

Such a cell is a home from beginning to end, also where only the column tells it: 三合镇祁新庄村, 护士宿舍南楼205.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.address.office import OFFICE
from prescan.detect.address.parts import BELOW_A_VILLAGE, read_parts
from prescan.detect.address.said import NO_PLACE, on, value_end, whole
from prescan.detect.address.signs import LABEL_NOT, of_things
from prescan.detect.person_shape import people, squeezed
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.reading import Reading
    from prescan.text.tables import Cell, Table

#: A column that tells where somebody lives.
_HOME_HEADER = regex.compile(
    r"(?<!单位|公司|办公|经营|注册|机构)(?:住址|(?:家庭|户籍|居住|户口|房屋|住房|租房)(?:详细|所在)?(?:地址|地|住址|位置)|小区楼栋|楼栋(?:号|房号)|居住小区|(?<!管)村组|家庭所在地|家庭住处|^(?:现|原)?住(?:哪里?|处|所|在哪)$|在哪住|怎么住|家址|^老家$|^家(?:在|住)|寄往|(?:报[事修]|住户|业主|租户|缴费)\p{Han}{0,2}(?:房号|室号|门牌))"
)
#: The same in lists of people.
_HOME_OF_PEOPLE = regex.compile(
    rf"{_HOME_HEADER.pattern}|^(?:详细)?(?:地址|住所|位置)$|^(?:所在)?院号$|(?<!会议室?|教室|病|客)(?:房号|房间号|门牌号?|室号)$|^户籍$|^家$|^(?:所在|所属)?村组$|^宿舍$|^(?:\p{{Han}}{{2}})?住房$|^(?:现居|居住)处?$"
)
#: Building, unit and room; 1-101 is a room of no building in particular.
_DASHED_ROOM = regex.compile(r"[0-9A-Z]{1,3}[-－—–][0-9]{1,2}[-－—–][0-9]{3,4}(?=$|[（(])")
#: What may be a home by its form: words with an ending of a place, not figures alone.
_HOME_SHAPE = regex.compile(r"\p{Han}{2,}[\p{Han}0-9A-Z#]{2,30}")
_SHARE: Final = 0.6
#: A cell that may be a home from beginning to end, but for a remark in brackets.
_WHOLE = regex.compile(
    r"\s*(?P<home>[\p{Han}0-9A-Z#＃](?:[\p{Han}0-9A-Z#＃ \u3000－—–-]{0,50})?[\p{Han}0-9A-Z])\s*(?:$|[（(])"
)
#: The end of a home that is not read part by part: 护士宿舍南楼205, 林场五工区, 场部职工房.
_ENDING = regex.compile(
    r"(?:[0-9]{1,5}|[一二三四五六七八九十甲乙丙丁]{1,3}|[A-Z])(?:[号栋幢座室户组队社弄楼层门排区院巷]|单元|工区|作业区|连队?)[东西南北中左右]?$"
    r"|\p{Han}[0-9]{1,8}(?:[-－—–][0-9]{1,4})*$|[旁后前]边?$|对面$|隔壁$|楼[上下]$|地下室$|[东西南北]头$|宿舍$|家属[院区楼]$|[工院大平楼排套瓦仓]房$"
)
_OFFICE_END = regex.compile(rf"(?:{OFFICE})$")


def column_homes(reading: Reading) -> Iterator[Span]:
    """Yield the homes in columns of homes, as places of the squeeze view."""
    for table in reading.anatomy.tables:
        told = _home_columns(table)
        columns = told or _columns_of_homes(table) or _columns_of_rooms(table)
        if not columns:
            continue
        sure = _columns_under(table, _HOME_HEADER)
        cells = [cell for cell in table.cells if cell.row >= table.header_rows and cell.column in columns]
        below = {cell.column for cell in cells if _is_below(squeezed(cell))}
        for cell in cells:
            if cell.end > cell.start and (
                place := _in_cell(reading, cell, sure=cell.column in sure, alone=cell.column in below)
            ):
                yield place


def _in_cell(reading: Reading, cell: Cell, *, sure: bool, alone: bool) -> Span | None:
    """Return the home in a cell of such a column; a village `alone` is one beside others that are told further."""
    view = reading.squeeze
    begin, limit = view.position(cell.start), view.position(cell.end)
    if room := _DASHED_ROOM.match(cell.text.strip()):
        return Span(begin, view.position(cell.start + cell.text.index(room[0]) + len(room[0])))
    if filled := _WHOLE.match(reading.text, cell.start, cell.end):
        end = view.position(filled.end("home"))
        shown = view.text[begin:end]
        if _may_be(shown) and (_reads_on(shown, alone=alone) or (sure and _ENDING.search(shown))):
            return Span(begin, end)
    end = value_end(view.text, begin, limit, alone=True) or whole(reading, begin, limit)
    return Span(begin, on(reading, end)) if end else None


def _may_be(shown: str) -> bool:
    return not (NO_PLACE.search(shown) or _OFFICE_END.search(shown))


def _reads_on(shown: str, *, alone: bool) -> bool:
    """Return whether all of a cell under such a header is read as a place, and as more than a town."""
    parts, end = read_parts(shown, 0, len(shown), [])
    if end == len(shown) and parts and BELOW_A_VILLAGE.isdisjoint(parts):
        return "village" in parts and (alone or len(parts) > 1)
    return end == len(shown) > 0


def _is_below(shown: str) -> bool:
    """Return whether a cell tells more than a village."""
    return not BELOW_A_VILLAGE.isdisjoint(read_parts(shown, 0, len(shown), [])[0])


def _home_columns(table: Table) -> set[int]:
    """Return the columns whose header means home; in a list of people 地址 suffices."""
    names = _HOME_OF_PEOPLE if table.lists_people or people(table) else _HOME_HEADER
    return _columns_under(table, names)


def _columns_under(table: Table, names: regex.Pattern[str]) -> set[int]:
    return {cell.column for cell in table.top(table.header_rows) if names.search(squeezed(cell))}


def _columns_of_homes(table: Table) -> set[int]:
    """Return the columns of a table of people in which most cells look like homes, whatever their header."""
    if of_things(table) or not people(table):
        return set()
    columns: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.row >= table.header_rows and (shown := squeezed(cell)):
            columns.setdefault(cell.column, []).append(shown)
    heads = {cell.column: squeezed(cell) for cell in table.top(table.header_rows)}
    columns = {column: cells for column, cells in columns.items() if not LABEL_NOT.search(heads.get(column, ""))}
    alike = {column: [shown for shown in cells if _HOME_SHAPE.match(shown)] for column, cells in columns.items()}
    most = {column: max(1, _SHARE * len(cells)) for column, cells in columns.items()}
    likely = [column for column, cells in alike.items() if len(cells) > most[column]]
    return {column for column in likely if sum(map(_reads_as_home, alike[column])) > most[column]}


def _columns_of_rooms(table: Table) -> set[int]:
    """Return the columns of a table of people in which all cells are rooms with building and unit."""
    rooms: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.row >= table.header_rows and _DASHED_ROOM.match(cell.text.strip()):
            rooms.setdefault(cell.column, []).append(cell.text.strip())
    found = {column for column, shown in rooms.items() if len(shown) > 1 and len(set(shown)) == len(shown)}
    return found if found and people(table) else set()


def _reads_as_home(shown: str) -> bool:
    """Return whether a cell consists of parts of a place only, one of them below a village or street."""
    parts, end = read_parts(shown, 0, len(shown), [])
    deep = len(parts) > 1 and {"number", "estate", "corner", "hamlet"}.intersection(parts)
    return bool(deep) and end >= len(shown) - 1
