"""The table rows that csv and xlsx share: findings, files, and what was not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.report.shown import Contexts, harmless, printable, shown_name, verdict_words, versions_of
from prescan.resources import finding_types
from prescan.types import ATTRIBUTE_LABELS, CONFIDENCE_LABELS, HANDLING_LABELS, LEVEL_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.report import Options
    from prescan.types import ScanResult

VALUES_SHOWN: Final = "注意：本报告按要求显示了明文，请按内部资料保管。"
HEADER: Final = (
    *("文件", "级别", "类型", "位置", "内容（已遮盖）", "前后文", "疑似程度", "为什么"),
    *("依据", "怎么办", "处置", "规则", "疑点编号", "文件校验值（SHA-256）"),
)
VALUE: Final = "明文"
VERSIONS: Final = "版本"
FILES_HEADER: Final = (
    *("文件", "标题", "文号", "结论", "阻断", "复核", "提示", "未读", "建议公开属性", "把握", "处理方式"),
    *("自标属性", "依据", "文件校验值（SHA-256）", VERSIONS, "日期"),
)
UNREAD_HEADER: Final = ("文件", "原因代码", "说明和下一步")
UNREAD: Final = "未读"
#: A spreadsheet takes a text with such a beginning for a formula (OWASP, CSV injection); full-width signs too.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def file_name(result: ScanResult, options: Options) -> str:
    """Return the masked name of a document, as tables show it."""
    return printable(shown_name(result.document.name, options, result)) or "（文本）"


def starts_formula(text: str) -> bool:
    """Return whether a spreadsheet might take a text for a formula."""
    return text.lstrip(" ").startswith(_FORMULA_STARTS)


def finding_rows(result: ScanResult, options: Options) -> Iterator[list[str]]:
    """Yield a row for every finding; the columns are HEADER, and VALUE if values are shown."""
    name = file_name(result, options)
    contexts = Contexts(result, options)
    for finding in result.findings:
        row = [
            name,
            LEVEL_LABELS[finding.level],
            finding_types()[finding.type].label,
            contexts.place(finding),
            printable(finding.masked),
            contexts.around(finding),
            CONFIDENCE_LABELS[finding.confidence],
            "；".join(finding.evidence),
            "、".join(finding.basis),
            finding.advice,
            f"已处置：{finding.suppressed.reason}" if finding.suppressed else "",
            finding.rule_id,
            finding.id,
            result.document.sha256 or "",
        ]
        if options.show_values:
            has_text = finding.start is not None and finding.end is not None
            row.append(result.document.text[finding.start : finding.end] if has_text else "")
        yield [harmless(cell) for cell in row]


def unread_rows(result: ScanResult, options: Options) -> Iterator[list[str]]:
    """Yield a row for everything that was not read; the columns are UNREAD_HEADER."""
    for item in result.unread:
        name = printable(shown_name(item.name, options, result)) or "（文本）"
        yield [name, item.code, harmless(item.detail)]


def file_row(result: ScanResult, options: Options) -> list[str | int]:
    """Return the row of a document; the columns are FILES_HEADER."""
    counts = [sum(one.level == level and not one.suppressed for one in result.findings) for level in LEVEL_LABELS]
    suggestion = result.suggestion
    cells: list[str | int] = [""] * 5
    if suggestion:
        label = ATTRIBUTE_LABELS[suggestion.attribute]
        cells = [
            f"无法判断，请人工确定（较像{label}）" if suggestion.abstained else label,
            f"{suggestion.probabilities[suggestion.attribute]:.0%}",
            HANDLING_LABELS[suggestion.handling],
            ATTRIBUTE_LABELS[suggestion.declared] if suggestion.declared else "",
            "、".join(suggestion.basis),
        ]
    return [
        file_name(result, options),
        printable(shown_name(result.title, options, result)) if result.title else "",
        printable(result.doc_number or ""),
        verdict_words([result]),
        *counts,
        len(result.unread),
        *cells,
        result.document.sha256 or "",
        versions_of(result),
        result.today.isoformat(),
    ]
