"""What a file is, by its content; what cannot be read is refused with a reason."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from prescan.errors import ReadError
from prescan.formats import identify
from prescan.formats.sniff import has_appended_zip, sniff

SENTENCE = "关于印发《管理办法》的通知，编号 2024-3。\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def make_zip(**members: str) -> bytes:
    """Return a zip of `members`; `__` in a name stands for a slash."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, text in members.items():
            package.writestr(name.replace("__", "/").replace("TYPES", "[Content_Types].xml"), text)
    return stream.getvalue()


def make_tar(name: str, kind: int) -> bytes:
    """Return a tar with one empty member."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=kind) as archive:
        archive.addfile(tarfile.TarInfo(name))
    return stream.getvalue()


def old_tar() -> bytes:
    """Return a tar as it was before the standard: nothing but the checksum tells it."""
    data = bytearray(make_tar("a.txt", tarfile.USTAR_FORMAT))
    data[257:265], data[148:156] = bytes(8), b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


WORD_TYPES = 'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"'
SHEET_TYPES = WORD_TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet")
SLIDE_TYPES = 'ContentType="application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml"'
EMBEDDED_WORD = 'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document"'


@pytest.mark.parametrize(
    "codec",
    ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_text_in_every_encoding(codec: str) -> None:
    """Chinese text is text, with or without a byte order mark."""
    assert sniff(SENTENCE.encode(codec), "a.docx") == "text"


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.7\n", "a.txt", "pdf"),
        (b"\n" * 1000 + b"%PDF-1.4\n", "a", "pdf"),
        (make_zip(word__document_xml="x", **{"word/document.xml": "x"}), "a.pdf", "docx"),
        (make_zip(TYPES=WORD_TYPES, **{"word/document2.xml": "x"}), "a.zip", "docx"),
        (make_zip(TYPES=EMBEDDED_WORD, **{"xl/workbook.xml": "x"}), "a.docx", "xlsx"),
        (make_zip(TYPES=SHEET_TYPES, **{"book.xml": "x"}), "a.docx", "xlsx"),
        (make_zip(TYPES=SLIDE_TYPES, **{"slides.xml": "x"}), "a.docx", "pptx"),
        (make_zip(**{"ppt/presentation.xml": "x"}), "a.docx", "pptx"),
        (make_zip(**{"a.pdf": "%PDF-1.4"}), "a.pdf", "zip"),
        (make_zip(**{"annex/word/document.xml": "x"}), "a.docx", "zip"),
        (gzip.compress(b"x", mtime=0), "a.txt", "gz"),
        (bz2.compress(b"x"), "a.txt", "bz2"),
        (lzma.compress(b"x"), "a.txt", "xz"),
        (make_tar("名单.txt", tarfile.PAX_FORMAT), "a.txt", "tar"),
        (old_tar(), "a.txt", "tar"),
        (b"From: <saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n", "a.txt", "mhtml"),
        (b"\xef\xbb\xbf <!-- x --><!DOCTYPE html><p>x", "a.txt", "html"),
        (b'<?xml version="1.0"?>\n<html xmlns="x">', "a.txt", "html"),
        ("<html><body>通知".encode("utf-16"), "a.txt", "html"),
        (b"<p>x</p>", "a.HTM", "html"),
        (b"<p>x</p>", "a.txt", "text"),
        (b"no tags", "a.html", "text"),
        ("写网页要用 <html> 和 <body> 标签".encode(), "a.txt", "text"),
    ],
)
def test_content_decides(data: bytes, name: str, expected: str) -> None:
    """Content decides; the name only settles whether a fragment is a web page."""
    assert sniff(data, name) == expected


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (make_zip(TYPES=WORD_TYPES, **{"word/document.xml": "x" * 99})[:-30], "corrupted", ""),
        (b"PK\x05\x06" + bytes(18), "empty", ""),
        (b"\x28\xb5\x2f\xfd", "unsupported", "zst"),
        (b"MSCF\0\0\0\0" + bytes(40), "unsupported", "cab"),
        (b"MZ\x90\0\x03\0", "unsupported", "二进制"),
        (bytes(range(1, 32)) * 9, "unsupported", "二进制"),
        (b"hello\0world", "unsupported", "二进制"),
        (old_tar().replace(b"a.txt", b"b.txt"), "unsupported", "二进制"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", ""),
    ],
)
def test_refused(data: bytes, code: str, word: str) -> None:
    """What cannot be read is refused, whatever its name, and the detail says what it is."""
    with pytest.raises(ReadError) as caught:
        sniff(data, "a.docx")
    assert caught.value.code == code
    assert word in caught.value.detail


def test_package_with_a_password() -> None:
    """An office package whose parts are encrypted is encrypted; of another zip each member is judged alone."""
    data = bytearray(make_zip(TYPES=WORD_TYPES))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ReadError) as caught:
        sniff(bytes(data), "a.zip")
    assert caught.value.code == "encrypted"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.4\n%%EOF\n" + make_zip(a="x"), True),
        (make_zip(a="x"), False),
        (b"%PDF-1.4\n" + make_zip(a="x") + b"\nendstream %%EOF\n", False),
    ],
)
def test_zip_behind_a_file(data: bytes, expected: bool) -> None:
    """A zip that ends where the file ends is told; one within the file belongs to it."""
    assert has_appended_zip(data) is expected


def test_empty_file() -> None:
    """Nothing at all is empty, whatever its name."""
    with pytest.raises(ReadError) as caught:
        identify(b"", "a.docx")
    assert caught.value.code == "empty"
