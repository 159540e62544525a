"""Write the PDFs that the tests read as files. Run: python tests/formats/make_pdf.py (needs soffice and a CJK font)."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pypdf
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image
from pypdf.annotations import FreeText, Text
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

FILES = Path(__file__).parent / "files"
FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK")
CELL = ParagraphStyle("cell", fontName=FONT, fontSize=10, leading=13, wordWrap="CJK")
RULED = [
    ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
    ("FONT", (0, 0), (-1, -1), FONT, 10),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]
HEAD = ["序号", "姓名", "身份证号", "住址"]
ROWS = [
    [str(number), f"甲{number:02}", f"11010119000101{number:04}", f"某省某市某区某某街道某某社区第{number}号楼东单元"]
    for number in range(1, 4)
]
TEXT = "为贯彻落实有关要求，进一步规范相关工作，现就有关事项通知如下，请结合实际认真执行。" * 3


def build(story: list[object], **options: object) -> bytes:
    """Lay out a story and return the file."""
    stream = io.BytesIO()
    SimpleDocTemplate(stream, **{"pagesize": A4, "invariant": 1, **options}).build(story)
    return stream.getvalue()


def roster(size: tuple[float, float] = A4) -> bytes:
    """Return a title, a paragraph, a ruled roster with wrapped cells and a merged one, and a closing line."""
    rows = [[*row[:3], Paragraph(row[3], CELL)] for row in ROWS]
    table = Table(
        [HEAD, *rows, ["合计", "", "3 人", ""]], colWidths=[40, 60, 140, 120], style=[*RULED, ("SPAN", (0, 4), (1, 4))]
    )
    title = ParagraphStyle("title", parent=BODY, alignment=1, fontSize=18)
    return build(
        [Paragraph("发放花名册", title), Spacer(1, 12), Paragraph(TEXT, BODY), table, Paragraph("制表人：王某", BODY)],
        pagesize=size,
    )


def long_roster() -> bytes:
    """Return a ruled roster that goes on over three pages, each with a page number."""
    rows = [[str(number), f"甲{number}", f"11010119000101{number:04}"] for number in range(1, 101)]

    def foot(canvas: Canvas, _document: object) -> None:
        canvas.drawCentredString(300, 30, f"- {canvas.getPageNumber()} -")

    stream = io.BytesIO()
    document = SimpleDocTemplate(stream, pagesize=A4, invariant=1)
    document.build([Table([HEAD[:3], *rows], style=RULED)], onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


def unruled() -> bytes:
    """Return a table without rules between two paragraphs, and a line of two parts."""
    table = Table(
        [HEAD[:3], *[row[:3] for row in ROWS]], colWidths=[60, 90, 160], style=[("FONT", (0, 0), (-1, -1), FONT, 10)]
    )
    return build([Paragraph("发放名单如下：", BODY), table, Paragraph("以上名单共三人。", BODY)])


def unruled_wrapped() -> bytes:
    """Return a table without rules whose middle column wraps."""
    rows = [[row[1], Paragraph(row[3], CELL), row[2]] for row in ROWS]
    style = [("FONT", (0, 0), (-1, -1), FONT, 10), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return build([Table([["姓名", "住址", "身份证号"], *rows], colWidths=[80, 130, 160], style=style)])


def two_columns() -> bytes:
    """Return an article set in two columns."""
    stream = io.BytesIO()
    document = BaseDocTemplate(stream, pagesize=A4, invariant=1)
    frames = [Frame(72, 400, 210, 300), Frame(312, 400, 210, 300)]
    document.addPageTemplates([PageTemplate(frames=frames)])
    document.build([Paragraph(TEXT, BODY), FrameBreak(), Paragraph(TEXT, BODY)])
    return stream.getvalue()


def draw(*pages: tuple[str, bool], size: tuple[float, float] = A4, off: str = "", **options: str) -> bytes:
    """Return pages of one line of text each, with a picture where asked, and perhaps text outside of the page."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size, invariant=1, **options)
    for text, picture in pages:
        canvas.setFont(FONT, 12)
        if picture:
            canvas.drawImage(ImageReader(Image.new("RGB", (20, 20), "gray")), 50, 50, 480, 700)
        canvas.drawString(72, 700, text)
        canvas.drawString(-900, 700, off)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def form() -> bytes:
    """Return a page with a filled in field."""
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    canvas.drawString(72, 720, "Name:")
    canvas.acroForm.textfield(name="name", value="CANARY-field", x=120, y=710)
    canvas.save()
    return stream.getvalue()


