"""Tables as text (csv, tsv): one block per cell, every character of the file kept.

As in plain text nothing is moved or dropped: whatever is between two cells, quotes included, becomes the separator. A
file that is named .csv but holds no table is read as lines.
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

#: The first of these that occurs in most of the first rows is the delimiter.
_DELIMITERS: Final = "\t,;|"
_ROWS_LOOKED_AT: Final = 50
#: A larger table is read as lines: one block per cell would take too much memory.
_CELLS_AT_MOST: Final = 1_000_000
_LINE_END: Final = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_QUOTED: Final = '"((?:[^"]|"")*+)"'


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:  # noqa: ARG001 (the caller checks the size)
    """Yield one block a cell, then an Unread if bytes could not be decoded. Raises ReadError("empty")."""
    text, lossy = decode(data)
    if not has_visible(text):
        raise ReadError("empty")
    delimiter = _delimiter(text)
    yield from _cells(text, delimiter) if delimiter else lines(text)
    if lossy:
        yield lost_characters(text)


def _delimiter(text: str) -> str:
    """Return the delimiter of the cells, "" if the text is not a table."""
    rows = [row for row in _LINE_END.split(text[: 1 << 16])[:_ROWS_LOOKED_AT] if row.strip()]
    found = next((char for char in _DELIMITERS if 2 * sum(char in row for row in rows) > len(rows) > 1), "")
    return found if text.count(found) <= _CELLS_AT_MOST else ""


def _cells(text: str, delimiter: str) -> Iterator[Block]:
    """Yield the cells in order; the separator of each includes its closing quote and the opening quote of the next."""
    escaped = re.escape(delimiter)
    # A cell, quoted or plain, and what ends it. An opening quote that is never closed is an ordinary character.
    plain, ended = rf"([^{escaped}\r\n\u2028\u2029]*+)", rf"({escaped}|\r\n|[\r\n\u2028\u2029]|\Z)"
    cell = re.compile(rf"(?:{_QUOTED}(?={escaped}|\r|\n|\Z)|{plain}){ended}")
    row, column, at = 1, 0, 0
    pending: tuple[str, str, str] | None = None
    while at < len(text) and (found := cell.match(text, at)):
        quote = '"' if found[1] is not None else ""
        if pending:
            yield _block(*pending[:2], pending[2] + quote)
        elif quote:
            yield Block("", Location("body"), quote)
        pending = found[1] if quote else found[2], f"{column_letters(column)}{row}", quote + found[3]
        row, column = (row, column + 1) if found[3] == delimiter else (row + 1, 0)
        at = found.end()
    if pending:
        yield _block(*pending)


def _block(text: str, place: str, sep: str) -> Block:
    return Block(text, Location("table", cell=f"表1!{place}"), sep)
