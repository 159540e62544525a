"""What only many documents show."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
from audits import DAY, brief

from prescan.audit import doubts, statistics
from prescan.audit.plan import Plan
from prescan.text import workdays
from prescan.types import Context, Settings

if TYPE_CHECKING:
    from audits import Filled


def mask(shape: str, number: str, name: str = "aa") -> list[Any]:
    """Return a masked number as a worker tells it: digits hashed by place."""
    digits = [
        f"{at:02}{digit}{name}00" if flag == "1" else ""
        for at, (flag, digit) in enumerate(zip(shape, number, strict=True))
    ]
    return [name * 16, "resident_id", shape, digits, shape.replace("1", "●").replace("0", "*")]


NUMBER = "110101190203140028"
HEAD = "111111" + "0" * 8 + "1111"
FRONT = "1" * 14 + "0000"


def beyond(filled: Filled, batch: int) -> list[tuple[str, str, str]]:
    return [
        (doubt.shown, doubt.rule, doubt.said)
        for doubt in doubts.rows(filled.store, batch, closed=False)
        if doubt.rule.startswith(("FLO-9", "PII-9"))
    ]


def test_masks_that_complete_each_other_are_told_at_both_places(filled: Filled) -> None:
    pages = {"a.html": brief(masks=[mask(HEAD, NUMBER)]), "b.html": brief(masks=[mask(FRONT, NUMBER)])}
    found = beyond(filled, filled.look(pages))
    assert [(place, rule) for place, rule, _ in found] == [("a.html", "PII-901"), ("b.html", "PII-901")]
    assert "《b.html》" in found[0][2]
    assert "只剩 0 位" in found[0][2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (mask(HEAD, NUMBER), mask(HEAD, NUMBER)),  # the same places: nothing gained
        (mask(HEAD, NUMBER), mask(FRONT, "110101190203140028"[:5] + "9" + NUMBER[6:])),  # another number
        (mask(HEAD, NUMBER), mask(FRONT, NUMBER, "bb")),  # another name
        (mask("111111" + "0" * 12, NUMBER), mask("0" * 14 + "1111", NUMBER)),  # eight places stay hidden
    ],
)
def test_masks_that_do_not_are_not_told(filled: Filled, one: list[Any], other: list[Any]) -> None:
    assert not beyond(filled, filled.look({"a.html": brief(masks=[one]), "b.html": brief(masks=[other])}))


def test_masks_set_right_are_rectified(filled: Filled) -> None:
    filled.look({"a.html": brief(masks=[mask(HEAD, NUMBER)]), "b.html": brief(masks=[mask(FRONT, NUMBER)])})
    same = {place: brief(masks=[mask(HEAD, NUMBER)], sha256="5" * 64) for place in ("a.html", "b.html")}
    batch = filled.look(same)
    assert not beyond(filled, batch)
    assert statistics.headline(filled.store, batch)["fixed"] == 2


def test_publicity_is_over_after_its_last_day(filled: Filled) -> None:
    ends = DAY - datetime.timedelta(days=1)
    pages = {
        "over.html": brief(dates={"publicity_end": ends.isoformat()}),
        "today.html": brief(dates={"publicity_end": DAY.isoformat()}),
        "counted.html": brief(dates={"publicity_days": 5, "publicity_working": True}, page={"published": "2026-09-28"}),
        "undated.html": brief(dates={"publicity_days": 5, "publicity_working": True}),
    }
    found = {place: said for place, _, said in beyond(filled, filled.look(pages))}
    assert set(found) == {"over.html", "counted.html"}
    assert "2026-10-10" in found["counted.html"]  # 1 to 7 October is a holiday, 10 October a working Saturday


def test_late_disclosure_counts_working_days_and_is_a_note(filled: Filled) -> None:
    def made(published: str) -> tuple[dict[str, Any], Context]:
        days = datetime.date(2026, 1, 5), datetime.date.fromisoformat(published)
        return brief(), Context(stage="published", produced_on=days[0], published_on=days[1])

    batch = filled.look({"in-time.html": made("2026-02-02"), "late.html": made("2026-02-09")})
    (doubt,) = doubts.rows(filled.store, batch)
    assert (doubt.shown, doubt.type, doubt.level) == ("late.html", "disclosure_overdue", "note")
    assert "25 个工作日" in doubt.said
    assert statistics.headline(filled.store, batch)["review"] == 0


def test_years_without_known_holidays_ask_for_a_check(filled: Filled) -> None:
    days = {"produced_on": datetime.date(2031, 1, 6), "published_on": datetime.date(2031, 3, 10)}
    ((_, _, said),) = beyond(filled, filled.look({"a.html": (brief(), Context(stage="published", **days))}))
    assert "请核对" in said


def test_retention_by_channel_and_penalties_by_their_title(filled: Filled) -> None:
    filled.plan = Plan(retention={"公示公告": 365})
    old = {"published_on": datetime.date(2025, 1, 6), "stage": "published"}
    pages = {
        "kept.html": (brief(), Context(channel="政策文件", **old)),
        "old.html": (brief(), Context(channel="公示公告", **old)),
        "penalty.html": (brief(), Context(title="行政处罚决定书公示", **old)),
        "rules.html": (brief(), Context(title="行政处罚裁量权基准", **old)),
    }
    found = {(place, rule): said for place, rule, said in beyond(filled, filled.look(pages))}
    assert set(found) == {("old.html", "FLO-903"), ("penalty.html", "FLO-904")}
    assert "请核对现行期限" in found["penalty.html", "FLO-904"]


def test_a_star_is_every_other_channel_and_nought_is_for_ever(filled: Filled) -> None:
    filled.plan = Plan(retention={"*": 365, "政策文件": 0, "通知公告": 3_000})
    old = {"published_on": datetime.date(2025, 1, 6), "stage": "published"}
    channels = {"a.html": "政策文件", "b.html": "通知公告", "c.html": "工作动态"}
    pages = {place: (brief(), Context(channel=channel, **old)) for place, channel in channels.items()}
    pages["d.html"] = (brief(), Context(channel="工作动态", **{**old, "published_on": DAY}))
    assert {(place, rule) for place, rule, _ in beyond(filled, filled.look(pages))} == {("c.html", "FLO-903")}


def test_annexes_take_channel_and_unit_of_their_page(filled: Filled) -> None:
    page = Context(stage="published", channel="公示公告", unit="县民政局", title="名单公示")
    leak = brief(("aa", "resident_id", "block"), media_type="application/pdf")
    pages = {"a.html": (brief(), page), "b.html": (brief(), page), "x.pdf": (leak, None, "a.html")}
    batch = filled.look(pages)
    (doubt,) = doubts.rows(filled.store, batch)
    assert (doubt.channel, doubt.unit, doubt.listed_on) == ("公示公告", "县民政局", ("a.html",))


def test_a_page_without_a_channel_takes_the_one_its_folder_has(filled: Filled) -> None:
    said = Context(stage="published", channel="工作动态"), Context(stage="published", channel="图片新闻")
    page = brief()
    places = {"gzdt/1.html": (page, said[0]), "gzdt/2.html": page, "mix/1.html": (page, said[0])}
    filled.look({**places, "mix/2.html": (page, said[1]), "mix/3.html": page, "top.html": page})
    held = dict(filled.store.db.execute("SELECT shown, channel FROM items").fetchall())
    assert (held["gzdt/2.html"], held["mix/3.html"], held["top.html"]) == ("工作动态", None, None)


def test_people_are_counted_once_wherever_they_stand(filled: Filled) -> None:
    def page(*people: str) -> dict[str, Any]:
        rows = [(f"{person}{n}", "resident_id", "block") for n, person in enumerate(people)]
        keys = {f"{person}{n}": person * 16 for n, person in enumerate(people)}
        return brief(*rows, values=keys, people=keys)

    filled.look({"a.html": page("aa", "bb"), "b.html": page("bb", "cc")})
    people, kinds = statistics.exposed(filled.store)
    assert people == 3
    assert kinds == [("resident_id", 3, 2)]


def test_a_value_of_several_units_is_told_with_its_units(filled: Filled) -> None:
    def page(unit: str) -> tuple[dict[str, Any], Context]:
        return brief(("aa", "mobile_phone", "review"), values={"aa": "ab" * 16}), Context(stage="published", unit=unit)

    filled.look({"a.html": page("县民政局"), "b.html": page("县教育局"), "c.html": page("县教育局")})
    ((type_, masked, units, items, names),) = statistics.shared_values(filled.store, 10)
    assert (type_, masked, units, items) == ("mobile_phone", "1***1", 2, 3)
    assert set(names.split(",")) == {"县民政局", "县教育局"}


def test_the_calendar_knows_moved_working_days() -> None:
    assert workdays.is_workday(datetime.date(2025, 1, 26))  # a Sunday made up for
    assert not workdays.is_workday(datetime.date(2025, 10, 8))
    assert workdays.working_days(datetime.date(2025, 9, 30), datetime.date(2025, 10, 9)).days == 1
    assert not workdays.are_holidays_known(datetime.date(2031, 1, 6))


def test_a_rule_that_is_switched_off_says_nothing(filled: Filled) -> None:
    pages = {"penalty.html": (brief(), Context(title="行政处罚决定书公示", published_on=DAY.replace(year=2025)))}
    settings = Settings(stage="published", names="off", disabled={"FLO-904": "按行业规定另行清理"})
    assert beyond(filled, filled.look(pages, settings=settings)) == []
    assert [rule for _, rule, _ in beyond(filled, filled.look(pages))] == ["FLO-904"]
