"""A run ends with every item looked at once, whatever happens on the way; what is unchanged is not scanned again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audits import ANNEXES, DAY, HOW, KEY, PAGES, order, run

from prescan.audit import doubts, exports, statistics
from prescan.audit.batches import RUN, VERIFY
from prescan.audit.lanes import Lanes
from prescan.audit.plan import Plan
from prescan.audit.store import Store
from prescan.errors import PrescanError
from prescan.types import Limits, Settings

if TYPE_CHECKING:
    from types import ModuleType

SOURCES = {"folder": "folder", "warc": "site.warc.gz", "export": "export/site.csv"}


def found(store: Path) -> list[dict[str, Any]]:
    """Return what the store says, without what depends on the run."""
    with Store(store, KEY) as held:
        records = list(exports.records(held, KEY))
    aside = {"state", "first_on"}
    return sorted(
        ({name: value for name, value in one.items() if name not in aside} for one in records),
        key=lambda one: (one["place"], one["rule_id"], one["level"], one["id"]),
    )


@pytest.fixture(scope="module")
def stores(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a store of the site for each kind of source."""
    pytest.importorskip("fastwarc")
    root = tmp_path_factory.mktemp("stores")
    for kind, source in SOURCES.items():
        run(root / f"{kind}.sqlite", order(site / source, jobs=2))
    return {kind: root / f"{kind}.sqlite" for kind in SOURCES}


@pytest.fixture
def store(stores: dict[str, Path], tmp_path: Path) -> Path:
    """Return a copy of the folder's store."""
    return Path(shutil.copy(stores["folder"], tmp_path / "audit.sqlite"))


def test_folder_warc_and_export_give_identical_findings(stores: dict[str, Path]) -> None:
    folder, warc, export = (found(stores[kind]) for kind in SOURCES)
    # sha256: the export holds the body without the site around it; paragraphs are counted without it too
    aside = ("sha256", "places", "said", "findings")
    assert folder == warc
    assert [{k: v for k, v in one.items() if k not in aside} for one in folder] == [
        {k: v for k, v in one.items() if k not in aside} for one in export
    ]


def test_the_planted_leaks_are_found_and_nothing_else_at_block(stores: dict[str, Path], generated: ModuleType) -> None:
    planted = generated.planted(PAGES, ANNEXES, **HOW)
    blocked: dict[str, set[str]] = {}
    for one in found(stores["folder"]):
        if one["level"] == "block":
            blocked.setdefault(one["place"].removeprefix(generated.BASE), set()).add(one["type"])
    assert blocked == {place: set(types) for place, types in planted.items()}


def test_what_only_the_whole_shows_is_found(stores: dict[str, Path]) -> None:
    rules = {one["rule_id"] for one in found(stores["folder"])}
    assert {"PII-901", "FLO-901", "FLO-902"} <= rules


def test_an_annex_on_ten_pages_is_scanned_once_and_listed_ten_times(stores: dict[str, Path]) -> None:
    (annex,) = [
        one for one in found(stores["folder"]) if one["place"].endswith("P000000.docx") and one["level"] == "block"
    ]
    assert annex["listed"] == 10
    assert len(annex["listed_on"]) == 10


def test_no_value_is_in_the_store_and_nobody_else_may_read_it(stores: dict[str, Path], generated: ModuleType) -> None:
    numbers = {
        number
        for page in generated.pages(PAGES, ANNEXES, **HOW)
        for number in re.findall(r"(?<!\d)110101190[0-5]\d{7}[\dX]", page.body)
    }
    assert len(numbers) >= 9
    data = stores["folder"].read_bytes()
    assert not [number for number in numbers if number.encode() in data]
    assert stat.S_IMODE(stores["folder"].stat().st_mode) == 0o600


def test_a_second_run_scans_nothing_and_everything_is_still_there(site: Path, store: Path) -> None:
    again = run(store, order(site / "folder"))
    assert (again.counts.scanned, again.counts.reused) == (0, PAGES + ANNEXES)
    with Store(store, KEY) as held:
        figures = statistics.headline(held, again.batch)
    assert figures["new"] == figures["fixed"] == figures["back"] == 0
    assert figures["still"] > 0


