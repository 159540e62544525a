"""Write the PDFs with hidden content. Run: python tests/formats/make_pdf_hidden.py (soffice, qpdf, a CJK font)."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import docx
import pypdf
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from make_pdf import FILES, FONT, RULED, draw, office_pdf, rewrite, turn
from PIL import Image, ImageDraw, ImageFont
from pypdf.actions import JavaScript
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table

CJK_FONT = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
NUMBER = "110101190001010014"
LINE = f"身份证号：{NUMBER}，完"
#: Where NUMBER stands in LINE at 12 points from x = 72: its figures are narrow.
LEFT, WIDTH = 131.5, 101
WIDTH_A4, HEIGHT_A4 = A4


class Sheet(Canvas):
    """A canvas that keeps the file in memory."""

    def __init__(self) -> None:
        self.stream = io.BytesIO()
        super().__init__(self.stream, pagesize=A4, invariant=1)
        self.setFont(FONT, 12)

    def write(self, y: float, text: str = LINE, mode: int = 0) -> None:
        """Write a line; mode 3 is invisible."""
        written = self.beginText(72, y)
        written.setFont(FONT, 12)
        written.setTextRenderMode(mode)
        written.textOut(text)
        written.setTextRenderMode(0)
        self.drawText(written)

    def box(self, y: float, colour: colors.Color, left: float = LEFT, width: float = WIDTH) -> None:
        """Draw a filled box over a line."""
        self.saveState()
        self.setFillColor(colour)
        self.rect(left, y - 4, width, 16, stroke=0, fill=1)
        self.restoreState()

    def bytes(self) -> bytes:
        self.save()
        return self.stream.getvalue()


def picture(mode: str, size: tuple[int, int], colour: object) -> ImageReader:
    """Return a plain picture."""
    return ImageReader(Image.new(mode, size, colour))


def covers() -> bytes:
    """Return lines under a black box, a white one, a coloured one, a picture, and a box inside of a form."""
    sheet = Sheet()
    for y, colour in ((740, colors.black), (710, colors.white), (680, colors.green)):
        sheet.write(y)
        sheet.box(y, colour)
    sheet.write(650)
    sheet.drawImage(picture("RGB", (9, 9), "orange"), LEFT, 646, WIDTH, 16)
    sheet.beginForm("held")
    sheet.write(620)
    sheet.box(620, colors.black)
    sheet.endForm()
    sheet.doForm("held")
    sheet.write(590)
    sheet.setLineWidth(14)
    sheet.line(LEFT, 594, LEFT + WIDTH, 594)
    return sheet.bytes()


class Covered(SimpleDocTemplate):
    """A document with a box drawn over the second row of its table."""

    def afterPage(self) -> None:  # noqa: N802 (reportlab's name)
        """Draw the box."""
        self.canv.rect(270, 734, 150, 16, stroke=0, fill=1)


def cell_covered() -> bytes:
    """Return a ruled table with a box over one number."""
    rows = [["姓名", "身份证号"], ["甲一", NUMBER], ["甲二", "110101190001010022"]]
    stream = io.BytesIO()
    Covered(stream, pagesize=A4, invariant=1).build([Table(rows, colWidths=[100, 160], style=RULED)])
    return stream.getvalue()


def notes(writer: pypdf.PdfWriter) -> None:
    """Put a black square, a highlight and a mark for redaction over three lines."""
    black, yellow = [FloatObject(0)] * 3, [FloatObject(1), FloatObject(1), FloatObject(0)]
    for y, kind, colour in ((740, "/Square", black), (710, "/Highlight", yellow), (680, "/Redact", black)):
        left, bottom, right, top = LEFT, y - 4, LEFT + WIDTH, y + 12
        place = [left, top, right, top, left, bottom, right, bottom]
        writer.add_annotation(
            0,
            DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Annot"),
                    NameObject("/Subtype"): NameObject(kind),
                    NameObject("/Rect"): ArrayObject(map(FloatObject, (left, bottom, right, top))),
                    NameObject("/QuadPoints"): ArrayObject(map(FloatObject, place)),
                    NameObject("/C"): ArrayObject(colour),
                    NameObject("/IC"): ArrayObject(colour),
                    NameObject("/F"): NumberObject(4),
                }
            ),
        )


def lines(*ys: float) -> bytes:
    """Return a page of equal lines."""
    sheet = Sheet()
    for y in ys:
        sheet.write(y)
    return sheet.bytes()


def seal() -> ImageReader:
    """Return a seal: red lines and a star, nothing between them."""
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((5, 5, 195, 195), outline=(220, 0, 0, 255), width=8)
    pen.regular_polygon((100, 100, 40), 3, fill=(220, 0, 0, 255))
    return ImageReader(image)


def seen() -> bytes:
    """Return text that only looks hidden: shading, highlighting, a seal, a background, white on dark, written twice."""
    sheet = Sheet()
    sheet.drawImage(picture("RGB", (9, 9), (240, 245, 250)), 0, 0, WIDTH_A4, HEIGHT_A4)
    sheet.box(740, colors.yellow, 72, 90)
    sheet.write(740, "底纹上的字")
    sheet.write(710, "荧光笔下的字")
    sheet.box(710, colors.Color(1, 1, 0, alpha=0.4), 72, 90)
    sheet.write(680, "正片叠底的字")
    sheet.saveState()
    sheet.setBlendMode("Multiply")
    sheet.box(680, colors.Color(1, 1, 0), 72, 90)
    sheet.restoreState()
    sheet.write(650, "二〇二四年三月一日印章下的字")
    sheet.drawImage(seal(), 72, 590, 120, 120, mask="auto")
    sheet.box(560, colors.darkblue, 72, 90)
    sheet.setFillColor(colors.white)
    sheet.write(560, "深底白字")
    sheet.setFillColor(colors.black)
    sheet.write(530, "先写后盖再写的字")
    sheet.box(530, colors.lightblue, 60, 200)
    sheet.write(530, "先写后盖再写的字")
    sheet.write(500, "划掉的字")
    sheet.setLineWidth(1)
    sheet.line(72, 504, 120, 504)
    return sheet.bytes()


def scanned(text: str) -> ImageReader:
    """Return a scan of a page of one line."""
    image = Image.new("L", (595, 842), 255)
    ImageDraw.Draw(image).text((72, 842 - 712), text, font=ImageFont.truetype(CJK_FONT, 12), fill=0)
    return ImageReader(image)


def ocr(*, under: bool, covered: bool = False) -> bytes:
    """Return a scan with recognised text: invisible over the picture, or written under it, and perhaps boxed over."""
    sheet = Sheet()
    if under:
        sheet.write(700)
    sheet.drawImage(scanned(LINE), 0, 0, WIDTH_A4, HEIGHT_A4)
    if not under:
        sheet.write(700, mode=3)
    if covered:
        sheet.box(700, colors.black)
    return sheet.bytes()


def unseen() -> bytes:
    """Return white, tiny, invisible and transparent text, text on a ground of its colour, and text a picture hides."""
    sheet = Sheet()
    sheet.write(760, "看得见的字")
    sheet.setFillColor(colors.white)
    sheet.write(740, "白纸白字")
    sheet.setFillColor(colors.black)
    sheet.box(710, colors.black, 72, 90)
    sheet.write(710, "黑底黑字")
    sheet.write(680, "不显示的字", mode=3)
    sheet.setFillColor(colors.Color(0, 0, 0, alpha=0.02))
    sheet.write(650, "透明的字")
    sheet.setFillColor(colors.black)
    sheet.setFillAlpha(1)
    sheet.setFont(FONT, 0.5)
    sheet.drawString(72, 620, "极小的字")
    return sheet.bytes()


def blank_sheet() -> bytes:
    """Return a page whose text lies under a picture of nothing."""
    sheet = Sheet()
    sheet.write(700)
    sheet.drawImage(picture("RGB", (9, 9), "white"), 0, 0, WIDTH_A4, HEIGHT_A4)
    return sheet.bytes()


def in_layers() -> bytes:
    """Return text in a layer that is on, one that is off, and a form in a layer that is off."""
    sheet = Sheet()
    for y, name, text in ((740, "/On", "打开的图层"), (710, "/Off", "关闭的图层")):
        sheet._code.append(f"/OC {name} BDC")
        sheet.write(y, text)
        sheet._code.append("EMC")
    for name, y, text in (("shown", 680, "表单甲"), ("held", 650, "表单乙")):
        sheet.beginForm(name)
        sheet.write(y, text)
        sheet.line(72, y - 4, 150, y - 4)
        sheet.endForm()
        sheet.doForm(name)
    return sheet.bytes()


def add_layers(writer: pypdf.PdfWriter) -> None:
    """Add the layers that in_layers names."""
    groups = {
        name: writer._add_object(
            DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject(title)})
        )
        for name, title in (("/On", "正文"), ("/Off", "旧稿"))
    }
    resources = writer.pages[0]["/Resources"]
    resources[NameObject("/Properties")] = DictionaryObject({NameObject(key): value for key, value in groups.items()})
    for name, form in resources["/XObject"].items():
        form.get_object()[NameObject("/OC")] = groups["/Off" if "held" in name else "/On"]
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {
            NameObject("/OCGs"): ArrayObject(groups.values()),
            NameObject("/D"): DictionaryObject({NameObject("/OFF"): ArrayObject([groups["/Off"]])}),
        }
    )


def qpdf(data: bytes, *options: str) -> bytes:
    """Return a file that qpdf wrote anew."""
    with tempfile.TemporaryDirectory() as folder:
        (source, target) = Path(folder) / "a.pdf", Path(folder) / "b.pdf"
        source.write_bytes(data)
        subprocess.run(["qpdf", "--deterministic-id", *options, source, target], check=True)
        return target.read_bytes()


def revised() -> bytes:
    """Return a file whose first page was replaced by an appended change, twice."""
    data = draw((f"经办人电话：{NUMBER}", False), ("第二页不变", False))
    for text in ("经办人电话：略", "经办人电话：从略"):
        page = pypdf.PdfReader(io.BytesIO(draw((text, False)))).pages[0]
        writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
        content = DecodedStreamObject()
        content.set_data(page.get_contents().get_data())
        writer.pages[0][NameObject("/Contents")] = writer._add_object(content)
        stream = io.BytesIO()
        writer.write(stream)
        data = stream.getvalue()
    return data


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:AuthorsPosition="科长内的暗记"><dc:creator><rdf:Seq><rdf:li>王某</rdf:li><rdf:li>李某</rdf:li></rdf:Seq></dc:creator>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">通知</rdf:li></rdf:Alt></dc:title><pdfx:项目>自定义内的暗记</pdfx:项目>
<pdfx:SourceModified>D:20240301000000</pdfx:SourceModified></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def add_extras(writer: pypdf.PdfWriter) -> None:
    """Add bookmarks, scripts, properties in XMP, names and prompts of fields, a hidden field, and attached files."""
    chapter = writer.add_outline_item(title="关于印发《管理办法》的 通知", page_number=0)
    writer.add_outline_item(title="书签内的暗记", page_number=0, parent=chapter)
    writer.add_open_action(JavaScript("app.alert('脚本内的暗记'); var id = \"110101190001010014\"; var n = 'plain';"))
    writer.add_metadata({"/Title": "通知", "/Author": "王某"})
    packet = DecodedStreamObject()
    packet.set_data(XMP.encode())
    packet = packet.flate_encode()
    packet.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(packet)
    writer.add_attachment("说明.txt", "附件内的暗记".encode())
    writer.add_attachment("名单.pdf", draw(("文件附件内的暗记", False)))
    fields = [field("暗记姓名", "请填写暗记", "可见的值", 0), field("memo", "", "隐藏的值", 2)]
    references = ArrayObject(writer._add_object(item) for item in fields)
    writer.pages[0][NameObject("/Annots")] = references
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): references, NameObject("/NeedAppearances"): BooleanObject(value=True)}
    )


def field(name: str, prompt: str, value: str, flags: int) -> DictionaryObject:
    """Return a filled in field; flag 2 hides it."""
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject(name),
            NameObject("/TU"): TextStringObject(prompt),
            NameObject("/V"): TextStringObject(value),
            NameObject("/F"): NumberObject(flags),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (72, 500, 172, 520))),
        }
    )


def attach_to_scan(writer: pypdf.PdfWriter) -> None:
    """Attach a file to a page without text."""
    writer.add_attachment("说明.txt", "附件内的暗记".encode())


def running() -> bytes:
    """Return pages with a head, a foot with the page's number, and a line that stands at the top of one page only."""
    sheet = Sheet()
    for number in range(1, 6):
        sheet.setFont(FONT, 12)
        sheet.drawString(72, 800, "某某局文件")
        if number == 2:
            sheet.drawString(300, 815, "只在这一页")
        sheet.drawString(72, 700, f"第{'一二三四五'[number - 1]}段")
        sheet.drawString(72, 40, "内部版式")
        sheet.drawString(480, 40, f"第 {number} 页")
        sheet.drawString(280, 20, f"- {number} -")
        sheet.showPage()
    return sheet.bytes()


