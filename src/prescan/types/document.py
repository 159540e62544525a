"""What is read: a document, its blocks, where they lie, and what could not be read."""

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
    """A span of Document.text."""

    start: int
    end: int


#: Span(…) of a pair, in half the time: a document has thousands of lines.
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


#: Location(…), made once for equal arguments: readers name a place for every block, and making one took them longest.
PLACE: Final = functools.lru_cache(maxsize=1 << 14)(Location)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that lies in one place, and what separates it from the next block."""

    text: str = field(repr=False)
    location: Location = Location()
    sep: str = PARAGRAPH_BREAK
    """What follows in Document.text: PARAGRAPH_BREAK, CELL_BREAK inside a table row, or SOFT_WRAP."""
    hidden: str | None = None
    """The hidden_content finding type this place is ("comment", "tracked_change" …), or None if visible."""
    note: str = field(default="", repr=False)
    """The place in a reviewer's words, for hidden places: "2024-03-01 删除的文字". Without values."""
    certainty: float | None = None
    """Of text recognised in a picture: how sure the recogniser was, 0 to 1. None: the file holds it as text."""


@dataclass(frozen=True, slots=True)
class Picture(Block):
    """An empty block where text must still be recognised. The scanner puts what was recognised in its place.

    `location.bbox` is the part of the page the picture fills; None: the whole page, or no page at all.
    """

    image: bytes = field(default=b"", repr=False)
    """A picture file; empty: not drawn, because the budget of pictures is spent."""
    kind: Literal["page", "layer", "inset"] = "page"
    """A page that is a picture, one whose text layer is compared with it, or a picture in a text."""
    size: tuple[float, float] | None = None
    """Width and height of `location.bbox` or the page in points; None = what the picture file says."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read: a result, never a silent pass."""

    name: str = field(repr=False)
    code: str
    """One of prescan.errors.READ_CODES."""
    detail: str = ""
    """A Chinese sentence with the next step; no values."""

    @classmethod
    def of(cls, name: str, code: str, detail: str = "") -> Unread:
        """Make an Unread with the code's own sentence unless `detail` says more."""
        return cls(name, code, detail or READ_CODES[code])


@dataclass(frozen=True)
class Document:
    """What a file says, unchanged."""

    name: str = field(repr=False)
    media_type: str | None
    sha256: str | None
    blocks: tuple[Block, ...] = field(repr=False)

    @classmethod
    def of(cls, name: str, media_type: str, sha256: str | None, blocks: Iterable[Block]) -> Document:
        """Make a Document of the blocks a reader gave.

        Plain text keeps every character, so its last separator stays; elsewhere it separates from nothing and goes.
        """
        held = tuple(blocks)
        if held and not media_type.startswith("text/plain"):
            last = held[-1]
            if type(last) is Block:  # as nearly all are: `replace` takes three times as long
                last = Block(last.text, last.location, "", last.hidden, last.note, last.certainty)
            else:
                last = replace(last, sep="")
            held = (*held[:-1], last)
        return cls(name, media_type, sha256, held)

    @functools.cached_property
    def text(self) -> str:
        """The whole text: every block followed by its separator."""
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
        """Return the index of the block that holds `offset` (its separator belongs to it)."""
        return max(0, bisect.bisect_right(self.starts, offset) - 1)

    def block_at(self, offset: int) -> Block:
        """Return the block that holds `offset`."""
        return self.blocks[self.block_index(offset)]
