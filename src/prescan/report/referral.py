"""报送确定材料包 (zip): what an office sends to the authority when it cannot decide (条例 第十七条第三款).

It contains the application with the reasons, the review form, the list of findings and, if the source is given, a copy
of the document.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Final

from prescan.errors import PrescanError
from prescan.report import record, xlsx
from prescan.report.docx_form import cells_row, heading, new_form, new_table, paragraph, save
from prescan.report.record_fields import fields, needs_authority
from prescan.report.rows import VALUES_SHOWN
from prescan.report.shown import Contexts, printable
from prescan.report.source import checked
from prescan.resources import finding_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.report import Options, WriterModule
    from prescan.types import Finding, ScanResult

_TITLE: Final = "关于申请确定政府信息能否公开的函（草稿）"
_LISTED: Final = 12
_WIDTHS: Final = (1.2, 6.2, 3.2, 5.6)
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
_PRIVATE: Final = 0o600 << 16
#: Categories listed in the application, the gravest first.
_DOUBTFUL: Final = (
    *("state_secret", "work_secret", "safety", "law_enforcement", "trade_secret", "process"),
    *("sensitive_personal", "personal", "attribute", "flow"),
)


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write the package; several results get a folder each.

    Raises PrescanError before anything is written: no result, or a source that is unreadable or not the scanned file.
    """
    if not results:
        raise PrescanError("没有可写的结果")
    source_given = options.source
    sources = [None if source_given is None else checked(source_given, result) for result in results]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (result, source) in enumerate(zip(results, sources, strict=True), 1):
            folder = f"{number}/" if len(results) > 1 else ""
            _put(package, f"{folder}1-申请确定的函.docx", _letter(result, options))
            _put(package, f"{folder}2-保密审查表.docx", _made(record, result, options))
            _put(package, f"{folder}3-疑点清单.xlsx", _made(xlsx, result, options))
            if source is not None:
                ending = PurePath(result.document.name).suffix if result.document.name else ".txt"
                _put(package, f"{folder}4-政府信息文本（原文副本）{ending}", source)


def _made(writer: WriterModule, result: ScanResult, options: Options) -> bytes:
    out = io.BytesIO()
    writer.write([result], out, options)
    return out.getvalue()


def _put(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _PRIVATE
    package.writestr(entry, data)


def _letter(result: ScanResult, options: Options) -> bytes:
    values = fields(result, options)
    form = new_form(result.today, size=12, margin=2.5)
    if values["明文提示"]:
        paragraph(form, VALUES_SHOWN, bold=True, red=True)
    heading(form, _TITLE)
    paragraph(form, "〔报送机关〕　　〔20　　〕　　号")
    paragraph(form, "〔有关主管部门／保密行政管理部门〕：")
    number = f"，文号 {values['文号']}" if result.doc_number else ""
    paragraph(
        form,
        f"我单位在公开审查中，对《{values['标题']}》（文件 {values['文件名']}{number}）能否公开不能确定。"
        "根据《中华人民共和国政府信息公开条例》第十七条第三款，现报请确定。",
        indent=True,
    )
    paragraph(form, "一、不能确定的原因", bold=True, indent=True)
    if not needs_authority(result):
        paragraph(form, "（机审没有建议报送；由承办人决定是否报送并写明原因。）", indent=True)
    paragraph(form, f"机审建议公开属性：{values['建议公开属性']}。机审结论：{values['机审结论']}。", indent=True)
    findings = _doubtful(result)
    if findings:
        contexts = Contexts(result, options)
        table = new_table(form, _WIDTHS)
        cells_row(table, ("序号", "争点", "位置", "条款"), bold=True)
        for at, one in enumerate(findings[:_LISTED], 1):
            label = f"{finding_types()[one.type].label}：{printable(one.masked)}".rstrip("：")
            cells_row(table, (str(at), label, contexts.place(one), "、".join(one.basis)))
        if len(findings) > _LISTED:
            cells_row(table, ("", "", "", f"等共 {len(findings)} 处，其余见疑点清单"))
    paragraph(form, "〔请补充本单位的倾向性意见和理由〕", indent=True)
    paragraph(form, "二、报送材料", bold=True, indent=True)
    for line in (
        "1. 申请确定的政府信息文本（原文副本，按原件保管、传递）",
        "2. 本函",
        "3. 政府信息公开保密审查表、疑点清单",
        "4. 需要的其他材料：〔　　〕",
        f"原文校验值（SHA-256）：{values['校验值']}",
    ):
        paragraph(form, line, indent=True)
    for line in ("", "联系人：〔　　〕　　联系电话：〔　　〕", "", "〔报送机关印章〕", "〔　　年　　月　　日〕"):
        paragraph(form, line)
    paragraph(form, "起草说明（发出前删除）：疑似涉密的，按涉密载体管理要求报送，不得通过互联网传递。")
    out = io.BytesIO()
    save(form, out)
    return out.getvalue()


def _doubtful(result: ScanResult) -> list[Finding]:
    order = {name: at for at, name in enumerate(_DOUBTFUL)}
    serious = (one for one in result.findings if one.suppressed is None and one.level != "note")
    return sorted((one for one in serious if one.category in order), key=lambda one: order[one.category])
