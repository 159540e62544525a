"""The figures of an audit, a function for each.

Items that are gone are never counted; accepted and closed doubts only where the function says so.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from prescan.audit import tracks
from prescan.audit.doubts import UNIT
from prescan.decisions.ledger import FALSE_ALARM
from prescan.errors import PrescanError
from prescan.resources import finding_types
from prescan.types import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.audit.store import Store

#: Reasons for 不予公开 in the yearly report (条例 第五十条): categories of findings and words of cited clauses.
REASONS: Final = {
    "国家秘密": (frozenset({"state_secret"}), ("保守国家秘密法", "国家秘密")),
    "三安全一稳定": (frozenset({"safety"}), ("第十四条",)),
    "商业秘密": (frozenset({"trade_secret"}), ("商业秘密",)),
    "个人隐私": (frozenset({"personal", "sensitive_personal"}), ("个人隐私", "第十五条")),
    "内部事务信息": (frozenset(), ("第十六条第一款",)),
    "过程性信息": (frozenset({"process"}), ("第十六条第二款", "第十六条")),
    "行政执法案卷": (frozenset({"law_enforcement"}), ()),
}
OTHER_REASON: Final = "法律法规的其他规定"


def last_batch(store: Store) -> Any:  # noqa: ANN401  a row
    """Return the row of the last finished batch, or of the last one at all. Raises PrescanError if there is none."""
    last = store.db.execute("SELECT * FROM batches ORDER BY finished IS NULL, id DESC LIMIT 1").fetchone()
    if last is None:
        raise PrescanError("审计库中还没有结果，请先运行 prescan audit run")
    return last


def headline(store: Store, batch: int) -> dict[str, int]:
    """Return the numbers of items, pages, annexes, items at block, items at review, unread items, doubts by state."""
    kinds = store.db.execute("SELECT count(*), coalesce(sum(annex), 0) FROM items WHERE gone IS NULL").fetchone()
    worst = f"SELECT t.item, min(t.level) AS worst FROM tracks t WHERE {tracks.OPEN} GROUP BY t.item"
    by_level = dict(store.db.execute(f"SELECT worst, count(*) FROM ({worst}) GROUP BY worst").fetchall())
    states: Counter[str] = Counter()
    for state, count in store.db.execute(
        f"SELECT {tracks.STATE}, count(*) FROM tracks t WHERE t.level <> 'note'"
        f" AND (({tracks.OPEN}) OR (t.closed_batch = :batch AND t.closed_why <> 'rules')) GROUP BY 1",
        {"batch": batch},
    ):
        states[state] = count
    unread = store.value(
        "SELECT count(*) FROM items i JOIN contents c ON c.id = i.content WHERE i.gone IS NULL AND c.unread <> '[]'"
    )
    return {
        "items": kinds[0],
        "annexes": kinds[1],
        "pages": kinds[0] - kinds[1],
        "block": by_level.get("block", 0),
        "review": by_level.get("review", 0),
        "unread": unread,
        **{state: states[state] for state in tracks.STATES},
        "accepted": store.value(f"SELECT count(*) FROM tracks t WHERE t.closed_batch IS NULL AND NOT ({tracks.OPEN})"),
    }


def not_cleared(store: Store) -> int:
    """Return how many items were taken down whose cleared caches and mirrors nobody has confirmed."""
    query = (
        f"SELECT count(DISTINCT t.item) FROM tracks t WHERE t.closed_why = '{tracks.TAKEN_DOWN}'"
        " AND t.level <> 'note' AND coalesce(t.caches, '否') = '否'"
    )
    return int(store.value(query))


def items_by_level(store: Store, group: str) -> dict[str, dict[str, int]]:
    """Return, by `group` (CHANNEL or UNIT), the number of items by worst level; "none" counts items without doubts.

    Items without doubts that were not completely read count as "unread".
    """
    worst = f"(SELECT min(t.level) FROM tracks t WHERE t.item = i.id AND t.level <> 'note' AND {tracks.OPEN})"
    read = "(SELECT iif(c.unread = '[]', 'none', 'unread') FROM contents c WHERE c.id = i.content)"
    query = f"SELECT {group}, coalesce({worst}, {read}), count(*) FROM items i WHERE i.gone IS NULL GROUP BY 1, 2"
    table: dict[str, dict[str, int]] = defaultdict(dict)
    for name, level, count in store.db.execute(query):
        table[name][level] = count
    ranked = sorted(table, key=lambda name: (-table[name].get("block", 0), -table[name].get("review", 0), name))
    return {name: table[name] for name in ranked}


def by_kind(store: Store) -> list[tuple[str, int, int, int]]:
    """Return (type, doubts at block, doubts at review, items) of open doubts, most items first; notes last."""
    query = (
        "SELECT t.type, sum((t.level = 'block') * t.number) AS block, sum((t.level = 'review') * t.number) AS review,"
        " count(DISTINCT t.item)"
        f" FROM tracks t WHERE {tracks.OPEN} GROUP BY t.type ORDER BY block + review = 0, 4 DESC, 1"
    )
    return [tuple(row) for row in store.db.execute(query)]


def by_year(store: Store) -> dict[str, dict[str, int]]:
    """Return, by year of publication, how many items have an open doubt of each type (block and review)."""
    table: dict[str, dict[str, int]] = defaultdict(dict)
    for year, type_, count in store.db.execute(
        "SELECT coalesce(substr(i.published, 1, 4), '未标日期'), t.type, count(DISTINCT i.id) FROM tracks t"
        f" JOIN items i ON i.id = t.item WHERE t.level <> 'note' AND {tracks.OPEN} GROUP BY 1, 2"
    ):
        table[year][type_] = count
    return dict(sorted(table.items()))


def declared_and_suggested(store: Store) -> dict[tuple[str, str], int]:
    """Return how many items are declared one attribute and suggested another; "" is undeclared or 无法判断."""
    query = (
        "SELECT coalesce(i.declared, ''), CASE WHEN c.abstained OR c.attribute IS NULL THEN '' ELSE c.attribute END,"
        " count(*) FROM items i JOIN contents c ON c.id = i.content WHERE i.gone IS NULL GROUP BY 1, 2"
    )
    return {(row[0], row[1]): row[2] for row in store.db.execute(query)}


def disagreements(store: Store, at_most: int) -> list[tuple[str, str, str, str]]:
    """Return (place, title, declared, suggested) of items whose declared attribute differs from the suggested one."""
    query = (
        "SELECT i.shown, coalesce(i.title, ''), i.declared, c.attribute FROM items i"
        " JOIN contents c ON c.id = i.content WHERE i.gone IS NULL AND NOT c.abstained"
        " AND i.declared <> c.attribute ORDER BY i.shown LIMIT ?"
    )
    return [tuple(row) for row in store.db.execute(query, (at_most,))]


def unread(store: Store) -> tuple[dict[str, int], Iterator[tuple[str, str, str]]]:
    """Return the number of unread items by code, and (place, code, sentence) of each."""
    query = (
        "SELECT i.shown, c.unread FROM items i JOIN contents c ON c.id = i.content"
        " WHERE i.gone IS NULL AND c.unread <> '[]' ORDER BY i.shown"
    )
    counts: Counter[str] = Counter()
    for row in store.db.execute(query):
        counts.update({item[0] for item in json.loads(row["unread"])})
    return dict(counts.most_common()), (
        (row["shown"], code, detail) for row in store.db.execute(query) for code, detail, _ in json.loads(row["unread"])
    )


def rule_health(store: Store) -> list[tuple[str, str, int, int, int]]:
    """Return (rule, type, doubts, decided doubts, false alarms) over all batches, most doubts first."""
    query = (
        "SELECT rule, type, count(*), count(verdict), sum(verdict IS ?) FROM tracks GROUP BY rule ORDER BY 3 DESC, 1"
    )
    return [tuple(row) for row in store.db.execute(query, (FALSE_ALARM,))]


def exposed(store: Store) -> tuple[int, list[tuple[str, int, int]]]:
    """Return how many people have exposed personal data, and (type, distinct values, items) for each type.

    Values in one row belong to one person; a value in several documents counts once.
    """
    exposed_rows = (
        "FROM findings f JOIN items i ON i.content = f.content AND i.gone IS NULL"
        f" JOIN tracks t ON t.item = i.id AND t.mark = f.mark AND {tracks.OPEN}"
        " WHERE f.category IN ('personal', 'sensitive_personal') AND f.level <> 'note'"
    )
    people = store.value(f"SELECT count(DISTINCT f.person) {exposed_rows}")
    query = (
        "SELECT f.type, count(DISTINCT coalesce(f.value, f.content || ':' || f.n)), count(DISTINCT i.id)"
        f" {exposed_rows}"
        " GROUP BY f.type ORDER BY 2 DESC, 1"
    )
    return people, [tuple(row) for row in store.db.execute(query)]


def shared_values(store: Store, at_most: int) -> list[tuple[str, str, int, int, str]]:
    """Return (type, mask, units, items, unit names) of values shown by several units, except names and addresses."""
    query = (
        f"SELECT f.type, min(f.masked), count(DISTINCT {UNIT}), count(DISTINCT i.id), group_concat(DISTINCT {UNIT})"
        " FROM findings f JOIN items i ON i.content = f.content AND i.gone IS NULL"
        " WHERE f.value IS NOT NULL AND f.level <> 'note' AND f.type NOT IN ('person_name', 'address')"
        f" AND i.unit IS NOT NULL GROUP BY f.value HAVING count(DISTINCT {UNIT}) > 1 ORDER BY 3 DESC, 4 DESC, 1 LIMIT ?"
    )
    return [tuple(row) for row in store.db.execute(query, (at_most,))]


def withheld_reasons(store: Store) -> dict[str, int]:
    """Return the number of items suggested 不予公开 by reason of the yearly report; an item may have several."""
    counts = dict.fromkeys((*REASONS, OTHER_REASON), 0)
    query = (
        "SELECT i.id, c.basis, (SELECT group_concat(DISTINCT f.category) FROM findings f WHERE f.content = c.id"
        " AND f.level <> 'note') AS categories FROM items i JOIN contents c ON c.id = i.content"
        " WHERE i.gone IS NULL AND c.attribute = 'withheld' AND NOT c.abstained"
    )
    for row in store.db.execute(query):
        reasons = _reasons(set((row["categories"] or "").split(",")), row["basis"])
        for reason in reasons or [OTHER_REASON]:
            counts[reason] += 1
    return counts


def _reasons(categories: set[str], basis: str) -> list[str]:
    by_finding = [reason for reason, (kinds, _) in REASONS.items() if kinds & categories]
    by_clause = [reason for reason, (_, clauses) in REASONS.items() if any(clause in basis for clause in clauses)]
    return by_finding or by_clause  # 第十四条 alone does not distinguish a state secret from 三安全一稳定


def attribute_counts(store: Store) -> Mapping[str, int]:
    """Return the number of items by suggested attribute; "" is 无法判断."""
    table = declared_and_suggested(store)
    return {name: sum(count for (_, to), count in table.items() if to == name) for name in (*ATTRIBUTES, "")}


def trend(store: Store, at_most: int = 24) -> list[tuple[int, str, str, dict[str, int]]]:
    """Return (batch, day, kind, counts) of the last finished batches, oldest first."""
    query = "SELECT id, today, kind, counts FROM batches WHERE finished IS NOT NULL ORDER BY id DESC LIMIT ?"
    rows = [(row[0], row[1], row[2], json.loads(row[3])) for row in store.db.execute(query, (at_most,))]
    return rows[::-1]


def label(type_: str) -> str:
    """Return the Chinese name of a finding type."""
    return finding_types()[type_].label
