"""Documents with values planted wherever a file can hold one, made by the programs offices use. Nobody's numbers."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING

import docx
import openpyxl
import pypdf
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf.annotations import FreeText, Text
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from prescan.quality import generate

if TYPE_CHECKING:
    from docx.document import Document as Word

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONT = "STSong-Light"
KEPT = "青禾镇社会事务办公室咨询电话：0999-8812345"
"""A line that must stay: an office's telephone is nobody's secret."""


class Planted:
    """Hands out numbers, a new one for every place, and remembers them."""

    def __init__(self, seed: int = 7) -> None:
        self._rng = random.Random(seed)
        self.values: dict[str, str] = {}

    def id(self, place: str) -> str:
        """Return an ID number for a place."""
        self.values[place] = generate.resident_id(self._rng)
        return self.values[place]

    def phone(self, place: str) -> str:
        """Return a mobile number for a place."""
        self.values[place] = generate.mobile_phone(self._rng)
        return self.values[place]

    def card(self, place: str) -> str:
        """Return a bank card number for a place."""
        self.values[place] = generate.bank_card(self._rng)
        return self.values[place]


def picture(said: str) -> io.BytesIO:
    """Return a PNG whose metadata says something."""
    info = PngInfo()
    info.add_text("Comment", said)
    stream = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(stream, "PNG", pnginfo=info)
    stream.seek(0)
    return stream


def word(planted: Planted) -> bytes:
    """Return a Word document with a value in every place that python-docx can reach, and in some it cannot."""
    document = docx.Document()
    document.add_heading("困难群众临时救助情况公示", 0)
    split = document.add_paragraph("申请人身份证号：")
    number = planted.id("several runs")
    for piece in (number[:5], number[5:11], number[11:]):
        split.add_run(piece).bold = piece != number[:5]
    split.add_run(f"，手机{planted.phone('body')}。")
    document.add_paragraph(KEPT)
    table = document.add_table(rows=1, cols=3)
    for cell, head in zip(table.rows[0].cells, ("序号", "身份证号", "银行卡号"), strict=True):
        cell.text = head
    for row in range(1, 3):
        cells = table.add_row().cells
        cells[0].text, cells[1].text, cells[2].text = str(row), planted.id(f"table {row}"), planted.card(f"card {row}")
    document.sections[0].header.paragraphs[0].text = f"经办人身份证号：{planted.id('header')}"
    document.sections[0].footer.paragraphs[0].text = f"手机：{planted.phone('footer')}"
    document.add_comment(split.runs, text=f"核对身份证号：{planted.id('comment')}", author="祁岳")
    hidden = document.add_paragraph("隐藏段落").add_run(f"身份证号：{planted.id('vanished')}")
    hidden.font.hidden = True
    document.core_properties.title = f"救助 {planted.id('title')}"
    document.core_properties.comments = f"手机{planted.phone('description')}"
    shape = document.add_picture(picture(planted.id("picture metadata")))
    shape._inline.docPr.set("descr", f"身份证 {planted.id('alt text')}")
    _revisions(document, planted)
    _fields(document, planted)
    _parts(document, planted)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add(document: Word, xml: str) -> None:
    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")


def _revisions(document: Word, planted: Planted) -> None:
    who = 'w:author="祁岳" w:date="2026-01-05T08:00:00Z"'
    inserted = f'<w:ins w:id="901" {who}><w:r><w:t>身份证号：{planted.id("inserted")}</w:t></w:r></w:ins>'
    deleted = f'<w:del w:id="902" {who}><w:r><w:delText>身份证号：{planted.id("deleted")}</w:delText></w:r></w:del>'
    shown = '<w:r><w:t xml:space="preserve">修订段 </w:t></w:r>'
    _add(document, f'<w:p {W} w:rsidR="00AB1234">{shown}{inserted}{deleted}</w:p>')


def _fields(document: Word, planted: Planted) -> None:
    def run(inner: str) -> str:
        return f"<w:r>{inner}</w:r>"

    code = run(
        f'<w:instrText xml:space="preserve"> HYPERLINK "mailto:{planted.id("field code")}@qq.com" </w:instrText>'
    )
    ends = [run(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "separate", "end")]
    _add(document, f"<w:p {W}>{ends[0]}{code}{ends[1]}{run('<w:t>链接文字</w:t>')}{ends[2]}</w:p>")
    control = (
        f'<w:sdt {W}><w:sdtPr><w:alias w:val="证号 {planted.id("control title")}"/></w:sdtPr>'
        f"<w:sdtContent><w:p><w:r><w:t>控件文字，手机{planted.phone('control')}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    _add(document, control)
    box = (
        f'<w:p {W} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape id="box" style="width:200pt" '
        f'alt="说明 {planted.id("shape words")}"><v:textbox><w:txbxContent><w:p><w:r>'
        f"<w:t>框内身份证号：{planted.id('text box')}</w:t>"
        "</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    _add(document, box)
    _add(
        document,
        f'<w:p {W}><w:bookmarkStart w:id="77" w:name="证{planted.id("bookmark")}"/><w:bookmarkEnd w:id="77"/></w:p>',
    )


def _parts(document: Word, planted: Planted) -> None:
    stored = f"<data><id>{planted.id('custom xml')}</id></data>".encode()
    part = Part(PackURI("/customXml/item9.xml"), "application/xml", stored, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
    book = openpyxl.Workbook()
    book.active.append(["身份证号", planted.id("embedded workbook")])
    stream = io.BytesIO()
    book.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    part = Part(PackURI("/word/embeddings/book1.xlsx"), kind, stream.getvalue(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.PACKAGE)
    strange = Part(PackURI("/word/unknown.bin"), "application/x-nobody", planted.id("unknown part").encode(), None)
    document.part.relate_to(strange, "http://example.org/relationships/unknown")
    settings = document.settings.element
    variable = f'<w:docVars {W}><w:docVar w:name="证" w:val="{planted.id("variable")}"/></w:docVars>'
    settings.append(parse_xml(variable))


def workbook(planted: Planted) -> bytes:
    """Return a workbook with values in cells of all kinds, hidden places, comments, names, headers, properties."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "发放名单"
    sheet.append(["姓名", "身份证号", "手机", "备用", KEPT])
    sheet.append(["栾承志", planted.id("text"), int(planted.phone("number")), planted.id("hidden column"), 1200])
    sheet.append(["喻晓梅", planted.id("hidden row"), planted.phone("hidden row phone"), None, 1200])
    sheet.append(["邬满仓", f'="{planted.id("formula")}"', planted.phone("text phone"), None, 1200])
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet["A2"].comment = Comment(f"身份证号：{planted.id('comment')}", "祁岳")
    sheet.oddHeader.center.text = f"经办手机：{planted.phone('header')}"
    choices = DataValidation(type="list", formula1=f'"{planted.id("choices")},无"')
    sheet.add_data_validation(choices)
    choices.add("E2")
    sheet.add_image(SheetImage(picture(planted.id("picture metadata"))), "G2")
    secret = book.create_sheet("底稿")
    secret.append(["身份证号", planted.id("hidden sheet")])
    secret.sheet_state = "veryHidden"
    second = book.create_sheet("说明")
    second.append([KEPT])
    book.defined_names["证号"] = DefinedName("证号", attr_text=f'"{planted.id("defined name")}"')
    book.properties.title = f"救助 {planted.id('title')}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def pdf(planted: Planted) -> bytes:
    """Return a PDF with values in texts, a table, running heads, under a box, in a form, notes, attachments, before."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setTitle(f"救助 {planted.id('title')}")
    canvas.setSubject(f"手机{planted.phone('subject')}")
    running = planted.phone("running head")
    for page in range(1, 5):
        canvas.setFont(FONT, 9)
        canvas.drawString(72, 810, f"经办人手机：{running}")
        canvas.setFont(FONT, 12)
        canvas.drawString(
            72, 760, f"第{page}页 申请人身份证号：{planted.id(f'page {page}')}，手机{planted.phone(f'phone {page}')}。"
        )
        canvas.drawString(72, 700, KEPT)
        if page == 1:
            _first_page(canvas, planted)
        canvas.showPage()
    canvas.save()
    return _beside(stream.getvalue(), planted)


def _first_page(canvas: Canvas, planted: Planted) -> None:
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 660, f"ID {planted.id('latin')} (Helvetica)")
    canvas.setFont(FONT, 12)
    for row in range(3):
        for column, text in enumerate((f"户{row + 1}", planted.id(f"cell {row}"), planted.card(f"card {row}"))):
            canvas.rect(72 + 150 * column, 560 + 24 * row, 150, 24)
            canvas.drawString(76 + 150 * column, 567 + 24 * row, text)
    canvas.drawString(72, 520, f"身份证号：{planted.id('under a box')}")
    canvas.setFillColor(colors.black)
    canvas.rect(130, 515, 200, 18, stroke=0, fill=1)
    text = canvas.beginText(72, 490)
    text.setTextRenderMode(3)
    text.textOut(f"身份证号：{planted.id('invisible')}")
    canvas.drawText(text)
    canvas.acroForm.textfield(name="phone", x=72, y=440, width=200, height=20, value=planted.phone("form value"))
    canvas.bookmarkPage("top")
    canvas.addOutlineEntry(f"附 身份证号 {planted.id('bookmark')}", "top")


def _beside(data: bytes, planted: Planted) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.add_attachment("名单.txt", f"身份证号：{planted.id('attachment')}".encode())
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"var id = '证号 {planted.id('script')}';")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    note = Text(rect=(300, 400, 320, 420), text=f"身份证号：{planted.id('note')}")
    writer.add_annotation(1, note)
    box = FreeText(rect=(300, 300, 500, 320), text=f"身份证号：{planted.id('free text')}")
    writer.add_annotation(1, box)
    first = io.BytesIO()
    writer.write(first)
    later = pypdf.PdfWriter(first, incremental=True)
    later.add_metadata({"/Keywords": "later"})
    later.pages[3][NameObject("/Contents")] = later.pages[2].raw_get(
        "/Contents"
    )  # what page 4 said is only in the past
    out = io.BytesIO()
    later.write(out)
    return out.getvalue()


def page(planted: Planted) -> bytes:
    """Return a web page with values in its text, its source and its attributes."""
    number, phone = planted.id("body"), planted.phone("body phone")
    return f"""<!DOCTYPE html>
