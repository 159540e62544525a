"""`Scanner`: scans files, bytes and text. Text is scanned in the calling process, files in worker processes."""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import weakref
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from prescan.decisions import ledger, load_key
from prescan.errors import ReadError
from prescan.formats.text import lines
from prescan.scanner import rest, wire
from prescan.scanner.ahead import Borrowing, read_ahead
from prescan.scanner.child import Worker
from prescan.scanner.day import today
from prescan.scanner.inputs import check_path, check_size, check_type
from prescan.scanner.one_file import read_and_scan
from prescan.scanner.piped import in_order
from prescan.scanner.received import Received, Request
from prescan.scanner.recognition import Readers, is_available
from prescan.scanner.workers import BorrowedWorkers, Workers
from prescan.settings import load_settings
from prescan.types import Context, Document, ScanResult, Settings, Unread

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from prescan.rules import RuleBase
    from prescan.scanner.pipeline import Engine
    from prescan.types import Suppression

_LOG = logging.getLogger("prescan")
_LOG.addHandler(logging.NullHandler())

_JOBS_AT_MOST: Final = 4


class Scanner:
    """Loads rules and models once; thread-safe. Its workers end when it is closed or garbage collected."""

    def __init__(self, settings: Settings | None = None, *, workers: int = 0) -> None:
        """Use `settings` or the defaults; no settings file is looked for.

        `workers` processes are started immediately, so that they load in parallel; more start when needed. With
        workers, rules and models are loaded in this process only when it needs them (for `scan_text`), and a mistake in
        a model shows at the first scan. Raises SettingsError, RuleError, ModelError.
        """
        self.settings = settings or Settings()
        key, warning = load_key(self.settings.key_file)
        self.decisions = tuple(item for path in self.settings.baseline for item in ledger.read(path))
        accepted = ledger.suppressions(self.decisions)
        start = functools.partial(Worker, key=key, accepted=accepted)
        self._workers = Workers(start, self.settings, workers)
        self.readers = Readers(self.settings.limits)
        """The OCR processes."""
        self._finalizer = weakref.finalize(self, _stop, self._workers, self.readers)
        self._pictures = self.settings.limits.ocr_pages if is_available(self.settings) else 0
        self._load = functools.partial(_load, self.settings, key, accepted)
        self.warnings: tuple[str, ...] = (*((warning,) if warning else ()), *self._conflicts(in_workers=workers > 0))
        for message in self.warnings:
            _LOG.warning(message)

    @functools.cached_property
    def _engine(self) -> Engine:
        return self._load()

    def _conflicts(self, *, in_workers: bool) -> Iterator[str]:
        """Yield where the office's own 制度 differs from current law. Raises RuleError for a mistake in its rules."""
        own = self.settings.rules, self.settings.disabled
        if in_workers and not any(own):
            return
        from prescan.rules import load_rules  # noqa: PLC0415  as for the engine
        from prescan.rules.profile import conflicts  # noqa: PLC0415

        yield from map(str, conflicts((load_rules(*own) if in_workers else self.rules).profile))

    @classmethod
    def from_settings(cls, path: str | os.PathLike[str]) -> Scanner:
        """Make a scanner with the settings in a file. Raises SettingsError and what Scanner raises."""
        return cls(load_settings(path))

    @property
    def jobs(self) -> int:
        """The default number of files scanned at the same time."""
        return default_jobs(self.settings)

    def scan_text(self, text: str, *, context: Context | None = None, in_worker: bool = False) -> ScanResult:
        """Scan a text; offsets of the result index exactly this text. Raises TypeError for bytes.

        `in_worker`: scan in a worker process under its limits, so that a server stays responsive with any text.
        """
        check_type(text, str, "scan_text 要的是文字（str）；文件的内容请用 scan_bytes，文件请用 scan_file")
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        document = Document.of("", "text/plain", digest, lines(text))
        context, day = context or Context(stage=self.settings.stage), self.today
        if not in_worker or not text.strip():
            return self._engine.scan(document, context, day)
        request, blocks = Request("", context, day), Received(document.media_type, digest, list(document.blocks))
        received = self._workers.run(lambda worker: worker.scan(blocks, request))
        if received.result is not None:
            return wire.result(received.result, document)
        return self._nothing(document, received.failure or ReadError("crashed"), day)

    def scan_file(
        self,
        path: str | os.PathLike[str],
        *,
        context: Context | None = None,
        name: str | None = None,
        on_progress: Callable[[Received], None] | None = None,
    ) -> ScanResult:
        """Scan a file; never raises ReadError. `name` is its name in the result, by default the file name.

        `on_progress` is called in the calling thread after each message of a worker and before each picture goes
        through OCR, which takes seconds, with all that was received so far.
        """
        request = self._request(name or Path(path).name, context, os.fspath(path))
        return self._scan(request, on_progress)

    def scan_bytes(
        self,
        data: bytes,
        *,
        name: str = "",
        context: Context | None = None,
        pictures: bool = True,
        on_progress: Callable[[Received], None] | None = None,
    ) -> ScanResult:
        """Scan the bytes of a file; `name` helps to recognise the format if the content is ambiguous.

        Without `pictures` OCR is not used. `on_progress` as for `scan_file`. Raises TypeError for a str.
        """
        check_type(data, bytes, "scan_bytes 要的是字节（bytes）；文字请用 scan_text，文件请用 scan_file")
        request = self._request(name, context, None, data, pictures=pictures)
        return self._scan(request, on_progress)

    def pipe(
        self, paths: Iterable[str | os.PathLike[str]], *, jobs: int | None = None, context: Context | None = None
    ) -> Iterator[ScanResult]:
        """Yield the results of files in the order of `paths`; `jobs` files are scanned at the same time.

        If the caller stops iterating early, also by an interrupt, the running scans are ended at once.
        """
        borrowed = BorrowedWorkers(self._workers)

        def scan(path: str | os.PathLike[str]) -> ScanResult:
            request = self._request(Path(path).name, context, os.fspath(path))
            return self._scan(request, borrowed.raise_if_stopped, borrowed)

        yield from in_order(scan, paths, jobs or self.jobs, borrowed.stop)

    def load_document(self, path: str | os.PathLike[str]) -> Document:
        """Return the text and structure of a file. Raises ReadError if any part could not be read."""
        name = os.path.basename(path)  # noqa: PTH119
        check_path(os.fspath(path), self.settings.limits)
        absolute = os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118  a Path takes as long as reading a small file
        request = Request(name, path=absolute, pictures=self._pictures)
        return self._complete_document(name, self._workers.run(lambda worker: worker.read(request)))

    def load_documents(self, paths: Iterable[str | os.PathLike[str]]) -> Iterator[Document | ReadError]:
        """Yield for each file, in order, what `load_document` returns or would raise."""
        workers = Borrowing(self._workers.lend, self._workers.give_back)
        for name, response in read_ahead(paths, workers, self.settings.limits, self._pictures):
            try:
                yield self._complete_document(name, response) if isinstance(response, Received) else response
            except ReadError as error:
                yield error

    def _complete_document(self, name: str, received: Received) -> Document:
        """Return the document of a received file. Raises ReadError if any part could not be read."""
        if received.failure:
            raise received.failure
        if self.readers.has_work(received):
            self.readers.fill(received, name)
        for unread in received.unread:
            raise ReadError(unread.code, unread.detail)
        return received.document(name)

    def convert(
        self, task: str, source: str | os.PathLike[str] | bytes, name: str, arguments: list[Any]
    ) -> tuple[dict[str, Any], bytes]:
        """Run `formats.convert` on a file (path or bytes) in a worker; return its response and the bytes it made.

        Raises ReadError, also if a limit is exceeded.
        """
        if isinstance(source, bytes):
            request = Request(name, data=source)
            check_size(len(source), self.settings.limits)
        else:
            path = str(Path(source).absolute())
            request = Request(name, path=path)
            check_path(path, self.settings.limits)
        received = self._workers.run(lambda worker: worker.convert(task, request, arguments))
        if received.failure:
            raise received.failure
        return received.result or {}, received.data or b""

    @property
    def today(self) -> datetime.date:
        """The day of a scan that starts now: the one in the settings, else the date in Asia/Shanghai."""
        return today(self.settings)

    @property
    def versions(self) -> Mapping[str, str]:
        """The versions of prescan, rules and models, as in results."""
        return self._engine.versions

    @property
    def rules(self) -> RuleBase:
        """The rules in force."""
        return self._engine.rules.base

    def unreadable(self, name: str, code: str) -> ScanResult:
        """Return the result of an input known to be unreadable; `code` is one of errors.READ_CODES."""
        return self._nothing(Document(name, None, None, ()), ReadError(code), self.today)

    def close(self) -> None:
        """End the worker processes. The scanner may be used again; it starts new ones."""
        _close(self._workers, self.readers)

    def stop(self) -> None:
        """End the worker processes now, from any thread; running scans end with an error.

        The scanner cannot read files after that.
        """
        _stop(self._workers, self.readers)

    def __enter__(self) -> Self:
        """Return the scanner."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the scanner."""
        self.close()

    def _request(
        self, name: str, context: Context | None, path: str | None, data: bytes | None = None, *, pictures: bool = True
    ) -> Request:
        wanted = self._pictures if pictures else 0
        return Request(name, context or Context(stage=self.settings.stage), self.today, path, data, wanted)

    def _scan(
        self,
        request: Request,
        on_progress: Callable[[Received], None] | None = None,
        workers: Workers | BorrowedWorkers | None = None,
    ) -> ScanResult:
        name, workers = request.name, workers or self._workers
        try:
            if request.path is not None:
                check_path(request.path, self.settings.limits)
                request = replace(request, path=str(Path(request.path).absolute()))
            else:
                check_size(len(request.data or b""), self.settings.limits)
        except ReadError as error:
            return self._nothing(Document(name, None, None, ()), error, request.day)

        def read(skip: int, drawn: int) -> Received:
            asked = request.only_read() if skip else request
            return workers.run(lambda worker: worker.read(asked, skip, drawn, on_progress))

        def recognise(received: Received) -> None:
            self.readers.fill(received, name, on_progress)

        def scan(received: Received) -> Received:
            return workers.run(lambda worker: worker.scan(received, request))

        received = read_and_scan(name, read, recognise, scan)
        if received.result is not None:
            return wire.result(received.result, received.document(name))
        failure = received.failure or ReadError("crashed")
        if not received.blocks:
            return self._nothing(received.document(name), failure, request.day, tuple(received.unread))
        second = rest.scan(received, failure, request, self.settings, workers.start_separate)
        document = received.document(name)
        if second.result is not None:
            return wire.result(second.result, document)
        return self._nothing(document, second.failure or failure, request.day, tuple(received.unread))

    def _nothing(
        self, document: Document, error: ReadError, day: datetime.date | None, before: tuple[Unread, ...] = ()
    ) -> ScanResult:
        from prescan.scanner.pipeline import empty_result  # noqa: PLC0415  as above

        lost = (*before, Unread.of(document.name, error.code, error.detail))
        return empty_result(document, lost, self._engine.versions, day or self.today)


def _load(settings: Settings, key: bytes, accepted: Mapping[str, Suppression]) -> Engine:
    from prescan.scanner.pipeline import Engine  # noqa: PLC0415  takes longer to import than all the rest

    return Engine.load(settings, key, accepted)


def default_jobs(settings: Settings) -> int:
    """Return how many files to scan at the same time: the setting, else one per processor, at most four."""
    return settings.jobs or min(_JOBS_AT_MOST, os.cpu_count() or 1)


def _close(workers: Workers, readers: Readers) -> None:
    workers.close()
    readers.close()


def _stop(workers: Workers, readers: Readers) -> None:
    readers.stop()
    workers.stop()
