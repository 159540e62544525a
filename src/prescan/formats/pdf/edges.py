"""Running heads and feet: what stands at the same place of several pages is no part of the text it interrupts."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.types import PARAGRAPH_BREAK, SOFT_WRAP, Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TIMES: Final = 3
_EDGE: Final = 0.12
"""Heads and feet stand in this part of the page's height, at its top and its bottom."""
_WINDOW: Final = 4
"""So many pages before and after are compared: heads of left and right pages may differ."""
_PAGE_NUMBER: Final = re.compile(r"[\s\d第页共/—–-]*[\dⅰ-ⅻ]*[\s\d第页共/—–-]*")

Place = tuple[str, int, int]
"""Text, left and top."""


class _Page:
    """The blocks of a page, line by line, and where what stands at its edges is."""

    def __init__(self, blocks: Iterable[Block], height: float) -> None:
        self.lines: list[list[Block]] = [[]]
        for block in blocks:
            self.lines[-1].append(block)
            if block.sep in {PARAGRAPH_BREAK, SOFT_WRAP}:
                self.lines.append([])
        self.edges: dict[int, tuple[str, list[Place]]] = {}
        for index, line in enumerate(self.lines):
            if line and (part := _edge(line, height)):
                self.edges[index] = part, [_place(block) for block in line]
        self.places = {place for _, places in self.edges.values() for place in places}


class Edges:
    """Lets the pages pass with a few pages' delay, and keeps back their running heads and feet."""

    def __init__(self) -> None:
        """Begin before the first page."""
        self._waiting: deque[_Page] = deque()
        self._before: deque[_Page] = deque(maxlen=_WINDOW)
        self._counts: Counter[Place] = Counter()
        self._paragraph = 0
        self._numbers: tuple[int | None, int] = None, 0
        self._kept: dict[str, list[Block]] = {"header": [], "footer": []}

    def take(self, blocks: Iterable[Block], height: float) -> Iterator[Block]:
        """Take in a page, `height` points high; yield a page that is certain by now."""
        page = _Page(blocks, height)
        self._waiting.append(page)
        self._counts.update(page.places)
        if len(self._waiting) > _WINDOW:
            yield from self._release()

    def rest(self) -> Iterator[Block]:
        """Yield the last pages."""
        while self._waiting:
            yield from self._release()

    def kept(self) -> Iterator[Block]:
        """Yield the heads, then the feet."""
        for blocks in self._kept.values():
            yield from blocks

    def _release(self) -> Iterator[Block]:
        page = self._waiting.popleft()
        told: list[Block] = []
        for index, line in enumerate(page.lines):
            part, places = page.edges.get(index, ("", []))
            if self._is_running(places):
                self._kept[part] += [_moved(block, part) for block in line]
                told[-1:] = [replace(block, sep=_ended(block.sep)) for block in told[-1:]]
            else:
                told += line
        yield from map(self._counted, told)
        if len(self._before) == _WINDOW:
            self._counts.subtract(self._before[0].places)
        self._before.append(page)

    def _is_running(self, places: list[Place]) -> bool:
        """Tell whether a line is repeated; a page number may stand beside what is."""
        again = [self._counts[place] >= _TIMES for place in places]
        return any(again) and all(
            repeated or _PAGE_NUMBER.fullmatch(place[0]) for place, repeated in zip(places, again, strict=True)
        )

    def _counted(self, block: Block) -> Block:
        """Count the paragraphs of the body without heads and feet."""
        given, number = self._numbers
        if block.location.paragraph is None:
            return block
        if block.location.paragraph != given:
            number += 1
            self._numbers = block.location.paragraph, number
        if number == block.location.paragraph:
            return block
        return replace(block, location=replace(block.location, paragraph=number))


def _moved(block: Block, part: str) -> Block:
    return replace(block, location=replace(block.location, part=part, paragraph=None), sep=_ended(block.sep))


def _ended(sep: str) -> str:
    """Return what ends a line that no longer goes on in the next one."""
    return PARAGRAPH_BREAK if sep == SOFT_WRAP else sep


def _edge(line: list[Block], height: float) -> str | None:
    """Return the part that a line belongs to if it is repeated, or None if it does not stand at an edge."""
    first, last = line[0].location.bbox, line[-1].location.bbox
    plain = all(block.location.part == "body" and not block.hidden for block in line)
    if not (plain and first and last) or abs(first[1] - last[1]) > first[3] - first[1]:
        return None
    if first[3] <= _EDGE * height:
        return "header"
    return "footer" if first[1] >= (1 - _EDGE) * height else None


def _place(block: Block) -> Place:
    left, top, *_ = block.location.bbox or (0.0, 0.0)
    return block.text, round(left), round(top)
