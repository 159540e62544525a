"""Values of cells as a reader sees them: numbers, dates and times."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from typing import Final, NamedTuple

EXACT_DIGITS: Final = 15
"""The digits of a number that a spreadsheet keeps; later ones are lost."""
_EXACT_BELOW: Final = 10.0**EXACT_DIGITS
_EXACT_INTEGERS: Final = 17
"""From this length on, not every integer is exact as a float."""
_MAX_IDENTIFIER: Final = 20
_MAX_LENGTH: Final = 40
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LAST_DAY: Final = 2_958_466
"""The serial number of the day after 9999-12-31."""
_LEAP_ERROR: Final = 60
"""The serial number of 1900-02-29, which exists only in spreadsheets."""
_DAY_SECONDS: Final = 86_400


class DateFormat(NamedTuple):
    """What a number format shows of a date."""

    day: bool
    time: bool
    elapsed: bool = False
    """Hours go on beyond 24."""


def format_number(text: str) -> tuple[str, bool]:
    """Return a number without exponent and trailing zeros, and whether its last digits are lost.

    >>> format_number("3.0"), format_number("0.30000000000000004"), format_number("1.1010119000307E+17")
    (('3', False), ('0.3', False), ('110101190003070000', True))
    """
    if len(text) <= EXACT_DIGITS and text.isdigit():
        return text, False
    stripped = text.strip()
    if len(stripped) > _MAX_LENGTH or not _NUMBER.fullmatch(stripped):
        return text, False
    value = float(stripped)
    if not math.isfinite(value):
        return text, False
    if abs(value) < _EXACT_BELOW:
        return str(int(value)) if value.is_integer() else format(value, f".{EXACT_DIGITS}g"), False
    if stripped.isdigit():
        return stripped, _may_be_identifier(stripped) and _may_be_rounded(stripped, value)
    digits = str(int(Decimal(stripped)))
    return digits, _may_be_identifier(digits)


def format_date(text: str, date_format: DateFormat, *, since_1904: bool) -> str | None:
    """Return a serial number as "2025-03-01", "2025-03-01 08:30" or "08:30"; None if it is not a date.

    >>> format_date("61.5", DateFormat(day=True, time=True), since_1904=False)
    '1900-03-01 12:00'
    """
    stripped = text.strip()
    if len(stripped) > _MAX_LENGTH or not _NUMBER.fullmatch(stripped):
        return None
    value = float(stripped)
    if not 0 <= value < _LAST_DAY - 1:
        return None
    days, seconds = divmod(round(value * _DAY_SECONDS), _DAY_SECONDS)
    if not date_format.day:
        return _clock(days * _DAY_SECONDS + seconds if date_format.elapsed else seconds)
    day = _day(days, since_1904=since_1904)
    return day and (f"{day} {_clock(seconds)}" if date_format.time else day)


def _may_be_identifier(digits: str) -> bool:
    """Return whether a long number may be an identifier: not too long, and not a round amount."""
    return len(digits) <= _MAX_IDENTIFIER and len(digits.rstrip("0")) > 1


def _may_be_rounded(digits: str, value: float) -> bool:
    """Return whether a long integer was rounded to a float; one that is not exactly a float was stored as written."""
    if len(digits.rstrip("0")) <= EXACT_DIGITS:
        return True
    return len(digits) >= _EXACT_INTEGERS and int(abs(value)) == int(digits)


def _day(days: int, *, since_1904: bool) -> str | None:
    if since_1904:
        return str(datetime.date(1904, 1, 1) + datetime.timedelta(days)) if days < _LAST_DAY - 1_462 else None
    if days == _LEAP_ERROR:
        return "1900-02-29"
    if days == 0:
        return None
    first = datetime.date(1899, 12, 31 if days < _LEAP_ERROR else 30)
    return str(first + datetime.timedelta(days))


def _clock(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}" if second else f"{hour:02}:{minute:02}"
