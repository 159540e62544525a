"""外国人永久居留身份证: until 2023 three letters of a country and 12 digits; since 2023 18 digits that begin with 9.

The new number = 9 + 5 (place of issue, country) + birth date + serial + check digit (MOD 11-2), like an ID number. The
last digit of the old one is a check digit whose rule is not published, so the old one counts beside a cue only.

>>> is_valid("USA110100000001"), is_valid("911840190405060010"), is_valid("911840190405060011")
(True, True, False)
>>> checked("911840190405060010"), checked("USA110100000001")
(True, False)
>>> mask("USA110100000001")
'USA**********01'
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.numbers import resident_id
from prescan.numbers.checks import any_groups, fail, hide, mod_11_2, passes

if TYPE_CHECKING:
    import datetime

PATTERN: Final = r"[A-Za-z]{3}\d{12}|9\d{16}[\dXxХхΧχ×✕]"
TELLING: Final = r"9\d{16}[\dXxХхΧχ×✕]"
compact: Final = resident_id.compact_with_letters
_OLD = regex.compile(r"[A-Z]{3}\d{12}")
_NEW = regex.compile(r"9\d{16}[\dX]")


def validate(text: str) -> str:
    """Return the compact number. Raises InvalidNumber: format, component (birth date), checksum."""
    number = compact(text)
    if _OLD.fullmatch(number):
        return number
    if not _NEW.fullmatch(number):
        fail("format")
    resident_id.birth_date(number)
    if mod_11_2(number[:17]) != number[17]:
        fail("checksum")
    return number


is_valid: Final = functools.partial(passes, validate)
natural_groups: Final = any_groups


def checked(text: str) -> bool:
    """Return whether a check digit confirms the value; only the new form has one."""
    return is_valid(text) and compact(text)[0] == "9"


def born(text: str) -> datetime.date | None:
    """Return the birth date in a valid number; the old form has none."""
    number = compact(text)
    return resident_id.birth_date(number) if number[0] == "9" else None


def mask(text: str) -> str:
    """Return `text` with the first three and the last two characters kept."""
    return hide(text, 3, 2)
