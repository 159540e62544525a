"""Tables written as text (csv, tsv): every cell with its place, every character of the file kept.

They are plain text, so nothing is moved or dropped: what stands between two cells, quotes included, is a separator. A
file that only is called .csv and holds no table is read as lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.text import decode, has_visible, lines, lost_characters
from prescan.text.tables import column_letters
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

#: The first of these that most rows of the beginning hold divides the cells.
_DIVIDERS: Final = "\t,;|"
_ROWS_LOOKED_AT: Final = 50
#: A block a cell takes memory: a larger table is read as lines.
_CELLS_AT_MOST: Final = 1_000_000
_LINE_END: Final = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_QUOTED: Final = '"((?:[^"]|"")*+)"'


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:  # noqa: ARG001 (the caller checks the size)
    """Yield one block a cell, then an Unread if bytes could not be decoded. Raises ReadError("empty")."""
    text, lossy = decode(data)
    if not has_visible(text):
        raise ReadError("empty")
    divider = _divider(text)
    yield from _cells(text, divider) if divider else lines(text)
    if lossy:
        yield lost_characters(text)


def _divider(text: str) -> str:
    """Return what divides the cells, or "" if the text is no table: most of its rows must hold it."""
    rows = [row for row in _LINE_END.split(text[: 1 << 16])[:_ROWS_LOOKED_AT] if row.strip()]
    found = next((sign for sign in _DIVIDERS if 2 * sum(sign in row for row in rows) > len(rows) > 1), "")
    return found if text.count(found) <= _CELLS_AT_MOST else ""


def _cells(text: str, divider: str) -> Iterator[Block]:
    """Yield the cells in order; the separator of each holds the quotes around it and around the next."""
    sign = re.escape(divider)
    # A cell, the quote that closes it if it is quoted, and what follows. A quote that is never closed is a character.
    plain, ended = rf"([^{sign}\r\n\u2028\u2029]*+)", rf"({sign}|\r\n|[\r\n\u2028\u2029]|\Z)"
    cell = re.compile(rf"(?:{_QUOTED}(?={sign}|\r|\n|\Z)|{plain}){ended}")
    row, column, at = 1, 0, 0
    held: tuple[str, str, str] | None = None
    while at < len(text) and (found := cell.match(text, at)):
        quote = '"' if found[1] is not None else ""
        if held:
            yield _block(*held[:2], held[2] + quote)
        elif quote:
            yield Block("", Location("body"), quote)
        held = found[1] if quote else found[2], f"{column_letters(column)}{row}", quote + found[3]
        row, column = (row, column + 1) if found[3] == divider else (row + 1, 0)
        at = found.end()
    if held:
        yield _block(*held)


def _block(text: str, place: str, sep: str) -> Block:
    return Block(text, Location("table", cell=f"表1!{place}"), sep)
