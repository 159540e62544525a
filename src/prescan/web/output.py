"""The outputs of the desk: reports, record, redacted copy, decisions.json, values in clear, page images."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import select

from prescan import report
from prescan.decisions import ledger
from prescan.errors import PrescanError, ReadError, RedactionFailed, RedactionRefused
from prescan.redaction import Redaction, redact
from prescan.report.json import encoded
from prescan.report.record_fields import PUBLISH_REDACTED
from prescan.web import trail
from prescan.web.cases import SIGNED, held_result, release_uploads
from prescan.web.clock import now
from prescan.web.deciding import decisions_for_export
from prescan.web.filing import with_signatures
from prescan.web.flow import steps_of
from prescan.web.problems import Problem
from prescan.web.tables import Case, Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.types import ScanResult
    from prescan.web.office import Office
    from prescan.web.people import Person
    from prescan.web.tables import Scan

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES: Final = {
    "plain": ("txt", "text/plain; charset=utf-8"),
    "json": ("json", "application/json"),
    "jsonl": ("jsonl", "application/x-ndjson"),
    "sarif": ("sarif", "application/sarif+json"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "html": ("html", "text/html; charset=utf-8"),
    "record": ("docx", _DOCX),
    "consultation": ("docx", _DOCX),
    "coordination": ("docx", _DOCX),
    "forms": ("docx", _DOCX),
    "referral": ("zip", "application/zip"),
    "monthly": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "register": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
#: Alternative names of formats.
ALIASES: Final = {"docx": "record", "txt": "plain"}
_DPI: Final = 110


@dataclass(frozen=True, slots=True)
class File:
    """A file to download."""

    data: bytes = field(repr=False)
    media_type: str
    name: str = field(repr=False)
    remark: str = ""
    """What a person must still check; "" if nothing."""

    @property
    def disposition(self) -> str:
        """The Content-Disposition header with the file's name."""
        return f"attachment; filename*=UTF-8''{quote(self.name, safe='')}"


def report_of(office: Office, case: Case, scan: Scan, name: str, decisions: Sequence[DocumentDecisions]) -> File:
    """Return a report on a scan in one of WRITERS. Raises Problem: unknown format, or the upload is gone."""
    format_name = ALIASES.get(name, name)
    if format_name not in report.WRITERS:
        raise Problem("not_found", f"没有 {name[:20]} 这种格式，可用的有 {'、'.join(report.WRITERS)}")
    ending, media_type = _TYPES.get(format_name, ("", "application/octet-stream"))
    stem = _stem(case)
    if format_name == "record" and case.record is not None:
        return File(case.record, media_type, f"{stem}-审查记录.docx")
    if format_name in {"json", "jsonl"} and scan.result is not None:
        return File(encoded(scan.result, None if format_name == "jsonl" else 2), media_type, f"{stem}-报告.{ending}")
    result = held_result(office, scan)
    return File(
        report_bytes(office, scan, result, format_name, decisions),
        media_type,
        _report_name(stem, format_name, ending, case),
    )


def report_bytes(
    office: Office, scan: Scan, result: ScanResult, name: str, decisions: Sequence[DocumentDecisions]
) -> bytes:
    """Return the bytes of a report. Raises Problem if the document cannot be written in this format."""
    upload = office.holding.get(scan.id)
    source = str(upload.path) if upload else None
    options = report.Options(decisions=decisions, source=source, convert=office.scanner.convert)
    out = io.BytesIO()
    try:
        report.write([result], name, out, options)
    except (PrescanError, ReadError) as error:
        raise Problem("unsupported_task", str(error)) from None
    return out.getvalue()


def redacted(office: Office, case: Case, scan: Scan, decisions: Sequence[DocumentDecisions]) -> File:
    """Return the redacted copy. Raises Problem: refused, failed, unsupported, gone."""
    result = held_result(office, scan)
    upload = office.holding.get(scan.id)
    if upload is None:
        raise Problem("gone")
    out = io.BytesIO()
    try:
        done = redact(office.scanner, str(upload.path), out, result, decisions=decisions, name=upload.name)
    except RedactionRefused as error:
        raise Problem("refused", str(error)) from None
    except RedactionFailed as error:
        raise Problem("redaction_failed", str(error)) from None
    except PrescanError as error:
        raise Problem("unsupported_task", str(error)) from None
    ending = upload.name.rpartition(".")[2] if "." in upload.name else "txt"
    return File(out.getvalue(), "application/octet-stream", f"{_stem(case)}-脱敏.{ending}", _remark(done))


