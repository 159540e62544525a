"""The queue of files to scan: bounded, a thread for each worker of the scanner."""

from __future__ import annotations

import logging
import queue
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, TypedDict

from prescan.web.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.scanner.received import Received

_LOG = logging.getLogger("prescan.web")
#: Seconds a file takes on average until the first has been measured; only for Retry-After.
_GUESS: Final = 1.0


class Step(TypedDict):
    """What is being done with a file, and how much of it was read."""

    step: str
    """waiting, reading, recognising, scanning, filing."""
    pages: int
    chars: int
    files: int
    """In a container, which of its files is being read."""


_WAITING: Final[Step] = {"step": "waiting", "pages": 0, "chars": 0, "files": 0}


class Progress(Step):
    """How far one file is."""

    ahead: int
    seconds: int


class Jobs:
    """Scans what is submitted, in order. What was not begun when the server ends is begun when it starts again."""

    def __init__(self, scan: Callable[[str], None], workers: int, size: int) -> None:
        """Start `workers` threads that call `scan` with the id of each scan submitted; `size` may wait."""
        self._scan = scan
        self._size = size
        self._workers = workers
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._waiting: dict[str, tuple[Future[None], float]] = {}
        self._running: dict[str, float] = {}
        self._steps: dict[str, Step] = {}
        self._lock = threading.Lock()
        self._average = _GUESS
        self.closed = False
        for number in range(workers):
            threading.Thread(target=self._work, daemon=True, name=f"scan-{number}").start()

    def check(self) -> None:
        """Raise Problem if nothing more can be taken."""
        if self.closed:
            raise Problem("shutting_down", retry_after=10)
        if len(self._waiting) >= self._size + self._workers:
            raise Problem("busy", retry_after=self.seconds_left())

    def submit(self, scan_id: str, *, checked: bool = True) -> Future[None]:
        """Queue a scan; one that is queued already is not queued twice. Raises Problem if the queue is full."""
        with self._lock:
            if scan_id in self._waiting:
                return self._waiting[scan_id][0]
            if checked:
                self.check()
            done: Future[None] = Future()
            self._waiting[scan_id] = (done, time.monotonic())
        self._queue.put(scan_id)
        return done

    def progress(self, scan_id: str) -> Progress:
        """Return how many files are ahead of one, or what is being done with it and for how many seconds."""
        with self._lock:
            if scan_id in self._running:
                seconds = int(time.monotonic() - self._running[scan_id])
                return {"ahead": 0, "seconds": seconds, **self._steps.get(scan_id, _WAITING)}
            waiting = [known for known in self._waiting if known not in self._running]
        return {"ahead": waiting.index(scan_id) if scan_id in waiting else 0, "seconds": 0, **_WAITING}

    def note(self, scan_id: str, step: str, received: Received | None = None) -> None:
        """Note what is being done with a file, and how much of it there is so far."""
        blocks = received.blocks if received else []
        recognising = received.recognising[0] if received and received.recognising else 0
        told: Step = {
            "step": step,
            "pages": recognising or max((block.location.page or 0 for block in blocks[-1:]), default=0),
            "chars": sum(len(block.text) for block in blocks),
            "files": received.member[0] + 1 if received and received.member else 0,
        }
        with self._lock:
            if scan_id in self._running:
                self._steps[scan_id] = told

    def depth(self) -> int:
        """Return how many files wait or are being read."""
        return len(self._waiting)

    def seconds_left(self) -> int:
        """Return about how long the queue takes, for Retry-After."""
        return max(1, min(600, int(len(self._waiting) * self._average / self._workers)))

    def close(self) -> None:
        """Take nothing more; what runs is left to end by itself."""
        self.closed = True
        for _ in range(self._workers):
            self._queue.put(None)

    def _work(self) -> None:
        while (scan_id := self._queue.get()) is not None and not self.closed:
            begun = time.monotonic()
            with self._lock:
                self._running[scan_id] = begun
                self._steps[scan_id] = {**_WAITING, "step": "reading"}
            try:
                self._scan(scan_id)
            except Exception as error:  # noqa: BLE001  one bad file must not end the thread; the scan says it failed
                _LOG.error("scan %s: %s", scan_id, type(error).__name__)
            with self._lock:
                self._average = 0.8 * self._average + 0.2 * (time.monotonic() - begun)
                self._running.pop(scan_id, None)
                self._steps.pop(scan_id, None)
                done, _ = self._waiting.pop(scan_id)
            done.set_result(None)
