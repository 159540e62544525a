"""征求第三方意见函 (docx draft): asks a third party whose rights are concerned (条例 第十五条) for consent.

For disclosure on request, 条例 第三十二条 sets the period of reply. For proactive publication no law does, so the
letter cites 第十五条 and applies 第三十二条 by analogy (参照).
"""

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

_TITLE: Final = "征求第三方意见函（草稿）"
_CLAUSE: Final = "条例 第十五条"
_PERIOD: Final = "〔收到征求意见之日起15个工作日〕"
_LISTED: Final = 8
_WIDTHS: Final = (1.4, 4.2, 4.0, 7.2)
_KINDS: Final = {"trade_secret": "商业秘密", "personal": "个人隐私", "sensitive_personal": "个人隐私"}


def applies(result: ScanResult) -> bool:
    """Return whether an unsuppressed finding rests on 第十五条, so that a third party's rights may be concerned."""
    return bool(_concerned(result))


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write a letter per result, or, where 第十五条 does not apply, a sentence that says so. Raises PrescanError."""
    write_letters(results, stream, options, _letter)


def _letter(form: Docx, result: ScanResult, options: Options) -> None:
    name = subject(result, options)
    findings = _concerned(result)
    if not result.document.blocks:
        paragraph(form, f"《{name}》：未读到内容，无法判断是否涉及第三方（{_CLAUSE}）；请按提示处理后重扫。")
        return
    if not findings:
        paragraph(form, f"《{name}》：机审未见涉及第三方商业秘密、个人隐私的疑点（{_CLAUSE}），没有起草征求意见函。")
        return
    on_request = result.suggestion is None or result.suggestion.attribute != "proactive"
    kinds = "、".join(dict.fromkeys(_KINDS[one.category] for one in findings))
    heading(form, _TITLE)
    paragraph(form, "〔发函机关〕　　〔20　　〕　　号")
    paragraph(form, "〔第三方名称〕：")
    occasion = f"本机关收到公开《{name}》的申请" if on_request else f"本机关拟主动公开《{name}》"
    paragraph(
        form,
        f"{occasion}。经审查，其中下列内容疑似涉及你（单位）的{kinds}，公开可能对你（单位）的合法权益造成损害。"
        f"{_grounds(on_request=on_request)}，现书面征求你（单位）的意见。",
        indent=True,
    )
    paragraph(form, "一、征求意见的内容", bold=True, indent=True)
    _contents(form, findings, Contexts(result, options))
    paragraph(form, "二、理由", bold=True, indent=True)
    paragraph(
        form, f"上述内容疑似属于{kinds}；你（单位）同意公开的，本机关可以公开。〔请补充公开的必要性〕", indent=True
    )
    paragraph(form, "三、答复期限", bold=True, indent=True)
    paragraph(form, _deadline(on_request=on_request), indent=True)
    for line in ("", "联系人：〔　　〕　　联系电话：〔　　〕", "", "〔发函机关印章〕", "〔　　年　　月　　日〕"):
        paragraph(form, line)
    _reply(form, name)
    paragraph(
        form,
        "起草说明（发出前删除）：一函一方，只列与收函人有关的内容，不得附他人信息；遮盖处由承办人核对后补全。"
        "名单中的个人信息一般应删除后再公开，确需公开的才逐人征求意见。",
    )


def _grounds(*, on_request: bool) -> str:
    law = "《中华人民共和国政府信息公开条例》"
    return f"根据{law}第十五条、第三十二条" if on_request else f"根据{law}第十五条，并参照第三十二条"


def _deadline(*, on_request: bool) -> str:
    if on_request:
        return (
            f"请在{_PERIOD}内书面答复是否同意公开；不同意的，请说明理由。逾期未提出意见的，"
            "由本机关依照条例的规定决定是否公开（条例第三十二条）。"
        )
    return (
        f"请在{_PERIOD}内书面答复是否同意公开；不同意的，请说明理由。"
        "主动公开没有法定答复期限，本函参照条例第三十二条（依申请公开）办理；未获同意前不公开上述内容。"
    )


def _contents(form: Docx, findings: Sequence[Finding], contexts: Contexts) -> None:
    table = new_table(form, _WIDTHS)
    cells_row(table, ("序号", "类别", "位置", "内容（已遮盖）"), bold=True)
    for number, one in enumerate(findings[:_LISTED], 1):
        label = finding_types()[one.type].label
        cells_row(table, (str(number), label, contexts.place(one), printable(one.masked)))
    if len(findings) > _LISTED:
        cells_row(table, ("", "", "", f"等共 {len(findings)} 处，其余见疑点清单"))


def _reply(form: Docx, name: str) -> None:
    paragraph(form, "")
    paragraph(form, "────────────　回　执　────────────")
    paragraph(form, f"关于公开《{name}》的意见：")
    paragraph(form, "□ 同意公开　　□ 不同意公开，理由：")
    paragraph(form, "")
    paragraph(form, "第三方（签章）：　　　　　　　　　　日期：　　年　　月　　日")


def _concerned(result: ScanResult) -> list[Finding]:
    return [
        one
        for one in result.findings
        if one.category in _KINDS and one.level != "note" and one.suppressed is None and _CLAUSE in one.basis
    ]
