"""Scans all inputs of a command line, with progress on a terminal."""

from __future__ import annotations

import shutil
import signal
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import click

from prescan import report
from prescan.cli.inputs import STDIN, Input, expand
from prescan.report.columns import cell_len
from prescan.report.shown import printable, shown_name
from prescan.scanner import Scanner, default_jobs
from prescan.scanner.day import today

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from contextlib import AbstractContextManager

    from prescan.scanner.received import Received
    from prescan.types import ScanResult, Settings


@dataclass(frozen=True, slots=True)
class Scanned:
    """The result of an input and its source: a path, or the bytes of standard input."""

    source: str | bytes = field(repr=False)
    result: ScanResult


@contextmanager
def scanning(
    settings: Settings, paths: Sequence[str], root: str | None = None
) -> Iterator[tuple[Scanner, list[Scanned]]]:
    """Scan everything in `paths`; yield the scanner and the results in order. Raises what Scanner and `expand` raise.

    Names are relative to `root` if given. All inputs are scanned for the day on which the command began.
    """
    inputs = list(expand(paths, root))
    settings = replace(settings, today=today(settings))
    jobs = min(default_jobs(settings), len(inputs))
    with _interrupt_delayed():
        scanner = Scanner(settings, workers=jobs)
    with scanner:
        for warning in scanner.warnings:
            click.echo(f"提醒：{warning}", err=True)
        with _progress(len(inputs)) as advance:
            results = []
            with closing(_scanned(scanner, inputs, jobs, advance)) as scans:
                for item, scanned in zip(inputs, scans, strict=True):
                    advance(item.name)
                    results.append(scanned)
        yield scanner, results


@contextmanager
def _interrupt_delayed() -> Iterator[None]:
    """Delay an interrupt to the end of the block: raised within a destructor while loading, it would be lost."""
    waiting: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if waiting:
        raise KeyboardInterrupt


def _scanned(scanner: Scanner, inputs: Sequence[Input], jobs: int, advance: _Advance) -> Generator[Scanned]:
    # Read in this thread: an interrupt cannot end another thread that waits for standard input.
    stdin_bytes = sys.stdin.buffer.read() if any(item.path == STDIN for item in inputs) else b""
    with ThreadPoolExecutor(jobs) as pool:
        waiting = deque(pool.submit(_scan_one, scanner, item, stdin_bytes, advance) for item in inputs)
        try:
            while waiting:
                yield waiting[0].result()
                waiting.popleft()
        finally:  # after an interrupt or a bad rule, stop the scans that wait or run
            pool.shutdown(wait=False, cancel_futures=True)
            if waiting:
                scanner.stop()


def _scan_one(scanner: Scanner, item: Input, stdin_bytes: bytes, advance: _Advance) -> Scanned:
    if item.code:
        return Scanned(item.path, scanner.unreadable(item.name, item.code))

    def show(received: Received) -> None:
        if received.recognising:
            advance(item.name, "识别第 {}/{} 页".format(*received.recognising), 0)

    if item.path == STDIN:
        return Scanned(stdin_bytes, scanner.scan_bytes(stdin_bytes, name="标准输入", on_progress=show))
    return Scanned(item.path, scanner.scan_file(item.path, name=item.name, on_progress=show))


class _Advance(Protocol):
    """A callback that shows the progress."""

    def __call__(self, name: str, what: str = "", steps: int = 1) -> None:
        """Show what is being done with the file `name`; `steps` inputs are finished."""


def _progress(total: int) -> AbstractContextManager[_Advance]:
    """Return a context with a function to call after each input; it shows something only on a terminal."""
    if not sys.stderr.isatty():
        return nullcontext(lambda name, what="", steps=1: None)  # noqa: ARG005
    return _shown_progress(total)


@contextmanager
def _shown_progress(total: int) -> Iterator[_Advance]:
    """Yield a function that shows the number of finished inputs, in one line that is erased at the end."""
    done = 0

    def advance(name: str, what: str = "", steps: int = 1) -> None:
        nonlocal done
        done += steps
        room = max(10, shutil.get_terminal_size().columns - 1)
        description = " ".join(part for part in (shown_name(name, report.Options()), what) if part)
        line = f"扫描 {done}/{total} {printable(description)}"
        while cell_len(line) > room:
            line = line[:-1]
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    try:
        yield advance
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
