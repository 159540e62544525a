"""One document as the detectors see it: text, both views, anatomy, and the questions they ask about a place."""

from __future__ import annotations

import bisect
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.lines import wraps
from prescan.numbers.checks import compiled
from prescan.text.anatomy import Anatomy, read_anatomy
from prescan.text.line_edges import LINE_ENDS
from prescan.text.sentences import sentence_spans
from prescan.text.view import View, code_points, fold, member, squeeze
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.detect.compiled import Proven
    from prescan.detect.lines import Shown
    from prescan.rules import Rule
    from prescan.text.keywords import Found
    from prescan.types import Document

#: Lines at the top that count as 版头 where no title below them was recognised.
_HEAD_LINES: Final = 8
#: Parts that count as 版头 wherever they stand.
_HEAD_PARTS: Final = frozenset({"header", "textbox"})
_SENTENCE_END = regex.compile(r"[。！？；!?;\t|｜│\u2029]")
#: A paragraph wrapped by hand is looked at this many lines each way; a list of long lines is no paragraph.
_WRAPPED_LINES: Final = 12
#: What ends a line or a cell.
_LINE_MARKS: Final = f"{LINE_ENDS}\t|｜│"
#: No sentence reaches further than this to either side; a text without full stops must not cost its square.
_SENTENCE_AT_MOST: Final = 400
#: The lines of a form are no longer than this.
_SHORT_LINE: Final = 60
_HEADERS_AT_MOST: Final = 40
#: How far `within = "before"` and "after" reach, in characters of the view.
_NEIGHBOURHOOD: Final = 20


