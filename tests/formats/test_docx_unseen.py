"""Text of Word documents that the page does not show, whatever hides it: found by name, gone from the copy."""

from __future__ import annotations

import io
import zipfile

import docx as python_docx
import pytest
from docx.oxml import parse_xml
from lxml import etree

from prescan.formats import docx
from prescan.formats.docx.clean import clean
from prescan.formats.docx.styles import styles_of
from prescan.types import Block, Limits

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
CANARY = "藏起来的暗记"
HIDDEN, SAME, DARK = (
    ("hidden_text", "隐藏文字"),
    ("hidden_text", "与底色相同的文字"),
    ("fake_redaction", "黑底上的黑字"),
)
SIZELESS, OUTSIDE = ("hidden_text", "零尺寸图形中的文字"), ("hidden_text", "页面之外的文字")
TINY, BESIDE = ("hidden_text", "极小文字"), ("hidden_text", "页面之外图形中的文字")


def run(settings: str = "") -> str:
    """Return a run that says CANARY."""
    return f"<w:r><w:rPr>{settings}</w:rPr><w:t>{CANARY}</w:t></w:r>"


def paragraph(settings: str = "", inside: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr>{inside or run()}</w:p>"


def table(inside: str = "", row: str = "", cell: str = "", whole: str = "") -> str:
    settings = f"<w:trPr>{row}</w:trPr>" if row else ""
    told = f"<w:tcPr>{cell}</w:tcPr>" if cell else ""
    grid = f"<w:tblPr>{whole}</w:tblPr><w:tblGrid><w:gridCol w:w='2000'/></w:tblGrid>"
    return f"<w:tbl>{grid}<w:tr>{settings}<w:tc>{told}{inside or paragraph()}</w:tc></w:tr></w:tbl>"


def filled(colour: str) -> str:
    """Return a filled text box with white text."""
    white = paragraph(inside=run('<w:color w:val="FFFFFF"/>'))
    fill = f'<wps:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></wps:spPr>'
    return drawing().replace(paragraph(), white, 1).replace("<wps:txbx>", f"{fill}<wps:txbx>")


def clear(alpha: str) -> str:
    """Return the fill of characters that lets so much through, in thousandths of a percent."""
    colour = f'<w14:srgbClr w14:val="000000"><w14:alpha w14:val="{alpha}"/></w14:srgbClr>'
    return f"<w14:textFill><w14:solidFill>{colour}</w14:solidFill></w14:textFill>"


def drawing(position: str = "", named: str = "") -> str:
    """Return a text box that is drawn at a place."""
    held = f"<wps:wsp><wps:txbx><w:txbxContent>{paragraph()}</w:txbxContent></wps:txbx></wps:wsp>"
    return paragraph(
        inside=f'<w:r><w:drawing><wp:anchor>{position}<wp:extent cx="900000" cy="300000"/>'
        f'<wp:docPr id="7" name="t" {named}/><a:graphic>'
        f'<a:graphicData uri="u">{held}</a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>'
    )


def at(axis: str, offset: int, origin: str = "page") -> str:
    return f'<wp:{axis} relativeFrom="{origin}"><wp:posOffset>{offset}</wp:posOffset></wp:{axis}>'


def vector(style: str) -> str:
    held = f'<v:shape style="{style}"><v:textbox><w:txbxContent>{paragraph()}</w:txbxContent></v:textbox></v:shape>'
    return paragraph(inside=f"<w:r><w:pict>{held}</w:pict></w:r>")


def document(content: str) -> bytes:
    """Return a document that python-docx wrote around some content."""
    made, out = python_docx.Document(), io.BytesIO()
    made.add_paragraph("看得见的字")
    holder = parse_xml(f"<w:body {NAMESPACES}>{content}</w:body>")
    for element in list(holder):
        made.element.body.insert(len(made.element.body) - 1, element)
    made.save(out)
    return out.getvalue()


def told(data: bytes) -> list[Block]:
    """Return the blocks that say CANARY."""
    items = list(docx.read(data, Limits()))
    assert all(isinstance(item, Block) for item in items)
    return [item for item in items if isinstance(item, Block) and CANARY in item.text]


UNSEEN = {
    "marker pen": (paragraph(inside=run('<w:highlight w:val="black"/>')), *DARK),
    "black on black": (paragraph(inside=run('<w:color w:val="000000"/><w:shd w:val="clear" w:fill="0A0A0A"/>')), *DARK),
    "solid shading": (paragraph(inside=run('<w:color w:val="000000"/><w:shd w:val="solid" w:color="000000"/>')), *DARK),
    "red on red": (paragraph(inside=run('<w:color w:val="FF0000"/><w:shd w:val="clear" w:fill="FF0505"/>')), *SAME),
    "paragraph": (paragraph('<w:shd w:val="clear" w:fill="1F4E79"/>', run('<w:color w:val="1F4E79"/>')), *SAME),
    "cell": (table(paragraph(inside=run('<w:color w:val="000000"/>')), cell='<w:shd w:fill="000000"/>'), *DARK),
    "narrow": (paragraph(inside=run('<w:w w:val="1"/>')), *TINY),
    "transparent": (paragraph(inside=run("<w14:textFill><w14:noFill/></w14:textFill>")), "hidden_text", "透明的文字"),
    "low lines": (paragraph('<w:spacing w:line="2" w:lineRule="exact"/>'), *TINY),
    "frame": (paragraph('<w:framePr w:w="100" w:x="-20000" w:y="5"/>'), "hidden_text", "页面之外的文字"),
    "hidden drawing": (drawing(named='hidden="1"'), "hidden_text", "隐藏图形中的文字"),
    "left of the page": (drawing(at("positionH", -900_000)), *BESIDE),
    "above the page": (drawing(at("positionV", -3_000_000, "paragraph")), *BESIDE),
    "far right": (drawing(at("positionH", 30_000_000)), *BESIDE),
    "hidden shape": (vector("position:absolute;visibility:hidden"), "hidden_text", "隐藏图形中的文字"),
    "shape beside": (vector("position:absolute;margin-left:-2000pt;width:90pt"), *BESIDE),
    "shape of no size": (vector("position:absolute;width:0;height:0pt"), *SIZELESS),
    "drawing of no size": (drawing().replace('cx="900000" cy="300000"', 'cx="0" cy="0"'), *SIZELESS),
    "indented away": (paragraph('<w:ind w:left="-20000"/>'), *OUTSIDE),
    "indented far": (paragraph('<w:ind w:firstLine="25000"/>'), *OUTSIDE),
    "table beside": (table(whole='<w:tblpPr w:tblpX="-20000" w:tblpY="1" w:horzAnchor="page"/>'), *OUTSIDE),
    "table indented away": (table(whole='<w:tblInd w:w="-20000" w:type="dxa"/>'), *OUTSIDE),
    "low row": (table(row='<w:trHeight w:val="10" w:hRule="exact"/>'), "hidden_text", "行高过小的表格行中的文字"),
    "white of the theme": (paragraph(inside=run('<w:color w:themeColor="background1"/>')), "hidden_text", "白色文字"),
    "white in a white box": (filled("FFFFFF"), "hidden_text", "白色文字"),
    "clear colour": (paragraph(inside=run(clear("100000"))), "hidden_text", "透明的文字"),
    "a point and a half": (paragraph(inside=run('<w:sz w:val="3"/>')), *TINY),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_not_shown_is_told_with_what_hides_it(name: str) -> None:
    content, hidden, note = UNSEEN[name]
    (found,) = told(document(content))
    assert (found.text, found.location.part, found.hidden, found.note) == (CANARY, "hidden", hidden, note)


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_not_shown_is_not_in_a_redacted_copy(name: str) -> None:
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(document(UNSEEN[name][0]))).read("word/document.xml"))
    clean(root, styles_of(None, None))
    assert CANARY not in "".join(root.itertext())
    assert "看得见的字" in "".join(root.itertext())


