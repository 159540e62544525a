"""The work of a Python worker of a cluster on one partition: items in, rows out. Independent of Spark.

Each Python worker loads rules and models once, in a child process under limits: a file that kills the child is the only
one lost. Rows hold what the audit store may hold: masked text and keyed hashes.
"""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.audit import places
from prescan.audit.entering import entry_of, links_of, scan_key, unread_key
from prescan.audit.lanes import Lanes, Task, brief_of, unread_brief
from prescan.audit.sources import Broken, Item
from prescan.decisions import finding_id
from prescan.errors import PrescanError, ReadError
from prescan.scanner import wire
from prescan.types import FindingRow

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

#: Columns of a row, in order; all are strings but the two counts.
COLUMNS: Final = (
    *("seq", "source", "place", "parent", "shown", "title", "channel", "unit", "published", "verdict"),
    *("block", "review", "unread", "scan_key", "entry", "brief", "links", "ids", "broken"),
)
COUNTS: Final = frozenset({"block", "review"})


@dataclass(frozen=True, slots=True)
class Job:
    """What every partition needs, except the key, which each node reads itself."""

    settings: str
    """JSON, in the form a worker receives."""
    day: datetime.date
    state: str
    versions: str
    """JSON; every node must load these versions."""
    ids: bool = False
    """Add the ids of findings, for a baseline."""


class Given(NamedTuple):
    """An item with its position in the order of all sources, and its source."""

    seq: str
    source: str
    item: Item | Broken


class _Waiting(NamedTuple):
    given: Given
    item: Item
    key: bytes
    sha256: str


def scanned(items: Iterable[Given], job: Job, key: bytes) -> Iterator[dict[str, Any]]:
    """Yield a row for every item; a place that comes again in the partition yields only its link from a page."""
    settings = wire.settings(json.loads(job.settings))
    lanes = _lanes(job.settings, job.day, key, job.versions)
    waiting: dict[int, _Waiting] = {}
    seen: set[bytes] = set()
    try:
        for number, given in enumerate(items):
            item = given.item
            if isinstance(item, Broken):
                yield _row(seq=given.seq, source=given.source, broken=item.why)
                continue
            entry = entry_of(item, key)
            if entry.place in seen:
                if item.parent is not None:
                    yield _row(**_places(given, item, key))
                continue
            seen.add(entry.place)
            try:
                digest, _ = places.digest(item, settings.limits)
            except ReadError as error:
                unread = unread_key(key, item, error.code, error.detail)
                yield _full(given, item, unread, unread_brief(item.name, error), job, key)
                continue
            waiting[number] = _Waiting(given, item, scan_key(key, item, digest, job.state), digest)
            # As in a run on one machine: findings by date are left to across.py, which knows all places of a content.
            context = replace(item.context, produced_on=None, published_on=None)
            lanes.put(Task(number, item.path, item.data, item.name, context))
            while lanes.full:
                yield _finished(lanes, waiting, job, key)
        while lanes.busy:
            yield _finished(lanes, waiting, job, key)
    finally:
        if lanes.busy:  # the partition was abandoned: its pending results must not be taken for those of the next one
            lanes.close()
            _lanes.cache_clear()


@functools.lru_cache(maxsize=1)
def _lanes(settings: str, day: datetime.date, key: bytes, versions: str) -> Lanes:
    """Return the worker of this process, kept for all partitions. Raises PrescanError if it loads other versions."""
    lanes = Lanes(wire.settings(json.loads(settings)), key, day, 1)
    loaded = lanes.start()
    if loaded != json.loads(versions):
        lanes.close()
        raise PrescanError(f"这个节点上的 prescan、规则或模型与提交作业的机器不同（{loaded}），请用同一个环境压缩包")
    return lanes


def _finished(lanes: Lanes, waiting: dict[int, _Waiting], job: Job, key: bytes) -> dict[str, Any]:
    task, received = lanes.take()
    one = waiting.pop(task.number)
    brief = brief_of(task.name, received)
    brief["sha256"] = one.sha256
    return _full(one.given, one.item, one.key, brief, job, key)


def _full(  # noqa: PLR0913, PLR0917
    given: Given, item: Item, content: bytes, brief: dict[str, Any], job: Job, key: bytes
) -> dict[str, Any]:
    """Return the row of an item that was scanned."""
    entry = entry_of(item, key)
    links = links_of(key, item.place, brief["links"])
    rows = [FindingRow(*row) for row in brief["findings"]]
    levels = [one.level for one in rows]
    fingerprints = {one.fingerprint for one in rows} if job.ids else set()
    entry_fields = {**asdict(replace(entry, place=b"")), "place": ""}
    return _row(
        **_places(given, item, key),
        shown=entry.shown,
        title=entry.title or brief["page"].get("title") or brief["title"],
        channel=entry.channel or brief["page"].get("channel"),
        unit=entry.unit or brief["page"].get("unit"),
        published=entry.published or brief["page"].get("published"),
        verdict=brief["verdict"],
        block=levels.count("block"),
        review=levels.count("review"),
        unread=",".join(dict.fromkeys(one[0] for one in brief["unread"])),
        scan_key=content.hex(),
        entry=json.dumps(entry_fields, ensure_ascii=False),
        # links are text of the page: only hashes are kept
        brief=json.dumps({**brief, "links": []}, ensure_ascii=False),
        links=json.dumps([link.hex() for link in links]),
        ids=json.dumps({one: finding_id(key, bytes.fromhex(one), item.place) for one in sorted(fingerprints)}),
    )


def _places(given: Given, item: Item, key: bytes) -> dict[str, Any]:
    parent = None if item.parent is None else entry_of(Item(item.parent), key).place.hex()
    return {"seq": given.seq, "source": given.source, "place": entry_of(item, key).place.hex(), "parent": parent}


def _row(**values: Any) -> dict[str, Any]:  # noqa: ANN401
    return {name: values.get(name, 0 if name in COUNTS else None) for name in COLUMNS}
