"""Scanning open cases again after the rules or the settings of the office have changed."""

from __future__ import annotations

from fastapi import APIRouter, Request

from prescan.web import cases, deciding
from prescan.web.asking import Sitter, office_of
from prescan.web.desk import CaseId, current, in_tab, rows_of

router = APIRouter(include_in_schema=False)


@router.post("/desk/cases/{case_id}/rescan", status_code=202)
def rescan(request: Request, person: Sitter, case_id: CaseId) -> None:
    """Scan again with the rules and settings of now."""
    office = office_of(request)
    with office.store.write() as database:
        case, scan = current(database, person, case_id)
        deciding.check_may_decide(case, person)
        cases.rescan(database, person, case, scan, office.mark)
    office.jobs.submit(scan.id, checked=False)


@router.post("/desk/rescan", status_code=202)
def rescan_all(request: Request, person: Sitter) -> dict[str, int]:
    """Scan again whatever waits for this person and was scanned with other rules or settings."""
    office = office_of(request)
    with office.store.write() as database:
        found = [pair for pair in rows_of(database, person) if in_tab("mine", pair[0], person)]
        mark = office.mark
        old = [(case, scan) for case, scan in found if cases.outdated(mark, case, scan)]
        for case, scan in old:
            cases.rescan(database, person, case, scan, mark)
        queued = [scan.id for _, scan in old]
    for scan_id in queued:
        office.jobs.submit(scan_id, checked=False)
    return {"queued": len(queued)}
