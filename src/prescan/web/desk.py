"""The desk: inbox, review page, and the requests of its script (steps of the flow, notes, page images)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from sqlalchemy import or_, select

from prescan.report.page_images import has_pages
from prescan.report.record_fields import CONCLUSIONS
from prescan.types import VERDICT_LABELS
from prescan.web import api, cases, deciding, flow, intake, output, reviewing, trail
from prescan.web.asking import Sitter, office_of
from prescan.web.clock import local_time
from prescan.web.pages import Visitor, page
from prescan.web.shapes import ExplainIn, NoteIn, ReasonIn, SignIn
from prescan.web.sitting import Sitting
from prescan.web.tables import Case, Decided, Scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from prescan.web.office import Office
    from prescan.web.people import Person

router = APIRouter(include_in_schema=False)

CaseId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
_LISTED: Final = 200
#: Downloads offered besides record and redacted copy; the other formats are for other systems.
_EXPORTS: Final = {
    "marked": "批注版（给拟稿人）",
    "html": "报告（网页）",
    "xlsx": "疑点清单（xlsx）",
    "forms": "审批单（docx）",
    "consultation": "征求第三方意见函（docx）",
    "coordination": "发布协调函（docx）",
    "referral": "报送材料包（zip）",
    "json": "结果（json）",
}
#: Tabs of the inbox.
_TABS: Final = {"mine": "待我处理", "open": "办理中", "signed": "已签发", "discarded": "已作废", "all": "全部"}


@router.get("/")
def inbox(
    request: Request,
    person: Visitor,
    tab: str = "",
    verdict: str = "",
    q: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """收件：拖入文件，列出办理中的文件。"""
    chosen = tab if tab in _TABS else "mine"
    with office_of(request).store.read() as database:
        rows = list(rows_of(database, person))
        counts = {name: sum(in_tab(name, case, person) for case, _ in rows) for name in _TABS}
        found = [
            (case, scan)
            for case, scan in rows
            if in_tab(chosen, case, person)
            and (verdict not in VERDICT_LABELS or scan.verdict == verdict)
            and q.strip().lower() in f"{case.name} {case.title or ''} {case.number}".lower()
        ]
        listed = _shown_rows(database, found[:_LISTED])
        rules_state = office_of(request).rules_state
        old = sum(cases.outdated(rules_state, *pair) for pair in rows if in_tab("mine", pair[0], person))
    values: dict[str, Any] = {"tab": chosen, "tabs": _TABS, "counts": counts, "verdict": verdict, "q": q}
    limit = office_of(request).scanner.settings.limits.file_mb
    return page(
        request,
        "inbox.html",
        person,
        rows=listed,
        more=len(found) > _LISTED,
        outdated=old,
        limit=limit,
        verdicts=VERDICT_LABELS,
        **values,
    )


@router.get("/cases/{case_id}")
def review(request: Request, person: Visitor, case_id: CaseId) -> HTMLResponse:
    """审查一份文件。"""
    office = office_of(request)
    with office.store.read() as database:
        sitting = sit_down(office, database, person, case_id)
        case, scan = sitting.case, sitting.scan
        result = office.result(scan.id) if scan.held and scan.status == "done" else None
        rules = office.scanner.rules
        values: dict[str, Any] = {
            "case": case,
            "scan": scan,
            "verdict": reviewing.verdict_words(scan),
            "verdicts": VERDICT_LABELS,
            "rights": reviewing.rights(case, person),
            "history": reviewing.history(database, case),
            "missing": flow.missing(database, case, scan) if scan.result is not None or scan.status != "done" else [],
            "conclusions": CONCLUSIONS,
            "neighbours": _neighbours(database, person, case),
            "versions": scan.version,
            "outdated": cases.outdated(office.rules_state, case, scan),
        }
        if result is None:
            return page(request, "waiting.html", person, **values)
        values["data"] = reviewing.page_data(sitting, result)
        values["progress"] = deciding.progress(cases.findings_of(scan), deciding.decisions_of(database, case))
    values["suggestion"] = reviewing.suggestion_data(result.suggestion, rules)
    values["clauses"] = reviewing.clauses(rules)
    values["unread"] = (scan.result or {}).get("unread", [])
    values["paged"] = has_pages(result.document.media_type)
    values["pages"] = scan.counts.get("pages", 0)
    values["writers"] = _EXPORTS
    return page(request, "review.html", person, document=office.html_of(scan.id, result), **values)


@router.get("/desk/status")
def status(request: Request, person: Sitter, ids: Annotated[str, Query(max_length=4000)] = "") -> list[dict[str, Any]]:
    """Return the state of scans in the inbox."""
    office = office_of(request)
    with office.store.read() as database:
        found = [(case, scan) for case, scan in rows_of(database, person) if case.id in ids.split(",")]
        rows = _shown_rows(database, found)
        return [{**row, **office.jobs.progress(scan.id)} for row, (_, scan) in zip(rows, found, strict=True)]


@router.post("/desk/cases/{case_id}/submit", status_code=204)
def submit(request: Request, person: Sitter, case_id: CaseId) -> None:
    """Hand a draft in for review."""
    office = office_of(request)
    with office.store.write() as database:
        flow.hand_in(sit_down(office, database, person, case_id))


@router.post("/desk/cases/{case_id}/sign", status_code=204)
def sign(request: Request, person: Sitter, case_id: CaseId, payload: SignIn) -> None:
    """Sign; at the last level the record is filed in the same transaction."""
    office = office_of(request)
    with office.store.write() as database:
        sitting = sit_down(office, database, person, case_id)
        flow.sign(sitting, **payload.model_dump())
        if sitting.case.stage == cases.SIGNED:
            output.file_record(office, database, sitting.case, sitting.scan)


@router.post("/desk/cases/{case_id}/return", status_code=204)
def send_back(request: Request, person: Sitter, case_id: CaseId, payload: ReasonIn) -> None:
    """Return to the drafter."""
    office = office_of(request)
    with office.store.write() as database:
        flow.send_back(sit_down(office, database, person, case_id), payload.reason)


@router.post("/desk/cases/{case_id}/discard", status_code=204)
def discard(request: Request, person: Sitter, case_id: CaseId) -> None:
    """Discard a case without signature."""
    office = office_of(request)
    with office.store.write() as database:
        dropped = flow.discard(sit_down(office, database, person, case_id))
    for scan_id in dropped:
        office.drop_upload(scan_id)


@router.post("/desk/cases/{case_id}/versions", status_code=202)
async def correct(request: Request, person: Sitter, case_id: CaseId) -> Response:
    """Accept a corrected version."""
    office = office_of(request)
    received = await intake.receive(request, office.holding)
    admitted = await run_in_threadpool(cases.correct, office, person, case_id, received)
    await api.wait_for(office, admitted)
    return Response(status_code=202)


@router.post("/desk/cases/{case_id}/notes", status_code=204)
def note(request: Request, person: Sitter, case_id: CaseId, payload: NoteIn) -> None:
    """Add a note."""
    office = office_of(request)
    with office.store.write() as database:
        deciding.add_note(sit_down(office, database, person, case_id), payload.finding_id, payload.text)


@router.post("/desk/cases/{case_id}/unread", status_code=204)
def explain(request: Request, person: Sitter, case_id: CaseId, payload: ExplainIn) -> None:
    """Record how something unread was dealt with."""
    office = office_of(request)
    with office.store.write() as database:
        flow.explain_unread(sit_down(office, database, person, case_id), payload.number, payload.reason)


@router.post("/desk/cases/{case_id}/seen", status_code=204)
def seen(request: Request, person: Sitter, case_id: CaseId) -> None:
    """Record that the findings at level note were seen."""
    office = office_of(request)
    with office.store.write() as database:
        flow.see_notes(sit_down(office, database, person, case_id))


@router.get("/desk/cases/{case_id}/missing")
def missing(request: Request, person: Sitter, case_id: CaseId) -> list[str]:
    """Return what is missing before a case can be signed."""
    office = office_of(request)
    with office.store.read() as database:
        sitting = sit_down(office, database, person, case_id)
        return flow.missing(database, sitting.case, sitting.scan)


@router.get("/cases/{case_id}/pages/{number}.png")
def image(
    request: Request,
    person: Visitor,
    case_id: CaseId,
    number: Annotated[int, Path(ge=1, le=100_000)],
    clear: Literal["0", "1"] = "0",
) -> Response:
    """Return a page as an image, with values covered; showing them (`clear`) is logged."""
    office = office_of(request)
    with office.store.read() as database:
        sitting = sit_down(office, database, person, case_id)
    page_png = output.page_image(office, sitting.scan, number, clear=clear == "1")
    if clear == "1":
        with office.store.write() as database:
            trail.add(database, person.login, "page_image", sitting.case.id, page=number)
    return Response(page_png, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


def sit_down(office: Office, database: Session, person: Person, case_id: str) -> Sitting:
    """Return the sitting of a person at the current version of a case they may see. Raises Problem."""
    case = cases.find_case(database, person, case_id)
    return Sitting(office, database, person, *cases.find_scan(database, person, case.scan_id, whole=True))


def rows_of(database: Session, person: Person) -> Any:  # noqa: ANN401  rows of (Case, Scan)
    """Yield the cases a person may see, newest first, each with its current version."""
    mine = cases.owned_by(person)
    visible = or_(mine, Case.stage != "draft", Case.round > 1) if person.reviews else mine
    statement = select(Case, Scan).join(Scan, Scan.id == Case.scan_id).where(Case.purpose == "review", visible)
    yield from database.execute(statement.order_by(Case.changed.desc()))


def in_tab(tab: str, case: Case, person: Person) -> bool:
    """Return whether a case is listed in a tab of the inbox."""
    if tab == "mine":
        if case.stage == "draft":
            return cases.is_owner(case, person)
        return case.stage in person.roles and (person.id is None or not cases.is_owner(case, person))
    if tab == "open":
        return cases.is_open(case)
    return tab in {"all", case.stage}


def _shown_rows(database: Session, found: Sequence[tuple[Case, Scan]]) -> list[dict[str, Any]]:
    ids = [case.id for case, _ in found]
    alike = {case.id: scan.counts.get("alike", {}) for case, scan in found}  # one decision for several places
    chosen = select(Decided.case_id, Decided.finding_id).where(
        Decided.case_id.in_(ids), Decided.level.in_(("block", "review"))
    )
    decided: Counter[str] = Counter()
    for case_id, finding_id in database.execute(chosen):
        decided[case_id] += alike[case_id].get(finding_id, 1)
    return [_row(case, scan, decided[case.id]) for case, scan in found]


def _row(case: Case, scan: Scan, decided: int) -> dict[str, Any]:
    to_decide = int(scan.counts.get("asked", int(scan.counts.get("block", 0)) + int(scan.counts.get("review", 0))))
    return {
        "id": case.id,
        "number": case.number,
        "name": case.name,
        "title": case.title,
        "owner": case.owner_name,
        "stage": case.stage,
        "round": case.round,
        "changed": local_time(case.changed),
        "status": scan.status,
        "verdict": scan.verdict,
        "words": reviewing.verdict_words(scan),
        "counts": scan.counts,
        "decided": min(to_decide, decided),
        "asked": to_decide,
    }


def _neighbours(database: Session, person: Person, case: Case) -> tuple[str | None, str | None]:
    """Return the ids of the previous and next case in the person's own list."""
    ids = [found.id for found, _ in rows_of(database, person) if in_tab("mine", found, person) or found.id == case.id]
    at = ids.index(case.id) if case.id in ids else 0
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)
