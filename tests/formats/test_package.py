"""Office packages: a hostile or damaged zip is refused before it costs anything."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prescan.errors import ReadError
from prescan.formats import zip_directory
from prescan.formats.package import Package, attribute, descendants
from prescan.types import Limits

FILES = Path(__file__).parent / "files"
DOCUMENT = (FILES / "places.docx").read_bytes()


def zipped(*parts: tuple[str, bytes]) -> bytes:
    """Return a zip of these parts, also of two by the same name."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def refusal(data: bytes, limits: Limits | None = None, part: str = "") -> str:
    """Return the code with which a package is refused when opened, or when `part` is read."""
    if part:
        package = Package(data, limits or Limits())
        with pytest.raises(ReadError) as caught:
            package.xml(part)
    else:
        with pytest.raises(ReadError) as caught:
            Package(data, limits or Limits())
    return caught.value.code


def directory_field(data: bytes, offset: int, code: str, value: int) -> bytes:
    """Return a zip whose first directory entry has a field changed."""
    changed = bytearray(data)
    struct.pack_into(code, changed, data.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


def test_parts_by_name() -> None:
    """Names are found in any case; relationships are resolved to names of parts."""
    package = Package(DOCUMENT, Limits())
    assert "WORD/document.XML" in package
    assert "word/nothing.xml" not in package
    kinds = {one.kind: one.target for one in package.relationships("")}
    assert kinds["officeDocument"] == "word/document.xml"
    assert next(descendants(package.xml("word/comments.xml"), "comment")) is not None


def test_backslashes_separate_folders_too() -> None:
    """Some writers use the wrong separator, and offices open their files."""
    assert "word/document.xml" in Package(zipped(("word\\document.xml", b"<a/>")), Limits())


def test_attribute_in_any_namespace() -> None:
    """An attribute is found by its own name."""
    package = Package(zipped(("a.xml", b'<a xmlns:w="urn:w" w:val="1" plain="2"/>')), Limits())
    root = package.xml("a.xml")
    assert (attribute(root, "val"), attribute(root, "plain"), attribute(root, "none")) == ("1", "2", "")


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_truncated_file(keep: float) -> None:
    """A file cut anywhere is corrupted."""
    assert refusal(DOCUMENT[: int(len(DOCUMENT) * keep)]) == "corrupted"


def test_bomb_by_ratio() -> None:
    """A part that grows more than a hundredfold beyond the first megabyte is not inflated."""
    bomb = zipped(("word/document.xml", bytes(3 << 20)))
    assert refusal(bomb) == "archive_limit"
    assert refusal(bomb, Limits(ratio=100_000), "word/document.xml") == "corrupted"


def test_pictures_may_grow() -> None:
    """A blank bitmap is no bomb: pictures are not inflated."""
    assert "word/media/a.bmp" in Package(zipped(("word/media/a.bmp", bytes(3 << 20))), Limits())


def test_bomb_by_sum_and_by_number() -> None:
    """All parts together must keep within the limits."""
    assert refusal(zipped(("a", b"x" * 700_000), ("b", b"x" * 700_000)), Limits(expanded_mb=1)) == "archive_limit"
    assert refusal(zipped(*((str(n), b"") for n in range(11))), Limits(members=10)) == "archive_limit"


@pytest.mark.parametrize("told", [0, 3, 10])
def test_a_number_of_parts_that_lies(told: int) -> None:
    """The parts are counted, whatever the end of the zip says of their number."""
    data = zipped(*((str(n), b"") for n in range(11)))
    end = data.rfind(b"PK\5\6")
    assert refusal(data[: end + 10] + struct.pack("<H", told) + data[end + 12 :], Limits(members=10)) == "archive_limit"


def test_parts_of_a_package_inside_are_not_counted() -> None:
    """An embedded workbook that lies unpacked in the file has its own limits."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xlsx", zipped(*((str(n), b"") for n in range(11))))
    assert "a.xlsx" in Package(out.getvalue(), Limits(members=10))


@pytest.mark.parametrize("claimed", [1, 100_000])
def test_a_size_that_lies(claimed: int) -> None:
    """A part that is longer or shorter than declared is corrupted, and is not inflated beyond the claim."""
    lie = directory_field(zipped(("a.xml", b"<a>" + b"x" * 500 + b"</a>")), 24, "<I", claimed)
    assert refusal(lie, part="a.xml") == "corrupted"


def test_overlapping_members() -> None:
    """A member that claims the next one as its own content is refused."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", b"<a/>")
        archive.writestr("b.xml", b"<b/>")
    data = out.getvalue()
    longer = data.index(b"PK\x01\x02") - data.index(b"<a/>")
    assert refusal(directory_field(directory_field(data, 20, "<I", longer), 24, "<I", longer)) == "corrupted"


