"""Places of values that few think of: caches, authors, notes, glossaries, pivots, rotated pages, shared forms."""

# Markup is one piece a line, as it stands in the files; pypdf adds an object only by its _add_object.
# ruff: noqa: E501, ISC004

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import docx
import openpyxl
import pypdf
from planted_values import FONT, KEPT, W
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planted_values import Planted

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"


def _with_parts(data: bytes, parts: Mapping[str, str], kinds: Mapping[str, str], links: Mapping[str, str]) -> bytes:
    """Return a package with more parts, their content types, and what is put into relationship files (at their end)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = set(old.namelist())
        for name in old.namelist():
            text = old.read(name)
            if name == "[Content_Types].xml":
                told = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
                text = text.replace(b"</Types>", told.encode() + b"</Types>")
            if name in links:
                text = text.replace(b"</Relationships>", links[name].encode() + b"</Relationships>")
            if name not in parts:
                new.writestr(name, text)
        for name, content in parts.items():
            new.writestr(name, content)
        for name, told in links.items():
            if name not in names:
                new.writestr(name, f'<Relationships xmlns="{_PACKAGE}">{told}</Relationships>')
    return out.getvalue()


def _link(number: int, kind: str, target: str, mode: str = "") -> str:
    outside = ' TargetMode="External"' if mode else ""
    return f'<Relationship Id="rIdx{number}" Type="{_OFFICE}/{kind}" Target="{target}"{outside}/>'


def _chart(category: str, title: str) -> str:
    return (
        f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r>'
        f"</a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:idx val='0'/><c:cat><c:strRef><c:f>A1</c:f>"
        f"<c:strCache><c:ptCount val='1'/><c:pt idx='0'><c:v>{category}</c:v></c:pt></c:strCache></c:strRef></c:cat>"
        "</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


def _properties(planted: Planted) -> str:
    name = f"证{planted.id('custom property name')}"
    return (
        f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_VT}"><property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" '
        f'pid="2" name="{name}"><vt:lpwstr>{planted.id("custom property")}</vt:lpwstr></property></Properties>'
    )


def word(planted: Planted) -> bytes:
    """Return a Word document with notes, a chart, a glossary, people, a chunk of HTML, ruby, choices twice."""
    document = docx.Document()
    document.add_heading("困难群众临时救助情况公示", 0)
    document.add_paragraph(KEPT)
    number, wide = planted.id("between marks"), planted.id("full width")
    shown = "".join(chr(ord(char) + 0xFEE0) for char in wide)
    pieces = "".join(
        f'<w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr><w:t>{char}</w:t></w:r>' for char in number
    )
    body = [
        f"<w:p {W}><w:r><w:t>身份证号：</w:t></w:r>{pieces}<w:r><w:t>，{shown}。</w:t></w:r></w:p>",
        f'<w:p {W}><w:r><w:t>见注</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        f'<w:r><w:endnoteReference w:id="2"/></w:r></w:p>',
        f'<w:p {W}><w:hyperlink w:tooltip="{planted.id("tooltip")}" r:id="rIdx7" '
        f'xmlns:r="{_OFFICE}"><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>',
        f'<w:p {W}><w:ins w:id="1" w:author="祁{planted.id("author of a change")}" w:date="2026-01-05T08:00:00Z"><w:r>'
        f"<w:t>增加</w:t></w:r></w:ins></w:p>",
        f'<w:p {W}><w:fldSimple w:instr=" DOCPROPERTY &quot;{planted.id("simple field")}&quot; "><w:r><w:t>域</w:t></w:r>'
        f"</w:fldSimple></w:p>",
        f"<w:p {W}><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>{planted.id('ruby')}</w:t></w:r></w:rt><w:rubyBase><w:r>"
        f"<w:t>注</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>",
        f'<w:p {W}><w:moveFromRangeStart w:id="5" w:name="m" w:author="a" w:date="2026-01-05T08:00:00Z"/>'
        f'<w:moveFrom w:id="6" w:author="a" w:date="2026-01-05T08:00:00Z"><w:r><w:t>身份证号：{planted.id("moved away")}'
        f'</w:t></w:r></w:moveFrom><w:moveFromRangeEnd w:id="5"/></w:p>',
        _choice(planted.id("text box written twice")),
        f'<w:altChunk {W} xmlns:r="{_OFFICE}" r:id="rIdx4"/>',
        f'<w:sdt {W}><w:sdtPr><w:dropDownList><w:listItem w:displayText="甲" w:value="{planted.id("list item")}"/>'
        f"</w:dropDownList></w:sdtPr><w:sdtContent><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        f'<w:p {W} xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:oMath><m:r><m:t>'
        f"{planted.phone('formula')}</m:t></m:r></m:oMath></w:p>",
    ]
    from docx.oxml import parse_xml

    for xml in body:
        document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].first_page_header.paragraphs[0].text = f"证 {planted.id('first header')}"
    document.sections[0].even_page_footer.paragraphs[0].text = f"身份证号：{planted.id('even footer')}"
    stream = io.BytesIO()
    document.save(stream)
    note = '<w:{kind} {w} w:id="2"><w:p><w:r><w:t>身份证号：{value}</w:t></w:r></w:p></w:{kind}>'
    foot = note.format(kind="footnote", w="", value=planted.id("footnote"))
    end = note.format(kind="endnote", w="", value=planted.id("endnote"))
    parts = {
        "word/footnotes.xml": f"<w:footnotes {W}>{foot}</w:footnotes>",
        "word/endnotes.xml": f"<w:endnotes {W}>{end}</w:endnotes>",
        "word/charts/chart1.xml": _chart(planted.id("chart cache"), f"图 {planted.phone('chart title')}"),
        "word/chunk.htm": f"<html><body>身份证号：{planted.id('chunk of html')}</body></html>",
        "word/people.xml": '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person '
        f'w15:author="祁{planted.id("person")}"/></w15:people>',
        "word/glossary/document.xml": f"<w:glossaryDocument {W}><w:docParts><w:docPart><w:docPartBody><w:p><w:r><w:t>"
        f"身份证号：{planted.id('glossary')}</w:t></w:r></w:p></w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>",
        "docProps/custom.xml": _properties(planted),
    }
    kinds = {
        "word/footnotes.xml": f"{_WORD}.footnotes+xml",
        "word/endnotes.xml": f"{_WORD}.endnotes+xml",
        "word/charts/chart1.xml": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        "word/chunk.htm": "text/html",
        "word/people.xml": f"{_WORD}.people+xml",
        "word/glossary/document.xml": f"{_WORD}.document.glossary+xml",
        "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    }
    links = {
        "word/_rels/document.xml.rels": _link(1, "footnotes", "footnotes.xml")
        + _link(2, "endnotes", "endnotes.xml")
        + _link(3, "chart", "charts/chart1.xml")
        + _link(4, "aFChunk", "chunk.htm")
        + _link(5, "people", "people.xml")
        + _link(6, "glossaryDocument", "glossary/document.xml")
        + _link(7, "hyperlink", f"tel:{planted.phone('link target')}", "External"),
        "_rels/.rels": _link(8, "custom-properties", "docProps/custom.xml"),
    }
    return _with_parts(stream.getvalue(), parts, kinds, links)


def _choice(value: str) -> str:
    box = f"<w:txbxContent><w:p><w:r><w:t>框内身份证号：{value}</w:t></w:r></w:p></w:txbxContent>"
    return (
        f'<w:p {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        f'xmlns:a="{_A}"><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        '<wp:extent cx="900000" cy="300000"/><wp:docPr id="9" name="框"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/>'
        f"<wps:spPr/><wps:txbx>{box}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def workbook(planted: Planted) -> bytes:
    """Return a workbook with rich strings, a pivot cache, an outside book, threads, a chart, shapes, hidden names."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名单"
    sheet.append(["姓名", "身份证号", "手机", KEPT])
    sheet.append(["栾承志", "RICHSTRING", planted.phone("text"), 100])
    sheet.append(["喻晓梅", planted.id("inline"), int(planted.phone("number")), 200])
    sheet["D2"].hyperlink = f"https://example.org/?id={planted.id('link target')}"
    sheet["D2"].hyperlink.tooltip = f"证 {planted.id('link tooltip')}"
    from openpyxl.formatting.rule import FormulaRule

    sheet.conditional_formatting.add("B2", FormulaRule(formula=[f'$B2="{planted.id("conditional format")}"']))
    sheet["E3"] = f'=VLOOKUP("{planted.phone("looked up")}",A1:B3,2,0)'
    hidden = book.create_sheet(f"底稿{planted.phone('name of a hidden sheet')}")
    hidden.append([planted.id("hidden sheet")])
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    held = zipfile.ZipFile(io.BytesIO(stream.getvalue()))
    rich = planted.id("rich string")
    pieces = "".join(f"<r><rPr><b/></rPr><t>{part}</t></r>" for part in (rich[:6], rich[6:14], rich[14:]))
    spoken = f'<rPh sb="0" eb="1"><t>{planted.id("phonetic")}</t></rPh>'
    unused = f"<si><t>{planted.id('unused string')}</t></si>"
    first = held.read("xl/worksheets/sheet1.xml").decode()
    first = re.sub(r'<c r="B2"([^>]*) t="inlineStr">.*?</c>', r'<c r="B2"\1 t="s"><v>0</v></c>', first)
    thread = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    parts = {
        "xl/worksheets/sheet1.xml": first,
        "xl/sharedStrings.xml": f'<sst xmlns="{_S}" count="1"><si>{pieces}{spoken}</si>{unused}</sst>',
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition xmlns="{_S}" refreshedBy="祁'
        f'{planted.id("pivot author")}"><cacheFields count="1"><cacheField name="身份证号"><sharedItems><s v="'
        f'{planted.id("pivot cache")}"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>',
        "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{_S}"><r><s v="{planted.id("pivot record")}"'
        "/></r></pivotCacheRecords>",
        "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{_S}"><externalBook><sheetNames><sheetName val="甲"/>'
        '</sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>'
        f"{planted.id('outside book')}</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>",
        "xl/threadedComments/threadedComment1.xml": f'<ThreadedComments xmlns="{thread}"><threadedComment ref="B2" '
        f'personId="{{1}}" id="{{2}}"><text>身份证号：{planted.id("threaded comment")}</text></threadedComment>'
        "</ThreadedComments>",
        "xl/persons/person.xml": f'<personList xmlns="{thread}"><person displayName="祁{planted.id("person")}" id="{{1}}" '
        f'userId="{planted.phone("user")}"/></personList>',
        "xl/charts/chart1.xml": _chart(planted.id("chart cache"), f"图 {planted.phone('chart title')}"),
        "xl/connections.xml": f'<connections xmlns="{_S}"><connection id="1" name="库" type="5"><dbPr connection="UID='
        f'{planted.id("connection")}" command="select"/></connection></connections>',
        "customXml/item1.xml": f"<d><v>{planted.id('custom xml')}</v></d>",
        "docProps/custom.xml": _properties(planted),
    }
    kinds = {
        "xl/sharedStrings.xml": f"{_SHEET}.sharedStrings+xml",
        "xl/pivotCache/pivotCacheDefinition1.xml": f"{_SHEET}.pivotCacheDefinition+xml",
        "xl/pivotCache/pivotCacheRecords1.xml": f"{_SHEET}.pivotCacheRecords+xml",
        "xl/externalLinks/externalLink1.xml": f"{_SHEET}.externalLink+xml",
        "xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
        "xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
        "xl/charts/chart1.xml": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        "xl/connections.xml": f"{_SHEET}.connections+xml",
        "docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    }
    links = {
        "xl/_rels/workbook.xml.rels": _link(1, "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
        + _link(2, "externalLink", "externalLinks/externalLink1.xml")
        + _link(3, "person", "persons/person.xml")
        + _link(4, "connections", "connections.xml")
        + _link(5, "customXml", "../customXml/item1.xml")
        + _link(6, "sharedStrings", "sharedStrings.xml"),
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": _link(1, "pivotCacheRecords", "pivotCacheRecords1.xml"),
        "xl/worksheets/_rels/sheet1.xml.rels": _link(6, "threadedComment", "../threadedComments/threadedComment1.xml"),
        "_rels/.rels": _link(8, "custom-properties", "docProps/custom.xml"),
    }
    return _with_parts(stream.getvalue(), parts, kinds, links)


def page(planted: Planted) -> bytes:
    """Return a web page with values in data of scripts, frames, templates, pictures of text, entities, custom tags."""
    entity, split = planted.id("entities"), planted.id("split by tags")
    data = json.dumps({"@type": "Person", "identifier": planted.id("linked data")})
    frame = f"&lt;p&gt;身份证号：{planted.id('frame source')}&lt;/p&gt;"
    drawn = base64.b64encode(f"<svg><text>{planted.id('picture as data')}</text></svg>".encode()).decode()
    rows = "".join(f"<wbr>{char}" for char in split)
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>公示</title>
<meta property="og:title" content="证 {planted.id("open graph")}">
<link rel="alternate" href="/a" title="{planted.id("link title")}">
<script type="application/ld+json">{data}</script>
<style>p::after {{ content: "{planted.phone("generated content")}" }}</style>
<!--[if IE]><p>{planted.id("conditional comment")}</p><![endif]--></head>
<body onload="show('{planted.id("handler")}')">
<p>{KEPT}</p>
<p>身份证号：{"".join(f"&#{ord(char)};" for char in entity)}</p>
<p>身份证号：{rows}</p>
<p aria-label="证 {planted.id("aria label")}" data-a='{{"id": "{planted.id("data attribute")}"}}'>说明</p>
<a href="tel:{planted.phone("telephone link")}">拨打</a><a href="mailto:{planted.phone("mail link")}@qq.com">写信</a>
<iframe srcdoc="{frame}"></iframe>
<template><p>身份证号：{planted.id("template")}</p></template>
<noscript><p>身份证号：{planted.id("noscript")}</p></noscript>
<img src="data:image/svg+xml;base64,{drawn}" alt="图">
<svg><title>{planted.id("title of a drawing")}</title><desc>{planted.id("description of a drawing")}</desc>
<text>身份证号：{planted.id("text of a drawing")}</text></svg>
<select><option value="{planted.id("option value")}">甲</option></select>
<textarea>身份证号：{planted.id("text area")}</textarea>
<x-card card-id="{planted.id("custom element")}">卡</x-card>
<details><summary>更多</summary><p>身份证号：{planted.id("closed details")}</p></details>
<p style="font-size:0">身份证号：{planted.id("zero size")}</p>
<object data="a.swf"><param name="id" value="{planted.id("parameter")}"></object>
<table summary="{planted.id("summary")}"><caption>手机 {planted.phone("caption")}</caption><tr><td>甲</td></tr></table>
</body></html>
""".encode()


def pdf(planted: Planted) -> bytes:
    """Return a PDF with a rotated page, a form shared by pages, Type 3 type, tags, a thumbnail, a hidden layer, XFA."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.beginForm("shared")
    canvas.setFont(FONT, 10)
    canvas.drawString(72, 60, f"经办人身份证号：{planted.id('shared form')}")
    canvas.endForm()
    for number in range(3):
        canvas.setFont(FONT, 12)
        canvas.drawString(72, 760, KEPT)
        canvas.drawString(72, 700, f"申请人身份证号：{planted.id(f'page {number}')}")
        canvas.doForm("shared")
        if number == 1:
            canvas.saveState()
            canvas.translate(300, 300)
            canvas.rotate(90)
            canvas.drawString(0, 0, f"身份证号：{planted.id('turned text')}")
            canvas.restoreState()
            canvas.drawString(900, 400, f"身份证号：{planted.id('off the page')}")
        canvas.showPage()
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(stream.getvalue()))
    writer.pages[1].rotate(90)
    _type3(writer, planted.phone("type 3"))
    _kerned(writer, planted.id("kerned"), planted.id("actual text"))
    _beside(writer, planted)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _stream(writer: pypdf.PdfWriter, data: bytes, **more: object) -> object:
    made = DecodedStreamObject()
    made.set_data(data)
    for name, value in more.items():
        made[NameObject(f"/{name}")] = value
    return writer._add_object(made)


def _append(writer: pypdf.PdfWriter, number: int, content: bytes, fonts: dict[str, object]) -> None:
    page = writer.pages[number]
    held = page["/Resources"]["/Font"]
    for name, font in fonts.items():
        held[NameObject(name)] = font
    old = page.raw_get("/Contents")
    before = old if isinstance(old, ArrayObject) else ArrayObject([old])
    page[NameObject("/Contents")] = ArrayObject([*before, _stream(writer, content)])


def _type3(writer: pypdf.PdfWriter, value: str) -> None:
    """Write a number in a font whose letters are drawings, with a map to Unicode."""
    procedures, differences, widths = DictionaryObject(), ArrayObject([NumberObject(65)]), ArrayObject()
    lines = []
    for index in range(10):
        name = NameObject(f"/d{index}")
        procedures[name] = _stream(writer, f"600 0 0 0 500 700 d1 {50 * index} 0 100 700 re f".encode())
        differences.append(name)
        widths.append(NumberObject(600))
        lines.append(f"<{65 + index:02X}> <{ord('0') + index:04X}>")
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /x def 1 begincodespacerange <00> <FF> "
        f"endcodespacerange 10 beginbfchar {' '.join(lines)} endbfchar endcmap end end"
    )
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type3"),
            NameObject("/FontBBox"): ArrayObject([NumberObject(n) for n in (0, 0, 600, 700)]),
            NameObject("/FontMatrix"): ArrayObject([FloatObject(n) for n in (0.001, 0, 0, 0.001, 0, 0)]),
            NameObject("/CharProcs"): procedures,
            NameObject("/Encoding"): DictionaryObject({NameObject("/Differences"): differences}),
            NameObject("/FirstChar"): NumberObject(65),
            NameObject("/LastChar"): NumberObject(74),
            NameObject("/Widths"): widths,
            NameObject("/ToUnicode"): _stream(writer, table.encode()),
            NameObject("/Resources"): DictionaryObject(),
        }
    )
    written = "".join(chr(65 + int(digit)) for digit in value)
    _append(writer, 0, f"BT /T3 12 Tf 72 500 Td ({written}) Tj ET".encode(), {"/T3": writer._add_object(font)})


