"""Replaces the pictures among the blocks of a file by the text OCR recognises in them.

Pictures without a reliable result are reported as unread: those beyond the limit, those that took too long, and those
whose text could not be recognised.
"""

from __future__ import annotations

import importlib.util
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from prescan.errors import READ_CODES, PrescanError, ReadError
from prescan.formats.page_ranges import page_ranges
from prescan.scanner import wire
from prescan.scanner.reader import Child
from prescan.types import PARAGRAPH_BREAK, Block, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.scanner.reader import Reader
    from prescan.scanner.received import Received
    from prescan.types import Limits, Settings

_NEEDED: Final = ("rapidocr", "onnxruntime", "cv2", "PIL")
_FIRST_COUNT: Final[dict[str, Any]] = {"paragraph": 0, "table": 0, "row": 0, "columns": []}
_OVER: Final = (
    "超出文字识别的预算（每个文件 {most} 页），没有识别；请拆分后重扫，或在 prescan.toml 的 [limits] 调高 ocr_pages"
)
_LATE: Final = "的文字识别超时，请人工阅看，或在 prescan.toml 的 [limits] 调高 ocr_seconds 后重扫"
_NOTHING: Final = "没有识别出文字，请人工阅看"
_POOR: Final = "的文字识别不清，识别结果不可靠，请对照原图人工阅看"
#: Failures that would only repeat for the same picture: code → end of the sentence for it.
_FAILURES: Final = {
    "timeout": _LATE,
    "memory": "的文字识别所需内存超过上限，请人工阅看",
    "crashed": "的文字识别异常退出，请人工阅看",
}


def is_available(settings: Settings) -> bool:
    """Return whether OCR is switched on and the extra `ocr` is installed (checked without importing it)."""
    return settings.ocr != "off" and all(importlib.util.find_spec(name) is not None for name in _NEEDED)


class Readers:
    """A pool of OCR processes, one for each file that is processed at the same time."""

    def __init__(self, limits: Limits, make: Callable[[Limits], Reader] = Child) -> None:
        """`make` starts one process."""
        self._limits = limits
        self._make = make
        self._idle: list[Reader] = []
        self._at_work: list[Reader] = []
        self._stopped = False
        self._lock = threading.Lock()

    @staticmethod
    def has_work(received: Received) -> bool:
        """Return whether the blocks of a file contain pictures."""
        return Picture in map(type, received.blocks)

    def fill(self, received: Received, name: str, on_progress: Callable[[Received], None] | None = None) -> None:
        """Replace the pictures in `received.blocks` by recognised text, in place; `name` is for messages.

        `on_progress` is called before each, with its number in `received.recognising`. Raises PrescanError after
        `stop`.
        """
        pictures = [block for block in received.blocks if isinstance(block, Picture)]

        def begin(number: int) -> None:
            if self._stopped:
                raise PrescanError("已停止，不再识别图片")
            received.recognising = number, len(pictures)
            if on_progress:
                on_progress(received)

        with self._lock:
            reader = self._idle.pop() if self._idle else self._make(self._limits)
            self._at_work.append(reader)
        try:
            filled = _Filling(received.blocks, name, self._limits, reader)
            received.blocks = list(filled.blocks(begin))
            received.unread += filled.unread()
        except BaseException:  # an interrupt too
            reader.close()
            with self._lock:
                self._at_work.remove(reader)
            raise
        with self._lock:
            self._at_work.remove(reader)
            self._idle.append(reader)

    def close(self) -> None:
        """End the idle processes; new ones start when needed."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def stop(self) -> None:
        """End all processes now, whatever they do; a `fill` at work raises PrescanError."""
        self._stopped = True
        with self._lock:
            readers = [*self._idle, *self._at_work]
        for reader in readers:
            reader.close()


@dataclass
class _Failed:
    """Pictures of one member that failed for the same reason."""

    pages: list[int] = field(default_factory=list)
    others: int = 0

    def add(self, picture: Picture) -> None:
        if picture.location.page and picture.kind != "inset":
            self.pages.append(picture.location.page)
        else:
            self.others += 1

    def sentence(self, what: str) -> str:
        pages = f"第 {page_ranges(sorted(set(self.pages)))} 页" if self.pages else ""
        others = f"文中的 {self.others} 幅图片" if self.others else ""
        return "、".join(part for part in (pages, others) if part) + what


class _Filling:
    """Yields the blocks of one file, its pictures replaced by text, and collects the failures."""

    def __init__(self, blocks: list[Block], name: str, limits: Limits, reader: Reader) -> None:
        self._blocks = blocks
        self._name = name
        self._limits = limits
        self._reader = reader
        self._counts: dict[str | None, dict[str, Any]] = {}
        self._failed: dict[tuple[str | None, str, str], _Failed] = {}
        self._broken = False

    def blocks(self, begin: Callable[[int], None]) -> Iterator[Block]:
        """Yield the blocks; `begin` is called with the number of each picture, from 1."""
        number = 0
        for block in self._blocks:
            if not isinstance(block, Picture):
                yield block
                continue
            number += 1
            begin(number)
            yield from self._read(block)

    def unread(self) -> Iterator[Unread]:
        for (member, code, what), failed in self._failed.items():
            yield Unread(f"{self._name}/{member}" if member else self._name, code, failed.sentence(what))

    def _read(self, picture: Picture) -> list[Block]:
        if not picture.image:
            return self._miss(picture, "timeout", _OVER.format(most=self._limits.ocr_pages))
        member = picture.location.member
        count = self._counts.get(member, _FIRST_COUNT)
        try:
            page = self._reader.read(picture, count, self._layer(picture) if picture.kind == "layer" else "")
        except ReadError as error:
            what = _FAILURES.get(error.code, f"：{error.detail or READ_CODES[error.code]}")
            return self._miss(picture, error.code, what)
        self._counts[member] = page["count"]
        blocks = wire.blocks(page["blocks"])
        if picture.kind == "page" and not blocks and not page["blank"]:
            self._miss(picture, "no_text_layer", _NOTHING)
        if picture.kind == "page" and page["poor"]:
            self._miss(picture, "no_text_layer", _POOR)
        if blocks:
            last = blocks[-1]
            blocks[-1] = Block(
                last.text, last.location, PARAGRAPH_BREAK if last.text else "", last.hidden, last.note, last.certainty
            )
        return blocks

    def _layer(self, picture: Picture) -> str:
        """Return the text layer of the picture's page, one block per line."""
        here = (picture.location.page, picture.location.member)
        lines = (
            block.text + ("\n" if block.sep else "")
            for block in self._blocks
            if (block.location.page, block.location.member) == here
            and block.location.part not in {"metadata", "annotation"}
        )
        return "".join(lines)

    def _miss(self, picture: Picture, code: str, what: str) -> list[Block]:
        self._failed.setdefault((picture.location.member, code, what), _Failed()).add(picture)
        return []
