"""What is checked after rewriting beside the second scan, and what a person must look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.xlsx.cells import DIGITS_LOST
from prescan.redaction.choose import folded, label, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.redaction.choose import Choice
    from prescan.types import Document, ScanResult, Unread

_LINES: Final = re.compile(r"[\n\t\u2028\u2029]+")
_SHORTEST: Final = 2
_SENTENCE: Final = 8
"""Shorter lines of a part that was deleted may be the name of a style or a font."""


def is_bearable(lost: Unread) -> bool:
    """Tell whether a copy may be made although this was not read; after any other failure nobody knows what it holds.

    Pages without text layer are left for a person's eyes; numbers whose last digits are lost are masked whole.
    """
    return lost.code == "no_text_layer" or DIGITS_LOST in lost.detail


def lasting_values(before: Document, after: Document, choice: Choice) -> dict[str, set[str]]:
    """Return the values that must stand nowhere in the bytes of the copy, each with what it is.

    A value that may still be read in the copy (an office's number that a person gave as his own, a name in a public
    role) proves nothing; whether it may is what the second scan has judged.
    """
    remaining = folded(after.text)
    values: dict[str, set[str]] = {}
    for value, what in _removed(before, choice):
        if len(value.strip()) >= _SHORTEST and folded(value) not in remaining:
            values.setdefault(value.strip(), set()).add(what)
    return values


def _removed(before: Document, choice: Choice) -> Iterator[tuple[str, str]]:
    for finding in choice.findings:
        if finding.category != "hidden_content":
            yield value_of(before.text, finding), label(finding.type)
    for span in choice.spans:
        for line in _LINES.split(before.text[span.start : span.end]):
            if len(line.strip()) >= _SENTENCE:
                yield line, "指定删除的内容"


def listed_for_person(result: ScanResult, choice: Choice) -> Iterator[str]:
    """Yield what the copy leaves for a person: what was not read, parts that may have to go, values in its name."""
    for lost in result.unread:
        if lost.code == "no_text_layer":
            yield f"未读：{lost.detail}"
    if any(finding.location.part == "filename" and finding.location.member is None for finding in result.findings):
        yield "文件名中疑似含个人信息，请为副本另取文件名"
    gone = {finding.id for finding in choice.findings}
    parts = [part for part in (result.suggestion.parts if result.suggestion else ()) if set(part.finding_ids) - gone]
    if parts:
        clauses = "、".join(dict.fromkeys(part.clause for part in parts if part.clause))
        why = f"（{clauses}）" if clauses else ""
        yield f"区分处理：建议删除的部分 {len(parts)} 处{why}，请人工确定，确需删除的写入处置文件的 remove"
