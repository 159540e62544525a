"""Runs of text: pieces in a row that are seen, or not seen for the same reason, are one."""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING, Final

from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOTES: Final = {"hidden": "隐藏文字", "deleted": "删除的修订", "inserted": "插入的修订"}


def joined(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pieces (text, reason) with neighbours of one reason put together."""
    return [
        ("".join(text for text, _ in run), reason) for reason, run in itertools.groupby(pieces, operator.itemgetter(1))
    ]


def unseen(text: str, reason: str, location: Location) -> Block:
    """Return the block of a piece that is not seen: hidden, "hidden field", deleted or inserted."""
    if reason == "hidden field":
        return Block(text, Location("hidden", cell=location.cell), hidden="hidden_text", note="域代码")
    hidden = "hidden_text" if reason == "hidden" else "tracked_change"
    return Block(text, Location(reason, cell=location.cell), hidden=hidden, note=_NOTES[reason])
