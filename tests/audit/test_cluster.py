"""What a cluster does with a partition says what a run says; the same through spark-submit where pyspark is there."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audits import DAY, HOW, KEY, order, run
from test_merge import PLAN, SETTINGS, merged
from test_run import found

from prescan.audit.sources import Broken, Item, Progress, apart, warc
from prescan.audit.spark import JOB, job_of, main
from prescan.audit.spark.partition import COLUMNS, Given, scanned
from prescan.audit.store import hashed
from prescan.errors import PrescanError
from prescan.types import Limits, Settings

if TYPE_CHECKING:
    from types import ModuleType

pytestmark = pytest.mark.skipif(
    not (importlib.util.find_spec("pyarrow") and importlib.util.find_spec("fastwarc")), reason="extra audit is missing"
)
ON_A_DAY = Settings(stage="published", names="off", today=DAY)


def given(source: Path, number: int = 0) -> list[Given]:
    """Return a source as a cluster passes it on."""
    items = apart.items(str(source), PLAN, Limits())
    return [Given(f"{number:04}-{n:06}", str(source.resolve()), item) for n, item in enumerate(items)]


def written(folder: Path, source: Path, *partitions: list[Given]) -> Path:
    """Write what a job would, without Spark: a file a partition, in no order."""
    from pyarrow import Table, parquet

    job = job_of(ON_A_DAY, KEY)
    (folder / "items").mkdir(parents=True)
    (folder / "meta").mkdir()
    for number, partition in enumerate(reversed(partitions)):
        rows = list(scanned(partition, job, KEY))
        parquet.write_table(Table.from_pylist(rows), folder / "items" / f"part-{number:05}.parquet")
    meta = {
        "schema": "prescan-audit-cluster/1",
        "key": hashed(KEY, "key").hex(),
        "sources": [str(source.resolve())],
        "state": job.state,
        "versions": json.loads(job.versions),
        "today": DAY.isoformat(),
        "seconds": 1.0,
    }
    (folder / "meta" / "part-00000.txt").write_text(json.dumps(meta), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["folder", "site.warc.gz", "export/site.csv"])
def test_partitions_merged_say_what_a_run_says(site: Path, tmp_path: Path, name: str) -> None:
    source = site / name
    run(tmp_path / "run.sqlite", order(source))
    items = given(source)
    middle = len(items) // 2
    merged(tmp_path / "cluster.sqlite", [written(tmp_path / "job", source, items[:middle], items[middle:])])
    assert found(tmp_path / "cluster.sqlite") == found(tmp_path / "run.sqlite")


def test_a_file_that_cannot_be_read_and_a_source_that_breaks_off() -> None:
    page = Item("a.html", data="<p>机密★10年</p>".encode())
    items = [page, Item("b.pdf", data=b"%PDF-1.7 nothing"), Item("c.html", code="empty"), Broken("到此为止"), page]
    rows = list(scanned([Given(str(n), "s", item) for n, item in enumerate(items)], job_of(ON_A_DAY, KEY), KEY))
    assert {row["shown"]: (row["verdict"], row["unread"]) for row in rows if row["shown"]} == {
        "a.html": ("blocked", ""),
        "b.pdf": ("unread", "corrupted"),
        "c.html": ("unread", "empty"),
    }
    assert [row["broken"] for row in rows if row["broken"]] == ["到此为止"]
    assert all(tuple(row) == COLUMNS for row in rows)


def test_rows_hold_no_value_and_no_place_in_clear() -> None:
    number = "110101190203140028"
    page = f'<title>名单</title><p>身份证号：{number}</p><a href="{number}.xlsx">x</a>'.encode()
    rows = list(scanned([Given("0", "s", Item(f"d/{number}.html", data=page))], job_of(ON_A_DAY, KEY), KEY))
    assert rows[0]["block"] >= 1
    assert number not in json.dumps(rows, ensure_ascii=False)


def test_a_node_with_other_rules_is_refused() -> None:
    from dataclasses import replace

    job = replace(job_of(ON_A_DAY, KEY), versions=json.dumps({"prescan": "0", "rules": "0", "model": "0"}))
    with pytest.raises(PrescanError, match="用同一个环境压缩包"):
        list(scanned([], job, KEY))


def test_a_partition_that_is_given_up_leaves_nothing_for_the_next(site: Path) -> None:
    job, items = job_of(ON_A_DAY, KEY), given(site / "site.warc.gz")
    first = scanned(items, job, KEY)
    next(first)
    first.close()  # type: ignore[attr-defined]
    shown = sorted(row["shown"] for row in scanned(items[:3], job, KEY))  # rows come as they are done
    assert shown == sorted(item.item.place for item in items[:3] if isinstance(item.item, Item))


@pytest.mark.parametrize("size", [700, 5_000, 10_000_000])
def test_splits_of_a_warc_hold_every_record_once(site: Path, size: int) -> None:
    path = site / "site.warc.gz"
    spans = warc.splits(path, size)
    items = [item for span in spans for item in warc.part(path, *span, Progress())]
    assert items == list(warc.items(path, PLAN, Progress()))
    assert (len(spans) > 1) == (size < path.stat().st_size)


def test_a_store_takes_a_cluster_after_a_run_and_sees_what_changed(site: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(site / "folder", tmp_path / "folder"))
    run(tmp_path / "a.sqlite", order(source, settings=SETTINGS))
    leak = next(source.rglob("*_0000007.html"))
    leak.write_text("<p>已删除。</p>", encoding="utf-8")
    next(source.rglob("*_0000057.html")).unlink()
    did = merged(tmp_path / "a.sqlite", [written(tmp_path / "job", source, given(source))])
    assert did.batch == 2
    said = {one["place"][-12:-5]: (one["state"], one["why"]) for one in found_with_state(tmp_path / "a.sqlite")}
    assert said["0000007"] == ("fixed", "edited")
    assert said["0000057"] == ("fixed", "taken_down")
    assert said["0000107"][0] == "still"


def found_with_state(store: Path) -> list[dict[str, Any]]:
    from prescan.audit import exports
    from prescan.audit.store import Store

    with Store(store, KEY) as held:
        return [one for one in exports.records(held, KEY) if one["level"] == "block"]


def test_results_that_are_cut_or_under_another_key_are_refused(site: Path, tmp_path: Path) -> None:
    items = given(site / "site.warc.gz")[:3]
    job = written(tmp_path / "job", site / "site.warc.gz", items)
    meta = job / "meta" / "part-00000.txt"
    text = meta.read_text(encoding="utf-8")
    meta.write_text(text.replace(hashed(KEY, "key").hex(), "0" * 32), encoding="utf-8")
    with pytest.raises(PrescanError, match="另一把密钥"):
        merged(tmp_path / "a.sqlite", [job])
    meta.write_text(text, encoding="utf-8")
    part = next((job / "items").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(PrescanError, match="已损坏"):
        merged(tmp_path / "a.sqlite", [job])


# --- with Spark itself


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with settings, plan and key for jobs."""
    root = tmp_path_factory.mktemp("job")
    (root / "a.key").write_text(KEY.hex(), encoding="ascii")
    (root / "prescan.toml").write_text('key_file = "a.key"\nnames = "off"\n', encoding="utf-8")
    (root / "plan.toml").write_text('base_url = "https://www.qinghe.example/"\n', encoding="utf-8")
    return root


