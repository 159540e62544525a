"""Starts worker processes (`prescan._worker`), reuses them between files, and kills them with all their children.

A worker that hangs, crashes or runs out of memory costs one file; what it had read by then has been sent and is kept.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from prescan import memory
from prescan.errors import ModelError, PrescanError, ReadError, RuleError, SettingsError
from prescan.formats import libreoffice
from prescan.scanner import wire
from prescan.scanner.inbox import Inbox
from prescan.scanner.process import environment, widen_pipe
from prescan.scanner.received import Received

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prescan.scanner.received import Request
    from prescan.types import Settings, Suppression

#: A worker is replaced after this many files, or if it uses too much memory, so that leaks of libraries do not add up.
_FILES_AT_MOST: Final = 20_000
#: Its memory is checked after this many files; where the system does not report it, a worker reads twice as many.
_CHECK_EVERY: Final = 250
_RESIDENT_MB: Final = 700
#: For starting Python and loading rules and models; not counted against the file.
_START_SECONDS: Final = 60.0
#: Each further arena takes 64 MB of the limit. Freed memory is kept for the next file: to return it to the system and
#: get it again took as long as reading a short file.
_MALLOC: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20),
}
_FATAL: Final = {error.__name__: error for error in (RuleError, ModelError, SettingsError)}
#: The time limit starts anew for each member of a container and each picture, up to this many times the limit in all.
_CONTAINER_TIMES: Final = 10
#: After these failures a process is not used for another file.
SPENT: Final = frozenset({"memory", "crashed", "timeout"})


class Worker:
    """One child process. Not thread-safe: the scanner lends it to one caller at a time."""

    def __init__(
        self,
        settings: Settings,
        key: bytes,
        accepted: Mapping[str, Suppression] | None = None,
    ) -> None:
        """Start the process; settings and key go through its standard input, never through argv or the environment."""
        self.seconds = settings.limits.seconds
        self.files = 0
        self._next_check = _CHECK_EVERY
        self._heavy = False
        self.versions: dict[str, str] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "prescan._worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**environment(), **_MALLOC},
            start_new_session=True,
        )
        self.pipe_bytes = widen_pipe(self._process)
        """Bytes that can be written to a busy worker without waiting for it."""
        if self._process.stdout is None:
            raise ValueError("a worker without a pipe")
        self._inbox = Inbox(self._process.stdout)
        self._send({"op": "start", "settings": settings, "key": key.hex(), "accepted": accepted or {}})
        self._ready = False

    def wait(self) -> None:
        """Wait until the process has loaded rules and models. Raises PrescanError if it cannot."""
        message = None if self._ready else self._next(time.monotonic() + _START_SECONDS)
        if message is not None and "ready" in message:
            self._ready, self.versions = True, message["versions"]
        if not self._ready:
            self.kill()
            raise _fatal(message)

    def read(
        self,
        request: Request,
        skip: int = 0,
        drawn: int = 0,
        on_progress: Callable[[Received], None] | None = None,
    ) -> Received:
        """Read a file and, if the request has a context, scan it. Never raises ReadError: see Received.failure.

        The first `skip` members of a container are skipped; an earlier worker sent `drawn` of the pictures for OCR.
        `on_progress` is called after each message, with all that was received so far.
        """
        self.wait()
        return self._ask(request.message("read", skip=skip, drawn=drawn), request.data, on_progress)

    def scan(self, received: Received, request: Request) -> Received:
        """Scan blocks read by another worker; return the result or the failure."""
        self.wait()
        fields = ("media_type", "sha256", "blocks", "unread")
        return self._ask(request.message("scan", **{name: getattr(received, name) for name in fields}))

    def post(self, request: Request) -> None:
        """Request the brief of a file. Several files may be posted before `take`, which returns them in this order.

        Writes in the calling thread, so it blocks if a busy worker is sent more than `pipe_bytes`.
        """
        self.wait()
        self._send(request.message("brief"), request.data)

    def post_reading(self, request: Request) -> None:
        """Request the blocks of a file, as `post` requests its brief."""
        self._send(request.message("read", skip=0, drawn=0))

    def post_batch(self, files: Sequence[tuple[str, str]], pictures: int = 0) -> None:
        """Request the blocks of small files, given as (path, name); `take_batch` returns them."""
        self._send({"op": "batch", "files": files, "pictures": pictures})

    def take(self) -> Received:
        """Return the response for the first posted file that was not yet taken. Received.result is its brief."""
        return self._collect()

    def take_batch(self) -> list[Any] | None:
        """Return the results of the next files, at least one, of the batch posted first (see serving.py).

        None if the worker ended or exceeded the time limit of a file; it is killed then.
        """
        message = self._next(time.monotonic() + self.seconds)
        results = wire.batch_results(message) if message else None
        if results is None:
            self.kill()
            return None
        self.files += len(results)
        return results

    @property
    def process_id(self) -> int:
        """The id of the process."""
        return self._process.pid

    def convert(self, task: str, request: Request, arguments: list[Any]) -> Received:
        """Make another file of a file (formats.convert). Never raises ReadError: see Received.failure."""
        self.wait()
        return self._ask(request.message("convert", task=task, arguments=arguments), request.data)

    def may_take_another(self) -> bool:
        """Return whether the process is alive and may read another file. Now and then this checks its memory."""
        if self.files >= self._next_check:
            self._next_check = self.files + _CHECK_EVERY
            used_mb = memory.resident_mb(self._process.pid)
            self._heavy = self.files >= 2 * _CHECK_EVERY if used_mb is None else used_mb > _RESIDENT_MB
        return self._process.poll() is None and self.files < _FILES_AT_MOST and not self._heavy

    def kill(self) -> None:
        """End the process and all its children, wait for it, and remove its temporary files."""
        if self._process.poll() is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (AttributeError, ProcessLookupError, PermissionError):  # Windows has no groups; or it just ended
                self._process.kill()
        self._process.wait()
        self._inbox.close()
        if self._process.stdin:
            self._process.stdin.close()
        libreoffice.remove_leftovers(self._process.pid)

    def _ask(
        self, message: dict[str, Any], data: bytes | None = None, on_progress: Callable[[Received], None] | None = None
    ) -> Received:
        """Send a message, and the bytes that follow it, and return the response.

        More than `pipe_bytes` is sent from a thread, so that a worker that does not read cannot block the caller beyond
        the time limit.
        """
        frames = _frames(message, data)
        if sum(map(len, frames)) <= self.pipe_bytes:
            self._write(frames)
        else:
            threading.Thread(target=self._write, args=(frames,), daemon=True).start()
        return self._collect(on_progress)

    def _collect(self, on_progress: Callable[[Received], None] | None = None) -> Received:
        self.files += 1
        received = Received()
        deadline = time.monotonic() + self.seconds
        latest = deadline + _CONTAINER_TIMES * self.seconds
        while received.result is None and received.failure is None:
            message = self._next(deadline)
            if message is None:
                late = time.monotonic() >= deadline
                self.kill()
                received.failure = ReadError("timeout" if late else self._cause_of_death(received))
            elif "fatal" in message:
                self.kill()
                raise _fatal(message)
            else:
                _add(message, received)
                if on_progress is not None:
                    on_progress(received)
                if "member" in message or "picture" in message:
                    deadline = min(time.monotonic() + self.seconds, latest)
        if received.failure and received.failure.code in SPENT:
            self.kill()
        return received

    def _cause_of_death(self, received: Received) -> str:
        """Return the failure code for a process that ended by itself.

        If memory runs out, PDFium and libraries written in Rust only call abort().
        """
        aborted = self._process.returncode == -signal.SIGABRT and received.media_type is not None
        return "memory" if aborted else "crashed"

    def _next(self, deadline: float) -> dict[str, Any] | None:
        """Return the next message; None if the deadline has passed or the process has ended."""
        return self._inbox.message(deadline)

    def _send(self, message: dict[str, Any], data: bytes | None = None) -> None:
        self._write(_frames(message, data))

    def _write(self, frames: Sequence[bytes]) -> None:
        """Write to the process; a full pipe takes only a part at a time."""
        stream = self._process.stdin
        try:
            for frame in frames:
                left = memoryview(frame)
                while stream and left:
                    left = left[stream.write(left) :]
        except (OSError, ValueError):
            return  # the process has ended, which the next wait for a message will notice


def _frames(message: dict[str, Any], data: bytes | None) -> tuple[bytes, ...]:
    """Return the bytes to send for a message and the data that follow it."""
    frame = wire.frame(message)
    return (frame,) if data is None else (frame, wire.length_prefix(data), data)


def _add(message: dict[str, Any], received: Received) -> None:
    """Add the content of a message to `received`."""
    if "format" in message:
        received.media_type, received.sha256 = message["format"], message["sha256"]
    received.blocks += wire.blocks(message.get("blocks", ()))
    received.unread += [wire.unread(item) for item in message.get("lost", ())]
    if "picture" in message:
        received.blocks.append(wire.picture(message["picture"], message["data"] or b""))
        return
    received.result = message.get("result")
    received.data = message.get("data")
    if "member" in message:
        received.member = tuple(message["member"]) if message["member"] else None
    received.fully_read = received.fully_read or "fully_read" in message
    if "failure" in message:
        received.failure = ReadError(message["failure"], message["detail"])
        received.partly_read = message.get("partly_read", False)


def _fatal(message: dict[str, Any] | None) -> PrescanError:
    """Return the exception for an error that affects every file."""
    if message and message.get("fatal") in _FATAL:
        return _FATAL[message["fatal"]](message["detail"])
    return PrescanError("读取进程无法启动，请检查安装是否完整、内存是否足够")
