"""A copy of the document with the findings as remarks: comments in docx, highlights in pdf.

A worker makes the copy (`formats/<format>/mark.py`); this module only decides the places and the text of the remarks.
"""

from __future__ import annotations

import dataclasses
from typing import IO, TYPE_CHECKING, Final

from prescan.errors import PrescanError, ReadError
from prescan.formats.edits import Remark
from prescan.formats.stored import StoredText
from prescan.report.shown import Contexts, printable
from prescan.report.source import checked
from prescan.resources import finding_types
from prescan.types import CONFIDENCE_LABELS, LEVEL_LABELS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.report import Options
    from prescan.types import Finding, ScanResult

#: More remarks slow office programs down and nobody reads them; the first remark says how many were left out.
_MARKED_AT_MOST: Final = 1_000
_ON_PAGE: Final = frozenset({"body", "table"})


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write the marked copy of one document. Raises PrescanError: several results, wrong source, unsupported format.

    Remarks never quote a value.
    """
    if len(results) != 1:
        raise PrescanError("批注版一次只写一个文件；多个文件请用 -o 指定文件夹")
    result = results[0]
    if options.source is None or options.convert is None:
        raise PrescanError("批注版要用到原文件，请同时给出原文件")
    source = checked(options.source, result)
    remarks = [dataclasses.asdict(one) for one in _remarks(result, options)]
    try:
        _, copy = options.convert("mark", source, result.document.name, remarks)
    except ReadError as error:
        if error.code == "unsupported":
            raise PrescanError("这种格式不能写批注版（目前支持 docx、pdf），请改用 --format html 查看位置") from None
        raise PrescanError(f"写不出批注版：{error.detail}") from None
    stream.write(copy)


def _remarks(result: ScanResult, options: Options) -> Iterator[Remark]:
    """Yield a remark per finding, the most serious first; findings without offsets get the span 0, 0."""
    findings = sorted(result.findings, key=lambda one: (one.suppressed is not None, LEVELS.index(one.level)))
    rest = len(findings) - _MARKED_AT_MOST
    if rest > 0:
        yield Remark(0, 0, "note", "prescan", f"另有 {rest} 处疑点未逐一批注，完整结果请用 --format html 或 json")
    contexts = Contexts(result, options)
    stored = StoredText(result.document)
    for finding in findings[:_MARKED_AT_MOST]:
        comment = _comment(finding, contexts.place(finding))
        placed = stored.finding(finding)
        start, end = (placed.start or 0, placed.end or 0) if placed else (0, 0)
        yield Remark(start, end, finding.level, _title(finding), comment)


def _title(finding: Finding) -> str:
    handled = "（已处置）" if finding.suppressed else ""
    return f"{LEVEL_LABELS[finding.level]} {finding_types()[finding.type].label}{handled}"


def _comment(finding: Finding, place: str) -> str:
    on_page = finding.location.part in _ON_PAGE and finding.start is not None and not finding.location.member
    lines = [] if on_page else [f"位置：{place}"]
    lines.append(f"疑似程度：{CONFIDENCE_LABELS[finding.confidence]}。{'；'.join(finding.evidence)}")
    lines += [f"依据：{'、'.join(finding.basis)}"] if finding.basis else []
    lines += [f"怎么办：{finding.advice}"] if finding.advice else []
    lines += [f"已处置：{finding.suppressed.reason}"] if finding.suppressed else []
    return "\n".join(printable(line) for line in [*lines, f"（{finding.rule_id} {finding.id}，机审提示，由人决定）"])
