"""Records of a workbook that xlrd skips ([MS-XLS] 2.4): headers, footers, text boxes, prompts, addresses."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import LINK_TARGET, concealed_block, distinct_blocks
from prescan.formats.drawingml import unescape
from prescan.formats.office_parts import is_revealing_address
from prescan.formats.xlsx.sheet_extras import sections
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER, _FOOTER, _BOX, _NOTE, _CONTINUED, _RULE, _LINK = 0x14, 0x15, 0x1B6, 0x1C, 0x3C, 0x1BE, 0x1B8
_BOX_LENGTH: Final = 10
_WIDE: Final = 1
_RULE_TEXTS: Final = 4
_ADDRESS: Final = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
"""The class id of a URL moniker, followed by length and text ([MS-OSHARED] 2.3.7.6)."""
_OLDER: Final = 0x0600


def skipped_texts(stream: bytes) -> Iterator[Block]:
    """Yield the texts outside the cells, each once; nothing for workbooks older than Excel 97."""
    if len(stream) >= 6 and struct.unpack_from("<H", stream, 4)[0] == _OLDER:
        yield from distinct_blocks(_texts_in_records(stream), set())


def _texts_in_records(stream: bytes) -> Iterator[Block]:
    wanted = 0
    for kind, content in _records(stream):
        if kind in {_HEADER, _FOOTER}:
            place = Location("header" if kind == _HEADER else "footer")
            yield from (Block(text, place) for text in sections(_counted(content, 0)[0]))
        elif kind == _CONTINUED and wanted:
            text = _characters(content[1:], wide=bool(content[:1] != b"\0"))[:wanted]
            wanted = 0
            if text.strip():
                yield Block(unescape(text.replace("\r\n", "\n")), Location("textbox"))
        elif kind == _RULE:
            at = 4
            for _ in range(_RULE_TEXTS):
                text, at = _counted(content, at)
                if text.strip("\0 "):
                    yield Block(text, Location("form"))
        elif kind == _LINK and (found := content.find(_ADDRESS)) >= 0:
            size = int.from_bytes(content[found + 16 : found + 20], "little")
            address = content[found + 20 : found + 20 + size].decode("utf-16-le", "replace").partition("\0")[0]
            if is_revealing_address(address):
                yield concealed_block(address, LINK_TARGET)
        wanted = int.from_bytes(content[_BOX_LENGTH : _BOX_LENGTH + 2], "little") if kind == _BOX else wanted
        wanted = 0 if kind not in {_BOX, _CONTINUED} else wanted


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _counted(content: bytes, at: int) -> tuple[str, int]:
    """Return a string after its length and flags (2.5.294), and the offset of its end."""
    count, flags = int.from_bytes(content[at : at + 2], "little"), content[at + 2 : at + 3]
    wide = bool(flags) and flags[0] & _WIDE == _WIDE
    end = at + 3 + count * (2 if wide else 1)
    return _characters(content[at + 3 : end], wide=wide), end


def _characters(raw: bytes, *, wide: bool) -> str:
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")
