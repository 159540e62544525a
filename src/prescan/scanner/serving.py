"""What a worker is asked for and how it answers: reads a file, scans what was read, makes other files of it."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from typing import IO, Any, Final

from prescan import memory
from prescan.errors import READ_CODES, PrescanError, ReadError
from prescan.formats import convert, identify, read
from prescan.formats.budget import ReadOptions, SharedLimits
from prescan.scanner import wire
from prescan.scanner.brief import brief_of
from prescan.scanner.outbox import CLOCK, Outbox, named
from prescan.scanner.pipeline import Engine
from prescan.types import Block, Document, Picture, Unread

#: Read by libraries that never end the process: what is said of the file may wait for its first block.
_SURE: Final = frozenset({"text/plain", "text/html"})
#: A file object asks the system three times as much.
_READING: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_PIECE: Final = 1 << 20
#: What is wrong with a file of a batch may be for want of memory.
_DOUBTFUL: Final = frozenset({"memory", "corrupted", "crashed", "timeout", "external_tool"})
#: After so many characters, or seconds, what was read of a batch is sent.
_BATCH_CHARS: Final = 100_000
_MOMENT: Final = 0.25


def load(start: dict[str, Any], out: IO[bytes]) -> Engine | None:
    """Return rules and models as the first message asks, or None, having said why they could not be loaded."""
    settings = wire.settings(start["settings"])
    accepted = {finding_id: wire.suppression(item) for finding_id, item in start["accepted"].items()}
    try:
        return Engine.load(settings, bytes.fromhex(start["key"]), accepted)
    except PrescanError as error:
        wire.send(out, {"fatal": type(error).__name__, "detail": str(error)})
        return None


def answer(engine: Engine, message: dict[str, Any], out: IO[bytes], limit: int) -> bool:
    """Do what a message asks for and say what came of it; tell whether the process may go on. `limit`: its memory."""
    try:
        _OPERATIONS[message["op"]](engine, message, out)
    except MemoryError:
        _fail(out, "memory")
        return False
    except Exception as error:  # noqa: BLE001  whatever a reader raises is said of its file, never swallowed
        _fail_for(error, out, limit)
    return True


def _read(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Read a file or the bytes that follow; with a context scan it too."""
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
    box = Outbox(out, message["name"], head)
    CLOCK.watch(box)
    try:
        options = ReadOptions(message["skip"], box.begin, message["pictures"], message["drawn"])
        box.take(read(data, found, engine.settings.limits, message["name"], options))
        silent = not (box.has_blocks or box.pictures or message["skip"])
        scanned = message["context"] is not None and not box.pictures
        box.last = {"whole": True} if scanned or silent else {"whole": True, "result": {}}
    finally:
        CLOCK.watch(None)
        box.close()
    if not scanned:
        if silent:
            raise ReadError(box.lost[0].code, box.lost[0].detail) if box.lost else ReadError("empty")
        return
    document = Document.of(message["name"], found.media_type, digest, box.blocks)
    _send_result(engine, document, box.lost, message, out, data)