def rewrite(data: bytes, change: object) -> bytes:
    """Return a file after `change` worked on a pypdf writer of it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    change(writer)  # type: ignore[operator]
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def add_marks(writer: pypdf.PdfWriter) -> None:
    """Add notes, an attachment and properties."""
    writer.add_annotation(0, Text(rect=(50, 50, 70, 70), text="批注内的暗记"))
    writer.add_annotation(0, FreeText(rect=(90, 50, 170, 70), text="CANARY-freetext"))
    writer.add_attachment("名单CANARY.txt", b"x")
    writer.add_metadata({"/Title": "标题内的暗记", "/Author": "王某", "/Keywords": "", "/Company": "某局"})
    attached = DictionaryObject(
        {NameObject("/Type"): NameObject("/Filespec"), NameObject("/F"): TextStringObject("签批CANARY.md")}
    )
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(b"x")
    attached[NameObject("/EF")] = DictionaryObject({NameObject("/F"): writer._add_object(stream)})
    pin = DictionaryObject(
        {NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/FileAttachment")}
    )
    pin[NameObject("/Rect")] = ArrayObject([pypdf.generic.FloatObject(value) for value in (10, 10, 30, 30)])
    pin[NameObject("/FS")] = writer._add_object(attached)
    writer.pages[0]["/Annots"].append(writer._add_object(pin))


def office() -> bytes:
    """Return a document with a heading, paragraphs and a table, printed by LibreOffice."""
    document = docx.Document()
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), "WenQuanYi Micro Hei")
    document.add_paragraph("关于发放补贴的通知").alignment = 1
    for _ in range(2):
        document.add_paragraph(TEXT).paragraph_format.first_line_indent = Pt(22)
    table = document.add_table(0, 4, style="Table Grid")
    for row in [HEAD, *ROWS]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("某某局")
    return office_pdf(document)


def office_pdf(document: DocxDocument) -> bytes:
    """Return a Word document as LibreOffice prints it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "office.docx"
        document.save(source)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", folder, source], check=True, capture_output=True)
        return (Path(folder) / "office.pdf").read_bytes()


def turn(writer: pypdf.PdfWriter) -> None:
    """Store a page sideways and have it shown upright, as programs do with wide tables."""
    page = writer.pages[0]
    page.rotate(270)
    page.transfer_rotation_to_content()
    page.rotate(90)


def write_all() -> None:
    """Write every file."""
    plain = draw(("关于印发《管理办法》的通知", False))
    made = {
        "roster": roster(),
        "long_roster": long_roster(),
        "unruled": unruled(),
        "unruled_wrapped": unruled_wrapped(),
        "two_columns": two_columns(),
        "office": office(),
        "form": form(),
        "marks": rewrite(plain, add_marks),
        "password": rewrite(plain, lambda writer: writer.encrypt("secret", algorithm="RC4-128")),
        "owner_password": rewrite(plain, lambda writer: writer.encrypt("", "owner", algorithm="RC4-128")),
        "pictures": draw(
            ("第一页的文字共有二十个字以上才算是有文字层的页", False), ("", True), ("- 3 -", True), ("", False)
        ),
        "scan": draw(("", True)),
        "off_page": draw(("页内文字", False), off="CANARY-off"),
        "rotated": rewrite(roster(landscape(A4)), turn),
    }
    for name, data in made.items():
        (FILES / f"{name}.pdf").write_bytes(data)


if __name__ == "__main__":
    write_all()
