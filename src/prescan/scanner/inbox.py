"""Receives the messages of a worker.

Where the system can wait for a pipe with a time limit, the caller reads the pipe itself, for a thread in between took
as long as reading a small file. Elsewhere (Windows) a thread reads it.
"""

from __future__ import annotations

import queue
import select
import threading
import time
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.scanner import wire

if TYPE_CHECKING:
    from collections.abc import Callable

_LENGTH_BYTES: Final = 4
_CHUNK: Final = 1 << 18
_MILLI: Final = 1_000
#: How long `close` waits for a call of `message`, which notices the end of the pipe at once.
_CLOSING: Final = 5.0


class Inbox:
    """The messages of a process (scanner/wire.py), read from an unbuffered stream."""

    def __init__(self, stream: IO[bytes], *, polled: bool = hasattr(select, "poll")) -> None:
        """Read from `stream`; `polled`: wait for it with select.poll, not with a thread."""
        self._stream = stream
        self._buffer = bytearray()
        self._ended = False
        self._reading = threading.Lock()
        self._chunk: Callable[[float], bytes | None]
        if polled:
            self._poll = select.poll()
            self._poll.register(stream, select.POLLIN)
            self._chunk = self._polled
        else:
            self._chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
            threading.Thread(target=self._read_to_queue, daemon=True).start()
            self._chunk = self._queued

    def message(self, deadline: float) -> dict[str, Any] | None:
        """Return the next message, with the bytes that follow it as "data".

        None if the deadline (of time.monotonic) has passed or the process has ended.
        """
        with self._reading:
            frame = self._frame(deadline)
            if frame is None:
                return None
            try:
                message = wire.decode(frame)
            except ValueError:  # not our JSON: treat the worker as ended
                self._ended = True
                self._buffer.clear()
                return None
            if message.get("data_follows"):
                data = self._frame(deadline)
                message["data"] = None if data is None else bytes(data)
            return message

    def close(self) -> None:
        """Close the stream of a process that has ended."""
        waited = self._reading.acquire(timeout=_CLOSING)
        self._ended = True
        self._stream.close()
        if waited:
            self._reading.release()

    def _frame(self, deadline: float) -> bytearray | None:
        """Return the bytes of the next message, or None."""
        buffer = self._buffer
        while (size := self._frame_size()) is None or len(buffer) < size:
            chunk = None if self._ended else self._chunk(deadline)
            if not chunk:
                return None
            buffer += chunk
        frame = buffer[_LENGTH_BYTES:size]
        del buffer[:size]
        return frame

    def _frame_size(self) -> int | None:
        """Return the size of the next message and its length prefix, or None if the prefix has not come."""
        buffer = self._buffer
        return _LENGTH_BYTES + int.from_bytes(buffer[:_LENGTH_BYTES], "big") if len(buffer) >= _LENGTH_BYTES else None

    def _polled(self, deadline: float) -> bytes | None:
        """Return what comes by the deadline: None if nothing does, b"" at the end of the stream."""
        left = max(0.0, deadline - time.monotonic())
        if not self._poll.poll(left * _MILLI):
            return None
        chunk = self._read()
        self._ended = not chunk
        return chunk

    def _queued(self, deadline: float) -> bytes | None:
        try:
            chunk = self._chunks.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None
        self._ended = not chunk
        return chunk

    def _read_to_queue(self) -> None:
        while chunk := self._read():
            self._chunks.put(chunk)
        self._chunks.put(b"")

    def _read(self) -> bytes:
        """Return the next bytes of the stream; b"" at its end."""
        try:
            return self._stream.read(_CHUNK) or b""
        except (OSError, ValueError):  # closed by another thread
            return b""
