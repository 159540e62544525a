"""Redacted copies of every format: nothing planted is found again, not by prescan and not by other programs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import openpyxl
import outside_tools
import planted_values
import pypdf
import pytest
from PIL import Image
from pypdf.annotations import Rectangle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from prescan.formats import identify, read
from prescan.redaction import redact
from prescan.types import Block, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan import Scanner
    from prescan.redaction import Redaction

FILES = Path(__file__).parents[1] / "formats" / "files"
MAKERS: dict[str, Callable[[planted_values.Planted], bytes]] = {
    "docx": planted_values.word,
    "xlsx": planted_values.workbook,
    "pdf": planted_values.pdf,
    "html": planted_values.page,
}


@pytest.fixture(scope="module", params=list(MAKERS))
def made(request: pytest.FixtureRequest, scanner: Scanner, tmp_path_factory: pytest.TempPathFactory):
    """Return the kind, the source, its redacted copy, what was done, and what was planted_values."""
    kind = request.param
    folder = tmp_path_factory.mktemp(kind)
    held = planted_values.Planted()
    source = folder / f"source.{kind}"
    source.write_bytes(MAKERS[kind](held))
    copy = folder / f"copy.{kind}"
    done = redact(scanner, source, copy)
    return kind, source, copy, done, held.values


def blocks(path: Path) -> list[Block]:
    """Return what prescan reads of a file."""
    data = path.read_bytes()
    return [item for item in read(data, identify(data, path.name), Limits()) if isinstance(item, Block)]


def copied(scanner: Scanner, data: bytes, name: str, **how) -> tuple[bytes, Redaction]:
    """Return the redacted copy of some bytes, and what was done."""
    out = io.BytesIO()
    done = redact(scanner, data, out, name=name, **how)
    return out.getvalue(), done


def test_the_planted_values_were_there(made: tuple) -> None:
    """A value that the program lost on the way would prove nothing."""
    kind, source, _, _, values = made
    if kind in {"docx", "xlsx"}:
        with_parts = outside_tools.zip_leaks(source.read_bytes(), values.values())
        # Numbers in cells, in the embedded workbook and in compressed text chunks stand in no plain part.
        missing = {place for place, value in values.items() if value not in with_parts}
        assert missing <= {"embedded workbook", "picture metadata"}
    else:
        squeezed = "".join("".join(block.text.split()) for block in blocks(source))
        assert [place for place, value in values.items() if value not in squeezed] == []
        assert len(values) > 15


def test_no_value_is_left(made: tuple) -> None:
    kind, _, copy, _, values = made
    data = copy.read_bytes()
    squeezed = "".join("".join(block.text.split()) for block in blocks(copy))
    assert not [place for place, value in values.items() if value in squeezed]
    assert not [place for place, value in values.items() if value.encode() in data]
    if kind in {"docx", "xlsx"}:
        assert outside_tools.zip_leaks(data, values.values()) == {}


def test_nothing_hidden_is_left(made: tuple, scanner: Scanner) -> None:
    again = scanner.scan_file(made[2])
    assert [finding.type for finding in again.findings if finding.category == "hidden_content"] == []
    assert again.complete


def test_the_other_text_stays(made: tuple) -> None:
    """What is seen and holds no value is told by the copy as by the source."""
    _, source, copy, done, values = made
    gone = [*values.values(), "栾承志", "邬满仓"]  # a name beside numbers of the same person goes with them
    now = "\n".join(block.text for block in blocks(copy))
    unseen = {"comment", "deleted", "hidden", "metadata", "annotation", "attachment", "image"}
    lost = [
        block.text
        for block in blocks(source)
        if block.location.part not in unseen and not block.hidden and block.location.member is None
        if block.text not in now and not any(value in "".join(block.text.split()) for value in gone)
    ]
    assert lost == []
    assert planted_values.KEPT in now
    assert done.page_images == ()


def test_the_copy_is_for_its_owner_and_the_source_as_it_was(made: tuple, scanner: Scanner) -> None:
    _, source, copy, _, _ = made
    assert copy.stat().st_mode & 0o777 == 0o600
    assert source.read_bytes() != copy.read_bytes()
    before = source.read_bytes()
    redact(scanner, source, copy)
    assert source.read_bytes() == before
    assert sorted(path.name for path in copy.parent.glob(".*")) == []


def test_poppler_and_qpdf_find_nothing(made: tuple) -> None:
    kind, source, copy, _, values = made
    if kind != "pdf":
        pytest.skip("不是 PDF，由 LibreOffice 核对")
    assert outside_tools.pdf_leaks(copy, values.values()) == {}
    outside_tools.run("qpdf", "--check", str(copy))
    assert outside_tools.pdf_pages(copy) == len(pypdf.PdfReader(source).pages)
    assert "****" in outside_tools.pdf_text(copy)


def test_libreoffice_opens_the_copy_and_finds_nothing(made: tuple) -> None:
    kind, _, copy, _, values = made
    if kind == "pdf":
        pytest.skip("PDF 由 poppler 和 qpdf 核对")
    shown = "".join(outside_tools.office_text(copy, "csv" if kind == "xlsx" else "txt").split())
    assert planted_values.KEPT in shown
    assert not [place for place, value in values.items() if value in shown]


def test_python_docx_and_openpyxl_open_the_copy(made: tuple) -> None:
    kind, _, copy, _, _ = made
    if kind == "docx":
        document = docx.Document(str(copy))
        assert planted_values.KEPT in [paragraph.text for paragraph in document.paragraphs]
        assert len(document.tables[0].rows) == 3
    elif kind == "xlsx":
        book = openpyxl.load_workbook(copy)
        assert book.sheetnames == ["发放名单", "说明"]
        assert book["发放名单"]["E1"].value == planted_values.KEPT


def test_a_pdf_that_libreoffice_printed(scanner: Scanner, tmp_path: Path) -> None:
    """Its fonts are subsets with codes of their own."""
    held = planted_values.Planted()
    source = tmp_path / "word.docx"
    source.write_bytes(planted_values.word(held))
    printed = outside_tools.office_pdf(source)
    copy = tmp_path / "copy.pdf"
    done = redact(scanner, printed, copy)
    assert done.page_images == ()
    assert outside_tools.pdf_leaks(copy, held.values.values()) == {}
    before, after = outside_tools.pdf_text(printed), outside_tools.pdf_text(copy)
    assert planted_values.KEPT in after
    seen = [word for word in before.split() if "框内" not in word]  # clipped by its frame: it was never seen
    assert len(after.split()) == len(seen)
    assert "******" in after


def test_a_scanned_page_with_recognised_text_becomes_a_picture(scanner: Scanner) -> None:
    """The value stands in the picture too: taking the text away would only hide it."""
    data = (FILES / "ocr_under.pdf").read_bytes()
    made, done = copied(scanner, data, "扫描.pdf")
    assert done.page_images == (1,)
    assert any("第 1 页" in item for item in done.listed)
    assert scanner.scan_bytes(made, name="扫描.pdf").unread[0].code == "no_text_layer"


@pytest.mark.parametrize(
    "name", ["covers", "cell_covered", "covering_notes", "layers", "marks", "off_page", "revised", "rotated", "unseen"]
)
def test_text_under_boxes_and_in_hidden_places_of_a_pdf_goes(scanner: Scanner, name: str) -> None:
    data = (FILES / f"{name}.pdf").read_bytes()
    before = scanner.scan_bytes(data, name="a.pdf")
    values = {
        before.document.text[finding.start : finding.end]
        for finding in before.findings
        if finding.type == "resident_id"
    }
    assert any(finding.category in {"hidden_content", "personal"} for finding in before.findings)
    made, _ = copied(scanner, data, "a.pdf")
    again = scanner.scan_bytes(made, name="a.pdf")
    assert not [finding for finding in again.findings if finding.category in {"hidden_content", "personal"}]
    assert not [value for value in values if value in again.document.text]


@pytest.mark.parametrize("how", ["drawn", "noted"])
def test_what_a_box_hides_of_a_picture_does_not_come_to_light(scanner: Scanner, how: str) -> None:
    """The picture is whole in the file, under a rectangle or under a note: only its page as it is seen may stay."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(72, 780, "A page with a picture")
    canvas.drawImage(ImageReader(Image.radial_gradient("L")), 72, 400, 200, 200)
    if how == "drawn":
        canvas.rect(100, 450, 90, 40, stroke=0, fill=1)
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=stream)
    if how == "noted":
        writer.add_annotation(0, Rectangle(rect=(100, 450, 190, 490), interior_color="000000"))
    source = io.BytesIO()
    writer.write(source)
    made, done = copied(scanner, source.getvalue(), "a.pdf")
    assert done.page_images == (1,)
    page = pypdf.PdfReader(io.BytesIO(made)).pages[0]
    assert len(page.images) == 1
    shown = page.images[0].image.convert("L")
    scale = 200 / 72
    assert shown.width >= 595 * scale - 1
    assert shown.getpixel((int(145 * scale), int((841.89 - 470) * scale))) == 0


