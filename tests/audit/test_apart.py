"""A container that kills, starves or holds its reader costs what it did not give yet, and the run goes on."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from audits import KEY, order, run

from prescan.audit import statistics
from prescan.audit.plan import Plan
from prescan.audit.sources import Broken, Item, apart
from prescan.audit.sources import items as here
from prescan.audit.store import Store
from prescan.errors import SettingsError
from prescan.types import Limits

if TYPE_CHECKING:
    from types import ModuleType

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
        archive.writestr("2.html", "<p>后读</p>")
    found = list(apart.items(str(tmp_path / "a.zip"), PLAN, Limits(memory_mb=64)))
    assert told(found) == [("0.html", None), ("1.html", "memory"), ("2.html", None)]


#: What a reader does in the place of reading these: it ends at once, as if it had run into the library's worst bug.
KILLING = """
import os, signal, tarfile, zipfile
from prescan.audit.sources import export, warc

def killing(module, name, place):
    do = getattr(module, name)
    def done(*given):
        if "poison" in place(*given):
            os.kill(os.getpid(), signal.SIGKILL)
        return do(*given)
    setattr(module, name, done)

killing(zipfile.ZipFile, "open", lambda self, info, *more: getattr(info, "filename", info))
killing(tarfile.TarFile, "extractfile", lambda self, member: member.name)
killing(warc, "_response_item", lambda record, url, raw: url)
killing(export, "_file", lambda title, body: body)
"""


def made(kind: str, folder: Path, generated: ModuleType) -> Path:
    """Return a container of four members, of which the second and the last kill who reads them."""
    names = ["0.html", "1-poison.html", "2.html", "3-poison.html"]
    path = folder / f"a.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, f"<p>{name}</p>")
    elif kind == "tar":
        with tarfile.open(path, "w") as archive:
            for name in names:
                (folder / name).write_text(f"<p>{name}</p>", encoding="utf-8")
                archive.add(folder / name, name)
    elif kind == "jsonl":
        rows = (json.dumps({"url": f"https://x.cn/{name}", "body": f"<p>{name}</p>"}) for name in names)
        path.write_text("\n".join(rows), encoding="utf-8")
    else:
        path.write_bytes(
            b"".join(generated.warc_record(name, f"<p>{name}</p>".encode(), "text/html") for name in names)
        )
    return path


def told(found: list[Item | Broken]) -> list[tuple[str, str | None]]:
    """Return name and code of what was given."""
    return [(item.place.rpartition("/")[2], item.code) for item in found if isinstance(item, Item)]


@pytest.mark.parametrize("kind", ["zip", "tar", "warc.gz", "jsonl"])
def test_a_member_that_kills_its_reader_costs_only_itself(
    kind: str, tmp_path: Path, generated: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "warc.gz":
        pytest.importorskip("fastwarc")
    (tmp_path / "sitecustomize.py").write_text(KILLING, encoding="utf-8")
    path = made(kind, tmp_path, generated)
    whole = told(list(apart.items(str(path), PLAN, Limits())))
    assert [code for _, code in whole] == [None] * 4
    monkeypatch.setattr(apart, "_PACKAGE_ROOT", f"{tmp_path}{os.pathsep}{apart._PACKAGE_ROOT}")
    found = list(apart.items(str(path), PLAN, Limits()))
    names = ["0.html", "1-poison.html", "2.html", "3-poison.html"]
    if kind == "jsonl":  # a row has no name before it is read: what stands in it is not known to be gone
        names[1], names[3] = "a.jsonl#2", "a.jsonl#4"
        assert sum(isinstance(item, Broken) for item in found) == 2
    else:
        assert not any(isinstance(item, Broken) for item in found)
    assert told(found) == list(zip(names, [None, "crashed", None, "crashed"], strict=True))


def test_a_source_that_kills_every_reader_is_left(
    tmp_path: Path, generated: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(apart, "_PACKAGE_ROOT", f"{tmp_path}{os.pathsep}{apart._PACKAGE_ROOT}")
    found = list(apart.items(str(made("zip", tmp_path, generated)), PLAN, Limits()))
    assert told(found) == [("a.zip", "crashed")]
    assert isinstance(found[-1], Broken)


def test_a_source_that_never_answers(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    lost, broken = apart.items(str(tmp_path / "a.jsonl"), PLAN, Limits(seconds=0.05))
    assert isinstance(lost, Item)
    assert lost.code == "timeout"
    assert isinstance(broken, Broken)


def test_a_reader_that_dies_by_chance_loses_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readers: list[apart._Reader] = []
    begin = apart._Reader.__init__
    monkeypatch.setattr(apart._Reader, "__init__", lambda self, *given: (readers.append(self), begin(self, *given))[1])
    found = apart.items(str(site / "site.warc.gz"), PLAN, Limits())
    first = next(found)
    os.kill(readers[0]._process.pid, signal.SIGKILL)
    assert [first, *found] == list(here(str(site / "site.warc.gz"), PLAN))
    assert len(readers) == 2


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
