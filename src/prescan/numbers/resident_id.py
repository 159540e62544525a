"""居民身份证号 (公民身份号码), 18 digits after GB 11643-1999 and the old 15 digits; also 港澳台居民居住证.

18 = 6 division + 8 birth date + 3 serial (odd = male) + 1 check (MOD 11-2). 15 = 6 division + 6 birth date + 3 serial.
The division code is not checked against a list: counties change, and a number with an unknown code is still somebody's.

>>> is_valid("110101190203140028")
True
>>> validate("１１０１０１１９０２０３１４００２８")
'110101190203140028'
>>> is_valid("110101190203140029")  # wrong check digit
False
>>> is_valid("110101020314002")
True
>>> is_valid("810000190304050017")
True
>>> mask("110101190203140028")
'11*************028'
"""

from __future__ import annotations

import datetime
import functools
from typing import Final

from prescan.numbers.checks import any_groups, fail, hide, mod_11_2, passes

#: For the squeeze view. The last character may also be one that people or OCR write for X.
PATTERN: Final = r"[1-8]\d{16}[\dXxХхΧχ×✕]|[1-8]\d{14}"
TELLING: Final = r"[1-8]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXxХхΧχ×✕]"
LENGTHS: Final = (18, 15)
#: Characters that people and OCR write for X.
X_FORMS: Final = str.maketrans("xＸｘХхΧχ×✕", "XXXXXXXXX")
_PROVINCES: Final = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_LAST: Final = "0123456789Xx"
#: No living person was born before. Births in the future are checked by callers that know the day (see `born`).
_FIRST_YEAR: Final = 1880
_LAST_YEAR: Final = 2099


def compact(text: str) -> str:
    """Return the number in ASCII digits with a capital X, without separators."""
    if text.isascii() and text[:-1].isdigit() and text[-1] in _LAST:  # the usual case
        return text.upper()
    return "".join(
        str(int(char)) if char.isdecimal() else char
        for char in text.translate(X_FORMS)
        if char.isdecimal() or char == "X"
    )


def compact_with_letters(text: str) -> str:
    """Return a number that also has other letters, in upper case; characters written for X become X."""
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = (char for char in text.translate(X_FORMS).upper() if char.isalnum())
    return "".join(str(int(char)) if char.isdecimal() else char for char in plain)


def validate(text: str) -> str:
    """Return the compact number. Raises InvalidNumber: length, component (province, birth date), checksum."""
    number = compact(text)
    if len(number) not in LENGTHS or "X" in number[:17]:
        fail("length")
    if number[:2] not in _PROVINCES:
        fail("component")
    birth_date(number)
    if len(number) == LENGTHS[0] and mod_11_2(number[:17]) != number[17]:
        fail("checksum")
    return number


is_valid: Final = functools.partial(passes, validate)
natural_groups: Final = any_groups


def checked(text: str) -> bool:
    """Return whether a check digit confirms the value; numbers of 15 digits have none."""
    return is_valid(text) and len(compact(text)) == LENGTHS[0]


def birth_date(number: str) -> datetime.date:
    """Return the birth date in a compact number. Raises InvalidNumber (component)."""
    written = number[6:14] if len(number) == LENGTHS[0] else "19" + number[6:12]
    try:
        born = datetime.date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        fail("component")
    if not _FIRST_YEAR <= born.year <= _LAST_YEAR:
        fail("component")
    return born


def born(text: str) -> datetime.date:
    """Return the birth date in a valid number."""
    return birth_date(compact(text))


def mask(text: str) -> str:
    """Return `text` with only the first two and the last three characters kept (永安市 2023 format)."""
    return hide(text, 2, 3)
