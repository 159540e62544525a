"""Audits of small sites, and stores filled by hand where no scan is needed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prescan.audit.batches import RUN, Order, join, trend_counts
from prescan.audit.plan import Plan
from prescan.audit.run import Run
from prescan.audit.sources import Item
from prescan.audit.store import Store
from prescan.types import Context, Settings

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))
DAY = datetime.date(2026, 11, 20)
PAGES, ANNEXES = 160, 12
#: Small pages; what stands around those of real sites is tested in test_generated_site.py.
HOW = {"size": 400, "dense": True}


def order(*sources: Path | str, **changed: Any) -> Order:
    """Return an order for sources."""
    settings = changed.pop("settings", Settings(stage="published", names="off"))
    known = {"plan": Plan(base_url="https://www.qinghe.example/"), "day": DAY, "jobs": 1, **changed}
    return Order(tuple(map(str, sources)), settings, **known)


def run(store: Path, wanted: Order) -> Run:
    """Do a run and return it, its store closed."""
    with Store(store, KEY, create=True) as held:
        done = Run(held, wanted, KEY, lambda _: None)
        done.work()
    return done


def brief(*findings: tuple[str, str, str], **said: Any) -> dict[str, Any]:
    """Return what a worker would say: findings are (mark, type, level)."""
    rows = [
        [
            (mark.encode().hex() * 32)[:64],
            f"T-{type_}",
            type_,
            "personal",
            level,
            "certain",
            "1***1",
            f"某处 {mark}",
            "第1段",
            "body",
            ["校验码正确"],
            said.get("values", {}).get(mark),
            said.get("people", {}).get(mark),
        ]
        for mark, type_, level in findings
    ]
    empty: dict[str, Any] = {
        "sha256": "0" * 64,
        "media_type": "text/html",
        "chars": 10,
        "title": None,
        "doc_number": None,
        "verdict": "review",
        "suggestion": None,
        "unread": [],
        "masks": [],
        "dates": {},
        "page": {},
        "links": [],
        "rules": {f"T-{type_}": [f"疑似{type_}", ["民法典 第一千零三十四条"], "删除"] for _, type_, _ in findings},
    }
    return {**empty, "findings": rows, **{name: value for name, value in said.items() if name in empty}}


@dataclass
class Filled:
    """A store that looks are entered into by hand."""

    store: Store
    number: int = 0
    plan: Plan = field(default_factory=Plan)

    def look(self, pages: dict[str, Any], *, day: datetime.date = DAY, kind: str = RUN, **changed: Any) -> int:
        """Enter a whole look at one source: place → brief, or (brief, context) or (brief, context, parent)."""
        from prescan.audit import batches

        wanted = order(".", day=day, plan=self.plan, kind=kind, **changed)
        one = Run(self.store, wanted, KEY, lambda _: None)
        look = batches.identity_of(wanted, f"state{self.number}", {"prescan": "1", "rules": "1", "model": "1"})
        one.join(join(self.store, look, 1))
        self.number += 1
        for place, given in pages.items():
            said, context, parent = (*(given if isinstance(given, tuple) else (given,)), None, None)[:3]
            item = Item(place, context=context or Context(stage="published"), parent=parent)
            if parent is not None:
                keys = self.store.hashed("place", parent), self.store.hashed("place", place)
                self.store.db.execute("INSERT OR REPLACE INTO links VALUES (?,?,?)", (*keys, one.batch))
            scan_key = self.store.hashed("scan", place, str(self.number))
            one._record(item, batches.label("."), scan_key, said, fresh=True)
        one.end(set(), 1.0)
        assert trend_counts(self.store, one.batch)["items"] >= 0
        return one.batch
