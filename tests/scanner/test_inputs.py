"""What may be given to a scanner: each input that cannot be read has its code and a Chinese next step."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zipfile

import pypdf
import pytest
from breaking import page, pdf
from invented import RESIDENT_ID, comment, docx

import prescan

TEXT = f"身份证号：{RESIDENT_ID}"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
STEPS = ("请", "prescan.toml")


def compound_file(*streams: str) -> bytes:
    """Return an OLE compound file that names these streams, each empty: header, a FAT sector, a directory sector."""
    entries = [("Root Entry", 5), *((name, 2) for name in streams)]
    directory = b""
    for number in range(4):
        name, kind = entries[number] if number < len(entries) else ("", 0)
        raw = name.encode("utf-16-le")
        below = 1 if number == 0 else 0xFFFFFFFF
        after = number + 1 if 0 < number < len(entries) - 1 else 0xFFFFFFFF
        directory += raw.ljust(64, b"\0") + struct.pack(
            "<HBBLLL", len(raw) + 2 if raw else 0, kind, 1, 0xFFFFFFFF, after, below
        )
        directory += b"\0" * 36 + struct.pack("<LQ", 0xFFFFFFFE, 0)
    fat = struct.pack("<128L", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return head + struct.pack("<109L", 0, *[0xFFFFFFFF] * 108) + fat + directory


def encrypted_pdf() -> bytes:
    """Return a pdf that opens with a password only."""
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt("口令", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


UNREADABLE = [
    # name, bytes, code
    ("空.docx", b"", "empty"),
    ("空.txt", b"", "empty"),
    ("空白.txt", b" \r\n\t \n", "empty"),
    ("图.docx", PNG, "no_text_layer"),
    ("图.txt", b"\xff\xd8\xff\xe0" + b"\0" * 40, "no_text_layer"),
    ("锁.pdf", encrypted_pdf(), "encrypted"),
    ("锁.docx", compound_file("EncryptedPackage", "EncryptionInfo"), "encrypted"),
    ("旧.doc", compound_file("WordDocument"), "corrupted"),
    ("旧.docx", compound_file("Workbook"), "corrupted"),
    ("断.docx", docx(TEXT)[:-30], "corrupted"),
    ("断.docx", docx(TEXT)[:200], "corrupted"),
    ("断.pdf", b"%PDF-1.7\n1 0 obj\n<<", "corrupted"),
    ("程序.txt", b"\x7fELF" + b"\0" * 60, "unsupported"),
    ("包.docx", b"PK\x05\x06" + b"\0" * 18, "empty"),
]


def the_one(result: prescan.ScanResult, code: str) -> None:
    """Check that nothing but one Unread came out."""
    (lost,) = result.unread
    assert lost.code == code
    assert any(step in lost.detail for step in STEPS)
    assert any("\u4e00" <= char <= "\u9fff" for char in lost.detail)
    assert lost.name == result.document.name
    assert (result.document.text, result.findings, result.suggestion) == ("", (), None)
    assert (result.verdict, result.complete) == ("unread", False)


@pytest.mark.parametrize(("name", "data", "code"), UNREADABLE, ids=[f"{name} {code}" for name, _, code in UNREADABLE])
def test_a_file_that_cannot_be_read_says_why(scanner, tmp_path, name, data, code):
    (tmp_path / name).write_bytes(data)
    of_file = scanner.scan_file(tmp_path / name)
    the_one(of_file, code)
    of_bytes = scanner.scan_bytes(data, name=name)
    the_one(of_bytes, code)
    assert of_file.document.sha256 in (
        (hashlib.sha256(data).hexdigest(),) if data else (None, hashlib.sha256(b"").hexdigest())
    )
    assert of_file.unread == of_bytes.unread
    with pytest.raises(prescan.ReadError) as caught:
        scanner.load_document(tmp_path / name)
    assert caught.value.code == code


def link_loop(path):
    """Make two links that point at each other."""
    path.symlink_to(path.with_name("other"))
    path.with_name("other").symlink_to(path)


PLACES = [
    ("missing", lambda _: None, "missing"),
    ("folder", lambda path: path.mkdir(), "unsupported"),
    ("pipe", os.mkfifo, "unsupported"),
    ("link loop", link_loop, "unreadable"),
    ("dead link", lambda path: path.symlink_to("nowhere"), "missing"),
    ("link to a device", lambda path: path.symlink_to("/dev/zero"), "unsupported"),
]


@pytest.mark.parametrize(("make", "code"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_a_path_that_is_no_file_says_why(scanner, tmp_path, make, code):
    make(tmp_path / "a.docx")
    result = scanner.scan_file(tmp_path / "a.docx")
    the_one(result, code)
    assert (result.document.sha256, result.document.media_type) == (None, None)


@pytest.mark.parametrize(
    "path", ["a\0b.txt", "长" * 500, "", "a.txt/b.txt"], ids=["zero byte", "too long", "empty", "in a file"]
)
def test_a_name_no_file_can_have_is_no_exception(scanner, tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT)
    assert [item.code for item in scanner.scan_file(path).unread] in (["missing"], ["unreadable"])


@pytest.mark.parametrize("url", ["http://www.gov.cn/a.docx", "HTTPS://www.gov.cn/", "file:///etc/passwd", "ftp://a/b"])
def test_a_url_is_never_fetched(url):
    result = prescan.scan(url)
    assert [item.code for item in result.unread] == ["unsupported"]
    assert "不联网" in result.unread[0].detail


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) + 1])
def test_a_file_over_the_limit_is_not_opened(tmp_path, size):
    (tmp_path / "a.txt").write_bytes(b"a" * size)
    with prescan.Scanner(prescan.Settings(limits=prescan.Limits(file_mb=1))) as small:
        expected = ["too_large"] if size > 1 << 20 else []
        assert [item.code for item in small.scan_file(tmp_path / "a.txt").unread] == expected
        assert [item.code for item in small.scan_bytes(b"a" * size, name="a.txt").unread] == expected


@pytest.mark.parametrize(
    ("call", "given", "next_step"),
    [
        ("scan_text", b"x", "scan_bytes"),
        ("scan_text", None, "scan_file"),
        ("scan_bytes", "x", "scan_text"),
        ("scan_bytes", 3, "scan_file"),
    ],
)
def test_the_wrong_kind_of_argument_is_said_in_a_sentence(scanner, call, given, next_step):
    with pytest.raises(TypeError, match=f"^{call} 要的是.*{next_step}.*给的是 {type(given).__name__}"):
        getattr(scanner, call)(given)


def test_bytes_are_read_by_their_content_and_called_by_their_name(scanner):
    data = docx(TEXT)
    result = scanner.scan_bytes(data, name="伪装.txt")
    assert (result.document.name, result.document.media_type.rpartition(".")[2]) == ("伪装.txt", "document")
    assert result.document.sha256 == hashlib.sha256(data).hexdigest()
    assert [finding.type for finding in result.findings] == ["resident_id", "wrong_extension"]
    assert (result.findings[1].level, result.findings[1].start) == ("note", None)
    assert result.findings[1].evidence == ("后缀是 txt，内容却是Word 文档（docx）",)
    assert prescan.scan(data, name="伪装.txt").findings == result.findings


def test_a_wrong_extension_inside_a_container_is_said_of_its_member(scanner):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("附件.xls", "<html><body><p>停水通知</p></body></html>")
        archive.writestr("好.txt", "供水恢复")
    (found,) = scanner.scan_bytes(stream.getvalue(), name="a.zip").findings
    assert (found.type, found.location.part, found.location.member) == ("wrong_extension", "filename", "附件.xls")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"])
def test_text_in_any_usual_encoding_is_read_whole(scanner, codec):
    text = f"关于印发通知的说明，请遵照执行。\n{TEXT}\n"
    result = scanner.scan_bytes(text.encode(codec), name="稿.txt")
    assert (result.document.text, result.unread) == (text, ())
    assert [finding.type for finding in result.findings] == ["resident_id"]


def test_bytes_that_do_not_decode_are_said_and_the_rest_is_scanned(scanner):
    result = scanner.scan_bytes(f"关于印发通知的说明，请遵照执行。{TEXT}".encode() + b"\xff", name="a.txt")
    assert [item.code for item in result.unread] == ["corrupted"]
    assert result.document.text.endswith("\ufffd")
    assert [finding.type for finding in result.findings] == ["resident_id"]
    assert result.suggestion.abstained


def test_a_damaged_part_is_said_and_the_rest_is_scanned(scanner):
    broken = comment("批注")[:-20]
    result = scanner.scan_bytes(docx(TEXT, comments=broken), name="a.docx")
    assert [item.code for item in result.unread] == ["corrupted"]
    assert "resident_id" in [finding.type for finding in result.findings]


def test_a_document_with_a_damaged_part_is_not_loaded_as_if_it_were_whole(scanner, tmp_path):
    (tmp_path / "a.docx").write_bytes(docx(TEXT, comments=comment("批注")))
    assert "批注" in scanner.load_document(tmp_path / "a.docx").text
    (tmp_path / "a.docx").write_bytes(docx(TEXT, comments=comment("批注")[:-20]))
    with pytest.raises(prescan.ReadError) as caught:
        scanner.load_document(tmp_path / "a.docx")
    assert caught.value.code == "corrupted"


def test_a_page_without_text_is_said_and_the_rest_is_scanned(scanner):
    picture = b"q 500 0 0 700 40 40 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q"
    result = scanner.scan_bytes(pdf([page(f"ID {RESIDENT_ID}"), picture]), name="a.pdf")
    assert [item.code for item in result.unread] == ["no_text_layer"]
    assert [finding.type for finding in result.findings] == ["resident_id"]


def test_a_relative_path_is_meant_from_where_the_caller_is(tmp_path, monkeypatch):
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"{name}方文件", encoding="utf-8")
    with prescan.Scanner() as moving:
        for name in ("甲", "乙"):
            monkeypatch.chdir(tmp_path / name)
            assert moving.scan_file("a.txt").document.text == f"{name}方文件"
            assert moving.load_document("a.txt").text == f"{name}方文件"


def test_a_name_that_is_not_text_is_read(scanner, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xb9\xab\xce\xc4.txt")
    with open(path, "w", encoding="utf-8") as stream:  # noqa: PTH123  a name in GBK
        stream.write(TEXT)
    result = scanner.scan_file(path)
    assert [finding.type for finding in result.findings] == ["resident_id"]
    for name in ("json", "jsonl", "plain", "record"):
        prescan.write(result, name, io.BytesIO())
