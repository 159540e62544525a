"""Decides what a redaction removes and what replaces it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from prescan.decisions import ledger
from prescan.errors import PrescanError
from prescan.formats.edits import Edit
from prescan.resources import finding_types
from prescan.text.invisible import is_invisible
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, PERSONAL_CATEGORIES, SECRET_CATEGORIES, Span

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.types import Document, Finding, ScanResult

_SERIOUS: Final = frozenset({"block", "review"})
_HIDDEN: Final = "hidden_content"
_STAR: Final = "*"
_BAR: Final = "█"
#: Masks keep these characters, because the layout depends on them.
_KEPT: Final = frozenset(f" \n\r\u3000{CELL_BREAK}{PARAGRAPH_BREAK}")
_NOT_SOME: Final = "隐藏内容只能整类保留：{names}；请写类型而不是单个编号，如 --except comment"
_NOT_FOUND: Final = "文件中没有 {names} 这些疑点，请核对编号、类型或类别"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a redaction removes and what it leaves."""

    findings: tuple[Finding, ...]
    """To remove."""
    left: tuple[Finding, ...] = ()
    """To leave."""
    spans: tuple[Span, ...] = ()
    """Parts a person named for deletion."""
    tolerated: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    """Type and folded value of the findings to leave."""
    only: frozenset[str] = frozenset()
    except_: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    """Types of hidden content to leave; values found in it are removed all the same."""


def with_decisions(result: ScanResult, decisions: Iterable[DocumentDecisions], today: datetime.date) -> ScanResult:
    """Return the result with the findings that people accepted marked as suppressed."""
    accepted = ledger.suppressions(decisions)
    return replace(result, findings=tuple(ledger.suppress(result.findings, accepted, today))) if accepted else result


def spans_to_remove(result: ScanResult, decisions: Iterable[DocumentDecisions]) -> tuple[Span, ...]:
    """Return the parts of exactly this document that a person named for deletion. Raises PrescanError."""
    spans = [span for document in decisions if document.sha256 == result.document.sha256 for span in document.remove]
    if any(span.end > len(result.document.text) for span in spans):
        raise PrescanError("处置文件中 remove 的位置超出文件正文，请核对后重试")
    return tuple(sorted(spans))


def choose(result: ScanResult, only: Sequence[str], except_: Sequence[str], spans: tuple[Span, ...] = ()) -> Choice:
    """Choose what to remove: by default personal findings at block or review, and all hidden content.

    `only` lists what to remove besides hidden content, whatever its level; `except_` what to leave; both hold finding
    ids, types or categories. Hidden content can only be left by whole types. Raises PrescanError for an unknown name,
    and if only some findings of a hidden type are to be left.
    """
    only_names, except_names = frozenset(only), frozenset(except_)
    known = {name for finding in result.findings for name in _names(finding)}
    if unknown := (only_names | except_names) - known - _every_name():
        raise PrescanError(_NOT_FOUND.format(names="、".join(sorted(unknown))))
    blank = Choice((), only=only_names, except_=except_names, kept=_kept(result.findings, except_names))
    to_remove = tuple(
        finding
        for finding in result.findings
        if _is_removed(finding, blank)
        or _is_removed_as_invisible(result.document, finding, blank.kept)
        or _is_inside(finding, spans)
    )
    ids = {id(finding) for finding in to_remove}
    left = tuple(finding for finding in result.findings if id(finding) not in ids)
    text = result.document.text
    tolerated = frozenset((finding.type, folded(value_of(text, finding))) for finding in left if _has_text(finding))
    return replace(blank, findings=to_remove, left=left, spans=spans, tolerated=tolerated)


def remaining(rescan: ScanResult, choice: Choice) -> Choice:
    """Return what must still be removed from a copy; its scan may find what that of the source did not."""
    text = rescan.document.text
    to_remove = tuple(
        finding
        for finding in rescan.findings
        if _is_removed(finding, choice)
        and (not _has_text(finding) or (finding.type, folded(value_of(text, finding))) not in choice.tolerated)
        and finding.location.part != "filename"
    )
    return replace(choice, findings=to_remove, left=(), spans=())


def unexpected(rescan: ScanResult, choice: Choice) -> list[Finding]:
    """Return the findings of a copy that were not left on purpose."""
    text = rescan.document.text
    return [
        finding
        for finding in rescan.findings
        if not _has_text(finding) or (finding.type, folded(value_of(text, finding))) not in choice.tolerated
    ]


def _is_removed(finding: Finding, choice: Choice) -> bool:
    """Return whether to remove a finding. Findings in the file name stay: the caller names the copy."""
    if finding.category == _HIDDEN:
        return finding.type not in choice.kept
    if finding.suppressed is not None or not _has_text(finding) or finding.category in SECRET_CATEGORIES:
        return False
    names = _names(finding)
    if names & choice.except_:
        return False
    if choice.only:
        return bool(names & choice.only)
    return finding.category in PERSONAL_CATEGORIES and finding.level in _SERIOUS


