"""A run that was broken off, and is taken up when rules or settings are no longer the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from audits import KEY, order
from invented import BANK_CARD, MOBILE, RESIDENT_ID

from prescan.audit import doubts, exports, statistics
from prescan.audit.run import Run
from prescan.audit.store import Store
from prescan.types import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from prescan.audit.run import Counts
    from prescan.scanner import Scanner

PAGES = 12
SEEN = 5
BEFORE = Settings(stage="published", names="off")


@pytest.fixture(autouse=True)
def _written_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write what is finished two by two: of so few pages an interrupt would otherwise leave nothing."""
    monkeypatch.setattr("prescan.audit.together._AT_MOST", 2)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """Return pages that each hold a number of each kind."""
    root = tmp_path / "mirror"
    root.mkdir()
    for number in range(PAGES):
        said = f"<p>第{number}号</p><p>身份证号：{RESIDENT_ID}</p><p>银行卡号：{BANK_CARD}</p><p>手机：{MOBILE}</p>"
        (root / f"{number:02}.html").write_text(f"<title>名单{number}</title>{said}", encoding="utf-8")
    return root


def looked(store: Path, mirror: Path, settings: Settings, *, at_most: int = PAGES) -> Run:
    """Run, or break off after so many pages."""

    def step(counts: Counts) -> None:
        if counts.items >= at_most < PAGES:
            raise KeyboardInterrupt

    with Store(store, KEY, create=True) as held:
        done = Run(held, order(mirror, settings=settings), KEY, step)
        try:
            done.work()
        except KeyboardInterrupt:
            assert at_most < PAGES
    return done


def said(store: Path) -> list[dict[str, Any]]:
    """Return what a store says, its states too, in a fixed order."""
    with Store(store, KEY) as held:
        records = list(exports.records(held, KEY))
    return sorted(records, key=lambda one: (one["place"], one["rule_id"]))


def seen(store: Path) -> int:
    """Return how many pages a store knows."""
    with Store(store, KEY) as held:
        return int(held.value("SELECT count(*) FROM items"))


@pytest.mark.parametrize("fewer", [True, False], ids=["a rule less", "a rule more"])
def test_a_run_taken_up_under_other_rules_says_what_a_whole_one_says(
    mirror: Path, tmp_path: Path, scanner: Scanner, *, fewer: bool
) -> None:
    whole, cut = tmp_path / "whole.sqlite", tmp_path / "cut.sqlite"
    (card,) = scanner.scan_text(f"银行卡号：{BANK_CARD}").findings
    without = Settings(stage="published", names="off", disabled={card.rule_id: "试用"})
    first, then = (BEFORE, without) if fewer else (without, BEFORE)
    looked(whole, mirror, then)
    looked(cut, mirror, first, at_most=SEEN)
    assert 0 < seen(cut) < PAGES
    done = looked(cut, mirror, then)
    assert done.counts.scanned == PAGES
    assert said(cut) == said(whole)
    assert {one["type"] for one in said(cut)} >= {"resident_id"} | (set() if fewer else {"bank_card"})
    assert fewer == ("bank_card" not in {one["type"] for one in said(cut)})
    with Store(cut, KEY) as held:
        figures = statistics.headline(held, done.batch)
        assert (figures["still"], figures["fixed"]) == (0, 0)  # nobody was told of what the first had seen
        assert figures["new"] == len(list(doubts.rows(held, done.batch, closed=True)))


def test_pages_mended_before_the_run_is_taken_up_are_all_told_as_mended(mirror: Path, tmp_path: Path) -> None:
    store, changed = tmp_path / "a.sqlite", Settings(stage="published", names="off", require_attribute=True)
    looked(store, mirror, BEFORE)
    for number, page in enumerate(sorted(mirror.iterdir())):
        page.write_text(f"<title>名单{number}</title><p>第{number}号，已经整改</p>", encoding="utf-8")
    looked(store, mirror, BEFORE, at_most=SEEN)
    done = looked(store, mirror, changed)
    with Store(store, KEY) as held:
        states = {one.shown: one.state for one in doubts.rows(held, done.batch, closed=True)}
    assert (set(states.values()), len(states)) == ({"fixed"}, PAGES)


def test_the_same_rules_take_the_run_up_where_it_was(mirror: Path, tmp_path: Path) -> None:
    store = tmp_path / "a.sqlite"
    looked(store, mirror, BEFORE, at_most=SEEN)
    known = seen(store)
    assert 0 < known < PAGES
    done = looked(store, mirror, BEFORE)
    assert (done.batch, done.counts.done_before) == (1, known)
