"""Blocks and places made the short way: readers and the pipe make one for every paragraph, which took them longest.

A frozen dataclass sets each of its fields through object.__setattr__. Here the fields are set while the object is not
frozen yet; what comes out is an ordinary Block, and nobody else holds it before. It takes a third of the time.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from prescan.types import PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Places of so many paragraphs are made once; those of longer documents each time.
_MOST: Final = 1 << 14
_PARAGRAPHS: Final[list[Location]] = []
#: Threads share the list. It only grows, under the lock, so that what is in it may be read without.
_GROWING: Final = threading.Lock()


class _Open:
    """A Block that is being made: the same slots, not frozen."""

    __slots__ = ("certainty", "hidden", "location", "note", "sep", "text")


def new_block(  # noqa: PLR0913, PLR0917  the fields of a Block
    text: str,
    location: Location,
    sep: str = PARAGRAPH_BREAK,
    hidden: str | None = None,
    note: str = "",
    certainty: float | None = None,
) -> Block:
    """Return Block(text, location, sep, hidden, note, certainty).

    >>> new_block("甲", Location("table")) == Block("甲", Location("table"))
    True
    """
    made: Any = _Open()
    made.text = text
    made.location = location
    made.sep = sep
    made.hidden = hidden
    made.note = note
    made.certainty = certainty
    made.__class__ = Block
    whole: Block = made
    return whole


def paragraph(number: int) -> Location:
    """Return the place of a paragraph of the body, counted from 1.

    >>> paragraph(2)
    Location(part='body', page=None, paragraph=2, cell=None, bbox=None)
    """
    if number > _MOST:
        return Location("body", None, number)
    if number > len(_PARAGRAPHS):
        with _GROWING:
            _PARAGRAPHS.extend(Location("body", None, at) for at in range(len(_PARAGRAPHS) + 1, number + 1))
    return _PARAGRAPHS[number - 1]


def paragraphs(numbers: Sequence[int]) -> list[Location]:
    """Return the places of paragraphs of the body, counted from 1.

    >>> paragraphs([1, 2, 2]) == [paragraph(1), paragraph(2), paragraph(2)]
    True
    >>> paragraphs(range(2, 4)) == [paragraph(2), paragraph(3)]
    True
    """
    if isinstance(numbers, range) and numbers.step == 1 and numbers and numbers[-1] <= _MOST:
        paragraph(numbers[-1])
        return _PARAGRAPHS[numbers[0] - 1 : numbers[-1]]
    return [paragraph(number) for number in numbers]


def body_blocks(texts: Sequence[str], first: int) -> list[Block]:
    """Return the blocks of paragraphs of the body; the first has the number `first`, counted from 1.

    >>> body_blocks(["甲", "乙"], 2) == [Block("甲", paragraph(2)), Block("乙", paragraph(3))]
    True
    """
    return list(map(new_block, texts, paragraphs(range(first, first + len(texts)))))


def body_block(text: str, number: int) -> Block:
    """Return the block of a paragraph of the body, counted from 1.

    >>> body_block("甲", 2) == Block("甲", paragraph(2))
    True
    """
    known = number <= len(_PARAGRAPHS)  # nearly always: no need to call
    return new_block(text, _PARAGRAPHS[number - 1] if known else paragraph(number))
