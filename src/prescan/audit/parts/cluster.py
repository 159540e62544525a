"""The output of a cluster job as a part of an audit: Parquet rows (`items`) and the job's description (`meta`)."""

from __future__ import annotations

import datetime
import json
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from prescan.audit.batches import RUN, BatchIdentity
from prescan.audit.entering import Entry
from prescan.audit.extras import extra
from prescan.audit.parts import Done, Found
from prescan.audit.store import hashed
from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ITEMS: Final = "items"
META: Final = "meta"
SCHEMA: Final = "prescan-audit-cluster/1"
_ROWS: Final = 500


class ClusterPart:
    """The folder a job wrote. Rows are unordered: of several for a place, the first in the order of sources counts."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Read the description of the job. Raises PrescanError."""
        self.path = path
        self._files = sorted((path / ITEMS).glob("part-*.parquet"))
        text = "".join(one.read_text(encoding="utf-8") for one in sorted((path / META).glob("part-*")))
        if not text.strip() or not (path / ITEMS).is_dir():
            raise PrescanError(f"{path} 不是 Spark 作业写出的结果，或作业没有做完，请查看作业日志后重新提交")
        meta = json.loads(text)
        if meta.get("schema") != SCHEMA:
            raise PrescanError(f"{path} 的格式不是这一版的，请用同一版本的 prescan 提交作业")
        if meta["key"] != hashed(key, "key").hex():
            raise PrescanError(f"{path} 是用另一把密钥做的，请在设置 key_file 中给出原来的密钥文件")
        day = datetime.date.fromisoformat(meta["today"])
        self.identity = BatchIdentity(RUN, tuple(meta["sources"]), 1, meta["state"], meta["versions"], day)
        self._first = sqlite3.connect("")  # a temporary file of SQLite: there may be millions
        self._first.execute("CREATE TABLE first (place TEXT PRIMARY KEY, seq TEXT NOT NULL) WITHOUT ROWID")
        counts = self._look_through()
        self.done: tuple[Done, ...] = (Done(1, meta["seconds"], counts),)

    def _look_through(self) -> dict[str, Any]:
        broken: dict[str, list[str]] = {}
        number = 0
        for row in self._rows(["seq", "source", "place", "scan_key", "broken"]):
            if row["broken"] is not None:
                broken.setdefault(row["source"], []).append(row["broken"])
            elif row["scan_key"] is not None:
                number += 1
                self._first.execute(
                    "INSERT INTO first VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = min(seq, excluded.seq)",
                    (row["place"], row["seq"]),
                )
        messages = list(dict.fromkeys(why for messages in broken.values() for why in messages))
        return {"items": number, "scanned": number, "broken": messages, "broken_sources": sorted(broken)}

    def found(self) -> Iterator[Found]:
        """Yield the scanned items."""
        for row in self._rows(None):
            if row["scan_key"] is None:
                continue
            first = self._first.execute("SELECT seq FROM first WHERE place = ?", (row["place"],)).fetchone()
            if first[0] != row["seq"]:
                continue
            yield Found(
                Entry(**{**json.loads(row["entry"]), "place": bytes.fromhex(row["place"])}),
                row["source"],
                bytes.fromhex(row["scan_key"]),
                lambda brief=row["brief"]: json.loads(brief),  # type: ignore[misc]
                anew=False,
                links=tuple(bytes.fromhex(link) for link in json.loads(row["links"])),
                ids={bytes.fromhex(one): finding_id for one, finding_id in json.loads(row["ids"]).items()},
            )

    def links(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the links from pages to annexes."""
        for row in self._rows(["place", "parent"]):
            if row["parent"] is not None:
                yield bytes.fromhex(row["parent"]), bytes.fromhex(row["place"])

    def gone(self) -> Iterator[bytes]:
        """Yield nothing: a job knows no earlier batch."""
        yield from ()

    def close(self) -> None:
        """Close the temporary file of places."""
        self._first.close()

    def _rows(self, columns: list[str] | None) -> Iterator[dict[str, Any]]:
        parquet = extra("pyarrow.parquet", "Parquet")
        for file in self._files:
            try:
                with parquet.ParquetFile(file) as parquet_file:
                    for batch in parquet_file.iter_batches(batch_size=_ROWS, columns=columns):
                        yield from batch.to_pylist()
            except (ValueError, OSError):  # pyarrow's own errors are ValueErrors
                raise PrescanError(f"{file} 已损坏或不完整，请重新取回结果或重新提交作业") from None
