"""Doubts over time: 新增 (new), 仍在 (still there), 已整改 (gone), 复现 (back again).

A doubt is closed only by a scan that could have found it: a page that was not completely read closes nothing. If a
doubt disappears although the bytes are the same, the rules have changed; that does not count as rectified. A doubt
whose fingerprint changes only because the text around it was edited stays the same track (`follow`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.decisions.ledger import SUPPRESSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prescan.audit.store import Store
    from prescan.decisions.ledger import Decision

STATES: Final = {"new": "新增", "still": "仍在", "back": "复现", "fixed": "已整改"}
#: Why a doubt is closed.
EDITED: Final = "edited"
TAKEN_DOWN: Final = "taken_down"
RULES: Final = "rules"
WHY_LABELS: Final = {EDITED: "已修改", TAKEN_DOWN: "已撤下", RULES: "规则变化"}

#: A doubt as it is now: level, rule, type, and how often its fingerprint occurs in the document.
Doubt = tuple[str, str, str, int]

#: SQL: a track that counts now (`t` is tracks): not closed, not accepted by a person.
OPEN: Final = (
    "t.closed_batch IS NULL AND (t.verdict IS NULL OR t.verdict NOT IN ("
    + ", ".join(f"'{verdict}'" for verdict in sorted(SUPPRESSING))
    + ") OR (t.until IS NOT NULL AND t.until < (SELECT max(today) FROM batches)))"
)
#: SQL: the state of a track in the batch :batch (`t` is tracks).
STATE: Final = (
    "CASE WHEN t.closed_batch IS NOT NULL AND t.closed_batch <= :batch THEN 'fixed' "
    "WHEN t.first_batch = :batch THEN 'new' WHEN t.back_batch = :batch THEN 'back' ELSE 'still' END"
)


def of_content(store: Store, content: int) -> dict[bytes, Doubt]:
    """Return the doubts of a content at block and review, by fingerprint."""
    rows = store.rows(
        "SELECT mark, min(level), rule, type, count(*) FROM findings"
        " WHERE content = ? AND level IN ('block', 'review') GROUP BY mark, rule, type",
        (content,),
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def follow(store: Store, item: int, before: int, now: int) -> None:
    """Let the open tracks of an item follow doubts whose surroundings changed from the content `before` to `now`.

    A vanished and a new doubt are the same one if rule, value and person are. If their numbers differ, nobody can tell
    which is which: then decided ones do not follow, because a decision must not fall to another doubt.
    """
    old, new = _identities(store, before), _identities(store, now)
    query = "SELECT mark, closed_batch, verdict FROM tracks WHERE item = ?"
    known = {row["mark"]: row for row in store.rows(query, (item,))}
    come: dict[tuple[str, bytes, bytes | None], list[bytes]] = {}
    for fingerprint, identity in new.items():
        if fingerprint not in known:
            come.setdefault(identity, []).append(fingerprint)
    gone: dict[tuple[str, bytes, bytes | None], list[bytes]] = {}
    for fingerprint, identity in old.items():
        track = known.get(fingerprint)
        if identity in come and fingerprint not in new and track and track["closed_batch"] is None:
            gone.setdefault(identity, []).append(fingerprint)
    for identity, vanished in gone.items():
        sure = len(vanished) == len(come[identity])
        following = vanished if sure else [one for one in vanished if known[one]["verdict"] is None]
        store.db.executemany(
            "UPDATE tracks SET mark = ? WHERE item = ? AND mark = ?",
            [(to, item, one) for one, to in zip(following, come[identity], strict=False)],
        )


def _identities(store: Store, content: int) -> dict[bytes, tuple[str, bytes, bytes | None]]:
    """Return rule, value and person (keyed hashes) of the doubts with a value, by fingerprint, in reading order."""
    rows = store.rows(
        "SELECT mark, rule, value, person FROM findings"
        " WHERE content = ? AND level IN ('block', 'review') AND value IS NOT NULL ORDER BY n",
        (content,),
    )
    identities: dict[bytes, tuple[str, bytes, bytes | None]] = {}
    for fingerprint, *identity in rows:
        identities.setdefault(fingerprint, tuple(identity))
    return identities


def update(  # noqa: PLR0913  everything a scan reports
    store: Store,
    item: int,
    found: Mapping[bytes, Doubt],
    *,
    batch: int,
    day: str,
    why: str = EDITED,
    complete: bool = True,
    beyond: Mapping[bytes, str] | None = None,
) -> None:
    """Update the tracks of an item with the doubts `found` in it now.

    With `beyond` (fingerprint → sentence) they are findings across documents (across.py), else those of the item alone.
    `why` is the reason for closing tracks that are gone; nothing is closed unless `complete`.
    """
    kind = "beyond IS NOT NULL" if beyond is not None else "beyond IS NULL"
    known = {row["mark"]: row for row in store.rows(f"SELECT * FROM tracks WHERE item = ? AND {kind}", (item,))}
    for fingerprint, (level, rule, type_, number) in found.items():
        sentence = beyond.get(fingerprint) if beyond is not None else None
        track = known.get(fingerprint)
        if track is None:
            store.db.execute(
                "INSERT INTO tracks (item, mark, rule, type, level, number, beyond, first_batch, first_on)"
                " VALUES (?,?,?,?,?,?,?,?,?)",
                (item, fingerprint, rule, type_, level, number, sentence, batch, day),
            )
            continue
        if track["closed_batch"] is not None:
            again = track["closed_batch"] < batch and track["closed_why"] != RULES
            back = (batch, day) if again else (track["back_batch"], track["back_on"])
            store.db.execute(
                "UPDATE tracks SET closed_batch = NULL, closed_on = NULL, closed_why = NULL,"
                " back_batch = ?, back_on = ? WHERE item = ? AND mark = ?",
                (*back, item, fingerprint),
            )
        if (track["level"], track["rule"], track["number"], track["beyond"]) != (level, rule, number, sentence):
            store.db.execute(
                "UPDATE tracks SET level = ?, rule = ?, type = ?, number = ?, beyond = ? WHERE item = ? AND mark = ?",
                (level, rule, type_, number, sentence, item, fingerprint),
            )
    for fingerprint in (known.keys() - found.keys()) if complete else ():
        # A track opened in this batch is deleted; one that is already closed stays as it is.
        store.db.execute(
            "DELETE FROM tracks WHERE item = ? AND mark = ? AND first_batch = ?", (item, fingerprint, batch)
        )
        store.db.execute(
            "UPDATE tracks SET closed_batch = ?, closed_on = ?, closed_why = ?"
            " WHERE item = ? AND mark = ? AND closed_batch IS NULL",
            (batch, day, why, item, fingerprint),
        )


def accept(store: Store, item: int, id_of: Callable[[bytes], str | None], accepted: Mapping[str, Decision]) -> None:
    """Apply the decisions of a baseline (by finding id) to the tracks of an item; `id_of` maps fingerprints to ids."""
    for (fingerprint,) in list(store.rows("SELECT mark FROM tracks WHERE item = ? AND verdict IS NULL", (item,))):
        decision = accepted.get(id_of(fingerprint) or "")
        if decision:
            store.db.execute(
                "UPDATE tracks SET verdict = ?, reason = ?, by = ?, until = ? WHERE item = ? AND mark = ?",
                (
                    decision.verdict,
                    decision.reason,
                    decision.by,
                    decision.until and decision.until.isoformat(),
                    item,
                    fingerprint,
                ),
            )


def taken_down(store: Store, batch: int, day: str, where: str, parameters: Iterable[object]) -> int:
    """Mark the items selected by `where` (SQL over `items i`) as gone and close their tracks; return how many."""
    chosen = [row[0] for row in store.rows(f"SELECT i.id FROM items i WHERE {where}", tuple(parameters))]
    for item in chosen:
        store.db.execute("UPDATE items SET gone = ?, gone_on = ? WHERE id = ?", (batch, day, item))
        store.db.execute(
            "UPDATE tracks SET closed_batch = ?, closed_on = ?, closed_why = ? WHERE item = ? AND closed_batch IS NULL",
            (batch, day, TAKEN_DOWN, item),
        )
    return len(chosen)
