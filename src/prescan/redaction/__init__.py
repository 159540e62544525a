"""Makes redacted copies: choose what to remove, rewrite the file in a worker, scan the copy, and only then write it.

The original is never changed. Documents with suspected secrets are refused; a copy in which something is left is
never written.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from prescan.decisions import ledger
from prescan.errors import PrescanError, ReadError, RedactionFailed, RedactionRefused
from prescan.formats.edits import RewriteRequest, Rewritten
from prescan.formats.stored import StoredText
from prescan.redaction import choose
from prescan.redaction.check import is_tolerable, notes_for_person, values_to_search
from prescan.redaction.output import check_target, write_copy
from prescan.report import Options
from prescan.report.shown import Contexts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.redaction.choose import Choice
    from prescan.scanner import Scanner
    from prescan.types import Finding, ScanResult

__all__ = ["STYLES", "Redaction", "redact"]

STYLES: Final = ("mask", "bar")
#: Removing a value can make another one detectable, which the next round removes; more rounds would not help.
_ROUNDS: Final = 3

_REFUSED: Final = (
    "含疑似{what}内容，不得以脱敏代替解密审核：{places}；请先报保密审查，"
    "确属误报的在处置文件（--decisions）中写明理由后再脱敏"
)
#: A refusal names at most so many places.
_PLACES: Final = 5
_LEFT: Final = "脱敏后仍有残留（{kinds}），未生成文件；请用原软件删去这些内容后重试"
_IN_PICTURES: Final = (
    "扫描页或图片中有应当遮盖的内容，不能自动遮盖，未生成文件；请在原图上涂去并重新扫描，或用 --except 保留图片中的疑点"
)
_OTHER_FILE: Final = "文件与扫描结果不是同一份（sha256 不同），请重新扫描后再脱敏"


@dataclass(frozen=True, slots=True)
class Redaction:
    """The outcome of a redaction."""

    removed: tuple[Finding, ...]
    """Findings of the source that were removed from the copy."""
    left: tuple[Finding, ...]
    """Findings of the source that remain in the copy, as chosen."""
    page_images: tuple[int, ...] = ()
    """Pages (from 1) that were replaced by images because a value could not be removed exactly."""
    listed: tuple[str, ...] = ()
    """What a person still has to check or do (Chinese sentences without values)."""
    cleaned: tuple[str, ...] = ()
    """What was removed in addition to the findings: "批注 3 处", "文件属性"."""


def redact(  # noqa: PLR0913, PLR0917  the contract
    scanner: Scanner,
    source: str | os.PathLike[str] | bytes,
    out: str | os.PathLike[str] | IO[bytes],
    result: ScanResult | None = None,
    decisions: str | os.PathLike[str] | Iterable[DocumentDecisions] | None = None,
    only: Sequence[str] = (),
    except_: Sequence[str] = (),
    *,
    style: str = "mask",
    name: str = "",
) -> Redaction:
    """Write a redacted copy of `source` (a path or bytes called `name`) to `out` (a path, 0600, or a binary stream).

    `result` must be a scan of the same bytes; None = scan them now. `decisions` is the path of a decisions.json or the
    return value of `ledger.read`: accepted findings stay, spans under `remove` are deleted. `only` and `except_` list
    finding ids, types or categories. `style` "mask" replaces each value by its mask, "bar" by a black bar.
    Raises RedactionRefused (suspected secrets), RedactionFailed (something was left), ReadError (the source cannot be
    completely read or rewritten), PrescanError (wrong use); in all these cases nothing is written.
    """
    if style not in STYLES:
        raise PrescanError(f"没有 {style} 这种样式，可用的有 {'、'.join(STYLES)}")
    if not hasattr(out, "write"):
        check_target(out, source)
    name, data, result = _scanned(scanner, source, result, name)
    ledgers = _decisions_of(decisions)
    result = choose.with_decisions(result, ledgers, scanner.today)
    _refuse_unread(result)
    _refuse_secrets(result, result.findings)
    choice = choose.choose(result, only, except_, choose.spans_to_remove(result, ledgers))
    result, choice = _without_pictures(result, choice)
    redaction, copy = _rewritten(scanner, data, name, result, choice, bars=style == "bar")
    write_copy(out, copy)
    return redaction


def _scanned(
    scanner: Scanner, source: str | os.PathLike[str] | bytes, result: ScanResult | None, name: str
) -> tuple[str, bytes, ScanResult]:
    """Return the source's name, its bytes, and a result for exactly these bytes. Raises ReadError, PrescanError."""
    if isinstance(source, bytes):
        data = source
        name = name or (result.document.name if result else "")
    else:
        name = name or Path(source).name
        result = result or scanner.scan_file(source, name=name)
        if result.document.sha256 is None:
            _refuse_unread(result)
        try:
            data = Path(source).read_bytes()
        except OSError:
            raise ReadError("unreadable") from None
    result = result or scanner.scan_bytes(data, name=name)
    if result.document.sha256 is None:
        _refuse_unread(result)
    if hashlib.sha256(data).hexdigest() != result.document.sha256:
        raise PrescanError(_OTHER_FILE)
    return name, data, result


