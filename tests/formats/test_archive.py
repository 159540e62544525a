"""Archives: every member is read and says where it is; what a limit keeps out is named, and the rest stays."""

from __future__ import annotations

import bz2
import dataclasses
import gzip
import io
import lzma
import struct
import tarfile
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reading import by_member, items

from prescan.errors import ReadError
from prescan.formats import identify, read, read_member
from prescan.types import PARAGRAPH_BREAK, Block, Limits, Unread

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = Path(__file__).parent / "files"
PAGE = "<html><body><p>网页暗记</p><table><tr><td>甲</td><td>乙</td></tr></table></body></html>".encode()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(members: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT, encoding: str = "utf-8") -> bytes:
    """Return a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding=encoding) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def told(data: bytes, limits: Limits | None = None) -> list[tuple[str | None, str]]:
    return by_member(items(data, "x", limits))


def refusal(data: bytes, limits: Limits | None = None) -> str:
    """Return the code with which an archive is refused."""
    with pytest.raises(ReadError) as caught:
        items(data, limits)
    return caught.value.code


def directory_field(data: bytes, offset: int, code: str, value: int) -> bytes:
    """Return a zip whose first directory entry has a field changed."""
    changed = bytearray(data)
    struct.pack_into(code, changed, data.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


@pytest.mark.parametrize(
    "pack",
    [
        zipped,
        tarred,
        lambda members: tarred(members, tarfile.GNU_FORMAT),
        lambda members: gzip.compress(tarred(members)),
        lambda members: bz2.compress(tarred(members)),
        lambda members: lzma.compress(tarred(members)),
    ],
    ids=["zip", "tar", "gnu", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_members_with_their_places(pack: object) -> None:
    """Members come in the order of the archive; pages and cells count anew in each; texts do not run together."""
    name = "附件/" + "很长的名字" * 30 + ".txt"
    found = items(pack({name: "甲暗记".encode(), "二.html": PAGE, "三.html": PAGE}))  # type: ignore[operator]
    blocks = [item for item in found if isinstance(item, Block) and item.text]
    assert [(item.text, item.location.member, item.location.cell) for item in blocks] == [
        ("甲暗记", name, None),
        ("网页暗记", "二.html", None),
        ("甲", "二.html", "表1!A1"),
        ("乙", "二.html", "表1!B1"),
        ("网页暗记", "三.html", None),
        ("甲", "三.html", "表1!A1"),
        ("乙", "三.html", "表1!B1"),
    ]
    assert blocks[0].sep == PARAGRAPH_BREAK
    assert [item.location.paragraph for item in blocks if item.text == "网页暗记"] == [1, 1]
    assert not [item for item in found if isinstance(item, Unread)]


def test_archives_in_archives() -> None:
    """A nested member names every archive on the way; a tar in a gz is one archive with it."""
    inner = zipped({"附件1.txt": "内".encode()})
    packed = gzip.compress(tarred({"乙.zip": inner, "丙.txt.gz": gzip.compress("丙".encode())}))
    data = zipped({"甲.tar.gz": packed, "places.docx": (FILES / "places.docx").read_bytes()})
    found = told(data)
    assert ("甲.tar.gz/乙.zip/附件1.txt", "内") in found
    assert ("甲.tar.gz/丙.txt.gz", "丙") in found
    assert ("places.docx", "第一段的暗记") in found
    hidden = {item.hidden for item in items(data) if isinstance(item, Block)}
    assert {"comment", "tracked_change", "embedded_file"} <= hidden


def test_one_packed_file() -> None:
    """What gz, bz2 or xz packs alone has the name that was kept of it, or none."""
    raw = gzip.compress("暗记".encode())
    for codec in ("utf-8", "gbk"):
        named = b"\x1f\x8b\x08\x0c" + raw[4:10] + b"\3\0abc" + "../名单.txt".encode(codec) + b"\0" + raw[10:]
        assert told(named) == [("名单.txt", "暗记")]
    assert told(bz2.compress("暗记".encode())) == [(None, "暗记")]
    assert told(gzip.compress(b"one ") + gzip.compress(b"file") + bytes(9)) == [(None, "one file")]


def test_names_as_chinese_systems_write_them() -> None:
    """Without a mark a name is UTF-8 or GBK; it is never a way out of a folder."""
    gbk = zipped({"AAAA.txt": b"x"}).replace(b"AAAA", "名单".encode("gbk"))
    assert told(gbk) == [("名单.txt", "x")]
    utf8 = zipped({"AAAAAA.txt": b"x"}).replace(b"AAAAAA", "名单".encode())
    assert told(utf8) == [("名单.txt", "x")]
    assert told(tarred({"名单.txt": b"x"}, tarfile.USTAR_FORMAT, "gbk")) == [("名单.txt", "x")]
    ways_out = ["../../etc/passwd", "/root/a.txt", "C:\\Users\\b.txt", "./c//d.txt", ".."]
    names = ["etc/passwd", "root/a.txt", "Users/b.txt", "c/d.txt", "未命名"]
    assert [member for member, _ in told(zipped(dict.fromkeys(ways_out, b"x")))] == names


def test_folders_and_litter_are_no_members() -> None:
    """Folders and what file managers leave behind are skipped; two members of one name are two."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        for name in ("夹/", "夹/a.txt", "夹/a.txt", "__MACOSX/夹/._a.txt", "夹/.DS_Store"):
            archive.writestr(name, "" if name.endswith("/") else "x")
    assert told(out.getvalue()) == [("夹/a.txt", "x"), ("夹/a.txt（2）", "x")]
    assert refusal(zipped({"__MACOSX/a": b"x"})) == "empty"
    assert refusal(zipped({})) == "empty"


