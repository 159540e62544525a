"""Merging: stores of shards and results of a cluster become one batch of one store, as if one run had done it all.

A merge that was cut off is taken up by the same command: what was entered stays, the rest follows.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from prescan.audit import batches, parts, tracks
from prescan.audit.batches import Look
from prescan.audit.entering import LINK, Entering, passing
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

#: So many items are entered in one transaction.
_TOGETHER: Final = 500
_T = TypeVar("_T")


@dataclass(slots=True)
class Merged:
    """What a merge did."""

    batch: int = 0
    items: int = 0
    twice: int = 0
    """Places that several parts have: the first counts."""
    broken: list[str] = field(default_factory=list)


def merge(store: Store, paths: Sequence[Path], key: bytes, plan: Plan, settings: Settings) -> Merged:
    """Merge parts into one batch. Raises PrescanError: one is missing, unfinished, or of another audit."""
    with contextlib.ExitStack() as stack, plain_errors(store.path):
        held = []
        for path in dict.fromkeys(paths):
            if path.exists() and path.resolve() == store.path.resolve():
                raise PrescanError(f"{path} 就是要合并到的审计库，请用 --store 另给一个文件")
            held.append(parts.opened(path, key))
            stack.callback(held[-1].close)
        look = _whole(held)
        return _Merge(store, held, look, plan, settings).work()


def _whole(held: Sequence[Part]) -> Look:
    """Return the look all the parts make together. Raises PrescanError if they do not."""
    first = held[0].look
    for part in held:
        if part.look.kind != first.kind:
            raise PrescanError(f"{part.path} 与 {held[0].path} 一个是全量（run）、一个是复查（verify），不能合并")
        if part.look.state != first.state:
            raise PrescanError(
                f"{part.path} 与 {held[0].path} 的规则、模型或设置不同，不能合并，请用同一版本和设置重做其中一份"
            )
    seen: dict[tuple[tuple[str, ...], int], dict[int, Path]] = {}
    for part in held:
        shards = seen.setdefault((part.look.labels, part.look.shards), {})
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
    labels = tuple(dict.fromkeys(label for part in held for label in part.look.labels))
    return Look(first.kind, labels, len(held), first.state, first.versions, max(part.look.day for part in held))


class _Merge:
    def __init__(self, store: Store, held: Sequence[Part], look: Look, plan: Plan, settings: Settings) -> None:
        self._store, self._parts, self._look, self._plan = store, held, look, plan
        self._settings = settings
        decisions = [one for path in settings.baseline for one in ledger.read(path)]
        self._accepted = ledger.accepting(decisions)
        self._did = Merged()

    def work(self) -> Merged:
        did, store = self._did, self._store
        did.batch = batches.joined(
            store, self._look, len(self._parts)
        )  # the last part: it is never done before the end
        for number in range(1, len(self._parts)):
            batches.enlisted(store, did.batch, number)
        entering = Entering(store, did.batch, self._look.day, self._accepted)
        for number, part in enumerate(self._parts, 1):
            if store.value("SELECT finished FROM runs WHERE batch = ? AND shard = ?", (did.batch, number)):
                continue
            self._links(part)
            for some in _some(part.found()):
                with store.transaction():
                    for found in some:
                        self._enter(found, entering)
            with store.transaction():
                counts = json.dumps(_counts(part), ensure_ascii=False)
                batches.run_ended(store, did.batch, number, sum(done.seconds for done in part.done), counts)
                if number == len(self._parts):
                    self._gone()
                    batches.ended(store, self._plan, did.batch, self._look.day, self._settings)
        did.broken = [why for part in self._parts for done in part.done for why in done.counts.get("broken", ())]
        return did

    def _links(self, part: Part) -> None:
        for some in _some(part.links()):
            with self._store.transaction():
                self._store.db.executemany(LINK, [(*pair, self._did.batch) for pair in some])

    def _enter(self, found: Found, entering: Entering) -> None:
        store, did, entry = self._store, self._did, found.entry
        known = store.db.execute("SELECT id, batch FROM items WHERE place_key = ?", (entry.place,)).fetchone()
        if known and known["batch"] == did.batch:
            did.twice += 1
            return
        held = store.db.execute(
            "SELECT id, batch, unread FROM contents WHERE scan_key = ?", (found.scan_key,)
        ).fetchone()
        if held is None or (held["batch"] != did.batch and (found.anew or passing(held["unread"]))):
            content, fresh = entering.content(found.scan_key, found.brief(), anew=True), True
        else:
            content, fresh = int(held["id"]), held["batch"] == did.batch
        if fresh and found.anew:  # its links were entered with those of its part
            store.db.execute("DELETE FROM links WHERE page = ? AND batch < ?", (entry.place, did.batch))
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
        did.items += 1

    def _gone(self) -> None:
        """Close what is gone: in a full look all that was not seen, in a second look what the parts say."""
        batch, day = self._did.batch, self._look.day.isoformat()
        if self._look.kind == batches.VERIFY:
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
        labels = [label for label in self._look.labels if label not in broken]
        where = f"i.source IN ({','.join('?' * len(labels))}) AND i.batch < ? AND i.gone IS NULL"
        tracks.taken_down(self._store, batch, day, where, (*labels, batch))


def _counts(part: Part) -> dict[str, object]:
    """Return what the runs of a part counted, put together."""
    total: dict[str, object] = {"part": part.path.name}
    for done in part.done:
        for name, value in done.counts.items():
            held = total.get(name)
            total[name] = value if held is None else held + value if type(held) is type(value) else held  # type: ignore[operator]
    return total


def _some(rows: Iterable[_T]) -> Iterator[list[_T]]:
    held: list[_T] = []
    for row in rows:
        held.append(row)
        if len(held) == _TOGETHER:
            yield held
            held = []
    yield held
