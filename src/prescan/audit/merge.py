"""Merges stores of shards and cluster results into one batch of one store, as if one run had done it all.

The same command resumes an interrupted merge: what was written stays, the rest follows.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from prescan.audit import batches, parts, tracks
from prescan.audit.batches import BatchIdentity
from prescan.audit.entering import LINK, Entering, is_transient
from prescan.audit.store import plain_errors
from prescan.decisions import ledger
from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from prescan.audit.parts import Found, Part
    from prescan.audit.plan import Plan
    from prescan.audit.store import Store
    from prescan.types import Settings

#: Items written in one transaction.
_TOGETHER: Final = 500
_T = TypeVar("_T")


@dataclass(slots=True)
class Merged:
    """The outcome of a merge."""

    batch: int = 0
    items: int = 0
    twice: int = 0
    """Places that occur in several parts; the first one counts."""
    broken: list[str] = field(default_factory=list)


def merge(store: Store, paths: Sequence[Path], key: bytes, plan: Plan, settings: Settings) -> Merged:
    """Merge parts into one batch. Raises PrescanError: a part is missing, unfinished, or of another audit."""
    with contextlib.ExitStack() as stack, plain_errors(store.path):
        opened = []
        for path in dict.fromkeys(paths):
            if path.exists() and path.resolve() == store.path.resolve():
                raise PrescanError(f"{path} 就是要合并到的审计库，请用 --store 另给一个文件")
            opened.append(parts.opened(path, key))
            stack.callback(opened[-1].close)
        identity = _whole(opened)
        return _Merge(store, opened, identity, plan, settings).work()


def _whole(opened: Sequence[Part]) -> BatchIdentity:
    """Return the identity of the batch that all parts make up together. Raises PrescanError if they do not."""
    first = opened[0].identity
    for part in opened:
        if part.identity.kind != first.kind:
            raise PrescanError(f"{part.path} 与 {opened[0].path} 一个是全量（run）、一个是复查（verify），不能合并")
        if part.identity.rules_state != first.rules_state:
            raise PrescanError(
                f"{part.path} 与 {opened[0].path} 的规则、模型或设置不同，不能合并，请用同一版本和设置重做其中一份"
            )
    seen: dict[tuple[tuple[str, ...], int], dict[int, Path]] = {}
    for part in opened:
        shards = seen.setdefault((part.identity.labels, part.identity.shards), {})
        for done in part.done:
            if done.shard in shards:
                raise PrescanError(f"{part.path} 与 {shards[done.shard]} 是同一片（第 {done.shard} 片），请核对")
            shards[done.shard] = part.path
    for (_, of), shards in seen.items():
        missing = sorted(set(range(1, of + 1)) - set(shards))
        if missing:
            raise PrescanError(
                f"共 {of} 片，缺第 {'、'.join(map(str, missing))} 片，请把各片的审计库都给出；缺的页面不能当作已撤下"
            )
    labels = tuple(dict.fromkeys(label for part in opened for label in part.identity.labels))
    return BatchIdentity(
        first.kind, labels, len(opened), first.rules_state, first.versions, max(part.identity.day for part in opened)
    )


class _Merge:
    def __init__(
        self, store: Store, opened: Sequence[Part], identity: BatchIdentity, plan: Plan, settings: Settings
    ) -> None:
        self._store, self._parts, self._identity, self._plan = store, opened, identity, plan
        self._settings = settings
        decisions = [one for path in settings.baseline for one in ledger.read(path)]
        self._accepted = ledger.suppressing_decisions(decisions)
        self._outcome = Merged()

    def work(self) -> Merged:
        outcome, store = self._outcome, self._store
        # as the last part, so that the batch is not finished before the end
        outcome.batch = batches.join(store, self._identity, len(self._parts))
        for number in range(1, len(self._parts)):
            batches.add_run(store, outcome.batch, number)
        entering = Entering(store, outcome.batch, self._identity.day, self._accepted)
        for number, part in enumerate(self._parts, 1):
            if store.value("SELECT finished FROM runs WHERE batch = ? AND shard = ?", (outcome.batch, number)):
                continue
            self._links(part)
            for chunk in _chunks(part.found()):
                with store.transaction():
                    for found in chunk:
                        self._enter(found, entering)
            with store.transaction():
                counts = json.dumps(_counts(part), ensure_ascii=False)
                batches.finish_run(store, outcome.batch, number, sum(done.seconds for done in part.done), counts)
                if number == len(self._parts):
                    self._gone()
                    batches.finish_if_complete(store, self._plan, outcome.batch, self._identity.day, self._settings)
        outcome.broken = [why for part in self._parts for done in part.done for why in done.counts.get("broken", ())]
        return outcome

    def _links(self, part: Part) -> None:
        for chunk in _chunks(part.links()):
            with self._store.transaction():
                self._store.db.executemany(LINK, [(*pair, self._outcome.batch) for pair in chunk])

    def _enter(self, found: Found, entering: Entering) -> None:
        store, outcome, entry = self._store, self._outcome, found.entry
        item = store.db.execute("SELECT id, batch FROM items WHERE place_key = ?", (entry.place,)).fetchone()
        if item and item["batch"] == outcome.batch:
            outcome.twice += 1
            return
        stored = store.db.execute(
            "SELECT id, batch, unread FROM contents WHERE scan_key = ?", (found.scan_key,)
        ).fetchone()
        if stored is None or (stored["batch"] != outcome.batch and (found.anew or is_transient(stored["unread"]))):
            content, fresh = entering.content(found.scan_key, found.brief(), anew=True), True
        else:
            content, fresh = int(stored["id"]), stored["batch"] == outcome.batch
        if fresh and found.anew:  # its links were written with those of its part
            store.db.execute("DELETE FROM links WHERE page = ? AND batch < ?", (entry.place, outcome.batch))
        entering.enter(
            entry, found.source, content, fresh=fresh, links=found.links, id_of=found.ids.get if found.ids else None
        )
        for mark, *decided in found.verdicts:
            columns = ", ".join(f"{name} = ?" for name in parts.DECIDED)
            store.db.execute(
                f"UPDATE tracks SET {columns} WHERE mark = ? AND verdict IS NULL"
                " AND item = (SELECT id FROM items WHERE place_key = ?)",
                (*decided, mark, entry.place),
            )
        outcome.items += 1

    def _gone(self) -> None:
        """Mark items as gone: after a full run all that were not seen, after a verify run those the parts name."""
        batch, day = self._outcome.batch, self._identity.day.isoformat()
        if self._identity.kind == batches.VERIFY:
            db = self._store.db
            db.execute("CREATE TEMP TABLE IF NOT EXISTS went (place BLOB PRIMARY KEY)")
            for part in self._parts:
                db.executemany("INSERT OR IGNORE INTO temp.went VALUES (?)", ((place,) for place in part.gone()))
            where = "i.place_key IN (SELECT place FROM temp.went) AND i.batch < ? AND i.gone IS NULL"
            tracks.taken_down(self._store, batch, day, where, (batch,))
            db.execute("DROP TABLE temp.went")
            return
        broken = {
            label for part in self._parts for done in part.done for label in done.counts.get("broken_sources", ())
        }
        labels = [label for label in self._identity.labels if label not in broken]
        where = f"i.source IN ({','.join('?' * len(labels))}) AND i.batch < ? AND i.gone IS NULL"
        tracks.taken_down(self._store, batch, day, where, (*labels, batch))


def _counts(part: Part) -> dict[str, object]:
    """Return the sums of the counts of a part's runs."""
    total: dict[str, object] = {"part": part.path.name}
    for done in part.done:
        for name, value in done.counts.items():
            current = total.get(name)
            if current is None:
                total[name] = value
            elif type(current) is type(value):
                total[name] = current + value  # type: ignore[operator]
    return total


def _chunks(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield the rows in lists of _TOGETHER; the last may be shorter or empty."""
    chunk: list[_T] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _TOGETHER:
            yield chunk
            chunk = []
    yield chunk
