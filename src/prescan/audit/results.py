"""Writes the output folder of a run: report, ledger, notice, figures of the yearly report, exports, manifest."""

from __future__ import annotations

import csv
import io
import json
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.audit import bulletin, exports, ledger, statistics
from prescan.audit.extras import has
from prescan.audit.report import site
from prescan.resources import __version__
from prescan.types import ATTRIBUTE_LABELS, ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prescan.audit.plan import Plan
    from prescan.audit.store import Store

MANIFEST: Final = "manifest.json"


def yearly(store: Store, stream: IO[bytes], _key: bytes, _plan: Plan) -> None:
    """Write the figures of the yearly report (条例 第五十条) that an audit knows as csv; people add the others."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    rows = csv.writer(text)
    rows.writerow(("统计项", "件数", "说明"))
    counts = statistics.attribute_counts(store)
    figures = statistics.headline(store, int(statistics.last_batch(store)["id"]))
    rows.writerow(("已公开的页面", figures["pages"], ""))
    rows.writerow(("已公开的附件", figures["annexes"], ""))
    normative = store.value("SELECT count(*) FROM items WHERE gone IS NULL AND NOT annex AND title LIKE '%规范性文件%'")
    rows.writerow(("标题写明规范性文件的页面", normative, "其余规范性文件须人工认定"))
    for attribute in ATTRIBUTES:
        rows.writerow((f"建议{ATTRIBUTE_LABELS[attribute]}", counts[attribute], "机器建议，由人确定"))
    rows.writerow(("无法判断", counts[""], "须人工确定"))
    for reason, count in statistics.withheld_reasons(store).items():
        rows.writerow((f"建议不予公开：{reason}", count, "一件可有几个理由"))
    rows.writerow(("收到申请数", "", "由单位填写"))
    rows.writerow(("答复数（按类）", "", "由单位填写"))
    text.flush()
    text.detach()


#: Formats of `audit report`: (writer, is binary). html is written as a folder (report/site.py).
FORMATS: Final[dict[str, tuple[Callable[[Store, IO[bytes], bytes, Plan], None], bool]]] = {
    "jsonl": (exports.jsonl, False),
    "csv": (exports.table, False),
    "sarif": (exports.sarif, False),
    "xlsx": (ledger.write, True),
    "docx": (bulletin.write, True),
    "yearly": (yearly, False),
    "parquet": (exports.parquet, True),
}
_FILES: Final = {
    "findings.jsonl": "jsonl",
    "疑点清单.csv": "csv",
    "整改台账.xlsx": "xlsx",
    "排查通报.docx": "docx",
    "年报统计.csv": "yearly",
    "findings.parquet": "parquet",
}


def write(store: Store, folder: Path, key: bytes, plan: Plan) -> None:
    """Write all files about the last batch and record in the store that it was reported. Raises PrescanError."""
    report = site.write(store, folder, plan)
    files = [name for name, kind in _FILES.items() if kind != "parquet" or has("pyarrow")]
    for name in files:
        write_file(store, _FILES[name], folder / name, key, plan)
    last = statistics.last_batch(store)
    site.put(folder / MANIFEST, json.dumps(manifest(store, last, [*report, *files]), ensure_ascii=False, indent=1))
    with store.transaction():
        store.db.execute("UPDATE batches SET reported = started WHERE id = ?", (last["id"],))


def write_file(store: Store, kind: str, path: Path, key: bytes, plan: Plan) -> None:
    """Write one format to a file atomically (mode 0600). Raises PrescanError."""

    def make(draft: Path) -> None:
        with draft.open("wb") as stream:
            FORMATS[kind][0](store, stream, key, plan)

    site.replace_file(path, make)


def manifest(store: Store, last: Any, files: list[str]) -> dict[str, Any]:  # noqa: ANN401  a row
    """Return the manifest of a batch: what was scanned, with which versions and settings, and the files written."""
    runs = store.rows(
        "SELECT shard, started, finished, seconds, counts FROM runs WHERE batch = ? ORDER BY shard", (last["id"],)
    )
    return {
        "schema": "prescan-audit-manifest/1",
        "prescan": __version__,
        "batch": last["id"],
        "kind": last["kind"],
        "today": last["today"],
        "sources": json.loads(last["sources"]),
        "shards": last["shards"],
        "versions": json.loads(last["versions"]),
        "settings": last["settings"],
        "started": last["started"],
        "finished": last["finished"],
        "runs": [{**dict(run), "counts": json.loads(run["counts"] or "{}")} for run in runs],
        "counts": json.loads(last["counts"] or "{}"),
        "unread": statistics.unread(store)[0],
        "files": sorted(files),
    }
