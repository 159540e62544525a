"""Exports of an audit for other programs (jsonl, csv, sarif, parquet): a masked record per doubt, streamed."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.audit import doubts, statistics
from prescan.audit.extras import extra
from prescan.audit.tracks import STATES, WHY_LABELS
from prescan.decisions import finding_id
from prescan.report.csv import safe
from prescan.report.json import encoded
from prescan.report.sarif import LEVELS
from prescan.report.sarif import SCHEMA as SCHEMA_OF_SARIF
from prescan.resources import __version__, finding_types
from prescan.types import LEVEL_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prescan.audit.doubts import Doubt
    from prescan.audit.plan import Plan
    from prescan.audit.store import Store

SCHEMA: Final = "prescan-audit/1"
#: Characters that are not quoted in addresses.
_IN_ADDRESSES: Final = "/:%?&=#+,;@~!$'()*[]"
_CSV_HEADS: Final = {
    "编号": "id",
    "级别": "level",
    "疑点": "label",
    "规则": "rule_id",
    "处数": "number",
    "页面或文件": "place",
    "标题": "title",
    "栏目": "channel",
    "单位": "unit",
    "发布日期": "published",
    "位置": "places",
    "内容（已遮盖）": "said",
    "状态": "state",
    "首次发现": "first_on",
    "销号日期": "closed_on",
    "销号原因": "why",
    "处置": "decision",
    "理由": "reason",
    "见于页面": "listed_on",
    "文件校验值": "sha256",
}
_PARQUET_ROWS: Final = 5_000


def records(store: Store, key: bytes) -> Iterator[dict[str, Any]]:
    """Yield the doubts that are open or were closed in the last batch, worst first, as objects of `prescan-audit/1`."""
    last = statistics.last_batch(store)
    for doubt in doubts.rows(store, int(last["id"]), closed=True, accepted=True):
        yield record(doubt, key)


def record(doubt: Doubt, key: bytes) -> dict[str, Any]:
    """Return a doubt as an object of `prescan-audit/1`."""
    return {
        "schema": SCHEMA,
        "id": row_id(doubt, key),
        "level": doubt.level,
        "type": doubt.type,
        "label": finding_types()[doubt.type].label,
        "rule_id": doubt.rule,
        "number": doubt.number,
        "place": doubt.shown,
        "title": doubt.title,
        "channel": doubt.channel,
        "unit": doubt.unit,
        "published": doubt.published or None,
        "sha256": doubt.sha256 or None,
        "places": list(doubt.places),
        "said": doubt.said,
        "state": doubt.state,
        "first_on": doubt.first_on,
        "closed_on": doubt.closed_on or None,
        "why": doubt.why or None,
        "decision": doubt.verdict or None,
        "reason": doubt.reason or None,
        "listed_on": list(doubt.listed_on),
        "listed": doubt.listed,
        "findings": [fingerprint.hex() for fingerprint in doubt.fingerprints],
    }


def row_id(doubt: Doubt, key: bytes) -> str:
    """Return the id of a row: it depends on rule, place, level, open or closed, and verdict."""
    return line_id(key, doubt.place_key, doubt.rule, doubt.level, closed=doubt.state == "fixed", verdict=doubt.verdict)


def line_id(  # noqa: PLR0913
    key: bytes, place_key: bytes, rule: str, level: str, *, closed: bool, verdict: str
) -> str:
    """Return the id of the row with these values; see `row_id`."""
    return finding_id(key, f"{rule}:{level}:{closed:d}:{verdict}".encode(), place_key.hex())


def jsonl(store: Store, stream: IO[bytes], key: bytes, plan: Plan) -> None:  # noqa: ARG001  one shape for all
    """Write JSON lines, a doubt per line."""
    for one in records(store, key):
        stream.write(encoded(one))


def table(store: Store, stream: IO[bytes], key: bytes, plan: Plan) -> None:  # noqa: ARG001
    """Write csv with the BOM Excel needs; no cell can be taken for a formula."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", errors="replace")
    rows = csv.writer(text)
    rows.writerow(_CSV_HEADS)
    for one in records(store, key):
        rows.writerow([safe(_in_words(name, one[name])) for name in _CSV_HEADS.values()])
    text.flush()
    text.detach()


def _in_words(name: str, value: object) -> str:
    words = {"level": LEVEL_LABELS, "state": STATES, "why": WHY_LABELS}
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else str(words.get(name, {}).get(str(value), value))


def sarif(store: Store, stream: IO[bytes], key: bytes, plan: Plan) -> None:  # noqa: ARG001
    """Write SARIF 2.1.0, a result per doubt with its state as `baselineState`; streamed."""
    rules = [
        {
            "id": row["id"],
            "shortDescription": {"text": row["message"]},
            "help": {"text": row["advice"] or row["message"]},
        }
        for row in store.rows("SELECT * FROM rules ORDER BY id")
    ]
    driver = {"name": "prescan", "version": __version__, "rules": rules}
    head = json.dumps({"driver": driver}, ensure_ascii=False)
    stream.write(f'{{"$schema":"{SCHEMA_OF_SARIF}","version":"2.1.0","runs":[{{"tool":{head},"results":['.encode())
    for number, one in enumerate(records(store, key)):
        stream.write(b",\n" if number else b"\n")
        stream.write(encoded(_result(one)).rstrip())
    stream.write(b"\n]}]}\n")


def _result(one: dict[str, Any]) -> dict[str, Any]:
    message = (
        f"{one['label']} {one['number']} 处：{one['said']}" if one["said"] else f"{one['label']} {one['number']} 处"
    )
    states = {"new": "new", "still": "unchanged", "back": "new", "fixed": "absent"}
    result: dict[str, Any] = {
        "ruleId": one["rule_id"],
        "level": LEVELS[one["level"]],
        "message": {"text": message},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": urllib.parse.quote(one["place"], safe=_IN_ADDRESSES)}},
                "logicalLocations": [{"fullyQualifiedName": place} for place in one["places"]],
            }
        ],
        "partialFingerprints": {"prescan/1": one["id"]},
        "baselineState": states[one["state"]],
    }
    if one["decision"]:
        result["suppressions"] = [{"kind": "external", "justification": f"{one['decision']}：{one['reason'] or ''}"}]
    return result


def parquet(store: Store, stream: IO[bytes], key: bytes, plan: Plan) -> None:  # noqa: ARG001
    """Write Parquet, a row per doubt (extra `audit`)."""
    arrow, files = extra("pyarrow", "Parquet"), extra("pyarrow.parquet", "Parquet")
    kinds = {"number": arrow.int64(), "listed": arrow.int64()}
    lists = {"places", "listed_on", "findings"}
    writer = None
    for chunk in _chunks(records(store, key)):
        fields = [
            (name, arrow.list_(arrow.string()) if name in lists else kinds.get(name, arrow.string()))
            for name in chunk[0]
        ]
        rows = arrow.Table.from_pylist(chunk, schema=arrow.schema(fields))
        writer = writer or files.ParquetWriter(stream, rows.schema)
        writer.write_table(rows)
    if writer is None:
        files.ParquetWriter(stream, arrow.schema([("id", arrow.string())])).close()
    else:
        writer.close()


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _PARQUET_ROWS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
