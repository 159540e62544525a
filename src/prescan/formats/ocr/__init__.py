"""Text in pictures: what a recogniser sees becomes the blocks of a page.

Runs in a process of its own (`prescan._ocr`); the recogniser is a function, so everything around it works without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.formats.image.pixels import decode_picture, open_picture
from prescan.formats.ocr import agree
from prescan.formats.ocr.order import blocks_of
from prescan.formats.ocr.passes import look
from prescan.formats.pdf.pieces import Counter

if TYPE_CHECKING:
    from prescan.formats.ocr.seen import Recogniser
    from prescan.types import Block, Location

_POOR: Final = 0.6
"""A page whose characters were read with less certainty on the average is left to a person."""


class Wish(NamedTuple):
    """A picture whose text is wanted, and what is known of the place where it stands."""

    image: bytes
    kind: str
    """As in types.Picture."""
    place: Location
    size: tuple[float, float] | None
    counter: Counter
    layer: str = ""
    """The text that the page has beside its picture."""


class Page(NamedTuple):
    """What was recognised."""

    blocks: list[Block]
    certainty: float
    """Of all characters on the average, 0 to 1."""
    blank: bool
    """Nothing was recognised, and there is nothing to see either."""
    poor: bool
    counter: Counter


def recognise(wish: Wish, recogniser: Recogniser) -> Page:
    """Return the text of a picture. Raises ReadError: no_text_layer, too_large (it cannot be decoded)."""
    image = decode_picture(open_picture(wish.image))
    sheet = look(image, wish.size, recogniser, head=wish.kind != "inset" and wish.place.page in {None, 1})
    seen = sheet.lines
    chars = sum(len(line.text) for line in seen)
    certainty = sum(line.score * len(line.text) for line in seen) / chars if chars else 0.0
    blocks = list(blocks_of(sheet, wish.place, wish.counter, whole=wish.kind == "page"))
    if wish.kind == "layer":
        blocks = agree.differing(blocks, wish.layer, wish.place.page)
    return Page(blocks, certainty, sheet.blank and not seen, 0 < certainty < _POOR, wish.counter)


def counted(told: dict[str, Any]) -> Counter:
    """Return the Counter in a message."""
    return Counter(told["paragraph"], told["table"], told["row"], list(told["columns"]))
