"""Cases and their scans: admits documents, finds them, releases their uploads; decides who may see which."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from prescan.report.shown import shown_name
from prescan.web import trail
from prescan.web.clock import now
from prescan.web.config import MB
from prescan.web.holding import metadata
from prescan.web.problems import Problem
from prescan.web.shown import MASKED
from prescan.web.sitting import Sitting
from prescan.web.tables import Case, Scan

if TYPE_CHECKING:
    from concurrent.futures import Future

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from prescan.types import ScanResult
    from prescan.web.intake import Received
    from prescan.web.office import Office
    from prescan.web.people import Person

_RANK: Final = {"once": 0, "hour": 1, "review": 2}
DISCARDED: Final = "discarded"
SIGNED: Final = "signed"


@dataclass(frozen=True, slots=True)
class Admitted:
    """An accepted upload: its scan, and a future to wait for (None: it was scanned before)."""

    scan_id: str
    done: Future[None] | None


def admit(office: Office, person: Person, received: Received) -> Admitted:
    """Accept an upload and store it durably. The same upload of the same person leads to the same scan.

    Raises Problem.
    """
    meta = metadata(received.name, received.context, is_text=received.is_text)
    scanner = office.scanner
    # A review keeps its id on later days; other systems get a new scan when rules or date change.
    state = [] if received.keep == "review" else [*scanner.versions.values(), scanner.today.isoformat()]
    scan_id = office.scan_id(received.sha256, json.dumps(meta, sort_keys=True), str(person.id), *state)
    try:
        with office.store.write() as database:
            scan = database.get(Scan, scan_id)
            case = database.get(Case, scan.case_id) if scan else None
            if scan and case and scan.held and scan.status != "failed":
                _raise_purpose(database, case, received.keep)
                return Admitted(scan_id, _waiting(office, scan))
            _check_room(office, received.size)
            office.holding.keep(received.path, scan_id, meta)
            if scan and case:
                _revive(database, case, scan, received.keep)
            else:
                case = _new_case(database, person, scan_id, received)
                database.add(_new_scan(scan_id, case.id, received.size))
            trail.add(database, person.login, "scan", scan_id, keep=received.keep)
        return Admitted(scan_id, office.jobs.submit(scan_id, checked=False))
    finally:
        with contextlib.suppress(FileNotFoundError):
            received.path.unlink()


def correct(office: Office, person: Person, case_id: str, received: Received) -> Admitted:
    """Accept a corrected version of a case; decisions about unchanged findings stay valid. Raises Problem."""
    try:
        _check_room(office, received.size)
        with office.store.write() as database:
            case = database.get(Case, case_id)
            if case is None or not is_owner(case, person):
                raise Problem("not_found")
            if case.stage != "draft":
                raise Problem("not_allowed_now", "只有退回拟稿的文件可以上传修改稿")
            before = case.scan_id
            previous = office.holding.get(before)
            name = previous.name if previous and _ending(previous.name) == _ending(received.name) else received.name
            context = previous.context if previous else received.context
            meta = metadata(name, context, is_text=False)
            scan_id = office.scan_id(case_id, received.sha256, json.dumps(meta, sort_keys=True))
            if database.get(Scan, scan_id):
                raise Problem("not_allowed_now", "这一版已经上传过，请上传修改后的文件")
            office.holding.keep(received.path, scan_id, meta)
            scan = _new_scan(scan_id, case_id, received.size)
            scan.version = 1 + (database.execute(_versions(case_id)).scalar_one() or 0)
            database.add(scan)
            case.scan_id, case.changed, case.unread_reasons, case.notes_seen = scan_id, now(), {}, ""
            sitting = Sitting(office, database, person, case, scan)
            sitting.add_step("correct", text=f"第 {scan.version} 稿")
            sitting.log("rescanned", scan=scan_id)
            if old := database.get(Scan, before):
                old.held = False
        office.drop_upload(before)
        return Admitted(scan_id, office.jobs.submit(scan_id, checked=False))
    finally:
        with contextlib.suppress(FileNotFoundError):
            received.path.unlink()


def outdated(rules_state: str, case: Case, scan: Scan) -> bool:
    """Return whether an open case was scanned with another state than `Office.rules_state`."""
    under_review = case.purpose == "review" and is_open(case)
    return under_review and scan.held and scan.status == "done" and scan.counts.get("mark") != rules_state


def rescan(sitting: Sitting) -> None:
    """Queue a case for another scan; decisions about unchanged findings stay valid. The caller submits it after commit.

    Raises Problem.
    """
    case, scan = sitting.case, sitting.scan
    if not outdated(sitting.office.rules_state, case, scan):
        raise Problem("not_allowed_now", "这份文件已按现在的规则和设置扫描，或已经办结")
    scan.status = "queued"
    case.changed, case.notes_seen = now(), ""
    sitting.add_step("rescan")
    sitting.log("rescan")


def find_scan(database: Session, person: Person, scan_id: str, *, whole: bool = False) -> tuple[Case, Scan]:
    """Return a scan this person may see; `whole` loads its findings. Raises Problem, not_found for other people's."""
    options = [undefer(Scan.result)] if whole else []
    scan = database.get(Scan, scan_id, options=options)
    case = database.get(Case, scan.case_id) if scan else None
    if scan is None or case is None or not may_see(case, person):
        raise Problem("not_found")
    return case, scan


