"""Scans many files with several workers. The next files are already in a worker's pipe, so that it never waits.

If a worker ends at a file, the file is read once more by itself, with its blocks kept, and the files posted after it go
to a fresh worker. Every task comes back exactly once.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from prescan.errors import PrescanError, ReadError
from prescan.scanner import rest
from prescan.scanner.child import SPENT, Worker
from prescan.scanner.one_file import read_and_scan
from prescan.scanner.received import Received, Request
from prescan.scanner.recognition import Readers, is_available
from prescan.scanner.workers import WorkerSet

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from prescan.types import Context, Settings

#: Files posted to a worker, including the one it is scanning.
_AHEAD: Final = 4
#: At most this many files wait for each lane, fewer if they have this many bytes.
_WAITING: Final = 20
_WAITING_BYTES: Final = 16 << 20
#: The caller is woken for this many finished tasks of each lane, or after this many seconds.
_WAKE_FOR: Final = 8
_WAKE_SECONDS: Final = 0.1
#: About how much of the pipe a posted file takes besides its bytes.
_MESSAGE_BYTES: Final = 2_048


@dataclass(frozen=True, slots=True)
class Task:
    """A file to scan; `number` identifies it for its owner."""

    number: int
    path: str | None
    data: bytes | None = field(repr=False)
    name: str = field(repr=False)
    context: Context

    def request(self, day: datetime.date, pictures: int) -> Request:
        """Return the request to a worker."""
        return Request(self.name, self.context, day, self.path, self.data, pictures, brief=True)

    @property
    def size(self) -> int:
        """How many bytes of a pipe it takes."""
        return len(self.data or b"") + _MESSAGE_BYTES


class Lanes:
    """`jobs` workers, each with a thread that posts tasks to it. Use as a context manager."""

    def __init__(self, settings: Settings, key: bytes, day: datetime.date, jobs: int) -> None:
        """Start no worker yet: the first starts with `start`, the others with their first task."""
        self.jobs = jobs
        self._key, self._day = key, day
        self._settings = settings
        self._readers = Readers(settings.limits)
        self._pictures = settings.limits.ocr_pages if is_available(settings) else 0
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._done: deque[tuple[Task, Received] | BaseException] = deque()
        self._wakeup = threading.Event()
        self._stopped = False
        self.busy = 0
        self._size = 0
        self._started = WorkerSet()
        self._workers: list[Worker | None] = [None] * jobs
        self._expected: dict[str, str] | None = None
        self._threads = [threading.Thread(target=self._run_lane, args=(number,), daemon=True) for number in range(jobs)]

    def _make(self, settings: Settings | None = None) -> Worker:
        worker = Worker(settings or self._settings, self._key)
        return self._started.add(worker)

    def start(self) -> dict[str, str]:
        """Wait for the first worker and return the versions it loaded. Raises RuleError, ModelError, PrescanError."""
        first = self._workers[0] = self._make()
        first.wait()
        for thread in self._threads:
            thread.start()
        return first.versions

    def expect(self, versions: dict[str, str]) -> None:
        """Start only with the first task, and then require these versions: a run without tasks needs no worker."""
        self._expected = versions

    @property
    def full(self) -> bool:
        """Whether every lane has enough to do."""
        return self.busy >= self.jobs * (_WAITING if self._size < _WAITING_BYTES else _AHEAD + 1)

    def put(self, task: Task) -> None:
        """Give a task to whichever lane is free first. Raises what `start` raises."""
        if self._expected is not None:
            if self.start() != self._expected:
                raise PrescanError("规则或模型刚刚有变化，请再运行一次")
            self._expected = None
        self.busy += 1
        self._size += task.size
        self._tasks.put(task)

    def take(self) -> tuple[Task, Received]:
        """Wait for the next finished task and return it. Raises an error that affects every file."""
        while not self._done:
            self._await(_WAKE_SECONDS)
        return self._taken()

    def done(self, seconds: float) -> list[tuple[Task, Received]]:
        """Wait for a few tasks or up to `seconds`, and return all finished ones. Raises what `take` raises."""
        self._await(seconds)
        return [self._taken() for _ in range(len(self._done))]

    def _await(self, seconds: float) -> None:
        self._wakeup.wait(seconds)
        self._wakeup.clear()

    def _taken(self) -> tuple[Task, Received]:
        done = self._done.popleft()
        if isinstance(done, BaseException):
            raise done
        self.busy -= 1
        self._size -= done[0].size
        return done

    def _deliver(self, done: tuple[Task, Received] | BaseException) -> None:
        """Add a finished task. The caller is woken for several at a time, unless a lane may soon have nothing to do."""
        self._done.append(done)
        few = len(self._done) < self.jobs * _WAKE_FOR and self._tasks.qsize() > self.jobs
        if not few or isinstance(done, BaseException):
            self._wakeup.set()

    def __enter__(self) -> Self:
        """Return the lanes."""
        return self

    def __exit__(self, *error: object) -> None:
        """End every worker."""
        self.close()

    def close(self) -> None:
        """End every worker, busy ones too."""
        self._stopped = True
        for _ in range(self.jobs):
            self._tasks.put(None)
        self._readers.stop()
        self._started.stop()
        for thread in self._threads:
            if thread.ident:
                thread.join(timeout=10)

    def _run_lane(self, number: int) -> None:
        try:
            self._lane(number)
        except BaseException as error:  # noqa: BLE001  raised in the run, so that the thread does not die silently
            self._deliver(error)

    def _lane(self, number: int) -> None:
        waiting: deque[Task] = deque()
        first = self._tasks.get()
        self._tasks.put(first)
        if first is None:
            return
        worker = self._workers[number] = self._workers[number] or self._make()
        while True:
            if not self._post_ahead(worker, waiting):
                return
            received = worker.take()
            task = waiting.popleft()
            if self._stopped:
                return
            spent = not worker.may_take_another()
            failure = received.failure
            if failure and (failure.code in SPENT or received.partly_read):
                received = self._reread(task)
            self._deliver((task, received))
            if spent:
                worker.kill()
                self._workers[number] = worker = self._make()
                for posted in waiting:
                    worker.post(posted.request(self._day, self._pictures))

    def _post_ahead(self, worker: Worker, waiting: deque[Task]) -> bool:
        """Post as many tasks as fit; return False if there is nothing more to do."""
        while len(waiting) < _AHEAD:
            if waiting and sum(task.size for task in waiting) > worker.pipe_bytes:
                return True
            try:
                task = self._tasks.get(block=not waiting)
            except queue.Empty:
                return True
            if task is None:
                self._tasks.put(None)  # for the other lanes
                return bool(waiting)
            if waiting and sum(other.size for other in waiting) + task.size > worker.pipe_bytes:
                self._tasks.put(task)
                return True
            waiting.append(task)
            worker.post(task.request(self._day, self._pictures))
        return True

    def _reread(self, task: Task) -> Received:
        """Read one file again, keeping its blocks, and scan it; if it fails again, scan what was read."""
        request = task.request(self._day, self._pictures)

        def read(skip: int, drawn: int) -> Received:
            asked = request.only_read() if skip else request
            return self._with_worker(lambda worker: worker.read(asked, skip, drawn))

        def recognise(received: Received) -> None:
            self._readers.fill(received, task.name)

        def scan(received: Received) -> Received:
            return self._with_worker(lambda worker: worker.scan(received, request))

        received = read_and_scan(task.name, read, recognise, scan)
        failure = received.failure
        if failure is None or not received.blocks:
            return received
        second = rest.scan(received, failure, request, self._settings, self._make)
        if second.result is None:
            return Received(sha256=received.sha256, media_type=received.media_type, failure=second.failure)
        return second

    def _with_worker(self, do: Callable[[Worker], Received]) -> Received:
        """Call `do` with a worker of its own."""
        worker = self._make()
        try:
            return do(worker)
        finally:
            worker.kill()


def brief_of(task_name: str, received: Received) -> dict[str, Any]:
    """Return the brief of what was received, also if nothing could be read."""
    if received.result is not None:
        return received.result
    failure = received.failure or ReadError("crashed")
    return unread_brief(task_name, failure, received.sha256, received.media_type)


def unread_brief(
    name: str, error: ReadError, sha256: str | None = None, media_type: str | None = None
) -> dict[str, Any]:
    """Return the brief of a file that could not be read."""
    from prescan.report import Options  # noqa: PLC0415  not needed if everything can be read
    from prescan.report.shown import shown_name  # noqa: PLC0415

    empty: dict[str, Any] = {"title": None, "doc_number": None, "suggestion": None, "dates": {}, "page": {}}
    return {
        **empty,
        "sha256": sha256,
        "media_type": media_type,
        "chars": 0,
        "verdict": "unread",
        "unread": [[error.code, error.detail, shown_name(name, Options())]],
        "findings": [],
        "rules": {},
        "masks": [],
        "links": [],
    }
