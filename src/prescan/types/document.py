"""A document as it was read: its blocks of text, their locations, and what could not be read."""

from __future__ import annotations

import bisect
import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from prescan.errors import READ_CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PARTS: Final = (
    *("body", "header", "footer", "table", "note", "textbox", "comment", "inserted", "deleted", "hidden"),
    *("metadata", "annotation", "form", "attachment", "image", "filename"),
)

PARAGRAPH_BREAK: Final = "\u2029"
CELL_BREAK: Final = "\t"
SOFT_WRAP: Final = "\n"


class Span(NamedTuple):
    """A stretch of Document.text: code points, end exclusive."""

    start: int
    end: int


#: Makes a Span of a pair in half the time of Span(…): a document has thousands of lines.
SPAN: Final[Callable[[tuple[int, int]], Span]] = functools.partial(tuple.__new__, Span)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a block is, in the document's own terms."""

    part: str = "body"
    """One of PARTS."""
    page: int | None = None
    """From 1."""
    paragraph: int | None = None
    """From 1, within the document's body."""
    cell: str | None = None
    """"Sheet1!C5"; in documents "表1!C5"."""
    bbox: tuple[float, float, float, float] | None = None
    """Points from the top left of the page: left, top, right, bottom."""
    member: str | None = field(default=None, repr=False)
    """Path inside a container: "a.zip/附件1.xlsx". A file name may hold a value, so it is not in the repr."""


#: Location(…), cached: readers make one for every block, and that took most of their time.
PLACE: Final = functools.lru_cache(maxsize=1 << 14)(Location)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text with one location, and the separator between it and the next block."""

    text: str = field(repr=False)
    location: Location = Location()
    sep: str = PARAGRAPH_BREAK
    """What follows in Document.text: PARAGRAPH_BREAK, CELL_BREAK inside a table row, or SOFT_WRAP."""
    hidden: str | None = None
    """The finding type of category hidden_content ("comment", "tracked_change" …); None if the block is visible."""
    note: str = field(default="", repr=False)
    """What a reviewer would call a hidden place: "2024-03-01 删除的文字". No values."""
    certainty: float | None = None
    """Confidence of OCR, 0 to 1; None: the file contains this as text."""


@dataclass(frozen=True, slots=True)
class Picture(Block):
    """A placeholder for text that OCR must still recognise; the scanner replaces it by the blocks OCR returns.

    `location.bbox` is the part of the page the picture fills; None: the whole page, or the format has no pages.
    """

    image: bytes = field(default=b"", repr=False)
    """An encoded picture file; empty if the limit on pictures (`Limits.ocr_pages`) was reached."""
    kind: Literal["page", "layer", "inset"] = "page"
    """A page that is only a picture, a page whose text layer is checked against its picture, or a picture in a text."""
    size: tuple[float, float] | None = None
    """Width and height of `location.bbox`, or of the page, in points; None = as the picture file says."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read: part of the result, so that nothing passes silently."""

    name: str = field(repr=False)
    code: str
    """One of prescan.errors.READ_CODES."""
    detail: str = ""
    """A Chinese sentence with the next step; no values."""

    @classmethod
    def of(cls, name: str, code: str, detail: str = "") -> Unread:
        """Make an Unread; without `detail` it gets the standard sentence of the code."""
        return cls(name, code, detail or READ_CODES[code])


@dataclass(frozen=True)
class Document:
    """The text of one input, unchanged, as blocks with locations."""

    name: str = field(repr=False)
    media_type: str | None
    sha256: str | None
    blocks: tuple[Block, ...] = field(repr=False)

    @classmethod
    def of(cls, name: str, media_type: str, sha256: str | None, blocks: Iterable[Block]) -> Document:
        """Make a Document of the blocks a reader yielded.

        The separator after the last block is dropped, except in plain text, where every character is kept.
        """
        kept = tuple(blocks)
        if kept and not media_type.startswith("text/plain"):
            last = kept[-1]
            if type(last) is Block:  # as nearly all are: `replace` takes three times as long
                last = Block(last.text, last.location, "", last.hidden, last.note, last.certainty)
            else:
                last = replace(last, sep="")
            kept = (*kept[:-1], last)
        return cls(name, media_type, sha256, kept)

    @functools.cached_property
    def text(self) -> str:
        """The whole text: each block followed by its separator."""
        return "".join([part for block in self.blocks for part in (block.text, block.sep)])

    @functools.cached_property
    def starts(self) -> list[int]:
        """The offset of each block in `text`."""
        starts, at = [], 0
        for block in self.blocks:
            starts.append(at)
            at += len(block.text) + len(block.sep)
        return starts

    def block_index(self, offset: int) -> int:
        """Return the index of the block that contains `offset`; a separator belongs to the block before it."""
        return max(0, bisect.bisect_right(self.starts, offset) - 1)

    def block_at(self, offset: int) -> Block:
        """Return the block that contains `offset`."""
        return self.blocks[self.block_index(offset)]
