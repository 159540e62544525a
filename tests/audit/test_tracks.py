"""新增, 仍在, 已整改, 复现: a doubt is closed only by a look that could have seen it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from audits import DAY, KEY, brief, order, run

from prescan.audit import doubts, statistics, tracks
from prescan.audit.store import Store
from prescan.decisions import finding_id, ledger
from prescan.types import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from audits import Filled

PEOPLE = (("赵一一", "110101199001010031"), ("钱二二", "11010119900101004X"), ("孙三三", "110101199001010058"))
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


def with_values(marks: str, values: str, people: str, sha256: str) -> dict[str, Any]:
    """Return a page with a doubt for each letter of `marks`, with the value and person of the same letter."""
    return brief(
        *((mark, "resident_id", "block") for mark in marks),
        values={mark: value * 32 for mark, value in zip(marks, values, strict=True)},
        people={mark: person * 32 for mark, person in zip(marks, people, strict=True)},
        sha256=sha256 * 64,
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (("abc", "123", "123"), ("xy", "12", "12"), {"still": 2, "fixed": 1}),
        (("ab", "11", "11"), ("xy", "11", "11"), {"still": 2}),
        (("a", "1", "1"), ("x", "1", "2"), {"new": 1, "fixed": 1}),
        (("a", "1", "1"), ("x", "2", "2"), {"new": 1, "fixed": 1}),
        (("a", "1", "1"), ("ax", "11", "11"), {"still": 1, "new": 1}),
    ],
    ids=["a row deleted", "the same value twice", "another person", "another value", "once more"],
)
def test_a_doubt_whose_surroundings_changed_is_the_same_doubt(
    filled: Filled, before: tuple[str, str, str], after: tuple[str, str, str], told: dict[str, int]
) -> None:
    filled.look({"a.html": with_values(*before, "1")})
    batch = filled.look({"a.html": with_values(*after, "2")})
    numbers = {doubt.state: doubt.number for doubt in doubts.rows(filled.store, batch, closed=True)}
    assert numbers == told


@pytest.mark.parametrize(("left", "kept"), [("xy", ["误报", "误报"]), ("x", [""])])
def test_a_decision_follows_its_doubt_but_never_falls_to_another(filled: Filled, left: str, kept: list[str]) -> None:
    filled.look({"a.html": with_values("ab", "11", "11", "1")})
    filled.store.db.execute("UPDATE tracks SET verdict = '误报', reason = '编号'")
    batch = filled.look({"a.html": with_values(left, "11"[: len(left)], "11"[: len(left)], "2")})
    open_ = doubts.rows(filled.store, batch, accepted=True)
    assert [doubt.verdict for doubt in open_ for _ in doubt.fingerprints] == kept


def test_the_neighbours_of_a_deleted_row_are_still_there(tmp_path: Path) -> None:
    page, store = tmp_path / "site" / "名单.csv", tmp_path / "audit.sqlite"
    page.parent.mkdir()
    rows = [f"{n},{name},{number}" for n, (name, number) in enumerate(PEOPLE, 1)]
    for listed in (rows, [*rows[:1], *rows[2:]]):
        page.write_text("\n".join(["序号,姓名,身份证号", *listed]), encoding="utf-8")
        batch = run(store, order(page.parent)).batch
    with Store(store, KEY) as held:
        figures = statistics.headline(held, batch)
    assert (figures["new"], figures["fixed"], figures["still"]) == (0, 1, 2)


def test_a_row_names_the_places_of_its_own_doubts(filled: Filled) -> None:
    def page(marks: str) -> dict[str, Any]:
        made = brief(*((mark, "resident_id", "block") for mark in marks), sha256=marks.ljust(64, "0"))
        for row, mark in zip(made["findings"], marks, strict=True):
            row[8] = f"第{mark}段"
        return made

    filled.look({"a.html": page("ab")})
    (decided,) = (bytes.fromhex(row[0]) for row in page("b")["findings"])
    filled.store.db.execute("UPDATE tracks SET verdict = '误报' WHERE mark = ?", (decided,))
    batch = filled.look({"a.html": page("abc")})
    told = {
        (doubt.state, doubt.verdict): (doubt.places, doubt.said)
        for doubt in doubts.rows(filled.store, batch, accepted=True)
    }
    assert told == {
        ("still", ""): (("第a段",), "某处 a"),
        ("still", "误报"): (("第b段",), "某处 b"),
        ("new", ""): (("第c段",), "某处 c"),
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