@dataclass(frozen=True)
class Reading:
    """A document with everything detectors need, made once."""

    document: Document
    text: str = field(repr=False)
    anatomy: Anatomy
    fold: View
    squeeze: View
    _paragraphs: dict[int, Span] = field(default_factory=dict, init=False, repr=False)
    """The paragraph of each line that was asked for: every rule asks for the same few."""
    leads: dict[int, tuple[Span | None, int]] = field(default_factory=dict, init=False, repr=False)
    """By the start of an item of a list: what leads the list in, and how many paragraphs in front of it."""
    leading: dict[tuple[bool, int], str] = field(default_factory=dict, init=False, repr=False)
    """By view (is it the fold view) and paragraph, what leads it in: every rule asks again."""
    words: dict[str, list[Found]] = field(default_factory=dict, init=False, repr=False)
    """Where the words of each list stand that `Compiled.hits` looks for in passing; empty before."""
    proven: Proven = field(default_factory=dict, init=False, repr=False)
    """As `Compiled.hits` fills it; empty before."""
    _bounds: dict[bool, dict[int, tuple[int, int]]] = field(init=False, repr=False)
    """By view (is it the fold view), where the paragraph of each line stands in it."""
    shown_lines: dict[bool, dict[tuple[int, int], Shown]] = field(init=False, repr=False)
    """By view (is it the fold view), the lines that were asked for: for `lines.shown_line`."""

    def __post_init__(self) -> None:
        """Begin with nothing asked."""
        object.__setattr__(self, "_bounds", {False: {}, True: {}})
        object.__setattr__(self, "shown_lines", {False: {}, True: {}})

    @classmethod
    def of(cls, document: Document) -> Reading:
        """Make the views and the anatomy of a document."""
        folded = fold(document.text)
        return cls(document, document.text, read_anatomy(document), folded, squeeze(folded))

    def view(self, name: str) -> View:
        """Return the view a rule asks for."""
        return self.fold if name == "fold" else self.squeeze

    def seen(self, view: View, span: Span) -> str:
        """Return what a view shows of a span of the original."""
        return view.text[view.position(span.start) : view.position(span.end)]

    def around(self, view: View, start: int, end: int, window: int) -> str:
        """Return what a view shows up to `window` characters on each side of a span, within its paragraph."""
        begin, stop = self.bounds(view, start)
        return view.text[max(begin, view.position(start) - window) : min(stop, view.position(end) + window)]

    def bounds(self, view: View, offset: int) -> tuple[int, int]:
        """Return where the paragraph that holds `offset` begins and ends in a view."""
        known, index = self._bounds[view is self.fold], self._line_of(offset)
        found = known.get(index)
        if found is None:
            start, end = self.paragraph(offset)
            found = view.position(start), view.position(end)
            if index >= 0:
                known[index] = found
        return found

    def proofs(self, rule_id: str) -> list[tuple[int, int]] | None:
        """Return where in its view stands what every match of a rule holds, in order; None: that is not known."""
        lists = self.proven.get(rule_id)
        return None if lists is None else sorted([(start, end) for held in lists for _, start, end in held])

    def paragraph(self, offset: int) -> Span:
        """Return the paragraph, cell or other block that holds `offset`; hand-wrapped plain text is joined."""
        lines, index = self.anatomy.lines, self._line_of(offset)
        if index < 0:
            number = self.document.block_index(offset)
            start = self.document.starts[number]
            return Span(start, start + len(self.document.blocks[number].text))
        known = self._paragraphs.get(index)
        if known is not None:
            return known
        first = last = index
        while first and index - first < _WRAPPED_LINES and wraps(self.document, *lines[first - 1 : first + 1]):
            first -= 1
        while last + 1 < len(lines) and last - index < _WRAPPED_LINES and wraps(self.document, *lines[last : last + 2]):
            last += 1
        found = self._paragraphs[index] = Span(lines[first].start, lines[last].end)
        return found

    def sentence(self, start: int, end: int) -> Span:
        """Return the sentence around a span, within its paragraph."""
        begin, stop = self.paragraph(start)
        begin, stop = max(begin, start - _SENTENCE_AT_MOST), max(min(stop, end + _SENTENCE_AT_MOST), end)
        before = [match.end() for match in _SENTENCE_END.finditer(self.text, begin, start)]
        after = _SENTENCE_END.search(self.text, end, stop)
        return Span(before[-1] if before else begin, after.start() if after else stop)

    def zones(self, offset: int) -> frozenset[str]:
        """Return the zones (rules.kinds.SCOPES) a place belongs to."""
        part = self.document.block_at(offset).location.part
        zones = {part}
        if part in {"body", "table", "header", "textbox"}:
            head = self.anatomy.head
            if part in _HEAD_PARTS or (head and offset < head.end) or (not head and offset <= self._head_end):
                zones.add("head")
            if part in {"body", "table"}:
                zones.add("body")
        if self.anatomy.title and self.anatomy.title.start <= offset < self.anatomy.title.end:
            zones.add("title")
        return frozenset(zones)

    def scope_end(self, scope: Iterable[str]) -> int | None:
        """Return an offset behind which none of these zones lies, or None: they may lie anywhere."""
        ends = []
        for zone in scope:
            if zone == "title":
                ends.append(self.anatomy.title.end if self.anatomy.title else 0)
            elif zone == "head" and _HEAD_PARTS.isdisjoint(self._parts):
                ends.append(self.anatomy.head.end if self.anatomy.head else self._head_end)
            elif zone in {"head", "body"} or zone in self._parts:
                return None
            else:
                ends.append(0)
        return max(ends, default=None)

    def is_whole_line(self, start: int, end: int) -> bool:
        """Tell whether a span is all that stands in its line or cell."""
        line = self.line(start, end)
        return not self.text[line.start : start].strip() and not self.text[end : line.end].strip()

    def line(self, start: int, end: int) -> Span:
        """Return the line or cell of a span, or the lines from its first to its last."""
        marks = self.line_marks
        place = bisect.bisect_left(marks, start)
        before = marks[place - 1] if place else -1
        place = bisect.bisect_left(marks, end)
        return Span(before + 1, marks[place] if place < len(marks) else len(self.text))

    @functools.cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Where the sentences of the visible body stand, in order."""
        return list(sentence_spans(self.text, self.anatomy.lines))

    @functools.cached_property
    def _line_starts(self) -> list[int]:
        return [start for start, _ in self.anatomy.lines]

    @functools.cached_property
    def line_marks(self) -> list[int]:
        """Where lines and cells end, in order."""
        marks: list[int] = member(code_points(self.text), _LINE_MARKS).nonzero()[0].tolist()
        return marks

    @functools.cached_property
    def top(self) -> Span:
        """The first lines of the page, down to the title if it stands below them."""
        lines, title = self.anatomy.lines, self.anatomy.title
        return Span(lines[0].start, max(self._head_end, title.end if title else 0)) if lines else Span(0, 0)

    @functools.cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(block.location.part for block in self.document.blocks)

    @functools.cached_property
    def _head_end(self) -> int:
        lines = self.anatomy.lines[:_HEAD_LINES]
        return lines[-1].end if lines else 0

    def _line_of(self, offset: int) -> int:
        """Return the index of the line of the visible body that holds `offset`; -1: none does."""
        index = bisect.bisect_right(self._line_starts, offset) - 1
        return index if index >= 0 and offset <= self.anatomy.lines[index].end else -1


_NEXT_LABEL = regex.compile(r"[^\S\n\r]*[\n\r\u2029]\s*\p{Han}{1,10}[:：]")
#: An item of a list has the words that lead the list in, so many characters of them.
_ITEM = regex.compile(r"\s*(?:[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）、.．]|[①-⑳●▲◆■○◇▪•·*])")
_LEAD_AT_MOST: Final = 80
_ITEMS_AT_MOST: Final = 60


def holds(words: list[tuple[int, int]], low: int, high: int) -> bool:
    """Tell whether one of the words whose places are given in order stands between `low` and `high`."""
    index = bisect.bisect_left(words, (low, low))
    while index < len(words) and words[index][0] < high:
        if words[index][1] <= high:
            return True
        index += 1
    return False


#: So much of the text above a table tells what it lists.
_ABOVE_TABLE: Final = 80


def objection(  # noqa: PLR0911  one return for each thing that may object
    rule: Rule, reading: Reading, start: int, end: int, stage: str
) -> str | None:
    """Return what keeps a rule from speaking at a place (a Chinese phrase), or None: it may speak."""
    if rule.stage and stage not in rule.stage:
        return f"规则只用于{'、'.join(rule.stage)}阶段"
    if rule.scope and reading.zones(start).isdisjoint(rule.scope):
        return f"不在规则限定的位置（{'、'.join(rule.scope)}）"
    if rule.whole_line and not reading.is_whole_line(start, end):
        return "不是独占一行"
    if not rule.legal_text and reading.anatomy.in_clause(start):
        return "位于法规条文中（第…条），属于引述"
    view = reading.view(rule.view)
    if rule.context and not compiled(rule.context).search(_setting(rule, reading, view, start, end)):
        return f"前后 {rule.window} 字内没有所需的语境"
    for exemption in rule.unless:
        if compiled(exemption.pattern).search(_reach(exemption.within, reading, view, start, end)):
            return f"属于例外：{exemption.pattern}"
    return None


def _setting(rule: Rule, reading: Reading, view: View, start: int, end: int) -> str:
    """Return the text in which a rule looks for its context.

    A number in a table has its row, the headers above it and the title; one in a short line the lines around it.
    """
    if rule.kind != "number":
        return reading.around(view, start, end, rule.window)
    if row := _row(reading, view, start):
        return row
    begin, stop = reading.bounds(view, start)
    low, high = max(0, view.position(start) - rule.window), view.position(end) + rule.window
    if stop - begin > _SHORT_LINE:
        low, high = max(begin, low), min(stop, high)
    return view.text[low:high] + _lead(reading, view, start)


def _row(reading: Reading, view: View, start: int) -> str:
    """Return the row of a cell, with the headers above it, what stands above the table and the title; or nothing."""
    held = reading.anatomy.cell_at(start)
    if held is None:
        return ""
    table, cell = held
    title = reading.seen(view, reading.anatomy.title) if reading.anatomy.title else ""
    headers = " ".join(other.text for other in table.cells[:_HEADERS_AT_MOST] if other.row < table.header_rows)
    above = reading.seen(view, Span(max(0, table.start - _ABOVE_TABLE), table.start))
    return f"{title} {above} {headers} {reading.seen(view, Span(*table.row_of(cell)))}"


def _lead(reading: Reading, view: View, start: int) -> str:
    """Return the title and the end of the paragraph that leads a list in, for a place in one of its items."""
    paragraph = reading.paragraph(start)
    place = view is reading.fold, paragraph.start
    if place not in reading.leading:
        reading.leading[place] = _lead_of(reading, view, paragraph)
    return reading.leading[place]


def _lead_of(reading: Reading, view: View, paragraph: Span) -> str:
    if not _ITEM.match(reading.text, paragraph.start):
        return ""
    title = reading.seen(view, reading.anatomy.title) if reading.anatomy.title else ""
    lead = _leading(reading, paragraph)
    if lead is None:
        return f" {title}"
    return f" {title} {reading.seen(view, Span(max(lead.start, lead.end - _LEAD_AT_MOST), lead.end))}"


def _leading(reading: Reading, item: Span) -> Span | None:
    """Return the paragraph that leads in the list an item stands in, at most _ITEMS_AT_MOST in front of it."""
    known, passed = reading.leads, list[int]()
    while item.start not in known and len(passed) < _ITEMS_AT_MOST:
        before = reading.paragraph(item.start - 1) if item.start else None
        if before is None or not _ITEM.match(reading.text, before.start):
            known[item.start] = before, 1
        else:
            passed.append(item.start)
            item = before
    if item.start not in known:
        return None
    lead, steps = known[item.start]
    for start in reversed(passed):  # the next number of the list need not go so far
        steps += 1
        known[start] = lead, steps
    return lead if steps <= _ITEMS_AT_MOST else None


def _reach(within: str, reading: Reading, view: View, start: int, end: int) -> str:
    """Return the text an exemption looks at, as the rule's view shows it."""
    if within == "document":
        return view.text
    if within in {"title", "head", "note", "top"}:
        place = reading.top if within == "top" else getattr(reading.anatomy, within)
        return reading.seen(view, place) if place else ""
    if within == "row" and (row := _row(reading, view, start)):
        return row
    if within in {"before", "after"}:
        return _beside(within, reading, view, start, end)
    span = reading.sentence(start, end) if within == "sentence" else reading.paragraph(start)
    return reading.seen(view, span)


def _beside(side: str, reading: Reading, view: View, start: int, end: int) -> str:
    if side == "before":
        before = view.text[max(0, view.position(start) - _NEIGHBOURHOOD) : view.position(start)]
        # the end of a line between is left in this view in some formats only
        return before.rstrip(LINE_ENDS) if view is reading.squeeze else before
    if reading.text[end - 1 : end].isdigit() and _NEXT_LABEL.match(reading.text, end):
        return ""  # 病案号：ZY00001902, and 年度费用：… in the next line, is no year
    after = view.text[view.position(end) : view.position(end) + _NEIGHBOURHOOD]
    return after.lstrip(LINE_ENDS) if view is reading.squeeze else after
