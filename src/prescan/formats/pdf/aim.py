"""Which characters of a page an edit means: from spans of `Document.text` to the characters that PDFium counts.

Every character that says the value counts, also a second time under it or in front of it; what cannot be told apart
makes the page a picture. (`glyphs.py` looks for places to show, one each.)
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from prescan.formats.boxes import area, contains_centre, overlap
from prescan.formats.edits import apply_edits, touching
from prescan.formats.pdf.pieces import HYPHEN
from prescan.formats.pdf.shapes import IMAGE, PATH, TEXT, page_shapes
from prescan.formats.pdf.text import Text
from prescan.types import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prescan.formats.edits import Edit
    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import PdfBox
    from prescan.types import Block

_TOKEN: Final = re.compile(r"\S+")
_NEAR: Final = 2.0
"""Points by which a box of a block may miss the middle of a character."""
_LETTER: Final = 6.0
"""Smaller shapes hide no letter."""
_NEARLY_OPAQUE: Final = 250
_MOSTLY: Final = 0.6
_ALL: Final = 0.95
"""A shape over all of a picture is its frame or its colour, not a patch on it."""
_SHOWN_PARTS: Final = frozenset({"body", "table", "header", "footer", "form"})


@dataclass
class Aim:
    """What is wanted of a block: for each of its characters that changes, the new one ("" = none)."""

    text: str
    box: Box | None
    outside: bool
    """The block stands outside of the visible page."""
    seen: bool
    wanted: dict[int, str]


@dataclass
class Hit:
    """The characters of a page that change, text object by text object."""

    objects: dict[int, list[tuple[str, str | None]]] = field(default_factory=dict)
    """Which text object of the page, counted from 0 → its characters, each with the new one (None = it stays)."""
    repeated: set[int] = field(default_factory=set)
    """Text objects that write what changes once more, as programs do for bold type; PDFium tells only the first."""
    fonts: dict[int, Any] = field(default_factory=dict)
    """PDFium's handles of these text objects."""
    texts: int = 0
    """How many text objects the page has."""
    boxes: list[Box] = field(default_factory=list)
    """Where what changes and is seen stands, from the top left."""
    bars: list[Box] = field(default_factory=list)
    """The same in the space of the page's content."""
    exact: bool = True
    """False if a character was not found, or stands over a picture that shows it too."""


def aims(blocks: Iterable[Block], edits: tuple[Edit, ...]) -> dict[int, list[Aim]]:
    """Return by page what is to change: the edits in what is seen, and all of what is not seen."""
    held = tuple(blocks)
    starts = Document.of("", "", None, held).starts
    by_page: dict[int, list[Aim]] = defaultdict(list)
    for block, start in zip(held, starts, strict=True):
        page, end = block.location.page, start + len(block.text)
        if page is None or block.location.member is not None:
            continue
        if block.hidden is None and block.location.part in _SHOWN_PARTS:
            wanted = _wanted(block.text, start, touching(edits, start, end))
        elif block.location.part == "hidden" and block.note.startswith("第"):  # not a text of an earlier state
            wanted = dict.fromkeys(range(len(block.text)), "")
        else:
            continue
        if wanted:
            box = block.location.bbox
            by_page[page].append(
                Aim(block.text, box, block.hidden is not None and box is None, not block.hidden, wanted)
            )
    return dict(by_page)


def _wanted(text: str, start: int, edits: Iterable[Edit]) -> dict[int, str]:
    wanted: dict[int, str] = {}
    for edit in edits:
        low, high = max(edit.start - start, 0), min(edit.end - start, len(text))
        new = apply_edits(text[low:high], start + low, [edit])
        kept = len(new) == high - low
        for index in range(low, high):
            replaced = new[index - low] if kept else ""
            if replaced != text[index]:
                wanted[index] = replaced
    return wanted


def hit(page: Any, aimed: list[Aim]) -> Hit:  # noqa: ANN401 (pypdfium2 has no types)
    """Find on an open pdfium page the characters that `aimed` means."""
    text_page = page.get_textpage()
    try:
        return _found(page, Text(page, text_page), aimed)
    finally:
        text_page.close()


