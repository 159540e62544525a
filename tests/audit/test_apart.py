"""A container that kills, starves or holds its reader costs what it did not give yet, and the run goes on."""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import zipfile
import zlib
from pathlib import Path

import pytest
from conftest import KEY, order, run

from prescan.audit import statistics
from prescan.audit.plan import Plan
from prescan.audit.sources import Broken, Item, apart
from prescan.audit.sources import items as here
from prescan.audit.store import Store
from prescan.errors import SettingsError
from prescan.types import Limits

PLAN = Plan(base_url="https://www.qinghe.example/")


def test_apart_gives_what_the_source_gives(site: Path) -> None:
    for source in (site / "site.warc.gz", site / "export" / "site.csv", site / "folder"):
        assert list(apart.items(str(source), PLAN, Limits())) == list(here(str(source), PLAN))


def test_what_is_wrong_with_the_order_is_raised_here(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="认不出正文或附件列"):
        list(apart.items(str(tmp_path / "a.csv"), PLAN, Limits()))


def test_a_member_that_needs_more_memory_than_there_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.html", "<p>先读</p>")
        archive.writestr("1.html", bytes(95 << 20))
    first, lost, broken = apart.items(str(tmp_path / "a.zip"), PLAN, Limits(memory_mb=64))
    assert isinstance(first, Item)
    assert first.place.endswith("0.html")
    assert isinstance(lost, Item)
    assert (lost.place, lost.code) == ("a.zip", "memory")
    assert isinstance(broken, Broken)


def test_a_source_that_never_answers(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    lost, broken = apart.items(str(tmp_path / "a.jsonl"), PLAN, Limits(seconds=0.05))
    assert isinstance(lost, Item)
    assert lost.code == "timeout"
    assert isinstance(broken, Broken)


def test_a_reader_that_dies_keeps_what_it_gave(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readers: list[apart._Reader] = []
    begin = apart._Reader.__init__
    monkeypatch.setattr(apart._Reader, "__init__", lambda self, *given: (readers.append(self), begin(self, *given))[1])
    found = apart.items(str(site / "site.warc.gz"), PLAN, Limits())
    first = next(found)
    os.kill(readers[0]._process.pid, signal.SIGKILL)
    *_, lost, broken = found
    assert isinstance(first, Item)
    assert first.code is None
    assert isinstance(lost, Item)
    assert lost.code == "crashed"
    assert isinstance(broken, Broken)


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """Return a file with some of its bytes changed, lost or put in."""
    held = bytearray(data)
    for _ in range(chance.choice([1, 3, 20])):
        at = chance.randrange(len(held))
        how = chance.randrange(4)
        if how == 0:
            held[at] = chance.randrange(256)
        elif how == 1:
            del held[at : at + chance.randrange(1, 200)]
        elif how == 2:
            held[at:at] = chance.randbytes(chance.randrange(1, 50))
        else:
            held[at : at + 4] = b"\xff\xff\xff\x7f"
    return bytes(held) or b"x"


@pytest.mark.parametrize("kind", ["warc.gz", "warc", "wacz", "csv", "zip", "tar.gz"])
def test_a_spoiled_container_is_told_of_and_raises_nothing(site: Path, tmp_path: Path, kind: str) -> None:
    pytest.importorskip("fastwarc")
    warc = (site / "site.warc.gz").read_bytes()[:20_000]
    chance = random.Random(kind)
    if kind == "csv":
        data = (site / "export" / "site.csv").read_bytes()[:20_000]
    elif kind in {"zip", "wacz"}:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("archive/a.warc.gz", warc)
            archive.writestr("a.html", "<p>正文</p>" * 200)
        data = held.getvalue()
    elif kind == "tar.gz":
        data = Path(shutil.make_archive(str(tmp_path / "t"), "gztar", site / "export")).read_bytes()[:20_000]
    else:
        data = warc if kind == "warc.gz" else zlib.decompressobj(31).decompress(warc) * 3
    for _ in range(25):
        path = tmp_path / f"spoiled.{kind}"
        path.write_bytes(spoiled(data, chance))
        try:
            found = list(here(str(path), PLAN))
        except SettingsError:  # a table whose headings are spoiled is asked about before anything is done
            continue
        told = [item for item in found if isinstance(item, Item) and item.code]
        assert not any(isinstance(item, Broken) for item in found) or told


def test_the_run_goes_on_with_the_other_sources_and_takes_nothing_down(site: Path, tmp_path: Path) -> None:
    store, bad = tmp_path / "a.sqlite", tmp_path / "bad.parquet"
    bad.write_bytes(b"PAR1" + bytes(range(256)) * 40 + b"PAR1")
    done = run(store, order(bad, site / "folder" / "czzj" / "files"))
    assert done.counts.items > 1
    assert done.counts.broken_sources == [str(bad)]
    with Store(store, KEY) as held:
        assert statistics.unread(held)[0] == {"corrupted": 1}
