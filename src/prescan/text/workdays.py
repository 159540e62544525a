"""Counts working days: Monday to Friday, with the public holidays and working weekends listed in workdays.tsv."""

from __future__ import annotations

import datetime
import functools
from typing import Final, NamedTuple

from prescan.resources import data_rows

_FRIDAY: Final = 4
_DAY: Final = datetime.timedelta(days=1)
#: Longer periods are estimated: nobody needs to the day how many years late something is.
_COUNTED_DAYS_AT_MOST: Final = 1_000
#: What is said behind a number of days that is not `Counted.certain`.
UNCERTAIN: Final = "；按周一至周五计，未计法定节假日和调休，请核对"


class Counted(NamedTuple):
    """A number of working days; `certain` if the holidays of the years of both ends are known."""

    days: int
    certain: bool


@functools.cache
def _exceptions() -> dict[datetime.date, bool]:
    rows = data_rows("workdays.tsv")
    return {datetime.date.fromisoformat(day): kind == "work" for day, kind in rows}


def is_workday(day: datetime.date) -> bool:
    """Return whether a day is a working day.

    >>> is_workday(datetime.date(2026, 2, 17)), is_workday(datetime.date(2026, 2, 28))
    (False, True)
    """
    return _exceptions().get(day, day.weekday() <= _FRIDAY)


def working_days(start: datetime.date, end: datetime.date) -> Counted:
    """Return the number of working days after `start` up to and including `end`.

    >>> working_days(datetime.date(2026, 1, 5), datetime.date(2026, 2, 2))
    Counted(days=20, certain=True)
    >>> working_days(datetime.date(2026, 12, 31), datetime.date(2027, 1, 4)).certain
    False
    """
    if (end - start).days > _COUNTED_DAYS_AT_MOST:
        return Counted((end - start).days * 250 // 365, certain=False)
    day, count = start, 0
    while day < end:
        day += _DAY
        count += is_workday(day)
    return Counted(count, are_holidays_known(start) and are_holidays_known(end))


def add_workdays(start: datetime.date, days: int) -> datetime.date:
    """Return the working day that is `days` working days after `start`.

    >>> add_workdays(datetime.date(2026, 9, 30), 1).isoformat()
    '2026-10-08'
    """
    day = start
    while days > 0:
        day += _DAY
        days -= is_workday(day)
    return day


def are_holidays_known(day: datetime.date) -> bool:
    """Return whether the holidays of the year of `day` are listed."""
    return day.year in _years()


@functools.cache
def _years() -> frozenset[int]:
    return frozenset(day.year for day in _exceptions())
