"""Document anatomy: title, 文号, 版头, 主送, 附注, 落款, clause ranges, tables, the declared attribute.

Uses the visible body only. Parts are spans of Document.text, None where the document lacks one.
Terms after GB/T 9704-2012 (party and government documents) and 党政机关公文处理工作条例 第九条.
"""

from __future__ import annotations

import bisect
import functools
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import regex

from prescan.text import page
from prescan.text.cover import Cover
from prescan.text.declared import Declared, read_declared
from prescan.text.ranges import HEAD_LINES, Clause, annex_ranges, clause_ranges, contained_files, roster_ranges
from prescan.text.tables import Cell, Table, find_tables
from prescan.text.title import KIND_AT_END, NOTE, ORDER_NUMBER, ORGAN_AT_END, TITLE_AT_MOST, closed, find_title
from prescan.types import SOFT_WRAP, SPAN, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.types import Block, Document

#: Locations whose lines are the visible body.
_BODY_PARTS: Final = frozenset({"body", "table"})
#: Separators after a block that continues in the next one.
_CONTINUING: Final = frozenset({"", SOFT_WRAP})
_TAIL_LINES: Final = 25
_SIGNERS_AT_MOST: Final = 6
DATE = regex.compile(
    r"(?:19|20)\d{2}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|(?:19|20)\d{2}([./-])\d{1,2}\1\d{1,2}"
    r"|[二一][〇零○O0九][〇零○O0一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
DOC_NUMBER = regex.compile(
    r"(?:[\p{Han}A-Za-z]{1,16}|\p{Han}(?:[ \u3000]\p{Han}){1,7})\s?"
    r"[〔\[【（(﹝]\s?(?:19|20|１９|２０)[\d０-９]{2}\s?[〕\]】）)﹞]\s?第?\s?[\d０-９X×xＸ]{1,5}\s?号"
)
#: Part of every DOC_NUMBER; without a match the slow search, which may begin at any word, is skipped.
_YEAR_IN_NUMBER = regex.compile(r"[〔\[【（(﹝]\s?(?:19|20|１９|２０)")
_NUMBER_LEAD = regex.compile(r"\s*(?:(?:发文字号|文号|字号|编号)\s*[:：]\s*|签发人\s*[:：]?\s*\p{Han}{2,4}\s+)?")
_ADDRESSEE = regex.compile(r"^\s*(?P<organs>[^。；;!?？]{2,160})[:：]\s*$")
_MASTHEAD = regex.compile(r"文\s*件\s*(?:\n|\u2029|$)")
_NOTE_WORDS = regex.compile(r"公开|此件|联系人|传达|发至|印发")


@dataclass(frozen=True)
class Anatomy:
    """The parts of one document."""

    lines: tuple[Span, ...] = field(repr=False)
    """Non-blank lines of the visible body: paragraphs, or lines where the text has hard line breaks."""
    title: Span | None = None
    kind: str | None = None
    """文种: the word of KINDS that ends the title."""
    doc_number: Span | None = None
    head: Span | None = None
    """版头: from the start to the title."""
    red_head: bool = False
    """The head has a 文号 or ×××文件, so the document is a 公文."""
    addressee: Span | None = None
    note: Span | None = None
    signature: Span | None = None
    clauses: tuple[Clause, ...] = ()
    """Ranges of legal text: at least three 第…条 in a row."""
    tables: tuple[Table, ...] = field(default=(), repr=False)
    annexes: tuple[Span, ...] = ()
    rosters: tuple[Span, ...] = ()
    """Ranges that list people one by one (花名册, 发放清册 …)."""
    declared: Declared | None = None

    @property
    def stated_title(self) -> Span | None:
        """The title, unless it is only the label of a table's first column: a sheet without a title begins so."""
        title = self.title
        if title and self.kind is None and any(table.is_header(title.start) for table in self.tables):
            return None
        return title

    def in_clause(self, offset: int) -> bool:
        """Return whether `offset` lies in legal text."""
        index = bisect.bisect_right(self.clauses, offset, key=lambda clause: clause.start) - 1
        return index >= 0 and offset < self.clauses[index].end

    def in_roster(self, offset: int) -> bool:
        """Return whether `offset` lies in a list of people."""
        return self._roster_cover.first(offset) is not None

    def table_at(self, offset: int) -> Table | None:
        """Return the table that contains `offset`, or None."""
        index = self._table_cover.first(offset)
        return None if index is None else self.tables[index]

    def cell_at(self, offset: int) -> tuple[Table, Cell] | None:
        """Return the table and the cell that contain `offset`; None outside tables and between cells."""
        table = self.table_at(offset)
        cell = table.cell_at(offset) if table else None
        return (table, cell) if table and cell else None

    @functools.cached_property
    def _roster_cover(self) -> Cover:
        return Cover(self.rosters)

    @functools.cached_property
    def _table_cover(self) -> Cover:
        return Cover((table.start, table.end + 1) for table in self.tables)


def read_anatomy(document: Document) -> Anatomy:
    """Return the anatomy of a document. Never fails; a part that is not recognised is None or empty."""
    text = document.text
    lines = _lines(document)
    if not lines:
        return Anatomy(lines=())
    head = _head(document, text, lines)
    number = _doc_number(text, head)
    title = (page.title_from_metadata(document, text, lines) if page.is_web(document) else None) or find_title(
        text, head, number
    )
    kind = KIND_AT_END.search(closed(text[title.start : title.end])) if title else None
    addressee = _addressee(text, lines, title)
    signature = _signature(text, lines, title)
    tables = find_tables(document)
    annexes = annex_ranges(text, lines, tables)
    before_title = Span(head[0].start, title.start) if title and title.start > head[0].start else None
    masthead = before_title is not None and _MASTHEAD.search(text[slice(*before_title)])
    return Anatomy(
        lines=lines,
        title=title,
        kind=kind["kind"] if kind else None,
        doc_number=number,
        head=before_title,
        red_head=number is not None or bool(masthead),
        addressee=addressee,
        note=_note(text, lines),
        signature=signature,
        clauses=clause_ranges(text, lines, tables, annexes, signature),
        tables=tables,
        annexes=annexes,
        rosters=roster_ranges(text, title, tables, annexes, contained_files(document, lines, tables)),
        declared=read_declared(text, (*lines[-_TAIL_LINES:], *lines[:HEAD_LINES])),
    )


def _lines(document: Document) -> tuple[Span, ...]:
    """Return the lines of the visible body. Soft-wrapped lines of a PDF are joined; plain text keeps its lines."""
    spans: list[Span] = []
    open_start: int | None = None  # start of a line that continues in the next block
    for block, start in zip(document.blocks, document.starts, strict=True):
        line = block.text
        if block.location.part not in _BODY_PARTS or not line or line.isspace():
            open_start = None
            continue
        begin, end = start if open_start is None else open_start, start + len(line)
        if open_start is not None:
            spans.pop()
        spans.append(SPAN((begin, end)))
        open_start = begin if block.sep in _CONTINUING and continues(block) else None
    return tuple(spans)


def continues(block: Block) -> bool:
    """Return whether a block continues in the next one: it is part of a paragraph, or a line wrapped by a page.

    A line of plain text has the same separator as a wrapped line, but no page number.
    """
    return block.sep == "" or (block.sep == SOFT_WRAP and block.location.page is not None)


def _head(document: Document, text: str, lines: Sequence[Span]) -> Sequence[Span]:
    """Return the first lines of a document; for a web page, those after its menus."""
    if not page.is_web(document):
        return lines[:HEAD_LINES]
    return list(itertools.islice(page.without_menus(text, lines), HEAD_LINES)) or lines[:HEAD_LINES]


def _doc_number(text: str, head: Sequence[Span]) -> Span | None:
    """Return the 文号, which stands on a line of its own or with a label or 签发人; one in a sentence is a citation.

    The number of an order (令) stands alone on the line below its name.
    """
    for index, line in enumerate(head):
        match = _YEAR_IN_NUMBER.search(text, line.start, line.end) and DOC_NUMBER.search(text, line.start, line.end)
        if match and _NUMBER_LEAD.fullmatch(text, line.start, match.start()):
            rest = text[match.end() : line.end].strip()
            if not rest or rest.startswith("签发人"):
                return Span(*match.span())
        above = text[head[index - 1].start : head[index - 1].end].rstrip() if index else ""
        if above.endswith("令") and ORDER_NUMBER.match(text[line.start : line.end]):
            return line
    return None


def _addressee(text: str, lines: Sequence[Span], title: Span | None) -> Span | None:
    first = bisect.bisect_left(lines, (title.end,)) if title else 0
    for line in lines[first : first + 4]:
        match = _ADDRESSEE.match(text[line.start : line.end])
        if match:
            return Span(line.start + match.start("organs"), line.start + match.end("organs"))
    return None


def _note(text: str, lines: Sequence[Span]) -> Span | None:
    """Return the 附注: a line in round brackets below the date (GB/T 9704-2012, 7.3.7)."""
    for line in reversed(lines[-_TAIL_LINES:]):
        match = NOTE.match(text[line.start : line.end])
        if match and _NOTE_WORDS.search(match["note"]):
            return Span(line.start + match.start("note"), line.start + match.end("note"))
    return None


def _signature(text: str, lines: Sequence[Span], title: Span | None) -> Span | None:
    """Return the 落款: the lines of the organs and the date below them."""
    tail = [line for line in lines[-_TAIL_LINES:] if title is None or line.start >= title.end]
    for index in range(len(tail) - 1, -1, -1):
        line = tail[index]
        line_text = text[line.start : line.end].strip()
        match = DATE.search(line_text) if line_text[-1] == "日" or line_text[-1].isdecimal() else None
        if match and match.end() == len(line_text) and len(line_text) - len(match[0]) <= TITLE_AT_MOST // 3:
            start = line.start
            for above in reversed(tail[max(0, index - _SIGNERS_AT_MOST) : index]):
                if not ORGAN_AT_END.search(text[above.start : above.end]) or above.end - above.start > TITLE_AT_MOST:
                    break
                start = above.start
            return Span(start, line.end)
    return None
