"""Properties of a PDF, including all XMP packets: of the document, its pictures and its earlier revisions."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan.formats.html.parts import is_telling
from prescan.formats.residue import has_number_or_sentence
from prescan.formats.text import has_visible
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Default values of programs.
_DEFAULTS: Final = frozenset(
    {"untitled", "anonymous", "(anonymous)", "unspecified", "(unspecified)", "python-docx", "无标题", "未命名"}
)
_LABELS: Final = {
    "title": "标题",
    "creator": "作者",
    "description": "描述",
    "subject": "主题",
    "rights": "版权",
    "publisher": "出版者",
    "contributor": "参与者",
    "Keywords": "关键词",
    "Author": "作者",
    "Company": "单位",
    "Manager": "经理",
    "Category": "类别",
    "Comments": "备注",
    "LastModifiedBy": "最后修改者",
    "Owner": "所有者",
    "AuthorsPosition": "作者职务",
    "CaptionWriter": "说明撰写者",
    "Credit": "提供者",
    "Headline": "标题",
    "Instructions": "说明",
}
#: Namespace of custom properties; only substantial ones are kept.
_CUSTOM: Final = "http://ns.adobe.com/pdfx/1.3/"
_PACKET: Final = re.compile(rb"/Type\s*/Metadata\b")
_STREAM: Final = re.compile(rb"stream\r?\n")
_DICTIONARY: Final = 1_000
_MOST_PACKETS: Final = 50
_MOST_BYTES: Final = 1 << 20


def block(label: str, value: str) -> Block:
    """Return the block of a property."""
    return Block(f"{label}：{value}", Location("metadata"), hidden="metadata", note="文件属性")


def is_property(value: str) -> bool:
    """Return whether a property has a value that is not a program's default."""
    return has_visible(value) and value.strip().lower() not in _DEFAULTS


def blocks(data: bytes, reported: dict[str, None]) -> Iterator[Block]:
    """Yield the properties of every packet in the file whose values are not in `reported`."""
    for _, found in zip(range(_MOST_PACKETS), _PACKET.finditer(data), strict=False):
        start = _STREAM.search(data, found.end(), found.end() + _DICTIONARY)
        for label, value in _properties(_packet(data, start.end())) if start else ():
            text = value.strip()
            if is_property(text) and text not in reported:
                reported[text] = None
                yield block(label, text)


def _packet(data: bytes, start: int) -> bytes:
    """Return the RDF in a stream, decompressed if needed; b"" if there is none or it is encrypted."""
    packet = data[start : start + _MOST_BYTES]
    if packet[:1] not in {b"<", b"\xef"}:
        try:
            packet = zlib.decompressobj().decompress(packet, _MOST_BYTES)
        except zlib.error:
            return b""
    first = packet.find(b"<rdf:RDF")
    last = packet.find(b"</rdf:RDF>", first)
    return packet[first : last + len(b"</rdf:RDF>")] if 0 <= first < last else b""


def _properties(packet: bytes) -> Iterator[tuple[str, str]]:
    """Yield label and value of each property in a packet."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=True)
    root = etree.fromstring(packet, parser) if packet else None
    for description in root if root is not None else ():
        for name, value in description.attrib.items():
            yield from _property(str(name), str(value))
        for element in description.iterchildren("{*}*"):
            if (inner := list(element.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"))) or element.text:
                for item in inner or [element]:
                    yield from _property(str(element.tag), item.text or "")
    for element in root.iter("{*}*") if root is not None else ():
        for name, value in ((element.tag, element.text), *element.items()):
            if has_number_or_sentence(str(value or "")):  # whatever its name and depth
                yield str(name).rpartition("}")[2], str(value)


def _property(tag: str, value: str) -> Iterator[tuple[str, str]]:
    space, _, name = tag.removeprefix("{").rpartition("}")
    if name in _LABELS:
        yield _LABELS[name], value
    elif space == _CUSTOM and is_telling(value) and not value.startswith("D:"):
        yield name, value
