"""The child process (`python -P -m prescan._worker`): reads file after file and scans each, under limits.

Speaks length-prefixed JSON (scanner/wire.py) on what was descriptor 1; what a library prints goes to stderr instead.
Blocks are sent as they are read, so that they survive the end of this process.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import sys
import threading
import time
from collections import deque
from typing import IO, TYPE_CHECKING, Any, Final

from prescan import memory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.scanner.pipeline import Engine
    from prescan.types import Block, Document, Unread

#: Blocks are sent in batches of about this many characters.
_BATCH_CHARS: Final = 50_000
#: After so many seconds an incomplete batch is sent too.
_MOMENT: Final = 0.25
#: Read by libraries that never end the process: what is said of the file may wait for its first block.
_SURE: Final = frozenset({"text/plain", "text/html"})


def main() -> None:
    """Serve until standard input ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from prescan.scanner import wire  # noqa: PLC0415  imports may print: only after descriptor 1 has moved

    start = wire.receive(sys.stdin.buffer)
    if start is None:
        return
    settings = wire.settings(start["settings"])
    limit = memory.limit(settings.limits.memory_mb)
    engine = _load(start, out)
    if engine is None:
        return
    gc.freeze()  # rules and models stay: the collector need not look through them again for every file
    wire.send(out, {"ready": True, "versions": engine.versions})
    while (message := wire.receive(sys.stdin.buffer)) is not None:
        try:
            _OPERATIONS[message["op"]](engine, message, out)
        except MemoryError:
            _fail(out, "memory")
            return
        except Exception as error:  # noqa: BLE001  whatever a reader raises is said of its file, never swallowed
            _fail_for(error, out, limit)


def _load(start: dict[str, Any], out: IO[bytes]) -> Engine | None:
    from prescan.errors import PrescanError  # noqa: PLC0415
    from prescan.scanner import wire  # noqa: PLC0415
    from prescan.scanner.pipeline import Engine, today  # noqa: PLC0415

    settings = wire.settings({**start["settings"], "today": start["today"]})
    accepted = {finding_id: wire.suppression(item) for finding_id, item in start["accepted"].items()}
    try:
        return Engine.load(settings, bytes.fromhex(start["key"]), today(settings), accepted)
    except PrescanError as error:
        wire.send(out, {"fatal": type(error).__name__, "detail": str(error)})
        return None


def _read(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Read a file or the bytes that follow; with a context scan it too."""
    import hashlib  # noqa: PLC0415

    from prescan.errors import ReadError  # noqa: PLC0415
    from prescan.formats import identify, read  # noqa: PLC0415
    from prescan.formats.budget import Course  # noqa: PLC0415
    from prescan.scanner import wire  # noqa: PLC0415
    from prescan.types import Document  # noqa: PLC0415

    data = _bytes(message)
    digest = hashlib.sha256(data).hexdigest()
    try:
        found = identify(data, message["name"])
    except ReadError:
        wire.send(out, {"format": None, "sha256": digest})
        raise
    head = {"format": found.media_type, "sha256": digest}
    if found.media_type not in _SURE:
        wire.send(out, head)
        head = {}
    box = _Outbox(out, message["name"], head)
    _CLOCK.watch(box)
    try:
        course = Course(message["skip"], box.begin, message["pictures"], message["drawn"])
        box.take(read(data, found, engine.settings.limits, message["name"], course))
        silent = not (box.has_blocks or box.pictures or message["skip"])
        scanned = message["context"] is not None and not box.pictures
        box.last = {"whole": True} if scanned or silent else {"whole": True, "result": {}}
    finally:
        _CLOCK.watch(None)
        box.close()
    if not scanned:
        if silent:
            raise ReadError(box.lost[0].code, box.lost[0].detail) if box.lost else ReadError("empty")
        return
    document = Document.of(message["name"], found.media_type, digest, box.blocks)
    _send_result(engine, document, box.lost, message, out, data)


def _brief(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Read and scan a file and say only what a store may keep of it: no text goes back.

    A file that fails when something of it was read already has `began` in its failure: `read` gives what there was.
    So does one with pictures whose text is to be recognised.
    """
    import hashlib  # noqa: PLC0415

    from prescan.errors import ReadError  # noqa: PLC0415
    from prescan.formats import identify, read  # noqa: PLC0415
    from prescan.formats.budget import Course  # noqa: PLC0415
    from prescan.types import Block, Document, Picture  # noqa: PLC0415

    data = _bytes(message)
    blocks: list[Block] = []
    lost: list[Unread] = []
    try:
        found = identify(data, message["name"])
        course = Course(pictures=message["pictures"])
        for item in read(data, found, engine.settings.limits, message["name"], course):
            if isinstance(item, Picture):
                _fail(out, "no_text_layer", began=True)
                return
            if isinstance(item, Block):
                blocks.append(item)
            else:
                lost.append(_named(item, message["name"]))
    except ReadError as error:
        if blocks:
            _fail(out, error.code, error.detail, began=True)
            return
        raise
    digest = hashlib.sha256(data).hexdigest()
    document = Document.of(message["name"], found.media_type, digest, blocks)
    _send_result(engine, document, lost, message, out, data)


class _Outbox:
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
        self._lock = threading.Lock()
        self._closed = False

    def take(self, items: Iterable[Block | Unread]) -> None:
        """Put in what a reader yields."""
        from prescan.scanner import wire  # noqa: PLC0415
        from prescan.types import Picture, Unread  # noqa: PLC0415

        chars = 0
        for item in items:
            if isinstance(item, Picture):
                self.pictures += 1
                self._send({"picture": wire.head_of(item), "data_follows": True}, item.image)
                continue
            self._waiting.append(item)
            chars += 50
            if not isinstance(item, Unread):
                chars += len(item.text)
                self.has_blocks = True
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
        from prescan.scanner import wire  # noqa: PLC0415
        from prescan.types import Unread  # noqa: PLC0415

        with self._lock:
            if self._closed:
                return
            self._closed = closed
            items = [self._waiting.popleft() for _ in range(len(self._waiting))]
            blocks = [item for item in items if not isinstance(item, Unread)]
            lost = [_named(item, self._name) for item in items if isinstance(item, Unread)]
            head, self._head = self._head, {}
            if blocks or lost or head or more:
                wire.send(self._out, {**head, "blocks": blocks, "lost": lost, **more})
            if data is not None:
                wire.send_bytes(self._out, data)
            self.blocks += blocks
            self.lost += lost


class _Clock:
    """Looks every moment whether the file that is being read has something waiting, in one thread for all files."""

    def __init__(self) -> None:
        self._box: _Outbox | None = None
        self._busy = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, box: _Outbox | None) -> None:
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


