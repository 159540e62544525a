"""Findings across documents: masks that complete each other, periods that have ended, late publication.

They are queries over keyed hashes and dates in the store. Each becomes a track with a sentence of its own; where a
period may have been changed by law or by the office, it is a note that asks for a check.
"""

from __future__ import annotations

import calendar as months
import datetime
import hashlib
import itertools
import json
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.audit import tracks
from prescan.resources import finding_types
from prescan.rules import load_rules
from prescan.text import workdays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.audit.plan import Plan
    from prescan.audit.store import Store
    from prescan.types import Settings

_CHECK: Final = "请核对现行期限"


#: 条例 第二十六条.
_DISCLOSURE_DAYS: Final = 20
#: 20 working days take at least so many calendar days.
_DAYS_AT_LEAST: Final = 27
#: Two masked forms reveal a number if together they hide at most so many digits, and each alone hides at least
#: _GAINED_AT_LEAST more.
_LEFT_AT_MOST: Final = 4
_GAINED_AT_LEAST: Final = 2
#: So many digits shown by both must be equal for the numbers to be of one person.
_AGREEING: Final = 3
_MASKS_OF_A_NAME: Final = 60
_PUNISHMENT_MONTHS: Final = 3

#: Item, rule, sentence, and the place of the other document or "".
_Hit = tuple[int, str, str, str]


def update(store: Store, plan: Plan, batch: int, day: datetime.date, settings: Settings) -> None:
    """Update the tracks of findings across documents; annexes inherit 栏目 and unit from their page first.

    Level, basis and advice come from the rules of kind `across`.
    """
    _inherit(store)
    loaded = load_rules(settings.rules, settings.disabled).rules
    rules, types = {rule.id: rule for rule in loaded if rule.kind == "across"}, finding_types()
    for rule in rules.values():
        store.db.execute(
            "INSERT INTO rules VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET message=?2, basis=?3, advice=?4",
            (rule.id, rule.name, json.dumps(rule.basis, ensure_ascii=False), rule.advice),
        )
    db = store.db  # hits go to a table, not to memory: there may be as many as there are pages
    db.execute("DROP TABLE IF EXISTS temp.seen")
    db.execute("CREATE TEMP TABLE seen (item INTEGER, mark BLOB, rule TEXT, said TEXT, PRIMARY KEY (item, mark))")
    over = (_publicity(store, day), _overdue(store), _retention(store, plan, day), _punishment(store, day))
    hits = (*over, _masks(store))
    db.executemany(
        "INSERT OR REPLACE INTO temp.seen VALUES (?,?,?,?)",
        (
            (item, hashlib.sha256(f"{rule_id}\x1f{other}".encode()).digest()[:16], rule_id, sentence)
            for item, rule_id, sentence, other in itertools.chain.from_iterable(hits)
            if rule_id in rules
        ),
    )
    concerned = "SELECT item FROM temp.seen UNION SELECT item FROM tracks WHERE beyond IS NOT NULL"
    for (item,) in store.rows(concerned):
        seen = db.execute("SELECT mark, rule, said FROM temp.seen WHERE item = ? ORDER BY mark", (item,)).fetchall()
        with_rules = ((fingerprint, rules[rule_id]) for fingerprint, rule_id, _ in seen)
        found = {one: (rule.level or types[rule.type].level, rule.id, rule.type, 1) for one, rule in with_rules}
        sentences = {fingerprint: sentence for fingerprint, _, sentence in seen}
        tracks.update(store, item, found, batch=batch, day=day.isoformat(), beyond=sentences)
    db.execute("DROP TABLE temp.seen")


def _inherit(store: Store) -> None:
    """Give annexes the 栏目, unit and date of a page that links to them; linked plain text counts as an annex too.

    A page without a 栏目 takes that of its folder, if all other pages there name the same one.
    """
    store.db.execute(
        "UPDATE items SET annex = 1 WHERE NOT annex AND EXISTS (SELECT 1 FROM links l WHERE l.annex = items.place_key)"
        " AND (SELECT media_type FROM contents c WHERE c.id = items.content) = 'text/plain'"
    )
    store.db.execute(
        "WITH named AS (SELECT folder, min(channel) AS channel FROM items WHERE gone IS NULL AND NOT annex"
        " AND folder IS NOT NULL AND channel IS NOT NULL GROUP BY folder HAVING count(DISTINCT channel) = 1)"
        " UPDATE items SET channel = (SELECT channel FROM named WHERE named.folder = items.folder)"
        " WHERE channel IS NULL AND gone IS NULL AND NOT annex AND folder IN (SELECT folder FROM named)"
    )
    for name in ("channel", "unit", "published"):
        store.db.execute(
            f"UPDATE items SET {name} = (SELECT p.{name} FROM links l JOIN items p ON p.place_key = l.page"
            f" WHERE l.annex = items.place_key AND p.{name} IS NOT NULL ORDER BY p.shown LIMIT 1)"
            f" WHERE {name} IS NULL AND gone IS NULL AND EXISTS (SELECT 1 FROM links l WHERE l.annex = items.place_key)"
        )