def _found(page: Any, text: Text, aimed: list[Aim]) -> Hit:  # noqa: ANN401
    shapes = page_shapes(page)
    told = Hit(texts=sum(shape.kind == TEXT for shape in shapes))
    boxes: dict[int, Box] = {
        index: text.glyph(index) for index, letter in enumerate(text.text) if not letter.isspace() and letter != HYPHEN
    }
    images = [text.place(shape.box) for shape in shapes if shape.kind == IMAGE]
    changes: dict[int, str] = {}
    places_hit: list[Box] = []
    for aim in aimed:
        found = _locate(aim, text, boxes)
        missing = [index for index in aim.wanted if not aim.text[index].isspace() and index not in found]
        if missing and aim.box is not None:
            told.exact = False
            told.boxes.append(aim.box)
        for index, places in found.items():
            for place in places if index in aim.wanted else ():
                changes[place] = aim.wanted[index]
                places_hit.append(boxes[place])
                if aim.seen:
                    told.boxes.append(boxes[place])
                    told.exact &= not any(contains_centre(image, boxes[place]) for image in images)
    _sort_by_object(text, shapes, changes, told, places_hit)
    told.bars = [text.raw_box(index) for index, new in changes.items() if new == "█"]
    return told


def _sort_by_object(text: Text, shapes: list[Any], changes: dict[int, str], told: Hit, places: list[Box]) -> None:
    """Put the characters of every text object that changes in their order."""
    order = {shape.key: number for number, shape in enumerate(shape for shape in shapes if shape.kind == TEXT)}
    handles = {shape.key: shape.handle for shape in shapes if shape.kind == TEXT}
    touched = {key for index in changes if (key := text.object_at(index)) is not None}
    if any(key not in order for key in touched):
        told.exact = False
        return
    silent = dict(order)
    for index, letter in enumerate(text.text if touched else ""):
        key = text.object_at(index)
        silent.pop(key or 0, None)
        if key in touched and key is not None:
            told.objects.setdefault(order[key], []).append((letter, changes.get(index)))
            told.fonts[order[key]] = handles[key]
    if any(text.object_at(index) is None for index in changes):
        told.exact = False
    for shape in shapes if touched else ():
        if shape.kind == TEXT and shape.key in silent:
            box = text.place(shape.box)
            if any(overlap(box, place) > 0 for place in places):
                told.repeated.add(order[shape.key])
                told.fonts[order[shape.key]] = shape.handle


def _locate(aim: Aim, text: Text, boxes: dict[int, Box]) -> dict[int, list[int]]:
    """Return for the characters of a block where they stand; a text without place may stand several times."""
    candidates = [index for index, box in boxes.items() if _may_be(aim, box, text)]
    said = "".join(text.text[index] for index in candidates)
    visible = [index for index, letter in enumerate(aim.text) if not letter.isspace()]
    wanted = "".join(aim.text[index] for index in visible)
    found: dict[int, list[int]] = defaultdict(list)
    for at in _every(said, wanted):
        for offset, index in enumerate(visible):
            found[index].append(candidates[at + offset])
    if found:
        return found
    at = 0
    for token in _TOKEN.finditer(aim.text):
        place = said.find(token[0], at)
        place = said.find(token[0]) if place < 0 else place
        if place >= 0:
            at = place + len(token[0])
            for offset in range(len(token[0])):
                found[token.start() + offset].append(candidates[place + offset])
    return found


def _every(said: str, wanted: str) -> Iterator[int]:
    at = said.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = said.find(wanted, at + len(wanted))


def _may_be(aim: Aim, box: Box, text: Text) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if aim.outside:
        return not (0 < x < text.width and 0 < y < text.height)
    if aim.box is None:
        return True
    left, top, right, bottom = aim.box
    return left - _NEAR <= x <= right + _NEAR and top - _NEAR <= y <= bottom + _NEAR


def covered_pictures(page: Any) -> bool:  # noqa: ANN401
    """Tell whether a page draws a filled shape over a part of a picture: what is under it is still in the file."""
    shapes = page_shapes(page)
    images = [shape for shape in shapes if shape.kind == IMAGE]
    for shape in shapes if images else ():
        if shape.kind != PATH or not _is_broad(shape.box):
            continue
        paint = shape.paint()
        if (
            paint
            and paint[3] > _NEARLY_OPAQUE
            and any(image.order < shape.order and _covers_part(shape.box, image.box) for image in images)
        ):
            return True
    return False


def touched_pictures(page: Any, box: PdfBox) -> bool:  # noqa: ANN401
    """Tell whether a box, as PDF counts, lies over a picture."""
    return any(shape.kind == IMAGE and overlap(shape.box, box) > 0 for shape in page_shapes(page))


def _is_broad(box: PdfBox) -> bool:
    return box[2] - box[0] >= _LETTER and box[3] - box[1] >= _LETTER


def _covers_part(box: PdfBox, image: PdfBox) -> bool:
    shared = overlap(box, image)
    return shared > _MOSTLY * area(box) and shared < _ALL * area(image)
