"""统一社会信用代码 (GB 32100-2015): 18 characters, MOD 31. Not personal data; recognised to avoid confusion.

>>> is_valid("91350100M000100Y43"), is_valid("91350100M000100Y44")
(True, False)
>>> mask("91350100M000100Y43")
'91350100M000100Y43'
"""

from __future__ import annotations

import functools
from typing import Final

import regex

from prescan.numbers.checks import any_groups, fail, letters_and_digits, mod_31, passes

PATTERN: Final = r"[159ANY][1239]\d{6}[0-9A-HJ-NPQRTUWXY]{10}"
TELLING: Final = PATTERN
_SHAPE = regex.compile(PATTERN)


def compact(text: str) -> str:
    """Return letters in upper case and digits."""
    return letters_and_digits(text)


def validate(text: str) -> str:
    """Return the compact code. Raises InvalidNumber: format, checksum."""
    code = compact(text)
    if not _SHAPE.fullmatch(code):
        fail("format")
    if mod_31(code[:17]) != code[17]:
        fail("checksum")
    return code


is_valid: Final = functools.partial(passes, validate)
checked: Final = is_valid
natural_groups: Final = any_groups


def mask(text: str) -> str:
    """Return `text`: an organisation's code is public."""
    return text