_CLOCK: Final = _Clock()


def _named(lost: Unread, name: str) -> Unread:
    """Return what was lost, named by the file and, in a container, the member."""
    return dataclasses.replace(lost, name=f"{name}/{lost.name}" if lost.name else name)


def _scan(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Scan blocks that another worker read."""
    from prescan.scanner import wire  # noqa: PLC0415
    from prescan.types import Document  # noqa: PLC0415

    blocks = wire.blocks(message["blocks"])
    document = Document.of(message["name"], message["media_type"], message["sha256"], blocks)
    _send_result(engine, document, [wire.unread(item) for item in message["unread"]], message, out)


def _convert(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Make another file of a file: redacted, marked, or the images of its pages."""
    from prescan.formats import convert, identify  # noqa: PLC0415
    from prescan.scanner import wire  # noqa: PLC0415

    data = _bytes(message)
    found = identify(data, message["name"])
    said, made = convert(message["task"], data, found, message["arguments"], engine.settings.limits)
    wire.send(out, {"result": said, "data_follows": True})
    wire.send_bytes(out, made)


def _send_result(  # noqa: PLR0913, PLR0917  what a result is made of, and where it goes
    engine: Engine,
    document: Document,
    lost: list[Unread],
    message: dict[str, Any],
    out: IO[bytes],
    data: bytes | None = None,
) -> None:
    from prescan.scanner import wire  # noqa: PLC0415

    marks: dict[str, bytes] = {}
    result = engine.scan(document, wire.context(message["context"]), lost, marks)
    if message.get("brief"):
        from prescan.scanner.brief import brief  # noqa: PLC0415

        wire.send(out, {"result": brief(result, marks, engine.key, data)})
        return
    shown = {name: getattr(result, name) for name in _RESULT_FIELDS}
    wire.send(out, {"result": shown})


_RESULT_FIELDS: Final = ("findings", "suggestion", "unread", "verdict", "versions", "today", "title", "doc_number")
_OPERATIONS: Final = {"read": _read, "scan": _scan, "convert": _convert, "brief": _brief}


def _bytes(message: dict[str, Any]) -> bytes:
    from prescan.errors import ReadError  # noqa: PLC0415
    from prescan.scanner import wire  # noqa: PLC0415

    if message["path"] is None:
        return wire.receive_bytes(sys.stdin.buffer) or b""
    try:
        with open(message["path"], "rb") as stream:  # noqa: PTH123  the path is a plain string from the pipe
            return stream.read()
    except FileNotFoundError:
        raise ReadError("missing") from None
    except OSError:
        raise ReadError("unreadable") from None


def _fail_for(error: Exception, out: IO[bytes], limit: int) -> None:
    """Say what went wrong with this file, or, for a bad rule or model, with every file."""
    from prescan.errors import PrescanError, ReadError  # noqa: PLC0415
    from prescan.scanner import wire  # noqa: PLC0415

    if isinstance(error, ReadError):
        _fail(out, "memory" if error.code == "corrupted" and memory.is_near(limit) else error.code, error.detail)
    elif isinstance(error, PrescanError):
        wire.send(out, {"fatal": type(error).__name__, "detail": str(error)})
    else:
        _fail(out, "memory" if memory.is_near(limit) else "crashed")


def _fail(out: IO[bytes], code: str, detail: str = "", *, began: bool = False) -> None:
    from prescan.scanner import wire  # noqa: PLC0415

    wire.send(out, {"failure": code, "detail": detail, "began": began})


if __name__ == "__main__":
    main()
