"""Picture files: what was recorded with them, their pages, and what cannot be opened."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from make_ofd import ofd, page, text
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from scans import png, sheet

from prescan.errors import ReadError
from prescan.formats import convert, identify, read
from prescan.formats.budget import ReadOptions
from prescan.formats.image import exif
from prescan.formats.image.pixels import size_of
from prescan.types import Block, Limits, Picture, Unread

if TYPE_CHECKING:
    from pathlib import Path


def items(data: bytes, pictures: int = 9, name: str = "") -> list[Block | Unread]:
    return list(read(data, identify(data, name), Limits(), name, ReadOptions(pictures=pictures)))


def camera() -> Image.Exif:
    """Return what a telephone records."""
    told = Image.Exif()
    told[0x010F], told[0x0110] = "某牌".encode(), "手机一号".encode("gbk")
    told[0x9C9D] = "测试甲\0".encode("utf-16-le")
    gps = told.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (31.0, 14.0, 6.0), "W", (121.0, 30.0, 0.0)
    return told


def photo(kind: str = "JPEG") -> bytes:
    """Return a photograph with what a telephone records."""
    out = io.BytesIO()
    sheet().save(out, kind, exif=camera())
    return out.getvalue()


def claimed(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds nothing of it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def test_where_and_by_whom_a_photograph_was_taken() -> None:
    blocks = [item for item in items(photo(), pictures=0) if isinstance(item, Block)]
    assert blocks[0].text == "拍摄位置（GPS）：31.235000, -121.500000"
    assert [block.text for block in blocks[1:]] == ["拍摄设备厂商：某牌", "拍摄设备型号：手机一号", "作者：测试甲"]
    assert {(block.hidden, block.location.part) for block in blocks} == {("metadata", "metadata")}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
def test_what_was_recorded_is_read_in_every_kind_of_picture(kind: str) -> None:
    told = [item.text for item in items(photo(kind), pictures=0) if isinstance(item, Block)]
    assert "拍摄设备型号：手机一号" in told
    assert "作者：测试甲" in told
    if kind != "TIFF":  # Pillow writes no place into TIFF
        assert told[0] == "拍摄位置（GPS）：31.235000, -121.500000"


@pytest.mark.parametrize("pictures", [0, 9])
def test_where_a_telephone_took_a_picture_that_cannot_be_decoded_is_said(pictures: int) -> None:
    data = b"\0\0\0\x18ftypheic" + b"\0" * 40 + camera().tobytes() + b"\0" * 40
    first, *_, last = items(data, pictures)
    assert isinstance(first, Block)
    assert first.text == "拍摄位置（GPS）：31.235000, -121.500000"
    assert isinstance(last, Unread)
    assert last.code == "no_text_layer"


def test_texts_of_a_png_wherever_and_however_they_stand() -> None:
    block = camera().tobytes().removeprefix(b"Exif\0\0")
    told = PngInfo()
    told.add_itxt("Title", "值班名单", zip=True)
    told.add_text("Author", "Li", zip=True)
    told.add_text("Software", "不相干")
    told.add_text("Raw profile type exif", f"\nexif\n{len(block)}\n" + block.hex())
    out = io.BytesIO()
    sheet().save(out, "PNG", pnginfo=told)
    data = out.getvalue()
    late = b"tEXtComment\0late"
    end = data.rindex(b"IEND") - 4
    data = data[:end] + struct.pack(">I", len(late) - 4) + late + b"\0\0\0\0" + data[end:]
    found = [item.text for item in items(data, pictures=0) if isinstance(item, Block)]
    assert found[0].startswith("拍摄位置（GPS）：31.235000")
    assert {"标题：值班名单", "备注：late", "拍摄设备厂商：某牌"} <= set(found)
    assert "作者：测试甲" in found  # the camera's word goes before the program's
    assert not any("不相干" in text for text in found)


def test_the_comment_of_a_user_in_its_three_codes() -> None:
    for code, held in (
        (b"UNICODE\0", "救助".encode("utf-16-be")),
        (b"ASCII\0\0\0", b"aid"),
        (b"\0" * 8, "救助".encode()),
    ):
        taken = Image.Exif()
        taken.get_ifd(0x8769)[0x9286] = code + held
        out = io.BytesIO()
        sheet().save(out, "JPEG", exif=taken)
        told = [item.text for item in items(out.getvalue(), pictures=0) if isinstance(item, Block)]
        assert told in (["用户说明：救助"], ["用户说明：aid"])


def test_a_broken_record_is_none() -> None:
    data = photo()
    start = data.index(b"Exif\0\0")
    for cut in range(start, start + 400):
        exif.exif(data[:cut])  # nothing is raised
    whole = exif.exif(data)
    spoiled = [exif.exif(data[:at] + b"\xff" + data[at + 1 :]) for at in range(start + 6, start + 200)]
    assert sum(one != whole for one in spoiled) > 100  # and nothing is raised either
    loop = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + b"\0" * 8
    assert exif.exif(loop).told == {0x8769: (8,)}
    many = b"MM\0*\0\0\0\x08\xff\xff" + struct.pack(">HHII", 0x010E, 2, 0xFFFFFFFF, 8) * 3
    assert exif.exif(many) == ({}, {})
    assert exif.profile(b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffzTXt" + b"\0" * 20) == b""


_NO_PILLOW = """
import sys
sys.modules["PIL"] = None
from pathlib import Path
from prescan.errors import ReadError
from prescan.formats import convert, identify, read
from prescan.types import Limits
for path in sys.argv[1:]:
    data = Path(path).read_bytes()
    found = identify(data, path)
    print(sum(1 for _ in read(data, found, Limits(), path)))
    try:
        convert("pages", data, found, [1, 1, 96], Limits())
    except ReadError as error:
        print(error.code, error.detail)
