"""The HTML report: one self-contained page, no network access, readable without script, prints on A4."""

from __future__ import annotations

import base64
import functools
import hashlib
import itertools
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.report.page_images import page_images
from prescan.report.page_text import hidden_label, items
from prescan.report.rows import VALUES_SHOWN, file_name
from prescan.report.shown import (
    PART_LABELS,
    Contexts,
    harmless,
    printable,
    shown_name,
    verdict_words,
    versions_of,
    worst_verdict,
)
from prescan.report.statutes import clause, clauses
from prescan.resources import finding_types
from prescan.types import (
    ATTRIBUTE_LABELS,
    ATTRIBUTES,
    CONFIDENCE_LABELS,
    HANDLING_LABELS,
    LEVEL_LABELS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import jinja2

    from prescan.report import Options
    from prescan.types import Finding, ScanResult, Suggestion

_TEMPLATES: Final = Path(__file__).with_name("templates")
#: Shapes shown with the colours, so that colour is never the only sign.
SIGNS: Final = {
    "block": "▲",
    "review": "■",
    "note": "●",
    "blocked": "▲",
    "unread": "◆",
    "clear": "○",
}
#: More findings freeze browsers; the page says how many were left out, other formats list them all.
_FINDINGS_OF_ONE: Final = 3_000
_FINDINGS_AT_MOST: Final = 20_000
#: Parts that are hidden places.
_HIDDEN_PARTS: Final = frozenset({"comment", "deleted", "inserted", "hidden", "metadata", "annotation", "attachment"})


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write the page; `options.with_text` adds the whole text, `options.show_values` values in clear."""
    style, script = ((_TEMPLATES / name).read_text(encoding="utf-8").strip() for name in ("report.css", "report.js"))
    page = _Page(options)
    documents = [page.document(result, f"d{number}") for number, result in enumerate(results, 1)]
    levels = Counter[str](one.level for result in results for one in result.findings if one.suppressed is None)
    unread_files = sum(not result.complete for result in results)
    totals = [{"level": level, "label": label, "count": levels[level]} for level, label in LEVEL_LABELS.items()]
    totals.append({"level": "unread", "label": "未读", "count": unread_files})
    rendered = (
        _environment()
        .get_template("report.html")
        .render(
            documents=documents,
            totals=[{**one, "sign": SIGNS[str(one["level"])]} for one in totals],
            worst=_verdict(results),
            statutes=page.statutes,
            values_shown=VALUES_SHOWN if options.show_values else "",
            versions=versions_of(results[0]) if results else "",
            today=results[0].today.isoformat() if results else "",
            style=_Trusted(style),
            style_hash=_digest(style),
            script=_Trusted(script),
            script_hash=_digest(script),
        )
    )
    stream.write(rendered.encode("utf-8", "replace"))


class _Trusted(str):
    """Markup of ours, which the template must not escape."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the markup; its presence tells Jinja not to escape."""
        return str(self)


def _digest(text: str) -> str:
    """Return the hash by which a Content-Security-Policy allows an inline style or script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2  # noqa: PLC0415  not needed by other formats

    loader = jinja2.FileSystemLoader(_TEMPLATES)
    return jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _harmless(value: object) -> object:
    """Remove control characters from the value of a template expression; our own markup stays as it is."""
    return harmless(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _verdict(results: Sequence[ScanResult]) -> dict[str, str]:
    verdict = worst_verdict(results)
    return {"key": verdict, "label": verdict_words(results), "sign": SIGNS[verdict]}


class _Page:
    """Prepares the data of the template; cited clauses are collected over all documents."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._remaining = _FINDINGS_AT_MOST
        self._statutes: dict[str, dict[str, str]] = {}

    @property
    def statutes(self) -> list[dict[str, str]]:
        """The cited clauses whose gist is known, in order."""
        order = {cited: index for index, cited in enumerate(clauses())}
        return sorted(self._statutes.values(), key=lambda one: (order.get(one["cited"], len(order)), one["cited"]))

    def document(self, result: ScanResult, anchor: str) -> dict[str, Any]:
        """Return the template's data for one document."""
        contexts = Contexts(result, self._options)
        listed = result.findings[: min(_FINDINGS_OF_ONE, self._remaining)]
        self._remaining -= len(listed)
        counts = Counter[str](one.level for one in result.findings if one.suppressed is None)
        images, images_note = page_images(result, self._options)
        return {
            "anchor": anchor,
            "name": file_name(result, self._options),
            "verdict": _verdict([result]),
            "facts": list(self._facts(result)),
            "sha256": result.document.sha256 or "（未读到内容）",
            "unread": [
                {"name": self._masked_name(one.name, result), "detail": harmless(one.detail), "code": one.code}
                for one in result.unread
            ],
            "attribute": self._attribute(result.suggestion, contexts) if result.suggestion else None,
            "counts": [counts[level] for level in LEVEL_LABELS],
            "total": len(result.findings),
            "bands": list(self._bands(result, listed, contexts)),
            "left_out": len(result.findings) - len(listed),
            "images": images,
            "images_note": images_note,
            "text": items(result, contexts) if self._options.with_text else [],
        }

    def _masked_name(self, name: str, result: ScanResult) -> str:
        return printable(shown_name(name, self._options, result)) or "（文本）"

    def _facts(self, result: ScanResult) -> Iterator[tuple[str, str]]:
        if result.title:
            yield "标题", self._masked_name(result.title, result)
        if result.doc_number:
            yield "文号", printable(result.doc_number)
        yield "字数", f"{len(result.document.text):,}"

    def _bands(self, result: ScanResult, listed: Sequence[Finding], contexts: Contexts) -> Iterator[dict[str, Any]]:
        """Yield the findings in order, grouped by hidden place."""
        numbered = enumerate(listed, 1)
        for label, group in itertools.groupby(numbered, lambda item: _hidden_place(result, item[1])):
            yield {"label": label, "findings": [self._finding(number, one, contexts) for number, one in group]}

    def _finding(self, number: int, one: Finding, contexts: Contexts) -> dict[str, Any]:
        return {
            "number": number,
            "level": one.level,
            "level_label": LEVEL_LABELS[one.level],
            "sign": SIGNS[one.level],
            "label": finding_types()[one.type].label,
            "place": contexts.place(one),
            "confidence": CONFIDENCE_LABELS[one.confidence],
            "context": contexts.parted(one),
            "evidence": "；".join(map(printable, one.evidence)),
            "basis": [self._cited(cited) for cited in one.basis],
            "advice": one.advice,
            "silenced": printable(one.suppressed.reason) if one.suppressed else "",
            "rule_id": one.rule_id,
            "id": one.id,
        }

    def _cited(self, cited: str) -> dict[str, str]:
        known_clause = clause(cited)
        if known_clause is None:
            return {"cited": cited, "anchor": ""}
        if cited not in self._statutes:
            anchor = f"law{len(self._statutes) + 1}"
            self._statutes[cited] = {**known_clause._asdict(), "cited": cited, "anchor": anchor}
        return {"cited": cited, "anchor": self._statutes[cited]["anchor"]}

    def _attribute(self, suggestion: Suggestion, contexts: Contexts) -> dict[str, Any]:
        label = ATTRIBUTE_LABELS[suggestion.attribute]
        more = [f"较像{label}"] if suggestion.abstained else []
        more += [HANDLING_LABELS[suggestion.handling]] if suggestion.handling != "whole" else []
        more += [f"{len(suggestion.parts)} 处待删除"] if suggestion.parts else []
        if suggestion.declared:
            declared = f"文件自标{ATTRIBUTE_LABELS[suggestion.declared]}"
            more.append(declared + ("，与建议不一致" if suggestion.conflict else ""))
        if suggestion.catalogue:
            more.append(f"属于条例 {suggestion.catalogue}列举的事项")
        shares = [
            {"label": ATTRIBUTE_LABELS[name], "percent": round(100 * suggestion.probabilities[name])}
            for name in ATTRIBUTES
        ]
        reasons = [
            {
                "text": one.text,
                "quoted": contexts.quoted(one.start, one.end) if one.start is not None and one.end is not None else "",
                "clause": self._cited(one.clause) if one.clause else None,
            }
            for one in suggestion.reasons
        ]
        what = "无法判断，请人工确定" if suggestion.abstained else f"建议{label}"
        return {
            "what": what,
            "abstained": suggestion.abstained,
            "more": "；".join(more),
            "shares": shares,
            "reasons": reasons,
        }


def _hidden_place(result: ScanResult, one: Finding) -> str:
    """Return the name of the hidden place that contains a finding; "" if it is visible."""
    if one.start is not None:
        return hidden_label(result.document.block_at(one.start))
    return PART_LABELS[one.location.part] if one.location.part in _HIDDEN_PARTS else ""
