"""固定电话: area code (010, 02x, 0xxx), 7 or 8 digits, an optional extension.

>>> is_valid("0571-88001234"), is_valid("(010)65250000")
(True, True)
>>> is_valid("0571-8800")
False
>>> mask("0571-88001234")
'0571-8800****'
"""

from __future__ import annotations

import functools
from typing import Final

import regex

from prescan.numbers.checks import digits, fail, passes

PATTERN: Final = r"0(?:10|2\d|[3-9]\d{2})\)?[2-8]\d{6,7}"
_SHAPE = regex.compile(r"(?:010|02\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}")
_HIDDEN: Final = 4


def compact(text: str) -> str:
    """Return the digits."""
    return digits(text)


def validate(text: str) -> str:
    """Return the compact number. Raises InvalidNumber (format)."""
    number = compact(text)
    if not _SHAPE.fullmatch(number):
        fail("format")
    return number


is_valid: Final = functools.partial(passes, validate)


def natural_groups(groups: list[int]) -> bool:
    """Tell whether people group landline digits like this: the area code, then the number whole or in fours."""
    return groups[0] in {3, 4} and tuple(groups[1:]) in {(7,), (8,), (4, 4), (3, 4)}


def mask(text: str) -> str:
    """Return `text` with the last four digits hidden."""
    places = [place for place, char in enumerate(text) if char.isdecimal()][-_HIDDEN:]
    return "".join("*" if place in places else char for place, char in enumerate(text))