def test_a_mended_page_is_rectified_and_verify_looks_only_at_what_was_open(
    site: Path, store: Path, tmp_path: Path
) -> None:
    mirror = Path(shutil.copytree(site / "folder", tmp_path / "folder"))
    wanted = order(mirror)
    run(store, wanted)  # the same pages, another source
    leak = next(path for path in mirror.rglob("*_0000007.html"))
    leak.write_text(leak.read_text(encoding="utf-8").replace("身份证号：", "略"), encoding="utf-8")
    text = leak.read_text(encoding="utf-8")
    leak.write_text(re.sub(r"\d{17}[\dX]", "", text), encoding="utf-8")
    next(mirror.rglob("*_0000057.html")).unlink()
    verified = run(store, replace(wanted, kind=VERIFY))
    assert verified.counts.scanned == 1
    assert verified.counts.items < 30
    with Store(store, KEY) as held:
        fixed = {(d.shown[-12:-5], d.why) for d in doubts.rows(held, verified.batch, closed=True) if d.state == "fixed"}
    assert {("0000007", "edited"), ("0000057", "taken_down")} <= fixed


def test_shards_side_by_side_give_what_one_run_gives(site: Path, stores: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "shards.sqlite"
    first = run(path, replace(order(site / "folder", jobs=1), shard=(1, 2)))
    second = run(path, replace(order(site / "folder", jobs=1), shard=(2, 2)))
    assert first.batch == second.batch
    assert first.counts.items + second.counts.items == PAGES + ANNEXES
    assert found(path) == found(stores["folder"])


def test_kill_at_any_moment_loses_and_doubles_nothing(
    site: Path, stores: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text(KEY.hex(), encoding="ascii")
    (tmp_path / "prescan.toml").write_text('key_file = "key"\nnames = "off"\n', encoding="utf-8")
    (tmp_path / "plan.toml").write_text('base_url = "https://www.qinghe.example/"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "audit.sqlite"
    options = ["--store", str(path), "--out", "out", "--plan", "plan.toml", "--today", DAY.isoformat(), "--jobs", "1"]
    command = [
        sys.executable,
        "-c",
        "from prescan.cli import main; main()",
        "audit",
        "run",
        str(site / "folder"),
        *options,
    ]
    for goal in (20, 90):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _wait_for(path, goal, process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr.decode()
    assert found(path) == found(stores["folder"])
    with Store(path, KEY) as held:
        assert held.value("SELECT count(*) FROM batches") == 1
        assert held.value("SELECT count(*) FROM items") == PAGES + ANNEXES
        assert held.value("SELECT count(*) FROM tracks WHERE first_batch <> 1 OR closed_batch IS NOT NULL") == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["runs"][0]["counts"]["items"] < PAGES + ANNEXES  # what the killed ones finished was not done again


def _wait_for(path: Path, goal: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a store holds so many items."""
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
                if db.execute("SELECT count(*) FROM items").fetchone()[0] >= goal:
                    return
        except sqlite3.Error:
            pass
        time.sleep(0.02)
    raise AssertionError(f"the run ended before {goal} items")


def test_files_that_cannot_be_read_are_unread_and_cost_only_themselves(tmp_path: Path) -> None:
    mirror = tmp_path / "m"
    mirror.mkdir()
    (mirror / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    (mirror / "empty.html").write_bytes(b"")
    (mirror / "good.html").write_text("<p>机密★10年</p>", encoding="utf-8")
    (mirror / "gone.html").symlink_to(mirror / "nowhere")
    os.mkfifo(mirror / "pipe.html")
    done = run(tmp_path / "a.sqlite", order(mirror))
    with Store(tmp_path / "a.sqlite", KEY) as held:
        counts, rows = statistics.unread(held)
        assert counts == {"corrupted": 1, "empty": 1, "missing": 1, "unsupported": 1}
        assert len(list(rows)) == 4
        assert statistics.headline(held, done.batch)["block"] == 1


def test_a_poisonous_file_keeps_what_was_read_and_is_tried_again_another_day(tmp_path: Path) -> None:
    mirror = tmp_path / "m"
    mirror.mkdir()
    (mirror / "0.html").write_text("<p>第一页</p>", encoding="utf-8")
    late = Settings(stage="published", names="off", limits=Limits(seconds=0.000_001))
    first = run(tmp_path / "a.sqlite", order(mirror, settings=late))
    assert first.counts.items == 1
    with Store(tmp_path / "a.sqlite", KEY) as held:
        assert statistics.unread(held)[0] == {"timeout": 1}
    assert run(tmp_path / "a.sqlite", order(mirror, settings=late)).counts.scanned == 1


def test_addresses_that_are_none_cost_nothing(tmp_path: Path) -> None:
    page = '<p>机密★10年</p><a href="http://[bad/a.doc">a</a><a href="//[worse/b.doc">b</a>'
    rows = [{"url": url, "body": page} for url in ("http://[bad/1.html", "https://x.cn/[2].html", "http://x.cn:port/3")]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    assert run(tmp_path / "a.sqlite", order(tmp_path / "a.jsonl")).counts.items == 3


def test_an_archive_that_ends_early_takes_nothing_down(site: Path, tmp_path: Path) -> None:
    some = Path(shutil.copytree(site / "folder" / "czzj" / "files", tmp_path / "some" / "files")).parent
    whole = Path(shutil.make_archive(str(tmp_path / "site"), "gztar", some))
    run(tmp_path / "a.sqlite", order(whole))
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    again = run(tmp_path / "a.sqlite", order(whole))
    assert again.counts.broken
    assert again.counts.gone == 0
    with Store(tmp_path / "a.sqlite", KEY) as held:
        assert statistics.headline(held, again.batch)["fixed"] == 0


def test_a_mirror_that_is_not_mounted_rectifies_nothing(tmp_path: Path) -> None:
    mirror, store = tmp_path / "m", tmp_path / "a.sqlite"
    mirror.mkdir()
    (mirror / "a.html").write_text("<p>身份证号：110101190203140028</p>", encoding="utf-8")
    run(store, order(mirror))
    (mirror / "a.html").unlink()
    done = run(store, order(mirror))
    assert done.counts.gone == 0
    assert "检查路径、挂载" in done.counts.broken[0]
    with Store(store, KEY) as held:
        assert statistics.unread(held)[0] == {"empty": 1}
        assert held.value("SELECT count(*) FROM tracks WHERE closed_batch IS NULL") == 1


def test_a_full_disk_stops_with_a_sentence_and_goes_on_later(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Store._begin

    def small(self: Store) -> None:
        begin(self)
        self.db.execute("PRAGMA max_page_count = 40")

    path = tmp_path / "a.sqlite"
    monkeypatch.setattr(Store, "_begin", small)
    with pytest.raises(PrescanError, match=r"磁盘已满.*再次运行会接着做"):
        run(path, order(site / "folder"))
    monkeypatch.setattr(Store, "_begin", begin)
    done = run(path, order(site / "folder"))
    assert done.batch == 1
    assert 0 < done.counts.items < PAGES + ANNEXES


def test_a_store_in_use_says_so(store: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prescan.audit.store._BUSY_SECONDS", 0.05)
    other = sqlite3.connect(store, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(PrescanError, match="另一个程序正在使用"):
        run(store, order(site / "folder"))
    other.close()


def test_two_runs_of_one_shard_do_not_mix(store: Path, site: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    with store.with_name(f"{store.name}.1-1.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PrescanError, match="正由另一个进程审计"):
            run(store, order(site / "folder"))


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 but not really" * 40, b"something else" * 100])
def test_a_file_that_is_no_store_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.sqlite").write_bytes(content)
    if not content:
        with Store(tmp_path / "a.sqlite", KEY) as held:
            assert held.value("SELECT count(*) FROM items") == 0
        return
    with pytest.raises(PrescanError, match="不是 prescan 的审计库"):
        Store(tmp_path / "a.sqlite", KEY)


@pytest.mark.parametrize("kind", [RUN, VERIFY])
def test_a_plan_that_writes_places_otherwise_is_refused(store: Path, site: Path, kind: str) -> None:
    """Everything would be taken for gone, and every doubt for settled."""
    before = found(store)
    with pytest.raises(PrescanError, match=r"全部被当作已整改.*新的库"):
        run(store, order(site / "folder", plan=Plan(base_url="https://other.example/"), kind=kind))
    with pytest.raises(PrescanError, match="这次是：没有"):
        run(store, order(site / "folder", plan=Plan(), kind=kind))
    assert found(store) == before
    run(store, order(site / "folder", plan=Plan(base_url="https://www.qinghe.example/", office="某办"), kind=kind))


def test_the_places_of_a_warc_do_not_depend_on_the_plan(stores: dict[str, Path], site: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copy(stores["warc"], tmp_path / "audit.sqlite"))
    again = run(copied, order(site / "site.warc.gz", plan=Plan()))
    assert again.counts.scanned == 0


def test_a_store_under_another_key_is_refused(store: Path) -> None:
    with pytest.raises(PrescanError, match="另一把密钥"):
        Store(store, b"x" * 32)


def test_a_bad_rule_stops_the_run_before_anything_is_scanned(site: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('[[rule]]\nid = "X"\n', encoding="utf-8")
    settings = Settings(stage="published", names="off", rules=(str(tmp_path / "bad.toml"),))
    with pytest.raises(PrescanError, match=r"bad\.toml"):
        run(tmp_path / "a.sqlite", order(site / "folder", settings=settings))


def test_lanes_give_every_task_back_once_though_a_worker_dies() -> None:
    from prescan.audit.lanes import Task
    from prescan.types import Context

    settings = Settings(stage="published", names="off")
    with Lanes(settings, KEY, DAY, 1) as lanes:
        lanes.start()
        data = b"<p>1</p>"
        for number in range(6):
            lanes.put(Task(number, None, data, "a.html", Context(stage="published")))
        first, _ = lanes.take()
        worker = lanes._workers[0]
        assert worker
        os.kill(worker.process_id, signal.SIGKILL)
        back = [first.number, *(lanes.take()[0].number for _ in range(5))]
    assert sorted(back) == list(range(6))


def test_lanes_end_at_once_also_where_a_file_is_read_a_second_time() -> None:
    from prescan.audit.lanes import Task
    from prescan.types import Context

    settings = Settings(stage="published", names="off", limits=Limits(seconds=300))
    with Lanes(settings, KEY, DAY, 1) as lanes:
        lanes.start()
        lanes.put(Task(1, None, b"1234567890 " * 4_000_000, "a.txt", Context(stage="published")))
        while not (worker := lanes._workers[0]) or not worker.files:
            time.sleep(0.01)
        os.kill(worker.process_id, signal.SIGKILL)  # what it was reading is read again, by a worker of its own
        while len(lanes._started._all) == 1:
            time.sleep(0.01)
    assert not [thread for thread in lanes._threads if thread.is_alive()]
    assert all(made._process.poll() is not None for made in lanes._started._all)


def test_a_member_that_kills_its_worker_costs_only_itself_in_a_run(tmp_path: Path) -> None:
    mirror = tmp_path / "m"
    mirror.mkdir()
    text = "身份证号：110101190203140028"
    with zipfile.ZipFile(mirror / "附件.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("前.txt", text)
        archive.writestr("重.txt", "一\n".encode() * 10_000_000)
        archive.writestr("后.txt", text)
    with zipfile.ZipFile(mirror / "只有.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("重.txt", "一\n".encode() * 10_000_000)
    run(
        tmp_path / "a.sqlite",
        order(mirror, settings=Settings(stage="published", names="off", limits=Limits(memory_mb=300))),
    )
    with Store(tmp_path / "a.sqlite", KEY) as held:
        unread = [name for row in held.rows("SELECT unread FROM contents") for _, _, name in json.loads(row[0])]
        assert sorted(unread) == ["只有.zip/重.txt", "附件.zip/重.txt"]
        places = {row[0].split()[0] for row in held.rows("SELECT place FROM findings WHERE type = 'resident_id'")}
        assert places == {"前.txt", "后.txt"}


def test_many_unchanged_pages_and_their_annexes_are_each_counted_once(
    generated: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prescan.audit.run._NOTED_TOGETHER", 7)
    generated.write_export(tmp_path / "site.csv", 60, 6, **HOW)
    for scanned in (66, 0):
        done = run(tmp_path / "a.sqlite", order(tmp_path / "site.csv"))
        assert (done.counts.items, done.counts.scanned) == (66, scanned)
    with Store(tmp_path / "a.sqlite", KEY) as held:
        assert held.value("SELECT count(*) FROM links WHERE batch = 2") == 60
