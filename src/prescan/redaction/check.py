"""Checks of a redacted copy in addition to its scan, and the notes for the person who uses it."""

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
"""A shorter line of a deleted part may equal the name of a style or font, so the copy is not searched for it."""


def is_tolerable(unread: Unread) -> bool:
    """Return whether a copy may be made although this was not read; after any other failure its content is unknown.

    Pages without a text layer are checked by a person; numbers whose last digits are lost are masked completely.
    """
    return unread.code == "no_text_layer" or DIGITS_LOST in unread.detail


def values_to_search(before: Document, after: Document, choice: Choice) -> dict[str, set[str]]:
    """Return the values that must not occur anywhere in the bytes of the copy, each with labels of what it is.

    Values that still stand in the text of the copy are left out: the scan of the copy has found them permissible there
    (an office's number that a person also gave as his own, the same name in a public role).
    """
    copy_text = folded(after.text)
    values: dict[str, set[str]] = {}
    for value, what in _removed(before, choice):
        if len(value.strip()) >= _SHORTEST and folded(value) not in copy_text:
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


def notes_for_person(result: ScanResult, choice: Choice) -> Iterator[str]:
    """Yield notes for a person: what was not read, parts that may have to be removed, values in the file name."""
    for unread in result.unread:
        if unread.code == "no_text_layer":
            yield f"未读：{unread.detail}"
    if any(finding.location.part == "filename" and finding.location.member is None for finding in result.findings):
        yield "文件名中疑似含个人信息，请为副本另取文件名"
    removed_ids = {finding.id for finding in choice.findings}
    parts = [
        part for part in (result.suggestion.parts if result.suggestion else ()) if set(part.finding_ids) - removed_ids
    ]
    if parts:
        clauses = "、".join(dict.fromkeys(part.clause for part in parts if part.clause))
        why = f"（{clauses}）" if clauses else ""
        yield f"区分处理：建议删除的部分 {len(parts)} 处{why}，请人工确定，确需删除的写入处置文件的 remove"
