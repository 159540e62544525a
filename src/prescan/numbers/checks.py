"""Shared by number modules: check-digit algorithms, the error of validators, masking, cached patterns."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, Literal, NoReturn

import regex

if TYPE_CHECKING:
    from collections.abc import Callable

MOD_11_2_WEIGHTS: Final = tuple(2**place % 11 for place in range(17, 0, -1))
MOD_11_2_DIGITS: Final = "10X98765432"
_MOD_31_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LUHN_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class InvalidNumber(ValueError):  # noqa: N818  the word says enough; it never leaves prescan.detect
    """A string is not a valid number of its kind; `part` says why. The message does not contain the number."""

    def __init__(self, part: Literal["length", "format", "component", "checksum"]) -> None:
        """`part` is what failed."""
        super().__init__(part)
        self.part = part


def fail(part: Literal["length", "format", "component", "checksum"]) -> NoReturn:
    """Raise InvalidNumber."""
    raise InvalidNumber(part)


@functools.cache
def compiled(pattern: str) -> regex.Pattern[str]:
    """Return a compiled pattern, cached for the process (the cache of `regex` is too small). Raises regex.error."""
    return regex.compile(pattern)


def passes(validate: Callable[[str], str], text: str) -> bool:
    """Return whether `validate` accepts `text`; the modules' `is_valid`."""
    try:
        validate(text)
    except InvalidNumber:
        return False
    return True


def never(text: str) -> bool:  # noqa: ARG001  the shape all numbers share
    """Return False: the `checked` of numbers without a check digit."""
    return False


def any_groups(groups: list[int]) -> bool:  # noqa: ARG001  the shape all numbers share
    """Return True: the `natural_groups` of numbers that may be grouped in any way."""
    return True


def digits(text: str) -> str:
    """Return the decimal digits of `text`, of any script, in ASCII.

    >>> digits("１３８-0013 8000")
    '13800138000'
    """
    found = "".join(filter(str.isdecimal, text))
    return found if found.isascii() else "".join(str(int(char)) for char in found)


#: Abbreviations of provinces on number plates and in certificate numbers.
PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def letters_and_digits(text: str) -> str:
    """Return the letters, in upper case, and digits of `text`.

    >>> letters_and_digits("浙a·12345")
    '浙A12345'
    """
    return "".join(filter(str.isalnum, text.upper()))


def mod_11_2(number: str) -> str:
    """Return the check character of 17 digits (ISO 7064 MOD 11-2, GB 11643-1999).

    >>> mod_11_2("11010119020314002")
    '8'
    """
    total = sum(int(digit) * weight for digit, weight in zip(number, MOD_11_2_WEIGHTS, strict=True))
    return MOD_11_2_DIGITS[total % 11]


def luhn(number: str) -> bool:
    """Return whether the last digit is a correct Luhn check digit (ISO/IEC 7812-1).

    >>> luhn("6222020000000000018"), luhn("6222020000000000019")
    (True, False)
    """
    tail = number[::-1]
    return (sum(map(int, tail[::2])) + sum(_LUHN_DOUBLED[int(digit)] for digit in tail[1::2])) % 10 == 0


def mod_31(code: str) -> str:
    """Return the check character of the first 17 characters of a 统一社会信用代码 (GB 32100-2015).

    >>> mod_31("91350100M000100Y4")
    '3'
    """
    total = sum(_MOD_31_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code))
    return _MOD_31_ALPHABET[-total % 31]


def hide(text: str, keep_first: int, keep_last: int) -> str:
    """Replace letters and digits by "*" except the first and last few; separators keep the layout.

    >>> hide("138 0013 8000", 3, 4)
    '138 **** 8000'
    """
    places = [place for place, char in enumerate(text) if char.isalnum() or char in "×✕"]
    hidden = set(places[keep_first : len(places) - keep_last])
    return "".join("*" if place in hidden else char for place, char in enumerate(text))
