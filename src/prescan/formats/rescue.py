"""Files that only LibreOffice reads: it saves them in a format read here, where it is installed.

Of old formats these are damaged files and forms that are rare; Office's and UOF's XML files and xlsb are read in no
other way. How LibreOffice is run is in libreoffice.py.
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

_INSTALL: Final = "安装 LibreOffice 后重扫可以读取，或用原软件另存为 docx、xlsx、pptx 后重扫"
_FAILED: Final = "LibreOffice 也未能读出，请用原软件打开并另存为 docx、xlsx、pptx 后重扫"
_PARTIAL: Final = "文件已损坏，文字由 LibreOffice 读出，可能不全，请用原软件打开核对"
#: The share of a file's time that LibreOffice may take: what it saves must still be read.
_SHARE: Final = 0.6
#: What is said first in a file tells the format to save it in; behind it may stand what is embedded.
_SIGNS: Final = {
    b"Excel.Sheet": "xlsx",
    b"opendocument.spreadsheet": "xlsx",
    b"xl/workbook": "xlsx",
    "电子表格".encode(): "xlsx",
    b"PowerPoint": "pptx",
    b"opendocument.presentation": "pptx",
    "演示文稿".encode(): "pptx",
}
_SIGN: Final = re.compile(b"|".join((*_SIGNS, rb"opendocument\.text|Word\.Document")))
_HEAD: Final = 1 << 16
_BEGIN: Final = 64
_BEFORE: Final = b"\xef\xbb\xbf \t\r\n"
#: How Office writes a whole package as one XML file.
_PACKAGE: Final = b"<pkg:package"
#: Properties as Office and OpenDocument write them, by their names in lower case.
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
    """Yield what the file says. Raises ReadError: external_tool without LibreOffice or if it cannot read the file."""
    target = _target(data[:_HEAD])
    if _PACKAGE in data[:_HEAD]:
        yield from formats.read(_zipped(data), formats.FORMATS[target], limits)
        return
    texts: list[str] = []
    for item in _converted(data, target, limits, ReadError("external_tool", _INSTALL)):
        texts += [item.text] if isinstance(item, Block) else []
        yield item
    if data[:_BEGIN].lstrip(_BEFORE).startswith(b"<"):
        yield from _left_out(data, texts)


def _left_out(data: bytes, told: list[str]) -> Iterator[Block]:
    """Yield what an XML file holds for people that LibreOffice leaves out: properties, deletions, notes in forms."""
    found: list[Block] = []
    for name, text in _PROPERTY.findall(data[:_HEAD]):
        said = html.unescape(text.decode("utf-8", "replace"))
        found += properties.metadata(_PROPERTIES[name.decode().lower()], said)
    yield from found
    residue = Residue()
    residue.look("", data, texts=True)
    for text, mark in residue.untold([*told, *(block.text for block in found)]):
        yield Block(text, Location(mark.part), hidden=mark.hidden, note=mark.note)


def _zipped(data: bytes) -> bytes:
    """Return an Office package that is written as one XML file as the zip that it stands for. Raises ReadError."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part in descendants(parsed(data), "part"):
            name, held = attribute(part, "name").lstrip("/"), next(iter(part), None)
            if held is None or not name:
                continue
            if LOCAL_NAME[held.tag] == "binaryData":
                made.writestr(name, unpacked(held.text or ""))
            elif len(held):
                made.writestr(name, etree.tostring(held[0], encoding="utf-8", with_tail=False))
    return out.getvalue()


def read_again(data: bytes, target: str, limits: Limits, error: ReadError) -> Iterator[Block | Unread]:
    """Yield what LibreOffice makes of a file that could not be read for `error`. Raises it if nothing comes of it."""
    yield from _converted(data, target, limits, ReadError(error.code, f"{error.detail}；{_INSTALL}"))
    if error.code == "corrupted":
        yield Unread("", "corrupted", _PARTIAL)


def _converted(data: bytes, target: str, limits: Limits, without: ReadError) -> Iterator[Block | Unread]:
    """Read the file that LibreOffice saves. Raises `without` if there is none."""
    program = libreoffice.program()
    if not program:
        raise without
    saved = libreoffice.OFFICE.save(program, data, target, limits.seconds * _SHARE)
    if not saved:
        raise ReadError(without.code, _FAILED)
    for item in formats.read(saved, formats.FORMATS[target], limits):
        if isinstance(item, Block) and item.location.part == "metadata":
            continue  # what LibreOffice writes into every file it saves
        yield replace(item, name="") if isinstance(item, Unread) else item


def _target(head: bytes) -> str:
    """Return the key of the format that a file is to be saved in."""
    sign = _SIGN.search(head)
    return _SIGNS.get(sign[0], "docx") if sign else "docx"
