"""Worker processes: started by name, reused between files, killed with everything they started.

A worker that hangs, crashes or runs out of memory costs one file. What it had read by then has been sent and is kept.
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
from prescan.scanner.process import environment, widened
from prescan.scanner.received import Received, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prescan.types import Settings, Suppression

#: A worker is replaced after this many files, or when it holds too much: whatever a library leaks does not add up.
_FILES_AT_MOST: Final = 20_000
#: So many files between two looks at its memory; where nothing tells of it, a worker reads twice as many.
_LOOK_EVERY: Final = 250
_RESIDENT_MB: Final = 700
#: Starting Python and loading rules and model; not counted against the file.
_START_SECONDS: Final = 60.0
#: Each further arena takes 64 MB of the limit. What one file needed is kept for the next: giving it back to the system
#: and asking for it again cost as much as reading a short file.
_MALLOC: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20),
}
_FATAL: Final = {error.__name__: error for error in (RuleError, ModelError, SettingsError)}
#: Time counts anew for each member of a container and each picture, but not for longer than so many times the limit.
_CONTAINER_TIMES: Final = 10
#: After these a process is not to be trusted with another file.
SPENT: Final = frozenset({"memory", "crashed", "timeout"})


class Worker:
    """One child process. Not thread-safe: the scanner lends it to one caller at a time."""

    def __init__(
        self,
        settings: Settings,
        key: bytes,
        accepted: Mapping[str, Suppression] | None = None,
    ) -> None:
        """Start the process and hand it settings and key over its standard input, never argv or the environment."""
        self.seconds = settings.limits.seconds
        self.files = 0
        self._next_look = _LOOK_EVERY
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
        self.room = widened(self._process)
        """Bytes that may be posted ahead to a busy worker without waiting for it."""
        if self._process.stdout is None:
            raise ValueError("a worker without a pipe")
        self._inbox = Inbox(self._process.stdout)
        self._send({"op": "start", "settings": settings, "key": key.hex(), "accepted": accepted or {}})
        self._ready = False

    def wait(self) -> None:
        """Wait until the process has loaded rules and model. Raises what keeps it from it."""
        message = None if self._ready else self._next(time.monotonic() + _START_SECONDS)
        if message is not None and "ready" in message:
            self._ready, self.versions = True, message["versions"]
        if not self._ready:
            self.kill()
            raise _fatal(message)

    def read(  # noqa: PLR0913  what a file is read with
        self,
        path: str | None,
        data: bytes | None,
        request: Request,
        skip: int = 0,
        *,
        brief: bool = False,
        pictures: int = 0,
        drawn: int = 0,
        heard: Callable[[Received], None] | None = None,
    ) -> Received:
        """Read a file (or bytes) and, if the request has a context, scan it.

        Never raises ReadError: see Received.failure. Of a container the first `skip` members are passed over. With
        `brief` the result is only what a store may keep (scanner/brief.py). Up to `pictures` pictures come among the
        blocks for their text to be recognised; if there are any, what was read is not scanned; `drawn` of them came
        from an earlier worker. `heard` is called whenever something came, with all there is so far.
        """
        self.wait()
        head = {"op": "read", "path": path, **request._asdict()}
        return self._ask({**head, "skip": skip, "brief": brief, "pictures": pictures, "drawn": drawn}, data, heard)

    def scan(self, received: Received, request: Request, *, brief: bool = False) -> Received:
        """Scan blocks that another worker read before it ended."""
        self.wait()
        head = {"op": "scan", **request._asdict(), "media_type": received.media_type, "sha256": received.sha256}
        return self._ask({**head, "brief": brief, "blocks": received.blocks, "unread": received.unread})

    def post(self, path: str | None, data: bytes | None, request: Request, pictures: int = 0) -> None:
        """Ask for the brief of a file; several may be asked for before the first is taken, in the same order.

        Written from the calling thread: whoever posts more than the pipe holds to a busy worker waits for it.
        """
        self.wait()
        self._send({"op": "brief", "path": path, **request._asdict(), "brief": True, "pictures": pictures}, data)

    def post_reading(self, path: str, name: str, pictures: int = 0) -> None:
        """Ask for what a file says, as `post` does for its brief."""
        head = {"op": "read", "path": path, **Request(name)._asdict()}
        self._send({**head, "skip": 0, "brief": False, "pictures": pictures, "drawn": 0})

    def post_batch(self, files: Sequence[tuple[str, str]], pictures: int = 0) -> None:
        """Ask for what small files say (path, name of each), as `post` does; `take_batch` takes what comes back."""
        self._send({"op": "batch", "files": files, "pictures": pictures})

    def take(self) -> Received:
        """Return what comes back for the first file that was posted and not taken. Received.result is its brief."""
        return self._collect()

    def take_batch(self) -> list[Any] | None:
        """Return what was told of the next files of the batch that was posted first (serving.py), at least of one.

        None if the worker ended at one of them, or took longer than a file may take: it is killed then.
        """
        message = self._next(time.monotonic() + self.seconds)
        told: list[Any] | None = message.get("told") if message else None
        if told is None:
            self.kill()
            return None
        self.files += len(told)
        return told

    @property
    def process_id(self) -> int:
        """The id of the process."""
        return self._process.pid

    def convert(self, task: str, path: str | None, data: bytes | None, name: str, arguments: list[Any]) -> Received:
        """Make another file of a file (formats.convert). Never raises ReadError: see Received.failure."""
        self.wait()
        return self._ask({"op": "convert", "task": task, "path": path, "name": name, "arguments": arguments}, data)

    def may_take_another(self) -> bool:
        """Tell whether the process lives and may take another file; now and then its memory is looked at for that."""
        if self.files >= self._next_look:
            self._next_look = self.files + _LOOK_EVERY
            held = memory.resident_mb(self._process.pid)
            self._heavy = self.files >= 2 * _LOOK_EVERY if held is None else held > _RESIDENT_MB
        return self._process.poll() is None and self.files < _FILES_AT_MOST and not self._heavy

    def kill(self) -> None:
        """End the process and everything it started, wait for it, and remove what it had written on the way."""
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
        self, message: dict[str, Any], data: bytes | None = None, heard: Callable[[Received], None] | None = None
    ) -> Received:
        """Send a message, and the bytes that follow it, and return what comes back.

        What its pipe may not hold is sent from a thread: a worker that has stopped reading must not hold the caller
        beyond the limit.
        """
        pieces = _pieces(message, data)
        if sum(map(len, pieces)) <= self.room:
            self._write(pieces)
        else:
            threading.Thread(target=self._write, args=(pieces,), daemon=True).start()
        return self._collect(heard)

    def _collect(self, heard: Callable[[Received], None] | None = None) -> Received:
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
                _take(message, received)
                if heard is not None:
                    heard(received)
                if "member" in message or "picture" in message:
                    deadline = min(time.monotonic() + self.seconds, latest)
        if received.failure and received.failure.code in SPENT:
            self.kill()
        return received

    def _cause_of_death(self, received: Received) -> str:
        """Return the code for a process that ended by itself.

        Where memory runs out, PDFium and the libraries written in Rust call abort() and give no other sign of it.
        """
        aborted = self._process.returncode == -signal.SIGABRT and received.media_type is not None
        return "memory" if aborted else "crashed"

    def _next(self, deadline: float) -> dict[str, Any] | None:
        """Return the next message; None if the time is over or the process has ended."""
        return self._inbox.message(deadline)

    def _send(self, message: dict[str, Any], data: bytes | None = None) -> None:
        self._write(_pieces(message, data))

    def _write(self, pieces: Sequence[bytes]) -> None:
        """Write to the process: a pipe that is full takes a part at a time."""
        stream = self._process.stdin
        try:
            for piece in pieces:
                left = memoryview(piece)
                while stream and left:
                    left = left[stream.write(left) :]
        except (OSError, ValueError):
            return  # it has ended; what we wait for next will say so


def _pieces(message: dict[str, Any], data: bytes | None) -> tuple[bytes, ...]:
    """Return what goes down the pipe: a message, and the bytes that follow it."""
    said = wire.packed(message)
    return (said,) if data is None else (said, wire.length_of(data), data)


def _take(message: dict[str, Any], received: Received) -> None:
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
    received.whole = received.whole or "whole" in message
    if "failure" in message:
        received.failure = ReadError(message["failure"], message["detail"])
        received.began = message.get("began", False)


def _fatal(message: dict[str, Any] | None) -> PrescanError:
    """Return the error that keeps every file from being scanned."""
    if message and message.get("fatal") in _FATAL:
        return _FATAL[message["fatal"]](message["detail"])
    return PrescanError("读取进程无法启动，请检查安装是否完整、内存是否足够")
