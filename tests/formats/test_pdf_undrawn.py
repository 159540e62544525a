"""Text in drawings that are no text of a page: forms that are never drawn, patterns, data that programs keep."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING

import pytest
from invented import RESIDENT_ID as ID
from needed import program
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from test_pdf_residue import boxed, named, page, pairs, saved, stream

import prescan
from prescan.formats import pdf
from prescan.types import Block, Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pypdf import PdfWriter

FORM = "没有画在页面上的图形中的文字"
PATTERN = "填充图案中的文字"


def told(data: bytes) -> list[tuple[str, str, str | None, str]]:
    """Return what a file says that is not in its visible text."""
    found = [item for item in pdf.read(data, Limits()) if isinstance(item, Block) and item.hidden]
    return [(item.text, item.location.part, item.hidden, item.note) for item in found]


def form(*, drawn: bool) -> bytes:
    """Return a page with a form that reportlab wrote, in Chinese, drawn or not; it has line ends of its own."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    made = canvas.Canvas(out, pagesize=(595, 842))
    made.beginForm("left")
    made.setFont("STSong-Light", 12)
    made.drawString(72, 400, "张某 暗记")
    made.drawString(72, 380, ID)
    made.endForm()
    made.setFont("STSong-Light", 12)
    made.drawString(72, 780, "看得见的正文，字数足够多。")
    if drawn:
        made.doForm("left")
    made.save()
    return out.getvalue()


def shows(text: str) -> DecodedStreamObject:
    return stream(f"BT /F1 12 Tf 2 4 Td ({text}) Tj ET")


def pattern(writer: PdfWriter) -> None:
    """Put a pattern among the resources of a page; whether something is filled with it is another matter."""
    resources = writer.pages[0]["/Resources"]
    looks = pairs(Type="/Pattern", Resources=resources, BBox=boxed(0, 0, 200, 20), Matrix=boxed(1, 0, 0, 1, 9, 9))
    numbers = {f"/{key}": value for key, value in (("PatternType", 1), ("PaintType", 1), ("TilingType", 1))}
    numbers |= {"/XStep": 200, "/YStep": 20}
    tile = shows(ID).flate_encode()
    tile.update(looks)
    tile.update({NameObject(key): boxed(value)[0].__class__(value) for key, value in numbers.items()})
    resources.update(pairs(Pattern=pairs(P=writer._add_object(tile))))


def kept(*, nested: bool) -> object:
    """Return what puts data of a program's own behind a page, compressed."""

    def change(writer: PdfWriter) -> None:
        data = writer._add_object(stream(f"<record><name>张某</name><id>{ID}</id></record>").flate_encode())
        held = pairs(Record=data) if nested else data
        writer.pages[0].update(pairs(PieceInfo=pairs(App=pairs(LastModified="D:20240101120000", Private=held))))

    return change


def unused(writer: PdfWriter) -> None:
    """Put a form among the resources of a page that does not draw it."""
    held = shows(ID)
    looks = pairs(Type="/XObject", Subtype="/Form", BBox=boxed(0, 0, 200, 20), Resources=writer.pages[0]["/Resources"])
    held.update(looks)
    writer.pages[0]["/Resources"].update(pairs(XObject=pairs(X=writer._add_object(held))))


def test_a_form_that_is_never_drawn() -> None:
    """With the index as reportlab writes it, and as pypdf does."""
    assert told(form(drawn=False)) == [(text, "hidden", "hidden_text", FORM) for text in ("张某 暗记", ID)]
    assert told(saved(unused)) == [(ID, "hidden", "hidden_text", FORM)]


def test_a_form_that_is_drawn_is_text_of_the_page() -> None:
    data = form(drawn=True)
    assert told(data) == []
    assert ID in "".join(item.text for item in pdf.read(data, Limits()) if isinstance(item, Block))


def test_text_of_a_pattern() -> None:
    assert told(saved(pattern)) == [(ID, "hidden", "hidden_text", PATTERN)]


@pytest.mark.parametrize("change", [unused, pattern])
def test_an_index_that_is_a_stream(change: object, tmp_path: Path) -> None:
    """As newer programs write it, the objects packed."""
    given, made = tmp_path / "given.pdf", tmp_path / "made.pdf"
    given.write_bytes(saved(change))
    subprocess.run([program("qpdf"), "--object-streams=generate", given, made], check=True)
    assert b"/XRef" in made.read_bytes()
    assert [item[0] for item in told(made.read_bytes())] == [ID]


@pytest.mark.parametrize("nested", [False, True])
def test_data_that_a_program_keeps(nested: bool) -> None:
    ((text, part, hidden, note),) = told(saved(kept(nested=nested)))
    assert (ID in text, part, hidden, note) == (True, "hidden", "hidden_text", "程序随文件保存的数据")


def test_drawings_that_name_themselves_end() -> None:
    """A form that draws itself, never drawn by a page."""

    def change(writer: PdfWriter) -> None:
        round_ = stream(f"BT /F1 12 Tf ({ID}) Tj ET /X Do")
        held = writer._add_object(round_)
        resources = DictionaryObject(writer.pages[0]["/Resources"])
        resources.update(pairs(XObject=pairs(X=held)))
        named(round_, Type="/XObject", Subtype="/Form", BBox=boxed(0, 0, 9, 9), Resources=resources)
        writer._root_object.update(pairs(Own=held))

    assert [item[3] for item in told(saved(change))] == [FORM]


def test_a_file_without_an_index_still_tells() -> None:
    """Damaged at its end: what can be read is."""
    data = form(drawn=False)
    assert ID in [item[0] for item in told(data[: data.rfind(b"startxref")])]


@pytest.mark.parametrize("change", [unused, pattern])
def test_a_copy_does_not_keep_what_is_not_drawn(change: Callable[[PdfWriter], None]) -> None:
    """Nothing names the pattern."""
    assert told(redacted(saved(change))) == []


def test_a_copy_with_a_value_in_what_fills_it_is_refused() -> None:
    """It is seen in the copy, and cannot be taken out."""

    def change(writer: PdfWriter) -> None:
        pattern(writer)
        held = writer.pages[0]
        fill = writer._add_object(stream("/Pattern cs /P scn 50 500 300 100 re f"))
        held[NameObject("/Contents")] = ArrayObject([held["/Contents"].indirect_reference, fill])

    with pytest.raises(prescan.RedactionFailed):
        redacted(saved(change))


def redacted(data: bytes) -> bytes:
    out = io.BytesIO()
    prescan.redact(data, out, prescan.scan(data, name="a.pdf"))
    return out.getvalue()


def test_an_ordinary_page_says_nothing_more() -> None:
    assert told(page()) == []
