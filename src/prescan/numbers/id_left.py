"""Counts the ID numbers that fit a masked one, given facts about its holder.

An ID number has three parts (division, birth date, serial) and a check digit over these 17 digits. For each part the
fitting values are counted by what they add to the check sum (modulo 11), and the three counts are convolved, so that a
visible check digit is used exactly. With only the serial hidden 91 values remain, with only the birth date about 3,300.

>>> left("11010119020314***8", NOTHING), left("11010119020314***8", Known(male=True))
(91, 45)
>>> left("110101********0028", Known(births=frozenset({"19020314"})))
1
>>> left("11*************028", Known(births=frozenset({"19020314"}), divisions=frozenset({"110101"})))
1
"""

from __future__ import annotations

import bisect
import calendar
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prescan.numbers.checks import MOD_11_2_DIGITS, MOD_11_2_WEIGHTS
from prescan.resources import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HIDDEN: Final = "*"
_UNSAID: Final = "?"
_ASCII: Final = "0123456789"
_WRITTEN: Final = str.maketrans("〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖OQLIBS", "0001234567891123456789001185")
_MODULUS: Final = 11
_LENGTH: Final = 18
_OLD_LENGTH: Final = 15
#: Birth years of living people; a fixed span, so that the count does not change from day to day.
_YEARS: Final = (1930, 2029)
#: More values than this are assumed to be spread evenly over the check sums.
_COUNTED_UP_TO: Final = 3_000
#: Number of possible birth dates if nothing is known.
_ANY_BIRTH: Final = 36_525
#: Years tried if a visible year lies outside _YEARS.
_ALL_YEARS: Final = (1880, 2029)
#: More combinations than this are only estimated.
_EXACT_UP_TO: Final = 50_000
_DATE_AT: Final = slice(6, 14)

Ways = tuple[int, ...]
"""How many values add 0, 1 … 10 to the check sum."""


@dataclass(frozen=True, slots=True)
class Known:
    """Facts about the holder given beside the number."""

    births: frozenset[str] = frozenset()
    """Possible birth dates as YYYYMMDD, "?" for an unknown digit: "1991????"."""
    male: bool | None = None
    divisions: frozenset[str] = frozenset()
    """Prefixes of division codes (GB/T 2260), 2 to 6 digits; the number was issued in one of them."""


NOTHING: Final = Known()


def left(masked: str, known: Known) -> int:
    """Return how many numbers fit `shown`, a masked number of 18 or 15 characters with "*" for hidden ones.

    A fact that contradicts the visible digits (somebody else's birth date) is ignored. Counts above 1,500 may be
    underestimates.
    """
    masked = _as_digits(masked)
    if len(masked) == _OLD_LENGTH:
        written = masked[:6] + "19" + masked[6:]
        return sum(_ways(written[:6], written[6:14], written[14:17], known))
    if len(masked) != _LENGTH:
        return free(masked, known)
    return _counted(masked, known) or _counted(masked[:-1] + HIDDEN, known)  # mistyped: ignore its check digit


def _as_digits(masked: str) -> str:
    """Replace characters written or misread for digits by digits, and all others by "*"."""
    meant = masked.translate(_WRITTEN)
    last = meant[-1:] if meant[-1:] == "X" else ""
    return "".join(char if char in _ASCII else HIDDEN for char in meant.removesuffix(last or "\0")) + last


def _counted(masked: str, known: Known) -> int:
    """Return how many numbers of 18 digits fit `shown`."""
    ways = _ways(masked[:6], masked[_DATE_AT], masked[14:17], known)
    if masked[-1] == HIDDEN:
        return sum(ways)
    return ways[MOD_11_2_DIGITS.index(masked[-1])] if masked[-1] in MOD_11_2_DIGITS else sum(ways)


def free(masked: str, known: Known) -> int:  # noqa: ARG001  the shape of all counters
    """Return ten to the power of the hidden places, for numbers without check digit."""
    return int(10 ** masked.count(HIDDEN))