def test_two_parts_by_one_name() -> None:
    """Programs would disagree on which one counts."""
    assert refusal(zipped(("a.xml", b"<a/>"), ("A.xml", b"<b/>"))) == "corrupted"


def test_another_file_before_the_package() -> None:
    """A zip behind a zip reads differently to different programs."""
    assert refusal(DOCUMENT + DOCUMENT) == "corrupted"


def test_local_name_that_differs() -> None:
    """The local header must name what the directory names."""
    data = zipped(("a.xml", b"<a/>"))
    assert refusal(data.replace(b"a.xml", b"b.xml", 1)) == "corrupted"


def test_encrypted_member() -> None:
    """A member with a password says so."""
    assert refusal(directory_field(zipped(("a.xml", b"<a/>")), 8, "<H", 1)) == "encrypted"


def test_damaged_bytes() -> None:
    """A flipped byte is noticed."""
    data = bytearray(zipped(("a.xml", b"<a>" + bytes(range(65, 91)) * 4 + b"</a>")))
    data[40] ^= 0xFF
    assert refusal(bytes(data), part="a.xml") == "corrupted"


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
        b"<!DOCTYPE a ["
        + b"".join(b"<!ENTITY e%d '%s'>" % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
        + b"]><a b='&e9;'/>",
        b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
        b"<a>" * 300 + b"</a>" * 300,
        b"<a><b></a>",
        b"",
    ],
    ids=["entity", "utf-16 entity", "bomb", "outside", "deep", "crossed", "empty"],
)
def test_markup_no_office_writes(content: bytes) -> None:
    """Entities, DTDs, endless depth and broken markup make a part unreadable."""
    assert refusal(zipped(("a.xml", content)), part="a.xml") == "corrupted"


def test_an_external_dtd_is_not_opened(tmp_path: Path) -> None:
    """It is refused for being there: a parser that opened the file would stumble over what it holds."""
    (tmp_path / "a.dtd").write_text("<!broken", encoding="utf-8")
    data = zipped(("a.xml", f"<!DOCTYPE a SYSTEM '{(tmp_path / 'a.dtd').as_uri()}'><a/>".encode()))
    with pytest.raises(ReadError, match="实体声明"):
        Package(data, Limits()).xml("a.xml")


MEMBERS = st.lists(
    st.tuples(st.text("ab/.xml", min_size=1, max_size=9), st.binary(max_size=40), st.booleans()), min_size=1, max_size=6
)


@given(MEMBERS, st.binary(max_size=3))
def test_an_ordinary_directory_is_read_as_zipfile_reads_it(
    members: list[tuple[str, bytes, bool]], behind: bytes
) -> None:
    """What is read directly agrees with zipfile; what is not ordinary (a comment, names it changes) is left to it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content, packed in {name: (name, *rest) for name, *rest in members}.values():
            archive.writestr(name, content, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)
        archive.comment = behind
    data = out.getvalue()
    assert zip_directory._ordinary_directory(data, 1_000) == (None if behind else zip_directory._directory(data))


@pytest.mark.parametrize("name", ["说明.xml", "a.xml"])
def test_names_beyond_ascii_are_left_to_zipfile(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    assert (zip_directory._ordinary_directory(out.getvalue(), 1_000) is None) is not name.isascii()
