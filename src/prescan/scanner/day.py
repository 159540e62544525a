"""The day of a scan, by which periods and expiry dates are computed."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from prescan.types import Settings

_SHANGHAI: Final = "Asia/Shanghai"


def today(settings: Settings) -> datetime.date:
    """Return the day of a scan: the one in the settings, else the date in Asia/Shanghai (UTC+8 without zone data)."""
    if settings.today:
        return settings.today
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(_SHANGHAI)
    except zoneinfo.ZoneInfoNotFoundError:
        zone = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.now(tz=zone).date()
