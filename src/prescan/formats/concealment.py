"""Why a text is not plainly visible on the page, which such texts are worth reporting, and the blocks they become."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.package import LOCAL_NAME
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree


class Concealment(NamedTuple):
    """Why a text is not plainly visible on the page."""

    part: str
    """Where it belongs: one of `types.PARTS`."""
    hidden: str | None
    """The finding type of hidden content, as in `Block.hidden`; None if a reader does see the text."""
    note: str = ""
    """The place in a reviewer's words, as in `Block.note`."""


WHITE: Final = Concealment("hidden", "hidden_text", "白色文字")
TINY: Final = Concealment("hidden", "hidden_text", "极小文字")
LINK_TARGET: Final = Concealment("hidden", "hidden_text", "超链接地址")
STORED_DATA: Final = Concealment("hidden", "hidden_text", "随文件保存的数据")

_SUBSTANTIAL: Final = re.compile(r"[0-9]{6}|[\u3400-\u9fff]{10}")
_FOR_PEOPLE: Final = re.compile(r"[\u3400-\u9fff]{4}|(?<![0-9A-Fa-f.-])[0-9]{11,19}[Xx]?(?![0-9A-Fa-f.-])")
#: Values that programs store: integers of 6 to 10 digits that are no date, decimals, GUIDs, hexadecimal colours.
_PROGRAM_VALUE: Final = re.compile(
    r"(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$)[-+]?[0-9]{6,10}|[-+]?[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?"
    r"|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?|(?:0x)?(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{6,8}"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_substantial(text: str) -> bool:
    """Return whether a text that the page never shows may hold a value or a sentence, not only a label."""
    return _SUBSTANTIAL.search(text) is not None


def is_substantial_data(text: str) -> bool:
    """Return whether a text from a program's own data is substantial and not one of the program's numbers.

    >>> is_substantial_data("2228224"), is_substantial_data("19900101"), is_substantial_data("0999-8812345")
    (False, True, True)
    """
    return is_substantial(text) and _PROGRAM_VALUE.fullmatch(text.strip()) is None


def is_for_people(text: str) -> bool:
    """Return whether a person wrote a text found among a program's keys: Chinese, or a number that is no key."""
    return _FOR_PEOPLE.search(text) is not None


def attributed(author: str, date: str, what: str) -> str:
    """Return `what` with its author and day in front; only the first character of the name is shown.

    >>> attributed("张三", "2024-03-01T08:00:00Z", "删除的文字")
    '张* 2024-03-01 删除的文字'
    """
    day = _DAY.match(date)
    who = f"{author.strip()[0]}*" if author.strip() else ""
    return " ".join(word for word in (who, day[0] if day else "", what) if word)


def child(parent: etree._Element, name: str) -> etree._Element | None:
    """Return the first child called `name`."""
    return next((element for element in parent if LOCAL_NAME[element.tag] == name), None)


def concealed_block(text: str, mark: Concealment, *, page: int | None = None, cell: str | None = None) -> Block:
    """Return the block of a concealed text."""
    return Block(text, Location(mark.part, page, cell=cell), hidden=mark.hidden, note=mark.note)


def as_hidden(block: Block, hidden: str, note: str) -> Block:
    """Return a block as part of something hidden as a whole, unless it is hidden for a reason of its own."""
    if block.hidden or not (block.text.strip() or block.location.cell is None):
        return block
    return replace(block, location=replace(block.location, part="hidden"), hidden=hidden, note=note)


def distinct_blocks(blocks: Iterable[Block], seen: set[tuple[str, str]]) -> Iterator[Block]:
    """Yield the blocks that are not in `seen`, and add them: masters, headers and fallbacks repeat the same text."""
    for block in blocks:
        key = (block.location.part, block.text)
        if key not in seen:
            seen.add(key)
            yield block
