"""Rar and 7z: their members are read like those of a zip; without libarchive they are said to be unread."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from make_rar import rar4, rar5
from needed import needs
from packing import seven
from reading import by_member, items

from prescan.errors import ReadError
from prescan.formats import identify, read
from prescan.types import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILES = Path(__file__).parent / "files"


def _library() -> bool:
    """Return whether libarchive can be used."""
    return not subprocess.run([sys.executable, "-c", "import libarchive"], capture_output=True, check=False).returncode


needs_library = needs("libarchive (Debian: libarchive13)", there=_library())


def told(data: bytes, limits: Limits | None = None) -> list[tuple[str | None, str]]:
    return by_member(items(data, "x", limits))


@needs_library
@pytest.mark.parametrize("pack", [seven, rar5], ids=["7z", "rar5"])
def test_members_with_their_places(pack: Callable[[Mapping[str, bytes]], bytes]) -> None:
    """Members are read in order, those inside members too; a folder manager's litter is not."""
    inner = pack({"丙.txt": "内暗记".encode()})
    members = {"附件/甲.txt": "甲暗记".encode(), "乙.7z": inner, "places.docx": (FILES / "places.docx").read_bytes()}
    found = told(pack({**members, "__MACOSX/x.txt": b"litter"}))
    assert found[:2] == [("附件/甲.txt", "甲暗记"), ("乙.7z/丙.txt", "内暗记")]
    assert ("places.docx", "第一段的暗记") in found
    assert "litter" not in str(found)


@needs_library
def test_the_older_rar_with_a_chinese_name() -> None:
    """Names that are not told to be Unicode are those of Chinese systems."""
    assert told(rar4({"名单.txt".encode("gbk"): "暗记".encode()})) == [("名单.txt", "暗记")]


@needs_library
def test_what_cannot_be_read_is_said() -> None:
    """A password and a cut archive each have their code; what came before stays."""
    assert told(rar4({b"a.txt": b"x" * 40}, encrypted=True)) == [("a.txt", "encrypted")]
    whole = rar4({b"1.txt": "甲暗记".encode(), b"2.txt": "乙暗记".encode()})
    assert ("1.txt", "甲暗记") in told(whole[: whole.index("乙暗记".encode()) + 3])
    assert {code for _, code in told(whole[: whole.index("乙暗记".encode()) + 3])} >= {"corrupted"}


@needs_library
def test_limits_hold_for_what_is_unpacked() -> None:
    """Many bytes from few are refused, whether the archive says so or not; later members are still read."""
    bomb = seven({"零.bin": bytes(60 << 20), "后.txt": "暗记".encode()})
    assert len(bomb) < 100_000
    assert told(bomb) == [("零.bin", "archive_limit"), ("后.txt", "暗记")]
    lying = rar5({"a.txt": b"x" * 100}, claim=1 << 40)
    assert [code for _, code in told(lying)] == ["archive_limit"]
    many = seven({f"{number}.txt": b"x" for number in range(30)})
    assert told(many, Limits(members=10))[-1][1] == "archive_limit"


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The archive is unread, and the user is told what to install."""
    monkeypatch.setitem(sys.modules, "libarchive", None)
    data = rar5({"a.txt": b"x"})
    with pytest.raises(ReadError) as caught:
        list(read(data, identify(data, "x"), Limits()))
    assert caught.value.code == "external_tool"
    assert "libarchive" in str(caught.value.detail)


def test_the_binding_is_a_dependency() -> None:
    """What is missing can only be the library of the system."""
    assert importlib.util.find_spec("libarchive")
