"""What goes and what stays: findings, the spans they cover, and what stands in their place."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from prescan.decisions import ledger
from prescan.errors import PrescanError
from prescan.formats.edits import Edit
from prescan.resources import finding_types
from prescan.text.unseen import is_unseen
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Span

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.types import Document, Finding, ScanResult

_SERIOUS: Final = frozenset({"block", "review"})
_PERSONAL: Final = frozenset({"personal", "sensitive_personal"})
_SECRET: Final = frozenset({"state_secret", "work_secret"})
_HIDDEN: Final = "hidden_content"
_STAR: Final = "*"
_BAR: Final = "█"
#: A mask leaves them where they are: the layout hangs on them.
_KEPT: Final = frozenset(f" \n\r\u3000{CELL_BREAK}{PARAGRAPH_BREAK}")
_NOT_SOME: Final = "隐藏内容只能整类保留：{names}；请写类型而不是单个编号，如 --except comment"
_NOT_FOUND: Final = "文件中没有 {names} 这些疑点，请核对编号、类型或类别"


@dataclass(frozen=True, slots=True)
class Choice:
    """What goes and what stays."""

    findings: tuple[Finding, ...]
    left: tuple[Finding, ...] = ()
    spans: tuple[Span, ...] = ()
    """Parts a person named for deletion."""
    tolerated: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    """Type and folded value of findings that stay."""
    only: frozenset[str] = frozenset()
    except_: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    """Types of hidden content that stay; values in it go all the same."""


def with_decisions(result: ScanResult, decisions: Iterable[DocumentDecisions], today: datetime.date) -> ScanResult:
    """Return the result with what people accepted marked as suppressed."""
    accepted = ledger.suppressions(decisions)
    return replace(result, findings=tuple(ledger.suppressed(result.findings, accepted, today))) if accepted else result


def spans_to_remove(result: ScanResult, decisions: Iterable[DocumentDecisions]) -> tuple[Span, ...]:
    """Return the parts of exactly this document that a person named for deletion. Raises PrescanError."""
    spans = [span for held in decisions if held.sha256 == result.document.sha256 for span in held.remove]
    if any(span.end > len(result.document.text) for span in spans):
        raise PrescanError("处置文件中 remove 的位置超出文件正文，请核对后重试")
    return tuple(sorted(spans))


def choose(result: ScanResult, only: Sequence[str], except_: Sequence[str], spans: tuple[Span, ...] = ()) -> Choice:
    """Return what goes: by default personal findings to be looked at and all hidden content.

    `only` names what else than hidden content goes, whatever its level; `except_` what stays. Hidden content stays by
    type, all of it or none. Raises PrescanError for a name that nothing bears, and where some of a type is to stay.
    """
    wanted, spared = frozenset(only), frozenset(except_)
    known = {name for finding in result.findings for name in _names(finding)}
    if strange := (wanted | spared) - known - _every_name():
        raise PrescanError(_NOT_FOUND.format(names="、".join(sorted(strange))))
    blank = Choice((), only=wanted, except_=spared, kept=_kept(result.findings, spared))
    going = tuple(
        finding
        for finding in result.findings
        if _goes(finding, blank) or _is_unseen(result.document, finding, blank.kept) or _is_inside(finding, spans)
    )
    ids = {id(finding) for finding in going}
    left = tuple(finding for finding in result.findings if id(finding) not in ids)
    text = result.document.text
    tolerated = frozenset((finding.type, folded(value_of(text, finding))) for finding in left if _has_text(finding))
    return replace(blank, findings=going, left=left, spans=spans, tolerated=tolerated)


def remaining(again: ScanResult, choice: Choice) -> Choice:
    """Return what must still go from a copy, which may show what the source did not."""
    text = again.document.text
    going = tuple(
        finding
        for finding in again.findings
        if _goes(finding, choice)
        and (not _has_text(finding) or (finding.type, folded(value_of(text, finding))) not in choice.tolerated)
        and finding.location.part != "filename"
    )
    return replace(choice, findings=going, left=(), spans=())


def unexpected(again: ScanResult, choice: Choice) -> list[Finding]:
    """Return the findings of a copy that were not accepted in the source."""
    text = again.document.text
    return [
        finding
        for finding in again.findings
        if not _has_text(finding) or (finding.type, folded(value_of(text, finding))) not in choice.tolerated
    ]


def _goes(finding: Finding, choice: Choice) -> bool:
    """Tell whether a finding is to be removed. A name in a file name cannot be: it is the caller who names the copy."""
    if finding.category == _HIDDEN:
        return finding.type not in choice.kept
    if finding.suppressed is not None or not _has_text(finding) or finding.category in _SECRET:
        return False
    names = _names(finding)
    if names & choice.except_:
        return False
    if choice.only:
        return bool(names & choice.only)
    return finding.category in _PERSONAL and finding.level in _SERIOUS


def is_secret(finding: Finding) -> bool:
    """Tell whether a finding forbids any copy."""
    return finding.category in _SECRET and finding.level in _SERIOUS and finding.suppressed is None


def edits(text: str, choice: Choice, *, bars: bool, whole: bool = False) -> tuple[Edit, ...]:
    """Return the edits that remove what goes, in order and not overlapping; `whole`: no character of a value stays.

    Hidden content is not named: whoever rewrites a file removes it by itself.
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
        if is_unseen(text[finding.start : finding.end])  # the one hidden place that is not known from the file's format
    ]
    return tuple(_apart(text, made))


