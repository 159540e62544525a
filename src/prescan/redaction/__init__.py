"""Redacted copies: choose what goes, rewrite the file in a worker, scan the copy again, and only then write it out.

The original is never changed. A document with a suspected secret gives no copy; a copy in which anything is left is
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
from prescan.redaction.check import is_bearable, lasting_values, listed_for_person
from prescan.redaction.output import check_target, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.redaction.choose import Choice
    from prescan.scanner import Scanner
    from prescan.types import Finding, ScanResult

__all__ = ["STYLES", "Redaction", "redact"]

STYLES: Final = ("mask", "bar")
#: What becomes visible only after the first rewriting is taken in a second one; more rounds would not end it.
_ROUNDS: Final = 3

_REFUSED: Final = (
    "含疑似涉密内容，不得以脱敏代替解密审核：{kinds}；请先报保密审查，"
    "确属误报的在处置文件（--decisions）中写明理由后再脱敏"
)
_LEFT: Final = "脱敏后仍有残留（{kinds}），未生成文件；请用原软件删去这些内容后重试"
_IN_PICTURES: Final = (
    "扫描页或图片中有应当遮盖的内容，不能自动遮盖，未生成文件；请在原图上涂去并重新扫描，或用 --except 保留图片中的疑点"
)
_OTHER_FILE: Final = "文件与扫描结果不是同一份（sha256 不同），请重新扫描后再脱敏"


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was done to the copy."""

    removed: tuple[Finding, ...]
    """Findings of the source whose text is gone from the copy."""
    left: tuple[Finding, ...]
    """Findings of the source that were not to be removed."""
    page_images: tuple[int, ...] = ()
    """Pages (from 1) that became images because a value could not be removed exactly."""
    listed: tuple[str, ...] = ()
    """What is left for a person to look at or to do, in a reviewer's words, without values."""
    cleaned: tuple[str, ...] = ()
    """What was removed beside the findings: "批注 3 处", "文件属性"."""


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

    `result` is a scan of the same bytes, else they are scanned. `decisions` is a decisions.json or what `ledger.read`
    gives: accepted findings stay, spans under `remove` go. `only` and `except_` hold finding ids, types or categories.
    `style`: "mask" puts each value's mask in its place, "bar" black bars.
    Raises RedactionRefused (suspected secrets), RedactionFailed (something was left), ReadError (the source cannot be
    read or rewritten whole), PrescanError (wrong use); in all these cases nothing is written.
    """
    if style not in STYLES:
        raise PrescanError(f"没有 {style} 这种样式，可用的有 {'、'.join(STYLES)}")
    if not hasattr(out, "write"):
        check_target(out, source)
    name, data, result = _scanned(scanner, source, result, name)
    ledgers = _decided(decisions)
    result = choose.with_decisions(result, ledgers, scanner.today)
    _refuse_unread(result)
    _refuse_secrets(result.findings)
    choice = choose.choose(result, only, except_, choose.spans_to_remove(result, ledgers))
    result, choice = _without_pictures(result, choice)
    redaction, made = _rewritten(scanner, data, name, result, choice, bars=style == "bar")
    write_whole(out, made)
    return redaction


def _scanned(
    scanner: Scanner, source: str | os.PathLike[str] | bytes, result: ScanResult | None, name: str
) -> tuple[str, bytes, ScanResult]:
    """Return the source's name, its bytes, and the result that belongs to exactly these bytes. Raises ReadError."""
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


def _decided(
    decisions: str | os.PathLike[str] | Iterable[DocumentDecisions] | None,
) -> tuple[DocumentDecisions, ...]:
    if decisions is None:
        return ()
    return ledger.read(decisions) if isinstance(decisions, (str, os.PathLike)) else tuple(decisions)


