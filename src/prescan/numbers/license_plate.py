"""机动车号牌: province + letter + 5 (GA 36-2018), new energy 6 with D/F series, and the plates of others.

Endings 学 警 挂 港 澳 使 领 应急; WJ + province + 5 of the armed police, 使 + 6 of embassies.

>>> is_valid("浙A12345"), is_valid("浙AD12345"), is_valid("粤Z1234港"), is_valid("浙A·12345")
(True, True, True, True)
>>> is_valid("浙X1234应急")
True
>>> is_valid("WJ浙1234A"), is_valid("使123456")
(True, True)
>>> is_valid("浙A1234"), is_valid("浙I12345")
(False, False)
>>> mask("浙A12345")
'浙A***45'
"""

from __future__ import annotations

import functools
from typing import Final

import regex

from prescan.numbers.checks import PROVINCES, fail, hide, letters_and_digits, never, passes

_LETTER = "[A-HJ-NP-Za-hj-np-z]"
_SERIAL = "[A-HJ-NP-Za-hj-np-z0-9]"
#: Over the squeeze view; whether letters or digits follow is for the caller to see.
PATTERN: Final = (
    rf"[{PROVINCES}]{_LETTER}[·•.]?(?:(?:[DFdf]{_SERIAL}\d{{4}}|\d{{5}}[DFdf]|[A-HJ-KNP-Za-hj-knp-z]{_SERIAL}\d{{4}})"
    rf"|{_SERIAL}{{4}}(?:(?:[学警挂港澳使领]|应急)|{_SERIAL}))"
    rf"|WJ[·•.]?[{PROVINCES}]?\d{{4}}{_SERIAL}|使\d{{6}}(?!\d)"
)
TELLING: Final = PATTERN
_SHAPE = regex.compile(PATTERN)


def compact(text: str) -> str:
    """Return the characters of the plate without dot and space."""
    return letters_and_digits(text)


def validate(text: str) -> str:
    """Return the compact plate. Raises InvalidNumber (format)."""
    plate = compact(text)
    if not _SHAPE.fullmatch(plate) or sum(char.isdecimal() for char in plate) < 2:  # noqa: PLR2004
        fail("format")
    return plate


is_valid: Final = functools.partial(passes, validate)
checked: Final = never


def natural_groups(groups: list[int]) -> bool:
    """Return whether people group a plate like this: 浙A 12345, 浙 A 12345, 浙A D 12345."""
    return len(groups) == 1 or groups[-1] > 1


def mask(text: str) -> str:
    """Return `text` with province, letter and the last two characters kept."""
    return hide(text, 2, 2)
