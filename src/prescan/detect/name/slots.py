"""Names in lines that are alike: rows of pieces between bars, arrows, brackets or wide gaps, with a table or without.

A piece at one place of all lines is a name if the line of headers says so (患者 → 监护人 → …) or if most pieces at
that place are names. The other way round, a word that looks like a name is none among pieces that are none, nor one
that is repeated from line to line.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.name.spans import Place, Span
from prescan.text.grid import BARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.detect.name.page import NamePage


#: What separates the pieces of a line.
_GAP = regex.compile(
    rf" *[\t{BARS}→⇒;] *| / "
    r"|(?<=[^\d\s])/(?=\D)|(?<=\d)/(?=\p{Han}{2})|(?<=\p{Han})/(?=\d)|[ \u3000\xa0]{2,}"
    r"|[〔【](?!\d{4}[〕】])|(?<![〔【]\d{4})[〕】]"
)
#: Without one of these in a text there are no such lines.
_SIGNS = regex.compile(rf"[\t{BARS}→⇒;〔【/]|[ \u3000\xa0]{{2}}")
_LINES = regex.compile(r"[^\n\r\u2029]+")
#: A piece that may be a name: a number or bullet, two to four characters, maybe a bracket with more.
_PIECE = regex.compile(
    r"(?:[^\p{Han}()（）\n]{0,6}|[甲乙丙丁戊一二三四五六七八九十]{1,3}[ 、.])"
    r"(?P<name>\p{Han}{2,4})(?:[ ]?[(（][^()（）]{1,20}[)）])?"
)
#: Single spaces separate pieces if there are so many in a line.
_SPACE = regex.compile("[ \u3000]")
_SPACES_AT_LEAST: Final = 3
_LEAST: Final = 2
_LONGEST_LINE: Final = 400
#: So many spaces at the beginning of a line leave the first column empty.
_INDENT: Final = 8
_ROWS_AT_MOST: Final = 400
#: Shares of the pieces at one place that are names: most, and few.
_MOST, _FEW = 0.5, 0.4
#: The same word at one place in so many lines is rarely a person.
_REPEATED: Final = 3
_ANY: Final = 3
#: Headers that mean people in words of their own.
_HEADER_AT_MOST: Final = 8
_HEADER = regex.compile(
    r"号|证|电话|手机|联系|岗|类|级|病|址|住|费|款|金|额|补|况|因|由|龄|别|族|日期|时间|关系|账|卡|结果|结论"
)
#: Headers of places, posts and kinds, and the characters that many names of places end with.
_NOT_OF_NAMES = regex.compile(
    r"[村镇乡组寨]$|哪村|住[在处址]|地[址点区]|籍贯|国籍|民族|岗位|工种|职[业务称]|单位|部门|科室|病|诊断|身体|状[况态]|情况|结果|结论|类[别型]|级|面积|房屋|住房"
)
_OF_FIRMS = regex.compile(r"投标|中标|供应商|供货|采购|企业|公司|厂家|商家|品[名种牌]|项目|课程|站点")
#: Labels of forms: these lines are no rows of a table.
_LABEL = regex.compile(
    r"出生|性别|民族|年龄|电话|手机|住[址处所]|地址|证件|身份|学历|单位|籍贯|职[务业]|账号|编号|日期|关系|备注"
)
_PLACE_ENDS: Final = frozenset("村镇乡寨坪湾坝沟岭桥寺庙堡屯庄集墟场店铺")
_WHO = regex.compile(
    r"(?:何|啥|什么)人|谁|姓甚名谁|名(?:字|号|讳)?|人名|芳名|姓\s*名|(?!.*(?:投标|中标|采购|招标|供应|法))\p{Han}{1,5}(?:[人者员主]|对象|学生|家长)"
)


class Piece(NamedTuple):
    """What may be a name at one place of a line."""

    start: int
    end: int
    name: str


class Column(NamedTuple):
    """The pieces at one place of adjoining lines that may be names."""

    header: str
    pieces: list[Piece]
    headed: bool
    """The first line looks like headers, and most lines have as many pieces as it."""

    @property
    def of_places(self) -> bool:
        """Whether the column holds places, posts or kinds, by its header or by how its pieces end."""
        if any(_LABEL.fullmatch(piece.name) for piece in self.pieces):
            return True
        if _NOT_OF_NAMES.search(self.header) and not _WHO.search(self.header):
            return True
        return sum(piece.name[-1] in _PLACE_ENDS for piece in self.pieces) * 3 > len(self.pieces)


def columns(page: NamePage) -> list[Column]:
    """Return the columns of the lines of a text, cached."""
    if page.slots is None:
        page.slots = list(_columns(page.text)) if _SIGNS.search(page.text) else []
    return page.slots


def _columns(text: str) -> Iterator[Column]:
    rows: list[list[Place]] = []
    last = -1
    for line in itertools.chain(_LINES.finditer(text), [None]):
        pieces = _pieces(text, *line.span()) if line and line.end() - line.start() <= _LONGEST_LINE else []
        near = line is not None and text.count("\n", last, line.start()) + text.count("\u2029", last, line.start()) <= 1
        if rows and not (pieces and near and len(rows) < _ROWS_AT_MOST):
            yield from _of_rows(text, rows)
            rows = []
        if pieces:
            rows.append(pieces)
        last = line.end() if line else last


def _pieces(text: str, start: int, end: int) -> list[Place]:
    """Return the places of the pieces of a line, or nothing if it has only one."""
    at = start
    while at < end and text[at] in " \u3000\xa0":
        at += 1
    gaps = [gap.span() for gap in _GAP.finditer(text, at, end)]
    if not gaps:
        gaps = [gap.span() for gap in _SPACE.finditer(text, at, end)]
        if len(gaps) < _SPACES_AT_LEAST:
            return []
    found = [(start, start)] if at - start >= _INDENT else []
    for low, high in gaps:
        found.append((at, low))
        at = high
    return [*found, (at, end)]


def _of_rows(text: str, rows: Sequence[Sequence[Place]]) -> Iterator[Column]:
    if len(rows) < _LEAST:
        return
    even = sum(len(row) == len(rows[0]) for row in rows) * 2 > len(rows)
    for index in range(max(map(len, rows))):
        held = [row[index] for row in rows if index < len(row)]
        matches = [_PIECE.fullmatch(text, *place) for place in held]
        pieces = [Piece(*match.span("name"), match["name"]) for match in matches if match]
        if len(pieces) >= _LEAST:
            header = "".join(text[slice(*held[0])].split()) if len(rows[0]) > index else ""
            header = "" if any(map(str.isdigit, header)) else header
            yield Column(header, pieces, even and _tells(text, rows[0], index))


def _tells(text: str, row: Sequence[Place], index: int) -> bool:
    """Return whether a piece of a line, apart from that at `index`, is a usual header."""
    return any(_HEADER.search(text, *place) for number, place in enumerate(row) if number != index)


def headed(page: NamePage) -> Iterator[Place]:
    """Yield what stands below a header of people in such lines."""
    for column in columns(page):
        header = column.header
        if not (header and column.headed) or column.of_places or len(header) > _HEADER_AT_MOST:
            continue
        heads = _WHO.fullmatch(header) or page.is_whole_cue(header)
        below = [piece for piece in column.pieces if piece.name not in header]
        if heads and len(below) >= _LEAST and len({piece.name for piece in below}) * 2 > len(below):
            yield from (piece[:2] for piece in below)


def among(page: NamePage, found: Iterable[Span]) -> Iterator[Place]:
    """Yield what stands at a place of such lines where most lines have one of the names `found`."""
    if not columns(page):
        return
    names = {span[:2] for span in found}
    for column in columns(page):
        pieces = column.pieces
        if column.of_places or _OF_FIRMS.search(column.header):
            continue
        if pieces[0][:2] not in names:
            pieces = [piece for piece in pieces if piece.name not in column.header]
        known = {piece.name for piece in pieces if piece[:2] in names}
        pieces = [piece for piece in pieces if piece[:2] in names or piece.name[-1] != "人"]  # 领回人 above a column
        every = {piece.name for piece in pieces}
        if len(known) < _LEAST or len(known) < _MOST * len(every):
            continue
        times = {name: sum(piece.name == name for piece in pieces) for name in every}
        yield from (piece[:2] for piece in pieces if piece[:2] not in names and times[piece.name] == 1)


def strangers(page: NamePage, found: Iterable[Span]) -> frozenset[Place]:
    """Return those of the names `found` that are rather words: repeated in a column, or few among other words."""
    if not columns(page):
        return frozenset()
    names = {span[:2] for span in found}
    return frozenset(place for column in columns(page) for place in _strange(page, column, names))


def _strange(page: NamePage, column: Column, names: set[Place]) -> Iterator[Place]:
    pieces = column.pieces
    known = {piece.name for piece in pieces if piece[:2] in names}
    every = {piece.name for piece in pieces}
    few = len(every) >= _ANY and len(known) <= _FEW * len(every)
    for piece in pieces:
        if piece[:2] not in names:
            continue
        repeated = len(known) == 1 and sum(other.name == piece.name for other in pieces) >= _REPEATED
        placed = _OF_FIRMS.search(column.header) or (column.of_places and len(known) <= _MOST * len(every))
        word = page.is_word(Span(*piece)) or piece.name[-1] in _PLACE_ENDS
        if placed or (word and (few or repeated)):
            yield piece[:2]
