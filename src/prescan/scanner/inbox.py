"""Messages of a worker, taken as they come by whoever waits for them.

Where the system can wait for a pipe with a time limit, the caller reads the pipe itself: a thread between them cost as
much as reading a small file. Elsewhere (Windows) a thread reads it.
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
#: How long closing waits for a reader, which sees the end of the pipe at once.
_CLOSING: Final = 5.0


class Inbox:
    """What a process says: length-prefixed messages (scanner/wire.py) on an unbuffered stream."""

    def __init__(self, stream: IO[bytes], *, polled: bool = hasattr(select, "poll")) -> None:
        """Read from `stream`; `polled`: the system can wait for it with a time limit."""
        self._stream = stream
        self._held = bytearray()
        self._ended = False
        self._reading = threading.Lock()
        self._chunk: Callable[[float], bytes | None]
        if polled:
            self._poll = select.poll()
            self._poll.register(stream, select.POLLIN)
            self._chunk = self._polled
        else:
            self._chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
            threading.Thread(target=self._listen, daemon=True).start()
            self._chunk = self._queued

    def message(self, deadline: float) -> dict[str, Any] | None:
        """Return the next message, with the bytes that follow it as "data".

        None if the time (of time.monotonic) is over or the process has ended.
        """
        with self._reading:
            frame = self._frame(deadline)
            if frame is None:
                return None
            try:
                message = wire.unpacked(frame)
            except ValueError:  # not our JSON: the worker is as good as dead
                self._ended = True
                self._held.clear()
                return None
            if message.get("data_follows"):
                data = self._frame(deadline)
                message["data"] = None if data is None else bytes(data)
            return message

    def close(self) -> None:
        """Close the stream of a process that has ended; whoever waits for a message has seen that by then."""
        waited = self._reading.acquire(timeout=_CLOSING)
        self._ended = True
        self._stream.close()
        if waited:
            self._reading.release()

    def _frame(self, deadline: float) -> bytearray | None:
        """Return the bytes of the next message, or None."""
        held = self._held
        while (size := self._size()) is None or len(held) < size:
            chunk = None if self._ended else self._chunk(deadline)
            if not chunk:
                return None
            held += chunk
        frame = held[_LENGTH_BYTES:size]
        del held[:size]
        return frame

    def _size(self) -> int | None:
        """Return how long the next message is with its length, if that has come."""
        held = self._held
        return _LENGTH_BYTES + int.from_bytes(held[:_LENGTH_BYTES], "big") if len(held) >= _LENGTH_BYTES else None

    def _polled(self, deadline: float) -> bytes | None:
        """Return what has come by the deadline; nothing at the end of the stream."""
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

    def _listen(self) -> None:
        while chunk := self._read():
            self._chunks.put(chunk)
        self._chunks.put(b"")

    def _read(self) -> bytes:
        """Return what can be read now; b"" at the end of the stream."""
        try:
            return self._stream.read(_CHUNK) or b""
        except (OSError, ValueError):  # closed under us
            return b""
