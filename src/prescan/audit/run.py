"""A run scans one shard of a batch: every item of the sources once; unchanged items are not scanned again.

However a run ends, finished items are kept, and the same command resumes it. Only one process may work on a shard;
several shards may run at the same time on one store.
"""

from __future__ import annotations

import functools
import json
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from prescan.audit import batches, places, sources, tracks
from prescan.audit.entering import LINK, Entering, entry_of, is_transient, links_of, metadata_of, scan_key, unread_key
from prescan.audit.lanes import Lanes, Task, brief_of, unread_brief
from prescan.audit.shard_lock import locked
from prescan.audit.sources import apart
from prescan.audit.store import Store, plain_errors
from prescan.audit.together import EVERY, Together
from prescan.decisions import finding_id, ledger
from prescan.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.audit.batches import Order
    from prescan.audit.sources import Item
    from prescan.scanner.received import Received

#: Unchanged items recorded in one transaction.
_NOTED_TOGETHER: Final = 500


@dataclass(slots=True)
class Counts:
    """The counts of a run."""

    items: int = 0
    scanned: int = 0
    reused: int = 0
    done_before: int = 0
    gone: int = 0
    bytes: int = 0
    broken: list[str] = field(default_factory=list)
    """Messages about sources that could not be read to their end."""
    broken_sources: list[str] = field(default_factory=list)
    """Labels of these sources."""


@dataclass(slots=True)
class _Waiting:
    """A file being scanned, and the items with the same content that wait for its result."""

    scan_key: bytes
    sha256: str
    items: list[tuple[Item, str]]