def replacement(value: str, finding: Finding, *, bars: bool = False, whole: bool = False) -> str:
    """Return what stands in place of a value, of the same length: its mask, or stars or bars where none fits."""
    if bars:
        return "".join(character if character in _KEPT else _BAR for character in value)
    masked = finding.masked
    if whole or _STAR not in masked or masked == value:
        return _starred(value)
    if len(masked) == len(value):
        return "".join(old if old in _KEPT else new for old, new in zip(value, masked, strict=True))
    shown = masked[: masked.index(_STAR)]
    return shown + _starred(value[len(shown) :]) if value.startswith(shown) else _starred(value)


def _starred(value: str) -> str:
    return "".join(character if character in _KEPT else _STAR for character in value)


def _apart(text: str, made: list[Edit]) -> list[Edit]:
    """Return edits that do not overlap: a deletion swallows the rest, of two masks each character gets the stricter."""
    apart: list[Edit] = []
    for edit in sorted(made, key=lambda edit: (edit.start, -edit.end)):
        last = apart[-1] if apart else None
        if last is None or edit.start >= last.end:
            apart.append(edit)
            continue
        end = max(last.end, edit.end)
        if not last.text or not edit.text:
            apart[-1] = Edit(last.start, end, "")
            continue
        characters = list(text[last.start : end])
        for one in (last, edit):
            for index, new in enumerate(one.text, one.start - last.start):
                if new != text[last.start + index]:
                    characters[index] = new
        apart[-1] = Edit(last.start, end, "".join(characters))
    return apart


def value_of(text: str, finding: Finding) -> str:
    """Return the text a finding covers."""
    return text[finding.start : finding.end] if _has_text(finding) else ""


def folded(value: str) -> str:
    """Return a value without white space and width: two writings of one value are equal."""
    return "".join(unicodedata.normalize("NFKC", value).split())


def kinds(findings: Iterable[Finding]) -> list[str]:
    """Return what findings are, in a reviewer's words, with their numbers."""
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


def _kept(findings: Iterable[Finding], spared: frozenset[str]) -> frozenset[str]:
    """Return the types of hidden content that stay. Raises PrescanError where only some of a type are spared."""
    hidden = [finding for finding in findings if finding.category == _HIDDEN]
    kept = {finding.type for finding in hidden if _names(finding) & spared}
    if some := {finding.type for finding in hidden if finding.type in kept and not _names(finding) & spared}:
        raise PrescanError(_NOT_SOME.format(names="、".join(map(label, sorted(some)))))
    return frozenset(kept)


def _is_unseen(document: Document, finding: Finding, kept: frozenset[str]) -> bool:
    """Tell whether a finding stands in a hidden place, which goes as a whole; insertions stay, they are seen."""
    if finding.start is None:
        return False
    block = document.block_at(finding.start)
    return block.location.member is not None or (
        block.hidden is not None and block.hidden not in kept and block.location.part != "inserted"
    )
