"""A birth date is a date tied to a person; any other date is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from prescan import Scanner

WRITTEN = [
    "1902年3月14日", "1902年 3月 14日", "１９０２年３月１４日", "1902年3月", "1902-03-14", "1902/3/14", "1902.03.14",
    "19020314", "一九〇二年三月十四日", "一九〇二年腊月廿八日", "1902年元月5日",
]  # fmt: skip


def dates(scanner: Scanner, text: str) -> list[str]:
    """Return the birth dates found in a text."""
    return [text[f.start : f.end] for f in scanner.scan_text(text).findings if f.type == "birth_date"]


@pytest.mark.parametrize("date", WRITTEN)
@pytest.mark.parametrize(
    "frame",
    [
        "出生日期：{}",
        "何某，男，{}出生，汉族。",
        "何某（{}生）",
        "生于{}。",
        "生日{}，",
        "姓名\t出生年月\n何某\t{}\n",
        "姓名\t何某\t出生\t{}\n",
    ],
)
def test_however_it_is_written(scanner: Scanner, date: str, frame: str) -> None:
    """Behind its cue, in front of it, below its header, beside its label."""
    assert dates(scanner, frame.format(date)) == [date]


@pytest.mark.parametrize(
    "text",
    [
        "2025年3月1日起施行",
        "2025年3月1日生效",
        "2018年9月1日至2019年8月31日出生的适龄儿童",
        "2025年1月1日以后出生的婴儿",
        "2025年3月1日生产的批次",
        "全县2024年出生1234人",
        "公示时间\t2025年3月1日\n",
        "出生日期：1902年**月**日",
        "出生医学证明自2025年3月1日启用新版",
    ],
)
def test_other_dates(scanner: Scanner, text: str) -> None:
    """Terms, batches, cohorts, masked dates."""
    assert dates(scanner, text) == []


def test_birth_dates_in_rosters_block(scanner: Scanner) -> None:
    """Level block in lists of people, review elsewhere; the mask keeps the year."""
    text = "姓名\t出生日期\n何某\t1902-03-14\n周某\t1903-04-15\n"
    found = [f for f in scanner.scan_text(text).findings if f.type == "birth_date"]
    assert [(f.level, f.masked) for f in found] == [("block", "1902-**-**"), ("block", "1903-**-**")]


@pytest.mark.parametrize(
    "line",
    [
        "母何某，{}，患病多年。",
        "何某，{}，身份证号110101190203140028。",
        "何某，{}，女，务农。",
        "何某/女/{}/壮族",
        "女儿何某（{}）读六年级。",
    ],
)
def test_a_day_behind_a_name_is_a_birth_date(scanner: Scanner, line: str) -> None:
    """Of a relative, before papers, among particulars."""
    assert dates(scanner, line.format("1902年3月14日")) == ["1902年3月14日"]


def test_a_column_of_months_in_a_roster_has_birth_dates(scanner: Scanner) -> None:
    rows = (
        "户主　　年月　　　住处　　　　　　　电话\n"
        "何某　　1902.03　　柳树村3组17号　　0999-8812345\n"
        "丁某　　1903.04　　柳树村5组2号\n"
    )
    assert dates(scanner, rows) == ["1902.03", "1903.04"]


def test_dates_of_events_are_not_birth_dates(scanner: Scanner) -> None:
    assert dates(scanner, "何某，1992年3月入党，1995年7月参加工作。丁某（2023年5月）领取补助。") == []