SEEN = {
    "white on a dark cell": table(paragraph(inside=run('<w:color w:val="FFFFFF"/>')), cell='<w:shd w:fill="1F4E79"/>'),
    "automatic on black": paragraph(inside=run('<w:shd w:val="clear" w:color="auto" w:fill="000000"/>')),
    "black on yellow": paragraph(inside=run('<w:color w:val="000000"/><w:highlight w:val="yellow"/>')),
    "white on the black pen": paragraph(inside=run('<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>')),
    "red on white": paragraph(inside=run('<w:color w:val="FF0000"/><w:shd w:val="clear" w:fill="FFFFFF"/>')),
    "low but exact": paragraph('<w:spacing w:line="400" w:lineRule="exact"/>'),
    "no line given": paragraph('<w:spacing w:before="0" w:lineRule="exact"/>'),
    "beside the column": drawing(at("positionH", -600_000, "column")),
    "narrow type": paragraph(inside=run('<w:w w:val="66"/>')),
    "hidden end of a row": table(row="<w:hidden/>"),
    "white in a blue box": filled("1F4E79"),
    "half transparent": paragraph(inside=run(clear("50000"))),
    "shaded white of the theme": paragraph(
        inside=run('<w:color w:val="auto" w:themeColor="background1" w:themeShade="80"/>')
    ),
    "indented": paragraph('<w:ind w:left="4000" w:firstLine="-4000"/>'),
    "table to the left of the margin": table(whole='<w:tblInd w:w="-115" w:type="dxa"/>'),
    "row of a fixed height": table(row='<w:trHeight w:val="400" w:hRule="exact"/>'),
    "inserted row": table(row='<w:ins w:id="1" w:author="王某" w:date="2024-03-01T00:00:00Z"/>'),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_only_looks_hidden_stays_seen(name: str) -> None:
    (found,) = told(document(SEEN[name]))
    assert found.hidden in {None, "tracked_change"}
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(document(SEEN[name]))).read("word/document.xml"))
    clean(root, styles_of(None, None))
    assert CANARY in "".join(root.itertext())


