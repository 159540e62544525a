"""A document's text as it reads, for pages: paragraphs, tables, hidden parts in bands; findings as marked stretches."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.report.shown import PART_LABELS, printable
from prescan.text.grid import grid_place
from prescan.types import LEVELS, SOFT_WRAP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.report.shown import Contexts
    from prescan.types import Block, ScanResult

_ASIDE: Final = "aside"
#: A table with gaps wider than this is shown without them.
_COLUMNS_AT_MOST: Final = 60


class Part(NamedTuple):
    """A stretch of text; with a level and the numbers of its findings if it is one, "aside" if it is hidden."""

    text: str
    level: str = ""
    numbers: tuple[int, ...] = ()


class Held(NamedTuple):
    """What one block puts into a table cell; a label if a reader of the page does not see it."""

    parts: list[Part]
    label: str = ""


@dataclass
class Item:
    """A paragraph ("p"), a hidden place ("band") or a table ("table")."""

    kind: str
    parts: list[Part] = field(default_factory=list)
    label: str = ""
    cells: dict[int, dict[int, list[Held]]] = field(default_factory=dict)
    """By row and column, from 0."""

    @property
    def rows(self) -> Iterator[list[list[Held]]]:
        """The rows of a table, each with as many cells; what is missing is empty."""
        columns = sorted({column for row in self.cells.values() for column in row})
        if columns and columns[-1] - columns[0] < _COLUMNS_AT_MOST:
            columns = list(range(columns[0], columns[-1] + 1))
        for number in sorted(self.cells):
            yield [self.cells[number].get(column, []) for column in columns]


def hidden_label(block: Block) -> str:
    """Return what a hidden place is called; "" for a visible one."""
    if not block.hidden:
        return ""
    what = PART_LABELS[block.location.part]
    said = printable(block.note)
    return f"{what}（{said}）" if said and said != what else what


def items(result: ScanResult, contexts: Contexts) -> list[Item]:
    """Return the whole text, values masked as `contexts` masks them; findings are numbered from 1."""
    document = result.document
    marks = _Marks(result, contexts)
    joins = document.media_type != "text/plain"
    made: list[Item] = []
    table: tuple[str | None, str] | None = None
    goes_on = False
    for start, block in zip(document.starts, document.blocks, strict=True):
        label = hidden_label(block)
        label += marks.of_place(start, start + len(block.text)) if label else ""
        parts = list(marks.parts(start, start + len(block.text)))
        place = grid_place(block.location.cell or "")
        if place:
            name, row, column = place
            if table != (block.location.member, name):
                made.append(Item("table"))
                table = block.location.member, name
            made[-1].cells.setdefault(row, {}).setdefault(column, []).append(Held(parts, label))
            goes_on = False
            continue
        table = None
        inside = goes_on or (joins and block.sep == "")
        if label and inside:
            parts = [Part(f"〔{label}：", _ASIDE), *map(_aside, parts), Part("〕", _ASIDE)]
        if label and not inside:
            made.append(Item("band", parts, label))
        elif goes_on:
            made[-1].parts += parts
        elif block.text.strip() or label:
            made.append(Item("p", parts))
        goes_on = joins and block.sep in {SOFT_WRAP, ""} and bool(made) and made[-1].kind == "p"
    return made


def _aside(part: Part) -> Part:
    """Return a stretch of hidden text; one that is a finding looks like one."""
    return part if part.level else part._replace(level=_ASIDE)


class _Marks:
    """Which findings cover which stretch of the text."""

    def __init__(self, result: ScanResult, contexts: Contexts) -> None:
        self._contexts = contexts
        spans = []
        self._places: list[tuple[int, int, int]] = []
        for number, one in enumerate(result.findings, 1):
            if one.start is None or one.end is None:
                continue
            if one.category == "hidden_content":
                self._places.append((one.start, one.end, number))
            elif one.start < one.end:
                spans.append((one.start, one.end, number, one.level))
        self._cuts = sorted({edge for span in spans for edge in span[:2]})
        self._covering: list[list[tuple[str, int]]] = [[] for _ in self._cuts]
        for start, end, number, level in spans:
            first, last = bisect.bisect_left(self._cuts, start), bisect.bisect_left(self._cuts, end)
            for index in range(first, last):
                self._covering[index].append((level, number))

    def parts(self, start: int, end: int) -> Iterator[Part]:
        """Yield a span cut where findings begin and end."""
        first, last = bisect.bisect_right(self._cuts, start), bisect.bisect_left(self._cuts, end)
        edges = [start, *self._cuts[first:last], end]
        for low, high in itertools.pairwise(edges):
            covering = self._covering[index] if (index := bisect.bisect_right(self._cuts, low) - 1) >= 0 else []
            text = self._contexts.masked(low, high)
            if covering:
                yield Part(text, _worst(covering), tuple(number for _, number in covering))
            elif text:
                yield Part(text)

    def of_place(self, start: int, end: int) -> str:
        """Return the numbers of the findings that are this hidden place."""
        low = bisect.bisect_left(self._places, (start, 0, 0))
        high = bisect.bisect_right(self._places, (max(start, end - 1), 1 << 60, 0))
        numbers = [str(number) for _, _, number in self._places[low:high]]
        return f"　疑点 {'、'.join(numbers)}" if numbers else ""


def _worst(covering: Sequence[tuple[str, int]]) -> str:
    levels = {level for level, _ in covering}
    return next(level for level in LEVELS if level in levels)
