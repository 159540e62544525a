"""Metadata that cameras and programs store in a picture: place, time, author, device, description."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.formats import binary
from prescan.formats.image.exif import exif, png_texts, profile
from prescan.formats.image.other_metadata import other_texts
from prescan.formats.residue import has_number_or_sentence
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prescan.formats.image.exif import Value

#: TIFF and EXIF tags that concern people, places, devices or contents, with their labels.
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
_UTF16_TAGS: Final = range(0x9C9B, 0x9CA0)
_USER_COMMENT: Final = 0x9286
#: Keys of text chunks in PNG, with their labels.
_PNG_KEYS: Final = {
    "Author": "作者",
    "Title": "标题",
    "Description": "图片说明",
    "Comment": "备注",
    "Copyright": "版权",
}
_MAX_CHARS: Final = 2_000
_GPS_NOTE: Final = "图片属性：拍摄位置"
#: A picture without any of these byte strings holds no metadata.
_METADATA_SIGNS: Final = (
    b"Exif\0\0",
    b"eXIf",
    b"EXIF",
    b"tEXt",
    b"zTXt",
    b"iTXt",
    b"rdf:",
    b"8BIM",
    b"\xff\xfe",
    b"II*\0",
)
_COMMON_CHARACTER: Final = re.compile("[ -~\u4e00-\u9fff]")
_CONTROLS: Final = re.compile("[\0-\x1f\x7f]+")


def picture_metadata(data: bytes) -> Iterator[Block]:
    """Yield a block for each piece of metadata in a picture file; GPS coordinates first."""
    entries, gps = exif(data)
    if not entries and (block := profile(data)):
        entries, gps = exif(block)
    if place := _coordinates(gps):
        yield _block(f"拍摄位置（GPS）：{place}", _GPS_NOTE)
    info = {_PNG_KEYS[key]: text for key, text in png_texts(data) if key in _PNG_KEYS}
    reported = ""
    for label, text in {**info, **dict(_labelled(entries))}.items():
        cleaned = _CONTROLS.sub(" ", text).strip()[:_MAX_CHARS]
        if cleaned:
            reported += f"{cleaned}\n"
            yield _block(f"{label}：{cleaned}", "图片属性")
    for text in (*_unlabelled({**entries, **gps}), *other_texts(data)):
        if text not in reported:
            reported += f"{text}\n"
            yield _block(f"其他信息：{text[:_MAX_CHARS]}", "图片属性")


def embedded_metadata(contents: Iterable[bytes]) -> Iterator[Block]:
    """Yield metadata of pictures inside a document, only places, long numbers and sentences, each once.

    The rest (devices, dates) is not worth reporting there. `contents`: the first bytes of each picture are enough.
    """
    seen: set[str] = set()
    for content in contents:
        for block in picture_metadata(content) if any(sign in content for sign in _METADATA_SIGNS) else ():
            if block.text not in seen and (block.note == _GPS_NOTE or has_number_or_sentence(block.text)):
                seen.add(block.text)
                yield replace(block, note=f"文中{block.note}")


def _unlabelled(entries: Mapping[int, Value]) -> Iterator[str]:
    """Yield the long numbers and sentences in entries without a label."""
    content_bytes = b"\0\0".join(
        value for tag, value in entries.items() if isinstance(value, bytes) and tag not in _LABELS
    )
    return binary.strings(content_bytes, has_number_or_sentence)


def _block(text: str, note: str) -> Block:
    return Block(text, Location("metadata"), hidden="metadata", note=note)


def _labelled(entries: Mapping[int, Value]) -> Iterator[tuple[str, str]]:
    for tag, label in _LABELS.items():
        value = entries.get(tag)
        if isinstance(value, bytes):
            yield label, _text(tag, value)


def _text(tag: int, value: bytes) -> str:
    if tag in _UTF16_TAGS:
        return value.decode("utf-16-le", "replace")
    code, rest = value[:8], value[8:]
    if tag == _USER_COMMENT and code.startswith((b"UNICODE", b"ASCII", b"JIS", b"\0\0\0\0\0\0\0\0")):
        return _wide(rest) if code.startswith(b"UNICODE") else _decoded(rest)
    return _decoded(value)


def _wide(content_bytes: bytes) -> str:
    """Decode UTF-16 in the byte order that gives more Chinese and ASCII; programs mix the orders up."""
    read = (content_bytes.decode(f"utf-16-{order}", "replace") for order in ("be", "le"))
    return max(read, key=lambda text: len(_COMMON_CHARACTER.findall(text)))


def _decoded(content_bytes: bytes) -> str:
    """Decode a text as UTF-8, else GB18030, else Latin-1: cameras and programs use them all."""
    for codec in ("utf-8", "gb18030"):
        try:
            return content_bytes.decode(codec)
        except UnicodeDecodeError:
            continue
    return content_bytes.decode("latin-1")


def _coordinates(gps: Mapping[int, Value]) -> str:
    """Return latitude and longitude in degrees, or ""."""
    degrees = []
    for reference, tag, negative in ((1, 2, b"S"), (3, 4, b"W")):
        parts, side = gps.get(tag), gps.get(reference, b"")
        if not isinstance(parts, tuple) or len(parts) != 3:
            return ""
        value = sum(part / 60**power for power, part in enumerate(parts))
        if value != value:  # noqa: PLR0124  NaN from 0/0: place unknown
            return ""
        south = isinstance(side, bytes) and side.strip(b"\0 ").upper() == negative
        degrees.append(-value if south else value)
    return f"{degrees[0]:.6f}, {degrees[1]:.6f}" if any(degrees) else ""
