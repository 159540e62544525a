"""Which of many ranges of a text hold a place: asked for every hit of every rule, so it must not cost a walk."""

from __future__ import annotations

import bisect
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Cover:
    """Ranges in the order of their starts; they may overlap.

    >>> cover = Cover([(0, 9), (2, 4), (12, 14)])
    >>> cover.first(3), cover.first(9), cover.first(13)
    (0, None, 2)
    """

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        """`ranges` are (start, end), end exclusive."""
        held = list(ranges)
        self._starts = [start for start, _ in held]
        self._ends = [end for _, end in held]
        self._reach = list(itertools.accumulate(self._ends, max))

    def first(self, offset: int) -> int | None:
        """Return the index of the first range that holds `offset`."""
        found = None
        at = bisect.bisect_right(self._starts, offset) - 1
        while at >= 0 and self._reach[at] > offset:
            found = at if self._ends[at] > offset else found
            at -= 1
        return found
