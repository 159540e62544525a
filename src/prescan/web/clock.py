"""Times: stored as UTC without zone, shown as Beijing time."""

from __future__ import annotations

import datetime
from typing import Final

_BEIJING: Final = datetime.timedelta(hours=8)


def now() -> datetime.datetime:
    """Return the time as the store keeps it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def shown(at: datetime.datetime | None) -> str:
    """Return a stored time as people read it: "2026-01-05 09:30"."""
    return (at + _BEIJING).strftime("%Y-%m-%d %H:%M") if at else ""


def iso(at: datetime.datetime) -> str:
    """Return a stored time as ISO 8601 with its zone."""
    return (at + _BEIJING).isoformat(timespec="seconds") + "+08:00"
