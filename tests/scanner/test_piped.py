"""Many files side by side: whoever leaves the results early waits for nobody, and other callers notice nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from breaking import SOURCE, alive
from invented import RESIDENT_ID

import prescan
from prescan.scanner.piped import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prescan.scanner.child import Worker

TEXT = f"身份证号：{RESIDENT_ID}".encode()
SLOW = b"1234567890 " * 4_000_000
_PROMPTLY = 20


def test_results_come_in_order_and_few_are_taken_ahead():
    taken = []

    def given() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = in_order(lambda number: number * number, given(), 3, lambda: None)
    assert next(results) == 0
    assert len(taken) < 10
    assert list(results) == [number * number for number in range(1, 100)]


def test_what_was_not_begun_is_dropped_and_what_was_is_stopped():
    going, begun, stopped = threading.Event(), [], []

    def do(number: int) -> int:
        begun.append(number)
        if number:
            going.wait()
        return number

    results = in_order(do, range(20), 2, lambda: (stopped.append(True), going.set()))
    assert next(results) == 0
    results.close()
    assert stopped == [True]
    assert len(begun) < 5


def test_an_error_is_raised_where_its_result_would_come():
    stopped: list[bool] = []
    results = in_order(lambda number: 1 // number, [1, 0, 1], 1, lambda: stopped.append(True))
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert stopped


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Return a file that is read at once and two that take a minute each."""
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "b.txt").write_bytes(SLOW)
    os.link(tmp_path / "b.txt", tmp_path / "c.txt")
    return [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]


def working(scanner: prescan.Scanner) -> list[Worker]:
    """Return the workers of a scanner that live and are not idle."""
    return [
        worker
        for worker in scanner._workers._started._all
        if worker not in scanner._workers.idle and alive(worker.process_id)
    ]


def test_leaving_early_ends_the_workers_of_this_call_only(files):
    with prescan.Scanner(prescan.Settings(limits=prescan.Limits(seconds=300))) as scanner:
        others = scanner._workers.lend()  # somebody else's
        results = scanner.pipe(files, jobs=2)
        assert next(results).verdict == "blocked"
        mine = [worker for worker in scanner._workers._started._all if worker is not others]
        begun = time.monotonic()
        results.close()
        assert time.monotonic() - begun < _PROMPTLY
        assert mine
        while working(scanner) != [others] and time.monotonic() - begun < _PROMPTLY:
            time.sleep(0.05)
        assert working(scanner) == [others]
        assert alive(others.process_id)
        scanner._workers.give_back(others)
        assert scanner.scan_file(files[0]).verdict == "blocked"


@pytest.mark.parametrize("then", ["", "time.sleep(300)"], ids=["while it waits for a result", "in the caller's loop"])
def test_an_interrupt_ends_a_script_at_once_and_leaves_nothing_behind(files, then):
    script = f"""
import signal, sys, time, prescan
signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts the tests in the background ignores it
scanner = prescan.Scanner(prescan.Settings(limits=prescan.Limits(seconds=300)))
for result in scanner.pipe(sys.argv[1:], jobs=2):
    print(*[worker.process_id for worker in scanner._workers._started._all], flush=True)
    {then}
"""
    with subprocess.Popen(
        [sys.executable, "-c", script, *files],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    ) as running:
        workers = [int(pid) for pid in running.stdout.readline().split()]
        running.send_signal(signal.SIGINT)
        try:
            _, err = running.communicate(timeout=_PROMPTLY)
        finally:
            running.kill()
    assert err.decode().splitlines()[-1] == "KeyboardInterrupt"
    assert workers
    assert not [pid for pid in workers if alive(pid)]
