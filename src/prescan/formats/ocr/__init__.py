"""Text in pictures: turns recognised lines into the blocks of a page.

Runs in a process of its own (`prescan._ocr`); the recogniser is a function, so everything around it works without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.formats.image.pixels import decode_picture, open_picture
from prescan.formats.ocr import agree
from prescan.formats.ocr.order import blocks_of
from prescan.formats.ocr.passes import recognise_picture
from prescan.formats.pdf.pieces import Counter

if TYPE_CHECKING:
    from prescan.formats.ocr.lines import Recogniser
    from prescan.types import Block, Location

_POOR: Final = 0.6
"""A page with a lower mean certainty is left to a person."""


class RecognitionRequest(NamedTuple):
    """A picture to recognise, and what is known of its place."""

    image: bytes
    kind: str
    """As in types.Picture."""
    place: Location
    size: tuple[float, float] | None
    counter: Counter
    layer: str = ""
    """The text that the page holds besides its picture."""


class Page(NamedTuple):
    """The result of recognition."""

    blocks: list[Block]
    certainty: float
    """Mean over all characters, 0 to 1."""
    blank: bool
    """Nothing was recognised, and the picture is blank."""
    poor: bool
    counter: Counter


def recognise(request: RecognitionRequest, recogniser: Recogniser) -> Page:
    """Return the text of a picture. Raises ReadError: no_text_layer, too_large (it cannot be decoded)."""
    image = decode_picture(open_picture(request.image))
    sheet = recognise_picture(
        image, request.size, recogniser, head=request.kind != "inset" and request.place.page in {None, 1}
    )
    seen = sheet.lines
    chars = sum(len(line.text) for line in seen)
    certainty = sum(line.score * len(line.text) for line in seen) / chars if chars else 0.0
    blocks = list(blocks_of(sheet, request.place, request.counter, whole=request.kind == "page"))
    if request.kind == "layer":
        blocks = agree.differing(blocks, request.layer, request.place.page)
    return Page(blocks, certainty, sheet.blank and not seen, 0 < certainty < _POOR, request.counter)


def counter_from_message(told: dict[str, Any]) -> Counter:
    """Return the Counter in a message."""
    return Counter(told["paragraph"], told["table"], told["row"], list(told["columns"]))
