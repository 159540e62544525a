"""Doubts over time: 新增 (new), 仍在 (still there), 已整改 (gone), 复现 (back again).

A doubt is closed only by a look that could have seen it: a page that could not be read, or not wholly, closes nothing.
One that is gone although the bytes are the same went with a rule, and is not counted as rectified.
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

#: One doubt as it is now: its level, rule and type, and how often its mark occurs in the document.
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
    """Return the doubts of a content that a person must act on (block and review), by mark."""
    rows = store.rows(
        "SELECT mark, min(level), rule, type, count(*) FROM findings"
        " WHERE content = ? AND level IN ('block', 'review') GROUP BY mark, rule, type",
        (content,),
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def update(  # noqa: PLR0913  what a look tells
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
    """Bring the tracks of an item up to what was found in it now.

    With `beyond` (mark → what to say) they are those of a look over many documents, otherwise those of the item alone.
    """
    kind = "beyond IS NOT NULL" if beyond is not None else "beyond IS NULL"
    known = {row["mark"]: row for row in store.rows(f"SELECT * FROM tracks WHERE item = ? AND {kind}", (item,))}
    for mark, (level, rule, type_, number) in found.items():
        said = beyond.get(mark) if beyond is not None else None
        held = known.get(mark)
        if held is None:
            store.db.execute(
                "INSERT INTO tracks (item, mark, rule, type, level, number, beyond, first_batch, first_on)"
                " VALUES (?,?,?,?,?,?,?,?,?)",
                (item, mark, rule, type_, level, number, said, batch, day),
            )
            continue
        if held["closed_batch"] is not None:
            again = held["closed_batch"] < batch and held["closed_why"] != RULES
            store.db.execute(
                "UPDATE tracks SET closed_batch = NULL, closed_on = NULL, closed_why = NULL,"
                " back_batch = ?, back_on = ? WHERE item = ? AND mark = ?",
                (*((batch, day) if again else (held["back_batch"], held["back_on"])), item, mark),
            )
        if (held["level"], held["rule"], held["number"], held["beyond"]) != (level, rule, number, said):
            store.db.execute(
                "UPDATE tracks SET level = ?, rule = ?, type = ?, number = ?, beyond = ? WHERE item = ? AND mark = ?",
                (level, rule, type_, number, said, item, mark),
            )
    if complete:
        close(store, item, (mark for mark in known if mark not in found), batch=batch, day=day, why=why)


def accept(store: Store, item: int, id_of: Callable[[bytes], str | None], accepted: Mapping[str, Decision]) -> None:
    """Give the tracks of an item the decisions of a baseline, which knows findings by their ids at a place."""
    for (mark,) in list(store.rows("SELECT mark FROM tracks WHERE item = ? AND verdict IS NULL", (item,))):
        found = accepted.get(id_of(mark) or "")
        if found:
            store.db.execute(
                "UPDATE tracks SET verdict = ?, reason = ?, by = ?, until = ? WHERE item = ? AND mark = ?",
                (found.verdict, found.reason, found.by, found.until and found.until.isoformat(), item, mark),
            )


def close(  # noqa: PLR0913  what a look tells
    store: Store, item: int, marks: Iterable[bytes], *, batch: int, day: str, why: str
) -> None:
    """Close tracks that are open; one that was opened in this very batch was never there."""
    for mark in list(marks):
        store.db.execute("DELETE FROM tracks WHERE item = ? AND mark = ? AND first_batch = ?", (item, mark, batch))
        store.db.execute(
            "UPDATE tracks SET closed_batch = ?, closed_on = ?, closed_why = ?"
            " WHERE item = ? AND mark = ? AND closed_batch IS NULL",
            (batch, day, why, item, mark),
        )


def taken_down(store: Store, batch: int, day: str, where: str, parameters: Iterable[object]) -> int:
    """Note as gone the items `where` (SQL over `items i`) says, and close what was open in them; return how many."""
    chosen = [row[0] for row in store.rows(f"SELECT i.id FROM items i WHERE {where}", tuple(parameters))]
    for item in chosen:
        store.db.execute("UPDATE items SET gone = ?, gone_on = ? WHERE id = ?", (batch, day, item))
        store.db.execute(
            "UPDATE tracks SET closed_batch = ?, closed_on = ?, closed_why = ? WHERE item = ? AND closed_batch IS NULL",
            (batch, day, TAKEN_DOWN, item),
        )
    return len(chosen)