def is_secret(finding: Finding) -> bool:
    """Return whether a finding forbids making a copy."""
    return finding.category in SECRET_CATEGORIES and finding.level in _SERIOUS and finding.suppressed is None


def edits(text: str, choice: Choice, *, bars: bool, whole: bool = False) -> tuple[Edit, ...]:
    """Return the edits that carry out a choice, in order and without overlap.

    `bars`: black bars instead of masks. `whole`: mask every character of a value. Hidden content needs no edit: the
    code that rewrites a format removes all of it, except unseen characters within a text.
    """
    made = [Edit(span.start, span.end, "") for span in choice.spans]
    made += [
        Edit(finding.start, finding.end, replacement(value_of(text, finding), finding, bars=bars, whole=whole))
        for finding in choice.findings
        if finding.category != _HIDDEN and finding.start is not None and finding.end is not None
    ]
    made += [
        Edit(finding.start, finding.end, "")
        for finding in choice.findings
        if finding.category == _HIDDEN and finding.start is not None and finding.end is not None
        if is_invisible(text[finding.start : finding.end])  # invisible characters: the format's code does not know them
    ]
    return tuple(_merged(text, made))


def replacement(value: str, finding: Finding, *, bars: bool = False, whole: bool = False) -> str:
    """Return the replacement of a value, with the same length: its mask, stars where that does not fit, or bars."""
    if bars:
        return "".join(character if character in _KEPT else _BAR for character in value)
    masked = finding.masked
    if whole or _STAR not in masked or masked == value:
        return _starred(value)
    if len(masked) == len(value):
        return "".join(old if old in _KEPT else new for old, new in zip(value, masked, strict=True))
    visible = masked[: masked.index(_STAR)]
    return visible + _starred(value[len(visible) :]) if value.startswith(visible) else _starred(value)


def _starred(value: str) -> str:
    return "".join(character if character in _KEPT else _STAR for character in value)


def _merged(text: str, overlapping: list[Edit]) -> list[Edit]:
    """Merge overlapping edits: a deletion wins; of two masks, a character masked by either is masked."""
    merged: list[Edit] = []
    for edit in sorted(overlapping, key=lambda edit: (edit.start, -edit.end)):
        last = merged[-1] if merged else None
        if last is None or edit.start >= last.end:
            merged.append(edit)
            continue
        end = max(last.end, edit.end)
        if not last.text or not edit.text:
            merged[-1] = Edit(last.start, end, "")
            continue
        characters = list(text[last.start : end])
        for one in (last, edit):
            for index, new in enumerate(one.text, one.start - last.start):
                if new != text[last.start + index]:
                    characters[index] = new
        merged[-1] = Edit(last.start, end, "".join(characters))
    return merged


def value_of(text: str, finding: Finding) -> str:
    """Return the text a finding covers; "" for one without offsets."""
    return text[finding.start : finding.end] if _has_text(finding) else ""


def folded(value: str) -> str:
    """Return a value in NFKC without white space, so that two spellings of it are equal."""
    return "".join(unicodedata.normalize("NFKC", value).split())


def kinds(findings: Iterable[Finding]) -> list[str]:
    """Return the labels of the findings' types, each with the number of findings."""
    counts = Counter(label(finding.type) for finding in findings)
    return [f"{name} {count} 处" for name, count in counts.items()]


def label(kind: str) -> str:
    """Return the Chinese name of a finding type."""
    return finding_types()[kind].label


def _names(finding: Finding) -> set[str]:
    return {finding.id, finding.type, finding.category}


def _has_text(finding: Finding) -> bool:
    return finding.start is not None and finding.end is not None


def _every_name() -> set[str]:
    return {name for row in finding_types().values() for name in (row.type, row.category)}


def _is_inside(finding: Finding, spans: Iterable[Span]) -> bool:
    start, end = finding.start, finding.end
    return start is not None and end is not None and any(span.start <= start <= end <= span.end for span in spans)


def _kept(findings: Iterable[Finding], except_names: frozenset[str]) -> frozenset[str]:
    """Return the hidden types to leave. Raises PrescanError if only some findings of a type are named."""
    hidden = [finding for finding in findings if finding.category == _HIDDEN]
    kept = {finding.type for finding in hidden if _names(finding) & except_names}
    if some := {finding.type for finding in hidden if finding.type in kept and not _names(finding) & except_names}:
        raise PrescanError(_NOT_SOME.format(names="、".join(map(label, sorted(some)))))
    return frozenset(kept)


def _is_removed_as_invisible(document: Document, finding: Finding, kept: frozenset[str]) -> bool:
    """Return whether a finding lies in a hidden place or attachment, which goes as a whole; insertions are visible."""
    if finding.start is None:
        return False
    block = document.block_at(finding.start)
    return block.location.member is not None or (
        block.hidden is not None and block.hidden not in kept and block.location.part != "inserted"
    )
