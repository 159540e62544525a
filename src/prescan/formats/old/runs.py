"""Runs of text: adjacent pieces that are visible, or hidden for the same reason, are joined."""

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
#: Reason → note, for text of the page that cannot be seen.
_MARKS: Final = {
    "hidden": Concealment("hidden", "hidden_text", "隐藏文字"),
    "white": WHITE,
    "tiny": TINY,
    "blacked": BLACK_ON_BLACK,
}


def join_runs(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (text, reason) pieces with neighbours of the same reason joined."""
    return [
        ("".join(text for text, _ in run), reason) for reason, run in itertools.groupby(pieces, operator.itemgetter(1))
    ]


def hidden_block(text: str, reason: str, location: Location) -> Block:
    """Return the block of a hidden piece; `reason`: a key of the tables above, or "hidden field"."""
    if reason == "hidden field":
        return Block(text, Location("hidden", cell=location.cell), hidden="hidden_text", note="域代码")
    mark = _MARKS.get(reason) or Concealment(reason, "tracked_change", _NOTES[reason])
    return Block(text, Location(mark.part, cell=location.cell), hidden=mark.hidden, note=mark.note)
