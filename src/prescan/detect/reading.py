"""One document with everything detection needs: text, both views, anatomy, and lookups of lines, paragraphs, zones.

Offsets are code points in Document.text, ends exclusive, unless a view is named.
"""

from __future__ import annotations

import bisect
import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.lines import wraps
from prescan.text.anatomy import Anatomy, read_anatomy
from prescan.text.line_edges import LINE_ENDS
from prescan.text.sentences import sentence_spans
from prescan.text.view import View, code_points, fold, member, squeeze
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.detect.compiled import Proven
    from prescan.detect.lines import Shown
    from prescan.text.keywords import Found
    from prescan.types import Document

#: Lines at the top that count as 版头 where no title below them was recognised.
_HEAD_LINES: Final = 8
#: Parts that count as 版头 wherever they stand.
_HEAD_PARTS: Final = frozenset({"header", "textbox"})
_SENTENCE_END = regex.compile(r"[。！？；!?;\t|｜│\u2029]")
#: A paragraph of hand-wrapped lines extends at most this many lines each way; otherwise it is a list of long lines.
_WRAPPED_LINES: Final = 12
#: Characters that end a line or a cell.
_LINE_BREAKS: Final = f"{LINE_ENDS}\t|｜│"
#: A sentence extends at most this many characters to each side, so that a text without full stops is not slow.
_SENTENCE_AT_MOST: Final = 400


@dataclass(frozen=True)
class Reading:
    """A document with everything detection needs; answers that many rules ask for are cached."""

    document: Document
    text: str = field(repr=False)
    anatomy: Anatomy
    fold: View
    squeeze: View
    _paragraphs: dict[int, Span] = field(default_factory=dict, init=False, repr=False)
    """Cache: index of a line → its paragraph."""
    leads: dict[int, tuple[Span | None, int]] = field(default_factory=dict, init=False, repr=False)
    """Cache of `objection`: start of a list item → the paragraph in front of the list, and how far above it is."""
    lead_texts: dict[tuple[bool, int], str] = field(default_factory=dict, init=False, repr=False)
    """Cache of `objection`: (is it the fold view, start of a paragraph) → the text in front of the list."""
    words: dict[str, list[Found]] = field(default_factory=dict, init=False, repr=False)
    """Name of a word list → its hits. `Compiled.hits` fills it."""
    proven: Proven = field(default_factory=dict, init=False, repr=False)
    """Rule id → the hits of its required words. `Compiled.hits` fills it."""
    _bounds: dict[bool, dict[int, tuple[int, int]]] = field(init=False, repr=False)
    """Cache: is it the fold view → index of a line → (start, end) of its paragraph in the view."""
    shown_lines: dict[bool, dict[tuple[int, int], Shown]] = field(init=False, repr=False)
    """Cache of `lines.shown_line`, for each view (is it the fold view)."""

    def __post_init__(self) -> None:
        """Make the caches that need one dict for each view."""
        object.__setattr__(self, "_bounds", {False: {}, True: {}})
        object.__setattr__(self, "shown_lines", {False: {}, True: {}})

    @classmethod
    def of(cls, document: Document) -> Reading:
        """Make the views and the anatomy of a document."""
        folded = fold(document.text)
        return cls(document, document.text, read_anatomy(document), folded, squeeze(folded))

    def view(self, name: str) -> View:
        """Return the view with this name: "fold" or "squeeze"."""
        return self.fold if name == "fold" else self.squeeze

    def seen(self, view: View, span: Span) -> str:
        """Return the text of a span as a view has it."""
        return view.text[view.position(span.start) : view.position(span.end)]

    def around(self, view: View, start: int, end: int, window: int) -> str:
        """Return a span with up to `window` characters on each side, as a view has it, cut at the paragraph's ends."""
        begin, stop = self.bounds(view, start)
        return view.text[max(begin, view.position(start) - window) : min(stop, view.position(end) + window)]

    def bounds(self, view: View, offset: int) -> tuple[int, int]:
        """Return the (start, end) in a view of the paragraph that contains `offset`."""
        known, index = self._bounds[view is self.fold], self._line_of(offset)
        found = known.get(index)
        if found is None:
            start, end = self.paragraph(offset)
            found = view.position(start), view.position(end)
            if index >= 0:
                known[index] = found
        return found

    def proofs(self, rule_id: str) -> list[tuple[int, int]] | None:
        """Return the sorted (start, end) in its view of the words a rule requires; None if it requires none."""
        lists = self.proven.get(rule_id)
        return None if lists is None else sorted([(start, end) for hits in lists for _, start, end in hits])

    def paragraph(self, offset: int) -> Span:
        """Return the paragraph, cell or other block that contains `offset`; hand-wrapped lines are joined."""
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
        """Return the zones (rules.kinds.SCOPES) that `offset` belongs to."""
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
        """Return an offset behind which none of these zones lies; None if they may lie anywhere."""
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
        """Return whether a span is the whole text of its line or cell, apart from white space."""
        line = self.line(start, end)
        return not self.text[line.start : start].strip() and not self.text[end : line.end].strip()

    def line(self, start: int, end: int) -> Span:
        """Return the line or cell that contains a span, or all lines that it crosses."""
        breaks = self.line_breaks
        place = bisect.bisect_left(breaks, start)
        before = breaks[place - 1] if place else -1
        place = bisect.bisect_left(breaks, end)
        return Span(before + 1, breaks[place] if place < len(breaks) else len(self.text))

    @functools.cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The (start, end) of the sentences of the visible body, in order."""
        return list(sentence_spans(self.text, self.anatomy.lines))

    @functools.cached_property
    def _line_starts(self) -> list[int]:
        return [start for start, _ in self.anatomy.lines]

    @functools.cached_property
    def line_breaks(self) -> list[int]:
        """The offsets of the characters that end lines and cells, in order."""
        breaks: list[int] = member(code_points(self.text), _LINE_BREAKS).nonzero()[0].tolist()
        return breaks

    @functools.cached_property
    def top(self) -> Span:
        """The first lines of the page, extended to the title if it is below them."""
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
        """Return the index of the line of the visible body that contains `offset`, or -1."""
        index = bisect.bisect_right(self._line_starts, offset) - 1
        return index if index >= 0 and offset <= self.anatomy.lines[index].end else -1


def holds(words: list[tuple[int, int]], low: int, high: int) -> bool:
    """Return whether one of the sorted (start, end) lies between `low` and `high`."""
    index = bisect.bisect_left(words, (low, low))
    while index < len(words) and words[index][0] < high:
        if words[index][1] <= high:
            return True
        index += 1
    return False
