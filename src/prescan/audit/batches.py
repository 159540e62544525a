"""Batches: one look at all the sources, in one or several shards; what belongs to which, and what is left to do."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prescan.audit import sources, tracks

if TYPE_CHECKING:
    from prescan.audit.plan import Plan
    from prescan.audit.store import Store
    from prescan.types import Settings

RUN: Final = "run"
VERIFY: Final = "verify"
#: Settings that change no result.
_NO_MATTER: Final = frozenset({"jobs", "baseline", "key_file", "today"})


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done."""

    sources: tuple[str, ...]
    settings: Settings
    plan: Plan
    day: datetime.date
    jobs: int
    shard: tuple[int, int] = (1, 1)
    kind: str = RUN


def trend_counts(store: Store, batch: int) -> dict[str, Any]:
    """Return the figures of a batch that the trend shows: items, unread, doubts by state and level."""
    by_state = {
        f"{row[0]}.{row[1]}": row[2]
        for row in store.rows(
            f"SELECT {tracks.STATE}, t.level, count(*) FROM tracks t"
            " WHERE t.closed_why IS NOT 'rules' AND (t.closed_batch IS NULL OR t.closed_batch = :batch) GROUP BY 1, 2",
            {"batch": batch},  # type: ignore[arg-type]
        )
    }
    items = store.value("SELECT count(*) FROM items WHERE gone IS NULL")
    unread = store.value(
        "SELECT count(*) FROM items i JOIN contents c ON c.id = i.content WHERE i.gone IS NULL AND c.unread <> '[]'"
    )
    return {"items": items, "unread": unread, **by_state}


def joined(store: Store, order: Order, known_state: str, versions: dict[str, str]) -> int:
    """Return the batch this run belongs to: one begun before with the same sources and state, else a new one."""
    labels = json.dumps([label(source) for source in order.sources], ensure_ascii=False)
    number, of = order.shard
    with store.transaction():
        last = store.db.execute("SELECT * FROM batches ORDER BY id DESC LIMIT 1").fetchone()
        same = last and (last["kind"], last["sources"], last["shards"], last["settings"]) == (
            *(order.kind, labels, of, known_state),
        )
        run = (
            last
            and store.db.execute(
                "SELECT finished FROM runs WHERE batch = ? AND shard = ?", (last["id"], number)
            ).fetchone()
        )
        if same and last["finished"] is None and not (run and run["finished"]):
            batch = int(last["id"])
        else:
            made = store.db.execute(
                "INSERT INTO batches (kind, sources, shards, versions, settings, today, started)"
                " VALUES (?,?,?,?,?,?,?)",
                (order.kind, labels, of, json.dumps(versions), known_state, order.day.isoformat(), now()),
            )
            batch = int(made.lastrowid or 0)
        store.db.execute("INSERT OR IGNORE INTO runs (batch, shard, started) VALUES (?,?,?)", (batch, number, now()))
    return batch


def expected(store: Store, order: Order) -> int | None:
    """Return about how many items there will be, as often as the last look at these sources tells."""
    labels = json.dumps([label(source) for source in order.sources], ensure_ascii=False)
    if order.kind == VERIFY:
        found = store.value(f"SELECT count(DISTINCT t.item) FROM tracks t WHERE {tracks.OPEN}")
        return int(found) // order.shard[1] or None
    query = "SELECT counts FROM batches WHERE sources = ? AND finished IS NOT NULL ORDER BY id DESC LIMIT 1"
    counts = store.value(query, (labels,))
    if counts:
        return int(json.loads(counts)["items"]) // order.shard[1] or None
    known = [sources.count(source, order.plan) for source in order.sources]
    return sum(number or 0 for number in known) // order.shard[1] if all(known) else None


def unreported(store: Store, order: Order) -> int | None:
    """Return the last batch if it is this one, finished, and nothing was written of it yet."""
    labels = json.dumps([label(source) for source in order.sources], ensure_ascii=False)
    last = store.db.execute("SELECT * FROM batches ORDER BY id DESC LIMIT 1").fetchone()
    same = last and (last["kind"], last["sources"], last["shards"]) == (order.kind, labels, order.shard[1])
    return int(last["id"]) if same and last["finished"] and not last["reported"] else None


def state(settings: Settings, versions: dict[str, str]) -> str:
    """Return a digest of everything but the bytes that a result depends on."""
    known = {name: value for name, value in asdict(settings).items() if name not in _NO_MATTER}
    text = json.dumps([known, versions], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def label(source: str) -> str:
    """Return how a source is known to the store."""
    return str(Path(source).resolve())


def now() -> str:
    """Return the time, ISO 8601 with its zone."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone().isoformat(timespec="seconds")
