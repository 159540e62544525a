"""Pictures in redacted copies say nothing beside what they show."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from prescan.formats import picture_cleaning

SAID = "证号110101190203140028"


def made(kind: str) -> bytes:
    """Return a picture of a few colours whose metadata says something."""
    picture = Image.new("RGB", (40, 30), "white")
    for column in range(40):
        picture.putpixel((column, column % 30), (column * 6, 0, 200))
    stream = io.BytesIO()
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Author", SAID)
        info.add_itxt("Comment", SAID)
        picture.save(stream, "PNG", pnginfo=info, exif=exif())
    elif kind == "JPEG":
        picture.save(stream, "JPEG", exif=exif(), comment=SAID.encode(), progressive=True)
    else:
        picture.save(stream, "GIF", comment=SAID.encode())
    return stream.getvalue()


def exif() -> Image.Exif:
    """Return EXIF data with a description."""
    held = Image.Exif()
    held[0x010E] = SAID
    return held


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_metadata_goes_and_the_picture_stays(kind: str) -> None:
    before = made(kind)
    assert SAID.encode() in before
    extension, after = picture_cleaning.clean(before)
    assert extension == kind.lower()
    assert SAID.encode() not in after
    was, now = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert now.convert("RGB").tobytes() == was.convert("RGB").tobytes()
    assert not now.getexif()
    assert "comment" not in now.info


@pytest.mark.parametrize(
    "data", [b"", b"\x01\0\0\0EMF", b"<svg/>", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(7)]
)
def test_what_is_not_known_or_broken_gives_way_to_a_blank(data: bytes) -> None:
    assert picture_cleaning.clean(data) is None
    assert Image.open(io.BytesIO(picture_cleaning.blank_png())).size == (1, 1)


def test_what_follows_the_end_of_a_jpeg_goes() -> None:
    """Cameras and people append things."""
    assert SAID.encode() not in picture_cleaning.clean(made("JPEG") + SAID.encode())[1]