def hyphens() -> bytes:
    """Return English text with words parted at the end of lines."""
    sheet = Sheet()
    sheet.setFont("Helvetica", 12)
    for index, text in enumerate(
        ["The canary sings in this long line of infor-", "mation, and 110101-", "1900 stays as it is.", "co-op"]
    ):
        sheet.drawString(72, 700 - 14 * index, text)
    return sheet.bytes()


def office() -> bytes:
    """Return what LibreOffice prints of a text with white words, and black ones with black shading."""
    document = docx.Document()
    paragraph = document.add_paragraph("CANARY-seen ")
    white = paragraph.add_run("CANARY-white")
    white.font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run(" CANARY-after ")
    black = paragraph.add_run("CANARY-black")
    black.font.color.rgb = RGBColor(0, 0, 0)
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "000000")
    black._r.get_or_add_rPr().append(shade)
    table = document.add_table(1, 1)
    cell = table.cell(0, 0)
    cell.text = "CANARY-shaded"
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "D9D9D9")
    cell._tc.get_or_add_tcPr().append(shade)
    return office_pdf(document)


def cut_off() -> bytes:
    """Return a line in a window that shows all of it, one whose end is cut off, and one that boxes are written over."""
    sheet = Sheet()
    for y, text, left, width in ((740, "全部看得见的一行字", 60, 400), (710, "看得见看不见看不见", 60, 48)):
        sheet.saveState()
        window = sheet.beginPath()
        window.rect(left, y - 6, width, 24)
        sheet.clipPath(window, stroke=0, fill=0)
        sheet.write(y, text)
        sheet.restoreState()
    sheet.write(680, "方块下的字")
    sheet.setFont("ZapfDingbats", 16)
    sheet.drawString(70, 678, "nnnnn")
    sheet.setFont(FONT, 12)
    sheet.write(650, "后面的字")
    return sheet.bytes()


