"""Colours as office formats write them ("1F4E79"), and text in the colour of its background."""

from __future__ import annotations

import colorsys
import functools
import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import WHITE, Concealment

if TYPE_CHECKING:
    from collections.abc import Iterable

BLACK_ON_BLACK: Final = Concealment("hidden", "fake_redaction", "黑底上的黑字")
SAME_AS_BACKGROUND: Final = Concealment("hidden", "hidden_text", "与底色相同的文字")
TRANSPARENT: Final = Concealment("hidden", "hidden_text", "透明的文字")

_HEX: Final = re.compile(r"[0-9A-Fa-f]{6}")
#: Per channel, 0 to 255: the largest difference that is not seen; below this is black; from this on is white on paper.
_SIMILAR: Final = 24
_DARK: Final = 64
_WHITE: Final = 0xF0
_FULL: Final = 255


def parse_rgb(value: str) -> tuple[int, int, int] | None:
    """Return red, green and blue of "1F4E79"; None for "", "auto" and anything else."""
    if not _HEX.fullmatch(value):
        return None
    return int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)


def is_dark(value: str) -> bool:
    """Return whether a colour is nearly black."""
    colour = parse_rgb(value)
    return colour is not None and max(colour) < _DARK


def is_similar(value: str, other: str) -> bool:
    """Return whether two colours cannot be told from each other."""
    one, two = parse_rgb(value), parse_rgb(other)
    return one is not None and two is not None and all(abs(a - b) <= _SIMILAR for a, b in zip(one, two, strict=True))


def is_white(value: str) -> bool:
    """Return whether a colour cannot be told from white."""
    colour = parse_rgb(value)
    return colour is not None and min(colour) >= _WHITE


@functools.lru_cache(maxsize=1_024)
def background_concealment(text_colour: str, background: str) -> Concealment | None:
    """Return the concealment of text in the colour of its background, None if it can be seen; "" = unknown colour."""
    if is_white(text_colour):
        return WHITE if is_white(background) else None
    if not is_similar(text_colour, background):
        return None
    return BLACK_ON_BLACK if is_dark(text_colour) else SAME_AS_BACKGROUND


def transformed(value: str, change: str, amount: float) -> str:
    """Return a theme colour made lighter or darker; "" for an unknown transform.

    `change` is `lumMod`, `lumOff`, `shade` or `tint`, `amount` a fraction of 1 (ECMA-376-1, 20.1.2.3).

    >>> transformed("FFFFFF", "lumMod", 0.5), transformed("000000", "lumOff", 1.0), transformed("FFFFFF", "shade", 1.0)
    ('808080', 'FFFFFF', 'FFFFFF')
    """
    colour = parse_rgb(value)
    if colour is None:
        return ""
    if change == "shade":
        channels = [channel * amount for channel in colour]
    elif change == "tint":
        channels = [_FULL - (_FULL - channel) * amount for channel in colour]
    elif change in {"lumMod", "lumOff"}:
        hue, light, strength = colorsys.rgb_to_hls(*(channel / _FULL for channel in colour))
        light = light * amount if change == "lumMod" else light + amount
        channels = [channel * _FULL for channel in colorsys.hls_to_rgb(hue, min(1.0, max(0.0, light)), strength)]
    else:
        return ""
    return to_hex(channels)


def to_hex(channels: Iterable[float]) -> str:
    """Return red, green and blue as six hexadecimal digits, clipped to 0…255.

    >>> to_hex((0, 127.6, 300))
    '0080FF'
    """
    return "".join(f"{min(_FULL, max(0, round(channel))):02X}" for channel in channels)