def _read_briefly(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Read and scan a file and say only what a store may keep of it: no text goes back, nor a digest: who asks has one.

    A file that fails when something of it was read already has `began` in its failure: `read` gives what there was.
    So does one with pictures whose text is to be recognised.
    """
    data = _bytes(message)
    blocks: list[Block] = []
    lost: list[Unread] = []
    try:
        found = identify(data, message["name"])
        options = ReadOptions(pictures=message["pictures"])
        for item in read(data, found, engine.settings.limits, message["name"], options):
            if isinstance(item, Picture):
                _fail(out, "no_text_layer", began=True)
                return
            if isinstance(item, Block):
                blocks.append(item)
            else:
                lost.append(named(item, message["name"]))
    except ReadError as error:
        if blocks:
            _fail(out, error.code, error.detail, began=True)
            return
        raise
    document = Document.of(message["name"], found.media_type, None, blocks)
    _send_result(engine, document, lost, message, out, data)


def _read_batch(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Read small files one after another and say what all of them say in few messages.

    Of a file that is to be read alone nothing is told but its place: one with pictures whose text is to be recognised,
    one that breaks its reader or may have failed for want of memory.
    """
    told: list[list[Any] | None] = []
    size, sent = 0, time.monotonic()
    limits = SharedLimits.of(engine.settings.limits, ReadOptions(pictures=message["pictures"]))
    for path, name in message["files"]:
        limits.reset()
        gist = _gist(path, name, limits)
        told.append(gist)
        size += sum(len(text) for run in gist[2:] for _, _, texts, _ in run for text in texts) if gist else 0
        if size > _BATCH_CHARS or time.monotonic() - sent > _MOMENT:  # then each has its own time
            wire.send(out, {"told": told})
            told, size, sent = [], 0, time.monotonic()
    if told:
        wire.send(out, {"told": told})


def _gist(path: str, name: str, limits: SharedLimits) -> list[Any] | None:
    """Return the media type, digest and blocks of a file, the code and sentence why it was not all read, or None."""
    blocks: list[Block] = []
    lost: Unread | None = None
    try:
        data = _content(path)
        found = identify(data, name)
        for item in read(data, found, limits, name):
            if type(item) is Block:
                blocks.append(item)
            elif isinstance(item, Unread):
                lost = lost or item
            else:
                return None
        if lost or not blocks:
            return [lost.code, lost.detail] if lost else ["empty", READ_CODES["empty"]]
    except ReadError as error:
        return [error.code, error.detail] if error.code not in _DOUBTFUL else None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  said of it when it is read alone
        return None
    return [found.media_type, hashlib.sha256(data).hexdigest(), wire.runs(blocks)]


def _scan(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Scan blocks that another worker read."""
    blocks = wire.blocks(message["blocks"])
    document = Document.of(message["name"], message["media_type"], message["sha256"], blocks)
    _send_result(engine, document, [wire.unread(item) for item in message["unread"]], message, out)


def _convert(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Make another file of a file: redacted, marked, or the images of its pages."""
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
    marks: dict[str, bytes] = {}
    result = engine.scan(document, wire.context(message["context"]), wire.day(message["day"]), lost, marks)
    if message.get("brief"):
        wire.send(out, {"result": brief_of(result, marks, engine.key, data)})
        return
    shown = {name: getattr(result, name) for name in _RESULT_FIELDS}
    wire.send(out, {"result": shown})


def _bytes(message: dict[str, Any]) -> bytes:
    if message["path"] is None:
        return wire.receive_bytes(sys.stdin.buffer) or b""
    return _content(message["path"])


def _content(path: str) -> bytes:
    try:
        file = os.open(path, _READING)
        try:
            size = os.fstat(file).st_size
            data = os.read(file, size + 1)
            if len(data) == size:
                return data
            return b"".join((data, *iter(lambda: os.read(file, _PIECE), b"")))  # it grows, or comes bit by bit
        finally:
            os.close(file)
    except FileNotFoundError:
        raise ReadError("missing") from None
    except OSError:
        raise ReadError("unreadable") from None


def _fail_for(error: Exception, out: IO[bytes], limit: int) -> None:
    """Say what went wrong with this file, or, for a bad rule or model, with every file."""
    if isinstance(error, ReadError):
        _fail(out, "memory" if error.code == "corrupted" and memory.is_near(limit) else error.code, error.detail)
    elif isinstance(error, PrescanError):
        wire.send(out, {"fatal": type(error).__name__, "detail": str(error)})
    else:
        _fail(out, "memory" if memory.is_near(limit) else "crashed")


def _fail(out: IO[bytes], code: str, detail: str = "", *, began: bool = False) -> None:
    wire.send(out, {"failure": code, "detail": detail, "began": began})


_RESULT_FIELDS: Final = ("findings", "suggestion", "unread", "verdict", "versions", "today", "title", "doc_number")
_OPERATIONS: Final = {
    "read": _read,
    "batch": _read_batch,
    "scan": _scan,
    "convert": _convert,
    "brief": _read_briefly,
}