def _ways(division: str, birth: str, serial: str, known: Known) -> Ways:
    if not known.births and not birth.strip(HIDDEN):  # thousands in any case: no table is needed
        return (_ANY_BIRTH * free(serial, known) // (_MODULUS if known.male is None else 2 * _MODULUS),) * _MODULUS
    codes, dates = _fitting_codes(division, known.divisions), _fitting_births(birth, known.births)
    sizes = (len(codes) or free(division, known), len(dates) or _ANY_BIRTH, free(serial, known))
    every = sizes[0] * sizes[1] * sizes[2]
    if every > _EXACT_UP_TO * _MODULUS:
        return (every // (_MODULUS if known.male is None else 2 * _MODULUS),) * _MODULUS
    parts = (
        _code_ways(division, known.divisions),
        _birth_ways(birth, known.births),
        _serial_ways(serial, known.male),
    )
    return functools.reduce(_together, parts)


def _together(first: Ways, second: Ways) -> Ways:
    """Return the counts of two parts combined."""
    together = [0] * _MODULUS
    for left_sum, count in enumerate(first):
        if count:
            for right_sum, other in enumerate(second):
                together[(left_sum + right_sum) % _MODULUS] += count * other
    return tuple(together)


@functools.lru_cache(4_096)
def _fitting_codes(masked: str, divisions: frozenset[str]) -> Sequence[str]:
    """Return the division codes that fit; empty if none is known."""
    with_facts = {code for prefix in divisions for code in _fitting(_codes(), _merged(masked, prefix.ljust(6, HIDDEN)))}
    return sorted(with_facts) or _fitting(_codes(), masked)


@functools.lru_cache(4_096)
def _fitting_births(masked: str, births: frozenset[str]) -> Sequence[str]:
    """Return the birth dates that fit; empty means any."""
    with_facts = {date for birth in births for date in _fitting_dates(_merged(masked, birth.replace(_UNSAID, HIDDEN)))}
    return sorted(with_facts) or (_fitting_dates(masked) if masked.strip(HIDDEN) else ())


@functools.lru_cache(4_096)
def _code_ways(masked: str, divisions: frozenset[str]) -> Ways:
    codes = _fitting_codes(masked, divisions)
    return _sums(codes, 0) if codes else _digit_ways(masked, 0)


@functools.lru_cache(4_096)
def _birth_ways(masked: str, births: frozenset[str]) -> Ways:
    dates = _fitting_births(masked, births)
    return _sums(dates, 6) if dates else (_ANY_BIRTH // _MODULUS,) * _MODULUS


def _merged(masked: str, known_digits: str) -> str:
    """Return the digits known from either, or "" if they contradict each other."""
    pairs = list(zip(masked, known_digits, strict=True))
    if any(HIDDEN not in pair and pair[0] != pair[1] for pair in pairs):
        return ""
    return "".join(known if char == HIDDEN else char for char, known in pairs)


def _fitting_dates(masked: str) -> list[str]:
    """Return the dates that fit, of living people if possible."""
    if masked and HIDDEN not in masked:
        return [masked]
    return _fitting(_dates(*_YEARS), masked) or _fitting(_dates(*_ALL_YEARS), masked)


def _fitting(values: list[str], masked: str) -> list[str]:
    """Return the sorted values that fit `shown`; none if it is ""."""
    if not masked:
        return []
    prefix = masked.partition(HIDDEN)[0]
    near = values[bisect.bisect_left(values, prefix) : bisect.bisect_right(values, prefix + ":")]
    return near if not masked[len(prefix) :].strip(HIDDEN) else [value for value in near if _fits(value, masked)]


@functools.lru_cache(4_096)
def _serial_ways(masked: str, male: bool | None) -> Ways:  # noqa: FBT001  a key of the cache
    ways = _digit_ways(masked[:2], 14)
    last = _ASCII if masked[2] == HIDDEN else masked[2]
    matching = last if male is None else [digit for digit in last if int(digit) % 2 == male]
    return _together(ways, _sums(matching or last, 16))


def _digit_ways(masked: str, place: int) -> Ways:
    """Return the counts for digits without further constraints."""
    ways: Ways = (1, *[0] * (_MODULUS - 1))
    for step, char in enumerate(masked):
        ways = _together(ways, _sums(_ASCII if char == HIDDEN else char, place + step))
    return ways


def _sums(values: Iterable[str], place: int) -> Ways:
    values = list(values)
    if len(values) > _COUNTED_UP_TO:
        return (len(values) // _MODULUS,) * _MODULUS
    ways = [0] * _MODULUS
    for value in values:
        ways[_sum(value, place)] += 1
    return tuple(ways)


def _sum(digits: str, place: int) -> int:
    weights = MOD_11_2_WEIGHTS[place : place + len(digits)]
    total: int = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return total % _MODULUS


def _fits(value: str, masked: str) -> bool:
    return all(seen in (HIDDEN, char) for char, seen in zip(value, masked, strict=True))


@functools.cache
def _codes() -> list[str]:
    """Return the codes of all present and past counties, sorted."""
    return sorted({row[0] for row in data_rows("counties.tsv") if not row[0].endswith("00")})


@functools.cache
def _dates(first: int, last: int) -> list[str]:
    return [
        f"{year}{month:02}{day:02}"
        for year in range(first, last + 1)
        for month in range(1, 13)
        for day in range(1, calendar.monthrange(year, month)[1] + 1)
    ]
