"""Containers are parsed in a process of their own (`python -m prescan.audit._reader`), under limits.

A poisonous member of an archive, WARC or table costs that process and itself: it is told as unread, and another
process reads on behind it. Where it cannot be told what the poison was, the rest is unread, and what was not seen is
not known to be gone. A folder is only listed, which needs no parser, so it is listed here.
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
#: A source that needs more readers than this is left.
_READERS_AT_MOST: Final = 20
_LENGTH_BYTES: Final = 4
_LISTED_HERE: Final = frozenset({"folder"})
_SAID: Final = {
    "memory": "读取时内存不足，其后的内容未读，请拆小后再运行",
    "timeout": "读取超时，其后的内容未读，请检查这个文件后再运行",
    "crashed": "读取时出错，其后的内容未读，请检查这个文件是否损坏后再运行",
}
_NOTHING: Final = "中没有可看的页面或文件，请检查路径、挂载和导出是否完整"
_FATAL: Final = {error.__name__: error for error in (SettingsError, PrescanError)}
_DAYS: Final = frozenset({"produced_on", "published_on"})
_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[3]


def items(source: str, plan: Plan, limits: Limits, span: tuple[int, int] | None = None) -> Iterator[Item | Broken]:
    """Yield what a source holds, as `sources.items` does; of a WARC only what `span` says. Raises what that raises.

    A source that holds nothing at all is broken: a mirror that is not mounted must not rectify every doubt.
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
    name, reached = Path(source).name, _Reached()
    for _ in range(_READERS_AT_MOST):
        reader = _Reader(source, plan, limits, span, reached)
        try:
            yield from reader.items()
        finally:
            reader.kill()
        code = reader.failure
        if code is None:
            return
        if reached.stuck:
            break
        lost, mark = reached.died()
        if lost and not sources.skipped(lost, plan):
            yield Item(lost, code=code)
        elif lost == "":
            yield Item(f"{name}#{mark}", code=code)
            yield Broken(f"{name} 第 {mark} 行没有读成，其中的页面未读，请检查这一行后再运行")
    yield Item(name, code=code, detail=_SAID[code or "crashed"])
    yield Broken(f"{name} {_SAID[code or 'crashed']}")


class _Reached:
    """How far the readers of a source have come, by the marks of its members, and where the next one goes on.

    The second reader, and each after it, says what it is about to read: dies it there, that is what it died of.
    """

    def __init__(self) -> None:
        self.careful = False
        self.behind: Any = None
        """A reader goes on behind this member."""
        self.passed = 0
        """So many items of what follows have been given."""
        self._given: Any = None
        self._begun: Any = None
        self._place: str | None = None

    def given(self, mark: Any) -> None:  # noqa: ANN401  as JSON holds it
        """Note that an item of a member was given."""
        self._place = None
        if self.careful:
            return
        if mark != self._given:
            self.behind, self._given, self.passed = self._given, mark, 0
        self.passed += 1

    def begun(self, mark: Any, place: str | None) -> None:  # noqa: ANN401
        """Note that a member is about to be read; without a place (None) that there was nothing in it to give."""
        self._begun, self._place = mark, place

    @property
    def stuck(self) -> bool:
        """Tell whether a reader that says what it reads had not come to any member when it died."""
        return self.careful and self._begun is None

    def died(self) -> tuple[str | None, Any]:
        """Return the place (empty where it is not known) and mark of what a reader died of; None: it is not known."""
        if not self.careful:
            self.careful = True
            return None, None
        lost = self._place, self._begun
        self.behind, self.passed = self._begun, 0
        self._place = self._begun = None
        return lost


class _Reader:
    """One process that reads one source."""

    def __init__(
        self, source: str, plan: Plan, limits: Limits, span: tuple[int, int] | None, reached: _Reached
    ) -> None:
        self.failure: str | None = None
        """Why it ended before its end."""
        self._reached = reached
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
            left = {"behind": reached.behind, "passed": reached.passed, "careful": reached.careful}
            send(self._process.stdin, {**order, **left, "memory_mb": 2 * limits.memory_mb})
        threading.Thread(target=self._listen, daemon=True).start()

    def items(self) -> Iterator[Item | Broken]:
        """Yield the items; of a reader that ends before its end `failure` is the code."""
        late = False
        while True:
            try:
                message = self._messages.get(timeout=self._seconds)
            except queue.Empty:  # what it had still said comes before its end
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
                self._reached.begun(head["at"], head["place"])
            elif "broken" in head:
                yield Broken(head["broken"])
            else:
                self._reached.given(head["mark"])
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
