"""Lines of a text: which one goes on in the next, and what a view shows of them."""

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
    """A line or a cell, as a view shows it."""

    begin: int
    """Where it begins in the original, white space and all."""
    span: Span
    """What stands in it, without the white space at its ends."""
    low: int
    """Where that begins in the view, and where it ends."""
    high: int


def shown_line(reading: Reading, view: View, start: int, end: int) -> Shown:
    """Return the line or cell of a span of a view, or the lines from its first to its last; every rule asks again."""
    first, last = view.span(start, end)
    marks = reading.line_marks
    place = bisect.bisect_left(marks, first), bisect.bisect_left(marks, last)
    known = reading.shown_lines[view is reading.fold]
    found = known.get(place)
    if found is None:
        line = reading.line(first, last)
        span = trimmed(reading.text, *line)
        found = known[place] = Shown(line.start, span, view.position(span.start), view.position(span.end))
    return found


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without white space at its ends."""
    shown = text[start:end]
    return Span(start + len(shown) - len(shown.lstrip()), end - len(shown) + len(shown.rstrip()))


def wraps(document: Document, line: Span, following: Span) -> bool:
    """Tell whether a line, of plain text wrapped by hand, goes on in the next one."""
    if following.start - line.end > 2 or line.end - line.start < _WRAPPED_FROM:  # noqa: PLR2004  one line end
        return False
    block, text = document.block_at(line.start), document.text
    if block.location.page is not None or block.sep not in _LINE_ENDS:
        return False
    if _STOP_AT_END.match(text, line.start, line.end) or _CELL_MARK.search(text, line.start, line.end):
        return False
    return not _NEW_ITEM.match(text, following.start)