def submitted(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    submit = Path(sys.executable).with_name("spark-submit")
    if not importlib.util.find_spec("pyspark") or not submit.exists():
        pytest.skip("extra cluster (pyspark) is not installed")
    if not shutil.which("java"):
        pytest.skip("Java, which Spark needs, is not installed")
    options = ["--master", "local[2]", "--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=2"]
    job = [JOB, *arguments, "--config", "prescan.toml", "--plan", "plan.toml", "--today", DAY.isoformat()]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return subprocess.run(
        [submit, *options, *job], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def test_spark_says_what_a_run_says(site: Path, workplace: Path, generated: ModuleType) -> None:
    from pyarrow import Table, csv, parquet

    tables = workplace / "export"
    shutil.copytree(site / "export", tables)
    table: Table = csv.read_csv(tables / "site.csv", parse_options=csv.ParseOptions(newlines_in_values=True))
    columns = [column.cast("string") for column in table.columns]
    parquet.write_table(Table.from_arrays(columns, names=table.column_names), tables / "pages.parquet")
    sources = [site / "site.warc.gz", tables / "pages.parquet"]
    done = submitted(workplace, *map(str, sources), "--out", "out", "--split-mb", "1", "--tasks", "2")
    assert done.returncode == 0, done.stderr[-3000:]
    run(workplace / "run.sqlite", order(*sources))
    merged(workplace / "a.sqlite", [workplace / "out"])
    assert found(workplace / "a.sqlite") == found(workplace / "run.sqlite")
    planted = generated.planted(160, 12, **HOW)
    blocked = {one["place"].removeprefix(generated.BASE) for one in found_with_state(workplace / "a.sqlite")}
    assert blocked == set(planted)


@pytest.mark.parametrize(
    ("out", "settings", "said"), [(".", 'key_file = "a.key"\n', "已存在"), ("out", 'names = "off"\n', "key_file")]
)
def test_a_job_that_cannot_be_done_says_so_before_spark_is_started(  # noqa: PLR0913, PLR0917
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    out: str,
    settings: str,
    said: str,
) -> None:
    pytest.importorskip("pyspark", reason="extra cluster (pyspark) is not installed")
    (tmp_path / "a.key").write_text(KEY.hex(), encoding="ascii")
    (tmp_path / "prescan.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["site", "--out", out, "--config", "prescan.toml"]) == 2
    assert said in capsys.readouterr().err


def test_without_pyspark_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert main(["site", "--out", "out"]) == 2
    assert "pip install 'prescan[cluster]'" in capsys.readouterr().err
