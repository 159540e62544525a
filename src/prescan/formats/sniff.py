"""Detects the format of a file by its content; the name decides only where the content leaves it open.

What cannot be read is refused with a reason: a file taken for the wrong format would be reported as clean.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.mail_signs import mail_format
from prescan.formats.text import BOMS, MARKS, wide_codec

if TYPE_CHECKING:
    from collections.abc import Collection

_HEAD: Final = 8192
_CONVERT: Final = "请转成 docx、xlsx、pptx、pdf、html 或 txt 后重扫"
_UNPACK: Final = "请解压后逐个扫描"

#: Unsupported files by their first bytes: (offset, bytes, what it is, next step).
_UNSUPPORTED: Final = (
    (0, b"\x28\xb5\x2f\xfd", "zst 压缩包", _UNPACK),
    (0, b"MSCF\0\0\0\0", "cab 压缩包", _UNPACK),
    (0, b"%!PS", "PostScript 文件", _CONVERT),
    (0, b"\x7fELF", "可执行程序", "请确认是否放错了文件"),
    (0, b"SQLite format 3\0", "数据库文件", "请导出为 csv 或 txt 后重扫"),
)
#: Pictures: (offset, bytes, the second half of the media type).
_PICTURES: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (8, b"WEBP", "webp"),
    (4, b"ftypheic", "heic"),
    (4, b"ftypmif1", "heif"),
    (4, b"ftypavif", "avif"),
    (0, b"\0\0\x01\0", "x-icon"),
    (0, b"\0\0\0\x0cjP  ", "jp2"),
    (0, b"8BPS", "vnd.adobe.photoshop"),
    (0, b"AT&TFORM", "vnd.djvu"),
)
#: Supported files by their first bytes: (offset, bytes, key of FORMATS). The second bz2 is that of an empty file.
_BY_MAGIC: Final = (
    (0, b"{\\rtf", "rtf"),
    (0, b"\x1f\x8b", "gz"),
    (4, b"1AY&SY", "bz2"),
    (4, b"\x17\x72\x45\x38\x50\x90", "bz2"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
)
#: Office packages: (content type of the main part in `[Content_Types].xml`, its usual name, key of FORMATS).
_OFFICE: Final = (
    (
        rb"(wordprocessingml\.(document|template)|ms-word\.(document|template)\.macroEnabled(Template)?)\.main\+xml",
        "word/document.xml",
        "docx",
    ),
    (
        rb"(spreadsheetml\.(sheet|template)|ms-excel\.(sheet|template|addin)\.macroEnabled)\.main\+xml",
        "xl/workbook.xml",
        "xlsx",
    ),
    (
        rb"(presentationml\.|ms-powerpoint\.)(presentation|template|slideshow)(\.macroEnabled)?\.main\+xml",
        "ppt/presentation.xml",
        "pptx",
    ),
)
#: Other packages: (a member that identifies it, key of FORMATS).
_OTHER_PACKAGES: Final = (("OFD.xml", "ofd"), ("META-INF/manifest.xml", "odf"), ("xl/workbook.bin", "xlsb"))
#: Unsupported packages: (a member that identifies it, what it is, next step).
_UNSUPPORTED_PACKAGES: Final = (("META-INF/container.xml", "电子书（epub）", _CONVERT),)
#: OLE compound files: (a stream that identifies it, key of FORMATS).
_OLE_STREAMS: Final = (
    ("__properties_version1.0", "msg"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
    ("Book", "xls"),
)
_ZIPS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DIRECTORY_BYTES: Final = 8 << 20

_TYPES: Final = "[Content_Types].xml"
_END: Final = b"PK\x05\x06"
#: Signature of a record in the directory of a zip, and the length of the record before the name.
_ENTRY: Final = b"PK\x01\x02"
_ENTRY_HEAD: Final = 46
#: Length of the end record of a zip with the longest comment it may have.
_END_BYTES: Final = 22 + 0xFFFF

_BITMAP: Final = b"BM"
_ALL_MAGICS: Final = (
    *((0, magic) for magic in (*_ZIPS, _OLE, _BITMAP)),
    *((at, magic) for at, magic, *_ in (*_PICTURES, *_UNSUPPORTED, *_BY_MAGIC)),
)
#: All first bytes above by their offset: plain texts have none of them.
_MAGICS: Final = tuple(
    (place, tuple(magic for at, magic in _ALL_MAGICS if at == place)) for place in sorted({at for at, _ in _ALL_MAGICS})
)
_CHECKSUM: Final = slice(148, 156)
_OCTAL: Final = b"01234567"
_HTML_START: Final = re.compile(r"<(!doctype\s+html|html|head|body)[\s>/]", re.IGNORECASE)
_TAG: Final = re.compile(r"<[a-z!/]", re.IGNORECASE)
_TABLE_NAMES: Final = (".csv", ".tsv", ".tab")
_HTML_NAMES: Final = (".html", ".htm", ".xhtml", ".shtml")
_OFFICE_XML: Final = ("<?mso-application", "<w:wordDocument", "<pkg:package", "<office:document", "<uof:UOF")
_CONTROL_BYTES: Final = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r\x0b\x0c\x1a\x1b")


def sniff(data: bytes, name: str) -> str:
    """Return the key of FORMATS for `data`. Raises ReadError, naming the kind of file, if it cannot be read."""
    found = _sniff_magic(data)
    if found:
        return found
    head = _text_head(data)
    if mail := mail_format(head):
        return mail
    if head.lstrip("\ufeff \t\r\n").startswith("<?xml") and any(mark in head for mark in _OFFICE_XML):
        return "flat"
    if _is_html(head, name):
        return "html"
    return "csv" if name.lower().endswith(_TABLE_NAMES) else "text"


def _sniff_magic(data: bytes) -> str:
    """Return the key of FORMATS by the first bytes; "" if it may be a text."""
    if _has_magic(data):
        if data.startswith(_ZIPS):
            return _sniff_zip(data)
        if data.startswith(_OLE):
            return _sniff_ole(data)
        if media_type(data):
            return "image"
        for at, magic, what, step in _UNSUPPORTED:
            if data.startswith(magic, at):
                raise _unsupported(what, step)
        if packed := next((key for at, magic, key in _BY_MAGIC if data.startswith(magic, at)), ""):
            return packed
    if _is_tar(data):
        return "tar"
    return "pdf" if b"%PDF-" in data[:1024] else ""


def _has_magic(data: bytes) -> bool:
    for at, magics in _MAGICS:  # noqa: SIM110  any() of a generator takes twice as long
        if data.startswith(magics, at):
            return True
    return False


def _is_tar(data: bytes) -> bool:
    written = data[_CHECKSUM].strip(b"\0 ")
    if not written or written.strip(_OCTAL):  # cannot be a tar, so its module need not be imported
        return False
    from prescan.formats.archive.tar import is_tar  # noqa: PLC0415 (its package imports this module's users)

    return is_tar(data)


def has_appended_zip(data: bytes) -> bool:
    """Return whether a file that is not a zip ends with one, which unpackers would open."""
    if data.startswith(b"PK"):
        return False
    from_here = max(0, len(data) - _END_BYTES)
    if data.rfind(_END[-1:], from_here) < 0:  # rules out most texts far faster than four bytes do
        return False
    end = data.rfind(_END, from_here)
    return end >= 0 and end + 22 + int.from_bytes(data[end + 20 : end + 22], "little") == len(data)


def _sniff_zip(data: bytes) -> str:
    """Return the key for a zip: an office package or an archive. Raises ReadError for unsupported packages."""
    end = data.rfind(_END)
    if end >= 0 and int.from_bytes(data[end + 12 : end + 16], "little") > _DIRECTORY_BYTES:
        raise ReadError("archive_limit", "压缩包内的文件过多，请解压后逐个扫描")
    if usual := _ordinary_office(data, end):
        return usual
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = {info.filename: info for info in package.infolist()}
            types = members.get(_TYPES)
            if types and types.flag_bits & 1:
                raise ReadError("encrypted")
            declared = package.open(types).read(1 << 20) if types else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise ReadError("corrupted") from error
    if not members:
        raise ReadError("empty", "压缩包是空的，请确认是否放错了文件")
    return _package_format(members, declared) or "zip"


def _package_format(members: Collection[str], declared: bytes) -> str:
    """Return the key of a package by its members and its declared content types; "" for a mere archive."""
    for pattern, main, key in _OFFICE:
        if main in members or re.search(pattern, declared):
            return key
    for member, key in _OTHER_PACKAGES:
        if member in members and (key != "odf" or "content.xml" in members):
            return key
    for member, what, step in _UNSUPPORTED_PACKAGES:
        if member in members:
            raise _unsupported(what, step)
    return ""


def _ordinary_office(data: bytes, end: int) -> str:
    """Return the key of an office package whose main part has its usual name, else "".

    A search in the bytes of the directory is enough: the reader of the package checks them properly.
    """
    listed = data[int.from_bytes(data[end + 16 : end + 20], "little") : end] if end >= 0 else b""
    for _, main, key in _OFFICE:
        at = listed.find(main.encode())
        name = at - _ENTRY_HEAD
        if name >= 0 and listed.startswith(_ENTRY, name) and listed[name + 28 : name + 30] == bytes([len(main), 0]):
            return key
    return ""


def _sniff_ole(data: bytes) -> str:
    """Return the key for an OLE compound file. Raises ReadError for an Office file with a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadError("encrypted")
    for stream, key in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return key
    raise _unsupported("旧版办公文档（doc、xls、wps 等）", "请用原软件另存为 docx 或 pdf 后重扫")


