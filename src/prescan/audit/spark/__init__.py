"""An audit on an existing Spark (extra `cluster`): `spark-submit … job.py SOURCE… --out FOLDER --config prescan.toml`.

The job only scans: it writes rows as Parquet (see partition.py), and `prescan audit merge` makes them a batch
of a store, from which everything else follows. Tables and Parquet are read by Spark; WARC is read in splits; what
cannot be split (zip, tar, csv, jsonl, lists) is read by one task and spread; files of a folder are opened where they
are scanned.
"""

from __future__ import annotations

import argparse
import datetime
import hmac
import io
import json
import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.audit import batches, sources
from prescan.audit.lanes import Lanes
from prescan.audit.parts.cluster import ITEMS, META, SCHEMA
from prescan.audit.plan import load_plan
from prescan.audit.sources import Broken, Item, apart, export, placed, warc
from prescan.audit.spark.partition import COLUMNS, COUNTS, Given, Job, scanned
from prescan.audit.store import hashed
from prescan.decisions import load_key
from prescan.errors import PrescanError
from prescan.scanner import wire
from prescan.scanner.day import today
from prescan.settings import effective_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.audit.plan import Plan
    from prescan.types import Limits, Settings

#: The file to give to spark-submit.
JOB: Final = str(Path(__file__).with_name("job.py"))
_TABLE: Final = "table:"
_SPLIT_MB: Final = 128
_TASKS_A_CORE: Final = 4
_FILES_A_TASK: Final = 200
_ERROR: Final = re.compile(r"prescan\.errors\.\w+: (?P<said>[^\n]+)")


