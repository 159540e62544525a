"""Pictures that a page carries in itself: handed on to be recognised, or said to be unread where nothing else is."""

from __future__ import annotations

import base64
import urllib.parse

import pytest
from scans import png, sheet

from prescan.errors import ReadError
from prescan.formats.budget import ReadOptions, SharedLimits
from prescan.formats.html import read
from prescan.types import Block, Limits, Picture, Unread

SCAN = png(sheet())
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'><text>图中暗记</text></svg>"


def address(data: bytes, kind: str = "png") -> str:
    """Return the data: address of a picture."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def items(page: str, *, pictures: int = 5) -> list[Block | Unread]:
    """Return what a page says where so many pictures may be recognised."""
    return list(read(page.encode(), SharedLimits.of(Limits(), ReadOptions(pictures=pictures))))


def drawn(page: str) -> list[Picture]:
    """Return the pictures of a page."""
    return [item for item in items(page) if isinstance(item, Picture)]


@pytest.mark.parametrize(
    "page",
    [
        f"<p>见<img src='{address(SCAN)}'>",
        f"<p style='background:url({address(SCAN)})'>见",
        f'<style>p{{background:url("{address(SCAN)}")}}</style><p>见',
        f"<p>见<input type=image src={address(SCAN)}>",
        f"<p>见<picture><source srcset='{address(SCAN)} 2x'></picture>",
        f"<p>见<img src='{address(SCAN).replace('+', '%2B').replace('=', '%3D')}'>",
        f"<p>见<img src='DATA:IMAGE/PNG;charset=x;BASE64,{base64.encodebytes(SCAN).decode()}'>",
        f"<p>见<div hidden><img src='{address(SCAN)}'></div>",
    ],
)
def test_pictures_are_handed_on(page: str) -> None:
    """Wherever its address stands; beside text it is a picture in it."""
    (picture,) = drawn(page)
    assert (picture.image, picture.kind, picture.location.part) == (SCAN, "inset", "image")


def test_a_page_of_nothing_but_pictures() -> None:
    """They are its pages."""
    (picture,) = drawn(f"<body><img src='{address(SCAN)}'>")
    assert (picture.kind, picture.location.part) == ("page", "body")


def test_each_once_and_none_too_small() -> None:
    """What is repeated is looked at once, icons and what is no picture not at all."""
    icon, broken = address(png(sheet(size=(10, 10)))), address(b"no picture")
    page = f"<p>见<img src='{address(SCAN)}'><img src='{address(SCAN)}'><img src='{icon}'><img src='{broken}'>"
    assert len(drawn(page)) == 1


def test_beyond_the_budget() -> None:
    """A picture beyond it is handed on without its bytes, so that it is said."""
    page = "<p>见" + "".join(f"<img src='{address(png(sheet(colour)))}'>" for colour in ("red", "blue"))
    assert [bool(item.image) for item in items(page, pictures=2) if isinstance(item, Picture)] == [True, False]


def test_without_recognition() -> None:
    """Beside text nothing is said of them, as in other documents; a page that says nothing else is unread."""
    assert [
        item.text for item in items(f"<p>见<img src='{address(SCAN)}'>", pictures=0) if isinstance(item, Block)
    ] == ["见"]
    with pytest.raises(ReadError) as caught:
        items(f"<img src='{address(SCAN)}'>", pictures=0)
    assert caught.value.code == "no_text_layer"
    *_, last = items(f"<title>公示</title><img src='{address(SCAN)}'>", pictures=0)
    assert isinstance(last, Unread)
    assert last.code == "no_text_layer"
    with pytest.raises(ReadError) as caught:
        items(f"<img src='{address(png(sheet(size=(9, 9))))}'>", pictures=0)
    assert caught.value.code == "empty"


@pytest.mark.parametrize(
    "written",
    [
        address(DRAWING.encode(), "svg+xml"),
        "data:image/svg+xml;utf8," + urllib.parse.quote(DRAWING),
        f"data:image/svg+xml;charset=utf-8,{DRAWING}",
    ],
)
def test_words_of_drawings(written: str) -> None:
    """A drawing holds its words as text."""
    found = [item for item in items(f'<p>见<img src="{written}">', pictures=0) if isinstance(item, Block)]
    assert [(item.text, item.location.part) for item in found] == [("见", "body"), ("图中暗记", "image")]


def test_addresses_made_to_cost_time() -> None:
    """They come to an end."""
    page = "<p>见" + "<img src='data:image/svg+xml,<svg'>" * 5_000 + "<img src='data:image/png;base64,A'>" * 5_000
    assert next(item.text for item in items(page, pictures=0) if isinstance(item, Block)) == "见"
