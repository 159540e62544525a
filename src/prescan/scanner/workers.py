"""The workers of a scanner: lent to one file at a time and kept for the next; all of them ended at once if need be."""

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


class Started:
    """Workers that one thread uses and another may end. Thread-safe."""

    def __init__(self) -> None:
        """There are none yet."""
        self._all: weakref.WeakSet[Worker] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._stopped = False

    def add(self, worker: Worker) -> Worker:
        """Return a worker that was just started. Raises PrescanError, having ended it, if all were stopped."""
        with self._lock:
            self._all.add(worker)
            stopped = self._stopped
        if stopped:
            worker.kill()
            raise PrescanError(STOPPED)
        return worker

    def stop(self) -> None:
        """End every worker, also one that is at work; none is started any more."""
        with self._lock:
            self._stopped = True
            for worker in list(self._all):
                worker.kill()

    def go_on(self) -> None:
        """Raise PrescanError if all were stopped."""
        if self._stopped:
            raise PrescanError(STOPPED)

    def leave(self, worker: Worker) -> None:
        """Let a worker go: it is no longer ended with the others."""
        with self._lock:
            self._all.discard(worker)


class Workers:
    """Workers with the same settings. Thread-safe."""

    def __init__(self, start: Callable[[Settings], Worker], settings: Settings, count: int) -> None:
        """Start `count` of them with `start`; more when needed."""
        self._start, self._settings = start, settings
        self._started = Started()
        self._lock = threading.Lock()
        self.idle = [self.apart(settings) for _ in range(count)]

    def run(self, task: Callable[[Worker], Received]) -> Received:
        """Lend a worker to `task`. Raises PrescanError after `stop`."""
        worker = self.lend()
        try:
            received = task(worker)
        except BaseException:  # an interrupt too: what it still sends would be taken for the next file's
            worker.kill()
            raise
        self.give_back(worker)
        return received

    def lend(self) -> Worker:
        """Return a worker that is not at work. Raises PrescanError after `stop`."""
        with self._lock:
            while self.idle:
                worker = self.idle.pop()
                if worker.may_take_another():
                    return worker
                worker.kill()
        return self.apart(self._settings)

    def give_back(self, worker: Worker) -> None:
        """Keep a worker for the next file, if it may have one."""
        if worker.may_take_another():
            with self._lock:
                self.idle.append(worker)
        else:
            worker.kill()

    def apart(self, settings: Settings) -> Worker:
        """Return a fresh worker with settings of its own, which whoever asks for it ends."""
        return self._started.add(self._start(settings))

    def close(self) -> None:
        """End those that are not at work. More start when needed."""
        with self._lock:
            while self.idle:
                self.idle.pop().kill()

    def stop(self) -> None:
        """End all of them now, whatever they are doing; nothing is lent any more."""
        self._started.stop()


class Lent:
    """Of the workers of a scanner those that one caller uses: ended at once, without the others. Thread-safe."""

    def __init__(self, workers: Workers) -> None:
        """None is lent yet."""
        self._workers, self._started = workers, Started()

    def run(self, task: Callable[[Worker], Received]) -> Received:
        """Lend a worker to `task`. Raises PrescanError after `stop`."""

        def watched(worker: Worker) -> Received:
            self._started.add(worker)
            try:
                return task(worker)
            finally:
                self._started.leave(worker)

        return self._workers.run(watched)

    def apart(self, settings: Settings) -> Worker:
        """Return a fresh worker with settings of its own, which whoever asks for it ends."""
        return self._started.add(self._workers.apart(settings))

    def stop(self) -> None:
        """End what is lent, whatever it is doing; nothing is lent any more."""
        self._started.stop()

    def go_on(self, _received: Received) -> None:
        """Raise PrescanError after `stop`: what reads pictures asks between two of them."""
        self._started.go_on()
