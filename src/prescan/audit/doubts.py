"""The rows of audit tables: the doubts of one rule at one place, with everything a table shows about them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from prescan.audit import tracks
from prescan.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.audit.store import Store

NO_CHANNEL: Final = "（未分栏目）"
NO_UNIT: Final = "（未标单位）"
#: SQL over `items i`.
CHANNEL: Final = f"coalesce(i.channel, i.folder, '{NO_CHANNEL}')"
UNIT: Final = f"coalesce(i.unit, '{NO_UNIT}')"
_PLACES_SHOWN: Final = 3
_LISTED_ON: Final = 10


@dataclass(frozen=True, slots=True)
class Doubt:
    """The doubts of one rule at one place: a row of a table and of the ledger."""

    item: int
    place_key: bytes
    rule: str
    type: str
    level: str
    state: str
    """A key of tracks.STATES."""
    number: int
    fingerprints: tuple[bytes, ...]
    shown: str
    title: str
    channel: str
    unit: str
    published: str
    sha256: str
    places: tuple[str, ...]
    said: str
    """The sentence of a finding across documents, else the first masked context."""
    first_on: str
    closed_on: str
    why: str
    verdict: str
    reason: str
    measure: str
    caches: str
    listed_on: tuple[str, ...]
    """For an annex, the first pages that link to it."""
    listed: int
    readable: bool
    """False: the item could not be read completely in the last batch, so its doubts cannot be closed."""

    @property
    def where(self) -> str:
        """The first places in one line, followed by 等 if there are more."""
        return "、".join(self.places) + ("等" if self.places and self.number > _PLACES_SHOWN else "")


def rows(  # noqa: PLR0913  the filters of a table
    store: Store,
    batch: int,
    *,
    levels: tuple[str, ...] = LEVELS,
    channel: str | None = None,
    unit: str | None = None,
    closed: bool = False,
    accepted: bool = False,
) -> Iterator[Doubt]:
    """Yield doubts, worst first. `closed` adds those closed in this batch, `accepted` those a person accepted."""
    conditions = [f"t.level IN ({', '.join(repr(level) for level in levels)})"]
    values: dict[str, Any] = {"batch": batch}
    open_ = "t.closed_batch IS NULL" if accepted else tracks.OPEN
    conditions.append(
        f"(({open_}) OR (t.closed_batch = :batch AND t.closed_why <> 'rules'))" if closed else f"({open_})"
    )
    if channel is not None:
        conditions.append(f"{CHANNEL} = :channel")
        values["channel"] = channel
    if unit is not None:
        conditions.append(f"{UNIT} = :unit")
        values["unit"] = unit
    query = (
        f"SELECT t.item, t.rule, t.type, t.level, {tracks.STATE} AS state, sum(t.number) AS number,"
        " group_concat(hex(t.mark)) AS marks, i.shown, coalesce(i.title, '') AS title,"
        f" {CHANNEL} AS channel, {UNIT} AS unit, coalesce(i.published, '') AS published,"
        " coalesce(c.sha256, '') AS sha256,"
        " max(coalesce(t.beyond, '')) AS beyond, min(t.first_on) AS first_on,"
        " max(coalesce(t.closed_on, '')) AS closed_on,"
        " max(coalesce(t.closed_why, '')) AS why, max(coalesce(t.verdict, '')) AS verdict,"
        " max(coalesce(t.reason, '')) AS reason, max(coalesce(t.measure, '')) AS measure,"
        " max(coalesce(t.caches, '')) AS caches, i.content, i.place_key, c.unread"
        " FROM tracks t JOIN items i ON i.id = t.item JOIN contents c ON c.id = i.content"
        f" WHERE {' AND '.join(conditions)}"
        " GROUP BY t.item, t.rule, t.level, state, coalesce(t.verdict, '')"
        " ORDER BY t.level = 'note', t.level = 'review', channel, i.published DESC, i.shown, t.rule, state"
    )
    for row in store.db.execute(query, values):
        yield _doubt(store, row)


def _doubt(store: Store, row: Any) -> Doubt:  # noqa: ANN401  a row
    fingerprints = tuple(bytes.fromhex(mark) for mark in row["marks"].split(","))
    of_rule = store.db.execute(
        "SELECT mark, place, excerpt FROM findings WHERE content = ? AND rule = ? AND level = ? ORDER BY n",
        (row["content"], row["rule"], row["level"]),
    )
    own = frozenset(fingerprints)  # others of the rule may be decided, or older
    findings = list(itertools.islice(((place, said) for mark, place, said in of_rule if mark in own), _PLACES_SHOWN))
    pages = store.db.execute(
        "SELECT p.shown FROM links l JOIN items p ON p.place_key = l.page WHERE l.annex = ? ORDER BY p.shown LIMIT ?",
        (row["place_key"], _LISTED_ON),
    ).fetchall()
    listed = len(pages)
    if listed == _LISTED_ON:
        listed = store.value("SELECT count(*) FROM links WHERE annex = ?", (row["place_key"],))
    shows_content = row["state"] != "fixed" and not row["beyond"]
    plain = ("title", "channel", "unit", "published", "sha256", "first_on", "closed_on", "why", "verdict", "reason")
    return Doubt(
        **{name: row[name] for name in ("item", "rule", "type", "level", "state", "number", "shown", *plain)},
        place_key=row["place_key"],
        measure=row["measure"],
        caches=row["caches"],
        fingerprints=fingerprints,
        places=tuple(dict.fromkeys(place for place, _ in findings)) if shows_content else (),
        said=row["beyond"] or (next((excerpt for _, excerpt in findings if excerpt), "") if shows_content else ""),
        listed_on=tuple(page[0] for page in pages),
        listed=listed,
        readable=row["unread"] == "[]",
    )
