"""Reads the dates and periods written in a document: its date, how long a 公示 runs, until when something is valid."""

from __future__ import annotations

import calendar
import datetime
from typing import Final, NamedTuple

import regex

_NUMERALS: Final = "〇○零O0一二三四五六七八九"
_VALUES: Final = {figure: max(0, place - 4) for place, figure in enumerate(_NUMERALS)}
#: Pattern of dates in the fold view: 2026年3月1日, 2026-3-1, 二〇二六年三月一日; the day may be missing.
DATE_PATTERN: Final = (
    r"(?:(?:19|20)\d\d\s?[年./-]\s?\d{1,2}\s?(?:月\s?(?:\d{1,2}\s?日?)?|[./-]\s?\d{1,2}\s?日?)"
    rf"|[一二][{_NUMERALS}]{{3}}\s?年\s?[一二三四五六七八九十]{{1,3}}\s?月(?:\s?[一二三四五六七八九十廿卅]{{1,3}}\s?日)?)"
)
_DATE = regex.compile(DATE_PATTERN)
_DAY = r"(?P<y{0}>(?:19|20)\d\d)\s?[年./-]\s?(?P<m{0}>\d{{1,2}})\s?[月./-]\s?(?P<d{0}>\d{{1,2}})\s?日?"
_SECOND = r"(?:(?P<y2>(?:19|20)\d\d)\s?[年./-]\s?)?(?P<m2>\d{1,2})\s?[月./-]\s?(?P<d2>\d{1,2})\s?日?"
_PERIOD = regex.compile(
    rf"公示(?:期|时间|期限|日期|起止)[^。；;\u2029]{{0,14}}?{_DAY.format('')}[^。；;\u2029]{{0,6}}?(?:至|到|—|–|-|~|～)+\s?{_SECOND}"
)
_COUNTED = regex.compile(
    r"公示(?:期|时间|期限)?[^。；;\u2029]{0,12}?(?P<n>\d{1,2}|[一二三五七十]|十五|二十)\s?个?(?P<unit>工作日|天|日)(?!期)"
)
_SPLIT = regex.compile(r"[年月./\-\s]+")


class Publicity(NamedTuple):
    """The period of a 公示 and its place: until a day, or a number of days from its beginning."""

    start: int
    end: int
    until: datetime.date | None
    days: int = 0
    working: bool = False


def publicity(text: str, start: int = 0) -> Publicity | None:
    """Return the first period of a 公示 stated after `start`, or None."""
    period = _PERIOD.search(text, start)
    if period:
        until = _date(period["y2"] or period["y"], period["m2"], period["d2"])
        return Publicity(*period.span(), until) if until else None
    counted = _COUNTED.search(text, start)
    if not counted:
        return None
    return Publicity(*counted.span(), None, number(counted["n"]), counted["unit"] == "工作日")


def dates_in(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int, datetime.date]]:
    """Return the dates written in a text as (start, end, date); a month without a day gives its last day.

    >>> [day.isoformat() for _, _, day in dates_in("二〇二六年三月十二日，2026-04-01，2026年2月")]
    ['2026-03-12', '2026-04-01', '2026-02-28']
    """
    dates = []
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        day = _read(match[0])
        if day:
            dates.append((*match.span(), day))
    return dates


def number(text: str) -> int:
    """Return the value of a number up to 99 written in digits or Chinese numerals.

    >>> [number(text) for text in ("7", "十", "十五", "二十", "三十一")]
    [7, 10, 15, 20, 31]
    """
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return _VALUES.get(text, 0)
    return 10 * (_VALUES[tens] if tens else 1) + (_VALUES[ones] if ones else 0)


def plus_years(day: datetime.date, years: int) -> datetime.date:
    """Return the day a number of years later; 29 February may become 28 February.

    >>> plus_years(datetime.date(2024, 2, 29), 1).isoformat()
    '2025-02-28'
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _read(text: str) -> datetime.date | None:
    year, month, *rest = [part for part in _SPLIT.split(text.removesuffix("日")) if part]
    if not year.isdigit() or not year.isascii():
        year = "".join(str(_VALUES[figure]) for figure in year)
    last = number(rest[0].rstrip()) if rest else None
    if last is not None:
        return _date(year, str(number(month)), str(last))
    first = _date(year, str(number(month)), "1")
    return first.replace(day=calendar.monthrange(first.year, first.month)[1]) if first else None


def _date(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
