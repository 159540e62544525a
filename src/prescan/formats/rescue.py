"""Files that only LibreOffice reads: it saves them in a format read here, where it is installed.

Of old formats these are damaged files and forms that are rare; Office's and UOF's XML files and xlsb are read in no
other way. How LibreOffice is run is in libreoffice.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan import formats
from prescan.errors import ReadError
from prescan.formats import libreoffice
from prescan.types import Block, Unread

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


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the file says. Raises ReadError: external_tool without LibreOffice or if it cannot read the file."""
    yield from _converted(data, _target(data[:_HEAD]), limits, ReadError("external_tool", _INSTALL))


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