def _unsupported(what: str, step: str) -> ReadError:
    return ReadError("unsupported", f"这是{what}，暂不支持；{step}")


def media_type(data: bytes) -> str:
    """Return the media type of a picture; "" for anything else."""
    if data.startswith(_BITMAP) and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    return next((f"image/{kind}" for at, magic, kind in _PICTURES if data.startswith(magic, at)), "")


def _text_head(data: bytes) -> str:
    """Return the beginning of a text, decoded well enough to find tags. Raises ReadError if it is not a text."""
    for bom, codec in BOMS if data.startswith(MARKS) else ():
        if data.startswith(bom):
            return data[len(bom) : _HEAD].decode(codec, "replace")
    head = data[:_HEAD]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    if b"\0" in data or controls > 0.1 * len(head):
        wide = wide_codec(data)
        if wide is None:
            raise _unsupported("二进制文件", _CONVERT)
        return head.decode(wide, "replace")
    return head.decode("latin-1")


def _is_html(head: str, name: str) -> bool:
    """Return whether a text is a web page by its first tags; for a file named .html any tag will do."""
    if name.lower().endswith(_HTML_NAMES):
        return _TAG.search(head) is not None
    return head.lstrip("\ufeff \t\r\n\x0c").startswith("<") and _HTML_START.search(head) is not None
