"""What an old office document holds besides its own text: embedded objects and macros."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats import vba
from prescan.formats.media import carve_pictures
from prescan.formats.ole import MAGIC, CompoundFile, read_embedded
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_PICTURES: Final = ("Data", "Pictures", "WordDocument")
_WORKBOOKS: Final = ("Workbook", "Book")
_DRAWINGS: Final = 0x00EB
_CONTINUED: Final = 0x003C
#: A stream that every macro project has.
_MACROS: Final = "_VBA_PROJECT"


def embedded_content(holder: CompoundFile, limits: Limits) -> Iterator[Block | Unread]:
    """Yield a block for each embedded object and for the macros, each followed by its content."""
    for number, content in enumerate(holder.embedded_objects(), 1):
        yield from embedded(number, content, limits)
    if _MACROS in holder.names:
        yield from _macros(holder)


def stored_pictures(holder: CompoundFile) -> Iterator[bytes]:
    """Yield the picture files in a document, presentation or workbook ([MS-ODRAW] 2.2.22).

    A workbook cuts its drawings into records of limited length, which are put together again.
    """
    for name in _PICTURES:
        if name in holder.names:
            yield from carve_pictures(holder.bytes_of(name))
    for name in _WORKBOOKS:
        if name in holder.names:
            yield from carve_pictures(b"".join(_drawings(holder.bytes_of(name))))


def _drawings(stream: bytes) -> Iterator[bytes]:
    at, inside_drawing = 0, False
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        inside_drawing = kind == _DRAWINGS or (kind == _CONTINUED and inside_drawing)
        if inside_drawing:
            yield stream[at + 4 : at + 4 + size]
        at += 4 + size


def embedded(number: int, content: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield a block for an embedded object, followed by its content."""
    holder = _compound(content)
    if holder and _MACROS in holder.names and not any(holder.embedded_objects()):
        yield from _macros(holder)
        return
    yield Block("", Location("attachment"), hidden="embedded_file", note="内嵌对象")
    yield from read_embedded(f"第{number}个内嵌对象", content, limits)


def _compound(content: bytes) -> CompoundFile | None:
    try:
        return CompoundFile(content) if content.startswith(MAGIC) else None
    except ReadError:
        return None  # reading it as an embedded file reports the damage


def _macros(holder: CompoundFile) -> Iterator[Block | Unread]:
    place = Location("attachment")
    yield Block("", place, hidden="embedded_file", note="宏程序")
    try:
        for line in vba.source_lines(holder):
            yield Block(line, place, hidden="embedded_file", note="宏程序")
    except ReadError as error:
        yield Unread("宏程序", error.code, error.detail)
