"""On what a run of WordprocessingML stands: the colour behind its text, and a text of the same colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.marks import Mark, child
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from lxml import etree

ON_DARK: Final = Mark("hidden", "fake_redaction", "黑底上的黑字")
ON_SAME: Final = Mark("hidden", "hidden_text", "与底色相同的文字")
CLEAR: Final = Mark("hidden", "hidden_text", "透明的文字")

_HEX: Final = re.compile(r"[0-9A-Fa-f]{6}")
_NEAR: Final = 24
_DARK: Final = 64
#: What holds a run and may be painted, innermost first, and where each keeps its settings.
_HOLDERS: Final = {"p": "pPr", "tc": "tcPr"}


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


def ground_of(run: etree._Element) -> str:
    """Return the colour behind a run: that of its own shading, its paragraph's or its cell's; "" if none is told."""
    held = child(run, "rPr")
    if fill := _fill(held):
        return fill
    holder = run.getparent()
    while holder is not None and (name := LOCAL_NAME[holder.tag]) not in {"tbl", "body", "txbxContent"}:
        if name in _HOLDERS and (fill := _fill(child(holder, _HOLDERS[name]))):
            return fill
        holder = holder.getparent()
    return ""


def _fill(settings: etree._Element | None) -> str:
    shade = None if settings is None else child(settings, "shd")
    if shade is None:
        return ""
    return attribute(shade, "color" if attribute(shade, "val") == "solid" else "fill")
