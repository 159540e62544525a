"""JSON as described by `prescan-1.schema.json`: an object for one result, a list of objects for several."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any, Final

import regex

from prescan.report.shown import shown_name
from prescan.types import ATTRIBUTE_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.report import Options
    from prescan.types import Finding, ScanResult, Suggestion

SCHEMA: Final = "prescan/1"
#: Characters that JSON allows but that can break a terminal, a line reader or UTF-8.
_ESCAPED: Final = regex.compile(r"[\x7f-\x9f\p{Cf}\u2028\u2029]")
_SURROGATES: Final = regex.compile(r"\p{Cs}")
#: Bytes of a file name that is not UTF-8, as Python reads them.
_BYTES: Final = regex.compile("[\udc80-\udcff]")


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write one object, or a list of them under "results"."""
    objects = [as_object(result, options) for result in results]
    whole = objects[0] if len(objects) == 1 else {"schema": SCHEMA, "results": objects}
    stream.write(encoded(whole, indent=2))


def encoded(value: dict[str, Any] | list[dict[str, Any]], indent: int | None = None) -> bytes:
    """Return JSON in UTF-8 with a final line end; invisible characters are escaped.

    Lone surrogates, which most readers of JSON refuse, become U+FFFD; offsets stay right.
    """
    text = _SURROGATES.sub("\ufffd", json.dumps(value, ensure_ascii=False, indent=indent))
    return _ESCAPED.sub(lambda match: json.dumps(match[0])[1:-1], text).encode() + b"\n"


def _name(name: str, options: Options, result: ScanResult) -> str:
    """Return a file name as reports show it; of bytes that are not UTF-8 the hexadecimal value is written."""
    return _BYTES.sub(lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", shown_name(name, options, result))


def as_object(result: ScanResult, options: Options) -> dict[str, Any]:
    """Return the object of the contract for one result."""
    document = result.document
    head: dict[str, Any] = {
        "name": _name(document.name, options, result),
        "media_type": document.media_type,
        "sha256": document.sha256,
        "title": shown_name(result.title, options, result) if result.title else None,
        "doc_number": result.doc_number,
        "chars": len(document.text),
    }
    if options.with_text:
        head["text"] = document.text
    return {
        "schema": SCHEMA,
        "document": head,
        "verdict": result.verdict,
        "clear": result.clear,
        "complete": result.complete,
        "findings": [_finding(finding, result, options) for finding in result.findings],
        "suggestion": _suggestion(result.suggestion) if result.suggestion else None,
        "unread": [
            {"name": _name(item.name, options, result), "code": item.code, "detail": item.detail}
            for item in result.unread
        ],
        "versions": dict(result.versions),
        "today": result.today.isoformat(),
    }


def _finding(finding: Finding, result: ScanResult, options: Options) -> dict[str, Any]:
    location, suppression = finding.location, finding.suppressed
    finding_object: dict[str, Any] = {
        "id": finding.id,
        "rule_id": finding.rule_id,
        "type": finding.type,
        "category": finding.category,
        "level": finding.level,
        "confidence": finding.confidence,
        "start": finding.start,
        "end": finding.end,
        "masked": finding.masked,
        "message": finding.message,
        "evidence": list(finding.evidence),
        "basis": list(finding.basis),
        "advice": finding.advice,
        "location": {
            "part": location.part,
            "page": location.page,
            "paragraph": location.paragraph,
            "cell": location.cell,
            "bbox": list(location.bbox) if location.bbox else None,
            "member": _name(location.member, options, result) if location.member else None,
        },
        "suppressed": {
            "reason": suppression.reason,
            "by": suppression.by,
            "until": suppression.until.isoformat() if suppression.until else None,
        }
        if suppression
        else None,
    }
    if options.show_values:
        has_text = finding.start is not None and finding.end is not None
        finding_object["value"] = result.document.text[finding.start : finding.end] if has_text else None
    return finding_object


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "attribute": suggestion.attribute,
        "label": ATTRIBUTE_LABELS[suggestion.attribute],
        "probabilities": {name: round(value, 4) for name, value in suggestion.probabilities.items()},
        "abstained": suggestion.abstained,
        "handling": suggestion.handling,
        "parts": [
            {"start": part.start, "end": part.end, "clause": part.clause, "finding_ids": list(part.finding_ids)}
            for part in suggestion.parts
        ],
        "reasons": [
            {"text": reason.text, "start": reason.start, "end": reason.end, "clause": reason.clause}
            for reason in suggestion.reasons
        ],
        "basis": list(suggestion.basis),
        "catalogue": suggestion.catalogue,
        "declared": suggestion.declared,
        "conflict": suggestion.conflict,
    }
