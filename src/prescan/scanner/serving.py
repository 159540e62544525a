"""Handles the requests to a worker: reads files, scans blocks, converts files."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from typing import IO, Any, Final

from prescan import memory
from prescan.errors import READ_CODES, PrescanError, ReadError
from prescan.formats import convert, identify, is_plain_text, read
from prescan.formats.budget import ReadOptions, SharedLimits
from prescan.scanner import wire
from prescan.scanner.brief import brief_of
from prescan.scanner.outbox import FLUSHER, Outbox, with_file_name
from prescan.scanner.pipeline import Engine
from prescan.types import Block, Document, Picture, Unread

#: Formats whose readers never end the process: media type and digest may be sent with the first blocks.
_SAFE: Final = frozenset({"text/plain", "text/html"})
#: Files are read with os.open: a file object makes three times as many system calls.
_OPEN_FLAGS: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_PIECE: Final = 1 << 20
#: Failures that may be due to other files of the batch, such as a lack of memory.
_DOUBTFUL: Final = frozenset({"memory", "corrupted", "crashed", "timeout", "external_tool"})
#: Results of a batch are sent after this many characters or seconds.
_BATCH_CHARS: Final = 100_000
_BATCH_SECONDS: Final = 0.25


def load(start: dict[str, Any], out: IO[bytes]) -> Engine | None:
    """Return the engine for the settings in the first message. If loading fails, send the error and return None."""
    settings = wire.settings(start["settings"])
    accepted = {finding_id: wire.suppression(item) for finding_id, item in start["accepted"].items()}
    try:
        return Engine.load(settings, bytes.fromhex(start["key"]), accepted)
    except PrescanError as error:
        wire.send(out, {"fatal": type(error).__name__, "detail": str(error)})
        return None


def answer(engine: Engine, message: dict[str, Any], out: IO[bytes], limit: int) -> bool:
    """Handle a request and send the response; return whether the process may continue. `limit`: its memory limit."""
    try:
        _OPERATIONS[message["op"]](engine, message, out)
    except MemoryError:
        _fail(out, "memory")
        return False
    except Exception as error:  # noqa: BLE001  any exception of a reader is reported as the failure of its file
        _fail_for(error, out, limit)
    return True


def _read(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Read a file, or the bytes that follow the request; if the request has a context, scan it too."""
    data = _input(message)
    digest = hashlib.sha256(data).hexdigest()
    try:
        found = identify(data, message["name"])
    except ReadError:
        wire.send(out, {"format": None, "sha256": digest})
        raise
    head = {"format": found.media_type, "sha256": digest}
    if found.media_type not in _SAFE:
        wire.send(out, head)
        head = {}
    outbox = Outbox(out, message["name"], head)
    FLUSHER.watch(outbox)
    try:
        options = ReadOptions(message["skip"], outbox.begin_member, message["pictures"], message["drawn"])
        outbox.add(read(data, found, engine.settings.limits, message["name"], options))
        empty = not (outbox.has_blocks or outbox.pictures or message["skip"])
        scanned = message["context"] is not None and not outbox.pictures
        outbox.last = {"fully_read": True} if scanned or empty else {"fully_read": True, "result": {}}
    finally:
        FLUSHER.watch(None)
        outbox.close()
    if not scanned:
        if empty:
            raise ReadError(outbox.lost[0].code, outbox.lost[0].detail) if outbox.lost else ReadError("empty")
        return
    document = Document.of(message["name"], found.media_type, digest, outbox.blocks)
    wire.send(out, _scanned(engine, document, outbox.lost, message, data))