def test_what_cannot_be_read_is_named() -> None:
    """Links, devices, passwords, pictures and strange methods are said by name; the others are read."""
    link = zipfile.ZipInfo("链接")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("锁.txt", "x")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("图.png", b"\x89PNG\r\n\x1a\n")
        archive.writestr("空.txt", b"")
        archive.writestr("b.txt", b"x", zipfile.ZIP_BZIP2)
        archive.writestr("好.txt", "暗记")
    data = directory_field(out.getvalue(), 8, "<H", 0x801)
    assert told(data) == [
        ("锁.txt", "encrypted"),
        ("链接", "unsupported"),
        ("图.png", "no_text_layer"),
        ("空.txt", "empty"),
        ("b.txt", "unsupported"),
        ("好.txt", "暗记"),
    ]


def test_links_and_devices_in_a_tar() -> None:
    """They are said by name; nothing is followed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("a", tarfile.SYMTYPE), ("b", tarfile.LNKTYPE), ("c", tarfile.FIFOTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        archive.addfile(tarfile.TarInfo("夹/"))
    assert told(out.getvalue()) == [(name, "unsupported") for name in "abc"]


def test_limits_count_over_all_members() -> None:
    """Expanded bytes and members have one purse for all levels; what came before the limit stays."""
    texts = {f"{number}.txt": b"%d" % number + b" x" * 300_000 for number in range(4)}
    two_megabytes = dataclasses.replace(Limits(), expanded_mb=2, ratio=10_000)
    for data in (zipped(texts), tarred(texts), gzip.compress(tarred(texts))):
        found = told(data, two_megabytes)
        assert [member for member, _ in found][:3] == ["0.txt", "1.txt", "2.txt"]
        assert found[3] == (("3.txt", "archive_limit") if not data.startswith(b"\x1f\x8b") else ("", "corrupted"))
        assert found[-1][1] == "archive_limit"
    nested = zipped({"a.zip": zipped(texts), "last.txt": b"x"})
    assert ("a.zip/3.txt", "archive_limit") in told(nested, two_megabytes)
    few = dataclasses.replace(Limits(), members=3)
    assert told(zipped(dict.fromkeys("abcde", b"x")), few) == [
        *((name, "x") for name in "abc"),
        ("d", "archive_limit"),
    ]
    deep = zipped({"1.zip": zipped({"2.zip": zipped({"3.txt": b"x"}), "2.txt": b"x"})})
    shallow = dataclasses.replace(Limits(), depth=2)
    assert told(deep, shallow) == [("1.zip/2.zip", "archive_limit"), ("1.zip/2.txt", "x")]
    assert told(deep, dataclasses.replace(Limits(), depth=3))[0] == ("1.zip/2.zip/3.txt", "x")


def test_bombs_are_named() -> None:
    """What grows beyond the ratio is not expanded; the others are read."""
    assert told(zipped({"弹.txt": bytes(3 << 20), "好.txt": b"x"})) == [("弹.txt", "archive_limit"), ("好.txt", "x")]
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        assert refusal(pack(bytes(9 << 20))) == "archive_limit"


def test_false_sizes_are_damage() -> None:
    """A member is never expanded beyond its declared size, and never passed on when it is shorter."""
    data = zipped({"a.txt": b"x" * 5000, "b.txt": b"y"})
    for size in (10, 6000):
        assert told(directory_field(data, 24, "<I", size)) == [("a.txt", "corrupted"), ("b.txt", "y")]
    assert told(directory_field(data, 16, "<I", 1)) == [("a.txt", "corrupted"), ("b.txt", "y")]


def test_members_that_share_bytes_are_refused() -> None:
    """A zip whose members overlap is a bomb."""
    data = zipped({"a.txt": b"x" * 100, "b.txt": b"x" * 100}, zipfile.ZIP_STORED)
    second = data.rindex(b"PK\x01\x02")
    overlapping = bytearray(data)
    struct.pack_into("<I", overlapping, second + 42, 0)
    assert refusal(bytes(overlapping)) == "corrupted"
    assert refusal(data[:-30]) == "corrupted"


def test_what_a_directory_does_not_list_is_said() -> None:
    """Unpackers disagree about these zips: what is listed is read, the rest is said."""
    one, two = zipped({"a.txt": b"first"}), zipped({"b.txt": b"second"})
    assert told(one + two) == [("b.txt", "second"), ("", "corrupted")]
    assert told(zipped({}) + one) == [("a.txt", "first"), ("", "corrupted")]
    commented = one[:-2] + struct.pack("<H", len(two)) + two
    assert told(commented)[-1] == ("", "corrupted")
    stored = zipped({"in.zip": one}, zipfile.ZIP_STORED)
    assert told(stored) == [("in.zip/a.txt", "first")]
    tail = b"%PDF-1.4\n" + one
    with pytest.raises(ReadError):
        items(tail)


def test_zip_behind_a_pdf_is_said() -> None:
    """A file that is two files at once is not read to its end without a word."""
    pdf = (FILES / "roster.pdf").read_bytes()
    assert not [item for item in items(pdf) if isinstance(item, Unread)]
    both = items(pdf + zipped({"a.txt": b"x"}))
    assert isinstance(both[0], Block)
    assert [item.code for item in both if isinstance(item, Unread)] == ["unsupported"]


def test_damaged_tar_and_gz_keep_what_came_before() -> None:
    """What was read before the damage stays, and the damage is said."""
    data = tarred({"a.txt": b"x", "b.txt": b"y" * 2000})
    assert told(data[:2100]) == [("a.txt", "x"), ("", "corrupted")]
    assert told(data + tarred({"c.txt": b"z"}))[-1] == ("", "corrupted")
    noise = b"".join(struct.pack("<I", number * 2654435761 % 2**32) for number in range(100_000)).hex().encode()
    packed = gzip.compress(noise)
    cut = told(packed[: len(packed) // 2])
    assert cut[0][1][:20] == noise.decode()[:20]
    assert cut[-1] == ("", "corrupted")
    assert refusal(b"\x1f\x8b\x08\0" + b"\xff" * 40) == "corrupted"


@pytest.mark.parametrize("size", [b"77777777777\0", b"\xff" * 12, b"abcdefghijk\0"])
def test_sizes_a_tar_claims(size: bytes) -> None:
    """A size that cannot be ends the reading; it never leads back."""
    data = bytearray(tarred({"a.txt": b"x", "b.txt": b"y"}, tarfile.USTAR_FORMAT))
    data[1024 + 124 : 1024 + 136] = size
    data[1024 + 148 : 1024 + 156] = b" " * 8
    data[1024 + 148 : 1024 + 156] = b"%06o\0 " % sum(data[1024:1536])
    assert told(bytes(data)) == [("a.txt", "x"), ("", "corrupted")]


def test_sparse_file_in_a_tar_is_not_filled_up() -> None:
    """A claim of a terabyte costs nothing."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for size, name in ((1 << 40, "大"), (9, "小")):
            member = tarfile.TarInfo(name)
            member.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": str(size)}
            archive.addfile(member)
    assert told(out.getvalue()) == [("大", "archive_limit"), ("小", "unsupported")]


