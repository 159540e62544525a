"""Where a worker puts what it reads: sent in batches as it comes, so that it survives the end of the process."""

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
#: After so many seconds an incomplete batch is sent too.
_MOMENT: Final = 0.25


class Outbox:
    """Sends what a reader yields, in batches. What has waited for a moment is sent by the clock.

    A library that hangs lets other threads run, so what was read before it is not lost with it.
    """

    def __init__(self, out: IO[bytes], name: str, head: dict[str, Any]) -> None:
        """`head` goes with what is sent first."""
        self.blocks: list[Block] = []
        self.lost: list[Unread] = []
        self.has_blocks = False
        """Whether any block was put in."""
        self.last: dict[str, Any] = {}
        """What goes with what is sent last."""
        self._head = head
        self.pictures = 0
        """How many pictures were handed over to have their text recognised."""
        self._out = out
        self._name = name
        self._in_members = False
        self._waiting: deque[Block | Unread] = deque()
        self._any_lost = False
        self._lock = threading.Lock()
        self._closed = False

    def take(self, items: Iterable[Block | Unread]) -> None:
        """Put in what a reader yields."""
        chars = 0
        wait = self._waiting.append
        for item in items:
            if type(item) is Block:
                wait(item)
                chars += 50 + len(item.text)
                self.has_blocks = True
            elif isinstance(item, Picture):
                self.pictures += 1
                self._send({"picture": wire.head_of(item), "data_follows": True}, item.image)
                continue
            else:
                self._any_lost = True
                wait(item)
                chars += 50
            if chars >= _BATCH_CHARS:
                self._send({})
                chars = 0

    def begin(self, number: int, path: str) -> None:
        """Say that a member of a container begins: its time counts from now."""
        self._in_members = True
        self._send({"member": [number, path]})

    def hurry(self) -> None:
        """Send what waits."""
        if self._waiting or self._head:
            self._send({})

    def close(self) -> None:
        """Send the rest. A member that could not be read to its end stays the one that was read last."""
        self._send({**self.last, "member": None} if self._in_members and self.last else self.last, closed=True)

    def _send(self, more: dict[str, Any], data: bytes | None = None, *, closed: bool = False) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = closed
            items: list[Any] = list(map(deque.popleft, itertools.repeat(self._waiting, len(self._waiting))))
            blocks, lost = self._sorted(items) if self._any_lost else (items, [])
            head, self._head = self._head, {}
            if blocks or lost or head or more:
                wire.send(self._out, {**head, "blocks": blocks, "lost": lost, **more})
            if data is not None:
                wire.send_bytes(self._out, data)
            self.blocks += blocks
            self.lost += lost

    def _sorted(self, items: list[Block | Unread]) -> tuple[list[Block], list[Unread]]:
        """Return the blocks, and what was lost."""
        lost = [named(item, self._name) for item in items if isinstance(item, Unread)]
        return [item for item in items if not isinstance(item, Unread)], lost


class _Clock:
    """Looks every moment whether the file that is being read has something waiting, in one thread for all files."""

    def __init__(self) -> None:
        self._box: Outbox | None = None
        self._busy = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, box: Outbox | None) -> None:
        """Look after `box`, or after none."""
        self._box = box
        if box:
            self._busy.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._tick, daemon=True)
                self._thread.start()

    def _tick(self) -> None:
        while self._busy.wait():
            time.sleep(_MOMENT)
            if box := self._box:
                box.hurry()
            else:  # nothing to do until the next file
                self._busy.clear()
                if self._box:
                    self._busy.set()


CLOCK: Final = _Clock()


def named(lost: Unread, name: str) -> Unread:
    """Return what was lost, named by the file and, in a container, the member."""
    return dataclasses.replace(lost, name=f"{name}/{lost.name}" if lost.name else name)
