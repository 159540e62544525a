"""What is no ordinary file, and files whose names are not ordinary: nothing blocks, nothing steers the terminal."""

from __future__ import annotations

import contextlib
import io
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hostile_archives import zipped
from invented import RESIDENT_ID

import prescan

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = f"身份证号：{RESIDENT_ID}".encode()


def folder(path: Path) -> None:
    """Make a folder."""
    path.mkdir()


def loop(path: Path) -> None:
    """Make two links that point at each other."""
    other = path.with_name("other")
    path.symlink_to(other)
    other.symlink_to(path)


def listening(path: Path) -> None:
    """Make a socket."""
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)


def sparse(path: Path) -> None:
    """Make a file of 200 MB that takes no room."""
    with path.open("wb") as stream:
        stream.truncate(200 << 20)


def sparse_below_the_limit(path: Path) -> None:
    """Make a file of 90 MB of zeros that takes no room."""
    with path.open("wb") as stream:
        stream.truncate(90 << 20)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (os.mkfifo, "unsupported"),
        (folder, "unsupported"),
        (loop, "unreadable"),
        (listening, "unsupported"),
        (lambda path: path.symlink_to("/dev/zero"), "unsupported"),
        (lambda path: path.symlink_to("nothing"), "missing"),
        (lambda path: path.touch(), "empty"),
        (sparse, "too_large"),
        (sparse_below_the_limit, "unsupported"),
    ],
    ids=["fifo", "folder", "loop", "socket", "device", "broken link", "empty", "sparse", "zeros"],
)
def test_no_ordinary_file(make: Callable[[Path], None], code: str, scanner: prescan.Scanner, tmp_path: Path) -> None:
    """It is said at once what it is, without opening what would not end."""
    path = tmp_path / "x.txt"
    make(path)
    result = scanner.scan_file(path)
    assert ([item.code for item in result.unread], result.verdict) == ([code], "unread")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_no_permission(scanner: prescan.Scanner, tmp_path: Path) -> None:
    """A file one may not read is unreadable."""
    path = tmp_path / "x.txt"
    path.write_bytes(TEXT)
    path.chmod(0)
    assert [item.code for item in scanner.scan_file(path).unread] == ["unreadable"]


@pytest.mark.parametrize(
    "path", ["a\0b", "x" * 5000, "/" + "d/" * 3000, "\udcff", "-"], ids=["zero", "long", "deep", "bytes", "dash"]
)
def test_paths_that_lead_nowhere(path: str, scanner: prescan.Scanner) -> None:
    """A path no file system takes is a result like any other."""
    result = scanner.scan_file(path)
    assert [item.code for item in result.unread] in (["missing"], ["unreadable"])


@pytest.mark.parametrize(
    "name",
    [
        "两\n行.txt",
        os.fsdecode(b"\xc3\xfb\xb5\xa5.txt"),
        "长" * 83 + ".txt",
        "-rf.txt",
        "\x1b[31m红\u202e.txt",
        "=cmd|x.csv",
        "<script>.txt",
        "名 单 .txt",
    ],
    ids=["newline", "gbk bytes", "255 bytes", "dash", "escape", "formula", "tag", "spaces"],
)
def test_odd_names(name: str, scanner: prescan.Scanner, tmp_path: Path) -> None:
    """The file is read, and no report lets its name steer a terminal or end a line."""
    path = tmp_path / name
    path.write_bytes(TEXT)
    result = scanner.scan_file(path)
    assert [finding.type for finding in result.findings] == ["resident_id"]
    for form in ("plain", "json", "jsonl"):
        out = io.BytesIO()
        prescan.write(result, form, out)
        shown = out.getvalue().decode("utf-8")
        assert "\x1b" not in shown
        assert form == "json" or "两\n行" not in shown


def test_odd_names_of_members(scanner: prescan.Scanner) -> None:
    """The same holds for names in an archive, of what was read and of what was not."""
    members = [("\x1b[31m\n\u202e.txt", TEXT), ("\x1b]0;x\x07.bin", b"\0\1")]
    result = scanner.scan_bytes(zipped(members), name="a.zip")
    assert [finding.type for finding in result.findings] == ["resident_id"]
    assert [item.code for item in result.unread] == ["unsupported"]
    for form in ("plain", "json", "jsonl"):
        out = io.BytesIO()
        prescan.write(result, form, out)
        assert b"\x1b" not in out.getvalue()
        assert b"\x07" not in out.getvalue()


def test_nothing_is_written(scanner: prescan.Scanner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members with ways out of a folder leave no file behind."""
    monkeypatch.chdir(tmp_path)
    outside = Path("/tmp/prescan-slip.txt")  # noqa: S108  where it must not be
    scanner.scan_bytes(zipped([("../" * 20 + "tmp/prescan-slip.txt", TEXT), ("here.txt", TEXT)]), name="a.zip")
    assert not outside.exists()
    assert not list(tmp_path.iterdir())
