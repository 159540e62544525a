"""Word 97–2003 documents (doc, wps): the text of all its parts, from the piece table of [MS-DOC].

The text of a file is one run of characters in pieces: body, footnotes, headers, comments, endnotes, text boxes, one
after the other (2.4.1). Character properties tell what is hidden, deleted or inserted (2.6.1), paragraph properties
where a table row ends (2.6.2).
"""

from __future__ import annotations

import bisect
import operator
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats.media import pictures_of
from prescan.formats.old import doc_formats as looks
from prescan.formats.old.doc_pieces import BROKEN, Piece, pieces_in, word_at
from prescan.formats.old.inside import embedded_content, stored_pictures
from prescan.formats.old.leftover import with_residue
from prescan.formats.old.runs import hidden_block, join_runs
from prescan.formats.old.summary import summary
from prescan.formats.ole import CompoundFile
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, SOFT_WRAP, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.types import Limits

_STREAM: Final = "WordDocument"
_MAGIC: Final = 0xA5EC
_OLDER: Final = frozenset({0xA5DC, 0xA59B, 0xA59C})
_ENCRYPTED: Final = 0x0100
_PIECED: Final = 0x0004
_CHINESE: Final = 0x0804
_SECOND_TABLE: Final = 0x0200
#: Offsets of the lengths of the parts (FibRgLw97), in the order of their text, and the part each belongs to.
_LENGTHS: Final = 0x4C
_PARTS: Final = ("body", "note", "header", "macro", "comment", "note", "textbox", "textbox")
_CLX: Final = 0x1A2
_CHARACTER_RUNS: Final = 0xFA
_PARAGRAPH_RUNS: Final = 0x102
_PAGE: Final = 512
#: Reasons why characters cannot be seen, the first one that applies counts; white ones need an uncoloured paragraph.
_REASONS: Final = {
    looks.DELETED: "deleted",
    looks.HIDDEN: "hidden",
    looks.BLACKED: "blacked",
    looks.WHITE: "white",
    looks.TINY: "tiny",
    looks.INSERTED: "inserted",
}
_COLOURED: Final = frozenset({looks.IN_TABLE, looks.SHADED})
_FIELD, _RESULT, _FIELD_END, _CELL, _PARAGRAPH, _WRAP, _BREAK = "\x13", "\x14", "\x15", "\x07", "\r", "\x0b", "\x0c"
#: Pictures, drawings and footnote marks have no text; the others stand for hyphens.
_SIGNS: Final = str.maketrans({"\x01": "", "\x02": "", "\x05": "", "\x08": "", "\x1e": "-", "\x1f": ""})
_START: Final = operator.attrgetter("start")


