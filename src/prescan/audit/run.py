"""A run: every item of the sources is looked at once in a batch; what is unchanged is not scanned again.

Nothing that was finished is lost when a run ends, however it ends: the same command takes it up where it stopped. Only
one process works on a shard of a batch; shards may work side by side on one store.
"""

from __future__ import annotations

import contextlib
import functools
import json
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from prescan.audit import batches, places, sources, tracks
from prescan.audit.entering import LINK, Entering, entry_of, links_of, passing, said_by, scan_key, unread_key
from prescan.audit.lanes import Lanes, Task, brief_of, unread_brief
from prescan.audit.sources import apart
from prescan.audit.store import Store, plain_errors
from prescan.audit.together import EVERY, Together
from prescan.decisions import finding_id, ledger
from prescan.errors import PrescanError, ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.audit.batches import Order
    from prescan.audit.sources import Item
    from prescan.scanner.received import Received

#: So many unchanged items are noted in one transaction.
_NOTED_TOGETHER: Final = 500


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
    """What was said of sources that were not seen to their end, and which they are."""
    broken_sources: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Waiting:
    """A file in the lanes, and the items that wait for what is found in it."""

    scan_key: bytes
    sha256: str
    items: list[tuple[Item, str]]


class Run:
    """One shard of one batch. `step` is called after every item with the counts so far."""

    def __init__(self, store: Store, order: Order, key: bytes, step: Callable[[Counts], None]) -> None:
        """Nothing is done before `work`."""
        self.store, self.order, self.counts = store, order, Counts()
        self._key, self._step = key, step
        decisions = [one for path in order.settings.baseline for one in ledger.read(path)]
        self._accepted = ledger.accepting(decisions)
        self._waiting: dict[int, _Waiting] = {}
        self._by_key: dict[bytes, int] = {}
        self._places: set[bytes] = set()
        """In the lanes, waiting for what is, or not yet noted in the store."""
        self._same: list[tuple[int, bytes]] = []
        """Items that are as they were, and are still to be noted: number and place."""
        self._linked: dict[tuple[bytes, bytes], None] = {}
        """Pages and the annexes they list, still to be noted."""
        self._finished = Together(store)
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
            versions = self._versions(lanes)
            batches.check_naming(self.store, self.order)
            self._state = batches.state(self.order.settings, versions)
            look = batches.look_of(self.order, self._state, versions)
            self.join(batches.joined(self.store, look, self.order.shard[0]))
            with self._finished:
                broken = self._items(lanes)
                while lanes.busy:
                    self._finish(lanes)
            self.end(broken, time.monotonic() - begun)
        return self.batch

    def join(self, batch: int) -> None:
        """Enter what is found into this batch."""
        self.batch = batch
        self._entering = Entering(self.store, batch, self.order.day, self._accepted)

    def _versions(self, lanes: Lanes) -> dict[str, str]:
        """Return the versions of rules and model; a worker need not be started to say what the last one said."""
        settings = self.order.settings
        own = settings.rules or settings.attribute_model
        known = batches.settings_state(settings)
        held = None if own else batches.known_versions(self.store, known)
        if held is not None:
            lanes.expect(held)
            return held
        versions = lanes.start()
        if not own:
            batches.keep_versions(self.store, known, versions)
        return versions

    def _items(self, lanes: Lanes) -> set[str]:
        """Give every item to the lanes that needs them; return the sources that were not seen to their end."""
        broken = set()
        for source in self.order.sources:
            label = batches.label(source)
            for item in apart.items(source, self.order.plan, self.order.settings.limits):
                if isinstance(item, sources.Broken):
                    broken.add(label)
                    if item.why not in self.counts.broken:
                        self.counts.broken.append(item.why)
                    continue
                self._one(item, label, lanes)
                while lanes.full:
                    self._finish(lanes)
        self._note()
        self.counts.broken_sources = sorted(broken)
        return broken

    def _one(self, item: Item, label: str, lanes: Lanes) -> None:
        place = self.store.hashed("place", item.place)
        number, of = self.order.shard
        if places.spread(place) % of != number - 1:
            return
        if item.parent is not None:
            self._linked[self.store.hashed("place", item.parent), place] = None
            self._note(at_least=_NOTED_TOGETHER)
        known = self.store.db.execute(
            "SELECT id, batch, content, source, gone, title, channel, unit, produced, published, declared FROM items"
            " WHERE place_key = ?",
            (place,),
        ).fetchone()
        done = place in self._places or (known and known["batch"] == self.batch)
        self.counts.done_before += bool(done)
        if done or (self.order.kind == batches.VERIFY and not (known and _open(self.store, known["id"]))):
            return
        self._places.add(place)
        try:
            digest, size = places.digest(item, self.order.settings.limits)
        except ReadError as error:
            key = unread_key(self._key, item, error.code, error.detail)
            brief = unread_brief(item.name, error)
            self._finished.add(functools.partial(self._record, item, label, key, brief, fresh=True))
            return
        self.counts.bytes += size
        key = scan_key(self._key, item, digest, self._state)
        if key in self._by_key:
            self._waiting[self._by_key[key]].items.append((item, label))
        elif not self._reuse(item, place, label, key, known):
            task = self.counts.scanned
            self.counts.scanned += 1
            self._waiting[task] = _Waiting(key, digest, [(item, label)])
            self._by_key[key] = task
            # One content may stand at several places with several dates: what dates show is for across.py.
            context = replace(item.context, produced_on=None, published_on=None)
            lanes.put(Task(task, item.path, item.data, item.name, context))

    def _reuse(self, item: Item, place: bytes, label: str, key: bytes, known: Any) -> bool:  # noqa: ANN401  a row
        """Record an item by what was found in the same bytes before; False if nothing was, or it must be looked for."""
        held = self.store.db.execute("SELECT id, unread, batch FROM contents WHERE scan_key = ?", (key,)).fetchone()
        if held is None or (held["batch"] != self.batch and passing(held["unread"])):
            return False
        self.counts.reused += 1
        same = known and (known["content"], known["source"], known["gone"]) == (held["id"], label, None)
        if same and held["batch"] < self.batch and not self._accepted and self._said(item, known):
            self._same.append((known["id"], place))
            self._note(at_least=_NOTED_TOGETHER)
            self._count()
        else:
            fresh = held["batch"] == self.batch
            record = functools.partial(self._record, item, label, held["id"], fresh=fresh)
            self._finished.add(record, len(item.data or b""))
        return True

    def _said(self, item: Item, known: Any) -> bool:  # noqa: ANN401  a row
        """Tell whether the source says of an item what the store knows of it."""
        if item.context == sources.PUBLISHED:
            return True
        return all(known[name] == value for name, value in said_by(item.context).items())

    def _note(self, *, at_least: int = 1) -> None:
        """Note which items are as they were, and who lists them, many at a time: what is lost of it is seen again."""
        if len(self._same) + len(self._linked) < at_least:
            return
        with self.store.transaction():
            self.store.db.executemany(LINK, ((page, annex, self.batch) for page, annex in self._linked))
            changed = ((self.batch, number) for number, _ in self._same)
            self.store.db.executemany("UPDATE items SET batch = ? WHERE id = ?", changed)
        self._places.difference_update(place for _, place in self._same)
        self._same.clear()
        self._linked.clear()

    def _finish(self, lanes: Lanes) -> None:
        """Have what is done written, waiting for it."""
        for task, received in lanes.done(EVERY):
            record = functools.partial(self._scanned, task.number, task.name, received)
            self._finished.add(record, task.size, functools.partial(self._forget, task.number))
        self._finished.look()

    def _scanned(self, number: int, name: str, received: Received) -> None:
        """Write every item that waited for a file."""
        waiting = self._waiting[number]
        brief = brief_of(name, received)
        brief["sha256"] = waiting.sha256  # known even where nothing could be read
        for n, (item, label) in enumerate(waiting.items):
            self._record(item, label, waiting.scan_key, brief, fresh=True, anew=not n)

    def _forget(self, number: int) -> None:
        """What comes now and is the same finds it in the store."""
        del self._by_key[self._waiting.pop(number).scan_key]

    def _record(  # noqa: PLR0913
        self,
        item: Item,
        label: str,
        content: int | bytes,
        brief: dict[str, Any] | None = None,
        *,
        fresh: bool,
        anew: bool = False,
    ) -> None:
        """Write a finished item, within a transaction; `content` is its number, or its key and the brief."""
        entry = entry_of(item, self._key)
        links = links_of(self._key, item.place, brief["links"]) if brief else ()
        if isinstance(content, bytes):
            content = self._entering.content(content, brief or {}, anew=anew)
        self._entering.enter(
            entry,
            label,
            content,
            fresh=fresh,
            links=links,
            id_of=lambda mark: finding_id(self._key, mark, item.place),
        )
        self._places.discard(entry.place)
        self._count()

    def _count(self) -> None:
        self.counts.items += 1
        self._step(self.counts)

    def end(self, broken: set[str], seconds: float) -> None:
        """Close the run, and with its last shard the batch."""
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
                self.counts.gone = tracks.taken_down(store, self.batch, self.order.day.isoformat(), where, values)
            batches.run_ended(store, self.batch, number, seconds, json.dumps(asdict(self.counts), ensure_ascii=False))
            batches.ended(store, self.order.plan, self.batch, self.order.day, self.order.settings)

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
