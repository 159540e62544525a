"""`decisions.json`: what people decided, by finding id; never a value. A baseline is such a file.

One object `{"schema": "prescan-decisions/1", "documents": […]}`. A document has `sha256`, `name`, the decided
`attribute` and `clause`, `stage`, `reviewer`, `time`, `remove` (spans a person named for deletion) and `findings`:
id → `verdict` (属实须处理, 误报, 依法可公开, 已脱敏), `reason`, `by`, `until`. An id comes of a value, its surroundings
and the document's place, so an edited document keeps the decisions whose surroundings did not change.
"""

from __future__ import annotations

import datetime
import json
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from prescan.errors import SettingsError
from prescan.types import ATTRIBUTES, Span, Suppression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from prescan.types import Attribute, Finding, ScanResult

SCHEMA: Final = "prescan-decisions/1"
CONFIRMED: Final = "属实须处理"
FALSE_ALARM: Final = "误报"
LAWFUL: Final = "依法可公开"
MASKED: Final = "已脱敏"
VERDICTS: Final = (CONFIRMED, FALSE_ALARM, LAWFUL, MASKED)
#: A finding so decided stays visible but counts no more.
SUPPRESSING: Final = frozenset({FALSE_ALARM, LAWFUL})
_REMOVE: Final = "{}的 remove 应是 {{start, end}} 的列表"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one finding."""

    verdict: str
    """One of VERDICTS."""
    reason: str = ""
    """Required where the verdict suppresses."""
    by: str = ""
    until: datetime.date | None = None
    """The last day it holds; None = for good."""


@dataclass(frozen=True, slots=True)
class DocumentDecisions:
    """What people decided about one document."""

    sha256: str | None
    name: str = field(default="", repr=False)
    attribute: Attribute | None = None
    clause: str = ""
    stage: str = ""
    reviewer: str = ""
    time: str = ""
    """ISO 8601."""
    remove: tuple[Span, ...] = ()
    """Parts a person named for deletion (条例 第三十七条), in the text of the document with this sha256."""
    findings: Mapping[str, Decision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leftover:
    """An entry that did nothing in a run, and why (Chinese)."""

    finding_id: str
    name: str = field(repr=False)
    why: str


def read(path: str | os.PathLike[str]) -> tuple[DocumentDecisions, ...]:
    """Return the decisions in a file. Raises SettingsError naming the file and the entry that is wrong."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"找不到处置文件 {path}，请核对路径") from None
    except OSError:
        raise SettingsError(f"无法读取处置文件 {path}，请检查权限") from None
    except (ValueError, RecursionError):
        raise SettingsError(f"处置文件 {path} 不是 JSON，请用 --write-baseline 或审查台导出的文件") from None
    try:
        return parse(data)
    except ValueError as error:
        raise SettingsError(f"处置文件 {path} 有误：{error}") from None


def parse(data: Any) -> tuple[DocumentDecisions, ...]:  # noqa: ANN401  what JSON holds
    """Return the decisions in an object read from JSON. Raises ValueError (Chinese)."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ValueError(f"应是一个对象，schema 为 {SCHEMA}")
    documents = data.get("documents")
    if not isinstance(documents, list):
        raise ValueError("缺少 documents 列表")  # noqa: TRY004  one error for whatever is wrong with the file
    return tuple(_document(item, number) for number, item in enumerate(documents, 1))


def dump(documents: Iterable[DocumentDecisions]) -> bytes:
    """Return the bytes of a decisions file."""
    listed = [_plain(document) for document in documents]
    return json.dumps({"schema": SCHEMA, "documents": listed}, ensure_ascii=False, indent=1).encode() + b"\n"


def write(path: str | os.PathLike[str], documents: Iterable[DocumentDecisions]) -> None:
    """Write a decisions file (0600), whole or not at all. Raises OSError."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(dump(documents))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def accepting(documents: Iterable[DocumentDecisions]) -> dict[str, Decision]:
    """Return, by finding id, the decisions that silence a finding; of several the one that holds longest."""
    longest: dict[str, Decision] = {}
    for document in documents:
        for finding_id, decision in document.findings.items():
            held = longest.get(finding_id)
            if decision.verdict in SUPPRESSING and (held is None or _last_day(decision) >= _last_day(held)):
                longest[finding_id] = decision
    return longest


def suppressions(documents: Iterable[DocumentDecisions]) -> dict[str, Suppression]:
    """Return, by finding id, what is said of a finding that is silenced, expired or not: see `suppressed`."""
    return {
        finding_id: Suppression(decision.reason or decision.verdict, decision.by, decision.until)
        for finding_id, decision in accepting(documents).items()
    }


def suppressed(findings: Iterable[Finding], accepted: Mapping[str, Suppression], today: datetime.date) -> list[Finding]:
    """Return the findings, those that were accepted and still are on the day `today` marked so."""
    return [
        replace(one, suppressed=held) if (held := accepted.get(one.id)) and not expired(held, today) else one
        for one in findings
    ]


