"""Finds the range of a text that contains an offset. It is needed for every hit of every rule, so it must be fast."""

from __future__ import annotations

import bisect
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Cover:
    """Ranges sorted by their starts; they may overlap.

    >>> cover = Cover([(0, 9), (2, 4), (12, 14)])
    >>> cover.first(3), cover.first(9), cover.first(13)
    (0, None, 2)
    """

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        """`ranges` are (start, end), end exclusive."""
        sorted_ranges = list(ranges)
        self._starts = [start for start, _ in sorted_ranges]
        self._ends = [end for _, end in sorted_ranges]
        self._reach = list(itertools.accumulate(self._ends, max))

    def first(self, offset: int) -> int | None:
        """Return the index of the first range that contains `offset`, or None."""
        first_index = None
        index = bisect.bisect_right(self._starts, offset) - 1
        while index >= 0 and self._reach[index] > offset:
            first_index = index if self._ends[index] > offset else first_index
            index -= 1
        return first_index
