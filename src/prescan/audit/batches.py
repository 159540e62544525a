"""Batches: one look at all the sources, in one or several shards; what belongs to which, and what is left to do."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.audit import across, sources, tracks
from prescan.errors import SettingsError
from prescan.resources import __version__, resource_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prescan.audit.plan import Plan
    from prescan.audit.store import Store
    from prescan.types import Settings

RUN: Final = "run"
VERIFY: Final = "verify"
#: Settings that change no result.
_NO_MATTER: Final = frozenset({"jobs", "baseline", "key_file", "today"})
#: Folders beside rules and models that a scan does not read.
_NOT_READ: Final = frozenset({"corpus", "clean", "__pycache__"})


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


class Look(NamedTuple):
    """What a batch is: one look at these sources, in this state of rules, model and settings."""

    kind: str
    labels: tuple[str, ...]
    shards: int
    state: str
    versions: Mapping[str, str]
    day: datetime.date


def look_of(order: Order, known_state: str, versions: Mapping[str, str]) -> Look:
    """Return the look that an order is a part of."""
    labels = tuple(label(source) for source in order.sources)
    return Look(order.kind, labels, order.shard[1], known_state, versions, order.day)


def check_naming(store: Store, order: Order) -> None:
    """Raise SettingsError if the plan writes places otherwise than before: all that was found would seem to be gone."""
    with store.transaction():
        known = json.loads(store.value("SELECT value FROM meta WHERE name = 'naming'") or "{}")
        for source in order.sources:
            now_named = sources.naming(source, order.plan)
            before, known[label(source)] = known.get(label(source), now_named), now_named
            if before != now_named and store.value("SELECT 1 FROM items WHERE source = ? LIMIT 1", (label(source),)):
                told = ["、".join(filter(None, named)) or "没有" for named in (before, now_named)]
                raise SettingsError(
                    f"来源 {source} 上一次排查时方案的网址写法（base_url、[columns] 的 url）"
                    f"是：{told[0]}；这次是：{told[1]}。这样原有的疑点会全部被当作已整改。请改回原来的方案；确要更换，请用新的库（--store）"
                )
        store.db.execute("INSERT OR REPLACE INTO meta VALUES ('naming', ?)", (json.dumps(known, ensure_ascii=False),))


def joined(store: Store, look: Look, number: int) -> int:
    """Return the batch that shard `number` belongs to: one begun before with the same sources and state, else new."""
    labels = json.dumps(look.labels, ensure_ascii=False)
    with store.transaction():
        last = store.db.execute("SELECT * FROM batches ORDER BY id DESC LIMIT 1").fetchone()
        same = last and (last["kind"], last["sources"], last["shards"], last["settings"]) == (
            *(look.kind, labels, look.shards, look.state),
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
                (look.kind, labels, look.shards, json.dumps(look.versions), look.state, look.day.isoformat(), now()),
            )
            batch = int(made.lastrowid or 0)
            if last and store.value("SELECT 1 FROM runs WHERE batch = ? AND finished IS NULL", (last["id"],)):
                _take_over(store, last["id"], batch)
        enlisted(store, batch, number)
    return batch


def _take_over(store: Store, broken_off: int, batch: int) -> None:
    """Count as seen in this batch what one saw that will never be finished: nobody was told of it as new, or as gone.

    That happens where rules, settings or sources are no longer those of a run that was broken off.
    """
    for column in ("first_batch", "back_batch", "closed_batch"):
        store.db.execute(f"UPDATE tracks SET {column} = ? WHERE {column} = ?", (batch, broken_off))


def enlisted(store: Store, batch: int, number: int) -> None:
    """Note that a shard has its part in a batch."""
    store.db.execute("INSERT OR IGNORE INTO runs (batch, shard, started) VALUES (?,?,?)", (batch, number, now()))


def run_ended(store: Store, batch: int, shard: int, seconds: float, counts: str) -> None:
    """Note that a shard has done its part; within a transaction."""
    store.db.execute(
        "UPDATE runs SET finished = ?, seconds = seconds + ?, counts = ? WHERE batch = ? AND shard = ?",
        (now(), seconds, counts, batch, shard),
    )


def ended(store: Store, plan: Plan, batch: int, day: datetime.date, settings: Settings) -> None:
    """Close a batch with its last shard: what only many documents show, the trend; within a transaction."""
    left = store.value("SELECT count(*) FROM runs WHERE batch = ? AND finished IS NULL", (batch,))
    done = store.value("SELECT count(*) FROM runs WHERE batch = ?", (batch,))
    if left or done != store.value("SELECT shards FROM batches WHERE id = ?", (batch,)):
        return
    across.look(store, plan, batch, day, settings)
    counts = json.dumps(trend_counts(store, batch), ensure_ascii=False)
    store.db.execute("UPDATE batches SET finished = ?, counts = ? WHERE id = ?", (now(), counts, batch))


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


def state(settings: Settings, versions: Mapping[str, str]) -> str:
    """Return a digest of everything but the bytes that a result depends on."""
    text = json.dumps([settings_state(settings), versions], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def known_versions(store: Store, known_settings: str) -> dict[str, str] | None:
    """Return the versions of rules and model if nothing of them has changed since a worker last loaded them.

    They are known by the bytes of the shipped files; with rules or a model of the office's own they are not.
    """
    held = store.value("SELECT value FROM meta WHERE name = 'loaded'")
    if held is None:
        return None
    loaded = json.loads(held)
    return dict(loaded["versions"]) if loaded["files"] == files_state(known_settings) else None


def keep_versions(store: Store, known_settings: str, versions: dict[str, str]) -> None:
    """Keep what `known_versions` tells next time."""
    value = json.dumps({"files": files_state(known_settings), "versions": versions})
    store.db.execute("INSERT OR REPLACE INTO meta VALUES ('loaded', ?)", (value,))


def files_state(known_settings: str) -> str:
    """Return a digest of the shipped rules and models and of the settings."""
    digest = hashlib.sha256(known_settings.encode())
    for name in ("rules", "models"):
        root = resource_dir(name)
        for path in sorted(root.rglob("*")):
            if path.is_file() and _NOT_READ.isdisjoint(path.relative_to(root).parts):
                digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def settings_state(settings: Settings) -> str:
    """Return the settings that a result depends on, as text."""
    known = {name: value for name, value in asdict(settings).items() if name not in _NO_MATTER}
    return json.dumps([__version__, known], sort_keys=True, ensure_ascii=False, default=str)


def label(source: str) -> str:
    """Return how a source is known to the store."""
    return str(Path(source).resolve())


def now() -> str:
    """Return the time, ISO 8601 with its zone."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone().isoformat(timespec="seconds")
