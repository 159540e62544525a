"""政府信息公开保密审查表 (docx): what the machine found is filled in, what a person decides is left empty.

The fields are those a written review record must have: title and 文号 or a summary, the ground for not publishing, the
conclusion, signature and date of whoever answers for it; 机审 and 人审 stand apart.
"""

from __future__ import annotations

import datetime
from collections import Counter
from typing import IO, TYPE_CHECKING, Final

from prescan.errors import PrescanError
from prescan.report.shown import Contexts, harmless, place_words, printable, shown_name
from prescan.resources import finding_types
from prescan.types import ATTRIBUTE_LABELS, ATTRIBUTES, HANDLING_LABELS, LEVEL_LABELS, LEVELS, VERDICT_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document as Docx
    from docx.table import Table, _Cell

    from prescan.report import Options
    from prescan.types import ScanResult, Suggestion

_TITLE: Final = "政府信息公开保密审查表"
#: Every kind of doubt is named; more places of one than this are in the other reports, so that the form stays short.
_SHOWN_OF_A_RULE: Final = 3
_LEVELS_OF_REVIEW: Final = ("初审（承办科室）", "复审（保密审查员）", "终审（分管负责人）")
_CONCLUSIONS: Final = (
    "可以公开",
    "删除有关内容后公开",
    "依申请公开",
    "不予公开",
    "不能确定，报有关主管部门或保密行政管理部门",
)
_FONT: Final = "宋体"


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write one form a result; several follow each other on new pages. Raises PrescanError without a result."""
    if not results:
        raise PrescanError("没有可写的结果")
    import docx  # noqa: PLC0415  slow to import
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    form = docx.Document()
    style = form.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    for section in form.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    form.core_properties.author = ""
    form.core_properties.comments = ""
    form.core_properties.created = datetime.datetime(*results[0].today.timetuple()[:3], tzinfo=datetime.UTC)
    for number, result in enumerate(results):
        if number:
            form.add_page_break()
        _form(form, result, options)
    form.save(stream)


def _form(form: Docx, result: ScanResult, options: Options) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    heading = form.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(_TITLE)
    run.bold, run.font.size = True, Pt(16)
    table = form.add_table(rows=0, cols=4, style="Table Grid")
    _section(table, "一、送审信息")
    for label, value in _head(result, options):
        _row(table, label, value)
    _section(table, "二、机审（由 prescan 填写，仅供参考，是否公开由人决定）")
    for label, value in _machine(result):
        _row(table, label, value)
    _section(table, f"疑点清单（共 {len(result.findings)} 处，每类列出前 {_SHOWN_OF_A_RULE} 处）")
    for cells in _findings(result, Contexts(result, options)):
        _cells(table, cells)
    _section(table, "三、人审（由审查人填写）")
    _row(table, "公开属性", "    ".join(f"□ {ATTRIBUTE_LABELS[attribute]}" for attribute in ATTRIBUTES))
    _row(table, "审查结论", "\n".join(f"□ {conclusion}" for conclusion in _CONCLUSIONS))
    _row(table, "不公开的依据或理由", "\n")
    for level in _LEVELS_OF_REVIEW:
        _row(table, level, "意见：\n\n签章：                    日期：    年    月    日")
    _row(table, "提供—审核—发布", "提供：              审核：              发布：")
    _row(table, "备案编号", "")


def _head(result: ScanResult, options: Options) -> Iterator[tuple[str, str]]:
    document = result.document
    yield "信息名称", printable(shown_name(result.title or document.name or "（文本）", options, result))
    yield "文号", result.doc_number or "（无）"
    yield "文件", printable(shown_name(document.name, options, result)) or "（文本）"
    yield "文件校验值（SHA-256）", document.sha256 or "（未读到内容）"


def _machine(result: ScanResult) -> Iterator[tuple[str, str]]:
    counts = Counter(finding.level for finding in result.findings if finding.suppressed is None)
    found = "，".join(f"{LEVEL_LABELS[level]} {counts[level]} 处" for level in LEVELS)
    yield "机审结论", f"{VERDICT_LABELS[result.verdict]}（{found}）"
    if result.unread:
        yield "未读内容", "\n".join(f"{item.detail}（{item.code}）" for item in result.unread)
    if result.suggestion:
        yield "建议公开属性", _suggested(result.suggestion)
        grounds = [
            f"{reason.text}{f'（{reason.clause}）' if reason.clause else ''}" for reason in result.suggestion.reasons
        ]
        yield "依据或理由", "\n".join(grounds) or "（无）"
    versions = "，".join(f"{name} {version}" for name, version in result.versions.items())
    yield "版本与日期", f"{versions}；{result.today.isoformat()}"


def _suggested(suggestion: Suggestion) -> str:
    label = ATTRIBUTE_LABELS[suggestion.attribute]
    said = f"无法判断，请人工确定（较像{label}）" if suggestion.abstained else label
    said += f"；{HANDLING_LABELS[suggestion.handling]}" if suggestion.handling != "whole" else ""
    if suggestion.declared:
        said += f"；文件自标{ATTRIBUTE_LABELS[suggestion.declared]}" + ("，不一致" if suggestion.conflict else "")
    return said


def _findings(result: ScanResult, contexts: Contexts) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row a rule: level, kind and number; the first places; the first words, masked; the clauses."""
    for rule_id in dict.fromkeys(finding.rule_id for finding in result.findings):
        found = [finding for finding in result.findings if finding.rule_id == rule_id]
        what = f"{LEVEL_LABELS[found[0].level]} {finding_types()[found[0].type].label} {len(found)} 处"
        shown = found[:_SHOWN_OF_A_RULE]
        places = "\n".join(place_words(finding.location) for finding in shown)
        words = "\n".join(contexts.around(finding) or "；".join(finding.evidence) for finding in shown)
        yield what, places, words, "、".join(found[0].basis)


def _section(table: Table, text: str) -> None:
    cells = table.add_row().cells
    run = cells[0].merge(cells[3]).paragraphs[0].add_run(text)
    run.bold = True


def _row(table: Table, label: str, value: str) -> None:
    cells = table.add_row().cells
    _fill(cells[0], label)
    _fill(cells[1].merge(cells[3]), value)


def _cells(table: Table, values: Sequence[str]) -> None:
    for cell, value in zip(table.add_row().cells, values, strict=True):
        _fill(cell, value)


def _fill(cell: _Cell, text: str) -> None:
    cell.paragraphs[0].add_run("\n".join(map(harmless, text.split("\n"))))
