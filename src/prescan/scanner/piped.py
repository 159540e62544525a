"""Processes many items in parallel threads and yields the results in order."""

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
    do: Callable[[_T], _R], items: Iterable[_T], jobs: int, stop: Callable[[], None]
) -> Generator[_R, None, None]:
    """Yield `do(item)` for each of `items`, computed in `jobs` threads, only a few ahead. Raises what `do` raises.

    If the caller stops early or is interrupted, nothing is waited for: waiting items are dropped, and `stop` is called,
    which must end those at work. The threads are daemons, for Python waits at its end for the threads of an executor.
    """
    orders: SimpleQueue[tuple[_T, Future[_R]] | None] = SimpleQueue()
    waiting: deque[Future[_R]] = deque()
    threads = 0
    try:
        for item in items:
            waiting.append(Future())
            orders.put((item, waiting[-1]))
            if threads < jobs:
                threads += 1
                threading.Thread(target=_work, args=(do, orders), daemon=True).start()
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
            orders.put(None)
        if waiting:
            stop()


def _work(do: Callable[[_T], _R], orders: SimpleQueue[tuple[_T, Future[_R]] | None]) -> None:
    while (order := orders.get()) is not None:
        item, future = order
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(do(item))
        except BaseException as error:  # noqa: BLE001  raised where the result is awaited
            future.set_exception(error)
