"""Values of cells as a reader sees them: numbers, dates and times."""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from typing import Final, NamedTuple

EXACT_DIGITS: Final = 15
"""What a spreadsheet keeps of a number; the digits behind are lost."""
_EXACT_BELOW: Final = 10.0**EXACT_DIGITS
_EXACT_INTEGERS: Final = 17
"""From this length on, not every whole number can be a float."""
_LONGEST_IDENTIFIER: Final = 20
_LONGEST: Final = 40
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LAST_DAY: Final = 2_958_466
"""The serial number of the day after 9999-12-31."""
_LEAP_ERROR: Final = 60
"""The serial number of 1900-02-29, a day that spreadsheets know and the calendar does not."""
_DAY_SECONDS: Final = 86_400


class Moment(NamedTuple):
    """What a number format shows of a date."""

    day: bool
    time: bool
    elapsed: bool = False
    """Hours are counted on beyond a day."""


def number(text: str) -> tuple[str, bool]:
    """Return a number without exponent and superfluous zeros, and whether its last digits are lost.

    >>> number("3.0"), number("0.30000000000000004"), number("1.1010119000307E+17")
    (('3', False), ('0.3', False), ('110101190003070000', True))
    """
    if len(text) <= EXACT_DIGITS and text.isdigit():
        return text, False
    trimmed = text.strip()
    if len(trimmed) > _LONGEST or not _NUMBER.fullmatch(trimmed):
        return text, False
    value = float(trimmed)
    if not math.isfinite(value):
        return text, False
    if abs(value) < _EXACT_BELOW:
        return str(int(value)) if value.is_integer() else format(value, f".{EXACT_DIGITS}g"), False
    if trimmed.isdigit():
        return trimmed, _is_number_of_something(trimmed) and _is_rounded(trimmed, value)
    digits = str(int(Decimal(trimmed)))
    return digits, _is_number_of_something(digits)


def moment(text: str, shown: Moment, *, since_1904: bool) -> str | None:
    """Return a serial number as "2025-03-01", "2025-03-01 08:30" or "08:30"; None if it is no date.

    >>> moment("61.5", Moment(day=True, time=True), since_1904=False)
    '1900-03-01 12:00'
    """
    trimmed = text.strip()
    if len(trimmed) > _LONGEST or not _NUMBER.fullmatch(trimmed):
        return None
    value = float(trimmed)
    if not 0 <= value < _LAST_DAY - 1:
        return None
    days, seconds = divmod(round(value * _DAY_SECONDS), _DAY_SECONDS)
    if not shown.day:
        return _clock(days * _DAY_SECONDS + seconds if shown.elapsed else seconds)
    day = _day(days, since_1904=since_1904)
    return day and (f"{day} {_clock(seconds)}" if shown.time else day)


def _is_number_of_something(digits: str) -> bool:
    """Tell whether a long number may have been an identifier: no larger than any, and not a round amount."""
    return len(digits) <= _LONGEST_IDENTIFIER and len(digits.rstrip("0")) > 1


def _is_rounded(digits: str, value: float) -> bool:
    """Tell whether a long whole number went through a float. One that no float can be was written as it is."""
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
