"""新增, 仍在, 已整改, 复现: a doubt is closed only by a look that could have seen it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from audits import DAY, KEY, brief

from prescan.audit import doubts, statistics, tracks
from prescan.decisions import finding_id, ledger
from prescan.types import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from audits import Filled

LEAK = brief(("aa", "resident_id", "block"), sha256="1" * 64)
CLEAN = brief(sha256="2" * 64)


def states(filled: Filled, batch: int) -> dict[str, str]:
    return {doubt.shown: doubt.state for doubt in doubts.rows(filled.store, batch, closed=True)}


def test_a_doubt_is_new_then_still_there_then_gone_then_back(filled: Filled) -> None:
    told = [states(filled, filled.look({"a.html": said})).get("a.html") for said in (LEAK, LEAK, CLEAN, LEAK, LEAK)]
    assert told == ["new", "still", "fixed", "back", "still"]


def test_what_was_gone_before_is_told_once(filled: Filled) -> None:
    for said in (LEAK, CLEAN):
        filled.look({"a.html": said})
    assert states(filled, filled.look({"a.html": CLEAN})) == {}


def test_a_page_that_is_no_longer_there_is_taken_down_and_its_return_is_a_return(filled: Filled) -> None:
    filled.look({"a.html": LEAK, "b.html": CLEAN})
    batch = filled.look({"b.html": CLEAN})
    (doubt,) = doubts.rows(filled.store, batch, closed=True)
    assert (doubt.state, doubt.why) == ("fixed", tracks.TAKEN_DOWN)
    assert statistics.headline(filled.store, batch)["items"] == 1
    assert states(filled, filled.look({"a.html": LEAK, "b.html": CLEAN})) == {"a.html": "back"}


@pytest.mark.parametrize("code", ["corrupted", "timeout", "encrypted"])
def test_a_page_that_could_not_be_read_closes_nothing(filled: Filled, code: str) -> None:
    filled.look({"a.html": LEAK})
    lost = brief(sha256="3" * 64, verdict="unread", unread=[[code, "读不了", "a.html"]])
    (doubt,) = doubts.rows(filled.store, filled.look({"a.html": lost}), closed=True)
    assert (doubt.state, doubt.readable) == ("still", False)


def test_what_a_changed_rule_no_longer_says_is_not_called_rectified(filled: Filled) -> None:
    filled.look({"a.html": LEAK})
    batch = filled.look({"a.html": brief(sha256="1" * 64)})  # the same bytes
    assert states(filled, batch) == {}
    assert statistics.headline(filled.store, batch)["fixed"] == 0
    assert states(filled, filled.look({"a.html": LEAK})) == {"a.html": "still"}


def test_one_of_two_doubts_mended_leaves_the_other(filled: Filled) -> None:
    both = brief(("aa", "resident_id", "block"), ("bb", "health", "review"), sha256="1" * 64)
    filled.look({"a.html": both})
    batch = filled.look({"a.html": brief(("bb", "health", "review"), sha256="2" * 64)})
    assert {(d.type, d.state) for d in doubts.rows(filled.store, batch, closed=True)} == {
        ("resident_id", "fixed"),
        ("health", "still"),
    }


def test_the_trend_keeps_the_figures_of_each_look(filled: Filled) -> None:
    for said in (LEAK, LEAK, CLEAN):
        filled.look({"a.html": said})
    counts = [{name: n for name, n in found.items() if "." in name} for *_, found in statistics.trend(filled.store)]
    assert counts == [{"new.block": 1}, {"still.block": 1}, {"fixed.block": 1}]


@pytest.mark.parametrize(("verdict", "wrong"), [(ledger.LAWFUL, 0), (ledger.FALSE_ALARM, 1)])
@pytest.mark.parametrize("late", [False, True])
def test_a_baseline_gives_its_verdict_and_a_lawful_list_is_no_false_alarm(
    filled: Filled, tmp_path: Path, verdict: str, wrong: int, late: bool
) -> None:
    """Not once it has expired: then the doubt is open, and nobody decided about it."""
    (mark,) = (bytes.fromhex(row[0]) for row in LEAK["findings"])
    until = DAY - datetime.timedelta(1) if late else DAY
    decision = ledger.Decision(verdict, "依法可公开的名单", "王某", until)
    ledger.write(
        tmp_path / "b.json", [ledger.DocumentDecisions(None, findings={finding_id(KEY, mark, "a.html"): decision})]
    )
    settings = Settings(stage="published", names="off", baseline=(str(tmp_path / "b.json"),))
    batch = filled.look({"a.html": LEAK}, settings=settings)
    (doubt,) = doubts.rows(filled.store, batch, accepted=True)
    assert (doubt.verdict, doubt.reason) == (("", "") if late else (verdict, "依法可公开的名单"))
    assert len(list(doubts.rows(filled.store, batch))) == late
    ((_, _, ever, decided, false),) = statistics.rule_health(filled.store)
    assert (ever, decided, false) == ((1, 0, 0) if late else (1, 1, wrong))