def _decisions_of(
    decisions: str | os.PathLike[str] | Iterable[DocumentDecisions] | None,
) -> tuple[DocumentDecisions, ...]:
    if decisions is None:
        return ()
    return ledger.read(decisions) if isinstance(decisions, (str, os.PathLike)) else tuple(decisions)


def _refuse_unread(result: ScanResult) -> None:
    """Raise ReadError if something was not read that would remain in the copy."""
    inside = {block.location.member for block in result.document.blocks if block.location.member}
    for unread in result.unread:
        inner = unread.name.removeprefix(f"{result.document.name}/")
        is_inner = inner != unread.name
        # together with the file that contains it
        is_removed = is_inner and any(f"{inner}/".startswith(f"{member}/") for member in inside)
        if not is_tolerable(unread) and not is_removed:
            detail = f"其中的一个文件没有读出（{unread.detail}），未生成文件；请解压后逐个处理"
            raise ReadError(unread.code, detail if is_inner else unread.detail)
    if not result.document.text.strip():
        first = result.unread[0] if result.unread else None
        raise ReadError(first.code if first else "empty", first.detail if first else "")


def _refuse_secrets(result: ScanResult, findings: Iterable[Finding]) -> None:
    """Raise RedactionRefused, naming place and rule, if one of the result's `findings` is a suspected secret."""
    secrets = [finding for finding in findings if choose.is_secret(finding)]
    if not secrets:
        return
    contexts = Contexts(result, Options())
    named = [f"{contexts.place(one)} {choose.label(one.type)}（{one.rule_id}）" for one in secrets]
    places = "、".join(dict.fromkeys(named[:_PLACES])) + (f" 等 {len(named)} 处" if len(named) > _PLACES else "")
    state = any(finding.category == "state_secret" for finding in secrets)
    raise RedactionRefused(_REFUSED.format(what="涉密" if state else "涉密或内部", places=places))


def _without_pictures(result: ScanResult, choice: Choice) -> tuple[ScanResult, Choice]:
    """Return both without the text OCR recognised in pictures. Raises ReadError if something there must be removed."""
    stored = StoredText(result.document)
    if stored.nothing_recognised:
        return result, choice
    to_remove = [stored.finding(finding) for finding in choice.findings]
    spans = [stored.span(*span) for span in choice.spans]
    if None in to_remove or None in spans:
        raise ReadError("unsupported", _IN_PICTURES)
    kept = tuple(translated for finding in result.findings if (translated := stored.finding(finding)))
    left = tuple(translated for finding in choice.left if (translated := stored.finding(finding)))
    choice = replace(
        choice,
        findings=tuple(filter(None, to_remove)),
        left=left,
        spans=tuple(span for span in spans if span is not None),
    )
    return replace(result, document=stored.document, findings=kept), choice


def _rewritten(  # noqa: PLR0913
    scanner: Scanner, data: bytes, name: str, result: ScanResult, choice: Choice, *, bars: bool
) -> tuple[Redaction, bytes]:
    """Rewrite until a scan of the copy finds nothing that must be removed. Raises RedactionFailed, ReadError."""
    cleaned: dict[str, None] = {}
    listed: dict[str, None] = dict.fromkeys(notes_for_person(result, choice))
    page_images: set[int] = set()
    edits = choose.edits(result.document.text, choice, bars=bars)
    for _ in range(_ROUNDS):
        response, copy = scanner.convert("rewrite", data, name, RewriteRequest(edits, bars, choice.kept).to_wire())
        rewritten = Rewritten.from_wire(response, copy)
        cleaned.update(dict.fromkeys(rewritten.cleaned))
        listed.update(dict.fromkeys(rewritten.listed))
        page_images.update(rewritten.page_images)
        rescan = scanner.scan_bytes(copy, name=name, pictures=False)
        _check_readable(rescan, page_images)
        _refuse_secrets(rescan, choose.unexpected(rescan, choice))
        remaining = choose.remaining(rescan, choice)
        if not remaining.findings:
            break
        data, edits = copy, choose.edits(rescan.document.text, remaining, bars=bars, whole=True)
    else:
        raise RedactionFailed(_LEFT.format(kinds="、".join(choose.kinds(remaining.findings))))
    values = values_to_search(result.document, rescan.document, choice)
    search, _ = scanner.convert("search", copy, name, list(values)) if values else ({"found": []}, b"")
    if search["found"]:
        kinds = {kind for index in search["found"] for kind in values[list(values)[index]]}
        raise RedactionFailed(_LEFT.format(kinds="、".join(sorted(kinds))))
    return Redaction(choice.findings, choice.left, tuple(sorted(page_images)), tuple(listed), tuple(cleaned)), copy


def _check_readable(rescan: ScanResult, page_images: set[int]) -> None:
    """Raise RedactionFailed if the copy could not be read completely: it cannot be verified then."""
    for unread in rescan.unread:
        if not is_tolerable(unread) and not (unread.code == "empty" and page_images):
            raise RedactionFailed(f"改写后的文件无法复核（{unread.detail}），未生成文件；请用原软件另存后重试")
