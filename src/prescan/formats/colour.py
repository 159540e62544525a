"""Colours as office formats write them, and text that has the colour of its ground."""

from __future__ import annotations

import colorsys
import functools
import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import WHITE, Concealment

if TYPE_CHECKING:
    from collections.abc import Iterable

ON_DARK: Final = Concealment("hidden", "fake_redaction", "黑底上的黑字")
ON_SAME: Final = Concealment("hidden", "hidden_text", "与底色相同的文字")
CLEAR: Final = Concealment("hidden", "hidden_text", "透明的文字")

_HEX: Final = re.compile(r"[0-9A-Fa-f]{6}")
_NEAR: Final = 24
_DARK: Final = 64
_WHITE: Final = 0xF0
"""On paper nobody reads what is paler than this in every channel."""
_FULL: Final = 255


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


def is_white(value: str) -> bool:
    """Tell whether a colour cannot be told from white."""
    colour = colour_of(value)
    return colour is not None and min(colour) >= _WHITE


@functools.lru_cache(maxsize=1_024)
def same_as_ground(written: str, ground: str) -> Concealment | None:
    """Return the mark of a text in the colour of its ground, or None; a colour may be "" where nobody knows it."""
    if is_white(written):
        return WHITE if is_white(ground) else None
    if not is_like(written, ground):
        return None
    return ON_DARK if is_dark(written) else ON_SAME


def changed(value: str, change: str, amount: float) -> str:
    """Return a colour of a theme made lighter or darker; "" for a change that is not known.

    `change` is `lumMod`, `lumOff`, `shade` or `tint`, `amount` a share of one (ECMA-376-1, 20.1.2.3).

    >>> changed("FFFFFF", "lumMod", 0.5), changed("000000", "lumOff", 1.0), changed("FFFFFF", "shade", 1.0)
    ('808080', 'FFFFFF', 'FFFFFF')
    """
    colour = colour_of(value)
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
    return hexed(channels)


def hexed(channels: Iterable[float]) -> str:
    """Return the six digits of red, green and blue from 0 to 255; what lies beyond is cut off.

    >>> hexed((0, 127.6, 300))
    '0080FF'
    """
    return "".join(f"{min(_FULL, max(0, round(channel))):02X}" for channel in channels)
