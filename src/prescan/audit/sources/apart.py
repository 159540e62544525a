"""Containers are parsed in a process of their own (`python -m prescan.audit._reader`), under limits.

A poisonous archive, WARC or table costs that process: what it gave before is kept, the rest is told as unread, and what
was not seen is not known to be gone. A folder is only listed, which needs no parser, so it is listed here.
"""

from __future__ import annotations

import datetime
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.audit import sources
from prescan.audit.sources import PUBLISHED, Broken, Item
from prescan.errors import PrescanError, SettingsError
from prescan.types import Context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.audit.plan import Plan
    from prescan.types import Limits

#: Items that wait for us at most; beyond that the reader waits.
_AHEAD: Final = 8
#: A single item may take the reader so many times what a file may take a worker.
_TIMES: Final = 10
_LENGTH_BYTES: Final = 4
_LISTED_HERE: Final = frozenset({"folder"})
_SAID: Final = {
    "memory": "读取时内存不足，其后的内容未读，请拆小后再运行",
    "timeout": "读取超时，其后的内容未读，请检查这个文件后再运行",
    "crashed": "读取时出错，其后的内容未读，请检查这个文件是否损坏后再运行",
}
_FATAL: Final = {error.__name__: error for error in (SettingsError, PrescanError)}
_DAYS: Final = frozenset({"produced_on", "published_on"})
_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[3]


def items(source: str, plan: Plan, limits: Limits, span: tuple[int, int] | None = None) -> Iterator[Item | Broken]:
    """Yield what a source holds, as `sources.items` does; of a WARC only what `span` says. Raises what that raises."""
    if sources.kind_of(source) in _LISTED_HERE:
        yield from sources.items(source, plan)
        return
    reader = _Reader(source, plan, limits, span)
    try:
        yield from reader.items()
    finally:
        reader.kill()


class _Reader:
    """One process that reads one source."""

    def __init__(self, source: str, plan: Plan, limits: Limits, span: tuple[int, int] | None) -> None:
        self._name = Path(source).name
        self._seconds = _TIMES * limits.seconds
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "prescan.audit._reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**_environment(), "PYTHONPATH": str(_PACKAGE_ROOT)},
            start_new_session=True,
        )
        self._messages: queue.Queue[tuple[dict[str, Any], bytes | None] | None] = queue.Queue(_AHEAD)
        self._ended = threading.Event()
        if self._process.stdin:
            order = {"source": str(Path(source).absolute()), "plan": asdict(plan), "span": span}
            send(self._process.stdin, {**order, "memory_mb": 2 * limits.memory_mb})
        threading.Thread(target=self._listen, daemon=True).start()

    def items(self) -> Iterator[Item | Broken]:
        """Yield the items; a reader that ends before its end is told of."""
        while True:
            try:
                message = self._messages.get(timeout=self._seconds)
            except queue.Empty:
                yield from self._lost("timeout")
                return
            if message is None:
                yield from self._lost("memory" if self._process.wait() == -signal.SIGABRT else "crashed")
                return
            head, data = message
            if "end" in head:
                return
            if "fatal" in head:
                raise _FATAL[head["fatal"]](head["detail"])
            if "failure" in head:
                yield from self._lost(head["failure"])
                return
            yield Broken(head["broken"]) if "broken" in head else _item(head, data)

    def _lost(self, code: str) -> Iterator[Item | Broken]:
        yield Item(self._name, code=code, detail=_SAID[code])
        yield Broken(f"{self._name} {_SAID[code]}")

    def kill(self) -> None:
        """End the process."""
        self._ended.set()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def _listen(self) -> None:
        message: tuple[dict[str, Any], bytes | None] | None = None
        while not self._ended.is_set():
            try:
                message = receive(self._process.stdout) if self._process.stdout else None
            except (OSError, ValueError):  # closed under us, or not our JSON: the reader is as good as dead
                message = None
            while not self._ended.is_set():
                try:
                    self._messages.put(message, timeout=1)
                    break
                except queue.Full:
                    continue
            if message is None:
                return


def send(stream: IO[bytes], message: dict[str, Any], data: bytes | None = None) -> None:
    """Write a message: its length, JSON, and the bytes it says follow it."""
    head = json.dumps({**message, "size": -1 if data is None else len(data)}, ensure_ascii=False, default=str)
    text = head.encode("utf-8", "surrogatepass")
    stream.write(len(text).to_bytes(_LENGTH_BYTES, "big") + text)
    if data is not None:
        stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes | None] | None:
    """Return the next message and its bytes, or None where the stream ends, even in the middle of one."""
    head = stream.read(_LENGTH_BYTES)
    text = stream.read(int.from_bytes(head, "big")) if len(head) == _LENGTH_BYTES else b""
    if not text or len(text) < int.from_bytes(head, "big"):
        return None
    message: dict[str, Any] = json.loads(text.decode("utf-8", "surrogatepass"))
    size = message.pop("size")
    data = stream.read(size) if size >= 0 else None
    return None if data is not None and len(data) < size else (message, data)


def row(item: Item) -> dict[str, Any]:
    """Return an item as a message, without its bytes; what is usual is left out."""
    said: dict[str, Any] = {"place": item.place}
    for name in ("path", "parent", "code", "detail"):
        if getattr(item, name):
            said[name] = getattr(item, name)
    if item.context != PUBLISHED:
        said["context"] = {name: value for name, value in asdict(item.context).items() if value is not None}
    return said


def _item(said: dict[str, Any], data: bytes | None) -> Item:
    context = PUBLISHED
    if "context" in said:
        known: dict[str, Any] = said["context"]
        for name in _DAYS & known.keys():
            known[name] = datetime.date.fromisoformat(known[name])
        context = Context(**known)
    return Item(
        said["place"],
        path=said.get("path"),
        data=data,
        context=context,
        parent=said.get("parent"),
        code=said.get("code"),
        detail=said.get("detail", ""),
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