def test_a_row_that_was_deleted_as_a_whole_is_told_as_deleted() -> None:
    (found,) = told(document(table(row='<w:del w:id="1" w:author="王某" w:date="2024-03-01T00:00:00Z"/>')))
    assert (found.location.part, found.hidden, found.note) == ("deleted", "tracked_change", "王* 2024-03-01 删除的文字")


def test_a_cell_that_was_deleted_is_told_as_deleted() -> None:
    (found,) = told(document(table(cell='<w:cellDel w:id="1" w:author="王某" w:date="2024-03-01T00:00:00Z"/>')))
    assert (found.location.part, found.hidden, found.note) == ("deleted", "tracked_change", "王* 2024-03-01 删除的文字")


STYLES = {
    "vanish": ("table", "<w:rPr><w:vanish/></w:rPr>", "隐藏文字"),
    "low lines": ("paragraph", '<w:pPr><w:spacing w:line="1" w:lineRule="exact"/></w:pPr>', "极小文字"),
    "black on black": (
        "paragraph",
        '<w:rPr><w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/></w:rPr>',
        "黑底上的黑字",
    ),
    "white of the theme": ("paragraph", '<w:rPr><w:color w:themeColor="background1"/></w:rPr>', "白色文字"),
}


@pytest.mark.parametrize("name", STYLES)
def test_styles_hide_text_in_every_way_that_runs_do(name: str) -> None:
    kind, looks, note = STYLES[name]
    made, out = python_docx.Document(), io.BytesIO()
    style = f'<w:style {NAMESPACES} w:type="{kind}" w:styleId="S9"><w:name w:val="s"/>{looks}</w:style>'
    made.styles.element.append(parse_xml(style))
    held = table(whole='<w:tblStyle w:val="S9"/>') if kind == "table" else paragraph('<w:pStyle w:val="S9"/>')
    for element in list(parse_xml(f"<w:body {NAMESPACES}>{held}</w:body>")):
        made.element.body.insert(0, element)
    made.save(out)
    (found,) = told(out.getvalue())
    assert (found.location.part, found.note) == ("hidden", note)


@pytest.mark.parametrize(("text", "shown"), [("机密★10年 第%1号", "机密★10年 第 号"), ("第%1章", ""), ("（%1）", "")])
def test_words_that_numbering_sets_before_paragraphs_are_read(text: str, shown: str) -> None:
    made, out = python_docx.Document(), io.BytesIO()
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="{text}"/></w:lvl>'
    made.part.numbering_part.element.append(
        parse_xml(f'<w:abstractNum {NAMESPACES} w:abstractNumId="77">{level}</w:abstractNum>')
    )
    made.add_paragraph("正文")
    made.save(out)
    blocks = [item for item in docx.read(out.getvalue(), Limits()) if isinstance(item, Block)]
    assert [block.text for block in blocks if block.location.part == "textbox"] == ([shown] if shown else [])


@pytest.mark.parametrize(
    ("kind", "switch", "note"),
    [
        ("first", "", "未显示的首页页眉"),
        ("first", "titlePg", None),
        ("even", "", "未显示的偶数页页眉"),
        ("even", "evenAndOddHeaders", None),
        ("default", "", None),
    ],
)
@pytest.mark.parametrize("text", ["经办人留存110101190203140028", "2"])
def test_headers_that_no_page_shows(kind: str, switch: str, note: str | None, text: str) -> None:
    """Of a first or even page that was made like the others; a page number left in one is no finding."""
    made, out = python_docx.Document(), io.BytesIO()
    made.add_paragraph("正文如下")
    section = made.sections[0]
    holders = {"first": section.first_page_header, "even": section.even_page_header, "default": section.header}
    holders[kind].paragraphs[0].text = text
    section.different_first_page_header_footer = switch == "titlePg"
    made.settings.odd_and_even_pages_header_footer = switch == "evenAndOddHeaders"
    made.save(out)
    found = [item for item in docx.read(out.getvalue(), Limits()) if isinstance(item, Block) and item.text == text]
    expected = ("hidden", "hidden_text", note) if note and len(text) > 1 else ("header", None, "")
    assert [(one.location.part, one.hidden, one.note) for one in found] == [expected]


def test_a_header_that_is_shown_elsewhere_is_no_finding() -> None:
    """Word writes the same header for all pages, used or not; the copy is made by the same offsets."""
    made, out = python_docx.Document(), io.BytesIO()
    made.add_paragraph("正文如下")
    section = made.sections[0]
    for holder in (section.first_page_header, section.even_page_header, section.header):
        holder.paragraphs[0].text = "联系电话13800138000"
    section.different_first_page_header_footer = False
    made.save(out)
    found = [item for item in docx.read(out.getvalue(), Limits()) if isinstance(item, Block) and "1380" in item.text]
    assert [(one.location.part, one.hidden) for one in found] == [("header", None)]