def test_bold_type_that_is_written_several_times_goes_each_time(scanner: Scanner) -> None:
    """PDFium tells only the first of texts that lie on each other."""
    held = planted_values.Planted()
    line = f"申请人身份证号：{held.id('bold')}"
    stream = io.BytesIO()
    canvas = Canvas(stream)
    pdfmetrics.registerFont(UnicodeCIDFont(planted_values.FONT))
    canvas.setFont(planted_values.FONT, 12)
    for shift in (0, 0.2, 0.4, 0.6, 0.8):
        canvas.drawString(72 + shift, 700, line)
    canvas.save()
    made, done = copied(scanner, stream.getvalue(), "a.pdf")
    assert done.page_images == ()
    digits = held.values["bold"].encode("utf-16-be")
    contents = pypdf.PdfReader(io.BytesIO(made)).pages[0].get_contents().get_data()
    assert contents.count(b"Tj") + contents.count(b"TJ") >= 5
    assert digits.hex().encode() not in contents.lower()
    assert digits not in contents


def test_black_bars(scanner: Scanner) -> None:
    """A bar is drawn where the characters were taken out, not over them."""
    held = planted_values.Planted()
    made, _ = copied(scanner, planted_values.pdf(held), "a.pdf", style="bar")
    text = scanner.scan_bytes(made, name="a.pdf").document.text
    assert "申请人身份证号" in text
    assert "*" not in text
    assert not [value for value in held.values.values() if value in text]


def test_text_keeps_its_encoding_and_line_ends(scanner: Scanner) -> None:
    held = planted_values.Planted()
    text = f"姓名,身份证号\r\n栾承志,{held.id('a')}\r\n备注,𡐓"
    for bom, codec in ((b"", "gb18030"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"", "utf-8")):
        made, _ = copied(scanner, bom + text.encode(codec), "名单.csv")
        assert made.startswith(bom)
        lines = made[len(bom) :].decode(codec).split("\r\n")
        assert lines[0] == "姓名,身份证号"
        assert lines[2] == "备注,𡐓"
        assert "****" in lines[1]
        assert held.values["a"] not in lines[1]
