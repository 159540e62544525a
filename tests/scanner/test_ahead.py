"""Many files read in a batch: each comes back once, in order, whatever happens to a worker."""

from __future__ import annotations

import gzip
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from breaking import pdf

import prescan
from prescan.errors import ReadError
from prescan.types import Document, Limits, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def scanner() -> Iterator[prescan.Scanner]:
    with prescan.Scanner(Settings(names="off", limits=Limits(file_mb=1))) as shared:
        yield shared


def files(folder: Path, count: int) -> list[Path]:
    """Make files that say their number."""
    paths = [folder / f"{number}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(f"第{number}份文件", encoding="utf-8")
    return paths


def said(found: Document | ReadError) -> str:
    """Return the text of a document, or why there is none."""
    return found.code if isinstance(found, ReadError) else found.text


def test_in_order_with_what_cannot_be_read(scanner: prescan.Scanner, tmp_path: Path) -> None:
    """As load_document says it of each of them."""
    paths = files(tmp_path, 40)
    paths[3].unlink()
    paths[20].write_bytes(b"")
    paths[21].write_bytes(b"%PDF-1.4 broken")
    paths[39].write_bytes(b"x" * (1 << 20) + b"x")
    expected = [f"第{number}份文件" for number in range(40)]
    expected[3], expected[20], expected[21], expected[39] = "missing", "empty", "corrupted", "too_large"
    assert [said(found) for found in scanner.load_documents(paths)] == expected
    assert [found.name for found in scanner.load_documents(paths[:3]) if isinstance(found, Document)] == [
        "0.txt",
        "1.txt",
        "2.txt",
    ]
    assert list(scanner.load_documents([])) == []


def test_a_file_that_costs_its_worker_costs_only_itself(scanner: prescan.Scanner, tmp_path: Path) -> None:
    """Those that were already asked for are read by another worker."""
    paths = files(tmp_path, 30)
    found = scanner.load_documents(paths)
    first = said(next(found))
    for worker in list(workers()):
        os.kill(worker, signal.SIGKILL)
    rest = [said(one) for one in found]
    expected = [f"第{number}份文件" for number in range(30)]
    assert first == expected[0]
    assert len(rest) == 29
    assert rest.count("crashed") <= 1
    assert [one for one, told in zip(rest, expected[1:], strict=True) if one not in {told, "crashed"}] == []


def test_a_batch_that_is_given_up(scanner: prescan.Scanner, tmp_path: Path) -> None:
    """What a worker still has to say is not taken for the next file's."""
    paths = files(tmp_path, 30)
    found = scanner.load_documents(paths)
    assert said(next(found)) == "第0份文件"
    found.close()  # type: ignore[attr-defined]
    assert scanner.load_document(paths[9]).text == "第9份文件"


def test_a_poisonous_file_of_a_batch_costs_only_itself(tmp_path: Path) -> None:
    """Those behind it are read by other workers, one by one; so is one that takes too long."""
    paths = files(tmp_path, 12)
    strewn = b"BT /F 1 Tf\n" + b"1 0 0 1 7 13 Tm (ab) Tj\n" * 300_000 + b"ET"
    paths[5].write_bytes(gzip.compress(pdf([strewn])))  # small, and more than a second's work
    paths[9].write_bytes(b"GIF89a" + bytes(40))
    with prescan.Scanner(Settings(names="off", limits=Limits(seconds=1, ratio=10_000))) as hasty:
        found = [said(one) for one in hasty.load_documents(paths)]
    expected = [f"第{number}份文件" for number in range(12)]
    expected[5], expected[9] = "timeout", "no_text_layer"
    assert found == expected


def test_large_files_between_small_ones(scanner: prescan.Scanner, tmp_path: Path) -> None:
    """Each is what load_document says of it."""
    paths = files(tmp_path, 50)
    for number in (7, 8, 30):
        paths[number].write_text("很长的一行\n" * 30_000, encoding="utf-8")
    found = list(scanner.load_documents(paths))
    assert found == [scanner.load_document(path) for path in paths]


def test_texts_of_every_kind(scanner: prescan.Scanner, tmp_path: Path) -> None:
    """Those that are sent as they are and those that are not come in their order, and as load_document reads them."""
    contents = {
        "lines.txt": "一\n\n二\r\n三\u2028四\n".encode(),
        "mark.txt": "\ufeff带标记".encode(),
        "gbk.txt": "国标编码的文字".encode("gb18030"),
        "wide.txt": "宽字符".encode("utf-16"),
        "broken.txt": "坏字节".encode() * 50 + b"\xff",
        "blank.txt": b" \n\n",
        "table.csv": "甲,乙\n丙,丁\n".encode(),
        "page.txt": "<html><body><p>网页</p></body></html>".encode(),
        "named.docx": "后缀不符".encode(),
        "plain": "没有后缀".encode(),
    }
    paths = [tmp_path / name for name in contents]
    for path in paths:
        path.write_bytes(contents[path.name])
    expected: list[Document | ReadError] = []
    for path in paths:
        try:
            expected.append(scanner.load_document(path))
        except ReadError as error:
            expected.append(error)
    found = list(scanner.load_documents(paths))
    assert list(map(said, found)) == list(map(said, expected))
    assert [one for one in found if isinstance(one, Document)] == [one for one in expected if isinstance(one, Document)]


def workers() -> Iterator[int]:
    """Yield the process ids of our workers."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[1])
            if parent == os.getpid() and "prescan._worker" in (process / "cmdline").read_text(encoding="utf-8"):
                yield int(process.name)
        except OSError:  # it has ended meanwhile
            continue
