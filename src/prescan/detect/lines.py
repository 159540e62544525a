"""Lines of a text: which ones continue in the next, and where they are in a view."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.types import Span

if TYPE_CHECKING:
    from prescan.detect.reading import Reading
    from prescan.text.view import View
    from prescan.types import Document

_CELL_MARK = regex.compile(r"[\t|｜│]")
_STOP_AT_END = regex.compile(r"(?r)[。！？；!?;：:）)]\s*")
_NEW_ITEM = regex.compile(r"\s|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第.{1,5}[条章节]|附件|[-—*•●]")
#: A hand-wrapped line is at least this long.
_WRAPPED_FROM: Final = 25
_LINE_ENDS: Final = frozenset({"\n", "\r\n", "\r"})


class Shown(NamedTuple):
    """A line or a cell in the original text and in a view."""

    begin: int
    """Its start in the original, with leading white space."""
    span: Span
    """Its span in the original without white space at both ends."""
    low: int
    """The start of `span` in the view."""
    high: int
    """The end of `span` in the view."""


def shown_line(reading: Reading, view: View, start: int, end: int) -> Shown:
    """Return the line or cell that contains a span of `view`, or all lines that it crosses.

    Cached in `reading.shown_lines`, as many rules ask for the same lines.
    """
    first, last = view.span(start, end)
    breaks = reading.line_breaks
    place = bisect.bisect_left(breaks, first), bisect.bisect_left(breaks, last)
    known = reading.shown_lines[view is reading.fold]
    found = known.get(place)
    if found is None:
        line = reading.line(first, last)
        span = trimmed(reading.text, *line)
        found = known[place] = Shown(line.start, span, view.position(span.start), view.position(span.end))
    return found


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span from `start` to `end` without white space at its ends."""
    shown = text[start:end]
    return Span(start + len(shown) - len(shown.lstrip()), end - len(shown) + len(shown.rstrip()))


def wraps(document: Document, line: Span, following: Span) -> bool:
    """Return whether a line of plain text was wrapped by hand and continues in `following`."""
    if following.start - line.end > 2 or line.end - line.start < _WRAPPED_FROM:  # noqa: PLR2004  one line end
        return False
    block, text = document.block_at(line.start), document.text
    if block.location.page is not None or block.sep not in _LINE_ENDS:
        return False
    if _STOP_AT_END.match(text, line.start, line.end) or _CELL_MARK.search(text, line.start, line.end):
        return False
    return not _NEW_ITEM.match(text, following.start)