class Run:
    """One shard of one batch. `step` is called with the counts after every item."""

    def __init__(self, store: Store, order: Order, key: bytes, step: Callable[[Counts], None]) -> None:
        """Prepare the run; `work` does it. Raises SettingsError for a bad baseline."""
        self.store, self.order, self.counts = store, order, Counts()
        self._key, self._step = key, step
        decisions = [one for path in order.settings.baseline for one in ledger.read(path)]
        self._accepted = ledger.suppressing_decisions(decisions)
        self._waiting: dict[int, _Waiting] = {}
        self._by_key: dict[bytes, int] = {}
        self._places: set[bytes] = set()
        """Places being scanned, waiting for the scan of equal content, or not yet recorded in the store."""
        self._same: list[tuple[int, bytes]] = []
        """Unchanged items still to be recorded: id and place."""
        self._linked: dict[tuple[bytes, bytes], None] = {}
        """Links from pages to annexes still to be recorded."""
        self._finished = Together(store)
        self.batch = 0
        self._rules_state = ""

    def work(self) -> int:
        """Do the run and return the id of its batch. Raises PrescanError if it cannot continue."""
        sources.check(self.order.sources)
        begun = time.monotonic()
        with (
            locked(self.store.path, *self.order.shard),
            plain_errors(self.store.path),
            Lanes(self.order.settings, self._key, self.order.day, self.order.jobs) as lanes,
        ):
            versions = self._versions(lanes)
            batches.check_naming(self.store, self.order)
            self._rules_state = batches.rules_state(self.order.settings, versions)
            identity = batches.identity_of(self.order, self._rules_state, versions)
            self.join(batches.join(self.store, identity, self.order.shard[0]))
            with self._finished:
                broken = self._items(lanes)
                while lanes.busy:
                    self._finish(lanes)
            self.end(broken, time.monotonic() - begun)
        return self.batch

    def join(self, batch: int) -> None:
        """Set the batch to which results are written."""
        self.batch = batch
        self._entering = Entering(self.store, batch, self.order.day, self._accepted)

    def _versions(self, lanes: Lanes) -> dict[str, str]:
        """Return the versions of rules and models, from the store if known, so that no worker has to be started."""
        settings = self.order.settings
        own = settings.rules or settings.attribute_model
        known = batches.settings_state(settings)
        stored = None if own else batches.known_versions(self.store, known)
        if stored is not None:
            lanes.expect(stored)
            return stored
        versions = lanes.start()
        if not own:
            batches.keep_versions(self.store, known, versions)
        return versions

    def _items(self, lanes: Lanes) -> set[str]:
        """Process all items; return the labels of sources that could not be read to their end."""
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
        key = scan_key(self._key, item, digest, self._rules_state)
        if key in self._by_key:
            self._waiting[self._by_key[key]].items.append((item, label))
        elif not self._reuse(item, place, label, key, known):
            task = self.counts.scanned
            self.counts.scanned += 1
            self._waiting[task] = _Waiting(key, digest, [(item, label)])
            self._by_key[key] = task
            # Equal content may have different dates at different places, so findings by date are left to across.py.
            context = replace(item.context, produced_on=None, published_on=None)
            lanes.put(Task(task, item.path, item.data, item.name, context))

    def _reuse(self, item: Item, place: bytes, label: str, key: bytes, known: Any) -> bool:  # noqa: ANN401  a row
        """Record an item with the stored findings of equal content; False if it must be scanned."""
        stored = self.store.db.execute("SELECT id, unread, batch FROM contents WHERE scan_key = ?", (key,)).fetchone()
        if stored is None or (stored["batch"] != self.batch and is_transient(stored["unread"])):
            return False
        self.counts.reused += 1
        same = known and (known["content"], known["source"], known["gone"]) == (stored["id"], label, None)
        if same and stored["batch"] < self.batch and not self._accepted and self._has_same_metadata(item, known):
            self._same.append((known["id"], place))
            self._note(at_least=_NOTED_TOGETHER)
            self._count()
        else:
            fresh = stored["batch"] == self.batch
            record = functools.partial(self._record, item, label, stored["id"], fresh=fresh)
            self._finished.add(record, len(item.data or b""))
        return True

    def _has_same_metadata(self, item: Item, known: Any) -> bool:  # noqa: ANN401  a row
        """Return whether the metadata from the source equals that in the store."""
        if item.context == sources.PUBLISHED:
            return True
        return all(known[name] == value for name, value in metadata_of(item.context).items())

    def _note(self, *, at_least: int = 1) -> None:
        """Record unchanged items and links, many at a time; after an interruption the next run records the rest."""
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
        """Wait for finished scans and write their results."""
        for task, received in lanes.done(EVERY):
            record = functools.partial(self._scanned, task.number, task.name, received)
            self._finished.add(record, task.size, functools.partial(self._forget, task.number))
        self._finished.write_if_due()

    def _scanned(self, number: int, name: str, received: Received) -> None:
        """Write every item that waited for the scan of a file."""
        waiting = self._waiting[number]
        brief = brief_of(name, received)
        brief["sha256"] = waiting.sha256  # known even where nothing could be read
        for n, (item, label) in enumerate(waiting.items):
            self._record(item, label, waiting.scan_key, brief, fresh=True, anew=not n)

    def _forget(self, number: int) -> None:
        """Remove a written file; equal content from now on is found in the store."""
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
        """Write a finished item, within a transaction; `content` is its id, or its scan key together with `brief`."""
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
            id_of=lambda fingerprint: finding_id(self._key, fingerprint, item.place),
        )
        self._places.discard(entry.place)
        self._count()

    def _count(self) -> None:
        self.counts.items += 1
        self._step(self.counts)

    def end(self, broken: set[str], seconds: float) -> None:
        """Close the run, and the batch if this was its last shard."""
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
            batches.finish_run(store, self.batch, number, seconds, json.dumps(asdict(self.counts), ensure_ascii=False))
            batches.finish_if_complete(store, self.order.plan, self.batch, self.order.day, self.order.settings)


def _open(store: Store, item: int) -> bool:
    return bool(store.value(f"SELECT 1 FROM tracks t WHERE t.item = ? AND {tracks.OPEN} LIMIT 1", (item,)))
