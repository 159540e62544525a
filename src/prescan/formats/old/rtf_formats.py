"""Formatting in rtf that hides text: by style, white, tiny, in the colour of its background; and packing of objects."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from prescan.formats.colour import BLACK_ON_BLACK, SAME_AS_BACKGROUND, is_dark, is_similar
from prescan.formats.concealment import TINY, WHITE

_TINY_HALF_POINTS: Final = 3
_HEXADECIMAL: Final = b"0123456789abcdefABCDEF"
_GROUNDS: Final = frozenset({"highlight", "chcbpat", "cb", "cbpat"})
_OF_ROWS: Final = frozenset({"trowd", "clcbpat", "cellx", "cell", "row"})
_OF_TEXT: Final = frozenset({"cf", "fs", "plain", "pard", "li", "posx", "s", "cs", "intbl", "v", *_GROUNDS})
_BESIDE: Final = -4_000
_WIDEST: Final = 18_000
_OUTSIDE: Final = "页面之外的文字"
_MANY: Final = 100_000


class TextFormat(NamedTuple):
    """The format of text: indices of colours (0 = automatic), size in half points, why its paragraph cannot be seen."""

    colour: int = 0
    ground: int = 0
    size: int = 24
    in_cell: bool = False
    beside: str = ""
    styled: str = ""


PLAIN: Final = TextFormat()


class RtfStyles:
    """The colour table and the styles, filled while reading, and what they mean for text."""

    def __init__(self) -> None:
        """Start with empty tables."""
        self.table = ""
        """The table being read: "colortbl", "stylesheet" or ""."""
        self.colours = 0
        """Number of colours completed so far."""
        self._shades: dict[int, list[int]] = {}
        self._hidden: set[tuple[str, int]] = set()
        self._style = ("s", 0)
        self._row: list[int] = []
        """The colours of the cells of the current row."""
        self._next = self._cell = 0
        """The colour of the cell being described, and the number of the cell being read."""

    def take(self, word: str, number: int | None) -> bool:
        """Process a word of a table; return whether it changes the format of text."""
        if self.table == "colortbl" and word in {"red", "green", "blue"} and self.colours < _MANY:
            shade = self._shades.setdefault(self.colours, [0, 0, 0])
            shade[("red", "green", "blue").index(word)] = min(255, max(0, number or 0))
        elif self.table == "stylesheet":
            if word in {"s", "cs"}:
                self._style = (word, number or 0)
            elif word == "v" and number != 0:
                self._hidden.add(self._style)
        elif word in _OF_ROWS:
            self._take_of_row(word, number or 0)
            return word == "trowd"
        elif word in _OF_TEXT:
            return word != "v" or number == 0
        return False

    def _take_of_row(self, word: str, number: int) -> None:
        """Process the description of a row, which comes before its cells, and the cells."""
        if word == "clcbpat":
            self._next = number
        elif word == "cellx" and len(self._row) < _MANY:
            self._row.append(self._next)
            self._next = 0
        elif word == "cell":
            self._cell += 1
        else:
            self._cell = self._next = 0
            self._row = [] if word == "trowd" else self._row

    def looks(self, before: TextFormat, word: str, number: int) -> TextFormat:  # noqa: PLR0911  one line for each word
        """Return the format after a word for which `take` returned True."""
        if word == "cf":
            return before._replace(colour=number)
        if word == "fs":
            return before._replace(size=number)
        if word == "plain":
            return PLAIN._replace(ground=before.ground, beside=before.beside)
        if word in {"pard", "trowd"}:
            return before._replace(beside="", styled="", ground=0, in_cell=False)
        if word == "intbl":
            return before._replace(in_cell=True)
        if word == "v":
            return before._replace(styled="")
        if word in {"s", "cs"}:
            return before._replace(styled="hidden" if (word, number) in self._hidden else "")
        if word in {"li", "posx"}:
            return before._replace(beside=_OUTSIDE if number < _BESIDE or number > _WIDEST else before.beside)
        return before._replace(ground=number)

    def veil(self, looks: TextFormat) -> str:
        """Return why text of this format cannot be seen, "" if it can."""
        if looks.styled or looks.beside:
            return looks.styled or looks.beside
        if looks.size <= _TINY_HALF_POINTS:
            return TINY.note
        below = self._row[self._cell] if looks.in_cell and self._cell < len(self._row) else 0
        colour, ground = self._shade(looks.colour), self._shade(looks.ground or below)
        if not colour or not is_similar(colour, ground or "FFFFFF"):
            return ""
        return (
            BLACK_ON_BLACK.note
            if is_dark(colour)
            else WHITE.note
            if is_similar(colour, "FFFFFF")
            else SAME_AS_BACKGROUND.note
        )

    def _shade(self, number: int) -> str:
        shade = self._shades.get(number) if number else None
        return "".join(f"{part:02X}" for part in shade) if shade else ""


def from_hex(packed: bytearray) -> bytes:
    """Return the bytes of hexadecimal digits."""
    digits = bytes(byte for byte in packed if byte in _HEXADECIMAL)
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def native_file(packed: bytearray) -> bytes:
    """Return the file in an embedded object ([MS-OLEDS] 2.2.5), b"" if it is damaged."""
    data = from_hex(packed)
    at = 8
    try:
        for _ in range(3):  # class, topic, item
            at += 4 + struct.unpack_from("<I", data, at)[0]
        (size,) = struct.unpack_from("<I", data, at)
    except struct.error:
        return b""
    return data[at + 4 : at + 4 + size]
