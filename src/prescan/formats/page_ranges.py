"""Page numbers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def page_ranges(pages: Iterable[int]) -> str:
    """Return page numbers, given in order, as people write them.

    >>> page_ranges([3, 5, 6, 7])
    '3、5—7'
    """
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return "、".join(str(first) if first == last else f"{first}—{last}" for first, last in spans)
