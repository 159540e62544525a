"""What the binary parts of office files say: field data, controls, settings of printers, queries.

Programs keep strings in them in UTF-16, in the code page of Chinese systems or in UTF-8, without a mark. A row of
characters counts that chance does not make: Chinese of GB2312, letters, digits and signs.
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

_SHORTEST: Final = 3
_COMPARED: Final = 200
_MOST_BYTES: Final = 4 << 20
_SIGNS: Final = rb"\x09\x0a\x0d\x20-\x7e"
_WIDE: Final = re.compile(rf"[\t\n\r\x20-\x7e\u3000-\u301f\u4e00-\u9fff\uff00-\uffef]{{{_SHORTEST},4000}}+")
_NARROW: Final = re.compile(rb"(?:[%b]|[\xa1-\xf7][\xa1-\xfe]){%d,4000}+" % (_SIGNS, _SHORTEST))
_UTF8: Final = re.compile(rb"(?:[%b]|[\xe3-\xe9\xef][\x80-\xbf]{2}){%d,4000}+" % (_SIGNS, _SHORTEST))
#: Two bytes of GB2312; those of its second level, which is rare, begin here, as its signs end before its first.
_TWO_BYTES: Final = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_FIRST_LEVEL: Final = range(0xB0, 0xD8)
_SIGNS_OF_TEXT: Final = range(0xA1, 0xA4)
_OFTEN: Final = 5
#: People write a character twice in a row now and then, tables of numbers much more often.
_SELDOM: Final = 3
_SHOWN: Final = re.compile(r"[\u4e00-\u9fff]{3}|[0-9]{6}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]+")
#: A query of Power Query ([MS-QDEFF] 2.2): version, length, then a package in which this part holds the code.
_CODE: Final = "Formulas/Section1.m"
_HEAD: Final = struct.Struct("<II")
_MOST_CODE: Final = 1 << 20
_DAMAGED: Final = (struct.error, zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, RuntimeError, EOFError)


def texts(data: bytes, wanted: Callable[[str], bool] = is_for_people) -> Iterator[str]:
    """Yield the strings in `data` that are `wanted`, each once; as a rule Chinese, or a number as those of people."""
    data = data[:_MOST_BYTES]

    def kept(runs: Iterable[str]) -> list[str]:
        return [text for text in map(str.strip, runs) if wanted(text) and _is_written(text)]

    wide = (found[0] for at in (0, 1) for found in _WIDE.finditer(data[at:].decode("utf-16-le", "replace")))
    plain = kept(found[0].decode("utf-8", "replace") for found in _UTF8.finditer(data))
    if all(text.isascii() for text in plain):  # else its bytes would be read as two of GB2312
        plain += kept(found[0].decode("gb2312", "replace") for found in _NARROW.finditer(data))
    found = list(dict.fromkeys([*kept(wide), *plain]))
    for at, text in enumerate(found):  # what one encoding makes of a string may be a piece of what another does
        longer = (other for other in found[:_COMPARED] if len(other) > len(text))
        if at >= _COMPARED or not any(text in other for other in longer):
            yield text


def shown(data: bytes) -> Iterator[str]:
    """Yield the strings of a control that a page shows: its caption, what was filled in."""
    yield from texts(data, lambda text: _SHOWN.search(text) is not None)


def _is_written(text: str) -> bool:
    """Tell whether the characters are such as people write here; bytes read in the wrong way give rare ones."""
    try:
        written = text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    pairs = _TWO_BYTES.findall(written)
    rare = sum(pair[0] not in _FIRST_LEVEL and pair[0] not in _SIGNS_OF_TEXT for pair in pairs)
    repeated = sum(one == other for one, other in itertools.pairwise(pairs))
    return _OFTEN * rare <= len(pairs) and _SELDOM * repeated <= len(pairs)


def packed_texts(written: str, wanted: Callable[[str], bool] = is_for_people) -> Iterator[str]:
    """Yield the strings in bytes that a part holds as base64; nothing if it is none."""
    try:
        data = base64.b64decode(written, validate=False) if _BASE64.fullmatch(written) else b""
    except binascii.Error:
        return
    yield from texts(data, wanted)


def query(written: str) -> str:
    """Return the code of the queries that a workbook holds as base64 in its custom XML; "" if it is damaged."""
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
