"""Compound files and what office programs pack into them; files embedded in Word documents are read inside."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import docx
import pytest
from make_ole import SECTOR, compound, native
from reading import by_member

from prescan.formats import identify, read
from prescan.formats.ole import MAGIC, CompoundFile, read_embedded
from prescan.types import Block, Limits, Unread

FILES = Path(__file__).parent / "files"


def told(data: bytes) -> list[tuple[str | None, str]]:
    """Return the member and text of each block, and the name and code of what was not read."""
    return by_member(read_embedded("o.bin", data, Limits()))


@pytest.mark.parametrize("size", [1, 64, 65, 4095, 4096, 40_000])
def test_streams(size: int) -> None:
    """Small and large streams come back as they were."""
    streams = {"first": b"x" * 100, "two": bytes(at % 251 for at in range(size)), "empty": b""}
    holder = CompoundFile(compound(streams))
    assert holder.names == set(streams)
    assert {name: holder.bytes_of(name) for name in streams} == streams


def test_file_packed_into_an_object() -> None:
    """A packed file has the name it was dragged in by; whole files, formulas and bare streams are told apart."""
    text = "名单暗记".encode()
    assert told(compound({"\x01Ole10Native": native("C:\\夹\\名单.txt", text)})) == [("o.bin/名单.txt", "名单暗记")]
    assert told(compound({"\x01Ole10Native": struct.pack("<I", 12) + text})) == [("o.bin", "名单暗记")]
    assert told(compound({"Package": text})) == [("o.bin", "名单暗记")]
    assert told(compound({"CONTENTS": text, "\x01CompObj": b"x"})) == [("o.bin", "名单暗记")]
    assert told(compound({"Equation Native": b"\0" * 50})) == []
    assert told(compound({"WordDocument": b"\0" * 50})) == [("o.bin", "corrupted")]
    assert told(text) == [("o.bin", "名单暗记")]


def test_damage_is_said() -> None:
    """Chains that lead nowhere or back, and streams that are too short, are damage."""
    good = compound({"Package": b"x" * 5000})
    cyclic = bytearray(good)
    struct.pack_into("<I", cyclic, SECTOR + 4 * 3, 3)
    far = bytearray(good)
    struct.pack_into("<I", far, SECTOR + 4 * 3, 9_999_999)
    short = compound({"\x01Ole10Native": native("a.txt", b"x" * 100)[:60]})
    for data in (bytes(cyclic), bytes(far), good[:3000], good[:600], MAGIC, MAGIC + bytes(600), short):
        assert told(data) == [("o.bin", "corrupted")], len(data)


def test_lists_of_tables_end() -> None:
    """A list of table sectors that leads back to itself ends."""
    looping = bytearray(compound({"Package": b"text"}))
    struct.pack_into("<I", looping, 68, 1)
    looping[3 * SECTOR - 4 : 3 * SECTOR] = struct.pack("<I", 1)
    assert CompoundFile(bytes(looping)).bytes_of("Package") == b"text"


def word(parts: dict[str, bytes]) -> bytes:
    """Return places.docx with embedded parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(FILES / "places.docx") as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if "embeddings" not in name:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def test_files_embedded_in_a_document_are_read() -> None:
    """First the place is told, then what the file says, under its name in the package."""
    inner = word({"word/embeddings/b.html": "<html><p>内层暗记".encode()})
    outer = word(
        {
            "word/embeddings/a.docx": inner,
            "word/embeddings/oleObject1.bin": compound({"\x01Ole10Native": native("名单.txt", "对象暗记".encode())}),
            "word/embeddings/broken.xlsx": b"\0\1\2",
            "word/vbaProject.bin": b"\0\1\2",
        }
    )
    found = list(read(outer, identify(outer, ""), Limits()))
    members = [item.location.member if isinstance(item, Block) else None for item in found]
    at = members.index("word/embeddings/a.docx")
    assert (found[at - 1].hidden, found[at - 1].note) == ("embedded_file", "内嵌文件：docx")  # type: ignore[union-attr]
    texts = {(item.location.member, item.text) for item in found if isinstance(item, Block)}
    assert (None, "第一段的暗记") in texts
    assert ("word/embeddings/a.docx", "第一段的暗记") in texts
    assert ("word/embeddings/a.docx/word/embeddings/b.html", "内层暗记") in texts
    assert ("word/embeddings/oleObject1.bin/名单.txt", "对象暗记") in texts
    assert [(item.name, item.code) for item in found if isinstance(item, Unread)] == [
        ("word/embeddings/broken.xlsx", "unsupported"),
        ("word/vbaProject.bin", "corrupted"),
    ]
    kinds = {item.hidden for item in found if isinstance(item, Block) and item.location.member}
    assert {"comment", "tracked_change", "metadata"} <= kinds


@pytest.mark.parametrize(("picture", "told"), [(b"an earlier first page", 1), (None, 0)], ids=["own", "default"])
def test_a_picture_of_the_first_page_is_told_unless_every_file_has_it(picture: bytes | None, told: int) -> None:
    """python-docx puts the same picture into every file; it shows nobody's page."""
    stream = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("正文")
    document.save(stream)
    out = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, picture if picture and "thumbnail" in name else old.read(name))
    found = [
        item.note for item in read(out.getvalue(), identify(out.getvalue(), ""), Limits()) if isinstance(item, Block)
    ]
    assert found.count("缩略图（可能显示改动以前的首页）") == told


def test_a_data_model_is_unread() -> None:
    """Nobody but Excel reads it: that must be said."""
    out = io.BytesIO()
    with zipfile.ZipFile(FILES / "libreoffice.xlsx") as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/model/item.data", b"\0\1\2")
    found = list(read(out.getvalue(), identify(out.getvalue(), ""), Limits()))
    assert [item.note for item in found if isinstance(item, Block) and item.hidden == "embedded_file"] == ["数据模型"]
    unread = [(item.name, item.code) for item in found if isinstance(item, Unread)]
    assert ("xl/model/item.data", "unsupported") in unread
