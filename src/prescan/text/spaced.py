"""Finds tables with columns separated by spaces, strokes or commas: a line of headers, lines with as many below."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.text.grid import Cell
from prescan.text.headers import HEADER_TOKEN
from prescan.text.line_edges import line_end, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.types import Document

#: Locations whose lines may be rows of a table written as text.
LINE_PARTS: Final = frozenset({"body", "hidden", "inserted"})
#: One of these must be in a line of headers.
_SPACED_HEADER = regex.compile(
    r"姓[ \u3000]{0,4}名|户[ \u3000]{0,4}主|申请人|序号"
    r"|(?:出生(?:日期|年月日?|时间)?|生日|住[址房处]|家庭住址)(?!\S)"
    r"|(?:驾驶人|司机|车主|持证[人者]|[职员]工|学生|考生|患者|缴存人|住户|业主|老人|[村居]民|农户|户名|对象|人员|名字|儿童|编号|床号|房号|门牌|楼栋|[村小]组|序)"
    r"(?=[ \u3000]{2}|\u3000)"
)
#: Beginnings of the first alternatives of _SPACED_HEADER, and the words that are headers only before a gap.
_HEADER_STARTS: Final = ("姓", "户", "申请人", "序号", "出生", "生日", "住", "家庭住址")
_BEFORE_GAP: Final = tuple(
    "驾驶人 司机 车主 持证人 持证者 职工 员工 学生 考生 患者 缴存人 住户 业主 老人 村民 居民 农户 "
    "户名 对象 人员 名字 儿童 编号 床号 房号 门牌 楼栋 村组 小组 序".split()
)
#: A gap after a word. Gaps are searched first, for they are rarer than the words.
_GAP: Final = re.compile(" (?<=\\S )[ \u3000]|\u3000(?<=\\S\u3000)")
_HEADER_WORD = regex.compile(
    r"号|证|名|主|人|年月|住处|现住|收入|户籍|座机|固话|联系|情况|状况|原因|家属|关系|出生|员工|部门|病|残|微信|QQ|邮箱|[住地]址|电话|手机|性\s*别|民\s*族|年\s*龄|生日|备\s*注|账户|金额|单位|村|组|折|卡|MAC|IMEI|车牌|结论|事由"
    r"|岗位|住房|面积|户代表|笔试|面试|成绩|总分|排名|名次|院校|学历|专业|职务|工种|班级|年级|类别|等级|病种|结果"
)
#: 孩次　姓名: two headers rather than one, so another separator is right.
_TWO_HEADERS = re.compile(r"[\u4e00-\u9fff]{2}\u3000[\u4e00-\u9fff]{2}")
_INDENT: Final = 4
_HEADER_TOKENS_AT_LEAST: Final = 3
_HEADER_AT_MOST: Final = 120
_ROW_AT_MOST: Final = 400
#: Patterns of a cell, the most certain separator first: wide gaps, wide spaces, strokes, commas, single spaces.
_COLUMNS: Final = tuple(
    map(
        regex.compile,
        (
            r"[^\s\t](?:(?![ \u3000\xa0]{2})[^\t])*?(?=[ \u3000\xa0]{2}|\s*$)",
            r"[^\s\t](?:(?! {2}| ?\u3000)[^\t])*?(?= {2}| ?\u3000|\s*$)",
            r"[^\s/](?:(?! / )[^\t])*?(?= / |\s*$)",
            r"[^／\s][^／]*",
            r"[^,]+",
            r"(?:姓[ \u3000]{1,2}名|性[ \u3000]{1,2}别|民[ \u3000]{1,2}族|备[ \u3000]{1,2}注)(?!\S)|\S+",
        ),
    )
)
_LAST_NARROW: Final = "\u2e7f"
_NUMBER_OR_YEAR = regex.compile(r"\d{2}|[一二]\p{Han}{3}年")
_SPLIT_NAME = regex.compile(r"(?<!\S)\p{Han}[ \u3000]{1,2}\p{Han}(?!\S)|\S+")


def spaced_tables(document: Document) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the name and cells of each table whose columns are separated by spaces, strokes or commas."""
    text, searched_to = document.text, -1
    for at in _header_places(text):
        block = document.block_at(at)
        if at < searched_to or block.location.cell or block.location.part not in LINE_PARTS:
            continue
        start, end = _line_at(text, at)
        if start < searched_to or end - start > _HEADER_AT_MOST:
            continue
        for column in _COLUMNS:
            headers = [(*head.span(), head[0]) for head in column.finditer(text, start, end)]
            if not _is_header([head[2] for head in headers]):
                continue
            if _is_indented(text, start, headers[0][0], end):
                headers.insert(0, (start, start, ""))
            cells = [Cell(0, place, *head) for place, head in enumerate(headers)]
            cells += _rows_below(text, end, column, [_width(text, start, head[0]) for head in headers])
            if any(_NUMBER_OR_YEAR.search(cell.text) for cell in cells):
                searched_to = cells[-1].end
                yield f"{start}", cells
                break


