"""Splits the lines of a text into sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.types import Span

#: Written with its first character apart: only then does `re` go from one such character to the next.
_SENTENCE_ENDS: Final = re.compile("[。！？!?；;][。！？!?；;]*")


def sentence_spans(text: str, lines: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each sentence of each line, with the marks at its end."""
    if not lines:
        return
    marks = [match.span() for match in _SENTENCE_ENDS.finditer(text, lines[0].start, lines[-1].end)]
    marks.append((len(text) + 1, len(text) + 1))
    at = 0
    for begin, end in lines:
        while marks[at][0] < end:
            low, high = marks[at]
            if begin < low:
                yield begin, min(high, end)
            begin = max(begin, high)  # noqa: PLW2901  the rest of the line
            if high > end:
                break
            at += 1
        if begin < end and not text[begin:end].isspace():
            yield begin, end
