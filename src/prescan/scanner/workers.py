"""The worker processes of a scanner: each is lent to one file at a time and then kept for the next."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Final

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.scanner.child import Worker
    from prescan.scanner.received import Received
    from prescan.types import Settings

STOPPED: Final = "已停止，不再读取文件"


class WorkerSet:
    """Workers that can all be ended from any thread. Thread-safe."""

    def __init__(self) -> None:
        """Begin empty."""
        self._all: weakref.WeakSet[Worker] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._stopped = False

    def add(self, worker: Worker) -> Worker:
        """Add a worker and return it. After `stop`, end it and raise PrescanError."""
        with self._lock:
            self._all.add(worker)
            stopped = self._stopped
        if stopped:
            worker.kill()
            raise PrescanError(STOPPED)
        return worker

    def stop(self) -> None:
        """End every worker, busy ones too; workers added later are ended at once."""
        with self._lock:
            self._stopped = True
            for worker in list(self._all):
                worker.kill()

    def raise_if_stopped(self) -> None:
        """Raise PrescanError after `stop`."""
        if self._stopped:
            raise PrescanError(STOPPED)

    def discard(self, worker: Worker) -> None:
        """Remove a worker, so that `stop` does not end it."""
        with self._lock:
            self._all.discard(worker)


class Workers:
    """Workers with the same settings. Thread-safe."""

    def __init__(self, start: Callable[[Settings], Worker], settings: Settings, count: int) -> None:
        """Start `count` workers with `start`; more are started when needed."""
        self._start, self._settings = start, settings
        self._started = WorkerSet()
        self._lock = threading.Lock()
        self.idle = [self.start_separate(settings) for _ in range(count)]

    def run(self, task: Callable[[Worker], Received]) -> Received:
        """Lend a worker to `task` and return what that returns. Raises PrescanError after `stop`."""
        worker = self.lend()
        try:
            received = task(worker)
        except BaseException:  # an interrupt too: its next messages would be taken for those of the next file
            worker.kill()
            raise
        self.give_back(worker)
        return received

    def lend(self) -> Worker:
        """Return an idle worker. Raises PrescanError after `stop`."""
        with self._lock:
            while self.idle:
                worker = self.idle.pop()
                if worker.may_take_another():
                    return worker
                worker.kill()
        return self.start_separate(self._settings)

    def give_back(self, worker: Worker) -> None:
        """Keep a worker for the next file, or end it if it may not take another."""
        if worker.may_take_another():
            with self._lock:
                self.idle.append(worker)
        else:
            worker.kill()

    def start_separate(self, settings: Settings) -> Worker:
        """Return a fresh worker with settings of its own, which whoever asks for it ends."""
        return self._started.add(self._start(settings))

    def close(self) -> None:
        """End the idle workers. New ones are started when needed."""
        with self._lock:
            while self.idle:
                self.idle.pop().kill()

    def stop(self) -> None:
        """End all workers now, busy ones too; none is lent any more."""
        self._started.stop()


class BorrowedWorkers:
    """The workers that one caller has borrowed, which can be ended without the others. Thread-safe."""

    def __init__(self, workers: Workers) -> None:
        """Begin without any."""
        self._workers, self._started = workers, WorkerSet()

    def run(self, task: Callable[[Worker], Received]) -> Received:
        """Lend a worker to `task` and return what that returns. Raises PrescanError after `stop`."""

        def watched(worker: Worker) -> Received:
            self._started.add(worker)
            try:
                return task(worker)
            finally:
                self._started.discard(worker)

        return self._workers.run(watched)

    def start_separate(self, settings: Settings) -> Worker:
        """Return a fresh worker with settings of its own, which whoever asks for it ends."""
        return self._started.add(self._workers.start_separate(settings))

    def stop(self) -> None:
        """End the borrowed workers now, busy ones too; none is lent any more."""
        self._started.stop()

    def raise_if_stopped(self, _received: Received) -> None:
        """Raise PrescanError after `stop`. Called for the progress of a file, and so between two pictures."""
        self._started.raise_if_stopped()
