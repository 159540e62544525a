"""Runs of text: pieces in a row that are seen, or not seen for the same reason, are one."""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING, Final

from prescan.formats.colour import BLACK_ON_BLACK
from prescan.formats.concealment import TINY, WHITE, Concealment
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOTES: Final = {"deleted": "删除的修订", "inserted": "插入的修订"}
#: Why a text that belongs to the page cannot be seen.
_MARKS: Final = {
    "hidden": Concealment("hidden", "hidden_text", "隐藏文字"),
    "white": WHITE,
    "tiny": TINY,
    "blacked": BLACK_ON_BLACK,
}


def joined(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pieces (text, reason) with neighbours of one reason put together."""
    return [
        ("".join(text for text, _ in run), reason) for reason, run in itertools.groupby(pieces, operator.itemgetter(1))
    ]


def unseen(text: str, reason: str, location: Location) -> Block:
    """Return the block of a piece that is not seen: why it is not is a key of the tables above, or "hidden field"."""
    if reason == "hidden field":
        return Block(text, Location("hidden", cell=location.cell), hidden="hidden_text", note="域代码")
    mark = _MARKS.get(reason) or Concealment(reason, "tracked_change", _NOTES[reason])
    return Block(text, Location(mark.part, cell=location.cell), hidden=mark.hidden, note=mark.note)
