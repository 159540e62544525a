"""Many files read one after another: the worker has the next ones in its pipe while it reads one, and never waits."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError
from prescan.scanner.inputs import check_path
from prescan.scanner.received import Received

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prescan.scanner.child import Worker
    from prescan.types import Limits

#: Files in the pipe of a worker, the one it reads among them.
_AHEAD: Final = 16
_BYTES_A_CHARACTER: Final = 8
_MESSAGE_BYTES: Final = 256


class _Asked(NamedTuple):
    """A file, and why it is not asked for if it is not."""

    path: str
    name: str
    """What the file is called in results."""
    size: int
    """About how much of the pipe asking takes."""
    failure: ReadError | None


class Borrowing(NamedTuple):
    """How to have a worker, and to give it back."""

    borrow: Callable[[], Worker]
    give_back: Callable[[Worker], None]


def read_ahead(
    paths: Iterable[str | os.PathLike[str]], workers: Borrowing, limits: Limits, pictures: int
) -> Iterator[tuple[str, Received]]:
    """Yield the name of each file and what came back for it, in order; Received.failure says why nothing did.

    A file that costs its worker costs only itself: those behind it are asked of another one.
    """
    waiting: deque[_Asked] = deque()
    source = (_asked(os.fspath(path), limits) for path in paths)
    posted = 0
    worker = workers.borrow()
    try:
        worker.wait()
        while True:
            while len(waiting) < _AHEAD and (not waiting or posted < worker.room):
                if (asked := next(source, None)) is None:
                    break
                waiting.append(asked)
                posted += asked.size
                _post(worker, asked, pictures)
            if not waiting:
                break
            asked = waiting.popleft()
            posted -= asked.size
            received = Received(failure=asked.failure) if asked.failure else worker.take()
            if not worker.usable:
                worker.kill()
                worker = workers.borrow()
                worker.wait()
                for held in waiting:
                    _post(worker, held, pictures)
            yield asked.name, received
    except BaseException:  # what it still sends would be taken for another file's
        worker.kill()
        raise
    finally:
        if waiting:
            worker.kill()
        workers.give_back(worker)


def _asked(path: str, limits: Limits) -> _Asked:
    # A Path for each of many small files takes as long as the rest.
    name = os.path.basename(path)  # noqa: PTH119
    try:
        check_path(path, limits)
    except ReadError as error:
        return _Asked(path, name, 0, error)
    if not path.startswith(os.sep):
        path = os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118
    return _Asked(path, name, _BYTES_A_CHARACTER * len(path) + _MESSAGE_BYTES, None)


def _post(worker: Worker, asked: _Asked, pictures: int) -> None:
    if asked.failure is None:
        worker.post_reading(asked.path, asked.name, pictures)
