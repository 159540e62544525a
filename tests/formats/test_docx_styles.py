"""Text of Word documents that styles, the theme or the page hide, and text that only looks as if they did."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import docx as python_docx
import pytest
from docx.oxml import parse_xml
from invented import RESIDENT_ID as ID
from lxml import etree

from prescan.formats import convert, docx, identify
from prescan.types import Block, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
STYLES, THEME, SETTINGS = "word/styles.xml", "word/theme/theme1.xml", "word/settings.xml"
WHITE, BLACK = '<w:color w:val="FFFFFF"/>', '<w:color w:val="000000"/>'
TINY, GONE, SHOWN = '<w:sz w:val="2"/>', "<w:vanish/>", '<w:vanish w:val="0"/>'
BLUE = '<w:shd w:val="clear" w:color="auto" w:fill="1F4E79"/>'
STYLED, TABLED, MARKED = '<w:pStyle w:val="S"/>', '<w:tblStyle w:val="T"/>', '<w:rStyle w:val="S"/>'
FIRST = '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0"/>'
NO_BANDS = '<w:tblLook w:val="0600"/>'
HEADLESS = '<w:tblLook w:val="04A0" w:firstRow="0"/>'


def run(looks: str = "") -> str:
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t>{ID}</w:t></w:r>"


def paragraph(settings: str = "", held: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr>{held or run()}</w:p>"


def table(whole: str = TABLED, held: str = "", cell: str = "", row: int = 0) -> str:
    """Return a table of three rows, one of which holds the number."""
    other = "<w:p><w:r><w:t>见</w:t></w:r></w:p>"
    rows = [
        f"<w:tr><w:tc><w:tcPr>{cell}</w:tcPr>{(held or paragraph()) if number == row else other}</w:tc></w:tr>"
        for number in range(3)
    ]
    return f"<w:tbl><w:tblPr>{whole}</w:tblPr><w:tblGrid><w:gridCol w:w='2000'/></w:tblGrid>{''.join(rows)}</w:tbl>"


def style(looks: str = "", paragraphs: str = "", base: str = "", name: str = "S", kind: str = "paragraph") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{based}'
        f"<w:pPr>{paragraphs}</w:pPr><w:rPr>{looks}</w:rPr></w:style>"
    )


def of_tables(looks: str = "", cells: str = "", some: str = "", base: str = "", name: str = "T") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return (
        f'<w:style w:type="table" w:styleId="{name}"><w:name w:val="{name}"/>{based}<w:rPr>{looks}</w:rPr>'
        f"<w:tcPr>{cells}</w:tcPr>{some}</w:style>"
    )


def part(kind: str, looks: str, cells: str = "") -> str:
    return f'<w:tblStylePr w:type="{kind}"><w:rPr>{looks}</w:rPr><w:tcPr>{cells}</w:tcPr></w:tblStylePr>'


def made(
    content: str, styles: str = "", changes: dict[str, Callable[[str], str]] | None = None, page: str = ""
) -> bytes:
    """Return a document that python-docx wrote, with styles of our own and some of its parts changed."""
    document, first, second = python_docx.Document(), io.BytesIO(), io.BytesIO()
    document.add_paragraph("看得见的字", style="Heading 1")
    for holder, told in ((document.element.body, content), (document.styles.element, styles)):
        for element in list(parse_xml(f"<w:b {NAMESPACES}>{told}</w:b>")):
            holder.insert(len(holder) - 1, element)
    if page:
        document.element.insert(0, parse_xml(f'<w:background {NAMESPACES} w:color="{page}"/>'))
        changes = {SETTINGS: lambda settings: settings.replace("<w:zoom", "<w:displayBackgroundShape/><w:zoom", 1)}
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w") as target:
        for name in source.namelist():
            held = source.read(name)
            change = (changes or {}).get(name)
            target.writestr(name, change(held.decode()) if change else held)
    return second.getvalue()


def defaults(looks: str) -> dict[str, Callable[[str], str]]:
    return {STYLES: lambda styles: styles.replace("<w:rPrDefault><w:rPr>", f"<w:rPrDefault><w:rPr>{looks}", 1)}


def usual(looks: str) -> dict[str, Callable[[str], str]]:
    """Change the style of paragraphs that name none."""
    return {STYLES: lambda styles: re.sub(r'(w:styleId="Normal">.*?)(</w:style>)', rf"\1{looks}\2", styles, count=1)}


def accent(colour: str) -> dict[str, Callable[[str], str]]:
    pattern = r"(<a:accent1>).*?(</a:accent1>)"
    return {THEME: lambda theme: re.sub(pattern, rf'\1<a:srgbClr val="{colour}"/>\2', theme, flags=re.DOTALL)}


def filled(colour: str) -> str:
    return f"<w14:textFill><w14:solidFill>{colour}</w14:solidFill></w14:textFill>"


PALE, THEMED = '<w14:srgbClr w14:val="FFFFFF"/>', '<w:color w:val="{}" w:themeColor="{}"/>'
AS_WHITE, AS_TINY, AS_GONE, AS_DARK = "白色文字", "极小文字", "隐藏文字", "黑底上的黑字"

HIDDEN = {
    "table style": (table(), of_tables(WHITE), {}, AS_WHITE),
    "tiny in a table style": (table(), of_tables(TINY), {}, AS_TINY),
    "gone in the first row": (table(TABLED + FIRST), of_tables(some=part("firstRow", GONE)), {}, AS_GONE),
    "white first row": (table(TABLED + FIRST), of_tables(some=part("firstRow", WHITE)), {}, AS_WHITE),
    "white corner": (table(TABLED + FIRST), of_tables(some=part("nwCell", WHITE)), {}, AS_WHITE),
    "white last row": (
        table(TABLED + '<w:tblLook w:val="0640"/>', row=2),
        of_tables(some=part("lastRow", WHITE)),
        {},
        AS_WHITE,
    ),
    "white band": (table(TABLED + FIRST, row=1), of_tables(some=part("band1Horz", WHITE)), {}, AS_WHITE),
    "base of a table style": (table(), of_tables(base="U") + of_tables(WHITE, name="U"), {}, AS_WHITE),
    "dark cells": (table(), of_tables(BLACK, '<w:shd w:val="clear" w:fill="000000"/>'), {}, AS_DARK),
    "base of a style": (paragraph(STYLED), style(base="B") + style(WHITE, name="B"), {}, AS_WHITE),
    "base of characters": (
        paragraph("", run(MARKED)),
        style(base="B", kind="character") + style(WHITE, name="B", kind="character"),
        {},
        AS_WHITE,
    ),
    "defaults": (paragraph(), "", defaults(WHITE), AS_WHITE),
    "gone by default": (paragraph(), "", defaults(GONE), AS_GONE),
    "tiny by default": (paragraph(), "", {STYLES: lambda text: text.replace('<w:sz w:val="22"/>', TINY, 1)}, AS_TINY),
    "usual style": (paragraph(), "", usual(f"<w:rPr>{WHITE}</w:rPr>"), AS_WHITE),
    "usual style in a table": (table("<w:tblW/>"), "", usual(f"<w:rPr>{GONE}</w:rPr>"), AS_GONE),
    "white accent": (paragraph("", run(THEMED.format("4F81BD", "accent1"))), "", accent("FFFFFF"), AS_WHITE),
    "white accent of a style": (paragraph(STYLED), style(THEMED.format("auto", "accent1")), accent("FFFFFF"), AS_WHITE),
    "shading of nothing": (paragraph("", run(WHITE + '<w:shd w:val="nil" w:fill="FF0000"/>')), "", {}, AS_WHITE),
    "nearly white": (paragraph("", run('<w:color w:val="F5F5F5"/>')), "", {}, AS_WHITE),
    "filled with white": (paragraph("", run(filled(PALE))), "", {}, AS_WHITE),
    "filled with white of the theme": (paragraph("", run(filled('<w14:schemeClr w14:val="bg1"/>'))), "", {}, AS_WHITE),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_styles_hide_is_told_and_not_copied(name: str) -> None:
    content, styles, changes, note = HIDDEN[name]
    data = made(content, styles, changes)
    (found,) = told(data)
    assert (found.location.part, found.hidden, found.note) == (
        "hidden",
        "fake_redaction" if note == AS_DARK else "hidden_text",
        note,
    )
    copy = text_of(copied(data))
    assert ID not in copy
    assert note == AS_GONE or "看得见的字" in copy


SEEN = {
    "white on a filled table style": (table(), of_tables(WHITE, BLUE), {}),
    "white first row on its own ground": (table(TABLED + FIRST), of_tables(some=part("firstRow", WHITE, BLUE)), {}),
    "white first row on the ground of all": (table(TABLED + FIRST), of_tables("", BLUE, part("firstRow", WHITE)), {}),
    "first row that is no head": (table(TABLED + HEADLESS), of_tables(some=part("firstRow", GONE)), {}),
    "another row": (table(TABLED + FIRST, row=1), of_tables(some=part("firstRow", WHITE)), {}),
    "another band": (table(TABLED + FIRST, row=2), of_tables(some=part("band1Horz", WHITE)), {}),
    "no bands": (table(TABLED + NO_BANDS, row=1), of_tables(some=part("band1Horz", WHITE)), {}),
    "black in a white table style": (table(held=paragraph("", run(BLACK))), of_tables(WHITE), {}),
    "cell of its own ground": (table(cell=BLUE), of_tables(WHITE), {}),
    "white run in a filled table style": (table(held=paragraph("", run(WHITE))), of_tables("", BLUE), {}),
    "white run in a filled first row": (
        table(TABLED + FIRST, paragraph("", run(WHITE))),
        of_tables(some=part("firstRow", "", BLUE)),
        {},
    ),
    "white run on the ground of a style": (paragraph(STYLED, run(WHITE)), style("", BLUE), {}),
    "white run on the ground of a base": (
        paragraph(STYLED, run(WHITE)),
        style(base="B") + style("", BLUE, name="B"),
        {},
    ),
    "red over white": (paragraph(STYLED), style('<w:color w:val="FF0000"/>', base="B") + style(WHITE, name="B"), {}),
    "red characters in a white style": (
        paragraph('<w:pStyle w:val="B"/>', run(MARKED)),
        style('<w:color w:val="FF0000"/>', kind="character") + style(WHITE, name="B"),
        {},
    ),
    "shown in a style that hides": (paragraph(STYLED, run(SHOWN)), style(GONE), {}),
    "shown by hand": (paragraph("", run(MARKED + SHOWN)), style(GONE, kind="character"), {}),
    "black over the defaults": (paragraph(STYLED), style(BLACK), defaults(WHITE)),
    "black over the usual": (paragraph("", run(BLACK)), "", usual(f"<w:rPr>{WHITE}</w:rPr>")),
    "accent of a heading": (paragraph("", run(THEMED.format("FFFFFF", "accent1"))), "", {}),
    "white filled with red": (paragraph("", run(WHITE + filled('<w14:srgbClr w14:val="FF0000"/>'))), "", {}),
    "grey of the theme": (paragraph("", run('<w:color w:val="D9D9D9"/>')), "", {}),
    "dark half of white": (
        paragraph("", run(filled('<w14:schemeClr w14:val="bg1"><w14:lumMod w14:val="50000"/></w14:schemeClr>'))),
        "",
        {},
    ),
    "on a pattern": (paragraph("", run('<w:color w:val="FFFFFF"/><w:shd w:val="pct50" w:color="000000"/>')), "", {}),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_styles_show_is_seen_and_copied(name: str) -> None:
    content, styles, changes = SEEN[name]
    data = made(content, styles, changes)
    (found,) = told(data)
    assert (found.hidden, found.note) == (None, "")
    assert ID in text_of(copied(data))


def test_a_cell_where_none_belongs_is_read() -> None:
    inner = f"<w:tc><w:tcPr/>{paragraph()}</w:tc>"
    (found,) = told(made(table(TABLED + FIRST, inner), of_tables(some=part("firstRow", GONE))))
    assert found.hidden is None


@pytest.mark.parametrize(
    ("page", "colour", "note"),
    [("1F4E79", "FFFFFF", None), ("000000", "000000", AS_DARK), ("1F4E79", "000000", None)],
)
def test_the_colour_of_the_page_is_the_ground(page: str, colour: str, note: str | None) -> None:
    """White text on a dark page is seen."""
    (found,) = told(made(paragraph("", run(f'<w:color w:val="{colour}"/>')), page=page))
    assert (found.note or None) == note


@pytest.mark.parametrize(
    "name", ["Light List", "Medium Shading 2 Accent 1", "Dark List", "Colorful Grid", "Light Grid"]
)
def test_table_styles_of_word_hide_nothing(name: str) -> None:
    """White heads, bands and corners on grounds of their own."""
    document, out = python_docx.Document(), io.BytesIO()
    filled_in = document.add_table(4, 3, style=name)
    for row in filled_in.rows:
        for cell in row.cells:
            cell.text = ID
    document.save(out)
    assert {found.hidden for found in told(out.getvalue())} == {None}


def told(data: bytes) -> list[Block]:
    return [item for item in docx.read(data, Limits()) if isinstance(item, Block) and ID in item.text]


def copied(data: bytes) -> bytes:
    """Return the redacted copy in which no value is to be masked: only what is not seen goes."""
    return convert("rewrite", data, identify(data, "x.docx"), [[], []], Limits())[1]


def text_of(data: bytes) -> str:
    return "".join(map(str, etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")).itertext()))