"""


def test_without_pillow_pictures_and_ofd_are_read_and_pages_name_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(photo())
    (tmp_path / "b.ofd").write_bytes(ofd([page(text("名单附后", 20, 20))]))
    done = subprocess.run(
        [sys.executable, "-c", _NO_PILLOW, tmp_path / "a.jpg", tmp_path / "b.ofd"],
        capture_output=True,
        text=True,
        check=True,
    )
    missing = "unsupported 画出这种文件的页面要用 Pillow，请安装：pip install 'prescan[web]'"
    assert done.stdout.splitlines() == ["5", missing, "1", missing]


def test_without_recognition_a_picture_is_said_to_be_unread() -> None:
    *_, last = items(photo(), pictures=0)
    assert isinstance(last, Unread)
    assert last.code == "no_text_layer"
    assert "pip install 'prescan[ocr]'" in last.detail
    with pytest.raises(ReadError) as caught:
        items(png(sheet()), pictures=0)
    assert caught.value.code == "no_text_layer"


def test_the_picture_is_handed_on_as_it_is() -> None:
    data = png(sheet(), dpi=(300, 300))
    (picture,) = items(data)
    assert isinstance(picture, Picture)
    assert (picture.image, picture.kind, picture.location.page) == (data, "page", 1)
    assert picture.size == pytest.approx((595 * 72 / 300, 842 * 72 / 300), rel=0.01)


def test_each_page_of_a_tiff_is_a_picture_up_to_the_budget() -> None:
    out = io.BytesIO()
    sheet().convert("1").save(out, "TIFF", save_all=True, append_images=[sheet("red"), sheet("blue")])
    found = items(out.getvalue(), pictures=2)
    assert [picture.location.page for picture in found] == [1, 2, 3]
    assert [bool(picture.image) for picture in found] == [True, True, False]
    assert Image.open(io.BytesIO(found[1].image)).getpixel((200, 130)) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_kinds_of_pictures(kind: str) -> None:
    out = io.BytesIO()
    sheet().save(out, kind)
    assert identify(out.getvalue(), "").media_type == f"image/{kind.lower()}"
    (picture,) = items(out.getvalue())
    assert isinstance(picture, Picture)


def test_a_wrong_extension_of_a_picture_is_said() -> None:
    assert [item.hidden for item in items(png(sheet()), name="公示.docx") if isinstance(item, Block)][-1:] == [
        "wrong_extension"
    ]
    assert all(not item.hidden for item in items(png(sheet()), name="公示.jpg") if isinstance(item, Block))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (claimed(60_000, 60_000), "too_large"),
        (claimed(12_000, 11_000), "too_large"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "no_text_layer"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "no_text_layer"),
        (b"II*\0\x08\0\0\0\xff\xff", "no_text_layer"),
    ],
)
def test_what_cannot_be_opened_is_refused_without_decoding(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        items(data)
    assert caught.value.code == code
    with pytest.raises(ReadError) as caught:
        items(data, pictures=0)
    assert caught.value.code == "no_text_layer"


def test_the_size_on_paper() -> None:
    image = Image.open(io.BytesIO(png(Image.new("L", (1684, 1190)))))
    assert size_of(image) == pytest.approx((842, 595))
    turned = Image.open(io.BytesIO(photo()))
    assert size_of(turned) == pytest.approx((595, 842))


@pytest.mark.parametrize("way", range(1, 9))
def test_a_picture_taken_sideways_is_measured_as_it_is_shown(way: int) -> None:
    out, taken = io.BytesIO(), Image.Exif()
    taken[0x0112] = way
    Image.new("L", (1684, 1190)).save(out, "JPEG", exif=taken)
    wide, high = size_of(Image.open(out))
    assert (wide > high) == (way < 5)


def test_page_images_are_drawn_and_covered() -> None:
    data = png(sheet(), dpi=(96, 96))
    found = identify(data, "")
    told, made = convert("pages", data, found, [1, 1, 96], Limits())
    assert (told["pages"][0]["width"], told["pages"][0]["height"]) == (595, 842)
    plain = np.asarray(Image.open(io.BytesIO(made)))
    assert plain[130, 200].tolist() == [0, 0, 0]
    scale = 72 / 96
    box = [100 * scale, 100 * scale, 300 * scale, 160 * scale]
    _, made = convert("pages", data, found, [1, 1, 96, [["x", box]]], Limits())
    covered = np.asarray(Image.open(io.BytesIO(made)))
    assert covered[130, 200].tolist() == [150, 150, 150]
    assert covered[400, 200].tolist() == [255, 255, 255]
    with pytest.raises(ReadError, match="没有这一页"):
        convert("pages", data, found, [2, 2, 96], Limits())
