"""护照号: E + 8 digits, from 2017 E + letter (no I, O) + 7 digits; older G, 14, 15; SE, DE, PE official; K, MA 港澳.

Those of other countries (ICAO 9303: up to nine letters and digits) are one or two letters and digits, or nine digits.

>>> is_valid("E12345678"), is_valid("EA1234567"), is_valid("EI1234567")
(True, True, False)
>>> is_valid("AB1234567"), is_valid("512345678"), is_valid("K1234567E")
(True, True, True)
>>> mask("E12345678")
'E1*****78'
"""

from __future__ import annotations

import functools
from typing import Final

import regex

from prescan.numbers.checks import any_groups, fail, hide, letters_and_digits, never, passes

PATTERN: Final = (
    r"(?:[EGKegk]\d{8}|[Ee][A-HJ-NP-Za-hj-np-z]\d{7}|(?:SE|DE|PE|MA|se|de|pe|ma)\d{7}|1[45]\d{7}"
    r"|(?![EGeg])[A-Za-z]{1,2}\d{6,8}[A-Za-z]?|\d{9})"
)
TELLING: Final = PATTERN
_SHAPE = regex.compile(PATTERN)


def compact(text: str) -> str:
    """Return letters in upper case and digits."""
    return letters_and_digits(text)


def validate(text: str) -> str:
    """Return the compact number. Raises InvalidNumber (format)."""
    number = compact(text)
    if not _SHAPE.fullmatch(number):
        fail("format")
    return number


is_valid: Final = functools.partial(passes, validate)
checked: Final = never
natural_groups: Final = any_groups


def mask(text: str) -> str:
    """Return `text` with the first two and the last two characters kept."""
    return hide(text, 2, 2)
