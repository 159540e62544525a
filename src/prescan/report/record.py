"""政府信息公开保密审查表 (docx): the findings are filled in, what a person decides is left empty.

The fields are those a written review record must have: title and 文号 or a summary, the ground for not publishing, the
conclusion, signature and date of the responsible person; 机审 and 人审 are kept apart. An office may use its own form.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from prescan.errors import PrescanError
from prescan.report import consultation
from prescan.report.docx_form import (
    cells_row,
    field_row,
    heading,
    new_form,
    new_page,
    new_table,
    paragraph,
    save,
    section_row,
)
from prescan.report.record_fields import (
    CONCLUSIONS,
    attribute_boxes,
    decisions_on,
    doubts,
    fields,
    needs_authority,
    places_shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.document import Document as Docx
    from docx.table import Table

    from prescan.report import Options
    from prescan.types import ScanResult

_TITLE: Final = "政府信息公开保密审查表"
_LEVELS_OF_REVIEW: Final = ("初审（承办科室）", "复审（保密审查员）", "终审（分管负责人）")
_WIDTHS: Final = (3.9, 4.0, 5.6, 4.3)
_SIGNED: Final = "意见：\n\n签章：                        日期：    年    月    日"
_WAYS: Final = "□ 政府网站  □ 政府公报  □ 政务新媒体  □ 公开栏  □ 其他："


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write a form per result, each on a new page.

    With `options.template` the office's own form is filled instead, for one result. Raises PrescanError without a
    result, or for a template that is no docx or names a field that does not exist.
    """
    if not results:
        raise PrescanError("没有可写的结果")
    if options.template:
        from prescan.report.template import filled  # noqa: PLC0415  only for offices with their own form

        if len(results) > 1:
            raise PrescanError("用自己的审查表模板时一次只写一个文件；多个文件请用 -o 指定文件夹")
        stream.write(filled(options.template, fields(results[0], options)))
        return
    form = new_form(results[0].today, size=9, margin=1.6)
    for number, result in enumerate(results):
        if number:
            new_page(form)
        _form(form, result, options)
    save(form, stream)


def _form(form: Docx, result: ScanResult, options: Options) -> None:
    values = fields(result, options)
    if values["明文提示"]:
        paragraph(form, values["明文提示"], bold=True, red=True)
    heading(form, _TITLE)
    table = new_table(form, _WIDTHS)
    section_row(table, "一、送审信息")
    field_row(table, "信息名称", values["标题"])
    field_row(table, "文号", values["文号"], "载体形式", values["载体形式"])
    if not result.doc_number:
        field_row(table, "内容摘要", values["摘要"])
    field_row(table, "文件", values["文件名"])
    if any(block.location.member for block in result.document.blocks):
        field_row(table, "所含文件", values["附件清单"])
    field_row(table, "文件校验值（SHA-256）", values["校验值"])
    field_row(table, "拟公开单位", "", "填表日期", values["机审日期"])
    field_row(table, "信息来源", "□ 本机关制发  □ 转载", "拟稿人", "")
    field_row(table, "拟公开方式", _WAYS)
    field_row(table, "拟公开时间、栏目", "")
    section_row(table, "二、机审（由 prescan 填写，仅供参考，是否公开由人决定）")
    _machine(table, result, values)
    section_row(table, f"疑点清单（共 {len(result.findings)} 处，每类列出前 {places_shown(result)} 处）")
    cells_row(table, ("级别和类型", "位置", "内容（已遮盖）和处置", "依据"), bold=True)
    for row in doubts(result, options):
        cells_row(table, row)
    section_row(table, "三、人审（由审查人填写，工具不代签）")
    _people(table, result, options, values)


def _machine(table: Table, result: ScanResult, values: Mapping[str, str]) -> None:
    field_row(table, "机审结论", values["机审结论"])
    field_row(table, "逐项审查", values["逐项审查"])
    if result.unread:
        field_row(table, "未读内容", values["未读内容"])
    field_row(table, "建议公开属性", values["建议公开属性"])
    field_row(table, "依据或理由", values["建议理由"])
    if result.suggestion and result.suggestion.parts:
        field_row(table, "区分处理：拟删除的部分", values["区分处理"])
    if needs_authority(result):
        field_row(table, "不能确定：报送材料清单", values["报送材料"])
    if consultation.applies(result):
        field_row(table, "第三方意见", "疑似涉及第三方合法权益（条例 第十五条）；拟公开的应先征求意见，另附征求意见函")
    field_row(table, "公文处理单意见", values["处理单意见"])
    field_row(table, "版本与日期", f"{values['版本']}；{values['机审日期']}")


def _people(table: Table, result: ScanResult, options: Options, values: Mapping[str, str]) -> None:
    decision = decisions_on(result, options)
    field_row(table, "公开属性", attribute_boxes(decision))
    field_row(table, "审查结论", "\n".join(f"□ {conclusion}" for conclusion in CONCLUSIONS))
    field_row(table, "不公开的依据或理由", values["不公开依据"] or "\n")
    if decision:
        who = "，".join(filter(None, (values["审查环节"], values["审查人"], values["审查时间"])))
        field_row(table, "疑点处置", values["处置情况"] + (f"\n（处置记录：{who}）" if who else ""))
    if consultation.applies(result):
        field_row(table, "第三方答复", "□ 同意  □ 不同意  □ 逾期未答复    不公开对公共利益的影响：")
    for level in _LEVELS_OF_REVIEW:
        field_row(table, level, _SIGNED)
    field_row(table, "提供—审核—发布", "提供：                审核：                发布：")
    field_row(table, "备案编号", "")
