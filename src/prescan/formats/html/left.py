"""Numbers of people that only the tags of a page hold: in ids, classes, addresses of pictures, declarations.

The walk does not ask what names and places say: nearly all are those of programs. So the source is looked through for
numbers of people, and only if one stands in a tag it is asked whether the page told it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.digit_runs import LONG_RUN, digits_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGITS: Final = re.compile(rb"[0-9]+[Xx]?")
#: A mobile number behind something that is no address, not a piece of a key; an identity number anywhere.
_MOBILE: Final = re.compile(rb"1[3-9][0-9]{9}")
_IDENTITY: Final = re.compile(
    rb"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
)
_VALUE: Final = re.compile(rb"[^\s\"'=<>;]*$")
_OF_KEYS: Final = re.compile(rb"(?:^|[^G-Zg-z_])[A-Fa-f]{1,3}$|[0-9A-Fa-f]-$|\.$|%[0-9A-Fa-f]?$")
_TAG: Final = re.compile(rb"<[A-Za-z?!]")
_SAID: Final = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{11}")
_SPAN: Final = 4_000
"""No attribute is looked for further back."""
_AT_MOST: Final = 10_000


def numbers_in_tags(data: bytes) -> list[str]:
    """Return the mobile and identity numbers in the tags of a page, each once; `data` as it came."""
    digits = digits_in(data)
    return list(dict.fromkeys(_found(data, digits))) if LONG_RUN in digits else []


def _found(data: bytes, digits: bytes) -> Iterator[str]:
    at, count = digits.find(LONG_RUN), 0
    while at >= 0 and count < _AT_MOST:
        start = data.rfind(b"<", max(0, at - _SPAN), at)
        if start >= 0 and data.rfind(b">", start, at) < 0 and _TAG.match(data, start):
            number = _DIGITS.match(data, at)
            value = _value(number[0]) if number else b""
            if value and _is_no_key(data[start:at], mobile=len(value) == len(LONG_RUN)):
                count += 1
                yield value.decode("ascii")
        at = digits.find(LONG_RUN, _end(digits, at))


def _end(digits: bytes, at: int) -> int:
    """Return where the digits end that begin at a place."""
    after = digits.find(b"\0", at)
    return after if after >= 0 else len(digits)


def _value(number: bytes) -> bytes:
    if _IDENTITY.fullmatch(number):
        return number
    number = number.rstrip(b"Xx")
    return number if _MOBILE.fullmatch(number) else b""


def _is_no_key(before: bytes, *, mobile: bool) -> bool:
    """Tell whether a number is no piece of a key or of an address, given the tag up to it."""
    found = _VALUE.search(before)
    value = found[0] if found else b""
    return not (_OF_KEYS.search(value) or (mobile and b"/" in value))


def untold(numbers: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return those of the numbers that no text says."""
    said = {number.upper() for text in texts for number in _SAID.findall(text)}
    return [number for number in numbers if number.upper() not in said]
