"""Marked copies: remarks at the very places, nothing else changed, no value in a remark."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pypdf
import pypdfium2 as pdfium
import pytest
from invented import MOBILE, RESIDENT_ID
from lxml import etree

import prescan

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests" / "formats" / "files"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def marked(scanner, data: bytes, name: str) -> tuple[prescan.ScanResult, bytes]:
    """Scan bytes and return the result and the marked copy."""
    result = scanner.scan_bytes(data, name=name)
    stream = io.BytesIO()
    prescan.write(result, "marked", stream, source=data)
    return result, stream.getvalue()


def word(*runs: str, table: tuple[str, ...] = ()) -> bytes:
    """Return a Word file as Word writes it: a paragraph of several runs, a table, a header."""
    form = docx.Document()
    paragraph = form.add_paragraph()
    for number, text in enumerate(runs):
        paragraph.add_run(text).bold = bool(number % 2)
    if table:
        held = form.add_table(2, len(table) // 2)
        for cell, text in zip((cell for row in held.rows for cell in row.cells), table, strict=True):
            cell.text = text
    form.sections[0].header.paragraphs[0].text = f"联系人电话{MOBILE}"
    out = io.BytesIO()
    form.save(out)
    return out.getvalue()


def anchored(data: bytes) -> dict[str, str]:
    """Return, by the id of a comment, the text between its two ends."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    held: dict[str, str] = {}
    going: set[str] = set()
    for element in root.iter():
        number = element.get(f"{W}id", "")
        if element.tag == f"{W}commentRangeStart":
            going.add(number)
            held[number] = ""
        elif element.tag == f"{W}commentRangeEnd":
            going.discard(number)
        elif element.tag in {f"{W}t", f"{W}delText"}:
            for one in going:
                held[one] += element.text or ""
    return held


def test_comments_stand_around_exactly_what_was_found(scanner):
    data = word(
        "身份证号：",
        RESIDENT_ID[:7],
        f"{RESIDENT_ID[7:]}，手机",
        f"{MOBILE}。",
        table=("姓名", "手机", "王小满", MOBILE),
    )
    result, made = marked(scanner, data, "a.docx")
    places = anchored(made)
    comments = {str(one.comment_id): one for one in docx.Document(io.BytesIO(made)).comments}
    assert places.keys() == comments.keys()
    said = [(comments[number].text.splitlines()[0], text) for number, text in places.items()]
    assert ("阻断 居民身份证号", RESIDENT_ID) in said
    phones = [text for title, text in said if title.endswith("手机号码")]
    assert phones.count(MOBILE) == 2
    in_body = [one for one in result.findings if one.start is not None and one.location.part in {"body", "table"}]
    assert len(places) == len(in_body) + 1


def test_what_stands_in_no_paragraph_of_the_body_is_said_at_the_head(scanner):
    _, made = marked(scanner, word("关于印发的通知"), "a.docx")
    (remark,) = [one for one in docx.Document(io.BytesIO(made)).comments if "页眉" in one.text]
    assert "手机号码" in remark.text
    assert MOBILE not in remark.text


@pytest.mark.parametrize(
    "name", ["examples/低保花名册.docx", "examples/会议纪要-修订.docx", "tests/formats/files/places.docx"]
)
def test_the_text_of_a_marked_document_is_the_same(scanner, name):
    data = (ROOT / name).read_bytes()
    before, made = marked(scanner, data, "a.docx")
    after = scanner.scan_bytes(made, name="a.docx")
    ours = {block.text for block in after.document.blocks if "prescan" in block.note or block.note.startswith("p*")}
    left = [block.text for block in after.document.blocks if block.text not in ours]
    assert left == [block.text for block in before.document.blocks]


def test_comments_that_were_there_stay(scanner):
    data = (ROOT / "examples/会议纪要-修订.docx").read_bytes()
    _, made = marked(scanner, data, "a.docx")
    before = [one.text for one in docx.Document(io.BytesIO(data)).comments]
    after = list(docx.Document(io.BytesIO(made)).comments)
    assert [one.text for one in after[: len(before)]] == before
    assert len({one.comment_id for one in after}) == len(after) > len(before)


