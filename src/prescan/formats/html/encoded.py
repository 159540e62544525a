"""Encoded content in a page: pages in data: addresses, and the form state of ASP.NET (__VIEWSTATE)."""

from __future__ import annotations

import base64
import re
import urllib.parse
from typing import TYPE_CHECKING, Final

from prescan.formats.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE: Final = re.compile(
    r"\s*data:(?:text/[\w.+-]{1,40}|application/(?:(?:xhtml\+)?xml|(?:ld\+)?json|(?:x-)?javascript))((?:;[^;,]*)*),",
    re.IGNORECASE,
)
_CHARSET: Final = re.compile(r";\s*charset=\"?([\w-]+)", re.IGNORECASE)
#: An identity number: division code, date of birth, check character.
_IDENTITY: Final = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
_IDENTITY_CHARS: Final = 18
_ROW: Final = re.compile(r"[0-9]{17}")
_PACKED: Final = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")
_PACKED_AT_LEAST: Final = 24
#: First bytes of an unencrypted state (LosFormatter, version 2).
_STATE: Final = b"\xff\x01"
#: Tokens before a string, and how many bytes follow them: a string, an indexed string, and a string written by
#: BinaryFormatter (its number follows).
_STRINGS: Final = {0x05: 0, 0x1E: 0, 0x06: 4}
_LIST: Final = 0x15
_TOKEN: Final = re.compile(b"[\x05\x06\x15\x1e]")
#: Lengths are stored seven bits to a byte.
_MORE: Final = 0x80
_LENGTH_BYTES: Final = 4


def unpacked(written: str) -> bytes:
    """Decode base64; return no bytes if it is invalid."""
    plain = "".join(urllib.parse.unquote(written).split()).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except ValueError:
        return b""


def packed_text(value: str) -> str:
    """Return the text encoded in a value as base64, or an empty string."""
    if len(value) < _PACKED_AT_LEAST or not _PACKED.fullmatch(value):
        return ""
    return _text(unpacked(value))


def identities(code: str) -> tuple[str, ...]:
    """Return the identity numbers in a script or address, each once."""
    return tuple(dict.fromkeys(_IDENTITY.findall(code)))


def named_after(address: str) -> tuple[str, ...]:
    """Return the identity numbers in the file name of an address: photos and documents of people.

    >>> named_after("/photos/110101190001010014.jpg?v=2"), named_after("/a/20240101/t20240101_123.html")
    (('110101190001010014',), ())
    """
    return identities(address) if len(address) > _IDENTITY_CHARS and _ROW.search(address) else ()


def page(address: str) -> str:
    """Return the page contained in a data: address, or an empty string."""
    found = _PAGE.match(address)
    if not found:
        return ""
    written = address[found.end() :]
    is_base64 = found[1].lower().rstrip().endswith(";base64")
    content = unpacked(written) if is_base64 else urllib.parse.unquote_to_bytes(written)
    charset = _CHARSET.search(found[1])
    return decode(content, charset[1] if charset else "")[0]


def state(value: str) -> list[str] | None:
    """Return the strings in the state of a form; None if it cannot be decoded."""
    data = unpacked(value)
    return list(_strings(data)) if data.startswith(_STATE) else None


def _strings(data: bytes) -> Iterator[str]:
    """Yield the strings that follow their tokens. Other data is not parsed and may look like a token by chance."""
    at = 0
    while token := _TOKEN.search(data, at):
        at = token.end()
        kind = data[token.start()]
        count, start = _length(data, at) if kind == _LIST else (1, at + _STRINGS[kind])
        for _ in range(min(count, len(data))):
            length, begin = _length(data, start)
            text = _text(data[begin : begin + length]) if length and begin + length <= len(data) else ""
            if not text:
                break
            yield text
            at = start = begin + length


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Return a length and the offset after it; 0 if it takes too many bytes."""
    length = 0
    for number, byte in enumerate(data[at : at + _LENGTH_BYTES]):
        length |= (byte & ~_MORE) << 7 * number
        if byte < _MORE:
            return length, at + number + 1
    return 0, at


def _text(data: bytes) -> str:
    """Decode UTF-8; return an empty string if it is invalid or not printable."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return text if "".join(text.split()).isprintable() else ""