class _Run(NamedTuple):
    """A stretch of bytes and the flags that apply to it."""

    start: int
    end: int
    flags: frozenset[int]


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the document. Raises ReadError: encrypted, corrupted, unsupported, empty."""
    holder = CompoundFile(data)
    try:
        word = _Document(holder)
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise ReadError("corrupted", BROKEN) from error
    yield from with_residue(holder, _items(holder, word, limits))


def _items(holder: CompoundFile, word: _Document, limits: Limits) -> Iterator[Block | Unread]:
    said = False
    for block in word.blocks():
        said = said or bool(block.text.strip())
        yield block
    yield from summary(holder)
    yield from embedded_content(holder, limits)
    drawn = list(pictures_of(stored_pictures(holder), limits, without_text=not said))
    yield from drawn
    if not said and not drawn:
        yield Unread.of("", "no_text_layer" if word.pictures else "empty")


class _Document:
    """The text of a file, with what is known about each character."""

    def __init__(self, holder: CompoundFile) -> None:
        self._stream = stream = holder.bytes_of(_STREAM)
        magic, flags = word_at(stream, 0), word_at(stream, 0x0A)
        if magic not in {_MAGIC, *_OLDER}:
            raise ReadError("corrupted", BROKEN)
        if flags & _ENCRYPTED:
            raise ReadError("encrypted")
        self._table = self._row = self._column = self._paragraph = 0
        self.pictures = False
        self._codec = "gb18030" if word_at(stream, 6) == _CHINESE else "cp1252"
        if magic in _OLDER:
            self._older()
            return
        table = holder.bytes_of("1Table" if flags & _SECOND_TABLE else "0Table")
        self._pieces = pieces_in(table, *struct.unpack_from("<II", stream, _CLX))
        self._runs = sorted(self._properties(table, _CHARACTER_RUNS, set(_REASONS), _character_looks), key=_START)
        self._rows = sorted(
            self._properties(table, _PARAGRAPH_RUNS, {looks.ROW_END, *_COLOURED}, _paragraph_looks), key=_START
        )
        self._lengths = struct.unpack_from(f"<{len(_PARTS)}i", stream, _LENGTHS)

    def _older(self) -> None:
        """Use the text of Word 6 and 95 as one piece; its properties are not read."""
        if word_at(self._stream, 0x0A) & _PIECED:
            raise ReadError("unsupported", "这是快速保存的 Word 95 文件，暂不支持；请用原软件另存为 docx 后重扫")
        start, end = struct.unpack_from("<II", self._stream, 0x18)
        text = self._stream[start:end].decode(self._codec, "replace")
        self._stream = text.encode("utf-16-le")
        self._pieces = [Piece(0, len(text), 0, wide=True)]
        self._runs, self._rows = [], []
        self._lengths = (len(text), *[0] * (len(_PARTS) - 1))

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of all parts, the body first."""
        at = 0
        later: list[Block] = []
        for part, length in zip(_PARTS, self._lengths, strict=True):
            if length <= 0:
                continue
            found = _with_rows(self._part(part, at, at + length))
            at += length
            if part == "body":
                yield from found
            elif part != "macro":
                later += found
        yield from sorted(later, key=lambda block: _ORDER.index(block.location.part))

    def _part(self, part: str, start: int, end: int) -> Iterator[Block | None]:
        """Yield the blocks of one part: paragraphs, table cells, hidden text as separate blocks; None ends a row."""
        held: list[tuple[str, str]] = []
        fields: list[bool] = []
        codes = 0
        for char, kind, row_end in self._characters(start, end):
            if char == "\x01":
                self.pictures = True
            if char == _FIELD:
                fields.append(True)
                codes += 1
            elif char == _RESULT and fields:
                codes -= fields[-1]
                fields[-1] = False
            elif char == _FIELD_END and fields:
                codes -= fields.pop()
            elif codes:
                held.append((char.translate(_SIGNS), "hidden field"))
            elif char in {_PARAGRAPH, _BREAK, _CELL}:
                yield from self._ended(held, part, char, row_end=row_end)
                held = []
            else:
                held.append(("\n" if char == _WRAP else char.translate(_SIGNS), kind))
        yield from self._ended(held, part, _PARAGRAPH, row_end=False)

    def _ended(self, held: list[tuple[str, str]], part: str, mark: str, *, row_end: bool) -> Iterator[Block | None]:
        """Yield the blocks of a paragraph or cell that `mark` ends."""
        if mark == _CELL and row_end:
            self._row, self._column = self._row + 1, 0
            yield None
            return
        location = self._place(part, mark, blank=not any(text.strip() for text, _ in held))
        sep = CELL_BREAK if mark == _CELL else PARAGRAPH_BREAK
        if part == "textbox":  # a text box may have a coloured fill
            held = [(text, "" if kind == "white" else kind) for text, kind in held]
        runs = join_runs(held)
        visible = [text for text, kind in runs if kind == ""]
        if not visible and not runs and mark != _CELL:
            return
        for at, (text, kind) in enumerate(runs):
            if kind and text.strip():
                yield hidden_block(text, kind, location)
            elif not kind and text:
                last = at == len(runs) - 1
                hidden, note = ("comment", "批注") if part == "comment" else (None, "")
                yield Block(text, location, sep if last else SOFT_WRAP, hidden, note)
        if mark == _CELL and not visible:
            yield Block("", location, sep)

    def _place(self, part: str, mark: str, *, blank: bool) -> Location:
        if part != "body":
            return Location(part)
        if mark == _CELL:
            if self._row == 0 and self._column == 0:
                self._table += 1
            cell = f"表{self._table}!{column_letters(self._column)}{self._row + 1}"
            self._column += 1
            return Location("table", cell=cell)
        if not blank and self._column == 0:
            self._row = 0
        self._paragraph += not blank
        return Location("body", paragraph=self._paragraph or None)

    def _characters(self, start: int, end: int) -> Iterator[tuple[str, str, bool]]:
        """Yield each character, why it cannot be seen ("" if it can), and whether it ends a row."""
        for piece in self._pieces:
            first, last = max(start, piece.start), min(end, piece.end)
            if first >= last:
                continue
            width, codec = (2, "utf-16-le") if piece.wide else (1, "cp1252")
            at = piece.at + (first - piece.start) * width
            place = at
            for char in self._stream[at : at + (last - first) * width].decode(codec, "replace"):
                row_end = char == _CELL and looks.ROW_END in _flags(self._rows, place)
                yield char, self._kind(_flags(self._runs, place), place), row_end
                place += width * (2 if ord(char) > 0xFFFF else 1)

    def _kind(self, flags: frozenset[int], place: int) -> str:
        """Return why a character cannot be seen, "" if it can; white ones can be seen on a colour."""
        if looks.WHITE in flags and _flags(self._rows, place) & _COLOURED:
            flags -= {looks.WHITE}
        return next((kind for flag, kind in _REASONS.items() if flag in flags), "")

    def _properties(
        self, table: bytes, at: int, wanted: set[int], told: Callable[[bytes, int, int], Iterator[int]]
    ) -> Iterator[_Run]:
        """Yield the stretches of the stream for which a wanted property is on."""
        first, length = struct.unpack_from("<II", self._stream, at)
        listing = table[first : first + length]
        count = (len(listing) - 4) // 8
        for number in range(max(0, count)):
            page = struct.unpack_from("<I", listing, 4 * (count + 1) + 4 * number)[0] & 0x3FFFFF
            held = self._stream[page * _PAGE : (page + 1) * _PAGE]
            runs = held[_PAGE - 1] if len(held) == _PAGE else 0
            for run in range(runs):
                try:
                    start, end = struct.unpack_from("<II", held, 4 * run)
                    flags = frozenset(wanted & set(told(held, runs, run)))
                except (struct.error, IndexError):  # the text can be read without it
                    break
                if flags:
                    yield _Run(start, end, flags)