def _header_places(text: str) -> list[int]:
    """Return the offsets of words that may be headers of columns."""
    places = []
    for word in _HEADER_STARTS:
        at = text.find(word)
        while at >= 0:
            if _SPACED_HEADER.match(text, at):
                places.append(at)
            at = text.find(word, at + 1)
    for gap in _GAP.finditer(text):
        if text.endswith(_BEFORE_GAP, 0, gap.start()):
            places += [gap.start() - len(word) for word in _BEFORE_GAP if text.endswith(word, 0, gap.start())]
    return sorted(places)


def _line_at(text: str, offset: int) -> tuple[int, int]:
    """Return the start and end of the line with `offset`."""
    return line_start(text, offset), line_end(text, offset)


def _is_indented(text: str, start: int, first: int, end: int) -> bool:
    """Return whether the first column has no header: the line of headers is indented deeply, the next one is not."""
    return first - start >= _INDENT and text[end + 1 : end + 2].isalnum()


def _is_header(tokens: Sequence[str]) -> bool:
    """Return whether the pieces of a line are headers: short words, at least half of them usual in lists of people."""
    if len(tokens) < _HEADER_TOKENS_AT_LEAST or not all(map(HEADER_TOKEN.fullmatch, tokens)):
        return False
    if any(map(_TWO_HEADERS.search, tokens)):
        return False
    return sum(_HEADER_WORD.search("".join(token.split())) is not None for token in tokens) * 2 >= len(tokens)


def _rows_below(text: str, at: int, column: regex.Pattern[str], header_positions: list[int]) -> Iterator[Cell]:
    """Yield the cells of the lines below the headers, up to the first line with another number of pieces."""
    row, size = 0, len(header_positions)
    while at < len(text):
        at += 2 if text.startswith("\r\n", at) else 1
        start, end = _line_at(text, at)
        if end - start > _ROW_AT_MOST or "\t" in text[start:end] or "|" in text[start:end]:
            return
        pieces = list(column.finditer(text, start, end))
        if len(pieces) == size + 1:
            pieces = list(_SPLIT_NAME.finditer(text, start, end))
        if not size - 1 <= len(pieces) <= size:
            return
        row += 1
        places = range(size) if len(pieces) == size else _under(text, start, pieces, header_positions)
        yield from (Cell(row, place, *piece.span(), piece[0]) for place, piece in zip(places, pieces, strict=True))
        at = end


def _under(text: str, start: int, pieces: Sequence[regex.Match[str]], header_positions: list[int]) -> list[int]:
    """Return the columns of the pieces of a row with one empty cell: those with the nearest headers above."""
    begins = [_width(text, start, piece.start()) for piece in pieces]
    without = [
        sum(
            abs(one - other)
            for one, other in zip(begins, header_positions[:gap] + header_positions[gap + 1 :], strict=True)
        )
        for gap in range(len(header_positions))
    ]
    gap = len(header_positions) - 1 - without[::-1].index(min(without))
    return [place for place in range(len(header_positions)) if place != gap]


def _width(text: str, start: int, end: int) -> int:
    """Return the width of a piece of text on a screen, in columns."""
    return sum(1 + (char > _LAST_NARROW) for char in text[start:end])
