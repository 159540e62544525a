"""Files that only LibreOffice can read, where it is installed: it saves them in a format that is read here.

These are damaged files and rare variants of the old formats, single-file XML of Office and UOF, and xlsb.
libreoffice.py runs the program.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan import formats
from prescan.errors import ReadError
from prescan.formats import libreoffice, properties
from prescan.formats.html.encoded import unpacked
from prescan.formats.package import LOCAL_NAME, attribute, descendants, parsed
from prescan.formats.residue import Residue
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_INSTALL_HINT: Final = "安装 LibreOffice 后重扫可以读取，或用原软件另存为 docx、xlsx、pptx 后重扫"
_FAILED: Final = "LibreOffice 也未能读出，请用原软件打开并另存为 docx、xlsx、pptx 后重扫"
_PARTIAL: Final = "文件已损坏，文字由 LibreOffice 读出，可能不全，请用原软件打开核对"
#: The share of a file's time limit that LibreOffice may take: its result must still be read.
_SHARE_OF_TIME: Final = 0.6
#: The first of these byte strings in a file gives the format to save it in; later ones may come from embedded files.
_TARGET_BY_SIGN: Final = {
    b"Excel.Sheet": "xlsx",
    b"opendocument.spreadsheet": "xlsx",
    b"xl/workbook": "xlsx",
    "电子表格".encode(): "xlsx",
    b"PowerPoint": "pptx",
    b"opendocument.presentation": "pptx",
    "演示文稿".encode(): "pptx",
}
_SIGN: Final = re.compile(b"|".join((*_TARGET_BY_SIGN, rb"opendocument\.text|Word\.Document")))
_HEAD: Final = 1 << 16
_BEGIN: Final = 64
_LEADING: Final = b"\xef\xbb\xbf \t\r\n"
#: Root of a whole Office package written as one XML file (Flat OPC).
_PACKAGE: Final = b"<pkg:package"
#: Properties of Office and OpenDocument, by their names in lower case, with their labels.
_PROPERTIES: Final = {
    "title": "标题",
    **dict.fromkeys(("author", "creator", "initial-creator"), "作者"),
    "lastauthor": "最后修改者",
    "subject": "主题",
    **dict.fromkeys(("keywords", "keyword"), "关键词"),
    "description": "备注",
    "category": "类别",
    "manager": "主管",
    "company": "单位",
}
_PROPERTY: Final = re.compile(
    rb"<(?:o:|dc:|meta:)?(%b)(?:\s[^<>]*)?>([^<>]{1,4000})</" % "|".join(_PROPERTIES).encode(), re.IGNORECASE
)


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the file's blocks. Raises ReadError: external_tool if LibreOffice is missing or cannot read the file."""
    target = _target_format(data[:_HEAD])
    if _PACKAGE in data[:_HEAD]:
        yield from formats.read(_to_zip(data), formats.FORMATS[target], limits)
        return
    texts: list[str] = []
    for item in _converted(data, target, limits, ReadError("external_tool", _INSTALL_HINT)):
        texts += [item.text] if isinstance(item, Block) else []
        yield item
    if data[:_BEGIN].lstrip(_LEADING).startswith(b"<"):
        yield from _left_out(data, texts)


def _left_out(data: bytes, reported: list[str]) -> Iterator[Block]:
    """Yield texts of an XML file that LibreOffice drops: properties, deletions, notes in forms.

    `reported`: the texts that it kept.
    """
    found: list[Block] = []
    for name, text in _PROPERTY.findall(data[:_HEAD]):
        value = html.unescape(text.decode("utf-8", "replace"))
        found += properties.property_blocks(_PROPERTIES[name.decode().lower()], value)
    yield from found
    residue = Residue()
    residue.scan_markup("", data, texts=True)
    known = [*reported, *(block.text for block in found)]
    for text, concealment in residue.unreported(known):
        yield Block(text, Location(concealment.part), hidden=concealment.hidden, note=concealment.note)


def _to_zip(data: bytes) -> bytes:
    """Return an Office package that is written as one XML file as a zip. Raises ReadError."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in descendants(parsed(data), "part"):
            name, data_element = attribute(part, "name").lstrip("/"), next(iter(part), None)
            if data_element is None or not name:
                continue
            if LOCAL_NAME[data_element.tag] == "binaryData":
                archive.writestr(name, unpacked(data_element.text or ""))
            elif len(data_element):
                archive.writestr(name, etree.tostring(data_element[0], encoding="utf-8", with_tail=False))
    return out.getvalue()


def read_again(data: bytes, target: str, limits: Limits, error: ReadError) -> Iterator[Block | Unread]:
    """Yield the blocks of what LibreOffice makes of a file that failed with `error`. Raises ReadError if it fails."""
    yield from _converted(data, target, limits, ReadError(error.code, f"{error.detail}；{_INSTALL_HINT}"))
    if error.code == "corrupted":
        yield Unread("", "corrupted", _PARTIAL)


def _converted(data: bytes, target: str, limits: Limits, without: ReadError) -> Iterator[Block | Unread]:
    """Yield the blocks of the file as LibreOffice saves it. Raises `without` if LibreOffice is not installed."""
    program = libreoffice.program()
    if not program:
        raise without
    saved = libreoffice.OFFICE.save(program, data, target, limits.seconds * _SHARE_OF_TIME)
    if not saved:
        raise ReadError(without.code, _FAILED)
    for item in formats.read(saved, formats.FORMATS[target], limits):
        if isinstance(item, Block) and item.location.part == "metadata":
            continue  # LibreOffice writes these into every file it saves
        yield replace(item, name="") if isinstance(item, Unread) else item


def _target_format(head: bytes) -> str:
    """Return the key of the format in which LibreOffice is to save a file, given its beginning."""
    sign = _SIGN.search(head)
    return _TARGET_BY_SIGN.get(sign[0], "docx") if sign else "docx"
