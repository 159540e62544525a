"""Permits between the mainland and 香港, 澳门, 台湾.

港澳居民来往内地通行证: H or M + 8 digits (older + 2); 往来港澳通行证: C, CA–CZ or W.
台湾居民来往大陆通行证: 8 digits (older 10 + letter); 大陆居民往来台湾通行证: L or T. Only beside a cue.

>>> HK_MACAU.is_valid("H12345678"), HK_MACAU.is_valid("CA1234567"), HK_MACAU.is_valid("X12345678")
(True, True, False)
>>> TAIWAN.is_valid("12345678"), TAIWAN.is_valid("T12345678"), TAIWAN.is_valid("1234567")
(True, True, False)
>>> HK_MACAU.mask("H12345678")
'H1*****78'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

from prescan.numbers.checks import any_groups, fail, hide, letters_and_digits, passes


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit known by its shape only; it has the same functions as a number module."""

    PATTERN: str

    def compact(self, text: str) -> str:
        """Return letters in upper case and digits."""
        return letters_and_digits(text)

    def validate(self, text: str) -> str:
        """Return the compact number. Raises InvalidNumber (format)."""
        number = self.compact(text)
        if not regex.fullmatch(self.PATTERN, number):
            fail("format")
        return number

    def is_valid(self, text: str) -> bool:
        """Tell whether `text` is a valid number."""
        return passes(self.validate, text)

    def natural_groups(self, groups: list[int]) -> bool:
        """Tell whether people group the characters like this: a cue is needed anyway, so always."""
        return any_groups(groups)

    def mask(self, text: str) -> str:
        """Return `text` with the first two and the last two characters kept."""
        return hide(text, 2, 2)


HK_MACAU: Final = Permit(r"[HMhm](?:\d{10}|\d{8})|[CWcw](?:\d{8}|[A-Za-z]\d{7})")
TAIWAN: Final = Permit(r"[LTlt]\d{8}|\d{10}[A-Za-z]|\d{8}")