def _refuse_unread(result: ScanResult) -> None:
    """Raise ReadError for a document of which something was not read that the copy would still hold."""
    inside = {block.location.member for block in result.document.blocks if block.location.member}
    for lost in result.unread:
        inner = lost.name.removeprefix(f"{result.document.name}/")
        is_inner = inner != lost.name
        goes = is_inner and any(f"{inner}/".startswith(f"{member}/") for member in inside)  # with what it lies in
        if not is_bearable(lost) and not goes:
            part = f"其中的一个文件没有读出（{lost.detail}），未生成文件；请解压后逐个处理"
            raise ReadError(lost.code, part if is_inner else lost.detail)
    if not result.document.text.strip():
        first = result.unread[0] if result.unread else None
        raise ReadError(first.code if first else "empty", first.detail if first else "")


def _refuse_secrets(findings: Iterable[Finding]) -> None:
    secrets = [finding for finding in findings if choose.is_secret(finding)]
    if secrets:
        raise RedactionRefused(_REFUSED.format(kinds="、".join(choose.kinds(secrets))))


def _without_pictures(result: ScanResult, choice: Choice) -> tuple[ScanResult, Choice]:
    """Return both as if nothing had been recognised in pictures. Raises ReadError if something there must go."""
    stored = StoredText(result.document)
    if stored.nothing_recognised:
        return result, choice
    going, spans = [stored.finding(finding) for finding in choice.findings], [stored.span(*it) for it in choice.spans]
    if None in going or None in spans:
        raise ReadError("unsupported", _IN_PICTURES)
    kept = tuple(held for finding in result.findings if (held := stored.finding(finding)))
    left = tuple(held for finding in choice.left if (held := stored.finding(finding)))
    choice = replace(
        choice, findings=tuple(filter(None, going)), left=left, spans=tuple(span for span in spans if span is not None)
    )
    return replace(result, document=stored.document, findings=kept), choice


def _rewritten(  # noqa: PLR0913
    scanner: Scanner, data: bytes, name: str, result: ScanResult, choice: Choice, *, bars: bool
) -> tuple[Redaction, bytes]:
    """Rewrite until nothing that must go is found any more. Raises RedactionFailed, ReadError."""
    cleaned: dict[str, None] = {}
    listed: dict[str, None] = dict.fromkeys(listed_for_person(result, choice))
    page_images: set[int] = set()
    edits = choose.edits(result.document.text, choice, bars=bars)
    for _ in range(_ROUNDS):
        said, made = scanner.convert("rewrite", data, name, RewriteRequest(edits, bars, choice.kept).to_wire())
        rewritten = Rewritten.from_wire(said, made)
        cleaned.update(dict.fromkeys(rewritten.cleaned))
        listed.update(dict.fromkeys(rewritten.listed))
        page_images.update(rewritten.page_images)
        again = scanner.scan_bytes(made, name=name, pictures=False)
        _check_readable(again, page_images)
        _refuse_secrets(choose.unexpected(again, choice))
        remaining = choose.remaining(again, choice)
        if not remaining.findings:
            break
        data, edits = made, choose.edits(again.document.text, remaining, bars=bars, whole=True)
    else:
        raise RedactionFailed(_LEFT.format(kinds="、".join(choose.kinds(remaining.findings))))
    values = lasting_values(result.document, again.document, choice)
    found, _ = scanner.convert("search", made, name, list(values)) if values else ({"found": []}, b"")
    if found["found"]:
        kinds = {kind for index in found["found"] for kind in values[list(values)[index]]}
        raise RedactionFailed(_LEFT.format(kinds="、".join(sorted(kinds))))
    return Redaction(choice.findings, choice.left, tuple(sorted(page_images)), tuple(listed), tuple(cleaned)), made


def _check_readable(again: ScanResult, page_images: set[int]) -> None:
    """Raise RedactionFailed if the copy cannot be read back: then nobody knows whether it is clean."""
    for lost in again.unread:
        if not is_bearable(lost) and not (lost.code == "empty" and page_images):
            raise RedactionFailed(f"改写后的文件无法复核（{lost.detail}），未生成文件；请用原软件另存后重试")
