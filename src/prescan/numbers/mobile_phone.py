"""手机号码: 11 digits, 13–19, with or without +86 or 0086; unassigned ranges count, as new ones are opened every year.

>>> is_valid("13800138000"), is_valid("+86 138-0013-8000")
(True, True)
>>> is_valid("12800138000")
False
>>> mask("138 0013 8000")
'138 **** 8000'
"""

from __future__ import annotations

import functools
from typing import Final

from prescan.numbers.checks import digits, fail, hide, never, passes

PATTERN: Final = r"(?:(?:00)?86\)?)?1[3-9]\d{9}"
TELLING: Final = PATTERN
_LENGTH: Final = 11


def compact(text: str) -> str:
    """Return the 11 digits without the country code."""
    number = digits(text)
    return number.removeprefix("00").removeprefix("86") if len(number) > _LENGTH else number


def validate(text: str) -> str:
    """Return the compact number. Raises InvalidNumber: length, format."""
    number = compact(text)
    if len(number) != _LENGTH:
        fail("length")
    if number[0] != "1" or number[1] not in "3456789":
        fail("format")
    return number


is_valid: Final = functools.partial(passes, validate)
checked: Final = never


def natural_groups(groups: list[int]) -> bool:
    """Return whether people group mobile digits like this."""
    code = sum(groups) - _LENGTH  # 86 or 0086, apart or not
    own = groups[1:] if code and groups[0] == code else [groups[0] - code, *groups[1:]]
    return tuple(own) in {(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 3, 4), (5, 6), (4, 4, 3)}


def mask(text: str) -> str:
    """Return `text` as 138****8000."""
    return hide(text, 3, 4)
