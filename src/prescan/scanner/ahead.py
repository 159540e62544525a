"""Reads many files with one worker. The requests for the next files are already in its pipe, so that it never waits.

Small files are requested and returned in batches, for a message took longer than reading such a file.
"""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats.text import lines
from prescan.scanner import wire
from prescan.scanner.inputs import check_size, file_size
from prescan.scanner.received import Request
from prescan.types import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prescan.scanner.child import Worker
    from prescan.scanner.received import Received
    from prescan.types import Limits

#: Groups, and files, requested from a worker, including those it is reading.
_GROUPS_AHEAD: Final = 16
_FILES_AHEAD: Final = 64
#: Files up to this size are requested in batches of at most so many files and bytes.
_SMALL: Final = 1 << 16
_BATCH: Final = 32
_BATCH_BYTES: Final = 1 << 20
_BYTES_A_CHARACTER: Final = 8
_MESSAGE_BYTES: Final = 256


class _File(NamedTuple):
    """A file, or the failure for which it is not requested."""

    path: str
    name: str
    """The name of the file in results."""
    size: int
    failure: ReadError | None


class _Group:
    """A batch of small files, or one other file, and the results so far."""

    def __init__(self, files: list[_File]) -> None:
        self.files = files
        self.requested = [(file.path, file.name) for file in files if file.failure is None]
        self.request_bytes = sum(_BYTES_A_CHARACTER * len(path) for path, _ in self.requested) + _MESSAGE_BYTES
        """About how much of the pipe the request takes."""
        self.is_batch = len(files) > 1
        self.results: list[Received | Document | ReadError | None] = []
        self.posted = False

    @property
    def open(self) -> bool:
        """Whether results are still to come."""
        return self.posted and len(self.results) < len(self.requested)


class Borrowing(NamedTuple):
    """Functions to borrow a worker and to give it back."""

    borrow: Callable[[], Worker]
    give_back: Callable[[Worker], None]


def read_ahead(
    paths: Iterable[str | os.PathLike[str]], workers: Borrowing, limits: Limits, pictures: int
) -> Iterator[tuple[str, Received | Document | ReadError]]:
    """Yield for each file, in order, its name and its document, its failure, or all that was received for it.

    If a worker ends at a file, only this file is lost; those of the same batch and later ones go to another worker.
    """
    reading = _Reading(workers, pictures)
    groups = _grouped(_file(os.fspath(path), limits) for path in paths)
    try:
        while reading.fill(groups):
            yield from reading.first()
    except BaseException:  # its next messages would be taken for those of another file
        reading.worker.kill()
        raise
    finally:
        workers.give_back(reading.worker)


class _Reading:
    """The worker that reads, and the groups requested from it."""

    def __init__(self, workers: Borrowing, pictures: int) -> None:
        self._workers = workers
        self._pictures = pictures
        self._waiting: deque[_Group] = deque()
        self.worker = workers.borrow()

    def fill(self, groups: Iterator[_Group]) -> bool:
        """Request as many groups as may be requested ahead; return whether any results are awaited."""
        self.worker.wait()
        waiting = self._waiting
        files, size = sum(len(group.files) for group in waiting), sum(group.request_bytes for group in waiting)
        while not waiting or (len(waiting) < _GROUPS_AHEAD and files < _FILES_AHEAD and size < self.worker.pipe_bytes):
            if (group := next(groups, None)) is None:
                break
            files += len(group.files)
            size += group.request_bytes
            waiting.append(group)
            self._post(group)
        return bool(waiting)

    def first(self) -> Iterator[tuple[str, Received | Document | ReadError]]:
        """Yield the results of the files requested first."""
        group = self._waiting[0]
        self._collect(group)
        results = iter(group.results)
        for file in group.files:
            yield file.name, file.failure or next(results, None) or self._read_alone(file)
        self._waiting.popleft()

    def _collect(self, group: _Group) -> None:
        """Receive the results of a group; if the worker ends at a file, the rest of its batch has none."""
        while group.open:
            if not group.is_batch:
                group.results.append(self.worker.take())
            elif (results := self.worker.take_batch()) is None:
                group.posted = False
            else:
                files = group.requested[len(group.results) :]
                group.results += [_document(result, name) for result, (_, name) in zip(results, files, strict=False)]
        self._renew()

    def _read_alone(self, file: _File) -> Received:
        """Return what is received for a file without a result from its batch, read by itself."""
        for group in self._waiting:
            self._collect(group)
        self.worker.post_reading(Request(file.name, path=file.path, pictures=self._pictures))
        received = self.worker.take()
        self._renew()
        return received

    def _renew(self) -> None:
        """Take another worker if this one may not go on, and request all awaited groups from it."""
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
        if not group.requested:
            return
        if group.is_batch:
            self.worker.post_batch(group.requested, self._pictures)
        else:
            path, name = group.requested[0]
            self.worker.post_reading(Request(name, path=path, pictures=self._pictures))


def _document(result: list[Any] | None, name: str) -> Document | ReadError | None:
    """Return the result of a file of a batch; None if the file must be read alone."""
    if result is None:
        return None
    if len(result) == wire.FAILED:
        return ReadError(*result)
    media_type, digest, said = result
    return Document.of(name, media_type, digest, lines(said) if isinstance(said, str) else wire.blocks(said))


def _grouped(source: Iterable[_File]) -> Iterator[_Group]:
    """Yield the files in order, small ones in batches."""
    batch: list[_File] = []
    size = 0
    for file in source:
        if file.size > _SMALL:
            if batch:
                yield _Group(batch)
            yield _Group([file])
            batch, size = [], 0
            continue
        batch.append(file)
        size += file.size
        if len(batch) >= _BATCH or size > _BATCH_BYTES:
            yield _Group(batch)
            batch, size = [], 0
    if batch:
        yield _Group(batch)


def _file(path: str, limits: Limits) -> _File:
    # No Path: to make one for each of many small files takes as long as the rest.
    name = os.path.basename(path)  # noqa: PTH119
    try:
        size = file_size(path)
        check_size(size, limits)
    except ReadError as error:
        return _File(path, name, 0, error)
    if not path.startswith(os.sep):
        path = os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118
    return _File(path, name, size, None)
