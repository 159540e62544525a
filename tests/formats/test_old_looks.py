"""Old documents, workbooks and presentations: what can be read in the file and not on the page."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import docx
import openpyxl
import pptx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from invented import RESIDENT_ID as ID
from needed import lacking, needs
from openpyxl.styles import Font, PatternFill

from prescan.formats import read_member
from prescan.formats.old import doc_formats
from prescan.types import Block, Limits

if TYPE_CHECKING:
    from pathlib import Path

needs_office = needs("soffice (LibreOffice)", there=bool(shutil.which("soffice")))


def saved_as(made: object, kind: str, program: str, folder: Path) -> list[Block]:
    """Return what is read of what LibreOffice makes of a new file."""
    out = io.BytesIO()
    made.save(out)
    source = folder / f"a.{program}"
    source.write_bytes(out.getvalue())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    written = folder / "out" / f"a.{kind}"
    if not written.exists():
        lacking(f"LibreOffice 写 {kind} 的部分（ppt 要 impress）")
    data = written.read_bytes()
    return [item for item in read_member("", data, Limits()) if isinstance(item, Block)]


@needs_office
def test_characters_of_a_doc(tmp_path: Path) -> None:
    """White on white, tiny, marked black; white on a coloured ground is seen."""
    made = docx.Document()

    def run(text: str) -> object:
        return made.add_paragraph("前").add_run(text)

    run("白字甲").font.color.rgb = RGBColor(255, 255, 255)
    run("小字乙").font.size = Pt(1)
    run("黑底丙").font.highlight_color = WD_COLOR_INDEX.BLACK
    run("隐字丁").font.hidden = True
    seen = run("蓝底戊")
    seen.font.color.rgb = RGBColor(255, 255, 255)
    ground = OxmlElement("w:shd")
    ground.set(qn("w:val"), "clear")
    ground.set(qn("w:fill"), "1F3864")
    seen._r.get_or_add_rPr().append(ground)
    table = made.add_table(1, 1)
    table.cell(0, 0).paragraphs[0].add_run("表头己").font.color.rgb = RGBColor(255, 255, 255)
    told = {one.text: (one.hidden, one.note) for one in saved_as(made, "doc", "docx", tmp_path)}
    assert {text: told.get(text) for text in ("白字甲", "小字乙", "黑底丙", "隐字丁", "表头己")} == {
        "白字甲": ("hidden_text", "白色文字"),
        "小字乙": ("hidden_text", "极小文字"),
        "黑底丙": ("fake_redaction", "黑底上的黑字"),
        "隐字丁": ("hidden_text", "隐藏文字"),
        "表头己": (None, ""),
    }
    assert "前蓝底戊" in told


@needs_office
def test_cells_of_an_xls(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    looks = {
        "A1": (Font(), None, "General"),
        "A2": (Font(color="FFFFFFFF"), None, "General"),
        "A3": (Font(color="FFFFFFFF"), "FF1F3864", "General"),
        "A4": (Font(color="FF336699"), "FF336699", "General"),
        "A5": (Font(color="FF000000"), "FF000000", "General"),
        "A6": (Font(size=1), None, "General"),
        "A7": (Font(), None, ";;;"),
        "A8": (Font(), None, "0;0;0;@"),
    }
    for place, (font, ground, code) in looks.items():
        sheet[place] = f"文{place}"
        sheet[place].font, sheet[place].number_format = font, code
        if ground:
            sheet[place].fill = PatternFill("solid", fgColor=ground)
    told = {one.text[1:]: one.note for one in saved_as(book, "xls", "xlsx", tmp_path) if one.text.startswith("文A")}
    assert told == {
        "A1": "",
        "A2": "白色文字",
        "A3": "",
        "A4": "与底色相同的文字",
        "A5": "黑底上的黑字",
        "A6": "极小文字",
        "A7": "数字格式设为不显示的内容",
        "A8": "",
    }


@needs_office
def test_slides_of_a_ppt_that_are_not_shown(tmp_path: Path) -> None:
    made = pptx.Presentation()
    for number, text in enumerate(("第一页的标题", f"第二页{ID}", "第三页的标题"), 1):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = text
        if number == 2:
            slide._element.set("show", "0")
    told = {one.text: (one.hidden, one.note) for one in saved_as(made, "ppt", "pptx", tmp_path)}
    assert told["第一页的标题"] == told["第三页的标题"] == (None, "")
    assert told[f"第二页{ID}"] == ("hidden_text", "隐藏的幻灯片")


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ("422a08", {doc_formats.WHITE}),
        ("7068ffffff00", {doc_formats.WHITE}),
        ("7068ffffff00" + "71ca0a" + "000000ff643818000000", set()),
        ("7068ffffff00" + "71ca0a" + "000000ff000000ff0000", {doc_formats.WHITE}),
        ("0c2a01", {doc_formats.BLACKED}),
        ("0c2a01" + "422a08", set()),
        ("434a0200", {doc_formats.TINY}),
        ("434a1500", set()),
        ("3c0801", {doc_formats.HIDDEN}),
        ("3c0800", set()),
        ("71caff", set()),
        ("", set()),
    ],
)
def test_properties_of_characters(properties: str, found: set[int]) -> None:
    looks = {doc_formats.WHITE, doc_formats.TINY, doc_formats.BLACKED, doc_formats.HIDDEN}
    assert looks & set(doc_formats.character_flags(bytes.fromhex(properties))) == found
