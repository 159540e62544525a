"""PowerPoint 97–2003 presentations (ppt, dps): the text atoms of [MS-PPT], slide by slide, then notes and comments.

The stream is a tree of records (2.3.1). Saving appends to it, so records of earlier saves are read too.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats.budget import SharedLimits
from prescan.formats.media import pictures_of
from prescan.formats.old.inside import embedded, stored_pictures
from prescan.formats.old.leftover import with_residue
from prescan.formats.old.summary import summary
from prescan.formats.ole import CompoundFile
from prescan.types import PARAGRAPH_BREAK, SOFT_WRAP, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_STREAM: Final = "PowerPoint Document"
_USER: Final = "Current User"
_ENCRYPTED_USER: Final = b"\xdf\xc4\xd1\xf3"
_HEADER: Final = 8
_CONTAINER: Final = 0xF
_SLIDE, _NOTES, _MASTER, _HANDOUT = 1006, 1008, 1016, 4041
_LIST: Final = 4080
_WIDE_TEXT, _NARROW_TEXT, _STRING = 4000, 4008, 4026
_COMMENT: Final = 12000
_OBJECT: Final = 4113
_LISTED, _SHOWN = 1011, 1017
#: Offset of the flags of a slide show, and the flag of hidden slides.
_SHOWN_BYTES, _SHOWN_FLAGS, _LEFT_OUT = 12, 10, 0x04
_HEADERS_FOOTERS: Final = 4057
_FIELD: Final = "*"
"""A placeholder for a number or date."""
_DEEPEST: Final = 60
_RECORDS_AT_MOST: Final = 500_000
_ORDER: Final = ("header", "note", "comment", "concealed", "hidden")
_BROKEN: Final = "演示文稿已损坏或不完整，请用原软件打开并另存为 pptx 后重扫"


class _Record(NamedTuple):
    kind: int
    instance: int
    start: int
    end: int
    inside: tuple[int, ...]
    """The types of the surrounding containers, outermost first."""


class _Said(NamedTuple):
    part: str
    text: str
    slide: int | None


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the presentation. Raises ReadError: encrypted, corrupted, empty."""
    holder = CompoundFile(data)
    if _USER in holder.names and _ENCRYPTED_USER in holder.bytes_of(_USER)[:24]:
        raise ReadError("encrypted")
    if _STREAM not in holder.names:
        raise ReadError("corrupted", _BROKEN)
    # Masters hold sentences of the program: 单击此处编辑母版标题样式.
    yield from with_residue(holder, _items(holder, limits), {_STREAM})


def _items(holder: CompoundFile, limits: Limits) -> Iterator[Block | Unread]:
    stream = holder.bytes_of(_STREAM)
    said = list(_texts(stream))
    told: set[tuple[str, str]] = set()
    blocks: dict[str, list[Block]] = {"body": [], **{part: [] for part in _ORDER}}
    for item in said:
        key = ("" if item.part == "body" else item.part, item.text)
        if key not in told and item.text.strip():
            told.add(key)
            blocks[item.part] += _blocks(item)
    for part in ("body", *_ORDER):
        yield from blocks[part]
    yield from summary(holder)
    yield from _objects(stream, limits)
    drawn = list(pictures_of(stored_pictures(holder), limits, without_text=not told))
    yield from drawn
    if not told and not drawn:
        yield Unread.of("", "no_text_layer" if "Pictures" in holder.names else "empty")


def _objects(stream: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the content of embedded objects: compound files, mostly deflated after their length (2.10.34)."""
    shared = SharedLimits.of(limits)
    number = 0
    for record in _records(stream):
        if record.kind != _OBJECT:
            continue
        number += 1
        content = stream[record.start : record.end]
        try:
            if record.instance:
                content = zlib.decompressobj().decompress(content[4:], shared.max_expanded(len(content)) + 1)
        except zlib.error:
            yield Unread.of(f"第{number}个内嵌对象", "corrupted")
        else:
            yield from embedded(number, content, limits)


def _texts(stream: bytes) -> Iterator[_Said]:
    """Yield the texts with their parts, slides in the order of the stream."""
    slides = listed = 0
    concealed = _concealed(stream)
    of_slides = False
    for record in _records(stream):
        slides += record.kind == _SLIDE
        of_slides = record.instance == 0 if record.kind == _LIST else of_slides
        listed += of_slides and record.kind == _LISTED and record.inside[-1:] == (_LIST,)
        text = _text(stream, record)
        part = "" if text is None else _part(record)
        if text and part and text != _FIELD:
            number = slides if slides and part == "body" else None
            slide = slides if _SLIDE in record.inside else listed if of_slides else 0
            if part == "body" and slide in concealed:
                part = "concealed"
            yield _Said(part, text, number)


def _concealed(stream: bytes) -> set[int]:
    """Return the numbers of the hidden slides, in the order of the stream (2.6.6)."""
    slides = 0
    found: set[int] = set()
    for record in _records(stream):
        slides += record.kind == _SLIDE
        told = record.kind == _SHOWN and record.inside[-1:] == (_SLIDE,) and record.end - record.start >= _SHOWN_BYTES
        if told and stream[record.start + _SHOWN_FLAGS] & _LEFT_OUT:
            found.add(slides)
    return found


def _part(record: _Record) -> str:
    """Return the part a text belongs to; "" for names of programs, fonts and shows, and prompts of templates."""
    if _COMMENT in record.inside:
        return "comment"
    if _HEADERS_FOOTERS in record.inside:
        return "header"
    if record.kind == _STRING or _MASTER in record.inside or _HANDOUT in record.inside:
        return ""
    if _NOTES in record.inside:
        return "note"
    return "body" if _SLIDE in record.inside or _LIST in record.inside else "hidden"


def _records(stream: bytes) -> Iterator[_Record]:
    """Yield all records in order. A damaged one ends its container, not the reading."""
    waiting: list[tuple[int, int, tuple[int, ...]]] = [(0, len(stream), ())]
    count = 0
    while waiting:
        at, end, inside = waiting.pop()
        if at + _HEADER > end:
            continue
        head, kind, size = struct.unpack_from("<HHI", stream, at)
        start, stop = at + _HEADER, min(end, at + _HEADER + size)
        count += 1
        if count > _RECORDS_AT_MOST:
            raise ReadError("too_large", "演示文稿的记录过多，请拆分后重扫")
        waiting.append((stop, end, inside))
        yield _Record(kind, head >> 4, start, stop, inside)
        if head & _CONTAINER == _CONTAINER and len(inside) < _DEEPEST:
            waiting.append((start, stop, (*inside, kind)))


def _text(stream: bytes, record: _Record) -> str | None:
    content = stream[record.start : record.end]
    if record.kind in {_WIDE_TEXT, _STRING}:
        return content.decode("utf-16-le", "replace")
    return content.decode("latin-1") if record.kind == _NARROW_TEXT else None


def _blocks(item: _Said) -> Iterator[Block]:
    hidden = {"comment": "comment", "hidden": "hidden_text", "concealed": "hidden_text"}.get(item.part)
    note = {"comment": "批注", "hidden": "较早保存时的残留文字", "concealed": "隐藏的幻灯片"}.get(item.part, "")
    part = "hidden" if item.part == "concealed" else item.part
    for paragraph in item.text.replace("\x0b", SOFT_WRAP).split("\r"):
        if paragraph.strip("\0 \t"):
            yield Block(paragraph, Location(part, item.slide), PARAGRAPH_BREAK, hidden, note)
