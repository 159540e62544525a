"""Numbers of people that occur only in the tags of a page: in ids, classes, addresses of pictures, declarations.

Reading a page ignores such attributes, since nearly all contain only technical names. Instead the source is searched
for numbers; if one is in a tag and in no block of the page, it is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.digit_runs import LONG_RUN, digits_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGITS: Final = re.compile(rb"[0-9]+[Xx]?")
#: Identity numbers count anywhere in a tag; mobile numbers not in addresses or as part of a longer key.
_MOBILE: Final = re.compile(rb"1[3-9][0-9]{9}")
_IDENTITY: Final = re.compile(
    rb"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
)
_VALUE: Final = re.compile(rb"[^\s\"'=<>;]*$")
_OF_KEYS: Final = re.compile(rb"(?:^|[^G-Zg-z_])[A-Fa-f]{1,3}$|[0-9A-Fa-f]-$|\.$|%[0-9A-Fa-f]?$")
_TAG: Final = re.compile(rb"<[A-Za-z?!]")
_SAID: Final = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{11}")
_SPAN: Final = 4_000
"""How far back the start of a tag is searched."""
_AT_MOST: Final = 10_000


def numbers_in_tags(data: bytes) -> list[str]:
    """Return the mobile and identity numbers in the tags of a page, each once; `data` is the undecoded page."""
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
    """Return the end of the digits that begin at an offset."""
    after = digits.find(b"\0", at)
    return after if after >= 0 else len(digits)


def _value(number: bytes) -> bytes:
    if _IDENTITY.fullmatch(number):
        return number
    number = number.rstrip(b"Xx")
    return number if _MOBILE.fullmatch(number) else b""


def _is_no_key(before: bytes, *, mobile: bool) -> bool:
    """Return whether a number is not part of a key or an address; `before` is the tag up to the number."""
    found = _VALUE.search(before)
    value = found[0] if found else b""
    return not (_OF_KEYS.search(value) or (mobile and b"/" in value))


def untold(numbers: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return the numbers that occur in none of the texts."""
    said = {number.upper() for text in texts for number in _SAID.findall(text)}
    return [number for number in numbers if number.upper() not in said]
