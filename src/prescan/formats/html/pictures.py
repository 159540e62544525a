"""Pictures embedded in a page as data: addresses: pasted scans, QR codes, drawings with words."""

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

#: Part of every such address; a colon is faster to find than a first letter in either case.
_SIGN: Final = re.compile(":[iI][mM][aA]")
_DATA: Final = re.compile(r"data:image/(svg\+xml|[\w.-]+)[\w=;.-]*?;base64,([A-Za-z0-9+/=%\s]+)", re.IGNORECASE)
#: A drawing as text: percent-encoded up to white space or a quote, or unencoded up to its end tag.
_DRAWING: Final = re.compile(r"data:image/svg\+xml(?:;[\w=-]+)*,(?:(%3Csvg[^\"'<>\s]+)|(?=<svg))", re.IGNORECASE)
_END: Final = "</svg>"
_WORDS: Final = "text, title, desc, foreignObject"


def has_pictures(text: str) -> bool:
    """Return whether a page contains embedded pictures large enough for text."""
    found = _DATA.finditer(text) if _SIGN.search(text) else ()
    return any(may_show_text(unpacked(one[2])) for one in found if one[1].lower() != "svg+xml")


def pictures(text: str, limits: Limits, *, alone: bool) -> Iterator[Block]:
    """Yield the words in embedded drawings and, if pictures are wanted, each embedded picture once.

    `alone`: the page contains no other text.
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
        except ReadError:  # not a picture, whatever its type says
            continue
        if picture:
            yield picture
    for drawing in _written(text):
        yield from _words(urllib.parse.unquote(drawing))


def _written(text: str) -> Iterator[str]:
    """Yield the drawings embedded as text."""
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
    """Yield the texts in a drawing."""
    for node in LexborHTMLParser(drawing).css(_WORDS):
        text = " ".join((node.text() or "").split())
        if has_visible(text):
            yield Block(text, Location("image"))