def test_a_reader_that_fails_costs_one_member(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody thought of is said of the member it happened in; want of memory ends the process."""

    def broken(error: type[Exception]) -> object:
        def fail(*_: object) -> None:
            raise error

        return fail

    monkeypatch.setattr("prescan.formats.html.page.LexborHTMLParser", broken(RuntimeError))
    data = zipped({"a.html": PAGE, "b.txt": b"x"})
    assert told(data) == [("a.html", "crashed"), ("b.txt", "x")]
    monkeypatch.setattr("prescan.formats.html.page.LexborHTMLParser", broken(MemoryError))
    with pytest.raises(MemoryError):
        items(data)


def test_member_read_with_plain_limits() -> None:
    """`read_member` stands alone: paths are joined, errors are said."""
    assert [item.name for item in read_member("a/b.bin", b"\0\1\2", Limits()) if isinstance(item, Unread)] == [
        "a/b.bin"
    ]
    inner = list(read_member("a.zip", zipped({"b.txt": b"x"}), Limits()))
    assert [item.location.member for item in inner if isinstance(item, Block)] == ["a.zip/b.txt"]


def test_what_somebody_wrote_about_an_archive_is_told() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("甲.txt")
        info.comment = "成员的说明".encode("gb18030")
        archive.writestr(info, "正文")
        archive.comment = "整包的说明".encode()
    packed = gzip.compress("正文".encode())
    remarked = packed[:3] + b"\x10" + packed[4:10] + "单个文件的说明".encode() + b"\0" + packed[10:]
    for data, expected in ((out.getvalue(), ["整包的说明", "成员的说明"]), (remarked, ["单个文件的说明"])):
        blocks = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block)]
        assert [block.text for block in blocks if block.note == "压缩包注释"] == expected
        assert "正文" in {block.text for block in blocks}
