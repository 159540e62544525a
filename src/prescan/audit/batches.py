"""Batches: a batch is one pass over all sources, in one or several shards (runs); starts, resumes and closes them."""

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
#: Settings that do not affect results.
_IRRELEVANT_SETTINGS: Final = frozenset({"jobs", "baseline", "key_file", "today"})
#: Folders in rules and models that a scan does not read.
_UNUSED_FOLDERS: Final = frozenset({"corpus", "clean", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Order:
    """The request to run an audit."""

    sources: tuple[str, ...]
    settings: Settings
    plan: Plan
    day: datetime.date
    jobs: int
    shard: tuple[int, int] = (1, 1)
    kind: str = RUN


def trend_counts(store: Store, batch: int) -> dict[str, Any]:
    """Return the figures of a batch for the trend: items, unread items, doubts by state and level."""
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


class BatchIdentity(NamedTuple):
    """What identifies a batch: its sources and the state of rules, models and settings."""

    kind: str
    labels: tuple[str, ...]
    shards: int
    rules_state: str
    versions: Mapping[str, str]
    day: datetime.date


def identity_of(order: Order, rules_state: str, versions: Mapping[str, str]) -> BatchIdentity:
    """Return the identity of the batch to which an order belongs."""
    labels = tuple(label(source) for source in order.sources)
    return BatchIdentity(order.kind, labels, order.shard[1], rules_state, versions, order.day)


def check_naming(store: Store, order: Order) -> None:
    """Raise SettingsError if the plan forms addresses in another way than before: all doubts would seem rectified."""
    with store.transaction():
        known = json.loads(store.value("SELECT value FROM meta WHERE name = 'naming'") or "{}")
        for source in order.sources:
            now_named = sources.naming(source, order.plan)
            before, known[label(source)] = known.get(label(source), now_named), now_named
            if before != now_named and store.value("SELECT 1 FROM items WHERE source = ? LIMIT 1", (label(source),)):
                descriptions = ["、".join(filter(None, named)) or "没有" for named in (before, now_named)]
                raise SettingsError(
                    f"来源 {source} 上一次排查时方案的网址写法（base_url、[columns] 的 url）"
                    f"是：{descriptions[0]}；这次是：{descriptions[1]}。这样原有的疑点会全部被当作已整改。请改回原来的方案；确要更换，请用新的库（--store）"
                )
        store.db.execute("INSERT OR REPLACE INTO meta VALUES ('naming', ?)", (json.dumps(known, ensure_ascii=False),))


def join(store: Store, identity: BatchIdentity, number: int) -> int:
    """Return the id of the batch for shard `number`: the last one if it is unfinished and the same, else a new one."""
    labels = json.dumps(identity.labels, ensure_ascii=False)
    with store.transaction():
        last = store.db.execute("SELECT * FROM batches ORDER BY id DESC LIMIT 1").fetchone()
        wanted = (identity.kind, labels, identity.shards, identity.rules_state)
        same = last and (last["kind"], last["sources"], last["shards"], last["settings"]) == wanted
        done = "SELECT finished FROM runs WHERE batch = ? AND shard = ?"
        if same and last["finished"] is None and not store.value(done, (last["id"], number)):
            batch = int(last["id"])
        else:
            made = store.db.execute(
                "INSERT INTO batches (kind, sources, shards, versions, settings, today, started)"
                " VALUES (?,?,?,?,?,?,?)",
                (
                    identity.kind,
                    labels,
                    identity.shards,
                    json.dumps(identity.versions),
                    identity.rules_state,
                    identity.day.isoformat(),
                    now(),
                ),
            )
            batch = int(made.lastrowid or 0)
            if last and store.value("SELECT 1 FROM runs WHERE batch = ? AND finished IS NULL", (last["id"],)):
                _take_over(store, last["id"], batch)
        add_run(store, batch, number)
    return batch


def _take_over(store: Store, abandoned: int, batch: int) -> None:
    """Move the changes recorded by an abandoned batch to this one, because they were never reported as new or gone.

    A batch is abandoned if rules, settings or sources change after it was interrupted.
    """
    for column in ("first_batch", "back_batch", "closed_batch"):
        store.db.execute(f"UPDATE tracks SET {column} = ? WHERE {column} = ?", (batch, abandoned))


def add_run(store: Store, batch: int, number: int) -> None:
    """Record that a shard takes part in a batch."""
    store.db.execute("INSERT OR IGNORE INTO runs (batch, shard, started) VALUES (?,?,?)", (batch, number, now()))


def finish_run(store: Store, batch: int, shard: int, seconds: float, counts: str) -> None:
    """Record that a shard has finished; to be called within a transaction."""
    store.db.execute(
        "UPDATE runs SET finished = ?, seconds = seconds + ?, counts = ? WHERE batch = ? AND shard = ?",
        (now(), seconds, counts, batch, shard),
    )


def finish_if_complete(store: Store, plan: Plan, batch: int, day: datetime.date, settings: Settings) -> None:
    """Close a batch after its last shard: findings across documents, trend. To be called within a transaction."""
    left = store.value("SELECT count(*) FROM runs WHERE batch = ? AND finished IS NULL", (batch,))
    done = store.value("SELECT count(*) FROM runs WHERE batch = ?", (batch,))
    if left or done != store.value("SELECT shards FROM batches WHERE id = ?", (batch,)):
        return
    across.update(store, plan, batch, day, settings)
    counts = json.dumps(trend_counts(store, batch), ensure_ascii=False)
    store.db.execute("UPDATE batches SET finished = ?, counts = ? WHERE id = ?", (now(), counts, batch))


def expected_items(store: Store, order: Order) -> int | None:
    """Return about how many items the shard will have, from the last batch or the sources; None if unknown."""
    labels = json.dumps([label(source) for source in order.sources], ensure_ascii=False)
    if order.kind == VERIFY:
        open_items = store.value(f"SELECT count(DISTINCT t.item) FROM tracks t WHERE {tracks.OPEN}")
        return int(open_items) // order.shard[1] or None
    query = "SELECT counts FROM batches WHERE sources = ? AND finished IS NOT NULL ORDER BY id DESC LIMIT 1"
    counts = store.value(query, (labels,))
    if counts:
        return int(json.loads(counts)["items"]) // order.shard[1] or None
    source_counts = [sources.count(source, order.plan) for source in order.sources]
    return sum(number or 0 for number in source_counts) // order.shard[1] if all(source_counts) else None


def unreported(store: Store, order: Order) -> int | None:
    """Return the id of the last batch if it belongs to this order and is finished but not reported yet."""
    labels = json.dumps([label(source) for source in order.sources], ensure_ascii=False)
    last = store.db.execute("SELECT * FROM batches ORDER BY id DESC LIMIT 1").fetchone()
    same = last and (last["kind"], last["sources"], last["shards"]) == (order.kind, labels, order.shard[1])
    return int(last["id"]) if same and last["finished"] and not last["reported"] else None


def rules_state(settings: Settings, versions: Mapping[str, str]) -> str:
    """Return a digest of everything a result depends on except the file: settings and versions."""
    text = json.dumps([settings_state(settings), versions], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def known_versions(store: Store, known_settings: str) -> dict[str, str] | None:
    """Return the versions a worker last loaded if rules, models and settings have not changed since; else None.

    Only shipped files are checked: not for settings with rules or a model of the office's own.
    """
    stored = store.value("SELECT value FROM meta WHERE name = 'loaded'")
    if stored is None:
        return None
    loaded = json.loads(stored)
    return dict(loaded["versions"]) if loaded["files"] == files_state(known_settings) else None


def keep_versions(store: Store, known_settings: str, versions: dict[str, str]) -> None:
    """Store the versions for `known_versions`."""
    value = json.dumps({"files": files_state(known_settings), "versions": versions})
    store.db.execute("INSERT OR REPLACE INTO meta VALUES ('loaded', ?)", (value,))


def files_state(known_settings: str) -> str:
    """Return a digest of the shipped rules and models and of the settings."""
    digest = hashlib.sha256(known_settings.encode())
    for name in ("rules", "models"):
        root = resource_dir(name)
        for path in sorted(root.rglob("*")):
            if path.is_file() and _UNUSED_FOLDERS.isdisjoint(path.relative_to(root).parts):
                digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def settings_state(settings: Settings) -> str:
    """Return the settings that results depend on, as JSON."""
    relevant = {name: value for name, value in asdict(settings).items() if name not in _IRRELEVANT_SETTINGS}
    return json.dumps([__version__, relevant], sort_keys=True, ensure_ascii=False, default=str)


def label(source: str) -> str:
    """Return the name of a source in the store: its absolute path."""
    return str(Path(source).resolve())


def now() -> str:
    """Return the current local time, ISO 8601 with offset."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone().isoformat(timespec="seconds")
