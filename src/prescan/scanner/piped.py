"""Results of many files in the order in which they were asked for, several looked at side by side."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

_T = TypeVar("_T")
_R = TypeVar("_R")


def in_order(
    do: Callable[[_T], _R], given: Iterable[_T], jobs: int, stop: Callable[[], None]
) -> Generator[_R, None, None]:
    """Yield what `do` makes of each of `given`, in `jobs` threads, taking only a few ahead. Raises what `do` raises.

    Whoever leaves before the end, or is interrupted, waits for nobody: what has not begun is dropped, and `stop` is
    called, which is to end what has. The threads are daemons, for those of an executor are waited for when Python ends.
    """
    asked: SimpleQueue[tuple[_T, Future[_R]] | None] = SimpleQueue()
    waiting: deque[Future[_R]] = deque()
    threads = 0
    try:
        for one in given:
            waiting.append(Future())
            asked.put((one, waiting[-1]))
            if threads < jobs:
                threads += 1
                threading.Thread(target=_serve, args=(do, asked), daemon=True).start()
            if len(waiting) > 2 * jobs:
                yield waiting[0].result()
                waiting.popleft()
        while waiting:
            yield waiting[0].result()
            waiting.popleft()
    finally:
        for future in waiting:
            future.cancel()
        for _ in range(threads):
            asked.put(None)
        if waiting:
            stop()


def _serve(do: Callable[[_T], _R], asked: SimpleQueue[tuple[_T, Future[_R]] | None]) -> None:
    while (order := asked.get()) is not None:
        one, future = order
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(do(one))
        except BaseException as error:  # noqa: BLE001  whoever waits for the result is told
            future.set_exception(error)
