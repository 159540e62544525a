"""Strings in the binary parts of office files: field data, controls, printer settings, queries.

Programs store them as UTF-16, GB2312 or UTF-8 and do not say which, so all three are tried. A run of characters counts
as a string if it is unlikely to arise by chance: Chinese of GB2312, ASCII letters, digits and signs.
"""

from __future__ import annotations

import base64
import binascii
import io
import itertools
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import is_for_people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MIN_LENGTH: Final = 3
_MAX_COMPARED: Final = 200
_MAX_BYTES: Final = 4 << 20
_ASCII: Final = rb"\x09\x0a\x0d\x20-\x7e"
_WIDE: Final = re.compile(rf"[\t\n\r\x20-\x7e\u3000-\u301f\u4e00-\u9fff\uff00-\uffef]{{{_MIN_LENGTH},4000}}+")
_NARROW: Final = re.compile(rb"(?:[%b]|[\xa1-\xf7][\xa1-\xfe]){%d,4000}+" % (_ASCII, _MIN_LENGTH))
_UTF8: Final = re.compile(rb"(?:[%b]|[\xe3-\xe9\xef][\x80-\xbf]{2}){%d,4000}+" % (_ASCII, _MIN_LENGTH))
_GB2312_PAIR: Final = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
#: Lead bytes in GB2312 of the common characters (level 1) and of punctuation; all others are rare.
_LEVEL_1: Final = range(0xB0, 0xD8)
_PUNCTUATION: Final = range(0xA1, 0xA4)
#: At most one character in so many is rare, and one repeats the one before it. Tables of numbers repeat more.
_RARE_ONE_IN: Final = 5
_REPEATED_ONE_IN: Final = 3
_CAPTION: Final = re.compile(r"[\u4e00-\u9fff]{3}|[0-9]{6}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]+")
#: A Power Query ([MS-QDEFF] 2.2): version, length, then a zip package in which this part holds the code.
_CODE: Final = "Formulas/Section1.m"
_HEAD: Final = struct.Struct("<II")
_MOST_CODE: Final = 1 << 20
_DAMAGED: Final = (struct.error, zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, RuntimeError, EOFError)


def strings(data: bytes, wanted: Callable[[str], bool] = is_for_people) -> Iterator[str]:
    """Yield the strings in `data` that are `wanted`, each once; by default Chinese and long numbers."""
    data = data[:_MAX_BYTES]

    def kept(runs: Iterable[str]) -> list[str]:
        return [text for text in map(str.strip, runs) if wanted(text) and _is_plausible(text)]

    wide = (found[0] for at in (0, 1) for found in _WIDE.finditer(data[at:].decode("utf-16-le", "replace")))
    plain = kept(found[0].decode("utf-8", "replace") for found in _UTF8.finditer(data))
    if all(text.isascii() for text in plain):  # else its bytes would be read as two of GB2312
        plain += kept(found[0].decode("gb2312", "replace") for found in _NARROW.finditer(data))
    found = list(dict.fromkeys([*kept(wide), *plain]))
    for at, text in enumerate(found):  # one encoding may yield a piece of the string that another yields whole
        longer = (other for other in found[:_MAX_COMPARED] if len(other) > len(text))
        if at >= _MAX_COMPARED or not any(text in other for other in longer):
            yield text


def control_strings(data: bytes) -> Iterator[str]:
    """Yield the strings of a control that a reader may see: its caption, what was filled in."""
    yield from strings(data, lambda text: _CAPTION.search(text) is not None)


def _is_plausible(text: str) -> bool:
    """Return whether a text consists of common characters; bytes decoded wrongly give rare or repeated ones."""
    try:
        encoded = text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    pairs = _GB2312_PAIR.findall(encoded)
    rare = sum(pair[0] not in _LEVEL_1 and pair[0] not in _PUNCTUATION for pair in pairs)
    repeated = sum(one == other for one, other in itertools.pairwise(pairs))
    return _RARE_ONE_IN * rare <= len(pairs) and _REPEATED_ONE_IN * repeated <= len(pairs)


def base64_strings(written: str, wanted: Callable[[str], bool] = is_for_people) -> Iterator[str]:
    """Yield the strings in bytes given as base64; none if `written` is not base64."""
    try:
        data = base64.b64decode(written, validate=False) if _BASE64.fullmatch(written) else b""
    except binascii.Error:
        return
    yield from strings(data, wanted)


def power_query_code(written: str) -> str:
    """Return the code of the Power Query that a workbook holds as base64 in its custom XML; "" if it is damaged."""
    try:
        data = base64.b64decode(written)
        _, length = _HEAD.unpack_from(data)
        with (
            zipfile.ZipFile(io.BytesIO(data[_HEAD.size : _HEAD.size + length])) as package,
            package.open(_CODE) as code,
        ):
            return code.read(_MOST_CODE).decode("utf-8-sig", "replace")
    except _DAMAGED:
        return ""
