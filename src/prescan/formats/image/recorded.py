"""What cameras and programs record with a picture: where and when, by whom, with which device, about what."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.formats import binary
from prescan.formats.image.beside import beside
from prescan.formats.image.exif import exif, profile
from prescan.formats.image.exif import texts as written
from prescan.formats.residue import is_long
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prescan.formats.image.exif import Value

#: Tags of the picture and of its EXIF block that say something of people, places, devices or contents.
_LABELS: Final = {
    0x010E: "图片说明",
    0x010F: "拍摄设备厂商",
    0x0110: "拍摄设备型号",
    0x013B: "作者",
    0x8298: "版权",
    0x9C9B: "标题",
    0x9C9C: "备注",
    0x9C9D: "作者",
    0x9C9E: "关键词",
    0x9C9F: "主题",
    0x9003: "拍摄时间",
    0x9286: "用户说明",
    0xA430: "相机所有者",
    0xA431: "相机序列号",
    0xA435: "镜头序列号",
}
_WIDE: Final = range(0x9C9B, 0x9CA0)
_USER_COMMENT: Final = 0x9286
#: Keys of text chunks in PNG that tell something.
_TEXTS: Final = {"Author": "作者", "Title": "标题", "Description": "图片说明", "Comment": "备注", "Copyright": "版权"}
_LONGEST: Final = 2_000
_PLACE_NOTE: Final = "图片属性：拍摄位置"
#: A picture without any of these holds no entries and no texts.
_SIGNS: Final = (b"Exif\0\0", b"eXIf", b"EXIF", b"tEXt", b"zTXt", b"iTXt", b"rdf:", b"8BIM", b"\xff\xfe", b"II*\0")
_USUAL: Final = re.compile("[ -~\u4e00-\u9fff]")
_UNSEEN: Final = re.compile("[\0-\x1f\x7f]+")


def recorded(data: bytes) -> Iterator[Block]:
    """Yield a block for each telling entry of a picture file; the place it was taken first."""
    told, gps = exif(data)
    if not told and (block := profile(data)):
        told, gps = exif(block)
    if place := _place(gps):
        yield _block(f"拍摄位置（GPS）：{place}", _PLACE_NOTE)
    info = {_TEXTS[key]: text for key, text in written(data) if key in _TEXTS}
    said = ""
    for label, text in {**info, **dict(_told(told))}.items():
        shown = _UNSEEN.sub(" ", text).strip()[:_LONGEST]
        if shown:
            said += f"{shown}\n"
            yield _block(f"{label}：{shown}", "图片属性")
    for text in (*_others({**told, **gps}), *beside(data)):
        if text not in said:
            said += f"{text}\n"
            yield _block(f"其他信息：{text[:_LONGEST]}", "图片属性")


def recorded_inside(contents: Iterable[bytes]) -> Iterator[Block]:
    """Yield what was recorded with pictures in a document and concerns people: places, long numbers, sentences.

    The rest (devices, dates) says nothing that the pictures do not. Only the beginning of each need be given.
    """
    told: set[str] = set()
    for content in contents:
        for block in recorded(content) if any(sign in content for sign in _SIGNS) else ():
            if block.text not in told and (block.note == _PLACE_NOTE or is_long(block.text)):
                told.add(block.text)
                yield replace(block, note=f"文中{block.note}")


def _others(entries: Mapping[int, Value]) -> Iterator[str]:
    """Yield what entries without a label say for people."""
    held = b"\0\0".join(value for tag, value in entries.items() if isinstance(value, bytes) and tag not in _LABELS)
    return binary.texts(held, is_long)


def _block(text: str, note: str) -> Block:
    return Block(text, Location("metadata"), hidden="metadata", note=note)


def _told(entries: Mapping[int, Value]) -> Iterator[tuple[str, str]]:
    for tag, label in _LABELS.items():
        value = entries.get(tag)
        if isinstance(value, bytes):
            yield label, _text(tag, value)


def _text(tag: int, value: bytes) -> str:
    if tag in _WIDE:
        return value.decode("utf-16-le", "replace")
    code, rest = value[:8], value[8:]
    if tag == _USER_COMMENT and code.startswith((b"UNICODE", b"ASCII", b"JIS", b"\0\0\0\0\0\0\0\0")):
        return _wide(rest) if code.startswith(b"UNICODE") else _decoded(rest)
    return _decoded(value)


def _wide(held: bytes) -> str:
    """Return a text in UTF-16 in the order of bytes in which more of it is Chinese or ASCII; programs mix them up."""
    read = (held.decode(f"utf-16-{order}", "replace") for order in ("be", "le"))
    return max(read, key=lambda text: len(_USUAL.findall(text)))


def _decoded(held: bytes) -> str:
    """Return a text in whatever cameras and programs write it: UTF-8, GBK, Latin."""
    for codec in ("utf-8", "gb18030"):
        try:
            return held.decode(codec)
        except UnicodeDecodeError:
            continue
    return held.decode("latin-1")


def _place(gps: Mapping[int, Value]) -> str:
    """Return latitude and longitude in degrees, or ""."""
    degrees = []
    for reference, tag, negative in ((1, 2, b"S"), (3, 4, b"W")):
        parts, side = gps.get(tag), gps.get(reference, b"")
        if not isinstance(parts, tuple) or len(parts) != 3:
            return ""
        value = sum(part / 60**power for power, part in enumerate(parts))
        if value != value:  # noqa: PLR0124  0/0, which stands for a place that was not known
            return ""
        south = isinstance(side, bytes) and side.strip(b"\0 ").upper() == negative
        degrees.append(-value if south else value)
    return f"{degrees[0]:.6f}, {degrees[1]:.6f}" if any(degrees) else ""