class _Split(NamedTuple):
    """A part of a source that one task reads."""

    seq: str
    label: str
    source: str
    span: tuple[int, int] | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; return the exit code: 0 done, 2 could not run."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except PrescanError as error:
        sys.stderr.write(f"错误：{error}\n")
        return 2
    except Exception as error:  # what a task raised comes back inside an error of Spark's
        found = _ERROR.search(str(error))
        if not found:
            raise
        sys.stderr.write(f"错误：{found['said']}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="spark-submit job.py", description="在 Spark 上扫描，结果用 audit merge 导入")
    parser.add_argument("sources", nargs="+", metavar="来源", help="同 audit run；也可用 table:库.表、hdfs:// 等地址")
    parser.add_argument("--out", required=True, metavar="文件夹", help="结果写到这里，不能已存在")
    parser.add_argument("--config", metavar="文件", help="设置文件，必须有 key_file")
    parser.add_argument("--plan", metavar="文件", help="审计方案")
    parser.add_argument("--annexes", metavar="文件夹", help="表中附件路径从这里算起，各节点都要能读到")
    parser.add_argument("--tasks", type=int, metavar="数", help="分成几个任务，默认每核 4 个")
    parser.add_argument("--split-mb", type=int, default=_SPLIT_MB, metavar="数", help="WARC 每段大小，默认 128")
    parser.add_argument("--today", type=datetime.date.fromisoformat, metavar="日期", help="按这一天计算期限")
    return parser


def _run(arguments: argparse.Namespace) -> None:
    try:
        from pyspark.errors import AnalysisException  # noqa: PLC0415  extra cluster
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError:
        raise PrescanError("在 Spark 上扫描要另装组件，请运行：pip install 'prescan[cluster]'") from None
    if "://" not in arguments.out and Path(arguments.out).exists():
        raise PrescanError(f"{arguments.out} 已存在，请用 --out 另给一个文件夹")
    plan = load_plan(arguments.plan)
    settings = effective_settings(arguments.config, {"stage": "published", **_given(arguments)}).settings
    if settings.key_file is None:
        raise PrescanError("请在设置中用 key_file 写明密钥文件，各节点要用同一把（见 docs/audit.md）")
    key = load_key(settings.key_file)[0]
    job = job_of(settings, key)
    spark = SparkSession.builder.appName("prescan audit").getOrCreate()
    begun = time.monotonic()
    try:
        context = spark.sparkContext
        given = context.union(
            [
                _items(spark, number, source, plan, arguments, settings.limits)
                for number, source in enumerate(arguments.sources)
            ]
        )
        work = _Work(job, settings.key_file, hashed(key, "key").hex())
        rows = spark.createDataFrame(given.mapPartitions(work), _schema())
        rows.write.parquet(f"{arguments.out}/{ITEMS}")
        meta = {
            "schema": SCHEMA,
            "key": hashed(key, "key").hex(),
            "sources": [_label(source) for source in arguments.sources],
            "state": job.state,
            "versions": json.loads(job.versions),
            "today": job.day.isoformat(),
            "seconds": round(time.monotonic() - begun, 1),
        }
        meta_frame = spark.createDataFrame([(json.dumps(meta, ensure_ascii=False),)], "meta string")
        meta_frame.coalesce(1).write.text(f"{arguments.out}/{META}")
    except AnalysisException as error:
        raise PrescanError(f"Spark 读不了来源或写不了结果：{str(error).splitlines()[0]}") from None
    finally:
        spark.stop()


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    return {"today": arguments.today} if arguments.today else {}


def job_of(settings: Settings, key: bytes, *, ids: bool = True) -> Job:
    """Return what every partition needs. Raises RuleError, ModelError: nothing would be scanned."""
    day = today(settings)
    with Lanes(settings, key, day, 1) as lanes:
        versions = lanes.start()
    return Job(_as_json(settings), day, batches.rules_state(settings, versions), json.dumps(versions), ids)


def _as_json(settings: Settings) -> str:
    buffer = io.BytesIO()
    wire.send(buffer, {"settings": replace(settings, baseline=())})
    settings_only = json.loads(buffer.getvalue()[4:].decode("utf-8", "surrogatepass"))["settings"]
    return json.dumps(settings_only, ensure_ascii=False, sort_keys=True)


class _Work:
    """`scanned` as a task of Spark: the key is read on the node, never sent with the job."""

    def __init__(self, job: Job, key_file: str, key_check: str) -> None:
        self._job, self._key_file, self._key_check = job, key_file, key_check

    def __call__(self, items: Iterable[Given]) -> Iterator[tuple[Any, ...]]:
        key = _key_here(self._key_file, self._key_check)
        for row in scanned(items, self._job, key):
            yield tuple(row[name] for name in COLUMNS)


def _key_here(key_file: str, check: str) -> bytes:
    """Return the key as this node has it. Raises PrescanError: it has none, or another one."""
    from pyspark import SparkFiles  # noqa: PLC0415

    name = Path(key_file).name
    for path in (Path(key_file), Path(name), Path(SparkFiles.getRootDirectory()) / name):
        if path.is_file():
            key = load_key(str(path))[0]
            if not hmac.compare_digest(hashed(key, "key").hex(), check):
                raise PrescanError(f"这个节点上的密钥文件 {path} 与提交作业时的不是同一把")
            return key
    raise PrescanError(f"这个节点上没有密钥文件 {key_file}，请用 --files 带上，或放在各节点都能读到的同一路径")


def _items(  # noqa: PLR0913, PLR0917
    spark: Any,  # noqa: ANN401  a SparkSession
    number: int,
    source: str,
    plan: Plan,
    arguments: argparse.Namespace,
    limits: Limits,
) -> Any:  # noqa: ANN401  an RDD of Given
    """Return the items of one source, spread over the tasks."""
    context = spark.sparkContext
    tasks = arguments.tasks or _TASKS_A_CORE * context.defaultParallelism
    label = _label(source)
    if source.startswith(_TABLE) or source.rstrip("/").endswith(".parquet"):
        return _table(spark, number, source, plan, arguments.annexes).repartition(tasks)
    if "://" in source:
        files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(source)
        root = source.rstrip("/")
        return files.rdd.mapPartitionsWithIndex(_Binary(number, label, root, plan)).repartition(tasks)
    kind = sources.kind_of(source)
    if kind == "folder":
        found = [Given(f"{number:04}-{n:012}", label, item) for n, item in enumerate(sources.items(source, plan))]
        return context.parallelize(found, max(tasks, len(found) // _FILES_A_TASK))
    if kind == "warc" and not source.lower().endswith(".wacz"):
        spans = warc.splits(Path(source), arguments.split_mb << 20)
        splits = [_Split(f"{number:04}-{begin:015}", label, source, (begin, end)) for begin, end in spans]
        return context.parallelize(splits, len(splits)).mapPartitions(_Read(plan, limits))
    whole = [_Split(f"{number:04}", label, source, None)]
    return context.parallelize(whole, 1).mapPartitions(_Read(plan, limits)).repartition(tasks)


class _Read:
    """Reads parts of sources in a reader of their own; a place that one part lists twice is passed on once."""

    def __init__(self, plan: Plan, limits: Limits) -> None:
        self._plan, self._limits = plan, limits

    def __call__(self, splits: Iterable[_Split]) -> Iterator[Given]:
        for split in splits:
            found = apart.items(split.source, self._plan, self._limits, split.span)
            yield from (Given(f"{split.seq}-{n:09}", split.label, item) for n, item in enumerate(found))


class _Binary:
    """Files of a folder that Spark reads (hdfs:// and the like)."""

    def __init__(self, number: int, label: str, root: str, plan: Plan) -> None:
        self._number, self._label, self._root, self._plan = number, label, root, plan

    def __call__(self, part: int, rows: Iterable[Any]) -> Iterator[Given]:
        top = re.sub(r"^(\w+):/+", r"\1:/", self._root) + "/"
        for n, row in enumerate(rows):
            path = re.sub(r"^(\w+):/+", r"\1:/", row.path)
            place = placed(path.partition(top)[2] or path.rpartition("/")[2], self._plan)
            if not sources.skipped(place, self._plan):
                data = bytes(row.content)
                item = Item(place, data=data) if data else Item(place, code="empty")
                yield Given(f"{self._number:04}-{part:06}-{n:09}", self._label, item)


def _table(spark: Any, number: int, source: str, plan: Plan, annexes: str | None) -> Any:  # noqa: ANN401
    """Return the pages of a table, and their annexes, which are opened where they are scanned."""
    frame = spark.table(source.removeprefix(_TABLE)) if source.startswith(_TABLE) else spark.read.parquet(source)
    name = Path(source.removeprefix(_TABLE)).name
    local = "://" not in source and not source.startswith(_TABLE)
    folder = Path(annexes) if annexes else Path(source).absolute().parent if local else Path("/nonexistent")
    mapping = export.column_mapping(folder / name, frame.columns, plan)
    numbered = frame.rdd.zipWithIndex() if "url" not in mapping else frame.rdd.map(_unnumbered)
    return numbered.mapPartitionsWithIndex(_Rows(number, _label(source), folder / name, plan))


def _unnumbered(row: Any) -> tuple[Any, int]:  # noqa: ANN401
    return row, 0


class _Rows:
    """Rows of a table to pages and annexes, by the columns that an export has."""

    def __init__(self, number: int, label: str, path: Path, plan: Plan) -> None:
        self._number, self._label, self._path, self._plan = number, label, path, plan

    def __call__(self, part: int, rows: Iterable[tuple[Any, int]]) -> Iterator[Given]:
        numbered = ((at + 1, row.asDict(recursive=True)) for row, at in rows)
        found = export.of_rows(self._path, numbered, self._plan)
        left = (item for item in found if isinstance(item, Broken) or not sources.skipped(item.place, self._plan))
        yield from (Given(f"{self._number:04}-{part:06}-{n:09}", self._label, item) for n, item in enumerate(left))


def _label(source: str) -> str:
    return source if source.startswith(_TABLE) or "://" in source else batches.label(source)


def _schema() -> Any:  # noqa: ANN401
    from pyspark.sql.types import LongType, StringType, StructField, StructType  # noqa: PLC0415

    return StructType(
        [StructField(name, LongType() if name in COUNTS else StringType(), name not in COUNTS) for name in COLUMNS]
    )
