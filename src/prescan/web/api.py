"""The HTTP API `/v1/scans`: submit a document, get its result, decide about findings, download reports."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, BackgroundTasks, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import undefer

from prescan.report.json import encoded
from prescan.web import cases, deciding, intake, output, purge, trail
from prescan.web.asking import Asker, office_of, scoped
from prescan.web.problems import Problem
from prescan.web.shapes import (
    AttributeIn,
    Changed,
    Decided,
    DecisionIn,
    DecisionsIn,
    Determined,
    Progress,
    Value,
    problems,
)
from prescan.web.sitting import Sitting
from prescan.web.tables import Case, Scan

if TYPE_CHECKING:
    from prescan.web.cases import Admitted
    from prescan.web.office import Office
    from prescan.web.people import Person

router = APIRouter(prefix="/v1/scans", tags=["scans"])

ScanId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="送检编号，见 Location")]
FindingId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="疑点编号")]
_RESULT: Final = {"$ref": "#/components/schemas/prescan-result"}
_DONE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "扫描结果（prescan/1）", "content": {"application/json": {"schema": _RESULT}}},
    202: {"model": Progress, "description": "还在扫描；稍后再取 Location"},
}
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "context": {"$ref": "#/components/schemas/ContextIn", "description": "一段 JSON"},
                        "keep": {"type": "string", "enum": ["once", "hour", "review"], "default": "once"},
                    },
                    "additionalProperties": False,
                },
                "encoding": {"context": {"contentType": "application/json"}},
            },
            "application/json": {
                "schema": intake.TextIn.model_json_schema(ref_template="#/components/schemas/{model}")
            },
        },
    }
}


@router.post("", responses={**_DONE, **problems(413, 415, 422, 429, 503)}, openapi_extra=_BODY, response_model=None)
async def scan(request: Request, person: Asker, later: BackgroundTasks) -> Response:
    """送检一个文件或一段文字。小的等到扫描完，大的给出 202 和 Location。同样的内容得到同一个编号。

    keep：once 取走结果即删原件（默认）；hour 留一小时，可下载报告和脱敏副本；review 进入审查台。
    """
    scoped(person, "scan")
    office = office_of(request)
    office.jobs.check()
    received = await intake.receive(request, office.holding)
    if received.keep == "review" and not (person.roles - {"admin"}):
        received.path.unlink()
        raise Problem("forbidden")
    admitted = await run_in_threadpool(cases.admit, office, person, received)
    if received.size <= office.config.small_bytes and "respond-async" not in request.headers.get("prefer", ""):
        await wait_for(office, admitted)
    return await run_in_threadpool(_answer, office, person, admitted.scan_id, later)


async def wait_for(office: Office, admitted: Admitted) -> None:
    """Wait until a scan is done, at most `wait_seconds`; the scan continues after that."""
    if admitted.done is not None:
        waited = asyncio.shield(asyncio.wrap_future(admitted.done))
        await asyncio.wait({waited}, timeout=office.config.wait_seconds)


@router.get("/{scan_id}", responses={**_DONE, **problems(404, 410, 422)}, response_model=None)
def result(request: Request, person: Asker, later: BackgroundTasks, scan_id: ScanId) -> Response:
    """取结果；还没扫描完时给出进度。"""
    scoped(person, "read")
    return _answer(office_of(request), person, scan_id, later)


def _answer(office: Office, person: Person, scan_id: str, later: BackgroundTasks) -> Response:
    with office.store.read() as database:
        case, scan = cases.find_scan(database, person, scan_id, whole=True)
    headers = {"Location": f"/v1/scans/{scan_id}"}
    if scan.status != "done":
        state = Progress(id=scan_id, status=scan.status, **office.jobs.progress(scan_id))  # type: ignore[arg-type]
        return Response(state.model_dump_json(), 202, {**headers, "Retry-After": "1"}, "application/json")
    if scan.result is None:
        raise Problem("gone")
    if case.purpose == "once" and scan.held:
        later.add_task(purge.fetched, office, scan_id)
    return Response(encoded(scan.result), 200, headers, "application/json", background=later)


@router.delete("/{scan_id}", status_code=204, responses=problems(404, 409, 422))
def remove(request: Request, person: Asker, scan_id: ScanId) -> None:
    """删除自己送检的原件和结果；在审查台上的只能由拟稿人作废。"""
    scoped(person, "scan")
    office = office_of(request)
    with office.store.write() as database:
        case, _ = cases.find_scan(database, person, scan_id)
        if not cases.is_owner(case, person) or case.purpose == "review":
            raise Problem("not_allowed_now", "审查台上的文件请在审查台作废")
        dropped = cases.release_uploads(database, case, person.login)
        database.delete(case)
    for upload in dropped:
        office.drop_upload(upload)


@router.get("/{scan_id}/findings", responses={200: {"content": {"application/json": {"schema": {
    "type": "array", "items": {"$ref": "#/components/schemas/prescan-finding"}}}}}, **problems(404, 409, 410, 422)},
    response_model=None)  # fmt: skip
def findings(  # noqa: PLR0913, PLR0917  three filters
    request: Request,
    person: Asker,
    scan_id: ScanId,
    level: Literal["block", "review", "note"] | None = None,
    category: Annotated[str | None, Query(max_length=40)] = None,
    undecided: Literal["0", "1"] = "0",
) -> Response:
    """列出疑点，可按级别、类别筛选，或只看未处置的。"""
    scoped(person, "read")
    with office_of(request).store.read() as database:
        case, scan = cases.find_scan(database, person, scan_id, whole=True)
        decided = deciding.decisions_of(database, case)
        matching = [
            one
            for one in cases.findings_of(scan)
            if (level is None or one["level"] == level)
            and (category is None or one["category"] == category)
            and (undecided == "0" or (one["id"] not in decided and one["suppressed"] is None))
        ]
    return Response(encoded(matching), media_type="application/json")


def _decide(request: Request, person: Person, scan_id: str, ids: list[str], payload: DecisionIn | None) -> Changed:
    office = office_of(request)
    with office.store.write() as database:
        case, scan = cases.find_scan(database, person, scan_id, whole=True)
        _check_current(case, scan)
        verdict, reason = (payload.verdict, payload.reason) if payload else (None, "")
        deciding.decide(Sitting(office, database, person, case, scan), ids, verdict, reason)
        return _changed(database, case, scan, ids)


def _changed(database: Any, case: Case, scan: Scan, ids: list[str]) -> Changed:  # noqa: ANN401  a session
    return Changed(findings=ids, **deciding.progress(cases.findings_of(scan), deciding.decisions_of(database, case)))


def _check_current(case: Case, scan: Scan) -> None:
    if case.scan_id != scan.id:
        raise Problem("not_allowed_now", "已有更新的一稿，请刷新页面")


@router.put("/{scan_id}/findings/{finding_id}/decision", responses=problems(404, 409, 410, 422))
def decide(request: Request, person: Asker, payload: DecisionIn, scan_id: ScanId, finding_id: FindingId) -> Changed:
    """处置一处疑点。"""
    return _decide(request, person, scan_id, [finding_id], payload)


@router.delete("/{scan_id}/findings/{finding_id}/decision", responses=problems(404, 409, 410, 422))
def take_back(request: Request, person: Asker, scan_id: ScanId, finding_id: FindingId) -> Changed:
    """撤回一处疑点的处置。"""
    return _decide(request, person, scan_id, [finding_id], None)


@router.post("/{scan_id}/decisions", responses=problems(404, 409, 410, 422))
def decide_several(request: Request, person: Asker, payload: DecisionsIn, scan_id: ScanId) -> Changed:
    """一并处置几处疑点。"""
    return _decide(request, person, scan_id, payload.finding_ids, payload)


@router.get("/{scan_id}/decisions", responses=problems(404, 409, 422))
def decisions(request: Request, person: Asker, scan_id: ScanId) -> list[Decided]:
    """列出已有的处置。"""
    scoped(person, "read")
    with office_of(request).store.read() as database:
        case, _ = cases.find_scan(database, person, scan_id)
        rows = deciding.decisions_of(database, case).values()
        return [
            Decided(finding_id=row.finding_id, verdict=row.verdict, reason=row.reason, by=row.by)  # type: ignore[arg-type]
            for row in rows
        ]


@router.post("/{scan_id}/undo", responses=problems(404, 409, 410, 422))
def undo(request: Request, person: Asker, scan_id: ScanId) -> Changed:
    """撤销自己的上一次处置。"""
    office = office_of(request)
    with office.store.write() as database:
        case, scan = cases.find_scan(database, person, scan_id, whole=True)
        _check_current(case, scan)
        return _changed(database, case, scan, deciding.undo(Sitting(office, database, person, case, scan)))


@router.put("/{scan_id}/attribute", responses=problems(404, 409, 410, 422))
def attribute(request: Request, person: Asker, payload: AttributeIn, scan_id: ScanId) -> Determined:
    """认定公开属性；不予公开须有依据的条款。"""
    office = office_of(request)
    with office.store.write() as database:
        sitting = Sitting(office, database, person, *cases.find_scan(database, person, scan_id))
        deciding.set_attribute(sitting, payload.attribute, payload.clause)
        return Determined(attribute=payload.attribute, clause=payload.clause, by=person.name)


@router.post("/{scan_id}/findings/{finding_id}/value", responses=problems(404, 409, 410, 422))
def value(request: Request, person: Asker, scan_id: ScanId, finding_id: FindingId) -> Value:
    """查看一处疑点的明文；每次查看都记入日志。"""
    scoped(person, "values")
    office = office_of(request)
    with office.store.write() as database:
        case, scan = cases.find_scan(database, person, scan_id)
        clear_value = output.value_of(office, scan, finding_id)
        trail.add(database, person.login, "revealed", case.id, finding=finding_id)
    return Value(finding_id=finding_id, value=clear_value)


_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "文件",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _send(file: output.File) -> Response:
    headers = {"Content-Disposition": file.disposition, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(file.data, 200, headers, file.media_type)


def _loaded(office: Office, person: Person, scan_id: str) -> tuple[Case, Scan, Any]:
    with office.store.read() as database:
        case, scan = cases.find_scan(database, person, scan_id, whole=True)
        if scan.status != "done":
            raise Problem("not_allowed_now", "还没有扫描完")
        whole = database.get(Case, case.id, options=[undefer(Case.record)], populate_existing=True) or case
        return whole, scan, deciding.decisions_for_export(database, case, scan)


@router.get("/{scan_id}/report.{name}", responses={**_FILE, **problems(404, 409, 410, 422)}, response_model=None)
def report(
    request: Request, person: Asker, scan_id: ScanId, name: Annotated[str, Path(pattern="^[a-z]{1,12}$")]
) -> Response:
    """下载一种格式的报告：plain、json、jsonl、record（docx 审查记录）等；值一律遮盖。"""
    scoped(person, "read")
    office = office_of(request)
    case, scan, decisions = _loaded(office, person, scan_id)
    file = output.report_of(office, case, scan, name, decisions)
    output.note_download(office, person, case.id, output.ALIASES.get(name, name))
    return _send(file)


@router.get("/{scan_id}/redacted", responses={**_FILE, **problems(404, 409, 410, 422)}, response_model=None)
def redacted(request: Request, person: Asker, scan_id: ScanId) -> Response:
    """下载脱敏副本；含疑似涉密内容的拒绝生成。"""
    scoped(person, "read")
    office = office_of(request)
    case, scan, decisions = _loaded(office, person, scan_id)
    file = output.redacted(office, case, scan, decisions)
    output.note_download(office, person, case.id, "redacted", file.remark)
    return _send(file)


@router.get("/{scan_id}/decisions.json", responses={**_FILE, **problems(404, 409, 422)}, response_model=None)
def decisions_file(request: Request, person: Asker, scan_id: ScanId) -> Response:
    """下载 decisions.json，可作 prescan scan --baseline 的输入。"""
    scoped(person, "read")
    office = office_of(request)
    case, _, decisions = _loaded(office, person, scan_id)
    output.note_download(office, person, case.id, "decisions")
    return _send(output.decisions_file(case, decisions))
