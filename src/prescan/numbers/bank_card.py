"""银行卡号: 16 to 19 digits, Luhn (ISO/IEC 7812-1), an issued prefix.

>>> is_valid("6222020000000000018")
True
>>> is_valid("6222020000000000019")  # wrong check digit
False
>>> is_valid("2025101669278270")  # no bank has such a prefix
False
>>> mask("6222 0200 0000 0000 018")
'**** **** **** ***0 018'
"""

from __future__ import annotations

import functools
from typing import Final

from prescan.numbers.checks import digits, fail, hide, luhn, passes
from prescan.resources import data_rows

PATTERN: Final = r"[3-69]\d{15,18}"
TELLING: Final = PATTERN
_LENGTHS: Final = range(16, 20)
_PREFIX_LENGTHS: Final = range(10, 2, -1)


def compact(text: str) -> str:
    """Return the digits."""
    return digits(text)


def validate(text: str) -> str:
    """Return the compact number. Raises InvalidNumber: length, component (no such prefix), checksum."""
    number = compact(text)
    if len(number) not in _LENGTHS:
        fail("length")
    if not issued(number):
        fail("component")
    if not luhn(number):
        fail("checksum")
    return number


is_valid: Final = functools.partial(passes, validate)
checked: Final = is_valid


def issued(number: str) -> bool:
    """Return whether a compact number begins with 62, or with a prefix issued for cards of its length."""
    lengths = _prefixes()
    known = (lengths.get(number[:size]) for size in _PREFIX_LENGTHS)
    return number.startswith("62") or any(found and len(number) in found for found in known)


def natural_groups(groups: list[int]) -> bool:
    """Return whether people group card digits like this: in fours with a rest of up to four, or 6 and the rest."""
    fours = all(size == 4 for size in groups[:-1]) and groups[-1] <= 4  # noqa: PLR2004
    return fours or (len(groups) == 2 and groups[0] == 6)  # noqa: PLR2004


def mask(text: str) -> str:
    """Return `text` with only the last four digits kept."""
    return hide(text, 0, 4)


@functools.cache
def _prefixes() -> dict[str, set[int]]:
    prefixes: dict[str, set[int]] = {}
    for prefix, length in data_rows("bank_prefixes.tsv"):
        prefixes.setdefault(prefix, set()).add(int(length))
    return prefixes
