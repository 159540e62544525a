"""Display width of texts, in columns of a terminal or spreadsheet."""

from __future__ import annotations

import functools
import unicodedata

_NO_COLUMN = frozenset({"Mn", "Me", "Cf", "Cc"})


def cell_len(text: str) -> int:
    """Return the display width of `text`: 2 per wide (Chinese) character, 0 per combining or control character."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(_columns, text))


@functools.lru_cache(8192)
def _columns(char: str) -> int:
    if unicodedata.category(char) in _NO_COLUMN and char != "\xad":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
