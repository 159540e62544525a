"""A document's text for HTML: paragraphs, tables, hidden parts in bands, findings as highlighted stretches."""

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
#: Empty columns are left out of a table wider than this.
_COLUMNS_AT_MOST: Final = 60


class Part(NamedTuple):
    """A stretch of text; a finding has its level and the numbers of its findings, hidden text the level "aside"."""

    text: str
    level: str = ""
    numbers: tuple[int, ...] = ()


class CellText(NamedTuple):
    """The text of one block in a table cell, with a label if it is hidden."""

    parts: list[Part]
    label: str = ""


@dataclass
class Item:
    """A paragraph ("p"), a hidden place ("band") or a table ("table")."""

    kind: str
    parts: list[Part] = field(default_factory=list)
    label: str = ""
    cells: dict[int, dict[int, list[CellText]]] = field(default_factory=dict)
    """By row and column, from 0."""

    @property
    def rows(self) -> Iterator[list[list[CellText]]]:
        """The rows of a table, all with the same number of cells; missing ones are empty."""
        columns = sorted({column for row in self.cells.values() for column in row})
        if columns and columns[-1] - columns[0] < _COLUMNS_AT_MOST:
            columns = list(range(columns[0], columns[-1] + 1))
        for number in sorted(self.cells):
            yield [self.cells[number].get(column, []) for column in columns]


def hidden_label(block: Block) -> str:
    """Return the name of a hidden place; "" for a visible block."""
    if not block.hidden:
        return ""
    part = PART_LABELS[block.location.part]
    note = printable(block.note)
    return f"{part}（{note}）" if note and note != part else part


def items(result: ScanResult, contexts: Contexts) -> list[Item]:
    """Return the whole text, masked by `contexts`; findings are numbered from 1 in the order of the result."""
    document = result.document
    marks = _Marks(result, contexts)
    joins = document.media_type != "text/plain"
    result_items: list[Item] = []
    table: tuple[str | None, str] | None = None
    continues = False
    for start, block in zip(document.starts, document.blocks, strict=True):
        label = hidden_label(block)
        label += marks.of_place(start, start + len(block.text)) if label else ""
        parts = list(marks.parts(start, start + len(block.text)))
        place = grid_place(block.location.cell or "")
        if place:
            name, row, column = place
            if table != (block.location.member, name):
                result_items.append(Item("table"))
                table = block.location.member, name
            result_items[-1].cells.setdefault(row, {}).setdefault(column, []).append(CellText(parts, label))
            continues = False
            continue
        table = None
        inside = continues or (joins and block.sep == "")
        if label and inside:
            parts = [Part(f"〔{label}：", _ASIDE), *map(_aside, parts), Part("〕", _ASIDE)]
        if label and not inside:
            result_items.append(Item("band", parts, label))
        elif continues:
            result_items[-1].parts += parts
        elif block.text.strip() or label:
            result_items.append(Item("p", parts))
        continues = joins and block.sep in {SOFT_WRAP, ""} and bool(result_items) and result_items[-1].kind == "p"
    return result_items


def _aside(part: Part) -> Part:
    """Mark a stretch as hidden text, unless it is a finding."""
    return part if part.level else part._replace(level=_ASIDE)


class _Marks:
    """Finds the findings that cover a stretch of the text."""

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
        """Yield the parts of a span, cut where findings begin and end."""
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
        """Return a label with the numbers of the findings about this hidden place; "" if there are none."""
        low = bisect.bisect_left(self._places, (start, 0, 0))
        high = bisect.bisect_right(self._places, (max(start, end - 1), 1 << 60, 0))
        numbers = [str(number) for _, _, number in self._places[low:high]]
        return f"　疑点 {'、'.join(numbers)}" if numbers else ""


def _worst(covering: Sequence[tuple[str, int]]) -> str:
    levels = {level for level, _ in covering}
    return next(level for level in LEVELS if level in levels)
