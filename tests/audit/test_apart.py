"""A container that kills, starves or holds its reader costs what it did not give yet, and the run goes on."""

from __future__ import annotations

import os
import signal
import zipfile
from typing import TYPE_CHECKING

import pytest
from conftest import KEY, order, run

from prescan.audit import statistics
from prescan.audit.plan import Plan
from prescan.audit.sources import Broken, Item, apart
from prescan.audit.sources import items as here
from prescan.audit.store import Store
from prescan.errors import SettingsError
from prescan.types import Limits

if TYPE_CHECKING:
    from pathlib import Path

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


def test_the_run_goes_on_with_the_other_sources_and_takes_nothing_down(site: Path, tmp_path: Path) -> None:
    store, bad = tmp_path / "a.sqlite", tmp_path / "bad.parquet"
    bad.write_bytes(b"PAR1" + bytes(range(256)) * 40 + b"PAR1")
    done = run(store, order(bad, site / "folder" / "czzj" / "files"))
    assert done.counts.items > 1
    assert done.counts.broken_sources == [str(bad)]
    with Store(store, KEY) as held:
        assert statistics.unread(held)[0] == {"corrupted": 1}
