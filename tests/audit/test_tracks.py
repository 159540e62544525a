"""新增, 仍在, 已整改, 复现: a doubt is closed only by a look that could have seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from audits import brief

from prescan.audit import doubts, statistics, tracks

if TYPE_CHECKING:
    from audits import Filled

LEAK = brief(("aa", "resident_id", "block"), sha256="1" * 64)
CLEAN = brief(sha256="2" * 64)


def states(filled: Filled, batch: int) -> dict[str, str]:
    return {doubt.shown: doubt.state for doubt in doubts.listed(filled.store, batch, closed=True)}


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
    (doubt,) = doubts.listed(filled.store, batch, closed=True)
    assert (doubt.state, doubt.why) == ("fixed", tracks.TAKEN_DOWN)
    assert statistics.headline(filled.store, batch)["items"] == 1
    assert states(filled, filled.look({"a.html": LEAK, "b.html": CLEAN})) == {"a.html": "back"}


@pytest.mark.parametrize("code", ["corrupted", "timeout", "encrypted"])
def test_a_page_that_could_not_be_read_closes_nothing(filled: Filled, code: str) -> None:
    filled.look({"a.html": LEAK})
    lost = brief(sha256="3" * 64, verdict="unread", unread=[[code, "读不了", "a.html"]])
    (doubt,) = doubts.listed(filled.store, filled.look({"a.html": lost}), closed=True)
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
    assert {(d.type, d.state) for d in doubts.listed(filled.store, batch, closed=True)} == {
        ("resident_id", "fixed"),
        ("health", "still"),
    }


def test_the_trend_keeps_the_figures_of_each_look(filled: Filled) -> None:
    for said in (LEAK, LEAK, CLEAN):
        filled.look({"a.html": said})
    counts = [{name: n for name, n in found.items() if "." in name} for *_, found in statistics.trend(filled.store)]
    assert counts == [{"new.block": 1}, {"still.block": 1}, {"fixed.block": 1}]