def _read_briefly(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Read and scan a file and send only its brief (scanner/brief.py), without text and digest.

    The failure has `partly_read` if blocks had been read before, or if pictures need OCR; then the caller uses `read`.
    """
    data = _input(message)
    blocks: list[Block] = []
    lost: list[Unread] = []
    try:
        found = identify(data, message["name"])
        options = ReadOptions(pictures=message["pictures"])
        for item in read(data, found, engine.settings.limits, message["name"], options):
            if isinstance(item, Picture):
                _fail(out, "no_text_layer", partly_read=True)
                return
            if isinstance(item, Block):
                blocks.append(item)
            else:
                lost.append(with_file_name(item, message["name"]))
    except ReadError as error:
        if blocks:
            _fail(out, error.code, error.detail, partly_read=True)
            return
        raise
    document = Document.of(message["name"], found.media_type, None, blocks)
    wire.send(out, _scanned(engine, document, lost, message, data))


def _read_batch(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Read small files one after another and send their blocks in few messages.

    The result of a file that must be read alone is None: if pictures need OCR, the reader raised an unknown exception,
    or the failure may be due to other files.
    """
    results: list[list[Any] | None] = []
    texts: list[bytes] = []
    size, sent = 0, time.monotonic()
    limits = SharedLimits.of(engine.settings.limits, ReadOptions(pictures=message["pictures"]))
    for path, name in message["files"]:
        limits.reset()
        result = _read_small(path, name, limits, texts)
        results.append(result)
        if result and len(result) > wire.FAILED:
            size += result[2] if isinstance(result[2], int) else _characters(result[2])
        # a message restarts the caller's time limit
        if size > _BATCH_CHARS or time.monotonic() - sent > _BATCH_SECONDS:
            wire.send_batch(out, results, texts)
            results, texts, size, sent = [], [], 0, time.monotonic()
    if results:
        wire.send_batch(out, results, texts)


def _characters(runs: list[list[Any]]) -> int:
    """Return how many characters runs of blocks hold (wire.block_runs)."""
    return sum(sum(map(len, texts)) for _, _, texts, _ in runs)


def _read_small(path: str, name: str, limits: SharedLimits, texts: list[bytes]) -> list[Any] | None:
    """Return [media type, digest, blocks] of a file, [code, detail] of its failure, or None to read it alone.

    In the place of the blocks of a plain text stands its length; the text itself is added to `texts`.
    """
    blocks: list[Block] = []
    lost: Unread | None = None
    try:
        data = _content(path)
        found = identify(data, name)
        if is_plain_text(data, found, name):
            texts.append(data)
            return [found.media_type, hashlib.sha256(data).hexdigest(), len(data)]
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
    except Exception:  # noqa: BLE001  reported when the file is read alone
        return None
    return [found.media_type, hashlib.sha256(data).hexdigest(), wire.block_runs(blocks)]


def _scan(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Scan blocks read by another worker."""
    blocks = wire.blocks(message["blocks"])
    document = Document.of(message["name"], message["media_type"], message["sha256"], blocks)
    wire.send(out, _scanned(engine, document, [wire.unread(item) for item in message["unread"]], message))


def _convert(engine: Engine, message: dict[str, Any], out: IO[bytes]) -> None:
    """Convert a file: to a redacted or marked copy, or to images of its pages."""
    data = _input(message)
    found = identify(data, message["name"])
    response, converted = convert(message["task"], data, found, message["arguments"], engine.settings.limits)
    wire.send(out, {"result": response, "data_follows": True})
    wire.send_bytes(out, converted)


def _scanned(
    engine: Engine, document: Document, lost: list[Unread], message: dict[str, Any], data: bytes | None = None
) -> dict[str, Any]:
    """Return the message with the result of a scan, or with its brief if that was requested."""
    fingerprints: dict[str, bytes] = {}
    result = engine.scan(document, wire.context(message["context"]), wire.day(message["day"]), lost, fingerprints)
    if message["brief"]:
        return {"result": brief_of(result, fingerprints, engine.key, data)}
    return {"result": wire.result_fields(result)}


def _input(message: dict[str, Any]) -> bytes:
    if message["path"] is None:
        return wire.receive_bytes(sys.stdin.buffer) or b""
    return _content(message["path"])


def _content(path: str) -> bytes:
    try:
        file = os.open(path, _OPEN_FLAGS)
        try:
            size = os.fstat(file).st_size
            data = os.read(file, size + 1)
            if len(data) == size:
                return data
            return b"".join((data, *iter(lambda: os.read(file, _PIECE), b"")))  # it has grown, or is no regular file
        finally:
            os.close(file)
    except FileNotFoundError:
        raise ReadError("missing") from None
    except OSError:
        raise ReadError("unreadable") from None


def _fail_for(error: Exception, out: IO[bytes], limit: int) -> None:
    """Send the failure of this file, or a fatal error for a bad rule or model."""
    if isinstance(error, ReadError):
        _fail(out, "memory" if error.code == "corrupted" and memory.is_near(limit) else error.code, error.detail)
    elif isinstance(error, PrescanError):
        wire.send(out, {"fatal": type(error).__name__, "detail": str(error)})
    else:
        _fail(out, "memory" if memory.is_near(limit) else "crashed")


def _fail(out: IO[bytes], code: str, detail: str = "", *, partly_read: bool = False) -> None:
    wire.send(out, {"failure": code, "detail": detail, "partly_read": partly_read})


_OPERATIONS: Final = {
    "read": _read,
    "batch": _read_batch,
    "scan": _scan,
    "convert": _convert,
    "brief": _read_briefly,
}
