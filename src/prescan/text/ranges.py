"""Ranges of a document: clauses of law, annexes, lists of people, and the files of a container."""

from __future__ import annotations

import bisect
import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.text.title import NUMERAL, find_title
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.text.tables import Table
    from prescan.types import Document

#: Lines at the beginning of a file or document among which its title is searched for.
HEAD_LINES: Final = 20
_LEAST_CLAUSES: Final = 3
_CLAUSE = regex.compile(rf"[ \t\u3000]*第{NUMERAL}{{1,7}}条(?:之{NUMERAL})?")
_ANNEX = regex.compile(
    r"[ \t\u3000]*附[件表录]?[ \t\u3000]*[\d一二三四五六七八九十]{0,3}[ \t\u3000]*[:：]?[ \t\u3000]*"
)
_ROSTER_TITLE = regex.compile(
    r"花名册|清册|名册|(?:发放|享受|救助|补助|补贴|对象|人员|户|学生|合格|拟录用|低保|特困)[^\n，。]{0,12}(?:名单|明细表|公示表|登记表|一览表|汇总表)"
)


class Clause(NamedTuple):
    """The text of one 第…条, from its number to the next clause, annex or signature."""

    start: int
    end: int


class File(NamedTuple):
    """One file of a container: the range of its text, and its first lines."""

    start: int
    end: int
    head: Sequence[Span]


def annex_ranges(text: str, lines: Sequence[Span], tables: Sequence[Table]) -> tuple[Span, ...]:
    """Return the ranges of annexes in the text: from a line with only 附件 (and its number) to the next such line."""
    begins = [line.start for line in _lines_with(text, lines, "附") if _ANNEX.fullmatch(text, line.start, line.end)]
    return tuple(Span(*pair) for pair in itertools.pairwise([*begins, _body_end(lines, tables)]))


def _lines_with(text: str, lines: Sequence[Span], char: str) -> Iterator[Span]:
    """Yield the lines that contain a character. Faster than a look at every line."""
    at = text.find(char)
    while at >= 0:
        line = lines[max(0, bisect.bisect_right(lines, (at, len(text))) - 1)]
        if line.start <= at < line.end:
            yield line
            at = line.end - 1
        at = text.find(char, at + 1)


def _body_end(lines: Sequence[Span], tables: Sequence[Table]) -> int:
    return max([lines[-1].end, *(table.end for table in tables)])


def clause_ranges(
    text: str, lines: Sequence[Span], tables: Sequence[Table], annexes: Sequence[Span], signature: Span | None
) -> tuple[Clause, ...]:
    """Return the ranges of 第…条 if there are at least three; they end at annexes, tables and the signature."""
    starts = [line.start for line in _lines_with(text, lines, "第") if _CLAUSE.match(text, line.start, line.end)]
    if len(starts) < _LEAST_CLAUSES:
        return ()
    ends = [*(span.start for span in annexes), *(table.start for table in tables), *(signature or ())[:1]]
    stops = sorted({*starts, *ends, lines[-1].end})
    return tuple(Clause(start, stops[bisect.bisect_right(stops, start)]) for start in starts if start < stops[-1])


def roster_ranges(
    text: str, title: Span | None, tables: Sequence[Table], annexes: Sequence[Span], files: Sequence[File]
) -> tuple[Span, ...]:
    """Return the ranges that list people: tables with a name column, and annexes or files titled as a roster."""
    spans = [Span(table.start, table.end) for table in tables if table.lists_people]
    for file in files:
        own_title = title if title and file.start <= title.start < file.end else find_title(text, file.head, None)
        if own_title and _ROSTER_TITLE.search(text, own_title.start, own_title.end):
            spans.append(Span(own_title.end, file.end))
        for start, end in annexes:
            if file.start <= start < file.end and _ROSTER_TITLE.search(text, start, min(end, start + 80)):
                spans.append(Span(start, min(end, file.end)))
    return tuple(sorted(spans))


def contained_files(document: Document, lines: Sequence[Span], tables: Sequence[Table]) -> list[File]:
    """Return the files in a container that have visible lines, and the container's own text as one of them."""
    begins: dict[str | None, int] = {}
    previous: object = begins  # differs from every member
    for block, start in zip(document.blocks, document.starts, strict=True):
        if (member := block.location.member) is not previous:
            begins.setdefault(member, start)
            previous = member
    end = _body_end(lines, tables)
    files = []
    for begin, stop in itertools.pairwise([*begins.values(), end + 1]):
        first, last = (bisect.bisect_left(lines, at, key=lambda line: line.start) for at in (begin, stop))
        if first < last:
            files.append(File(begin, min(stop, end), lines[first : min(last, first + HEAD_LINES)]))
    return files