def _kerned(writer: pypdf.PdfWriter, value: str, actual: str) -> None:
    """Write a number a letter at a time with gaps, under a tag that says another one."""
    font = {"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica", "Encoding": "/WinAnsiEncoding"}
    held = writer._add_object(DictionaryObject({NameObject(f"/{k}"): NameObject(v) for k, v in font.items()}))
    letters = " ".join(f"({char}) {-120 if place % 3 else 30}" for place, char in enumerate(value))
    wide = f"FEFF{actual.encode('utf-16-be').hex().upper()}"
    content = f"BT /HK 11 Tf 72 460 Td [(ID ) 0 {letters}] TJ ET /Span << /ActualText <{wide}> >> BDC BT /HK 11 Tf 72 440 Td (tag) Tj ET EMC"
    _append(writer, 0, content.encode(), {"/HK": held})


def _beside(writer: pypdf.PdfWriter, planted: Planted) -> None:
    """Put values beside the pages: tags, XFA, layers, actions, private data, a thumbnail, an object nobody names."""
    root = writer.root_object
    element = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/StructElem"),
            NameObject("/S"): NameObject("/P"),
            NameObject("/Alt"): TextStringObject(f"身份证号 {planted.id('alternate text')}"),
            NameObject("/E"): TextStringObject(planted.id("expansion")),
        }
    )
    tree = DictionaryObject(
        {NameObject("/Type"): NameObject("/StructTreeRoot"), NameObject("/K"): ArrayObject([element])}
    )
    root[NameObject("/StructTreeRoot")] = writer._add_object(tree)
    xfa = f"<xdp><field><value><text>{planted.id('xfa')}</text></value></field></xdp>".encode()
    form = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): _stream(writer, xfa)})
    root[NameObject("/AcroForm")] = writer._add_object(form)
    group = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OCG"),
            NameObject("/Name"): TextStringObject(f"层 {planted.id('layer name')}"),
        }
    )
    layer = writer._add_object(group)
    shown = DictionaryObject({NameObject("/OFF"): ArrayObject([layer])})
    properties = DictionaryObject({NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): shown})
    root[NameObject("/OCProperties")] = properties
    first = writer.pages[0]
    action = {"/S": NameObject("/URI"), "/URI": TextStringObject(f"https://example.org/?id={planted.id('address')}")}
    link = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (72, 690, 200, 710)]),
            NameObject("/A"): DictionaryObject({NameObject(key): value for key, value in action.items()}),
        }
    )
    first[NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{planted.id('page script')}')")}
    opened = DictionaryObject({NameObject(key): value for key, value in script.items()})
    first[NameObject("/AA")] = DictionaryObject({NameObject("/O"): opened})
    private = DictionaryObject({NameObject("/Private"): TextStringObject(planted.id("private data"))})
    first[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/App"): private})
    first[NameObject("/Thumb")] = _stream(
        writer, planted.id("thumbnail").encode(), Width=NumberObject(1), Height=NumberObject(1),
        ColorSpace=NameObject("/DeviceGray"), BitsPerComponent=NumberObject(8),
    )  # fmt: skip
    writer._add_object(TextStringObject(planted.id("object of nobody")))
    meta = StreamObject()
    meta[NameObject("/Type")], meta[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    meta.set_data(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc>{planted.id('xmp')}</dc></x:xmpmeta>".encode())
    root[NameObject("/Metadata")] = writer._add_object(meta)
    labels = DictionaryObject({NameObject("/P"): TextStringObject(planted.id("page label"))})
    root[NameObject("/PageLabels")] = DictionaryObject({NameObject("/Nums"): ArrayObject([NumberObject(0), labels])})


def table(planted: Planted) -> bytes:
    """Return a csv with formulas, quotes, line ends in cells, spaces in numbers, a comment line."""
    spaced = planted.id("spaced")
    return (
        f"# 导出人身份证号：{planted.id('comment line')}\r\n姓名,身份证号,手机,备注\r\n"
        f'栾承志,"=""{planted.id("formula")}""",{planted.phone("plain")},{KEPT}\r\n'
        f'喻晓梅,\'{planted.id("apostrophe")},"{planted.phone("quoted")}","两行\n身份证号：{planted.id("second line")}"\r\n'
        f'邬满仓,{spaced[:6]} {spaced[6:14]} {spaced[14:]},=HYPERLINK("tel:{planted.phone("link")}"),\r\n'
    ).encode("gb18030")
