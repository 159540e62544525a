"""Sends the blocks a worker reads in batches while it reads, so that they survive the end of the process."""

from __future__ import annotations

import dataclasses
import itertools
import threading
import time
from collections import deque
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.scanner import wire
from prescan.types import Block, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Blocks are sent in batches of about this many characters.
_BATCH_CHARS: Final = 50_000
#: An incomplete batch is sent after this many seconds.
_FLUSH_SECONDS: Final = 0.25


class Outbox:
    """Sends the items of a reader in batches; FLUSHER sends those that have waited.

    FLUSHER has its own thread, so items are sent even if a library hangs.
    """

    def __init__(self, out: IO[bytes], name: str, head: dict[str, Any]) -> None:
        """`head` is added to the first message."""
        self.blocks: list[Block] = []
        self.lost: list[Unread] = []
        self.has_blocks = False
        """Whether any block was added."""
        self.last: dict[str, Any] = {}
        """Added to the last message."""
        self._head = head
        self.pictures = 0
        """How many pictures were sent for OCR."""
        self._out = out
        self._name = name
        self._in_members = False
        self._waiting: deque[Block | Unread] = deque()
        self._any_lost = False
        self._lock = threading.Lock()
        self._closed = False

    def add(self, items: Iterable[Block | Unread]) -> None:
        """Add and send the items of a reader."""
        chars = 0
        enqueue = self._waiting.append
        for item in items:
            if type(item) is Block:
                enqueue(item)
                chars += 50 + len(item.text)
                self.has_blocks = True
            elif isinstance(item, Picture):
                self.pictures += 1
                self._send({"picture": wire.picture_head(item), "data_follows": True}, item.image)
                continue
            else:
                self._any_lost = True
                enqueue(item)
                chars += 50
            if chars >= _BATCH_CHARS:
                self._send({})
                chars = 0

    def begin_member(self, number: int, path: str) -> None:
        """Send that a member of a container begins; its time limit starts now."""
        self._in_members = True
        self._send({"member": [number, path]})

    def flush(self) -> None:
        """Send the waiting items."""
        if self._waiting or self._head:
            self._send({})

    def close(self) -> None:
        """Send the rest, and unless reading failed, that no member is being read any more."""
        self._send({**self.last, "member": None} if self._in_members and self.last else self.last, closed=True)

    def _send(self, more: dict[str, Any], data: bytes | None = None, *, closed: bool = False) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = closed
            items: list[Any] = list(map(deque.popleft, itertools.repeat(self._waiting, len(self._waiting))))
            blocks, lost = self._separated(items) if self._any_lost else (items, [])
            head, self._head = self._head, {}
            if blocks or lost or head or more:
                wire.send(self._out, {**head, "blocks": blocks, "lost": lost, **more})
            if data is not None:
                wire.send_bytes(self._out, data)
            self.blocks += blocks
            self.lost += lost

    def _separated(self, items: list[Block | Unread]) -> tuple[list[Block], list[Unread]]:
        """Return the blocks and the unread items, named by file and member."""
        lost = [with_file_name(item, self._name) for item in items if isinstance(item, Unread)]
        return [item for item in items if not isinstance(item, Unread)], lost


class _Flusher:
    """Flushes the outbox of the file being read at short intervals, in one thread for all files."""

    def __init__(self) -> None:
        self._outbox: Outbox | None = None
        self._busy = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, outbox: Outbox | None) -> None:
        """Flush this outbox from now on, or none."""
        self._outbox = outbox
        if outbox:
            self._busy.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._tick, daemon=True)
                self._thread.start()

    def _tick(self) -> None:
        while self._busy.wait():
            time.sleep(_FLUSH_SECONDS)
            if outbox := self._outbox:
                outbox.flush()
            else:  # nothing to do before the next file
                self._busy.clear()
                if self._outbox:
                    self._busy.set()


FLUSHER: Final = _Flusher()


def with_file_name(lost: Unread, name: str) -> Unread:
    """Return an Unread with the name of the file before that of the member."""
    return dataclasses.replace(lost, name=f"{name}/{lost.name}" if lost.name else name)
