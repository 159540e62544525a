"""Every hostile input ends within its limits, says what was not read, and leaves the scanner able to go on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import hostile_archives
import hostile_office
import hostile_pages
import hostile_texts
import pytest
from invented import RESIDENT_ID

import prescan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hostile_case import Case

ALL = [*hostile_archives.CASES, *hostile_office.CASES, *hostile_pages.CASES, *hostile_texts.CASES]
SECONDS = 10
#: The first look, half as long for what it had read, and starting a worker for each.
AT_MOST = 1.5 * SECONDS + 10


@pytest.fixture(scope="module")
def guarded() -> Iterator[prescan.Scanner]:
    """Return a scanner with ten seconds a file and room for 2,000 findings; all cases share it."""
    with prescan.Scanner(prescan.Settings(limits=prescan.Limits(seconds=SECONDS, findings=2000))) as scanner:
        yield scanner


def healthy(scanner: prescan.Scanner) -> None:
    """Check that the scanner still finds what is in a harmless file."""
    result = scanner.scan_bytes(f"身份证号：{RESIDENT_ID}".encode(), name="好.txt")
    assert ([finding.type for finding in result.findings], result.unread) == (["resident_id"], ())


def check_codes(case: Case, result: prescan.ScanResult) -> None:
    """Compare the codes with those expected: "?" is whatever they are, "*" is at least one."""
    codes = {item.code for item in result.unread}
    if case.codes in {("?",), ("*",)}:
        assert "crashed" not in codes
        assert codes or case.codes == ("?",)
    else:
        assert len(codes) == len(case.codes), codes
        assert all(any(code in codes for code in either.split("|")) for either in case.codes), codes


@pytest.mark.parametrize("case", ALL, ids=[case.id for case in ALL])
def test_hostile_input(case: Case, guarded: prescan.Scanner, tmp_path: Path) -> None:
    """It ends, nothing is passed over in silence, and the next file is scanned as if nothing had been."""
    path = tmp_path / case.name
    path.write_bytes(case.make())
    started = time.monotonic()
    result = guarded.scan_file(path)
    assert time.monotonic() - started < AT_MOST
    check_codes(case, result)
    assert not result.unread or result.verdict in {"unread", "blocked"}
    assert case.canary in result.document.text
    assert "root:" not in result.document.text
    if case.finding:
        assert case.finding in {finding.type for finding in result.findings}
    healthy(guarded)


def test_there_are_enough() -> None:
    """There are more than sixty; each has a name of its own."""
    assert len({case.id for case in ALL}) == len(ALL) >= 60
