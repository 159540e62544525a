"""Pages and streams of a PDF to which nothing leads: told as hidden, gone from the copy."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from invented import RESIDENT_ID as ID
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen import canvas
from test_pdf_residue import saved, stream
from test_pdf_undrawn import redacted, shows, told

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE, CONTENT, DATA = "没有列入页序的页面中的文字", "没有用到的页面内容中的文字", "文件中没有用到的数据"


def drawn(*texts: str) -> bytes:
    """Return a file with a page for each text."""
    out = io.BytesIO()
    made = canvas.Canvas(out)
    for text in texts:
        made.drawString(72, 700, text)
        made.showPage()
    made.save()
    return out.getvalue()


def taken_out(writer: PdfWriter, kind: str = "/Page") -> DictionaryObject:
    """Put a page into the file that is in no list of pages."""
    held = PdfReader(io.BytesIO(drawn(ID))).pages[0].clone(writer)
    del held["/Parent"]
    held[NameObject("/Type")] = NameObject(kind)
    return writer._add_object(held)


def template(writer: PdfWriter) -> None:
    """A page that a form may add when somebody presses a button."""
    names = ArrayObject([TextStringObject("T"), taken_out(writer, "/Template")])
    tree = DictionaryObject({NameObject("/Templates"): DictionaryObject({NameObject("/Names"): names})})
    writer._root_object[NameObject("/Names")] = tree


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (template, PAGE),
        (lambda writer: writer._root_object.__setitem__(NameObject("/Own"), taken_out(writer)), PAGE),
        (lambda writer: writer._add_object(shows(ID)), CONTENT),
        (lambda writer: writer._add_object(stream(f"left behind: {ID}")), DATA),
    ],
    ids=["template", "page", "content", "data"],
)
def test_what_nothing_leads_to_is_told_and_not_copied(change: Callable[[PdfWriter], object], note: str) -> None:
    data = saved(change)
    assert told(data) == [(ID if note != DATA else f"left behind: {ID}", "hidden", "hidden_text", note)]
    assert told(redacted(data)) == []


def test_pages_in_their_order_are_no_hidden_place() -> None:
    assert told(drawn(ID, "Notice of a meeting", "Second notice")) == []


def test_contents_of_several_streams_are_no_hidden_place() -> None:
    """Each page may have a list of them, as an object of its own."""

    def change(writer: PdfWriter) -> None:
        held = writer.pages[0]
        further = writer._add_object(shows(ID))
        listed = ArrayObject([held["/Contents"].indirect_reference, further])
        held[NameObject("/Contents")] = writer._add_object(listed)

    assert told(saved(change)) == []
