"""What cameras and programs record with a picture: where and when, by whom, with which device, about what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

_EXIF: Final = 0x8769
_GPS: Final = 0x8825
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


def recorded(image: Image.Image) -> Iterator[Block]:
    """Yield a block for each telling entry of an opened picture; the place it was taken first."""
    try:
        exif = image.getexif()
        place = _place(dict(exif.get_ifd(_GPS)))
        told = {**dict(exif), **dict(exif.get_ifd(_EXIF))}
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, EOFError, ZeroDivisionError):
        place, told = "", {}
    if place:
        yield _block(f"拍摄位置（GPS）：{place}", "图片属性：拍摄位置")
    texts = {_LABELS[tag]: _text(tag, told[tag]) for tag in _LABELS if tag in told}
    info = {label: str(image.info[key]) for key, label in _TEXTS.items() if isinstance(image.info.get(key), str)}
    for label, text in {**info, **texts}.items():
        shown = _UNSEEN.sub(" ", text).strip()[:_LONGEST]
        if shown:
            yield _block(f"{label}：{shown}", "图片属性")


def _block(text: str, note: str) -> Block:
    return Block(text, Location("metadata"), hidden="metadata", note=note)


def _text(tag: int, value: Any) -> str:  # noqa: ANN401  whatever the file holds
    if isinstance(value, bytes):
        if tag in _WIDE:
            return value.decode("utf-16-le", "replace")
        code, rest = value[:8], value[8:]
        if tag == _USER_COMMENT and code.startswith((b"UNICODE", b"ASCII", b"JIS", b"\0\0\0\0\0\0\0\0")):
            return rest.decode("utf-16-be" if code.startswith(b"UNICODE") else "utf-8", "replace")
        return value.decode("utf-8", "replace")
    if tag in _WIDE and isinstance(value, tuple):
        return bytes(byte for byte in value if isinstance(byte, int) and 0 <= byte < 256).decode("utf-16-le", "replace")
    return _decoded(value) if isinstance(value, str) else str(value)


def _decoded(text: str) -> str:
    """Return a text that was taken for Latin as what it is: cameras and programs write UTF-8 or GBK."""
    try:
        held = text.encode("latin-1")
    except UnicodeEncodeError:
        return text
    for codec in ("utf-8", "gb18030"):
        try:
            return held.decode(codec)
        except UnicodeDecodeError:
            continue
    return text


def _place(gps: dict[int, Any]) -> str:
    """Return latitude and longitude in degrees, or ""."""
    degrees = []
    for reference, tag, negative in ((1, 2, "S"), (3, 4, "W")):
        parts = gps.get(tag)
        if not isinstance(parts, tuple) or len(parts) != 3:
            return ""
        value = sum(float(part) / 60**power for power, part in enumerate(parts))
        if value != value:  # noqa: PLR0124  0/0, which stands for a place that was not known
            return ""
        degrees.append(-value if str(gps.get(reference, "")).strip("\0 ").upper() == negative else value)
    return f"{degrees[0]:.6f}, {degrees[1]:.6f}" if any(degrees) else ""
