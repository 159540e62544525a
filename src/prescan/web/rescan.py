"""Scans open cases again after rules or settings have changed."""

from __future__ import annotations

from fastapi import APIRouter, Request

from prescan.web import cases, deciding
from prescan.web.asking import Sitter, office_of
from prescan.web.desk import CaseId, in_tab, rows_of, sit_down
from prescan.web.sitting import Sitting

router = APIRouter(include_in_schema=False)


@router.post("/desk/cases/{case_id}/rescan", status_code=202)
def rescan(request: Request, person: Sitter, case_id: CaseId) -> None:
    """Scan a case again with the current rules and settings."""
    office = office_of(request)
    with office.store.write() as database:
        sitting = sit_down(office, database, person, case_id)
        deciding.check_may_decide(sitting.case, person)
        cases.rescan(sitting)
    office.jobs.submit(sitting.scan.id, checked=False)


@router.post("/desk/rescan", status_code=202)
def rescan_all(request: Request, person: Sitter) -> dict[str, int]:
    """Scan again all cases that wait for this person and were scanned with other rules or settings."""
    office = office_of(request)
    with office.store.write() as database:
        found = [pair for pair in rows_of(database, person) if in_tab("mine", pair[0], person)]
        rules_state = office.rules_state
        outdated = [(case, scan) for case, scan in found if cases.outdated(rules_state, case, scan)]
        for case, scan in outdated:
            cases.rescan(Sitting(office, database, person, case, scan))
        queued = [scan.id for _, scan in outdated]
    for scan_id in queued:
        office.jobs.submit(scan_id, checked=False)
    return {"queued": len(queued)}
