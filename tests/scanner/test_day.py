"""The day of a scan is the day on which it begins, for all that is said of one document."""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING

import pytest
from invented import RESIDENT_ID

import prescan
from prescan import scanner as scanners
from prescan.decisions import ledger
from prescan.numbers.checks import mod_11_2

if TYPE_CHECKING:
    from pathlib import Path

_FIRST = datetime.date(2026, 3, 1)
_TEXT = f"申请人身份证号：{RESIDENT_ID}。\n"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime.date]:
    """Return a list whose last item is the day it is."""
    days = [_FIRST]
    monkeypatch.setattr(scanners, "today", lambda settings: settings.today or days[-1])
    return days


def _scans(held: prescan.Scanner, path: Path) -> list[prescan.ScanResult]:
    return [
        held.scan_text(_TEXT),
        held.scan_text(_TEXT, in_worker=True),
        held.scan_bytes(_TEXT.encode(), name=path.name),
        *held.pipe([path]),
        held.scan_text(""),
        held.scan_file(path.with_name("没有.txt")),
        held.unreadable("坏.txt", "unreadable"),
    ]


def test_a_scanner_that_runs_over_midnight_goes_by_the_new_day(clock: list[datetime.date], tmp_path: Path) -> None:
    path = tmp_path / "申请.txt"
    path.write_text(_TEXT, encoding="utf-8")
    with prescan.Scanner(prescan.Settings(ocr="off")) as held:
        assert {one.today for one in _scans(held, path)} == {_FIRST}
        clock.append(_FIRST + datetime.timedelta(1))
        assert {one.today for one in _scans(held, path)} == {clock[-1]} == {held.today}


def test_a_day_that_is_set_stays(clock: list[datetime.date], tmp_path: Path) -> None:
    path = tmp_path / "申请.txt"
    path.write_text(_TEXT, encoding="utf-8")
    with prescan.Scanner(prescan.Settings(today=_FIRST, ocr="off")) as held:
        clock.append(_FIRST + datetime.timedelta(1))
        assert {one.today for one in _scans(held, path)} == {_FIRST}


@pytest.mark.parametrize("apart", [False, True])
def test_what_was_accepted_until_a_day_counts_again_on_the_next(
    clock: list[datetime.date], tmp_path: Path, apart: bool
) -> None:
    """Of two decisions about one finding the longer one holds, whichever was written first."""
    with prescan.Scanner(prescan.Settings(ocr="off")) as plain:
        (found,) = (one for one in plain.scan_text(_TEXT).findings if one.type == "resident_id")
    until = [ledger.Decision(ledger.LAWFUL, "公示期内", until=_FIRST + datetime.timedelta(days)) for days in (0, 1)]
    for number, decisions in enumerate(itertools.permutations(until)):
        clock.append(_FIRST)
        path = tmp_path / f"{number}.json"
        ledger.write(path, [ledger.DocumentDecisions(None, findings={found.id: one}) for one in decisions])
        with prescan.Scanner(prescan.Settings(baseline=(str(path),), ocr="off")) as held:
            said = []
            for days in range(3):
                clock.append(_FIRST + datetime.timedelta(days))
                said.append(held.scan_text(_TEXT, in_worker=apart).verdict == "blocked")
        assert said == [False, False, True]


@pytest.mark.parametrize(
    ("days", "confidences"), [(0, ["certain", "likely"]), (1, ["certain", "likely"]), (-1, ["check"])]
)
def test_nobody_is_born_after_the_day_of_the_scan(days: int, confidences: list[str]) -> None:
    """Beside its label such a number is mistyped, elsewhere it is none; the clock of the machine is not asked."""
    born = datetime.date(2031, 5, 2)
    body = f"110101{born:%Y%m%d}002"
    number = body + mod_11_2(body)
    with prescan.Scanner(prescan.Settings(today=born + datetime.timedelta(days), ocr="off")) as held:
        result = held.scan_text(f"新生儿身份证号：{number}。\n\n{number}\n")
    assert [one.confidence for one in result.findings if one.type == "resident_id"] == confidences


@pytest.mark.parametrize("period", ["7天", "7个工作日"])
def test_the_last_day_of_all_is_no_day(scanner: prescan.Scanner, period: str) -> None:
    """Databases write it where there is none; nothing is counted from it."""
    text = f"关于拟录用人员的公示\n\n现予公示，公示期{period}。\n\n青禾县人民政府\n"
    never = datetime.date.max
    context = prescan.Context(stage="published", produced_on=never, published_on=never)
    assert (
        scanner.scan_text(text, context=context).findings
        == scanner.scan_text(text, context=prescan.Context(stage="published")).findings
    )
