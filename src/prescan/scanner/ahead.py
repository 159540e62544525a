"""Many files read one after another: the worker has the next ones in its pipe while it reads one, and never waits.

Small files are asked for and answered in batches: a message for each cost more than reading it.
"""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.errors import ReadError
from prescan.scanner import wire
from prescan.scanner.inputs import check_size, file_size
from prescan.types import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prescan.scanner.child import Worker
    from prescan.scanner.received import Received
    from prescan.types import Limits

#: Groups, and files, in the pipe of a worker, what it reads among them.
_GROUPS_AHEAD: Final = 16
_FILES_AHEAD: Final = 64
#: A file up to this size is asked for in a batch, of so many files and bytes at most.
_SMALL: Final = 1 << 16
_BATCH: Final = 32
_BATCH_BYTES: Final = 1 << 20
_BYTES_A_CHARACTER: Final = 8
_MESSAGE_BYTES: Final = 256
#: A code and a sentence.
_FAILED: Final = 2


class _Asked(NamedTuple):
    """A file, and why it is not asked for if it is not."""

    path: str
    name: str
    """What the file is called in results."""
    size: int
    failure: ReadError | None


class _Group:
    """A batch of small files, or one other file, and what came back for the first of them."""

    def __init__(self, files: list[_Asked]) -> None:
        self.files = files
        self.asked = [(one.path, one.name) for one in files if one.failure is None]
        self.room = sum(_BYTES_A_CHARACTER * len(path) for path, _ in self.asked) + _MESSAGE_BYTES
        """About how much of the pipe asking takes."""
        self.is_batch = len(files) > 1
        self.told: list[Received | Document | ReadError | None] = []
        self.posted = False

    @property
    def open(self) -> bool:
        """Whether more is to come back."""
        return self.posted and len(self.told) < len(self.asked)


class Borrowing(NamedTuple):
    """How to have a worker, and to give it back."""

    borrow: Callable[[], Worker]
    give_back: Callable[[Worker], None]


def read_ahead(
    paths: Iterable[str | os.PathLike[str]], workers: Borrowing, limits: Limits, pictures: int
) -> Iterator[tuple[str, Received | Document | ReadError]]:
    """Yield the name of each file, in order, and what it says, why it was not read, or all that came back for it.

    A file that costs its worker costs only itself: those asked for with it or behind it are asked of another one.
    """
    reading = _Reading(workers, pictures)
    groups = _grouped(_asked(os.fspath(path), limits) for path in paths)
    try:
        while reading.fill(groups):
            yield from reading.first()
    except BaseException:  # what it still sends would be taken for another file's
        reading.worker.kill()
        raise
    finally:
        workers.give_back(reading.worker)


class _Reading:
    """The worker that reads, and what it was or is to be asked for."""

    def __init__(self, workers: Borrowing, pictures: int) -> None:
        self._workers = workers
        self._pictures = pictures
        self._waiting: deque[_Group] = deque()
        self.worker = workers.borrow()

    def fill(self, groups: Iterator[_Group]) -> bool:
        """Ask for as much as may be asked for ahead; tell whether anything is waited for."""
        self.worker.wait()
        waiting = self._waiting
        files, room = sum(len(group.files) for group in waiting), sum(group.room for group in waiting)
        while not waiting or (len(waiting) < _GROUPS_AHEAD and files < _FILES_AHEAD and room < self.worker.room):
            if (group := next(groups, None)) is None:
                break
            files += len(group.files)
            room += group.room
            waiting.append(group)
            self._post(group)
        return bool(waiting)

    def first(self) -> Iterator[tuple[str, Received | Document | ReadError]]:
        """Yield what came back for the files that were asked for first."""
        group = self._waiting[0]
        self._collect(group)
        told = iter(group.told)
        for asked in group.files:
            yield asked.name, asked.failure or next(told, None) or self._alone(asked)
        self._waiting.popleft()

    def _collect(self, group: _Group) -> None:
        """Take what comes back for a group; if a file costs the worker, the rest of its batch is not told of."""
        while group.open:
            if not group.is_batch:
                group.told.append(self.worker.take())
            elif (told := self.worker.take_batch()) is None:
                group.posted = False
            else:
                names = group.asked[len(group.told) :]
                group.told += [_taken(one, name) for one, (_, name) in zip(told, names, strict=False)]
        self._renew()

    def _alone(self, asked: _Asked) -> Received:
        """Return what comes back for a file of which its batch does not tell: what it costs, it alone costs."""
        for group in self._waiting:
            self._collect(group)
        self.worker.post_reading(asked.path, asked.name, self._pictures)
        received = self.worker.take()
        self._renew()
        return received

    def _renew(self) -> None:
        """Take another worker if this one is spent, and ask it for all that is still waited for."""
        if self.worker.may_take_another():
            return
        self.worker.kill()
        self.worker = self._workers.borrow()
        self.worker.wait()
        for group in self._waiting:
            if group.open:
                self._post(group)

    def _post(self, group: _Group) -> None:
        group.posted = True
        if not group.asked:
            return
        if group.is_batch:
            self.worker.post_batch(group.asked, self._pictures)
        else:
            self.worker.post_reading(*group.asked[0], self._pictures)


def _taken(told: list[Any] | None, name: str) -> Document | ReadError | None:
    """Return what a worker told of a file of a batch; None if it is to be read alone."""
    if told is None:
        return None
    if len(told) == _FAILED:
        return ReadError(*told)
    media_type, digest, blocks = told
    return Document.of(name, media_type, digest, wire.blocks(blocks))


def _grouped(source: Iterable[_Asked]) -> Iterator[_Group]:
    """Yield files in order, small ones in batches."""
    batch: list[_Asked] = []
    size = 0
    for asked in source:
        if asked.size > _SMALL:
            if batch:
                yield _Group(batch)
            yield _Group([asked])
            batch, size = [], 0
            continue
        batch.append(asked)
        size += asked.size
        if len(batch) >= _BATCH or size > _BATCH_BYTES:
            yield _Group(batch)
            batch, size = [], 0
    if batch:
        yield _Group(batch)


def _asked(path: str, limits: Limits) -> _Asked:
    # A Path for each of many small files takes as long as the rest.
    name = os.path.basename(path)  # noqa: PTH119
    try:
        size = file_size(path)
        check_size(size, limits)
    except ReadError as error:
        return _Asked(path, name, 0, error)
    if not path.startswith(os.sep):
        path = os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118
    return _Asked(path, name, size, None)
