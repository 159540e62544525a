"""Names in tables: a column headed 姓名 holds names whatever their characters; one of countries or villages none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name_page import NamePage
    from prescan.detect.name_spans import Span
    from prescan.text.tables import Cell, Table

#: Whose column it is: of a person, whoever that may be, or of one that may be an organ as well.
_OF_NAMES = regex.compile(
    r"(?:姓名|户主|户名|户代表|申请[人者户]|[继承放弃]{2,6}[人者]|[权产]利?权?人|共有人|监护人|家长|车主|房主|业主|失主|被?[征收拆迁搬安置]{2}[人户]"
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
    r"\s*(?P<name>\p{Han}{2,4})(?:\s*[、/，,和与]\s*(?P<name>\p{Han}{2,4}))*\s*(?:[（(][^（）()]{0,24}[）)])?\s*"
)
_HEIR = regex.compile(r"由(?:其?[妻夫父母子女孙兄弟姐妹]|长子|长女|次子|次女)(?P<name>\p{Han}{2,3})(?=[继代领承])")
_GLUED = regex.compile(r"\s*(?P<label>监护人|户主|申请人|权利人|代领人|领取人|家长|车主)(?P<name>\p{Han}{2,3})\s*")


def named_cells(page: NamePage) -> Iterator[tuple[int, int]]:
    """Yield what stands in columns of names, and in cells beside such a label."""
    place = page.reading.fold.position
    for table in page.reading.anatomy.tables:
        for cell in table.cells:
            if match := _names_in(table, cell):
                for start, end in match:
                    yield place(cell.start + start), place(cell.start + end)


def _names_in(table: Table, cell: Cell) -> list[tuple[int, int]]:
    if glued := _GLUED.fullmatch(cell.text):
        return [glued.span("name")]
    if cell.row < table.header_rows:
        return []
    held = _HELD.fullmatch(cell.text)
    if not held or not (_column(table, cell) or _beside(table, cell)):
        return []
    found = held.spans("name")
    return [*found, *(heir.span("name") for heir in _HEIR.finditer(cell.text))]


def _column(table: Table, cell: Cell) -> bool:
    return any(
        _OF_NAMES.fullmatch(part)
        for part in ["".join(table.header_of(cell).split()), *table.header_of(cell).split()[-1:]]
    )


def _beside(table: Table, cell: Cell) -> bool:
    return _FORM.fullmatch("".join(table.label_of(cell).split())) is not None


def is_of_places(page: NamePage, span: Span) -> bool:
    """Tell whether a span stands in a column of countries, peoples or villages: 俄罗斯, 苏家 name nobody there."""
    place = page.cell(span)
    return place is not None and _COUNTRY.search("".join(place[0].header_of(place[1]).split())) is not None