_ORDER: Final = ("header", "note", "textbox", "comment", "hidden", "inserted", "deleted", "table", "body")


def _character_looks(page: bytes, runs: int, run: int) -> Iterator[int]:
    offset = 2 * page[4 * (runs + 1) + run]
    return looks.character_flags(page[offset + 1 : offset + 1 + page[offset]] if offset else b"")


def _paragraph_looks(page: bytes, runs: int, run: int) -> Iterator[int]:
    offset = 2 * page[4 * (runs + 1) + 13 * run]
    if not offset:
        return iter(())
    half = page[offset]
    start, length = (offset + 1, 2 * half - 1) if half else (offset + 2, 2 * page[offset + 1])
    return looks.paragraph_flags(page[start + 2 : start + length])


def _flags(runs: list[_Run], place: int) -> frozenset[int]:
    at = bisect.bisect_right(runs, place, key=_START) - 1
    return runs[at].flags if at >= 0 and place < runs[at].end else frozenset()


def _with_rows(items: Iterator[Block | None]) -> Iterator[Block]:
    """Yield the blocks, with a paragraph break after the last cell of each row."""
    held: Block | None = None
    for item in items:
        if held:
            yield replace(held, sep=PARAGRAPH_BREAK) if item is None else held
        held = item
    if held:
        yield held
