"""SARIF 2.1.0 (OASIS) for code hosts and other tools; it never contains values, whatever the options.

Levels become error, warning and note. What was not read becomes a notification, and the run counts as unsuccessful.
"""

from __future__ import annotations

import bisect
import urllib.parse
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.report import Options
from prescan.report.json import encoded
from prescan.report.shown import Contexts, printable, shown_name, suspected, verdict_words
from prescan.report.statutes import with_gist
from prescan.resources import __version__, finding_types
from prescan.types import ATTRIBUTE_LABELS, CONFIDENCE_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.types import Finding, ScanResult

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final = {"block": "error", "review": "warning", "note": "note"}
_FINGERPRINT: Final = "prescanFindingId/v1"


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:  # noqa: ARG001  one signature
    """Write one run over all results."""
    findings = [finding for result in results for finding in result.findings]
    rules = {finding.rule_id: finding for finding in reversed(findings)}
    order = {rule_id: index for index, rule_id in enumerate(sorted(rules))}
    run = {
        "tool": {
            "driver": {
                "name": "prescan",
                "version": results[0].versions.get("prescan", __version__) if results else __version__,
                "rules": [_rule(rules[rule_id]) for rule_id in order],
                "properties": {**(dict(results[0].versions) if results else {})},
            }
        },
        "invocations": [_invocation(results)],
        "artifacts": [_artifact(result) for result in results],
        "results": [one for index, result in enumerate(results) for one in _results(result, index, order)],
        "columnKind": "unicodeCodePoints",
        "language": "zh-CN",
    }
    stream.write(encoded({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1))


def _rule(finding: Finding) -> dict[str, Any]:
    """Return the description of a rule, taken from one of its findings."""
    kind = finding_types()[finding.type]
    help_lines = [finding.advice, *map(with_gist, finding.basis)]
    return {
        "id": finding.rule_id,
        "name": finding.type,
        "shortDescription": {"text": suspected(kind.label)},
        "help": {"text": "\n".join(filter(None, help_lines)) or kind.label},
        "defaultConfiguration": {"level": LEVELS[kind.level]},
        "properties": {"category": finding.category, "basis": list(finding.basis)},
    }


def _invocation(results: Sequence[ScanResult]) -> dict[str, Any]:
    notifications = [
        {
            "level": "error",
            "descriptor": {"id": item.code},
            "message": {"text": item.detail or item.code},
            "locations": [{"physicalLocation": {"artifactLocation": _file(item.name, result, index)}}],
        }
        for index, result in enumerate(results)
        for item in result.unread
    ]
    return {
        "executionSuccessful": all(result.complete for result in results),
        "toolExecutionNotifications": notifications,
        "properties": {"today": results[0].today.isoformat()} if results else {},
    }


def _artifact(result: ScanResult) -> dict[str, Any]:
    suggestion = result.suggestion
    properties: dict[str, Any] = {"verdict": result.verdict, "verdictLabel": verdict_words([result])}
    if suggestion:
        properties |= {
            "attribute": suggestion.attribute,
            "attributeLabel": ATTRIBUTE_LABELS[suggestion.attribute],
            "abstained": suggestion.abstained,
            "handling": suggestion.handling,
            "basis": list(suggestion.basis),
        }
    artifact: dict[str, Any] = {"location": _file(result.document.name, result), "properties": properties}
    if result.document.media_type:
        artifact["mimeType"] = result.document.media_type
    if result.document.sha256:
        artifact["hashes"] = {"sha-256": result.document.sha256}
    return artifact


def _file(name: str, result: ScanResult, index: int | None = None) -> dict[str, Any]:
    """Return the artifact location of a file, its name masked; a text without a name gets a description."""
    masked_name = printable(shown_name(name, Options(), result))
    place: dict[str, Any] = {"uri": urllib.parse.quote(masked_name, safe="/*")} if masked_name else {}
    if not masked_name:
        place["description"] = {"text": "（文本）"}
    return place if index is None else {**place, "index": index}


def _results(result: ScanResult, index: int, order: dict[str, int]) -> Iterator[dict[str, Any]]:
    place = _file(result.document.name, result, index)
    lines = _line_starts(result)
    contexts = Contexts(result, Options())
    for finding in result.findings:
        kind = finding_types()[finding.type]
        where = contexts.place(finding)
        masked = printable(finding.masked)
        physical: dict[str, Any] = {"artifactLocation": place}
        if lines and finding.start is not None and finding.end is not None:
            physical["region"] = _region(lines, finding.start, finding.end)
        one: dict[str, Any] = {
            "ruleId": finding.rule_id,
            "ruleIndex": order[finding.rule_id],
            "level": LEVELS[finding.level],
            "message": {"text": f"{suspected(kind.label)}，{where}{f'：{masked}' if masked else ''}。{finding.advice}"},
            "locations": [
                {
                    "physicalLocation": physical,
                    "logicalLocations": [{"fullyQualifiedName": where, "kind": finding.location.part}],
                }
            ],
            "partialFingerprints": {_FINGERPRINT: finding.id},
            "properties": {
                "type": finding.type,
                "category": finding.category,
                "confidence": finding.confidence,
                "confidenceLabel": CONFIDENCE_LABELS[finding.confidence],
                "evidence": list(finding.evidence),
                "basis": list(finding.basis),
                "page": finding.location.page,
                "cell": finding.location.cell,
            },
        }
        if finding.suppressed:
            one["suppressions"] = [_suppression(finding)]
        yield one


def _suppression(finding: Finding) -> dict[str, Any]:
    suppression = finding.suppressed
    suppression_object: dict[str, Any] = {"kind": "external", "status": "accepted"}
    if suppression:
        suppression_object["justification"] = suppression.reason
        suppression_object["properties"] = {
            "by": suppression.by,
            "until": suppression.until.isoformat() if suppression.until else None,
        }
    return suppression_object


def _line_starts(result: ScanResult) -> list[int]:
    """Return the offsets of line starts in plain text; for other formats, where a region would mean nothing, []."""
    if result.document.media_type != "text/plain":
        return []
    text = result.document.text
    return [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]


def _region(lines: list[int], start: int, end: int) -> dict[str, int]:
    first, last = bisect.bisect_right(lines, start) - 1, bisect.bisect_right(lines, end) - 1
    return {
        "startLine": first + 1,
        "startColumn": start - lines[first] + 1,
        "endLine": last + 1,
        "endColumn": end - lines[last] + 1,
        "charOffset": start,
        "charLength": end - start,
    }
