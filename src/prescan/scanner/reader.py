"""Runs the OCR process (`prescan._ocr`): starts it, kills it if it takes too long, and starts it again."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from prescan.errors import ReadError
from prescan.scanner import wire
from prescan.scanner.process import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.types import Limits, Picture

#: For importing the libraries and loading the models; not counted against a page.
_START_SECONDS: Final = 60.0
#: How long a process may take to end after it has closed its pipe.
_CLOSING: Final = 5.0
#: A process is replaced after this many pictures, so that leaks of its libraries do not add up.
_PICTURES_AT_MOST: Final = 200


class Reader(Protocol):
    """Anything that recognises the text of pictures."""

    def read(self, picture: Picture, count: dict[str, Any], layer: str) -> dict[str, Any]:
        """Return the message of `prescan._ocr` for a picture. Raises ReadError: timeout, memory, crashed and others."""

    def close(self) -> None:
        """End the process, if one is running."""


def _ended(process: subprocess.Popen[bytes] | None) -> int | None:
    """Return the exit code of a process that has closed its pipe, or None if it does not end."""
    try:
        return process.wait(_CLOSING) if process else None
    except subprocess.TimeoutExpired:
        return None


class _GoneError(ReadError):
    """The process ended by itself, as it does when it is idle for long."""


class Child:
    """One process at a time. Not thread-safe: the scanner lends it to one caller at a time."""

    def __init__(self, limits: Limits, command: Sequence[str] = (sys.executable, "-P", "-m", "prescan._ocr")) -> None:
        """Start no process before the first picture."""
        self._limits = limits
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._pictures = 0

    def read(self, picture: Picture, count: dict[str, Any], layer: str) -> dict[str, Any]:
        """Return the recognised text. Raises ReadError: timeout, memory, crashed, or what the process reports."""
        head = {"picture": wire.picture_head(picture), "count": count, "layer": layer}
        fresh = self._process is None or self._process.poll() is not None or self._pictures >= _PICTURES_AT_MOST
        try:
            return self._ask(head, picture.image, fresh=fresh)
        except _GoneError:  # it was idle for long and just ending
            return self._ask(head, picture.image, fresh=True)

    def _ask(self, head: dict[str, Any], image: bytes, *, fresh: bool) -> dict[str, Any]:
        if fresh:
            self._start()
        self._pictures += 1
        threading.Thread(target=self._send, args=(self._process, head, image), daemon=True).start()
        return self._next(self._limits.ocr_seconds)

    def close(self) -> None:
        """End the process and all its children, and wait for it."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (AttributeError, ProcessLookupError, PermissionError):  # Windows has no groups; or it just ended
                process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            try:
                if stream:
                    stream.close()
            except OSError:
                continue  # unsent bytes for a dead process

    def _start(self) -> None:
        self.close()
        self._pictures = 0
        self._messages = queue.SimpleQueue()
        self._process = subprocess.Popen(  # noqa: S603  our own program
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self._process, self._messages), daemon=True).start()
        self._send(self._process, {"memory_mb": self._limits.ocr_memory_mb})
        self._next(_START_SECONDS)

    def _next(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        try:
            message = self._messages.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            self.close()
            raise ReadError("timeout") from None
        if message is None:
            process = self._process
            code = _ended(process)
            self.close()
            if code == 0:
                raise _GoneError("crashed")
            raise ReadError("memory" if code == -signal.SIGABRT else "crashed")
        if "failure" in message:
            if message["failure"] in {"memory", "external_tool"}:
                self.close()
            raise ReadError(message["failure"], message["detail"])
        return message

    @staticmethod
    def _listen(process: subprocess.Popen[bytes], messages: queue.SimpleQueue[dict[str, Any] | None]) -> None:
        while process.stdout:
            try:
                message = wire.receive(process.stdout)
            except (OSError, ValueError):  # closed by another thread, or not our JSON: treat the process as ended
                message = None
            messages.put(message)
            if message is None:
                return

    @staticmethod
    def _send(process: subprocess.Popen[bytes] | None, message: dict[str, Any], data: bytes | None = None) -> None:
        try:
            if process and process.stdin:
                wire.send(process.stdin, message)
                if data is not None:
                    wire.send_bytes(process.stdin, data)
        except (OSError, ValueError):
            return  # the process has ended, which the next wait for a message will notice
