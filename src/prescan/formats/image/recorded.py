"""What cameras and programs record with a picture: where and when, by whom, with which device, about what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.image.exif import exif, profile
from prescan.formats.image.exif import texts as written
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
_UNSEEN: Final = re.compile("[\0-\x1f\x7f]+")


def recorded(data: bytes) -> Iterator[Block]:
    """Yield a block for each telling entry of a picture file; the place it was taken first."""
    told, gps = exif(data)
    if not told and (block := profile(data)):
        told, gps = exif(block)
    if place := _place(gps):
        yield _block(f"拍摄位置（GPS）：{place}", "图片属性：拍摄位置")
    info = {_TEXTS[key]: text for key, text in written(data) if key in _TEXTS}
    for label, text in {**info, **dict(_told(told))}.items():
        shown = _UNSEEN.sub(" ", text).strip()[:_LONGEST]
        if shown:
            yield _block(f"{label}：{shown}", "图片属性")


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
        return rest.decode("utf-16-be", "replace") if code.startswith(b"UNICODE") else _decoded(rest)
    return _decoded(value)


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
