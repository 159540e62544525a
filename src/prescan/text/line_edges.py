"""Where a line of a text begins and ends. Paragraphs of a document end with U+2029."""

from __future__ import annotations

from typing import Final

from prescan.types import PARAGRAPH_BREAK

#: Characters that end a line, in any format.
LINE_ENDS: Final = f"\n\r{PARAGRAPH_BREAK}"


def line_start(text: str, at: int, low: int = 0, ends: str = LINE_ENDS) -> int:
    r"""Return where the line with offset `at` begins, at least `low`; `ends` are the characters that end a line.

    >>> line_start("甲乙\u2029丙丁", 4), line_start("甲乙丙", 2, 1)
    (3, 1)
    """
    return max(low, *(text.rfind(mark, low, at) + 1 for mark in ends))


def line_end(text: str, at: int, high: int | None = None, ends: str = LINE_ENDS) -> int:
    r"""Return where the line with offset `at` ends: before one of `ends`, or at `high`.

    >>> line_end("甲乙\u2029丙丁", 1), line_end("甲乙丙丁", 1, 3)
    (2, 3)
    """
    high = len(text) if high is None else min(high, len(text))
    return min((place for mark in ends if (place := text.find(mark, at, high)) >= 0), default=high)