def written_over() -> bytes:
    """Return lines with other text written over a number, lines that only look so, and text on grounds of its colour.

    What only looks so: the same written twice, a form filled in, a watermark.
    """
    sheet = Sheet()
    for y, over in ((740, "X" * 14), (710, "*" * 20), (680, "以下内容不予公开略")):
        sheet.write(y)
        sheet.drawString(LEFT, y, over)
    sheet.write(650)
    sheet.drawString(LEFT + 0.3, 650, NUMBER)
    sheet.write(620, "姓名：________")
    sheet.drawString(110, 620, "王小满")
    sheet.write(590, "水印下的字")
    sheet.saveState()
    sheet.setFillColor(colors.Color(0.8, 0.8, 0.8, alpha=0.4))
    sheet.setFont(FONT, 40)
    sheet.drawString(60, 580, "内部资料")
    sheet.restoreState()
    for y, colour, name in ((540, "green", "绿底绿字"), (510, "red", "红图红字")):
        if y == 540:
            sheet.box(y, colors.green, 72, 90)
        else:
            sheet.drawImage(picture("RGB", (9, 9), colour), 72, y - 4, 90, 16)
        sheet.setFillColor(getattr(colors, colour))
        sheet.write(y, name)
    return sheet.bytes()


def write_all() -> None:
    """Write every file."""
    plain = draw(("关于印发《管理办法》的通知", False))
    made = {
        "covers": covers(),
        "cell_covered": cell_covered(),
        "covering_notes": rewrite(lines(740, 710, 680), notes),
        "seen": seen(),
        "ocr_over": ocr(under=False),
        "ocr_under": ocr(under=True),
        "ocr_covered": ocr(under=False, covered=True),
        "blank_sheet": blank_sheet(),
        "unseen": unseen(),
        "cut_off": cut_off(),
        "written_over": written_over(),
        "layers": qpdf(rewrite(in_layers(), add_layers), "--object-streams=generate"),
        "revised": revised(),
        "linear": qpdf(draw(("第一页", False), ("第二页", False)), "--linearize"),
        "extras": rewrite(plain, add_extras),
        "scan_attached": rewrite(draw(("", True)), attach_to_scan),
        "running": running(),
        "hyphens": hyphens(),
        "office_hidden": office(),
        "turned_covered": rewrite(lines_covered(), turn),
    }
    for name, data in made.items():
        (FILES / f"{name}.pdf").write_bytes(data)


def lines_covered() -> bytes:
    """Return a line under a black box."""
    sheet = Sheet()
    sheet.write(740)
    sheet.box(740, colors.black)
    return sheet.bytes()


if __name__ == "__main__":
    write_all()
