"""Parses containers in a separate process (`python -m prescan.audit._reader`), under limits.

A member of an archive, WARC or table that crashes the process is reported as unread, and another process continues
after it. If it is unknown which member was the cause, the rest of the source is unread, and items that were not seen do
not count as gone. A folder needs no parser, so it is listed in this process.
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

#: Items that may be queued; then the reader has to wait.
_AHEAD: Final = 8
#: Factor: the time limit of the reader for one item, in relation to that of a worker for one file.
_TIME_FACTOR: Final = 10
#: A source for which so many readers failed is given up.
_READERS_AT_MOST: Final = 20
_LENGTH_BYTES: Final = 4
_LISTED_HERE: Final = frozenset({"folder"})
_SENTENCES: Final = {
    "memory": "读取时内存不足，其后的内容未读，请拆小后再运行",
    "timeout": "读取超时，其后的内容未读，请检查这个文件后再运行",
    "crashed": "读取时出错，其后的内容未读，请检查这个文件是否损坏后再运行",
}
_NOTHING: Final = "中没有可看的页面或文件，请检查路径、挂载和导出是否完整"
_FATAL: Final = {error.__name__: error for error in (SettingsError, PrescanError)}
_DAYS: Final = frozenset({"produced_on", "published_on"})
_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[3]


def items(source: str, plan: Plan, limits: Limits, span: tuple[int, int] | None = None) -> Iterator[Item | Broken]:
    """Yield the items of a source like `sources.items`, of a WARC only those in `span`. Raises PrescanError.

    A source without any item is broken: a mirror that is not mounted must not close every doubt.
    """
    nothing = span is None
    for item in _items(source, plan, limits, span):
        nothing = False
        yield item
    if nothing:
        yield Item(Path(source).resolve().name, code="empty", detail=_NOTHING)
        yield Broken(f"{source} {_NOTHING}")


def _items(source: str, plan: Plan, limits: Limits, span: tuple[int, int] | None) -> Iterator[Item | Broken]:
    if sources.kind_of(source) in _LISTED_HERE:
        yield from sources.items(source, plan)
        return
    name, state = Path(source).name, _State()
    for _ in range(_READERS_AT_MOST):
        reader = _Reader(source, plan, limits, span, state)
        try:
            yield from reader.items()
        finally:
            reader.kill()
        code = reader.failure
        if code is None:
            return
        if state.stuck:
            break
        crashed_place, position = state.died()
        if crashed_place and not sources.skipped(crashed_place, plan):
            yield Item(crashed_place, code=code)
        elif crashed_place == "":
            yield Item(f"{name}#{position}", code=code)
            yield Broken(f"{name} 第 {position} 行没有读成，其中的页面未读，请检查这一行后再运行")
    yield Item(name, code=code, detail=_SENTENCES[code or "crashed"])
    yield Broken(f"{name} {_SENTENCES[code or 'crashed']}")


class _State:
    """How far the readers of a source have come (by positions of its members), and where the next one continues.

    The second reader, and each after it, is `careful`: it reports each member before reading it, so that it is known
    which member it died of.
    """

    def __init__(self) -> None:
        self.careful = False
        self.after: Any = None
        """The next reader continues after this member,"""
        self.skip = 0
        """and skips so many items, which were already received."""
        self._received: Any = None
        self._begun: Any = None
        self._place: str | None = None

    def received(self, position: Any) -> None:  # noqa: ANN401  a JSON value
        """Record that an item of the member at this position was received."""
        self._place = None
        if self.careful:
            return
        if position != self._received:
            self.after, self._received, self.skip = self._received, position, 0
        self.skip += 1

    def begun(self, position: Any, place: str | None) -> None:  # noqa: ANN401
        """Record that a member is about to be read, or, with place None, that it has no item."""
        self._begun, self._place = position, place

    @property
    def stuck(self) -> bool:
        """Whether a careful reader died before it came to any member."""
        return self.careful and self._begun is None

    def died(self) -> tuple[str | None, Any]:
        """Return place ("" if unknown) and position of the member the reader died of; place None: unknown member.

        The next reader will be careful, and continue after that member if it is known.
        """
        if not self.careful:
            self.careful = True
            return None, None
        fatal = self._place, self._begun
        self.after, self.skip = self._begun, 0
        self._place = self._begun = None
        return fatal


class _Reader:
    """A process that reads one source."""

    def __init__(self, source: str, plan: Plan, limits: Limits, span: tuple[int, int] | None, state: _State) -> None:
        self.failure: str | None = None
        """The code of its failure, if it did not come to the end of the source."""
        self._state = state
        self._seconds = _TIME_FACTOR * limits.seconds
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
            request = {"source": str(Path(source).absolute()), "plan": asdict(plan), "span": span}
            progress = {"after": state.after, "skip": state.skip, "careful": state.careful}
            send(self._process.stdin, {**request, **progress, "memory_mb": 2 * limits.memory_mb})
        threading.Thread(target=self._listen, daemon=True).start()

    def items(self) -> Iterator[Item | Broken]:
        """Yield the items; if the reader fails, `failure` is set."""
        late = False
        while True:
            try:
                message = self._messages.get(timeout=self._seconds)
            except queue.Empty:  # messages already received come before its end
                late = True
                self._process.kill()
                continue
            if message is None:
                died_of = "memory" if self._process.wait() == -signal.SIGABRT else "crashed"
                self.failure = "timeout" if late else died_of
                return
            head, data = message
            if "end" in head:
                return
            if "fatal" in head:
                raise _FATAL[head["fatal"]](head["detail"])
            if "failure" in head:
                self.failure = head["failure"]
                return
            if "at" in head:
                self._state.begun(head["at"], head["place"])
            elif "broken" in head:
                yield Broken(head["broken"])
            else:
                self._state.received(head["position"])
                yield _item(head, data)

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
            except (OSError, ValueError):  # closed, or not our JSON: treat the reader as dead
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
    """Write a message: length, JSON with the size of `data`, and `data`."""
    head = json.dumps({**message, "size": -1 if data is None else len(data)}, ensure_ascii=False, default=str)
    text = head.encode("utf-8", "surrogatepass")
    stream.write(len(text).to_bytes(_LENGTH_BYTES, "big") + text)
    if data is not None:
        stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes | None] | None:
    """Return the next message and its bytes; None at the end of the stream, also in the middle of a message."""
    head = stream.read(_LENGTH_BYTES)
    text = stream.read(int.from_bytes(head, "big")) if len(head) == _LENGTH_BYTES else b""
    if not text or len(text) < int.from_bytes(head, "big"):
        return None
    message: dict[str, Any] = json.loads(text.decode("utf-8", "surrogatepass"))
    size = message.pop("size")
    data = stream.read(size) if size >= 0 else None
    return None if data is not None and len(data) < size else (message, data)


def row(item: Item) -> dict[str, Any]:
    """Return an item as a message without its bytes; default values are left out."""
    message: dict[str, Any] = {"place": item.place}
    for name in ("path", "parent", "code", "detail"):
        if getattr(item, name):
            message[name] = getattr(item, name)
    if item.context != PUBLISHED:
        message["context"] = {name: value for name, value in asdict(item.context).items() if value is not None}
    return message


def _item(message: dict[str, Any], data: bytes | None) -> Item:
    context = PUBLISHED
    if "context" in message:
        context_fields: dict[str, Any] = message["context"]
        for name in _DAYS & context_fields.keys():
            context_fields[name] = datetime.date.fromisoformat(context_fields[name])
        context = Context(**context_fields)
    return Item(
        message["place"],
        path=message.get("path"),
        data=data,
        context=context,
        parent=message.get("parent"),
        code=message.get("code"),
        detail=message.get("detail", ""),
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
