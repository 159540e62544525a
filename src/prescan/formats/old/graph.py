"""The data table of a Microsoft Graph chart ([MS-OGRAPH]), embedded in old presentations and documents."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN, _VERSION = 0x0809, 0x0680
_NUMBER, _LABEL = 0x0003, 0x0004
_HEAD: Final = struct.Struct("<HH")
_PLACE: Final = struct.Struct("<HH3x")


def is_graph(stream: bytes) -> bool:
    """Return whether a stream is that of a chart; a workbook's has the same name."""
    return len(stream) > 6 and struct.unpack_from("<HxxH", stream) == (_BEGIN, _VERSION)


def read_graph(stream: bytes) -> Iterator[Block]:
    """Yield the cells of the table row by row, as stored."""
    row = -1
    held: Block | None = None
    for kind, content in _records(stream):
        if kind not in {_NUMBER, _LABEL} or len(content) < _PLACE.size + 2:
            continue
        at, column = _PLACE.unpack_from(content)
        text = _label(content) if kind == _LABEL else _number(content)
        if held:
            yield held if at == row else Block(held.text, held.location, PARAGRAPH_BREAK)
        held, row = Block(text, Location("table", cell=f"图表!{column_letters(column)}{at + 1}"), CELL_BREAK), at
    if held:
        yield Block(held.text, held.location, PARAGRAPH_BREAK)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEAD.size <= len(stream):
        kind, size = _HEAD.unpack_from(stream, at)
        at += _HEAD.size
        yield kind, stream[at : at + size]
        at += size


def _label(content: bytes) -> str:
    """Return a text: number of characters, whether they are wide, the characters."""
    text = content[_PLACE.size + 2 :]
    return text.decode("utf-16-le" if content[_PLACE.size + 1] & 1 else "latin-1", "replace")


def _number(content: bytes) -> str:
    """Return a number as a cell shows it."""
    return f"{struct.unpack_from('<d', content.ljust(_PLACE.size + 8, bytes(1)), _PLACE.size)[0]:.15g}"
