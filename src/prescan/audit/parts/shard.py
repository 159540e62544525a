"""The store of a shard, or of another audit, as a part to merge. It is read, never changed."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from prescan.audit.batches import BatchIdentity
from prescan.audit.entering import Entry
from prescan.audit.parts import DECIDED, Done, Found
from prescan.audit.store import Store, brief_of_content
from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class StorePart:
    """A store whose runs of the last batch are all finished."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the store. Raises PrescanError if its last batch is unfinished."""
        self.path = path
        self._store = Store(path, key)
        last = self._store.db.execute("SELECT * FROM batches ORDER BY id DESC LIMIT 1").fetchone()
        runs = self._store.db.execute(
            "SELECT * FROM runs WHERE batch = ? ORDER BY shard", (last["id"] if last else 0,)
        ).fetchall()
        if not runs or any(run["finished"] is None for run in runs):
            self.close()
            raise PrescanError(f"审计库 {path} 还没有做完，请先用原来的命令运行到结束，再合并")
        self._batch = int(last["id"])
        self.identity = BatchIdentity(
            last["kind"],
            tuple(json.loads(last["sources"])),
            last["shards"],
            last["settings"],
            json.loads(last["versions"]),
            datetime.date.fromisoformat(last["today"]),
        )
        self.done = tuple(Done(run["shard"], run["seconds"], json.loads(run["counts"] or "{}")) for run in runs)

    def found(self) -> Iterator[Found]:
        """Yield the items of the last batch."""
        rows = self._store.rows(
            "SELECT i.*, c.scan_key, c.batch AS found_in FROM items i JOIN contents c ON c.id = i.content"
            " WHERE i.batch = ? ORDER BY i.id",
            (self._batch,),
        )
        columns = f"mark, {', '.join(DECIDED)}"
        for row in rows:
            verdicts = self._store.db.execute(
                f"SELECT {columns} FROM tracks WHERE item = ? AND verdict IS NOT NULL", (row["id"],)
            ).fetchall()
            yield Found(
                _entry(row),
                row["source"],
                row["scan_key"],
                lambda content=row["content"]: brief_of_content(self._store, content),  # type: ignore[misc]
                row["found_in"] == self._batch,
                verdicts=tuple(tuple(one) for one in verdicts),
            )

    def links(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the links of the last batch, including those of unchanged pages."""
        yield from ((row[0], row[1]) for row in self._store.rows("SELECT page, annex FROM links ORDER BY annex, page"))

    def gone(self) -> Iterator[bytes]:
        """Yield the places marked as gone in the last batch."""
        yield from (row[0] for row in self._store.rows("SELECT place_key FROM items WHERE gone = ?", (self._batch,)))

    def close(self) -> None:
        """Close the store."""
        self._store.close()


def _entry(row: Any) -> Entry:  # noqa: ANN401  a row
    names = ("shown", "folder", "title", "channel", "unit", "produced", "published", "declared")
    return Entry(place=row["place_key"], annex=bool(row["annex"]), **{name: row[name] for name in names})
