"""Properties of old office files: the two summary streams of a compound file ([MS-OLEPS])."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.properties import property_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.ole import CompoundFile
    from prescan.types import Block

#: Stream → property number → label. Dates, counts and programs are left out.
_TOLD: Final = {
    "\x05SummaryInformation": {2: "标题", 3: "主题", 4: "作者", 5: "关键词", 6: "备注", 8: "最后修改者"},
    "\x05DocumentSummaryInformation": {2: "类别", 14: "主管", 15: "单位"},
}
_BYTES, _WIDE = 30, 31
_CODE_PAGE: Final = 1
_CODECS: Final = {936: "gb18030", 54936: "gb18030", 65001: "utf-8", 950: "big5", 1200: "utf-16-le"}


def summary(holder: CompoundFile) -> Iterator[Block]:
    """Yield one block for each property; of a damaged stream as many as can be read."""
    for name, labels in _TOLD.items():
        if name in holder.names:
            try:
                found = list(_properties(holder.bytes_of(name)))
            except (ReadError, struct.error, IndexError):
                continue
            for number, value in found:
                if number in labels:
                    yield from property_blocks(labels[number], value)


def _properties(stream: bytes) -> Iterator[tuple[int, str]]:
    """Yield number and text of the properties in the first set."""
    (start,) = struct.unpack_from("<I", stream, 44)
    section = stream[start:]
    (count,) = struct.unpack_from("<I", section, 4)
    listed = [struct.unpack_from("<II", section, 8 + 8 * at) for at in range(min(count, len(section) // 8))]
    page = next((struct.unpack_from("<H", section, at + 4)[0] for number, at in listed if number == _CODE_PAGE), 936)
    codec = _CODECS.get(page, "gb18030")
    for number, at in listed:
        if at + 8 > len(section):
            continue
        kind, size = struct.unpack_from("<II", section, at)
        if kind == _BYTES:
            yield number, section[at + 8 : at + 8 + size].decode(codec, "replace").split("\0")[0]
        elif kind == _WIDE:
            yield number, section[at + 8 : at + 8 + 2 * size].decode("utf-16-le", "replace").split("\0")[0]
