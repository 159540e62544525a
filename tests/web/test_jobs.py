"""How far a scan is: what waits, what is read, what is looked for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from invented import docx

from prescan import Scanner
from prescan.scanner.received import Received
from prescan.types import Block, Location, Settings
from prescan.web.jobs import Jobs
from prescan.web.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path


def test_progress_names_the_step_and_how_much_was_read() -> None:
    begun, go = threading.Event(), threading.Event()

    def scan(scan_id: str) -> None:
        if scan_id == "a":
            jobs.note(
                scan_id, "reading", Received(blocks=[Block("四个字的", Location("body", page=7))], member=(1, "x"))
            )
            begun.set()
            go.wait(10)

    jobs = Jobs(scan, 1, 10)
    first = jobs.submit("a")
    others = [jobs.submit(name) for name in "bc"]
    assert begun.wait(10)
    told = jobs.progress("a")
    assert (told["step"], told["pages"], told["chars"], told["files"], told["ahead"]) == ("reading", 7, 4, 2, 0)
    jobs.note("a", "recognising", Received(recognising=(3, 9)))
    assert (jobs.progress("a")["step"], jobs.progress("a")["pages"]) == ("recognising", 3)
    waiting = [jobs.progress(name) for name in "bc"]
    assert [(one["step"], one["ahead"]) for one in waiting] == [("waiting", 0), ("waiting", 1)]
    go.set()
    for one in (first, *others):
        one.result(10)
    assert jobs.progress("a")["step"] == "waiting"
    jobs.close()


def test_no_more_is_taken_than_may_wait_and_be_read() -> None:
    go = threading.Event()
    jobs = Jobs(lambda _: go.wait(10) and None, 1, 1)
    held = [jobs.submit(name) for name in "ab"]
    with pytest.raises(Problem) as refused:
        jobs.submit("c")
    assert refused.value.code == "busy"
    assert jobs.submit("a") is held[0]
    go.set()
    for one in held:
        one.result(10)
    jobs.close()


def test_a_worker_says_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "稿.docx"
    path.write_bytes(docx("第一段", "第二段"))
    heard: list[tuple[int, bool]] = []
    with Scanner(Settings(jobs=1)) as scanner:
        scanner.scan_file(path, on_progress=lambda received: heard.append((len(received.blocks), received.fully_read)))
    assert heard[0] == (0, False)
    assert (2, True) in heard
