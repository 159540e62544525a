"""Pictures that a page carries in itself (data: addresses): scans pasted into it, codes, drawings with words."""

from __future__ import annotations

import re
import urllib.parse
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from prescan.errors import ReadError
from prescan.formats.budget import SharedLimits
from prescan.formats.html.encoded import unpacked
from prescan.formats.image.metadata import embedded_metadata
from prescan.formats.media import may_show_text, picture_of
from prescan.formats.text import has_visible
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

#: What every such address holds; the colon is found faster than a first letter of either case.
_SIGN: Final = re.compile(":[iI][mM][aA]")
_DATA: Final = re.compile(r"data:image/(svg\+xml|[\w.-]+)[\w=;.-]*?;base64,([A-Za-z0-9+/=%\s]+)", re.IGNORECASE)
#: A drawing that is written out: percent-encoded up to white space or a quote, or as it is up to its end.
_DRAWING: Final = re.compile(r"data:image/svg\+xml(?:;[\w=-]+)*,(?:(%3Csvg[^\"'<>\s]+)|(?=<svg))", re.IGNORECASE)
_END: Final = "</svg>"
_WORDS: Final = "text, title, desc, foreignObject"


def has_pictures(text: str) -> bool:
    """Tell whether a page carries pictures in itself in which text may stand."""
    found = _DATA.finditer(text) if _SIGN.search(text) else ()
    return any(may_show_text(unpacked(one[2])) for one in found if one[1].lower() != "svg+xml")


def pictures(text: str, limits: Limits, *, alone: bool) -> Iterator[Block]:
    """Yield the words of the drawings in a page's text, and its pictures, each once, if any are wanted.

    `alone`: the page says nothing else.
    """
    if not _SIGN.search(text):
        return
    shared = SharedLimits.of(limits)
    for found in _DATA.finditer(text):
        content = unpacked(found[2])
        if found[1].lower() == "svg+xml":
            yield from _words(content.decode("utf-8", "replace"))
            continue
        yield from embedded_metadata((content,))
        try:
            picture = picture_of(content, shared, None, "page" if alone else "inset", without_text=alone)
        except ReadError:  # what cannot be opened is no picture, whatever it is called
            continue
        if picture:
            yield picture
    for drawing in _written(text):
        yield from _words(urllib.parse.unquote(drawing))


def _written(text: str) -> Iterator[str]:
    """Yield the drawings that are written out."""
    at = 0
    while found := _DRAWING.search(text, at):
        at = found.end()
        if found[1]:
            yield found[1]
            continue
        end = text.find(_END, at)
        if end < 0:
            return
        yield text[at:end]
        at = end


def _words(drawing: str) -> Iterator[Block]:
    """Yield what stands in a drawing."""
    for node in LexborHTMLParser(drawing).css(_WORDS):
        text = " ".join((node.text() or "").split())
        if has_visible(text):
            yield Block(text, Location("image"))