def _publicity(store: Store, day: datetime.date) -> Iterator[_Hit]:
    """Yield 公示 whose period, as stated by the page itself, has ended."""
    query = (
        "SELECT i.id, i.published, c.dates FROM items i JOIN contents c ON c.id = i.content"
        " WHERE i.gone IS NULL AND c.dates LIKE '%publicity%'"
        " AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.content = c.id AND f.type = 'publicity_expired')"
    )
    for row in store.rows(query):
        dates = json.loads(row["dates"])
        begun = row["published"] or dates.get("produced")
        certain = True
        if "publicity_end" in dates:
            end = datetime.date.fromisoformat(dates["publicity_end"])
        elif begun:
            start, count = datetime.date.fromisoformat(begun), dates["publicity_days"]
            working = dates["publicity_working"]
            end = workdays.add_workdays(start, count) if working else start + datetime.timedelta(days=count)
            certain = not working or (workdays.are_holidays_known(start) and workdays.are_holidays_known(end))
        else:
            continue
        if day > end:
            sentence = f"公示期至 {end.isoformat()}，已过 {(day - end).days} 天"
            yield row["id"], "FLO-901", sentence + ("" if certain else workdays.UNCERTAIN), ""


def _overdue(store: Store) -> Iterator[_Hit]:
    """Yield pages published more than 20 working days after the document was made."""
    query = (
        "SELECT id, produced, published FROM items WHERE gone IS NULL AND NOT annex AND produced IS NOT NULL"
        " AND julianday(published) - julianday(produced) > ?"
    )
    for row in store.rows(query, (_DAYS_AT_LEAST,)):
        made, published = (datetime.date.fromisoformat(row[name]) for name in ("produced", "published"))
        counted = workdays.working_days(made, published)
        if counted.days > _DISCLOSURE_DAYS:
            about = f"{counted.days} 个工作日" if counted.certain else f"约 {counted.days} 个工作日"
            sentence = f"{made.isoformat()} 形成，{published.isoformat()} 公开，相隔{about}"
            yield row["id"], "FLO-902", sentence + ("" if counted.certain else workdays.UNCERTAIN), ""


def _retention(store: Store, plan: Plan, day: datetime.date) -> Iterator[_Hit]:
    """Yield pages past the retention of their 栏目 in the plan; "*" is every other 栏目, 0 means for ever."""
    if not any(plan.retention.values()):
        return
    query = (
        "SELECT id, published, coalesce(channel, folder, '') AS channel FROM items WHERE gone IS NULL AND NOT annex"
        " AND julianday(?) - julianday(published) > ?"
    )
    shortest = min(days for days in plan.retention.values() if days)
    for row in store.rows(query, (day.isoformat(), shortest)):
        days = plan.retention.get(row["channel"], plan.retention.get("*", 0))
        if days and (day - datetime.date.fromisoformat(row["published"])).days > days:
            sentence = f"{row['published']} 发布，栏目“{row['channel']}”留存 {days} 天，{_CHECK}"
            yield row["id"], "FLO-903", sentence, ""


def _punishment(store: Store, day: datetime.date) -> Iterator[_Hit]:
    """Yield penalty notices past the shortest period after which some of them must no longer be shown."""
    query = (
        "SELECT id, published FROM items WHERE gone IS NULL AND NOT annex AND published IS NOT NULL"
        " AND title LIKE '%行政处罚%'"
        " AND title NOT LIKE '%办法%' AND title NOT LIKE '%规定%' AND title NOT LIKE '%裁量%'"
    )
    for row in store.rows(query):
        published = datetime.date.fromisoformat(row["published"])
        short, long = _months_later(published, _PUNISHMENT_MONTHS), _months_later(published, 36)
        if day > short:
            passed = "三年" if day > long else "三个月"
            yield row["id"], "FLO-904", f"{row['published']} 发布，已满{passed}，{_CHECK}", ""


def _months_later(day: datetime.date, count: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return datetime.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


class _Mask(NamedTuple):
    item: int
    place: str
    unit: str | None
    kind: str
    shape: str
    digits: tuple[str, ...]
    shown: str


def _masks(store: Store) -> Iterator[_Hit]:
    """Yield pairs of masked numbers of one name in two documents that together reveal the number almost completely."""
    query = (
        "SELECT m.name, m.kind, m.shape, m.digits, i.id, i.place_key, i.unit, i.shown FROM masks m"
        " JOIN items i ON i.content = m.content AND i.gone IS NULL"
        " WHERE m.name IN (SELECT name FROM masks GROUP BY name HAVING count(DISTINCT shape) > 1)"
        " ORDER BY m.name, i.shown, m.shape"
    )
    for _, rows in itertools.groupby(store.rows(query), key=lambda row: row["name"]):
        masks = dict.fromkeys(
            _Mask(
                row["id"],
                row["place_key"].hex(),
                row["unit"],
                row["kind"],
                row["shape"],
                tuple(row["digits"].split(",")),
                row["shown"],
            )
            for row in rows
        )
        reported: set[tuple[int, int]] = set()
        for one, other in itertools.combinations(itertools.islice(masks, _MASKS_OF_A_NAME), 2):
            pair = (one.item, other.item)
            if one.item != other.item and pair not in reported and (left := _left(one, other)) is not None:
                reported.add(pair)
                for mine, its in ((one, other), (other, one)):
                    sentence = f"与《{its.shown}》中同名同类号码的遮盖互补，合起来只剩 {left} 位未露出"
                    yield mine.item, "PII-901", sentence, its.place


def _left(one: _Mask, other: _Mask) -> int | None:
    """Return how many digits both masks together hide; None if they do not complete each other."""
    if one.shape == other.shape or len(one.shape) != len(other.shape):
        return None
    agreeing = 0
    for mine, its in zip(one.digits, other.digits, strict=True):
        if mine and its:
            if mine != its:
                return None
            agreeing += 1
    hidden = [mask.shape.count("0") for mask in (one, other)]
    left = sum(a == b == "0" for a, b in zip(one.shape, other.shape, strict=True))
    if left > _LEFT_AT_MOST or min(hidden) - left < _GAINED_AT_LEAST:
        return None
    return left if agreeing >= _AGREEING or (one.unit and one.unit == other.unit) else None