def _remark(done: Redaction) -> str:
    """Return what a person must check in a redacted copy, or ""."""
    pages = "、".join(map(str, done.page_images))
    sentences = [f"第 {pages} 页改成了图像，没有文字层"] if pages else []
    if done.listed:
        sentences.append(f"须人工处理：{'；'.join(map(str, done.listed))}")
    return f"脱敏副本：{'。'.join(sentences)}"[:500] if sentences else ""


def value_of(office: Office, scan: Scan, finding_id: str) -> str:
    """Return the value of a finding in clear. Raises Problem."""
    result = held_result(office, scan)
    for finding in result.findings:
        if finding.id == finding_id and finding.start is not None:
            return result.document.text[finding.start : finding.end]
    raise Problem("not_found")


def page_image(office: Office, scan: Scan, number: int, *, clear: bool) -> bytes:
    """Return a page of the document as PNG; personal values are covered unless `clear`. Raises Problem."""
    result = held_result(office, scan)
    upload = office.holding.get(scan.id)
    if upload is None:
        raise Problem("gone")
    covers = [] if clear else list(_covers(result, number))
    try:
        _, image = office.scanner.convert("pages", str(upload.path), upload.name, [number, number, _DPI, covers])
    except ReadError as error:
        raise Problem("unsupported_task", str(error)) from None
    return image


def _covers(result: ScanResult, number: int) -> list[list[Any]]:
    """Return what to cover on a page: [value, box of its paragraph], the box in case the value is not found as text."""
    covers = []
    for finding in result.findings:
        place = finding.location
        if finding.category == "personal" and finding.start is not None and place.page == number:
            value = result.document.text[finding.start : finding.end]
            covers.append([value, list(place.bbox) if place.bbox else None])
    return covers


def decisions_file(case: Case, decisions: Sequence[DocumentDecisions]) -> File:
    """Return decisions.json of a case."""
    return File(ledger.dump(decisions), "application/json", f"{_stem(case)}-decisions.json")


def file_record(office: Office, database: Session, case: Case, scan: Scan) -> None:
    """Write the record of a case that has just been signed and store it with the case. Raises Problem."""
    database.flush()
    result = held_result(office, scan)
    record = report_bytes(office, scan, result, "record", decisions_for_export(database, case, scan))
    case.record = with_signatures(record, case, steps_of(database, case))


def note_download(office: Office, person: Person, case_id: str, what: str, remark: str = "") -> None:
    """Log a download and its remark; release the upload of a signed case once everything needed was downloaded."""
    released: list[str] = []
    with office.store.write() as database:
        case = database.get(Case, case_id)
        if case is None:
            return
        trail.add(database, person.login, "download", case_id, what=what)
        if remark and remark not in database.execute(select(Note.text).where(Note.case_id == case_id)).scalars():
            database.add(Note(case_id=case_id, finding_id="", text=remark, by="prescan", at=now()))
        downloaded = {*case.downloads, what}
        case.downloads = sorted(downloaded)
        needed = {"record", "redacted"} if case.conclusion == PUBLISH_REDACTED else {"record"}
        if case.stage == SIGNED and needed <= downloaded and not office.config.keep:
            released = release_uploads(database, case, "system")
    for scan_id in released:
        with contextlib.suppress(OSError):
            office.drop_upload(scan_id)


def _stem(case: Case) -> str:
    name = case.name.rpartition(".")[0] or case.name
    return name.replace("*", "x").replace("/", "_")[:80] or "文本"


def _report_name(stem: str, name: str, ending: str, case: Case) -> str:
    of_one = report.WRITERS[name].of_one
    if of_one and "." not in of_one:  # a copy of the document, with its own suffix
        return f"{stem}{of_one}.{case.name.rpartition('.')[2]}"
    return f"{stem}{of_one}" if of_one else f"{stem}-报告.{ending}"
