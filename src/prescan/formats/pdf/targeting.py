"""Maps edits, which are spans of `Document.text`, to the characters of a page as PDFium numbers them.

Every copy of a value must be found, also one drawn under or over another; where that is not certain the page becomes a
picture. (`glyphs.py` finds places to show, for which one copy is enough.)
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
_TOLERANCE: Final = 2.0
"""A character belongs to a block if its centre is at most this many points outside the block's box."""
_MIN_SIDE: Final = 6.0
"""In points; smaller shapes hide no letter."""
_NEARLY_OPAQUE: Final = 250
_MOSTLY_OVER: Final = 0.6
_WHOLE_PICTURE: Final = 0.95
"""A shape that covers the whole picture is its frame or tint, not a patch on it."""
_VISIBLE_PARTS: Final = frozenset({"body", "table", "header", "footer", "form"})


@dataclass
class BlockChange:
    """The change wanted in a block; `wanted`: index of a character → its replacement ("" = none)."""

    text: str
    box: Box | None
    outside: bool
    """The block is outside the visible page."""
    is_visible: bool
    wanted: dict[int, str]


@dataclass
class PageChange:
    """The characters to change on a page, by text object."""

    objects: dict[int, list[tuple[str, str | None]]] = field(default_factory=dict)
    """Number of a text object on the page, from 0 → its characters with their replacements (None = unchanged)."""
    duplicate_texts: set[int] = field(default_factory=set)
    """Text objects that draw the same text again, as programs do for bold type; PDFium reports only the first."""
    fonts: dict[int, Any] = field(default_factory=dict)
    """PDFium's handles of the text objects that change."""
    text_count: int = 0
    """Number of text objects on the page."""
    boxes: list[Box] = field(default_factory=list)
    """The boxes of visible characters that change, from the top left."""
    bars: list[Box] = field(default_factory=list)
    """The boxes to draw as bars, in the coordinates of the page's content."""
    is_exact: bool = True
    """False if a character was not found, or is over a picture that shows it too."""


