"""Deletes uploads that were fetched and data past its retention; the log has a longer retention of its own."""

from __future__ import annotations

import datetime
import logging
import threading
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from prescan.web import trail
from prescan.web.cases import release_uploads
from prescan.web.clock import now
from prescan.web.tables import Action, Case, Note, Scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.web.config import Config
    from prescan.web.office import Office
    from prescan.web.store import Store

_LOG = logging.getLogger("prescan.web")
_EVERY_SECONDS: Final = 60.0


def fetched(office: Office, scan_id: str) -> None:
    """Release the upload of a scan whose sender has fetched the result."""
    with office.store.write() as database:
        scan = database.get(Scan, scan_id)
        case = database.get(Case, scan.case_id) if scan else None
        if case is None or case.purpose != "once":
            return
        case.fetched = True
        released = release_uploads(database, case, "system")
    for released_id in released:
        office.drop_upload(released_id)


def sweep(
    store: Store, config: Config, drop: Callable[[str], None], *, at: datetime.datetime | None = None
) -> dict[str, int]:
    """Delete everything past its retention at `at` (default now); `drop` removes uploads. Return counts by kind."""
    moment = at or now()
    dropped: list[str] = []
    with store.write() as database:
        api = select(Case).where(
            Case.purpose != "review", Case.created < moment - datetime.timedelta(seconds=config.api_seconds)
        )
        expired = list(database.execute(api).scalars())
        for case in expired:
            dropped += release_uploads(database, case, "system")
            database.delete(case)
        late = moment - datetime.timedelta(days=config.retention_days)
        past = select(Case).where(Case.purpose == "review", Case.changed < late)
        for case in database.execute(past).scalars():
            dropped += release_uploads(database, case, "system")
            database.execute(delete(Action).where(Action.case_id == case.id))
            database.execute(delete(Note).where(Note.case_id == case.id))
            for scan in database.execute(
                select(Scan).where(Scan.case_id == case.id, Scan.result.is_not(None))
            ).scalars():
                scan.result = None
        lines = trail.purge(database, moment - datetime.timedelta(days=config.log_days))
        if dropped or expired or lines:
            trail.add(database, "system", "purge", uploads=len(dropped), api=len(expired), lines=lines)
    for scan_id in dropped:
        drop(scan_id)
    return {"uploads": len(dropped), "api": len(expired), "lines": lines}


def regularly(office: Office, stop: threading.Event) -> None:
    """Call `sweep` once a minute until `stop` is set."""
    while not stop.wait(_EVERY_SECONDS):
        try:
            sweep(office.store, office.config, office.drop_upload)
        except Exception as error:  # noqa: BLE001  the problem, such as a full disk, may be gone in a minute
            _LOG.error("sweep: %s", type(error).__name__)
