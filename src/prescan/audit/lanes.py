"""Workers fed ahead: each has the next files in its pipe while it scans one, so that it never waits for us.

A file that costs a worker its life is read once more by itself, with its blocks kept; the files behind it are posted
again to a fresh worker. Whatever happens, every task comes back once.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from prescan.errors import PrescanError, ReadError
from prescan.scanner import rest
from prescan.scanner.behind import read_on
from prescan.scanner.child import Worker
from prescan.scanner.received import Received, Request
from prescan.scanner.recognition import Readers, is_available
from prescan.scanner.workers import Started

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from prescan.types import Context, Settings

#: Files in the pipe of a worker, the one it scans among them.
_AHEAD: Final = 4
#: Files given to a lane at most, unless they hold so much.
_WAITING: Final = 20
_HELD_BYTES: Final = 16 << 20
#: Who takes what is done is woken for so many of a lane, or after so many seconds.
_TOLD: Final = 8
_LONGEST: Final = 0.1
#: Posted beside its bytes a file takes about so much of the pipe.
_MESSAGE_BYTES: Final = 2_048
_REREAD: Final = frozenset({"timeout", "memory", "crashed"})


@dataclass(frozen=True, slots=True)
class Task:
    """A file to scan; `number` is how its owner knows it."""

    number: int
    path: str | None
    data: bytes | None = field(repr=False)
    name: str = field(repr=False)
    context: Context

    def request(self, day: datetime.date) -> Request:
        """What a worker is asked about it."""
        return Request(self.name, self.context, day)

    @property
    def size(self) -> int:
        """How much of a pipe it takes."""
        return len(self.data or b"") + _MESSAGE_BYTES


class Lanes:
    """`jobs` workers, each with a thread that feeds it. Use as a context manager."""

    def __init__(self, settings: Settings, key: bytes, day: datetime.date, jobs: int) -> None:
        """Workers start with the first task they get, the first one with `start`."""
        self.jobs = jobs
        self._key, self._day = key, day
        self._settings = settings
        self._readers = Readers(settings.limits)
        self._pictures = settings.limits.ocr_pages if is_available(settings) else 0
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._done: deque[tuple[Task, Received] | BaseException] = deque()
        self._bell = threading.Event()
        self._stopped = False
        self.busy = 0
        self._size = 0
        self._started = Started()
        self._workers: list[Worker | None] = [None] * jobs
        self._expected: dict[str, str] | None = None
        self._threads = [threading.Thread(target=self._serve, args=(number,), daemon=True) for number in range(jobs)]

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
        """Start with the first task, and have the workers load these versions: a run with nothing to do needs none."""
        self._expected = versions

    @property
    def full(self) -> bool:
        """Tell whether every lane has enough to do."""
        return self.busy >= self.jobs * (_WAITING if self._size < _HELD_BYTES else _AHEAD + 1)

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
        """Return the next task that is done, waiting for it. Raises what keeps every file from being scanned."""
        while not self._done:
            self._await(_LONGEST)
        return self._taken()

    def done(self, seconds: float) -> list[tuple[Task, Received]]:
        """Return every task that is done, having waited for a few or for so long. Raises what `take` raises."""
        self._await(seconds)
        return [self._taken() for _ in range(len(self._done))]

    def _await(self, seconds: float) -> None:
        self._bell.wait(seconds)
        self._bell.clear()

    def _taken(self) -> tuple[Task, Received]:
        done = self._done.popleft()
        if isinstance(done, BaseException):
            raise done
        self.busy -= 1
        self._size -= done[0].size
        return done

    def _tell(self, done: tuple[Task, Received] | BaseException) -> None:
        """Have it taken; who takes is woken for a few at a time, unless a lane may soon have nothing to do."""
        self._done.append(done)
        few = len(self._done) < self.jobs * _TOLD and self._tasks.qsize() > self.jobs
        if not few or isinstance(done, BaseException):
            self._bell.set()

    def __enter__(self) -> Self:
        """Return the lanes."""
        return self

    def __exit__(self, *error: object) -> None:
        """End every worker."""
        self.close()

    def close(self) -> None:
        """End every worker, and with it what it was doing."""
        self._stopped = True
        for _ in range(self.jobs):
            self._tasks.put(None)
        self._readers.stop()
        self._started.stop()
        for thread in self._threads:
            if thread.ident:
                thread.join(timeout=10)

    def _serve(self, number: int) -> None:
        try:
            self._lane(number)
        except BaseException as error:  # noqa: BLE001  the thread must not die silently: the run is told
            self._tell(error)

    def _lane(self, number: int) -> None:
        waiting: deque[Task] = deque()
        first = self._tasks.get()
        self._tasks.put(first)
        if first is None:
            return
        worker = self._workers[number] = self._workers[number] or self._make()
        while True:
            if not self._fill(worker, waiting):
                return
            received = worker.take()
            task = waiting.popleft()
            if self._stopped:
                return
            spoiled = not worker.may_take_another()
            failure = received.failure
            if failure and (failure.code in _REREAD or received.began):
                received = self._reread(task)
            self._tell((task, received))
            if spoiled:
                worker.kill()
                self._workers[number] = worker = self._make()
                for held in waiting:
                    worker.post(held.path, held.data, held.request(self._day), self._pictures)

    def _fill(self, worker: Worker, waiting: deque[Task]) -> bool:
        """Post what fits ahead; return False when there is nothing more to do."""
        while len(waiting) < _AHEAD:
            if waiting and sum(task.size for task in waiting) > worker.room:
                return True
            try:
                task = self._tasks.get(block=not waiting)
            except queue.Empty:
                return True
            if task is None:
                self._tasks.put(None)  # for the other lanes
                return bool(waiting)
            if waiting and sum(held.size for held in waiting) + task.size > worker.room:
                self._tasks.put(task)
                return True
            waiting.append(task)
            worker.post(task.path, task.data, task.request(self._day), self._pictures)
        return True

    def _reread(self, task: Task) -> Received:
        """Read one file again and keep its blocks; a member of a container that costs a worker costs only itself.

        What was read before the file failed for good is scanned under half the limits.
        """
        request = task.request(self._day)

        def read(skip: int, drawn: int = 0) -> Received:
            file = (task.path, task.data, Request(task.name) if skip else request, skip)
            return self._lent(lambda worker: worker.read(*file, brief=True, pictures=self._pictures, drawn=drawn))

        def scan(received: Received) -> Received:
            return self._lent(lambda worker: worker.scan(received, request, brief=True))

        received = read(0)
        behind = read_on(received, task.name, read)
        if self._readers.has_work(received):
            self._readers.fill(received, task.name)
            behind = True
        if received.failure is None:
            return _taken(received, scan(received)) if behind else received
        if not received.blocks:
            return received
        failure = received.failure
        second = rest.scan(received, failure, request, self._settings, self._make, brief=True)
        if second.result is None:
            return Received(sha256=received.sha256, media_type=received.media_type, failure=second.failure)
        return second

    def _lent(self, do: Callable[[Worker], Received]) -> Received:
        """Return what `do` makes of a worker of its own."""
        worker = self._make()
        try:
            return do(worker)
        finally:
            worker.kill()


def _taken(received: Received, scanned: Received) -> Received:
    """Return what was read, with what its scan gave."""
    received.result, received.failure = scanned.result, scanned.failure
    return received


def brief_of(task_name: str, received: Received) -> dict[str, Any]:
    """Return the brief of what came back, whether or not anything could be read."""
    if received.result is not None:
        return received.result
    failure = received.failure or ReadError("crashed")
    return unread_brief(task_name, failure, received.sha256, received.media_type)


def unread_brief(
    name: str, error: ReadError, sha256: str | None = None, media_type: str | None = None
) -> dict[str, Any]:
    """Return the brief of something nothing could be read of."""
    from prescan.report import Options  # noqa: PLC0415  not needed where everything is read
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
