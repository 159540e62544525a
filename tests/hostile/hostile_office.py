"""Office packages made to exhaust or to deceive."""

from __future__ import annotations

import io
from types import MappingProxyType
from typing import TYPE_CHECKING

import docx
from hostile_archives import noise, zipped
from hostile_case import CANARY, Case

if TYPE_CHECKING:
    from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LAUGHS = "".join(f'<!ENTITY l{at + 1} "{f"&l{at};" * 10}">' for at in range(9))
ENTITIES = f'<!DOCTYPE x [<!ENTITY l0 "哈哈">{LAUGHS}]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


def relations(*targets: tuple[str, str]) -> str:
    """Return a list of relations: (kind, target)."""
    lines = (
        f'<Relationship Id="r{at}" Type="{REL}/{kind}" Target="{to}"/>' for at, (kind, to) in enumerate(targets, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(lines)}'
        "</Relationships>"
    )


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a package."""
    return zipped((name, part.encode() if isinstance(part, str) else part) for name, part in parts.items())


def paragraph(text: str = CANARY) -> str:
    """Return a paragraph of a Word document."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def word(body: str = "", head: str = "", parts: Mapping[str, str | bytes] = MappingProxyType({})) -> bytes:
    """Return a Word document; without a body it says CANARY."""
    main = f"{head}<w:document {W}><w:body>{body or paragraph()}</w:body></w:document>"
    return package({"word/document.xml": main, **parts})


def real_word() -> bytes:
    """Return a Word document that python-docx wrote."""
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(CANARY)
    document.save(out)
    return out.getvalue()


def book(rows: str, *, strings: str = "", head: str = "", dimension: str = "A1:B2") -> bytes:
    """Return a workbook with one sheet."""
    return package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook {S} xmlns:r="{REL}"><sheets><sheet name="甲" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
            ),
            "xl/sharedStrings.xml": f"{head}<sst {S}>{strings}</sst>",
            "xl/worksheets/sheet1.xml": f'{head}<worksheet {S}><dimension ref="{dimension}"/><sheetData>{rows}'
            "</sheetData></worksheet>",
        }
    )


def cell(place: str = "A1", text: str = CANARY) -> str:
    """Return a cell that holds its text itself."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def slides(text: str = CANARY, head: str = "") -> bytes:
    """Return a presentation with one slide."""
    shape = f"<p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    return package(
        {
            "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f'<p:presentation {P} xmlns:r="{REL}"><p:sldIdLst><p:sldId id="256" r:id="r1"/>'
            '</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
            "ppt/_rels/presentation.xml.rels": relations(("slide", "slides/slide1.xml")),
            "ppt/slides/slide1.xml": f"{head}<p:sld {P}><p:cSld><p:spTree>{shape}</p:spTree></p:cSld></p:sld>",
        }
    )


def in_itself(levels: int) -> bytes:
    """Return a document in a document in a document."""
    data = word()
    for _ in range(levels):
        data = word(parts={"word/embeddings/a.docx": data})
    return data


def many_embedded() -> bytes:
    """Return a document with 30 embedded archives that together grow beyond the limit."""
    bomb = zipped((f"{number}", b"\0" * ((1 << 20) - 1)) for number in range(20))
    return word(parts={f"word/embeddings/{number}.zip": bomb for number in range(30)})


CYCLE = relations(("header", "document.xml"), ("glossaryDocument", "document.xml"), ("aFChunk", "document.xml"))
FAR = "".join(f'<row r="{at}">{cell(f"A{at}")}</row>' for at in (1, 1_048_576))
CORNER = f'<row r="1">{cell("A1")}</row><row r="99999999">{cell("ZZZZZ99999999")}</row>'
BIG_STRING = "<si><t>" + "字" * 300_000 + "</t></si>"


def _wide_table() -> str:
    span = '<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
    return f"<w:tbl><w:tr>{span}{paragraph()}</w:tc><w:tc>{paragraph('x')}</w:tc></w:tr></w:tbl>"


def _shared(count: int, index: int) -> str:
    """Return rows that show one shared string."""
    return "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>{index}</v></c></row>' for at in range(2, count))


CASES = [
    Case("docx entities", lambda: word(paragraph("&l9;"), ENTITIES), ("corrupted",)),
    Case("docx external entity", lambda: word(paragraph("&l9;"), EXTERNAL), ("corrupted",)),
    Case("docx remote dtd", lambda: word(paragraph(), REMOTE), ("corrupted",)),
    Case("docx part bomb", lambda: word(parts={"word/header1.xml": " " * (40 << 20)}), ("archive_limit",)),
    Case("docx 100,000 levels", lambda: word("<w:p>" * 100_000), ("corrupted",)),
    Case("docx text of 11 MB", lambda: word(paragraph(noise(6_000_000).hex())), ("corrupted",)),
    Case("docx 100,000 paragraphs", lambda: word(paragraph() + "<w:p/>" * 100_000), canary=CANARY),
    Case("docx cyclic relations", lambda: word(parts={"word/_rels/document.xml.rels": CYCLE}), canary=CANARY),
    Case("docx in itself", lambda: in_itself(12), ("archive_limit",), canary=CANARY),
    Case("docx embedded bombs", many_embedded, ("archive_limit", "unsupported"), canary=CANARY),
    Case("docx span of a billion", lambda: word(_wide_table()), canary=CANARY),
    Case("docx truncated", lambda: real_word()[:-900], ("corrupted",)),
    Case("docx part truncated", lambda: word(paragraph() + "<w:p><w:r>").replace(b"</w:body>", b""), ("corrupted",)),
    Case("docx behind a pdf", lambda: b"%PDF-1.4\n" + real_word(), ("corrupted",)),
    Case("docx called txt", real_word, canary=CANARY, name="a.txt"),
    Case("xlsx entities", lambda: book(f'<row r="1">{cell(text="&l9;")}</row>', head=ENTITIES), ("corrupted",)),
    Case("xlsx external entity", lambda: book(cell(text="&l9;"), head=EXTERNAL), ("corrupted",)),
    Case("xlsx a billion cells claimed", lambda: book(FAR, dimension="A1:XFD1048576"), canary=CANARY),
    Case("xlsx cell beyond the corner", lambda: book(CORNER), ("corrupted",), canary=CANARY),
    Case("xlsx string bomb", lambda: book(_shared(3000, 0), strings=BIG_STRING), ("archive_limit|memory|timeout",)),
    Case(
        "xlsx string missing", lambda: book(f'<row r="1">{cell()}</row>{_shared(9, 7)}'), ("corrupted",), canary=CANARY
    ),
    Case("xlsx truncated", lambda: book(f'<row r="1">{cell()}</row>')[:-99], ("corrupted",)),
    Case("xlsx called docx", lambda: book(f'<row r="1">{cell()}</row>'), canary=CANARY, name="a.docx"),
    Case("pptx entities", lambda: slides("&l9;", ENTITIES), ("corrupted",)),
    Case("pptx called zip", slides, canary=CANARY, name="a.zip"),
    Case("pptx truncated", lambda: slides()[:-99], ("corrupted",)),
]
