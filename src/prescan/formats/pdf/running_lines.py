"""Running headers and footers: lines that repeat at the same place on several pages are not part of the text."""

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
"""Headers and footers are within this share of the page's height from its top and bottom."""
_WINDOW: Final = 4
"""So many pages before and after are compared; left and right pages may have different headers."""
_PAGE_NUMBER: Final = re.compile(r"[\s\d第页共/—–-]*[\dⅰ-ⅻ]*[\s\d第页共/—–-]*")

Place = tuple[str, int, int]
"""Text, left and top."""


class _Page:
    """The blocks of a page by line, and the places of its lines near the edges."""

    def __init__(self, blocks: Iterable[Block], height: float) -> None:
        self.lines: list[list[Block]] = [[]]
        for block in blocks:
            self.lines[-1].append(block)
            if block.sep in {PARAGRAPH_BREAK, SOFT_WRAP}:
                self.lines.append([])
        self.edges: dict[int, tuple[str, list[Place]]] = {}
        for index, line in enumerate(self.lines):
            if line and (part := _edge_part(line, height)):
                self.edges[index] = part, [_place(block) for block in line]
        self.places = {place for _, places in self.edges.values() for place in places}


class RunningLines:
    """Passes pages on with a delay of a few pages, and holds back their running headers and footers."""

    def __init__(self) -> None:
        """Start before the first page."""
        self._waiting: deque[_Page] = deque()
        self._before: deque[_Page] = deque(maxlen=_WINDOW)
        self._counts: Counter[Place] = Counter()
        self._paragraph = 0
        self._numbers: tuple[int | None, int] = None, 0
        self._kept: dict[str, list[Block]] = {"header": [], "footer": []}

    def add_page(self, blocks: Iterable[Block], height: float) -> Iterator[Block]:
        """Add a page, `height` points high; yield the blocks of a page for which enough neighbours are known."""
        page = _Page(blocks, height)
        self._waiting.append(page)
        self._counts.update(page.places)
        if len(self._waiting) > _WINDOW:
            yield from self._release()

    def remaining(self) -> Iterator[Block]:
        """Yield the blocks of the remaining pages."""
        while self._waiting:
            yield from self._release()

    def headers_and_footers(self) -> Iterator[Block]:
        """Yield the headers, then the footers."""
        for blocks in self._kept.values():
            yield from blocks

    def _release(self) -> Iterator[Block]:
        page = self._waiting.popleft()
        told: list[Block] = []
        for index, line in enumerate(page.lines):
            part, places = page.edges.get(index, ("", []))
            if self._is_running(places):
                self._kept[part] += [_with_part(block, part) for block in line]
                told[-1:] = [replace(block, sep=_closing_sep(block.sep)) for block in told[-1:]]
            else:
                told += line
        yield from map(self._renumbered, told)
        if len(self._before) == _WINDOW:
            self._counts.subtract(self._before[0].places)
        self._before.append(page)

    def _is_running(self, places: list[Place]) -> bool:
        """Return whether a line repeats on a neighbouring page; a page number beside it may differ."""
        again = [self._counts[place] >= _TIMES for place in places]
        return any(again) and all(
            repeated or _PAGE_NUMBER.fullmatch(place[0]) for place, repeated in zip(places, again, strict=True)
        )

    def _renumbered(self, block: Block) -> Block:
        """Return a block of the body with its paragraph number corrected for removed lines."""
        given, number = self._numbers
        if block.location.paragraph is None:
            return block
        if block.location.paragraph != given:
            number += 1
            self._numbers = block.location.paragraph, number
        if number == block.location.paragraph:
            return block
        return replace(block, location=replace(block.location, paragraph=number))


def _with_part(block: Block, part: str) -> Block:
    return replace(block, location=replace(block.location, part=part, paragraph=None), sep=_closing_sep(block.sep))


def _closing_sep(sep: str) -> str:
    """Return the separator of a line that no longer continues in the next one."""
    return PARAGRAPH_BREAK if sep == SOFT_WRAP else sep


def _edge_part(line: list[Block], height: float) -> str | None:
    """Return "header" or "footer" for a line near an edge, None for any other."""
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