<html><head><meta charset="gb2312"><title>公示 {planted.id("title")}</title>
<meta name="description" content="身份证号：{planted.id("meta")}">
<!-- 身份证号：{planted.id("comment")} -->
<style>.off {{ display: none }} /* {planted.phone("style")} */</style>
<script>var list = [{{"id": "{planted.id("script")}"}}];</script></head>
<body data-id="{planted.id("data attribute")}">
<h1>临时救助公示</h1>
<p>申请人身份证号：{number[:4]}<b>{number[4:12]}</b>{number[12:]}，手机 {phone[:3]} {phone[3:7]} {phone[7:]}。</p>
<table><tr><th>身份证号</th><th>手机</th></tr>
<tr><td>{planted.id("cell")}</td><td title="{planted.id("tooltip")}">{planted.phone("cell phone")}</td></tr></table>
<div class="off">身份证号：{planted.id("style hides")}</div><p hidden>身份证号：{planted.id("hidden")}</p>
<form><input value="{planted.phone("field")}"><input type="hidden" value="{planted.id("hidden field")}"></form>
<p><a href="/a?id={planted.id("link")}">链接</a><img src="a.png" alt="身份证 {planted.id("alt")}"></p>
<p>{KEPT}</p>
</body></html>
""".encode("gb18030")
