"""Colours as office formats write them, and text that has the colour of its ground."""

from __future__ import annotations

import re
from typing import Final

from prescan.formats.marks import Mark

ON_DARK: Final = Mark("hidden", "fake_redaction", "黑底上的黑字")
ON_SAME: Final = Mark("hidden", "hidden_text", "与底色相同的文字")
CLEAR: Final = Mark("hidden", "hidden_text", "透明的文字")

_HEX: Final = re.compile(r"[0-9A-Fa-f]{6}")
_NEAR: Final = 24
_DARK: Final = 64


def colour_of(value: str) -> tuple[int, int, int] | None:
    """Return red, green and blue of "1F4E79"; None for none and for automatic."""
    if not _HEX.fullmatch(value):
        return None
    return int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)


def is_dark(value: str) -> bool:
    """Tell whether a colour is nearly black."""
    colour = colour_of(value)
    return colour is not None and max(colour) < _DARK


def is_like(value: str, other: str) -> bool:
    """Tell whether two colours cannot be told from each other."""
    one, two = colour_of(value), colour_of(other)
    return one is not None and two is not None and all(abs(a - b) <= _NEAR for a, b in zip(one, two, strict=True))
