"""Times: stored as UTC without time zone, shown in Beijing time."""

from __future__ import annotations

import datetime
from typing import Final

_BEIJING: Final = datetime.timedelta(hours=8)


def now() -> datetime.datetime:
    """Return the current time in the form the store keeps."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def local_time(at: datetime.datetime | None) -> str:
    """Return a stored time in Beijing time: "2026-01-05 09:30"; "" for None."""
    return (at + _BEIJING).strftime("%Y-%m-%d %H:%M") if at else ""


def iso(at: datetime.datetime) -> str:
    """Return a stored time as ISO 8601 in Beijing time with offset."""
    return (at + _BEIJING).isoformat(timespec="seconds") + "+08:00"
