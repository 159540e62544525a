"""Where the characters of a text come from: elements of a Word file, glyphs on the pages of a PDF."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest
from invented import RESIDENT_ID, comment, docx, table
from pypdfium2 import raw

from prescan.formats import identify, read
from prescan.formats.budget import SharedLimits
from prescan.formats.docx.trace import Segment, TracedDocument
from prescan.formats.office_zip import replace_parts, serialise
from prescan.formats.package import LOCAL_NAME, Package
from prescan.formats.pdf.glyphs import locate
from prescan.types import Block, Document, Limits

ROOT = Path(__file__).parents[2]
WORD = [*sorted((ROOT / "examples").glob("*.docx")), *sorted((ROOT / "tests/formats/files").glob("*.docx"))]
WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWN = ["roster", "long_roster", "rotated", "two_columns", "unruled_wrapped", "hyphens", "running", "office", "covers"]


def blocks(data: bytes) -> list[Block]:
    """Return what a reader says."""
    return [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block)]


def segments(traced: TracedDocument) -> list[Segment]:
    """Return where the text of a Word file comes from."""
    return [segment for _, _, held in traced.located_blocks() for segment in held]


def covering(traced: TracedDocument, start: int, end: int) -> list[Segment]:
    """Return the segments that overlap a span."""
    return [one for one in segments(traced) if one.start < end and one.end > start]


@pytest.mark.parametrize("path", WORD, ids=lambda path: path.stem)
def test_every_element_holds_exactly_the_characters_it_is_said_to_hold(path):
    data = path.read_bytes()
    traced = TracedDocument(data, SharedLimits.of(Limits()))
    everything = blocks(data)
    assert list(traced.traced_blocks) == everything[: len(traced.traced_blocks)]
    rest = everything[len(traced.traced_blocks) :]
    assert all(block.hidden == "embedded_file" or block.location.member for block in rest)
    text = Document.of("", "", None, traced.traced_blocks).text
    at = 0
    for segment in segments(traced):
        assert segment.start < segment.end <= len(text)
        assert at <= segment.start or LOCAL_NAME[segment.element.getroottree().getroot().tag] in {"hdr", "ftr"}
        at = segment.end
        if segment.is_text:
            assert segment.element.text == text[segment.start : segment.end]


def test_text_of_tables_comments_and_revisions_is_traced_to_its_part():
    change = "<w:p><w:r><w:t>前</w:t></w:r><w:del w:id='1'><w:r><w:delText>旧文</w:delText></w:r></w:del></w:p>"
    body = table(("姓名", "号码"), ("王小满", RESIDENT_ID)) + change
    traced = TracedDocument(docx("标题", body=body, comments=comment("批注文字")), SharedLimits.of(Limits()))
    text = Document.of("", "", None, traced.traced_blocks).text
    for said, part in (("标题", "document"), (RESIDENT_ID, "document"), ("旧文", "document"), ("批注文字", "comments")):
        start = text.index(said)
        (held,) = covering(traced, start, start + len(said))
        assert held.element.text == said
        assert held.element.getroottree().getroot() is traced.trees[f"word/{part}.xml"]


def test_a_run_is_a_segment_and_what_hides_parts_none():
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>不见</w:t></w:r>"
    body = f"<w:p><w:r><w:t>身份证号</w:t></w:r>{hidden}<w:r><w:tab/><w:t>{RESIDENT_ID}</w:t></w:r></w:p>"
    data = docx("题", body=body)
    traced = TracedDocument(data, SharedLimits.of(Limits()))
    assert list(traced.traced_blocks) == blocks(data)
    text = Document.of("", "", None, traced.traced_blocks).text
    told = [(text[one.start : one.end], one.is_text) for one in segments(traced)]
    assert told == [("题", True), ("身份证号", True), ("不见", True), ("  ", False), (RESIDENT_ID, True)]


def test_a_header_that_says_what_another_said_is_traced_too():
    first, second = (f"<w:hdr xmlns:w='{WORD_SPACE}'><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr>" for _ in range(2))
    traced = TracedDocument(docx("题", header=first, header2=second), SharedLimits.of(Limits()))
    at = Document.of("", "", None, traced.traced_blocks).text.index("页眉")
    held = covering(traced, at, at + 2)
    assert {one.start for one in held} == {at}
    assert {one.element.getroottree().getroot() for one in held} == {
        traced.trees["word/header.xml"],
        traced.trees["word/header2.xml"],
    }


def test_a_package_is_written_again_with_parts_changed_added_and_left_out():
    package = Package(docx("旧", comments=comment("x"), other="<a/>"), Limits())
    root = package.xml("word/document.xml")
    next(root.iter("{*}t")).text = "新"
    changed = {"word/document.xml": serialise(root), "word/other.xml": None, "word/new.xml": b"<b/>"}
    made = replace_parts(package, changed)
    again = Package(made, Limits())
    assert again.names == ["word/document.xml", "word/comments.xml", "word/new.xml"]
    assert [block.text for block in blocks(made)][:1] == ["新"]
    assert replace_parts(package, changed) == made


@pytest.mark.parametrize("name", DRAWN)
def test_every_character_of_a_pdf_is_found_on_its_page(name):
    data = (ROOT / "tests/formats/files" / f"{name}.pdf").read_bytes()
    held = blocks(data)
    starts, at = [], 0
    for block in held:
        starts.append(at)
        at += len(block.text) + len(block.sep)
    wanted = [
        (start, block)
        for start, block in zip(starts, held, strict=True)
        if block.text.strip() and block.location.bbox and block.location.part in {"body", "table", "header", "footer"}
    ]
    document = pdfium.PdfDocument(data)
    found = locate(document, held, [(start, start + len(block.text)) for start, block in wanted])
    for (_, block), (glyphs,) in zip(wanted, found, strict=True):
        assert glyphs.is_exact
        assert glyphs.page == block.location.page
        page = document[glyphs.page - 1].get_textpage()
        drawn = "".join(chr(raw.FPDFText_GetUnicode(page, index)) for index in glyphs.indices).replace("\ufffe", "-")
        assert drawn == "".join(block.text.split())


def test_a_part_of_a_cell_is_found_without_its_neighbours():
    data = (ROOT / "tests/formats/files/roster.pdf").read_bytes()
    held = blocks(data)
    text = Document.of("", "", None, held).text
    block = next(block for block in held if block.text.startswith("1101"))
    start = text.index(block.text)
    document = pdfium.PdfDocument(data)
    ((part,), (whole,)) = locate(document, held, [(start + 6, start + 14), (start, start + len(block.text))])
    assert part.indices == whole.indices[6:14]
    (left, _, right, _), (outer_left, _, outer_right, _) = part.boxes[0], whole.boxes[0]
    assert outer_left < left < right < outer_right


def test_what_is_on_no_page_has_no_place():
    data = (ROOT / "tests/formats/files/extras.pdf").read_bytes()
    held = [*blocks(data), Block("不在页上的文字")]
    text = "".join(block.text + block.sep for block in held)
    start = text.index("不在页上的文字")
    assert locate(pdfium.PdfDocument(data), held, [(start, start + 7), (0, 0)]) == [[], []]
