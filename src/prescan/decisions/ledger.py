"""Reads and writes `decisions.json`: what people decided, by finding id, never a value. A baseline is such a file.

One object `{"schema": "prescan-decisions/1", "documents": […]}`. A document has `sha256`, `name`, the decided
`attribute` and `clause`, `stage`, `reviewer`, `time`, `remove` (spans a person named for deletion) and `findings`:
id → `verdict` (属实须处理, 误报, 依法可公开, 已脱敏), `reason`, `by`, `until`. An id depends on the value, its
surroundings and the document's place, so an edited document keeps decisions where the surroundings did not change.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from prescan import drafts
from prescan.errors import SettingsError
from prescan.types import ATTRIBUTES, Span, Suppression

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from prescan.types import Attribute, Finding, ScanResult

SCHEMA: Final = "prescan-decisions/1"
CONFIRMED: Final = "属实须处理"
FALSE_ALARM: Final = "误报"
LAWFUL: Final = "依法可公开"
MASKED: Final = "已脱敏"
VERDICTS: Final = (CONFIRMED, FALSE_ALARM, LAWFUL, MASKED)
#: Verdicts that suppress a finding: it stays visible but no longer counts.
SUPPRESSING: Final = frozenset({FALSE_ALARM, LAWFUL})
#: Why a decision has no finding: its file was scanned by name and is unchanged, is changed, or has another name now.
_UNCHANGED: Final = "本次没有对应的疑点，而文件没有变：请核对规则和设置是否变了"
_EDITED: Final = "本次没有对应的疑点，若确已删改，可以删去"
_OTHER_NAME: Final = "对不上：本次没有这个名称的文件，内容相同的用了别的名称；请从原来的文件夹扫描，单个文件加 --root"
_REMOVE: Final = "{}的 remove 应是 {{start, end}} 的列表"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one finding."""

    verdict: str
    """One of VERDICTS."""
    reason: str = ""
    """Required for verdicts that suppress."""
    by: str = ""
    until: datetime.date | None = None
    """The last day the decision is valid; None = it never expires."""


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
    """A decision without effect in a run, and the reason (Chinese)."""

    finding_id: str
    name: str = field(repr=False)
    why: str


def read(path: str | os.PathLike[str]) -> tuple[DocumentDecisions, ...]:
    """Read a decisions file. Raises SettingsError that names the file and the wrong entry."""
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
    """Return the decisions in a parsed JSON value. Raises ValueError with a Chinese message."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ValueError(f"应是一个对象，schema 为 {SCHEMA}")
    documents = data.get("documents")
    if not isinstance(documents, list):
        raise ValueError("缺少 documents 列表")  # noqa: TRY004  one exception for everything wrong with the file
    return tuple(_document(item, number) for number, item in enumerate(documents, 1))


def dump(documents: Iterable[DocumentDecisions]) -> bytes:
    """Return the bytes of a decisions file."""
    listed = [_plain(document) for document in documents]
    return json.dumps({"schema": SCHEMA, "documents": listed}, ensure_ascii=False, indent=1).encode() + b"\n"


def write(path: str | os.PathLike[str], documents: Iterable[DocumentDecisions]) -> None:
    """Write a decisions file (mode 0600) atomically. Raises OSError."""
    drafts.replace(Path(path), dump(documents))


def suppressing_decisions(documents: Iterable[DocumentDecisions]) -> dict[str, Decision]:
    """Return the suppressing decisions by finding id; of several the one that expires last."""
    longest: dict[str, Decision] = {}
    for document in documents:
        for finding_id, decision in document.findings.items():
            earlier = longest.get(finding_id)
            if decision.verdict in SUPPRESSING and (earlier is None or _last_day(decision) >= _last_day(earlier)):
                longest[finding_id] = decision
    return longest


def suppressions(documents: Iterable[DocumentDecisions]) -> dict[str, Suppression]:
    """Return the suppressions by finding id, expired ones included: `suppress` checks the day."""
    return {
        finding_id: Suppression(decision.reason or decision.verdict, decision.by, decision.until)
        for finding_id, decision in suppressing_decisions(documents).items()
    }


def suppress(findings: Iterable[Finding], accepted: Mapping[str, Suppression], today: datetime.date) -> list[Finding]:
    """Return the findings; those with a suppression that is valid on the day `today` carry it."""
    return [
        replace(one, suppressed=suppression)
        if (suppression := accepted.get(one.id)) and not expired(suppression, today)
        else one
        for one in findings
    ]


def expired(decision: Decision | Suppression, today: datetime.date) -> bool:
    """Return whether a decision or suppression has expired on the day `today`."""
    return decision.until is not None and decision.until < today


def leftovers(
    documents: Iterable[DocumentDecisions],
    results: Sequence[ScanResult],
    today: datetime.date,
    stored_name: Callable[[ScanResult], str],
) -> Iterator[Leftover]:
    """Yield the suppressing decisions without effect: expired ones, and ones whose finding is gone.

    Decisions about documents that were not part of the run are left out. Deleting is suggested only where the file was
    changed: ids depend on the name and on rules too. `stored_name` returns the name of a result's
    document as decisions store it (masked).
    """
    finding_ids = {finding.id for result in results for finding in result.findings}
    names = {stored_name(result) for result in results}
    digests = {result.document.sha256 for result in results}
    for document in documents:
        named, unchanged = document.name in names, document.sha256 in digests
        scanned = named or unchanged
        gone = _UNCHANGED if named and unchanged else _EDITED if named else _OTHER_NAME
        for finding_id, decision in document.findings.items():
            if decision.verdict in SUPPRESSING and expired(decision, today) and (scanned or finding_id in finding_ids):
                yield Leftover(finding_id, document.name, f"已于 {decision.until} 到期")
            elif scanned and finding_id not in finding_ids and decision.verdict in SUPPRESSING:
                yield Leftover(finding_id, document.name, gone)


def with_accepted(
    results: Iterable[ScanResult],
    decision: Decision,
    stored_name: Callable[[ScanResult], str],
    earlier: Iterable[DocumentDecisions] = (),
    only: Collection[str] = (),
) -> tuple[DocumentDecisions, ...]:
    """Make a baseline: `earlier`, with `decision` added for every finding of `results` that has no decision yet.

    `only`: ids of the rules whose findings are meant; empty = all. `stored_name` returns the name of a result's
    document as it may be stored (masked).
    """
    by_place = {(document.name, document.sha256): document for document in earlier}
    for result in results:
        key = (stored_name(result), result.document.sha256)
        entry = by_place.get(key, DocumentDecisions(result.document.sha256, key[0]))
        open_ones = [one for one in result.findings if one.suppressed is None and one.id not in entry.findings]
        new = {one.id: decision for one in open_ones if not only or one.rule_id in only}
        if new:
            by_place[key] = replace(entry, findings={**entry.findings, **new})
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
