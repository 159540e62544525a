"""A run: every item of the sources is looked at once in a batch; what is unchanged is not scanned again.

Nothing that was finished is lost when a run ends, however it ends: the same command takes it up where it stopped. Only
one process works on a shard of a batch; shards may work side by side on one store.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from prescan.audit import across, batches, places, sources, tracks
from prescan.audit.lanes import Lanes, Task, brief_of, unread_brief
from prescan.audit.store import Store, add_content, plain_errors
from prescan.decisions import ledger
from prescan.errors import PrescanError, ReadError
from prescan.report import Options
from prescan.report.shown import printable, shown_name

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from prescan.audit.batches import Order
    from prescan.audit.sources import Item

#: Unread for these reasons may be read another day.
_PASSING: Final = frozenset({"timeout", "memory", "crashed"})
_PAGES: Final = frozenset({None, "text/html", "text/plain", "multipart/related"})
_OPTIONS: Final = Options()
_LINK: Final = "INSERT INTO links VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET batch = excluded.batch"


@dataclass(slots=True)
class Counts:
    """What a run did."""

    items: int = 0
    scanned: int = 0
    reused: int = 0
    done_before: int = 0
    gone: int = 0
    bytes: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Waiting:
    """A file in the lanes, and the items that wait for what is found in it."""

    scan_key: bytes
    sha256: str
    items: list[tuple[Item, bytes, str | None]]


class Run:
    """One shard of one batch. `step` is called after every item with the counts so far."""

    def __init__(self, store: Store, order: Order, key: bytes, step: Callable[[Counts], None]) -> None:
        """Nothing is done before `work`."""
        self.store, self.order, self.counts = store, order, Counts()
        self._key, self._step = key, step
        decisions = [one for path in order.settings.baseline for one in ledger.read(path)]
        self._accepted = ledger.suppressions(decisions, order.day)
        self._waiting: dict[int, _Waiting] = {}
        self._by_key: dict[bytes, int] = {}
        self._places: set[bytes] = set()
        """In the lanes or waiting for what is."""
        self._day = order.day.isoformat()
        self.batch = 0
        self._state = ""

    def work(self) -> int:
        """Do the run; return the number of its batch. Raises PrescanError where it must stop."""
        sources.checked(self.order.sources)
        begun = time.monotonic()
        with (
            self._alone(),
            plain_errors(self.store.path),
            Lanes(self.order.settings, self._key, self.order.day, self.order.jobs) as lanes,
        ):
            versions = lanes.start()
            self._state = batches.state(self.order.settings, versions)
            self.batch = batches.joined(self.store, self.order, self._state, versions)
            broken = self._items(lanes)
            while lanes.busy:
                self._finish(lanes)
            self._end(broken, time.monotonic() - begun)
        return self.batch

    def _items(self, lanes: Lanes) -> set[str]:
        """Give every item to the lanes that needs them; return the sources that were not seen to their end."""
        broken = set()
        for source in self.order.sources:
            label = batches.label(source)
            for item in sources.items(source, self.order.plan):
                if isinstance(item, sources.Broken):
                    broken.add(label)
                    self.counts.broken.append(item.why)
                    continue
                self._one(item, label, lanes)
                while lanes.full:
                    self._finish(lanes)
        return broken

    def _one(self, item: Item, label: str, lanes: Lanes) -> None:
        place = self.store.hashed("place", item.place)
        number, of = self.order.shard
        if places.spread(place) % of != number - 1:
            return
        known = self.store.db.execute(
            "SELECT id, batch, content, source, gone FROM items WHERE place_key = ?", (place,)
        ).fetchone()
        if item.parent is not None:
            parent = self.store.hashed("place", item.parent)
            self.store.db.execute(_LINK, (parent, place, self.batch))
        done = place in self._places or (known and known["batch"] == self.batch)
        self.counts.done_before += bool(done)
        if done or (self.order.kind == batches.VERIFY and not (known and _open(self.store, known["id"]))):
            return
        self._places.add(place)
        try:
            digest, size = places.digest(item, self.order.settings.limits)
        except ReadError as error:
            scan_key = self.store.hashed("unread", item.name, error.code, error.detail)
            self._record(item, place, label, self._content(scan_key, unread_brief(item.name, error)), fresh=True)
            return
        self.counts.bytes += size
        scan_key = self.store.hashed("scan", digest, item.name, str(item.context.declared), self._state)
        if scan_key in self._by_key:
            self._waiting[self._by_key[scan_key]].items.append((item, place, label))
        elif not self._reuse(item, place, label, scan_key, known):
            task = self.counts.scanned
            self.counts.scanned += 1
            self._waiting[task] = _Waiting(scan_key, digest, [(item, place, label)])
            self._by_key[scan_key] = task
            lanes.put(Task(task, item.path, item.data, item.name, item.context))

    def _reuse(self, item: Item, place: bytes, label: str, scan_key: bytes, known: Any) -> bool:  # noqa: ANN401  a row
        """Record an item by what was found in the same bytes before; False if nothing was, or it must be looked for."""
        held = self.store.db.execute(
            "SELECT id, unread, batch FROM contents WHERE scan_key = ?", (scan_key,)
        ).fetchone()
        if held is None or (held["batch"] != self.batch and _passing(held["unread"])):
            return False
        self.counts.reused += 1
        same = known and (known["content"], known["source"], known["gone"]) == (held["id"], label, None)
        if same and held["batch"] < self.batch and item.context is sources.PUBLISHED and not self._accepted:
            self._seen(known["id"], place)
        else:
            self._record(item, place, label, held["id"], fresh=held["batch"] == self.batch)
        return True

    def _seen(self, number: int, place: bytes) -> None:
        """Note that an item is as it was; one statement is a transaction of its own."""
        self.store.db.execute("UPDATE items SET batch = ? WHERE id = ?", (self.batch, number))
        self._places.discard(place)
        self.counts.items += 1
        self._step(self.counts)

    def _finish(self, lanes: Lanes) -> None:
        task, received = lanes.take()
        waiting = self._waiting.pop(task.number)
        del self._by_key[waiting.scan_key]
        brief = brief_of(task.name, received)
        brief["sha256"] = waiting.sha256  # known even where nothing could be read
        first, *others = waiting.items
        self._record(*first, waiting.scan_key, fresh=True, brief=brief)
        for item, place, label in others:
            held = self.store.value("SELECT id FROM contents WHERE scan_key = ?", (waiting.scan_key,))
            self._record(item, place, label, held, fresh=True, links=brief["links"])

    def _content(self, scan_key: bytes, brief: dict[str, Any]) -> int:
        held = self.store.value("SELECT id FROM contents WHERE scan_key = ?", (scan_key,))
        if held is None:
            with self.store.transaction():
                held = add_content(self.store, scan_key, brief, self.batch)
        return int(held)

    def _record(  # noqa: PLR0913
        self,
        item: Item,
        place: bytes,
        label: str | None,
        content: int | bytes,
        *,
        fresh: bool,
        brief: dict[str, Any] | None = None,
        links: Sequence[str] = (),
    ) -> None:
        """Write a finished item, all of it in one transaction; `content` is its number, or the key of a new one."""
        store = self.store
        with store.transaction():
            if isinstance(content, bytes):
                content = add_content(store, content, brief or {}, self.batch)
                links = (brief or {})["links"]
            self._write(item, place, label or "", content, fresh=fresh)
            if fresh and links:
                found = (places.resolved(item.place, link) for link in links)
                store.db.executemany(_LINK, [(place, store.hashed("place", to), self.batch) for to in found if to])
                store.db.execute("DELETE FROM links WHERE page = ? AND batch < ?", (place, self.batch))
        self._places.discard(place)
        self.counts.items += 1
        self._step(self.counts)

    def _write(self, item: Item, place: bytes, label: str, content: int, *, fresh: bool) -> None:
        store, context = self.store, item.context
        seen = store.db.execute("SELECT * FROM contents WHERE id = ?", (content,)).fetchone()
        page, dates = json.loads(seen["page"]), json.loads(seen["dates"])
        title = printable(shown_name(context.title, _OPTIONS)) if context.title else page.get("title") or seen["title"]
        annex = item.parent is not None or seen["media_type"] not in _PAGES
        values = {
            "shown": printable(shown_name(item.place, _OPTIONS)),
            "source": label,
            "spread": places.spread(place),
            "annex": annex,
            "title": title,
            "channel": context.channel or page.get("channel"),
            "folder": places.folder_of(item.place),
            "unit": context.unit or page.get("unit") or page.get("site"),
            "produced": _iso(context.produced_on) or dates.get("produced"),
            "published": _iso(context.published_on) or page.get("published"),
            "declared": context.declared or seen["declared"],
            "content": content,
            "batch": self.batch,
        }
        old = store.db.execute(
            "SELECT i.id, i.content, i.gone, c.sha256 FROM items i LEFT JOIN contents c ON c.id = i.content"
            " WHERE i.place_key = ?",
            (place,),
        ).fetchone()
        names = ", ".join(f"{name} = :{name}" for name in values)
        if old:
            store.db.execute(
                f"UPDATE items SET {names}, gone = NULL, gone_on = NULL WHERE id = :id", {**values, "id": old["id"]}
            )
            number = old["id"]
        else:
            made = store.db.execute(
                f"INSERT INTO items (place_key, first_batch, {', '.join(values)})"
                f" VALUES (:place, :batch, {', '.join(f':{name}' for name in values)})",
                {**values, "place": place},
            )
            number = int(made.lastrowid or 0)
        if old is None or fresh or old["content"] != content or old["gone"] is not None:
            why = tracks.RULES if old and old["sha256"] == seen["sha256"] else tracks.EDITED
            found = tracks.of_content(store, content)
            complete = json.loads(seen["unread"]) == []
            tracks.update(store, number, found, batch=self.batch, day=self._day, why=why, complete=complete)
        if self._accepted:
            tracks.accept(store, number, item.place, self._key, self._accepted)

    def _end(self, broken: set[str], seconds: float) -> None:
        """Close the run, and with its last shard the batch: what is gone, what only many documents show, the trend."""
        store, (number, of) = self.store, self.order.shard
        labels = [label for label in map(batches.label, self.order.sources) if label not in broken]
        with store.transaction():
            if labels:
                where = (
                    f"i.source IN ({','.join('?' * len(labels))}) AND i.batch < ? AND i.gone IS NULL"
                    " AND i.spread % ? = ?"
                )
                if self.order.kind == batches.VERIFY:
                    where += " AND EXISTS (SELECT 1 FROM tracks t WHERE t.item = i.id AND t.closed_batch IS NULL)"
                values = (*labels, self.batch, of, number - 1)
                self.counts.gone = tracks.taken_down(store, self.batch, self._day, where, values)
            now = batches.now()
            store.db.execute(
                "UPDATE runs SET finished = ?, seconds = seconds + ?, counts = ? WHERE batch = ? AND shard = ?",
                (now, seconds, json.dumps(asdict(self.counts), ensure_ascii=False), self.batch, number),
            )
            left = store.value("SELECT count(*) FROM runs WHERE batch = ? AND finished IS NULL", (self.batch,))
            done = store.value("SELECT count(*) FROM runs WHERE batch = ?", (self.batch,))
            if not left and done == of:
                across.look(store, self.order.plan, self.batch, self.order.day)
                counts = json.dumps(batches.trend_counts(store, self.batch), ensure_ascii=False)
                store.db.execute("UPDATE batches SET finished = ?, counts = ? WHERE id = ?", (now, counts, self.batch))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep a second process from working on the same shard. Raises PrescanError."""
        number, of = self.order.shard
        path = self.store.path.with_name(f"{self.store.path.name}.{number}-{of}.lock")
        try:
            import fcntl  # noqa: PLC0415  not on Windows
        except ImportError:
            yield
            return
        with path.open("w", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise PrescanError(
                    f"审计库 {self.store.path} 的这一片（{number}/{of}）正由另一个进程审计，请等其结束"
                ) from None
            yield
            path.unlink(missing_ok=True)


def _open(store: Store, item: int) -> bool:
    return bool(store.value(f"SELECT 1 FROM tracks t WHERE t.item = ? AND {tracks.OPEN} LIMIT 1", (item,)))


def _passing(unread: str) -> bool:
    return any(item[0] in _PASSING for item in json.loads(unread))


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
