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
TINY, BESIDE = ("hidden_text", "极小文字"), ("hidden_text", "页面之外图形中的文字")


def run(settings: str = "") -> str:
    """Return a run that says CANARY."""
    return f"<w:r><w:rPr>{settings}</w:rPr><w:t>{CANARY}</w:t></w:r>"


def paragraph(settings: str = "", inside: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr>{inside or run()}</w:p>"


def table(inside: str = "", row: str = "", cell: str = "") -> str:
    settings = f"<w:trPr>{row}</w:trPr>" if row else ""
    told = f"<w:tcPr>{cell}</w:tcPr>" if cell else ""
    return f"<w:tbl><w:tr>{settings}<w:tc>{told}{inside or paragraph()}</w:tc></w:tr></w:tbl>"


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
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_not_shown_is_told_with_what_hides_it(name: str) -> None:
    content, hidden, note = UNSEEN[name]
    (found,) = told(document(content))
    assert (found.text, found.location.part, found.hidden, found.note) == (CANARY, "hidden", hidden, note)


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_not_shown_is_not_in_a_redacted_copy(name: str) -> None:
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(document(UNSEEN[name][0]))).read("word/document.xml"))
    clean(root, {})
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
    "inserted row": table(row='<w:ins w:id="1" w:author="王某" w:date="2024-03-01T00:00:00Z"/>'),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_only_looks_hidden_stays_seen(name: str) -> None:
    (found,) = told(document(SEEN[name]))
    assert found.hidden in {None, "tracked_change"}
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(document(SEEN[name]))).read("word/document.xml"))
    clean(root, {})
    assert CANARY in "".join(root.itertext())


def test_a_row_that_was_deleted_as_a_whole_is_told_as_deleted() -> None:
    (found,) = told(document(table(row='<w:del w:id="1" w:author="王某" w:date="2024-03-01T00:00:00Z"/>')))
    assert (found.location.part, found.hidden, found.note) == ("deleted", "tracked_change", "王* 2024-03-01 删除的文字")
