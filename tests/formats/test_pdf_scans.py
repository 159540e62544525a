"""Which pictures of a pdf are handed on for their text to be recognised, and where they stand."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from scans import sheet

from prescan.formats import identify, read
from prescan.formats.budget import ReadOptions
from prescan.types import Limits, Picture, Unread

TEXT = "The quick brown fox jumps over the lazy dog and writes a report about it."
A4 = (595, 842)


def pdf(*pages: tuple[int, list[tuple[Image.Image, float, float, float, float]], int]) -> bytes:
    """Return a pdf: of each page the lines of text, pictures (left, bottom, width, height), and how text is drawn."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for lines, images, mode in pages:
        for image, left, bottom, width, height in images:
            canvas.drawImage(ImageReader(image), left, bottom, width, height)
        for number in range(lines):
            text = canvas.beginText(72, 760 - 14 * number)
            text.setTextRenderMode(mode)
            text.textLine(TEXT)
            canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def pictures(data: bytes, budget: int = 50) -> list[Picture]:
    items = list(read(data, identify(data, ""), Limits(), "", ReadOptions(pictures=budget)))
    assert not [item for item in items if isinstance(item, Unread)]
    return [item for item in items if isinstance(item, Picture)]


def test_a_picture_in_a_text_stands_at_its_place() -> None:
    (picture,) = pictures(pdf((5, [(sheet(size=(200, 100)), 100, 300, 200, 100)], 0)))
    assert (picture.kind, picture.location.part, picture.location.page) == ("inset", "image", 1)
    assert picture.location.bbox == pytest.approx((100, 442, 300, 542), abs=1)
    assert picture.size == pytest.approx((200, 100), abs=1)
    drawn = Image.open(io.BytesIO(picture.image))
    assert drawn.width == pytest.approx(200 * 200 / 72, abs=4)


def test_a_scan_with_a_text_layer_is_compared_with_it() -> None:
    (picture,) = pictures(pdf((5, [(sheet(), 0, 0, *A4)], 3)))
    assert (picture.kind, picture.location.part, picture.location.bbox) == ("layer", "image", None)


def test_a_page_that_is_a_picture_is_drawn_whole_the_first_one_finer() -> None:
    first, second = pictures(pdf((0, [(sheet(), 0, 0, *A4)], 0), (0, [(sheet("red"), 0, 0, *A4)], 0)))
    assert (first.kind, first.location.part, first.location.page, first.size) == ("page", "body", 1, A4)
    widths = [Image.open(io.BytesIO(one.image)).width for one in (first, second)]
    assert widths == [pytest.approx(595 * 300 / 72, abs=2), pytest.approx(595 * 200 / 72, abs=2)]
    assert Image.open(io.BytesIO(first.image)).mode == "L"  # without colours it is a third of the size


def test_icons_and_what_was_seen_before_are_left_out() -> None:
    logo, icon = sheet(size=(200, 100)), sheet(size=(20, 20))
    page = (5, [(logo, 100, 300, 100, 50), (icon, 10, 10, 8, 8)], 0)
    assert [one.location.page for one in pictures(pdf(page, page, page))] == [1]


def test_pictures_in_texts_leave_some_of_the_budget_to_pages() -> None:
    inset = [
        (5, [(Image.new("RGB", (200, 100), f"#{number * 9:02x}00ff"), 100, 300, 200, 100)], 0) for number in range(9)
    ]
    whole = [(0, [(sheet(f"#00{number:02x}ff"), 0, 0, *A4)], 0) for number in range(9)]
    found = pictures(pdf(*inset, *whole), budget=10)
    drawn = [one.kind for one in found if one.image]
    assert (drawn.count("inset"), drawn.count("page")) == (6, 4)
    assert len(found) == 18


def test_a_page_of_any_size_is_drawn_within_bounds() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(14_000, 14_000))
    canvas.drawImage(ImageReader(sheet()), 0, 0, 14_000, 14_000)
    canvas.save()
    (picture,) = pictures(out.getvalue())
    drawn = Image.open(io.BytesIO(picture.image))
    assert drawn.width * drawn.height <= 26_000_000
