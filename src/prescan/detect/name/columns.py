"""Names in tables: a column under 姓名 has names, whatever their characters; one of countries or villages has none."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.resources import data_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Span
    from prescan.text.tables import Cell, Table

#: Headers of columns of people, and of columns of people or organs.
_OF_NAMES = regex.compile(
    r"(?:拟?(?:招[用聘录]|录用|聘用|安置|见习|实习|就业|务工|受训|参训|培训|体检|矫正|戒毒|慰问|救助|保障|补助|资助|优抚|供养|监护|评估|转移|搬迁)(?:人员|对象)"
    r"|姓名|户主|户名|户代表|申请[人者户]|[继承放弃]{2,6}[人者]|[权产]利?权?人|共有人|监护人|家长|车主|房主|业主|失主|被?[征收拆迁搬安置]{2}[人户]"
    r"|患者|病人|缴存人|持证人|参保人|受助人|领[取款]人|持卡人|被救助人|当事人|被处罚人|承租人|受益人|借款人|被继承人|学生|考生|新生儿?|老人|儿童"
    r"|[父母]亲|配偶|子女|姓名[和及、/]\S{0,6})(?:姓名|名字|签[字名])?(?:[（(][^（）()]*[）)])?"
)
_FORM = regex.compile(
    r"(?:本人)?姓名|曾用名|户主|申请[人者]|户名|[父母]亲|配偶|监护人(?:姓名)?|家长(?:姓名)?|权利人|被?[征收拆迁搬安置]{2}[人户]|学生(?:姓名)?"
)
_COUNTRY = regex.compile(
    r"国籍|国别|籍贯|地区|民族|来源国|^(?!.*(?:姓名|[主人者]))\p{Han}{0,4}[村湾寨屯组镇乡区]名?[称别]?$"
)
#: 甲、乙（共有）, 甲（已故，由女乙继承）
_HELD = regex.compile(
    r"\s*(?P<name>\p{Han}{2,7})(?:\s*[、/，,和与]\s*(?P<name>\p{Han}{2,4}))*\s*(?:[（(][^（）()]{0,24}[）)])?\s*"
)
_PLACES: Final = frozenset("区县市镇乡")
_VILLAGE = regex.compile(r"村(?:[一二三四五六七八九十\d]|[东西南北][头组队湾]|委会|村民小组|党支部)")
#: 王集、刘集、蔡集三村
_ROW_OF_VILLAGES = regex.compile(
    r"(?:、\p{Han}{2,3}){0,6}[两二三四五六七八九十](?:村|镇|乡|社区|街道|寨|屯)(?![民长支委主])"
)
_HEIR = regex.compile(r"由(?:其?[妻夫父母子女孙兄弟姐妹]|长子|长女|次子|次女)(?P<name>\p{Han}{2,3})(?=[继代领承])")
_LABELS: Final = "监护人|户主|申请人|权利人|代领人|领取人|家长|车主"
_GLUED = regex.compile(rf"\s*(?:{_LABELS})(?P<name>\p{{Han}}{{2,3}})\s*")
_LABEL_WORDS: Final = tuple(_LABELS.split("|"))
#: What is in the header of a column of names, at any place, and what fills such a cell.
NAMED = regex.compile(
    r"(?:见习|实习|招[用聘录]|录用|聘用|安置|受训|参训|矫正|戒毒)人员|姓\s*名|户\s*主|申\s*请\s*人|领取人|持卡人|被救助人|对\s*象|学生|户\s*名"
)
_ALONE = regex.compile(r"\s*(?P<name>\p{Han}{2,4})\s*")


def named_cells(page: NamePage) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of the texts in columns of names and in cells beside such a label."""
    place = page.reading.fold.position
    for table in page.reading.anatomy.tables:
        columns = _Columns(table, _heads_names)
        for cell in table.cells:
            for start, end in _names_in(columns, cell):
                yield place(cell.start + start), place(cell.start + end)


class _Columns:
    """The columns of a table whose header passes a test; the result of the test is cached for each column."""

    def __init__(self, table: Table, test: Callable[[str], bool]) -> None:
        self.table = table
        self._test = test
        self._known: dict[int, bool] = {}

    def hold(self, cell: Cell) -> bool:
        """Return whether a cell is below the headers in such a column."""
        if cell.row < self.table.header_rows:
            return False
        known = self._known.get(cell.column)
        if known is None:
            known = self._known[cell.column] = self._test(self.table.header_of(cell))
        return known


def _names_in(columns: _Columns, cell: Cell) -> list[tuple[int, int]]:
    text, table = cell.text, columns.table
    if text.lstrip().startswith(_LABEL_WORDS) and (glued := _GLUED.fullmatch(text)):
        return [glued.span("name")]
    if cell.row < table.header_rows:
        return []
    held = _HELD.fullmatch(text)
    if not held or not (columns.hold(cell) or _beside(table, cell)):
        return []
    return [*held.spans("name"), *(heir.span("name") for heir in _HEIR.finditer(text))]


def _heads_names(header: str) -> bool:
    parts = header.split()
    return any(_OF_NAMES.fullmatch(part) for part in ["".join(parts), *parts[-1:]])


def _says_name(shown: str) -> bool:
    return NAMED.search(shown) is not None


def _tables_of_names(page: NamePage) -> Iterator[_Columns]:
    """Yield the columns of names of the tables that mention names."""
    for table in page.reading.anatomy.tables:
        # of two rows of headers, each may have one half of it
        if table.header_rows > 1 or NAMED.search(page.reading.text, table.start, table.end):
            yield _Columns(table, _says_name)


def built_cells(page: NamePage) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of texts that are alone in a cell under a header, or beside a label, of people."""
    place = page.reading.fold.position
    for columns in _tables_of_names(page):
        for cell in columns.table.cells:
            held = _ALONE.fullmatch(cell.text) if cell.row >= columns.table.header_rows else None
            if held and (columns.hold(cell) or _says_name(columns.table.label_of(cell))):
                yield place(cell.start + held.start("name")), place(cell.start + held.end("name"))


def cells_of_names(page: NamePage) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of such cells, without white space."""
    place = page.reading.fold.position
    for columns in _tables_of_names(page):
        for cell in filter(columns.hold, columns.table.cells):
            text = cell.text.strip()
            start = place(cell.start + cell.text.find(text))
            if text and page.text.startswith(text, start):
                yield start, start + len(text)


def _beside(table: Table, cell: Cell) -> bool:
    return _FORM.fullmatch("".join(table.label_of(cell).split())) is not None


@functools.cache
def _cities() -> frozenset[str]:
    """Return the cities of three characters (秦皇岛): unlike 宁远 they name nobody."""
    cities = (name for code, name, *_ in data_rows("divisions.tsv") if len(code) == 4 and name[-1] == "市")  # noqa: PLR2004
    return frozenset(name[:-1] for name in cities if len(name) == 4)  # noqa: PLR2004


def is_of_places(page: NamePage, span: Span) -> bool:
    """Return whether a span is in a column of places or peoples, or a place of the document, and so not a name.

    In a column of countries, peoples or villages 俄罗斯 and 苏家 are not names; nor is the beginning of 双鸭岭区.
    """
    place = page.cell(span)
    if place is not None and _COUNTRY.search("".join(place[0].header_of(place[1]).split())):
        return True
    if _ROW_OF_VILLAGES.match(page.text, span.end) or span.name in _cities():
        return True
    size = len(span.name)
    return span.end - span.start == size and any(
        page.text[at + size : at + size + 1] in _PLACES or _VILLAGE.match(page.text, at + size)
        for at in page.starts(span.name)
    )