def expired(held: Decision | Suppression, today: datetime.date) -> bool:
    """Tell whether a decision, or what is said of a finding it silences, holds no more on the day `today`."""
    return held.until is not None and held.until < today


def leftovers(
    documents: Iterable[DocumentDecisions],
    results: Sequence[ScanResult],
    today: datetime.date,
    shown: Callable[[ScanResult], str],
) -> Iterator[Leftover]:
    """Yield the entries that silenced nothing: expired ones, and ones without a finding in a scanned document.

    Entries of documents that were not part of the run are left out. `shown` gives a document's name as it is stored.
    """
    found = {finding.id for result in results for finding in result.findings}
    names = {shown(result) for result in results}
    digests = {result.document.sha256 for result in results}
    for document in documents:
        scanned = document.name in names or document.sha256 in digests
        for finding_id, decision in document.findings.items():
            if decision.verdict in SUPPRESSING and expired(decision, today) and (scanned or finding_id in found):
                yield Leftover(finding_id, document.name, f"已于 {decision.until} 到期")
            elif scanned and finding_id not in found and decision.verdict in SUPPRESSING:
                yield Leftover(finding_id, document.name, "本次没有对应的疑点，可以删去")


def accepted(
    results: Iterable[ScanResult],
    decision: Decision,
    shown: Callable[[ScanResult], str],
    earlier: Iterable[DocumentDecisions] = (),
) -> tuple[DocumentDecisions, ...]:
    """Return `earlier` with one decision for every finding of `results` that has none yet: a baseline.

    `shown` gives a document's name as it may be stored.
    """
    by_place = {(document.name, document.sha256): document for document in earlier}
    for result in results:
        key = (shown(result), result.document.sha256)
        held = by_place.get(key, DocumentDecisions(result.document.sha256, key[0]))
        new = {one.id: decision for one in result.findings if one.suppressed is None and one.id not in held.findings}
        if new:
            by_place[key] = replace(held, findings={**held.findings, **new})
    return tuple(by_place.values())


def _last_day(decision: Decision) -> datetime.date:
    return decision.until or datetime.date.max


def _document(data: Any, number: int) -> DocumentDecisions:  # noqa: ANN401
    if not isinstance(data, dict):
        raise ValueError(f"第 {number} 份文件应是一个对象")  # noqa: TRY004
    where = f"第 {number} 份文件"
    findings = data.get("findings") or {}
    attribute, digest, remove = data.get("attribute"), data.get("sha256"), data.get("remove") or []
    if attribute not in (None, *ATTRIBUTES):
        raise ValueError(f"{where}的 attribute 应是 {'、'.join(ATTRIBUTES)} 或空")
    if digest is not None and not isinstance(digest, str):
        raise ValueError(f"{where}的 sha256 应是文字或空")
    if not isinstance(remove, list):
        raise ValueError(_REMOVE.format(where))  # noqa: TRY004
    if not isinstance(findings, dict):
        raise ValueError(f"{where}的 findings 应是“编号: 处置”的对象")  # noqa: TRY004
    texts = {name: str(data.get(name) or "") for name in ("name", "clause", "stage", "reviewer", "time")}
    return DocumentDecisions(
        sha256=digest,
        attribute=cast("Attribute | None", attribute),
        remove=tuple(_span(item, where) for item in remove),
        findings={str(key): _decision(item, f"{where}的疑点 {key}") for key, item in findings.items()},
        **texts,
    )


def _decision(data: Any, where: str) -> Decision:  # noqa: ANN401
    if not isinstance(data, dict) or data.get("verdict") not in VERDICTS:
        raise ValueError(f"{where}：verdict 应是 {'、'.join(VERDICTS)} 之一")
    reason = str(data.get("reason") or "").strip()
    if data["verdict"] in SUPPRESSING and not reason:
        raise ValueError(f"{where}：{data['verdict']} 要写明理由（reason）")
    try:
        until = datetime.date.fromisoformat(data["until"]) if data.get("until") else None
    except (TypeError, ValueError):
        raise ValueError(f"{where}：until 应是日期，如 2026-12-31") from None
    return Decision(data["verdict"], reason, str(data.get("by") or ""), until)


def _span(data: Any, where: str) -> Span:  # noqa: ANN401
    start, end = (data.get("start"), data.get("end")) if isinstance(data, dict) else (None, None)
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ValueError(_REMOVE.format(where))
    return Span(start, end)


def _plain(document: DocumentDecisions) -> dict[str, Any]:
    texts = {name: getattr(document, name) for name in ("sha256", "name", "attribute", "clause", "stage", "reviewer")}
    return {
        **texts,
        "time": document.time,
        "remove": [span._asdict() for span in document.remove],
        "findings": {
            finding_id: {
                "verdict": decision.verdict,
                "reason": decision.reason,
                "by": decision.by,
                "until": decision.until.isoformat() if decision.until else None,
            }
            for finding_id, decision in document.findings.items()
        },
    }
