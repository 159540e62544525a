"""Writes old office files with text beside cells and paragraphs. Run: python tests/formats/make_old.py (soffice)."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import docx
import xlsxwriter
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

FILES = Path(__file__).parent / "files"


def workbook() -> bytes:
    """Return a workbook with headers, a box, prompts, an address and a note."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("名单")
        sheet.write(0, 0, "看得见的单元格")
        sheet.set_header("&L左页眉的暗记&C中页眉的暗记&R&P")
        sheet.set_footer("&C页脚的暗记")
        sheet.insert_textbox(4, 2, "文本框的暗记")
        sheet.write_comment(1, 1, "批注的暗记")
        prompt = {"input_title": "提示标题的暗记", "input_message": "提示内容的暗记"}
        sheet.data_validation(2, 2, 2, 2, {"validate": "integer", "criteria": ">", "value": 1, **prompt})
        sheet.write_url(3, 0, "http://a.cn/q?id=110101190203140028", string="链接")
        book.define_name("说明", '="定义的名称里写着这家人住在石桥村九号院"')
    return out.getvalue()


def document() -> bytes:
    """Return a document whose styles and bookmarks have names that say something."""
    made, out = docx.Document(), io.BytesIO()
    made.styles.add_style("样式的名称里写着这家人住在石桥村", WD_STYLE_TYPE.PARAGRAPH)
    paragraph = made.add_paragraph("看得见的正文", style="样式的名称里写着这家人住在石桥村")
    mark = OxmlElement("w:bookmarkStart")
    mark.set(qn("w:id"), "1")
    mark.set(qn("w:name"), "书签的名称里写着这家人住在石桥村")
    end = OxmlElement("w:bookmarkEnd")
    end.set(qn("w:id"), "1")
    paragraph._p.append(mark)
    paragraph._p.append(end)
    made.save(out)
    return out.getvalue()


def converted(data: bytes, source: str, target: str) -> bytes:
    """Return what LibreOffice makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{source}"
        path.write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", folder, str(path)]
        subprocess.run(command, check=True, capture_output=True)
        return path.with_suffix(f".{target}").read_bytes()


if __name__ == "__main__":
    (FILES / "beside.xls").write_bytes(converted(workbook(), "xlsx", "xls"))
    (FILES / "beside.doc").write_bytes(converted(document(), "docx", "doc"))
