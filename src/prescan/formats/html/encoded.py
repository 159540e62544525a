"""What a page carries in an encoding: pages in data: addresses, and what ASP.NET keeps of a form (__VIEWSTATE)."""

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
#: An identity number by its division, its date of birth and its place.
_IDENTITY: Final = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
_IDENTITY_CHARS: Final = 18
_ROW: Final = re.compile(r"[0-9]{17}")
_PACKED: Final = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")
_PACKED_AT_LEAST: Final = 24
#: How the state begins (LosFormatter, version 2); encrypted it begins otherwise.
_STATE: Final = b"\xff\x01"
#: What stands before a string, and how many bytes lie between: a string, one that is repeated by its number, a list of
#: strings, and one in what BinaryFormatter wrote (its number).
_STRINGS: Final = {0x05: 0, 0x1E: 0, 0x06: 4}
_LIST: Final = 0x15
_TOKEN: Final = re.compile(b"[\x05\x06\x15\x1e]")
#: Lengths take seven bits a byte.
_MORE: Final = 0x80
_LENGTH_BYTES: Final = 4


def unpacked(written: str) -> bytes:
    """Return the bytes written as base64; nothing if it is none."""
    plain = "".join(urllib.parse.unquote(written).split()).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except ValueError:
        return b""


def packed_text(value: str) -> str:
    """Return the text that a value holds as base64; an empty string if it holds none."""
    if len(value) < _PACKED_AT_LEAST or not _PACKED.fullmatch(value):
        return ""
    return _text(unpacked(value))


def identities(code: str) -> tuple[str, ...]:
    """Return the identity numbers in a code, each once."""
    return tuple(dict.fromkeys(_IDENTITY.findall(code)))


def named_after(address: str) -> tuple[str, ...]:
    """Return the identity numbers after which a file in an address is named: photographs of people, their papers.

    >>> named_after("/photos/110101190001010014.jpg?v=2"), named_after("/a/20240101/t20240101_123.html")
    (('110101190001010014',), ())
    """
    return identities(address) if len(address) > _IDENTITY_CHARS and _ROW.search(address) else ()


def page(address: str) -> str:
    """Return the page that a data: address holds, or an empty string."""
    found = _PAGE.match(address)
    if not found:
        return ""
    written = address[found.end() :]
    is_base64 = found[1].lower().rstrip().endswith(";base64")
    content = unpacked(written) if is_base64 else urllib.parse.unquote_to_bytes(written)
    charset = _CHARSET.search(found[1])
    return decode(content, charset[1] if charset else "")[0]


def state(value: str) -> list[str] | None:
    """Return the strings in the state of a form; None if it cannot be read as such."""
    data = unpacked(value)
    return list(_strings(data)) if data.startswith(_STATE) else None


def _strings(data: bytes) -> Iterator[str]:
    """Yield the strings behind their tokens. What else is kept has many forms, and may look like a token."""
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
    """Return a length and where it ends; nothing if it has too many bytes."""
    length = 0
    for number, byte in enumerate(data[at : at + _LENGTH_BYTES]):
        length |= (byte & ~_MORE) << 7 * number
        if byte < _MORE:
            return length, at + number + 1
    return 0, at


def _text(data: bytes) -> str:
    """Return the text in UTF-8, or nothing if it is none."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return text if "".join(text.split()).isprintable() else ""
