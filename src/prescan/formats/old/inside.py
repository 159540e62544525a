"""What lies in an old office document besides its own text: embedded objects and macros."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats import vba
from prescan.formats.ole import MAGIC, CompoundFile, read_embedded
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

#: The stream that every macro project has.
_MACROS: Final = "_VBA_PROJECT"


def inside(holder: CompoundFile, limits: Limits) -> Iterator[Block | Unread]:
    """Yield a block for each embedded object and for the macros, and behind each what it says."""
    for number, content in enumerate(holder.objects(), 1):
        yield from embedded(number, content, limits)
    if _MACROS in holder.names:
        yield from _macros(holder)


def embedded(number: int, content: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield a block for an embedded object, and behind it what it says."""
    holder = _compound(content)
    if holder and _MACROS in holder.names and not any(holder.objects()):
        yield from _macros(holder)
        return
    yield Block("", Location("attachment"), hidden="embedded_file", note="内嵌对象")
    yield from read_embedded(f"第{number}个内嵌对象", content, limits)


def _compound(content: bytes) -> CompoundFile | None:
    try:
        return CompoundFile(content) if content.startswith(MAGIC) else None
    except ReadError:
        return None  # reading it as an embedded file says what is wrong with it


def _macros(holder: CompoundFile) -> Iterator[Block | Unread]:
    place = Location("attachment")
    yield Block("", place, hidden="embedded_file", note="宏程序")
    try:
        for line in vba.words(holder):
            yield Block(line, place, hidden="embedded_file", note="宏程序")
    except ReadError as error:
        yield Unread("宏程序", error.code, error.detail)
