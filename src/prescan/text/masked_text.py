"""Spans of a text with values masked, to be shown by findings, reports and records."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class MaskedText:
    """A text and the values in it that must not be shown."""

    def __init__(self, text: str, values: Iterable[tuple[int, int, str]]) -> None:
        """`values` are (start, end, mask), offsets of `text`; they do not overlap."""
        self._text = text
        self._values = sorted(values)

    def span(self, low: int, high: int) -> str:
        """Return a span of the text, masked; a value that crosses an edge of the span is hidden completely.

        >>> MaskedText("电话13800138000。", [(2, 13, "138****8000")]).span(0, 14)
        '电话138****8000。'
        >>> MaskedText("电话13800138000。", [(2, 13, "138****8000")]).span(0, 6)
        '电话****'
        """
        pieces, at = [], low
        first = bisect.bisect_left(self._values, low, key=lambda value: value[1])
        for start, end, mask in self._values[first:]:
            if start >= high:
                break
            pieces.append(self._text[at : max(at, start)])
            pieces.append(mask if start >= at and end <= high else "*" * (min(end, high) - max(start, at)))
            at = min(end, high)
        return "".join(pieces) + self._text[at:high]
