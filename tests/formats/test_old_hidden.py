"""Rich text: what styles, colours, sizes and places hide, what silent groups say; pictures in old documents."""

from __future__ import annotations

import io

import pytest
from invented import RESIDENT_ID as ID
from PIL import Image

from prescan.formats import identify, media, read
from prescan.formats.budget import ReadOptions
from prescan.formats.old.inside import stored_pictures
from prescan.types import Block, Limits, Picture

COLOURS = r"{\colortbl;\red255\green255\blue255;\red0\green0\blue0;\red31\green78\blue121;}"
STYLES = r"{\stylesheet{\s5\v Buried;}{\*\cs6\v Deep;}{\s7 Plain;}}"


def rtf(body: str) -> bytes:
    return (r"{\rtf1\ansi\ansicpg936" + COLOURS + STYLES + r"\pard seen\par " + body + "}").encode()


def told(data: bytes) -> list[tuple[str, str | None, str]]:
    found = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block) and ID in item.text]
    return [(item.location.part, item.hidden, item.note) for item in found]


UNSEEN = {
    "style of a paragraph": (rf"\pard\s5 {ID}\par", "隐藏文字"),
    "style of characters": (rf"{{\cs6 {ID}}}\par", "隐藏文字"),
    "white": (rf"{{\cf1 {ID}}}\par", "白色文字"),
    "tiny": (rf"{{\fs2 {ID}}}\par", "极小文字"),
    "marker pen": (rf"{{\cf2\highlight2 {ID}}}\par", "黑底上的黑字"),
    "white behind a dark cell": (
        (
            r"\trowd\clcbpat3\cellx1000\cellx2000\pard\plain\intbl x\cell\pard\plain\intbl"
            rf"{{\cf1 {ID}}}\cell\row\pard\par"
        ),
        "白色文字",
    ),
    "white below a table": (rf"\trowd\clcbpat3\cellx1000\pard\intbl x\cell\row\pard{{\cf1 {ID}}}\par", "白色文字"),
    "same colour": (rf"{{\cf3\chcbpat3 {ID}}}\par", "与底色相同的文字"),
    "indented away": (rf"\pard\li-20000 {ID}\par", "页面之外的文字"),
    "frame beside": (rf"\pard\posx-20000\absw100 {ID}\par", "页面之外的文字"),
}
SEEN = {
    "style": rf"\pard\s7 {ID}\par",
    "after a hidden paragraph": rf"\pard\s5 x\par\pard {ID}\par",
    "white on blue": rf"{{\cf1\highlight3 {ID}}}\par",
    "white in a dark cell": rf"\trowd\clcbpat3\cellx1000\pard\intbl\clcbpat3{{\cf1 {ID}}}\cell\row\pard\par",
    "white in a second dark cell": (
        r"\trowd\cellx1000\clcbpat3\cellx2000\pard\plain\intbl x\cell\pard\plain\intbl"
        rf"{{\cf1 {ID}}}\cell\row\pard\par"
    ),
    "shown in a style that hides": rf"\pard{{\cs6\v0 {ID}}}\par",
    "indented": rf"\pard\li720 {ID}\par",
}


@pytest.mark.parametrize("name", UNSEEN)
def test_text_that_its_looks_hide(name: str) -> None:
    body, note = UNSEEN[name]
    kind = "fake_redaction" if note == "黑底上的黑字" else "hidden_text"
    assert told(rtf(body)) == [("hidden", kind, note)]


@pytest.mark.parametrize("name", SEEN)
def test_text_that_only_looks_hidden(name: str) -> None:
    ((_, hidden, _),) = told(rtf(SEEN[name]))
    assert hidden is None


@pytest.mark.parametrize(
    "group",
    [
        rf"{{\*\docvar {{a}}{{{ID}}}}}",
        rf"{{\*\userprops {{\propname a}}\proptype30{{\staticval {ID}}}}}",
        rf'{{\field{{\*\fldinst HYPERLINK "mailto:{ID}@x.cn"}}{{\fldrslt x}}}}',
        rf"{{\shp{{\*\shpinst{{\sp{{\sn wzDescription}}{{\sv {ID}}}}}}}}}",
        rf"{{\*\bkmkstart {ID}}}x{{\*\bkmkend {ID}}}",
        rf"{{\*\unknown {ID}}}",
    ],
)
def test_what_silent_groups_say_is_told(group: str) -> None:
    assert told(rtf(rf"{group}\par")) == [("hidden", "hidden_text", "随文件保存的数据")]


def pixels(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(out, kind)
    return out.getvalue()


def test_pictures_of_rich_text_are_recognised_or_are_its_pages() -> None:
    drawn = rf"{{\pict\pngblip {pixels('PNG').hex()}}}"
    data = rtf(drawn + r"\par")
    options = ReadOptions(pictures=9)
    kinds = [
        item.kind for item in read(data, identify(data, ""), Limits(), options=options) if isinstance(item, Picture)
    ]
    assert kinds == ["inset"]
    alone = rf"{{\rtf1\ansi {drawn}\par}}".encode()
    found = list(read(alone, identify(alone, ""), Limits(), options=ReadOptions(pictures=9)))
    assert [item.kind for item in found if isinstance(item, Picture)] == ["page"]


class Holder:
    """A compound file with these streams."""

    def __init__(self, **streams: bytes) -> None:
        self.names = frozenset(streams)
        self.bytes_of = streams.__getitem__


def cut(content: bytes) -> bytes:
    """Return a drawing as a workbook keeps it: in records of limited length."""
    pieces = [content[at : at + 300] for at in range(0, len(content), 300)]
    kinds = [0x00EB, *[0x003C] * (len(pieces) - 1)]
    records = [
        kind.to_bytes(2, "little") + len(piece).to_bytes(2, "little") + piece
        for kind, piece in zip(kinds, pieces, strict=True)
    ]
    return b"\x09\x08\x02\x00xx" + b"".join(records) + b"\x0a\x00\x00\x00"


def test_pictures_are_found_in_the_streams_of_old_documents() -> None:
    png, jpeg = pixels("PNG"), pixels("JPEG")
    assert list(stored_pictures(Holder(Data=b"head" + png + b"between" + jpeg + b"tail"))) == [png, jpeg]
    assert list(stored_pictures(Holder(Workbook=cut(b"head" + png)))) == [png]
    assert list(stored_pictures(Holder(Pictures=png[:60]))) == [png[:60]]
    assert list(media.pictures_of([png, png, b"\x89PNG\r\n\x1a\n"], Limits(), without_text=False)) == []
