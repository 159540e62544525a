"""Fonts for images of OFD pages: those in the package, else one with Chinese characters that is installed here."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from PIL import ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "C:/Windows/Fonts",
    "/System/Library/Fonts",
)
#: Prefixes of the file names of fonts with Chinese characters, the most likely in documents first.
_CHINESE: Final = (
    "simsun",
    "fzss",
    "notoserifcjk",
    "notoserifsc",
    "sourcehanserif",
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "wqy",
    "uming",
    "ukai",
    "droidsansfallback",
    "msyh",
    "simhei",
    "simfang",
    "simkai",
    "pingfang",
)
_KINDS: Final = (".ttf", ".ttc", ".otf")
_FILES_AT_MOST: Final = 20_000
_FACES_AT_MOST: Final = 20
_HELD_AT_MOST: Final = 64
_SIZES: Final = 4
"""Font sizes are rounded to quarters of a pixel."""
_BROKEN: Final = (OSError, ValueError, SyntaxError, TypeError, struct.error)
_INSTALLED: Final = "\0installed"
#: Private-use code points under which the glyphs of a font are reached by number.
_BY_NUMBER: Final = 0xF0000
_GLYPHS_AT_MOST: Final = 0xFFFE
_MISSING: Final = "\U0010fffd"


class Letter(NamedTuple):
    """What to draw for a character: a text in a font, which is embedded in the document or not."""

    font: ImageFont.FreeTypeFont
    text: str
    own: bool


class Fonts:
    """The fonts of a package by id; `content` returns the bytes of one, b"" if it is not embedded."""

    def __init__(self, content: Callable[[str], bytes]) -> None:
        """Find an installed font."""
        self._content = content
        self._installed = installed(FOLDERS)
        self._files: dict[tuple[str, bool], bytes] = {}
        self._held: dict[tuple[str, bool, int], ImageFont.FreeTypeFont | None] = {}
        self._known: dict[tuple[str, str], bool] = {}
        self.lacking = False
        """Whether some character was found in no font."""

    def letter(self, font: str, char: str, glyph: int | None, pixels: float) -> Letter | None:
        """Return what to draw for a character, or for a glyph of its font by number; None if no font has it."""
        if glyph is not None and 0 < glyph <= _GLYPHS_AT_MOST:
            own = self._font(font, pixels, by_number=True)
            if own and self._has(f"{font}\0#", own, chr(_BY_NUMBER + glyph)):
                return Letter(own, chr(_BY_NUMBER + glyph), own=True)
        for name in (font, _INSTALLED):
            held = self._font(name, pixels)
            if held and self._has(name, held, char):
                return Letter(held, char, own=name == font)
        self.lacking = True
        return None

    def _has(self, name: str, font: ImageFont.FreeTypeFont, char: str) -> bool:
        """Return whether a font has a glyph for a character."""
        if (name, char) not in self._known:
            try:
                drawn, missing = font.getmask(char), font.getmask(_MISSING)
                same = drawn.size == missing.size and bytes(drawn) == bytes(missing)
                self._known[name, char] = min(drawn.size) > 0 and not same
            except _BROKEN:
                self._known[name, char] = False
        return self._known[name, char]

    def _font(self, name: str, pixels: float, *, by_number: bool = False) -> ImageFont.FreeTypeFont | None:
        step = max(1, round(pixels * _SIZES))
        key = (name, by_number, step)
        if key not in self._held:
            if len(self._held) >= _HELD_AT_MOST:
                self._held.clear()
            self._held[key] = self._opened(name, step / _SIZES, by_number=by_number)
        return self._held[key]

    def _opened(self, name: str, pixels: float, *, by_number: bool) -> ImageFont.FreeTypeFont | None:
        basic = ImageFont.Layout.BASIC  # one character at a time: nothing to shape
        try:
            if name == _INSTALLED:
                path, face = self._installed or ("", 0)
                return ImageFont.truetype(path, pixels, face, layout_engine=basic) if path else None
            key = (name, by_number)
            if key not in self._files:
                data = self._content(name)
                self._files[key] = by_numbers(data) if by_number and data else data
            data = self._files[key]
            return ImageFont.truetype(io.BytesIO(data), pixels, layout_engine=basic) if data else None
        except _BROKEN:
            return None


def by_numbers(data: bytes) -> bytes:
    """Return a font whose characters from U+F0000 on are its glyphs by number. Raises struct.error, ValueError.

    Documents name glyphs by number where a font has lost its table of characters, or has a false one.
    """
    count = struct.unpack_from(">H", data, 4)[0]
    tables: dict[bytes, bytes] = {}
    for at in range(count):
        tag, _, start, length = struct.unpack_from(">4sLLL", data, 12 + 16 * at)
        tables[tag] = data[start : start + length]
    if b"maxp" not in tables:
        raise ValueError("no glyphs")
    glyphs = min(struct.unpack_from(">H", tables[b"maxp"], 4)[0], _GLYPHS_AT_MOST)
    group = struct.pack(">HHLLLLLL", 12, 0, 28, 0, 1, _BY_NUMBER + 1, _BY_NUMBER + max(1, glyphs - 1), 1)
    tables[b"cmap"] = struct.pack(">HHHHL", 0, 1, 3, 10, 12) + group
    made = data[:4] + struct.pack(">HHHH", len(tables), 0, 0, 0)
    start, body = 12 + 16 * len(tables), b""
    for tag, held in sorted(tables.items()):
        made += struct.pack(">4sLLL", tag, 0, start + len(body), len(held))
        body += held + b"\0" * (-len(held) % 4)
    return made + body


def installed(folders: Iterable[str]) -> tuple[str, int] | None:
    """Return the file and face index of an installed font with Chinese characters, None if there is none."""
    found: dict[int, str] = {}
    for path in _files(folders):
        name = path.name.lower().replace("-", "").replace("_", "")
        rank = next((at for at, start in enumerate(_CHINESE) if name.startswith(start)), None)
        if rank is not None and ("regular" in name or rank not in found):
            found[rank] = str(path)
    for _, best in sorted(found.items()):
        try:
            return best, _simplified(best)
        except _BROKEN:
            continue
    return None


def _files(folders: Iterable[str]) -> Iterator[Path]:
    seen = 0
    for folder in folders:
        for place, _, names in os.walk(_home(folder)):
            for name in sorted(names):
                seen += 1
                if seen > _FILES_AT_MOST:
                    return
                if name.lower().endswith(_KINDS):
                    yield Path(place) / name


def _home(folder: str) -> str:
    """Return a folder with `~` replaced by the home of this account, if it has one."""
    try:
        return str(Path(folder).expanduser())
    except RuntimeError:
        return folder


def _simplified(path: str) -> int:
    """Return the index of the face in a file with the shapes of mainland China. Raises OSError."""
    ImageFont.truetype(path, 10)
    for face in range(_FACES_AT_MOST if path.lower().endswith(".ttc") else 0):
        try:
            name = ImageFont.truetype(path, 10, face).getname()[0] or ""
        except OSError:
            break
        if " SC" in name:
            return face
    return 0
