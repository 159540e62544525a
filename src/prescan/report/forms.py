"""The usual forms of offices (docx), one per page: what the scan knows is filled in, the rest is left empty.

FORMS lists them with their fields; the record (审查表) and the letters have modules of their own.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final, NamedTuple

from prescan.errors import PrescanError
from prescan.report.docx_form import field_row, heading, new_form, new_page, new_table, paragraph, save
from prescan.report.record_fields import answer, attribute_boxes, decisions_on, fields
from prescan.report.shown import verdict_words
from prescan.types import ATTRIBUTE_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prescan.report import Options
    from prescan.types import ScanResult


class Form(NamedTuple):
    """A form: its title, and label → content: names of fields in braces, boxes to tick, or nothing."""

    title: str
    rows: Mapping[str, str]


_SIGNED: Final = "\n签字：                        日期：    年    月    日"
_WAYS: Final = "□ 政府网站  □ 报刊  □ 广播  □ 电视  □ 政府公开栏  □ 其他："
_AGREED: Final = "□ 同意  □ 不同意"
FORMS: Final = (
    Form(
        "信息公开（宣传报道）保密审查单",
        {
            "填表日期": "{机审日期}",
            "拟公开信息单位": "",
            "信息名称": "{标题}",
            "信息载体形式": "{载体形式}",
            "拟公开方式": _WAYS,
            "拟公开时间": "",
            "机审意见（仅供参考）": "{处理单意见}",
            "单位主要负责人审核签字": _SIGNED,
        },
    ),
    Form(
        "门户网站信息发布审批单",
        {
            "单位（部门）名称": "",
            "信息报送时间": "{机审日期}",
            "信息标题": "{标题}",
            "信息来源": "□ 本机关制发  □ 转载（来源：            ，转载的须重新审查）",
            "是否涉密（机审提示，由人确定）": "{是否涉密}\n□ 是  □ 否",
            "拟发布栏目": "",
            "是否上网（机审提示，由人确定）": "{是否上网}\n□ 是  □ 否",
            "信息正文": "另附（文件：{文件名}；SHA-256：{校验值}）",
            "供稿人": "",
            "信息员": "",
            "处室审核人": _SIGNED,
            "保密部门意见": f"{_AGREED}\n",
            "保密负责人": _SIGNED,
            "主管领导审批": f"{_AGREED}{_SIGNED}",
            "主要领导审批": f"{_AGREED}{_SIGNED}",
        },
    ),
    Form(
        "政府网站信息发布登记表",
        {
            "标题": "{标题}",
            "拟稿单位": "",
            "拟稿人": "",
            "交稿日期": "{机审日期}",
            "公开属性": "{公开属性框}\n机审建议：{建议公开属性}",
            "附件清单": "{附件清单}\n（含个人敏感信息的，先脱敏再发布）",
            "科室负责人签字": _SIGNED,
            "部门主管领导签字（加盖公章）": _SIGNED,
        },
    ),
    Form(
        "信息发布审批表（五级）",
        {
            "题目": "{标题}",
            "内容要点": "{摘要}",
            "采集人": "",
            "来源": "□ 本机关制发  □ 转载：",
            "发布时间": "",
            "审核人": _SIGNED,
            "部门负责人意见": _SIGNED,
            "分管领导意见": _SIGNED,
            "公开办主任保密审查": "机审：{机审结论}" + _SIGNED,
            "主要领导意见": _SIGNED,
            "管理员登记": "机审日期 {机审日期}；版本 {版本}；SHA-256 {校验值}",
        },
    ),
    Form(
        "四级审查登记",
        {
            "信息名称": "{标题}",
            "信息编号": "{文号}",
            "承办人初审": _SIGNED,
            "处室负责人审核": _SIGNED,
            "保密审核人核定密级": "机审提示：{是否涉密}" + _SIGNED,
            "主要领导审批": _SIGNED,
            "信息发布日期": "〔发布时填写；机审 {机审日期}〕",
            "发布人": "",
        },
    ),
    Form(
        "公文处理单（公开属性和保密审查部分）",
        {
            "文件标题": "{标题}",
            "文号": "{文号}",
            "公开属性": "{公开属性框}\n机审建议：{建议公开属性}",
            "依申请公开、不予公开的理由": "{不公开依据}\n机审建议的依据：{建议依据}",
            "保密审查意见": "{处理单意见}",
            "核稿": _SIGNED,
            "签发": _SIGNED,
        },
    ),
)
_WIDTHS: Final = (4.6, 12.4)


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write all forms for each result, each on its own page. Raises PrescanError if there is no result."""
    if not results:
        raise PrescanError("没有可写的结果")
    paper = new_form(results[0].today, size=11, margin=2)
    first = True
    for result in results:
        values = form_fields(result, options)
        for form in FORMS:
            if not first:
                new_page(paper)
            first = False
            if values["明文提示"]:
                paragraph(paper, values["明文提示"], bold=True, red=True)
            heading(paper, form.title)
            table = new_table(paper, _WIDTHS)
            for label, content in form.rows.items():
                field_row(table, label, content.format_map(values))
    save(paper, stream)


def form_fields(result: ScanResult, options: Options) -> dict[str, str]:
    """Return the fields that forms may name: those of the record and three more."""
    return {
        **fields(result, options),
        "公开属性框": attribute_boxes(decisions_on(result, options)),
        "是否涉密": _secret(result),
        "是否上网": _online(result),
    }


def _secret(result: ScanResult) -> str:
    """Return what the record says about state secrets, and apart from them about what is no state secret."""
    secret, internal = answer(result, ("state_secret",)), answer(result, ("work_secret",))
    first = "，请先报保密审查" if secret.startswith("疑似") else ""
    unread_note = "；有内容未读" if result.unread else ""
    return f"国家秘密：{secret}{first}；工作秘密、内部标志：{internal}{unread_note}"


def _online(result: ScanResult) -> str:
    if result.verdict != "clear":
        return {"blocked": "疑似不宜上网，请先处理疑点", "unread": "未读完，不能判断"}.get(
            result.verdict, "先复核疑点，再由人决定"
        )
    suggestion = result.suggestion
    label = ATTRIBUTE_LABELS[suggestion.attribute] if suggestion and not suggestion.abstained else ""
    return f"{verdict_words([result])}{f'，建议{label}' if label else ''}；是否上网由人决定"