def highlights(data: bytes) -> list[tuple[str, str]]:
    """Return what each highlight says in its first line, and the text under it."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    document = pdfium.PdfDocument(data)
    held = []
    for number, page in enumerate(reader.pages):
        text = document[number].get_textpage()
        for reference in page.get("/Annots", ()):
            annotation = reference.get_object()
            if annotation["/Subtype"] == "/Highlight" and annotation.get("/T") == "prescan 机审":
                points = [float(value) for value in annotation["/QuadPoints"]]
                quads = [points[at : at + 8] for at in range(0, len(points), 8)]
                under = "".join(text.get_text_bounded(q[0] + 1, q[5], q[2] - 1, q[1]).strip() for q in quads)
                held.append((annotation["/Contents"].splitlines()[0], under))
    return held


def test_highlights_lie_over_exactly_what_was_found(scanner):
    data = (ROOT / "examples/补贴公示.pdf").read_bytes()
    result, made = marked(scanner, data, "a.pdf")
    text = result.document.text
    wanted = [text[one.start : one.end] for one in result.findings if one.location.bbox]
    found = [under for _, under in highlights(made)]
    assert sorted(found) == sorted(wanted)
    assert any(title == "阻断 居民身份证号" for title, _ in highlights(made))


@pytest.mark.parametrize("name", ["long_roster.pdf", "rotated.pdf", "roster.pdf"])
def test_every_finding_on_a_page_of_a_pdf_is_highlighted(scanner, name):
    result, made = marked(scanner, (FILES / name).read_bytes(), name)
    on_page = [one for one in result.findings if one.start is not None and one.location.bbox]
    assert on_page
    assert len(highlights(made)) == len(on_page)
    again = scanner.scan_bytes(made, name=name)
    left = [one for one in again.findings if one.location.bbox and one.location.part != "annotation"]
    assert [(one.type, one.start) for one in left] == [(one.type, one.start) for one in on_page]


def test_remarks_hold_no_value(scanner):
    for name in ("低保花名册.docx", "补贴公示.pdf"):
        data = (ROOT / "examples" / name).read_bytes()
        result, made = marked(scanner, data, name)
        values = {result.document.text[one.start : one.end] for one in result.findings if one.category == "personal"}
        if name.endswith("docx"):
            remarks = "".join(one.text for one in docx.Document(io.BytesIO(made)).comments)
        else:
            pages = pypdf.PdfReader(io.BytesIO(made)).pages
            remarks = "".join(
                str(one.get_object().get("/Contents")) for page in pages for one in page.get("/Annots", ())
            )
        assert remarks
        assert [value for value in values if value in remarks] == []


@pytest.mark.parametrize("name", ["低保花名册.docx", "补贴公示.pdf"])
def test_the_same_file_gives_the_same_copy(scanner, name):
    data = (ROOT / "examples" / name).read_bytes()
    assert marked(scanner, data, name)[1] == marked(scanner, data, name)[1]


def test_a_document_without_doubts_stays_as_it_is(scanner):
    data = (ROOT / "examples/优化营商环境措施.docx").read_bytes()
    assert marked(scanner, data, "a.docx")[1] == data


def test_what_cannot_be_marked_is_said(scanner):
    result = scanner.scan_text(f"身份证号：{RESIDENT_ID}")
    source = f"身份证号：{RESIDENT_ID}".encode()
    for results, given, words in (
        (result, source, "docx、pdf"),
        (result, None, "原文件"),
        (result, b"other", "不是同一份"),
        (result, "没有.txt", "读不到原文件"),
        ([result, result], source, "一次只写一个"),
    ):
        with pytest.raises(prescan.PrescanError, match=re.escape(words)):
            prescan.write(results, "marked", io.BytesIO(), source=given)


def test_a_file_that_is_no_package_is_said_and_not_crashed(scanner):
    broken = word("身份证号：" + RESIDENT_ID)
    with zipfile.ZipFile(io.BytesIO(broken)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != "[Content_Types].xml"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    with pytest.raises(prescan.PrescanError, match="另存"):
        marked(scanner, out.getvalue(), "a.docx")
