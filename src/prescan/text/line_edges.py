"""Where a line begins and ends: of a text file and of a document, whose paragraphs are parted by U+2029."""

from __future__ import annotations

from typing import Final

from prescan.types import PARAGRAPH_BREAK

#: What ends a line, in whatever format.
LINE_ENDS: Final = f"\n\r{PARAGRAPH_BREAK}"


def line_start(text: str, at: int, low: int = 0, ends: str = LINE_ENDS) -> int:
    r"""Return where the line begins that holds offset `at`, not before `low`; `ends`: what else is taken for its end.

    >>> line_start("甲乙\u2029丙丁", 4), line_start("甲乙丙", 2, 1)
    (3, 1)
    """
    return max(low, *(text.rfind(mark, low, at) + 1 for mark in ends))


def line_end(text: str, at: int, high: int | None = None, ends: str = LINE_ENDS) -> int:
    r"""Return where the line ends that holds offset `at`, at its end mark or at `high`.

    >>> line_end("甲乙\u2029丙丁", 1), line_end("甲乙丙丁", 1, 3)
    (2, 3)
    """
    high = len(text) if high is None else min(high, len(text))
    return min((place for mark in ends if (place := text.find(mark, at, high)) >= 0), default=high)