def find_case(database: Session, person: Person, case_id: str) -> Case:
    """Return a case this person may see. Raises Problem."""
    case = database.get(Case, case_id)
    if case is None or case.purpose != "review" or not may_see(case, person):
        raise Problem("not_found")
    return case


def may_see(case: Case, person: Person) -> bool:
    """Return whether a person may see a case: its owner, and, once it was handed in, reviewers."""
    if is_owner(case, person):
        return True
    handed_in = case.stage != "draft" or case.round > 1
    return case.purpose == "review" and handed_in and person.reviews


def is_owner(case: Case, person: Person) -> bool:
    """Return whether the person owns the case."""
    return case.owner_id == person.id


def owned_by(person: Person) -> ColumnElement[bool]:
    """Return the condition of a query that selects the cases of which `is_owner` holds."""
    return Case.owner_id.is_(None) if person.id is None else Case.owner_id == person.id


def is_open(case: Case) -> bool:
    """Return whether a case is neither signed nor discarded."""
    return case.stage not in {SIGNED, DISCARDED}


def findings_of(scan: Scan) -> list[dict[str, Any]]:
    """Return the findings of a scan as JSON objects of the contract. Raises Problem if unfinished or purged."""
    if scan.result is None:
        raise Problem("gone" if scan.status == "done" else "not_allowed_now", "")
    return list(scan.result["findings"])


def held_result(office: Office, scan: Scan) -> ScanResult:
    """Return the full result of a scan. Raises Problem if it is not finished or already deleted."""
    result = office.result(scan.id) if scan.held else None
    if result is None:
        raise Problem("gone") if scan.status == "done" else Problem("not_allowed_now", "还没有扫描完")
    return result


def release_uploads(database: Session, case: Case, who: str) -> list[str]:
    """Mark the uploads of a case as removed; return the scan ids whose folders the caller must remove after commit."""
    scans = database.execute(select(Scan).where(Scan.case_id == case.id, Scan.held)).scalars().all()
    for scan in scans:
        scan.held = False
    if scans:
        trail.add(database, who, "deleted", case.id)
    return [scan.id for scan in scans]


def _new_case(database: Session, person: Person, scan_id: str, received: Received) -> Case:
    case = Case(
        id=scan_id[:16],
        owner_id=person.id,
        owner_name=person.name,
        purpose=received.keep,
        stage="draft",
        name=shown_name(received.name, MASKED) or "（文本）",
        created=now(),
        changed=now(),
        scan_id=scan_id,
    )
    if received.keep == "review":
        case.number = _next_number(database)
    database.add(case)
    database.flush()
    return case


def _new_scan(scan_id: str, case_id: str, size: int) -> Scan:
    return Scan(id=scan_id, case_id=case_id, status="queued", size=size, created=now(), counts={}, version=1, held=True)


def _revive(database: Session, case: Case, scan: Scan, keep: str) -> None:
    """Restart a case that was sent before and whose upload was released."""
    scan.held, scan.status, scan.result = True, "queued", None
    if not is_open(case):
        case.stage = "draft"
        case.round += 1
    case.fetched, case.scan_id, case.created, case.changed = False, scan.id, now(), now()
    _raise_purpose(database, case, keep)


def _raise_purpose(database: Session, case: Case, keep: str) -> None:
    if _RANK[keep] > _RANK[case.purpose]:
        case.purpose = keep
        if keep == "review" and case.number is None:
            case.number = _next_number(database)


def _next_number(database: Session) -> int:
    return 1 + (database.execute(select(func.max(Case.number))).scalar_one() or 0)


def _versions(case_id: str) -> Any:  # noqa: ANN401  a statement
    return select(func.max(Scan.version)).where(Scan.case_id == case_id)


def _waiting(office: Office, scan: Scan) -> Future[None] | None:
    return None if scan.status == "done" else office.jobs.submit(scan.id, checked=False)


def _check_room(office: Office, size: int) -> None:
    office.jobs.check()
    if office.holding.free_bytes() < office.config.disk_left_mb * MB + size:
        raise Problem("store_full", retry_after=600)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
