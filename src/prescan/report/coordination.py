"""发布协调征求意见函 (docx draft): asks other organs that are concerned or must approve (条例 第十一条)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from prescan.report.docx_form import cells_row, heading, new_table, paragraph
from prescan.report.letters import subject, write_letters
from prescan.report.shown import Contexts, printable
from prescan.resources import finding_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Docx

    from prescan.report import Options
    from prescan.types import Finding, ScanResult

_TITLE: Final = "政府信息发布协调征求意见函（草稿）"
#: Types that concern other organs: joint documents, forwarded documents, documents that need approval.
_KINDS: Final = frozenset({"joint_document", "forwarded_document", "approval_required"})
_PERIOD: Final = (
    "请在〔收到本函之日起7个工作日〕内书面回复；申请公开的共同制作的信息，依照条例第三十四条为15个工作日，"
    "逾期未提出意见的视为同意公开。期限以本单位制度为准。"
)
_LISTED: Final = 8
_WIDTHS: Final = (1.4, 4.2, 4.0, 7.2)


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write a letter per result; without findings about other organs the letter says so. Raises PrescanError."""
    write_letters(results, stream, options, _letter)


def concerned(result: ScanResult) -> list[Finding]:
    """Return the unsuppressed findings that concern other organs."""
    return [one for one in result.findings if one.type in _KINDS and one.suppressed is None]


def _letter(form: Docx, result: ScanResult, options: Options) -> None:
    name = subject(result, options)
    if not result.document.blocks:
        paragraph(form, f"《{name}》：未读到内容，无法判断是否涉及其他机关；请按提示处理后重扫。")
        return
    findings = concerned(result)
    heading(form, _TITLE)
    paragraph(form, "〔发函机关〕　　〔20　　〕　　号")
    paragraph(form, "〔有关机关名称〕：")
    paragraph(
        form,
        f"本机关拟公开《{name}》"
        + (f"（{printable(result.doc_number)}）" if result.doc_number else "")
        + "。根据《中华人民共和国政府信息公开条例》第十一条，公开前应当与有关机关协商、确认，需要批准的经批准后公开。"
        "现就下列事项征求你单位意见。",
        indent=True,
    )
    paragraph(form, "一、协调事项", bold=True, indent=True)
    if findings:
        contexts = Contexts(result, options)
        table = new_table(form, _WIDTHS)
        cells_row(table, ("序号", "类别", "位置", "依据"), bold=True)
        for number, one in enumerate(findings[:_LISTED], 1):
            label = finding_types()[one.type].label
            cells_row(table, (str(number), label, contexts.place(one), "、".join(one.basis)))
        if len(findings) > _LISTED:
            cells_row(table, ("", "", "", f"等共 {len(findings)} 处，其余见疑点清单"))
    else:
        paragraph(form, "（机审未见联合制发、转发或者须经批准的疑点；由承办人写明涉及你单位的内容。）", indent=True)
    for title, content in (
        ("二、自行协调情况", "〔由承办人填写〕"),
        ("三、主要争议和理由", "〔由承办人填写；没有争议的写“无”〕"),
        (
            "四、回复期限",
            _PERIOD,
        ),
    ):
        paragraph(form, title, bold=True, indent=True)
        paragraph(form, content, indent=True)
    for line in ("", "联系人：〔　　〕　　联系电话：〔　　〕", "", "〔发函机关印章〕", "〔　　年　　月　　日〕", ""):
        paragraph(form, line)
    paragraph(form, "────────────　回　复　────────────")
    paragraph(form, f"关于公开《{name}》：□ 同意公开　　□ 不同意公开　　□ 修改后公开，意见：")
    paragraph(form, "")
    paragraph(form, "回复机关（印章）：　　　　　　　　　　日期：　　年　　月　　日")