def block_changes(blocks: Iterable[Block], edits: tuple[Edit, ...]) -> dict[int, list[BlockChange]]:
    """Return the changes by page: the edits in visible blocks, and the removal of all hidden ones."""
    held = tuple(blocks)
    starts = Document.of("", "", None, held).starts
    by_page: dict[int, list[BlockChange]] = defaultdict(list)
    for block, start in zip(held, starts, strict=True):
        page, end = block.location.page, start + len(block.text)
        if page is None or block.location.member is not None:
            continue
        if block.hidden is None and block.location.part in _VISIBLE_PARTS:
            wanted = _wanted(block.text, start, touching(edits, start, end))
        elif block.location.part == "hidden" and block.note.startswith("第"):  # not a text of an earlier state
            wanted = dict.fromkeys(range(len(block.text)), "")
        else:
            continue
        if wanted:
            box = block.location.bbox
            by_page[page].append(
                BlockChange(block.text, box, block.hidden is not None and box is None, not block.hidden, wanted)
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


def page_change(page: Any, block_changes_: list[BlockChange]) -> PageChange:  # noqa: ANN401 (pypdfium2 has no types)
    """Return the characters of an open pdfium page that the changes of its blocks concern."""
    text_page = page.get_textpage()
    try:
        return _find(page, Text(page, text_page), block_changes_)
    finally:
        text_page.close()


def _find(page: Any, text: Text, block_changes_: list[BlockChange]) -> PageChange:  # noqa: ANN401
    shapes = page_shapes(page)
    change = PageChange(text_count=sum(shape.kind == TEXT for shape in shapes))
    boxes: dict[int, Box] = {
        index: text.glyph(index) for index, letter in enumerate(text.text) if not letter.isspace() and letter != HYPHEN
    }
    images = [text.place(shape.box) for shape in shapes if shape.kind == IMAGE]
    changes: dict[int, str] = {}
    places_hit: list[Box] = []
    for block_change in block_changes_:
        found = _locate(block_change, text, boxes)
        missing = [
            index for index in block_change.wanted if not block_change.text[index].isspace() and index not in found
        ]
        if missing and block_change.box is not None:
            change.is_exact = False
            change.boxes.append(block_change.box)
        for index, places in found.items():
            for place in places if index in block_change.wanted else ():
                changes[place] = block_change.wanted[index]
                places_hit.append(boxes[place])
                if block_change.is_visible:
                    change.boxes.append(boxes[place])
                    change.is_exact &= not any(contains_centre(image, boxes[place]) for image in images)
    _sort_by_object(text, shapes, changes, change, places_hit)
    change.bars = [text.raw_box(index) for index, new in changes.items() if new == "█"]
    return change


def _sort_by_object(
    text: Text, shapes: list[Any], changes: dict[int, str], change: PageChange, places: list[Box]
) -> None:
    """Fill in, for every text object that changes, all its characters in order."""
    order = {shape.key: number for number, shape in enumerate(shape for shape in shapes if shape.kind == TEXT)}
    handles = {shape.key: shape.handle for shape in shapes if shape.kind == TEXT}
    changed_keys = {key for index in changes if (key := text.object_at(index)) is not None}
    if any(key not in order for key in changed_keys):
        change.is_exact = False
        return
    without_characters = dict(order)
    for index, letter in enumerate(text.text if changed_keys else ""):
        key = text.object_at(index)
        without_characters.pop(key or 0, None)
        if key in changed_keys and key is not None:
            change.objects.setdefault(order[key], []).append((letter, changes.get(index)))
            change.fonts[order[key]] = handles[key]
    if any(text.object_at(index) is None for index in changes):
        change.is_exact = False
    for shape in shapes if changed_keys else ():
        if shape.kind == TEXT and shape.key in without_characters:
            box = text.place(shape.box)
            if any(overlap(box, place) > 0 for place in places):
                change.duplicate_texts.add(order[shape.key])
                change.fonts[order[shape.key]] = shape.handle


def _locate(block_change: BlockChange, text: Text, boxes: dict[int, Box]) -> dict[int, list[int]]:
    """Return, for each character of a block, its indices on the page; a text without a box may occur several times."""
    candidates = [index for index, box in boxes.items() if _may_belong(block_change, box, text)]
    page_letters = "".join(text.text[index] for index in candidates)
    visible = [index for index, letter in enumerate(block_change.text) if not letter.isspace()]
    wanted = "".join(block_change.text[index] for index in visible)
    found: dict[int, list[int]] = defaultdict(list)
    for at in _occurrences(page_letters, wanted):
        for offset, index in enumerate(visible):
            found[index].append(candidates[at + offset])
    if found:
        return found
    at = 0
    for token in _TOKEN.finditer(block_change.text):
        place = page_letters.find(token[0], at)
        place = page_letters.find(token[0]) if place < 0 else place
        if place >= 0:
            at = place + len(token[0])
            for offset in range(len(token[0])):
                found[token.start() + offset].append(candidates[place + offset])
    return found


def _occurrences(page_letters: str, wanted: str) -> Iterator[int]:
    at = page_letters.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = page_letters.find(wanted, at + len(wanted))


def _may_belong(block_change: BlockChange, box: Box, text: Text) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if block_change.outside:
        return not (0 < x < text.width and 0 < y < text.height)
    if block_change.box is None:
        return True
    left, top, right, bottom = block_change.box
    return left - _TOLERANCE <= x <= right + _TOLERANCE and top - _TOLERANCE <= y <= bottom + _TOLERANCE


def has_covered_picture(page: Any) -> bool:  # noqa: ANN401
    """Return whether a filled shape covers part of a picture: what is under it is still in the file."""
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


def touches_picture(page: Any, box: PdfBox) -> bool:  # noqa: ANN401
    """Return whether a box in PDF coordinates overlaps a picture."""
    return any(shape.kind == IMAGE and overlap(shape.box, box) > 0 for shape in page_shapes(page))


def _is_broad(box: PdfBox) -> bool:
    return box[2] - box[0] >= _MIN_SIDE and box[3] - box[1] >= _MIN_SIDE


def _covers_part(box: PdfBox, image: PdfBox) -> bool:
    shared = overlap(box, image)
    return shared > _MOSTLY_OVER * area(box) and shared < _WHOLE_PICTURE * area(image)
