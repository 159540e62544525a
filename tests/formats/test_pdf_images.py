"""Images of pages: the size asked for, values covered, limits kept."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from prescan.errors import ReadError
from prescan.formats.page_image import png
from prescan.formats.pdf.images import pages
from prescan.types import Limits

ROSTER = (Path(__file__).parent / "files" / "roster.pdf").read_bytes()


def pixels(image: bytes) -> np.ndarray:
    """Return the rows of a PNG this module wrote."""
    width, height = struct.unpack(">II", image[16:24])
    length = struct.unpack(">I", image[33:37])[0]
    rows = np.frombuffer(zlib.decompress(image[41 : 41 + length]), dtype=np.uint8).reshape(height, 1 + width * 3)
    return rows[:, 1:].reshape(height, width, 3)


def test_png_holds_the_pixels() -> None:
    shown = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    assert (pixels(png(shown)) == shown).all()


def test_grey_pixels_stay_grey() -> None:
    shown = np.arange(6, dtype=np.uint8).reshape(2, 3)
    opened = Image.open(io.BytesIO(png(shown, 1)))
    assert opened.mode == "L"
    assert (np.asarray(opened) == shown).all()


def test_pages_have_the_size_asked_for() -> None:
    told, image = pages(ROSTER, [1, 1, 72], Limits())
    assert len(image) == told["pages"][0]["length"]
    assert image.startswith(b"\x89PNG")
    twice, _ = pages(ROSTER, [1, 1, 144], Limits())
    assert abs(twice["pages"][0]["width"] - 2 * told["pages"][0]["width"]) <= 1


def test_covered_values_cannot_be_seen() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(ROSTER)
    text = document[0].get_textpage().get_text_range()
    value = max(text.split(), key=len)
    _, clear = pages(ROSTER, [1, 1, 100], Limits())
    _, covered = pages(ROSTER, [1, 1, 100, [[value, None]]], Limits())
    changed = (pixels(clear) != pixels(covered)).any(axis=2)
    assert changed.any()
    assert (pixels(covered)[changed] == 150).all()
    assert changed.mean() < 0.05
    _, unknown = pages(ROSTER, [1, 1, 100, [["不在这一页的值", None]]], Limits())
    assert (pixels(unknown) == 150).all()  # what cannot be found is not shown at all


@pytest.mark.parametrize("arguments", [[0, 1, 72], [2, 1, 72], [9, 9, 72], [1, 1, 5000], [1, 500, 72]])
def test_pages_that_are_not_there_are_refused(arguments: list[int]) -> None:
    with pytest.raises(ReadError):
        pages(ROSTER, arguments, Limits())
    with pytest.raises(ReadError):
        pages(b"no pdf", [1, 1, 72], Limits())
