"""The bounded queue of files to scan, with a thread for each worker of the scanner."""

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
#: Assumed seconds per file until the first was measured; used for Retry-After only.
_GUESS: Final = 1.0


class Step(TypedDict):
    """The current step of a file, and how much of it was read."""

    step: str
    """waiting, reading, recognising, scanning, filing."""
    pages: int
    chars: int
    files: int
    """The number of the file being read in a container; 0 otherwise."""


_WAITING: Final[Step] = {"step": "waiting", "pages": 0, "chars": 0, "files": 0}


class Progress(Step):
    """The progress of a file."""

    ahead: int
    seconds: int


class Jobs:
    """Scans submitted files in order. Files not finished when the server ends are submitted again at its next start."""

    def __init__(self, scan: Callable[[str], None], workers: int, size: int) -> None:
        """Start `workers` threads that call `scan` with each submitted id; at most `size` may wait."""
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
        """Raise Problem if the queue is full or closed."""
        if self.closed:
            raise Problem("shutting_down", retry_after=10)
        if len(self._waiting) >= self._size + self._workers:
            raise Problem("busy", retry_after=self.seconds_left())

    def submit(self, scan_id: str, *, checked: bool = True) -> Future[None]:
        """Queue a scan, unless it is queued already. Raises Problem if the queue is full (only if `checked`)."""
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
        """Return the progress of a file: how many are ahead of it, or its step and seconds so far."""
        with self._lock:
            if scan_id in self._running:
                seconds = int(time.monotonic() - self._running[scan_id])
                return {"ahead": 0, "seconds": seconds, **self._steps.get(scan_id, _WAITING)}
            waiting = [queued for queued in self._waiting if queued not in self._running]
        return {"ahead": waiting.index(scan_id) if scan_id in waiting else 0, "seconds": 0, **_WAITING}

    def note(self, scan_id: str, step: str, received: Received | None = None) -> None:
        """Record the current step of a file, and how much of it was read."""
        blocks = received.blocks if received else []
        recognising = received.recognising[0] if received and received.recognising else 0
        state: Step = {
            "step": step,
            "pages": recognising or max((block.location.page or 0 for block in blocks[-1:]), default=0),
            "chars": sum(len(block.text) for block in blocks),
            "files": received.member[0] + 1 if received and received.member else 0,
        }
        with self._lock:
            if scan_id in self._running:
                self._steps[scan_id] = state

    def depth(self) -> int:
        """Return the number of files that wait or are being scanned."""
        return len(self._waiting)

    def seconds_left(self) -> int:
        """Return the estimated seconds until the queue is empty, for Retry-After."""
        return max(1, min(600, int(len(self._waiting) * self._average / self._workers)))

    def close(self) -> None:
        """Accept nothing more; running scans end by themselves."""
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
            except Exception as error:  # noqa: BLE001  one bad file must not end the thread; its scan is marked as failed
                _LOG.error("scan %s: %s", scan_id, type(error).__name__)
            with self._lock:
                self._average = 0.8 * self._average + 0.2 * (time.monotonic() - begun)
                self._running.pop(scan_id, None)
                self._steps.pop(scan_id, None)
                done, _ = self._waiting.pop(scan_id)
            done.set_result(None)
