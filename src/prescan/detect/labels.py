"""What names a number: the nearest label in front of it, right behind it in brackets, above it or left of it."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.compiled import LabelTable

if TYPE_CHECKING:
    from prescan.detect.reading import Reading
    from prescan.rules import Rule

_Head = tuple[str, list[tuple[int, int, set[str]]]]
_REACH: Final = 20
#: Between a label and its value nothing of this kind may stand: a sentence end, a cell break, a blank line, another
#: number.
_INTERRUPTS = regex.compile(r"[。；;!?\t|\u2029]|[0-9]{5}|[0-9Xx][、,，]|[\r\n]\s*[\r\n]\s*\S")
#: Between two values that share a label: a separator, the name of the next person; not the label of something else.
_BREAKS = regex.compile(r"[\t|\u2029]|[\r\n]\s*[\r\n]|\d{6}|[号码单证卡户][:：(（\s]{0,2}$")
#: A value of at least this many characters shares the label of one of its length this far in front of it.
_LONG: Final = 10
_WHOLE = regex.compile(r"[^\d\-—.]?[0-9A-Za-z]+[^\d\-—.]?")
_FAR: Final = 60
_CHAINED = regex.compile(r"(?:[^\S\t]|[、,，和及/与])*(?:\p{Han}{2,4}(?<![号码单证卡户])(?:[^\S\t]|[:：(（])*)?")


@dataclass(frozen=True, slots=True)
class Label:
    """What names a value: the rules it belongs to, and how to say where it stands."""

    owners: frozenset[str]
    evidence: str

    @property
    def of_another_thing(self) -> bool:
        """Tell whether the label names a number that is nobody's (订单号)."""
        return self.owners == {LabelTable.OTHER}


class Labels:
    """The labels of one document, and which of them names a value."""

    def __init__(self, reading: Reading, table: LabelTable) -> None:
        """Find every label of the document."""
        self.reading, self.table = reading, table
        self.found = table.find(reading.fold.text)
        self.ends = [end for _, end, _ in self.found]
        self.owners = frozenset().union(*(owners for *_, owners in self.found))
        self.heads: dict[tuple[int, int], _Head] = {}
        self.chain: dict[str, tuple[int, int, Label]] = {}

    def may_name(self, rule: Rule) -> bool:
        """Tell whether any label in the document could name a value of this rule."""
        return rule.id in self.owners or bool(rule.roster_cues and self.reading.anatomy.tables)

    def naming(self, rule: Rule, start: int, end: int) -> Label | None:
        """Return what names the value at a span: the label in front, else behind, else in its table, else a chain."""
        first = None
        front = self._in_front(start)
        for label in (
            front,
            self._behind(end),
            self._in_table(rule, start),
            None if front else self._chained(rule, start, end - start),
        ):
            if label and rule.id in label.owners:
                self.chain[rule.id] = (end, end - start, label)
                return label
            first = first or label
            if label and label.of_another_thing:
                break
        return first

    def _in_front(self, start: int) -> Label | None:
        folded = self.reading.fold
        place = folded.position(start)
        index = bisect.bisect_right(self.ends, place) - 1
        if index < 0 or place - self.ends[index] > _REACH:
            return None
        begin, stop, owners = self.found[index]
        if _INTERRUPTS.search(folded.text, stop, place):
            return None
        begin, owners = self._whole(index, begin, owners)
        return Label(frozenset(owners), f"前面有“{folded.text[begin:stop]}”字样")

    def _whole(self, index: int, begin: int, owners: set[str]) -> tuple[int, set[str]]:
        """Return the begin and owners of a label together with the one it runs into: 宅基地证 in 宅基地证号."""
        for start, end, others in reversed(self.found[max(0, index - 3) : index]):
            if start < begin < end:
                return start, others if LabelTable.OTHER in others else others | owners
        return begin, owners

    def _behind(self, end: int) -> Label | None:
        """A label in brackets right behind the value: E12345678（护照）."""
        text = self.reading.text
        if end >= len(text) or text[end] not in "(（":
            return None
        shown = text[end + 1 : end + 1 + _REACH]
        first = [label for label in self.table.find(shown) if label[0] == 0]
        return Label(frozenset(first[-1][2]), f"后面括注“{shown[: first[-1][1]]}”") if first else None

    def _in_table(self, rule: Rule, start: int) -> Label | None:
        table = self.reading.anatomy.table_at(start)
        cell = table.cell_at(start) if table else None
        if not table or not cell:
            return None
        column = (table.start, cell.column if cell.row >= table.header_rows else -1 - cell.start)
        if column not in self.heads:
            self.heads[column] = self._read(table.header_of(cell))
        for where, (shown, found) in (
            ("所在列的标题", self.heads[column]),
            ("左侧单元格", self._read(table.label_of(cell))),
        ):
            label = Label(frozenset(found[-1][2]), f"{where}有“{shown[slice(*found[-1][:2])]}”字样") if found else None
            if label and (rule.id in label.owners or label.of_another_thing):
                return label
            cue = next((cue for cue in rule.roster_cues if cue in shown), None)
            if cue and self.reading.anatomy.in_roster(start):
                return Label(frozenset({rule.id}), f"名单中{where}有“{cue}”字样")
            if label:
                return label
        return None

    def _read(self, text: str) -> _Head:
        """Return the text of a header cell as labels are written, and the labels in it."""
        shown = "".join(text.split()).replace("（", "(").replace("）", ")")
        return shown, self.table.find(shown) if shown else []

    def _chained(self, rule: Rule, start: int, size: int) -> Label | None:
        """A value listed right after another of its kind shares its label: 身份证号 甲、乙.

        A long one of the same length does so some words later too, where nothing else is named in between.
        """
        end, before, label = self.chain.get(rule.id, (-1, 0, None))
        if not label or start < end:
            return None
        if start - end <= _REACH and _CHAINED.fullmatch(self.reading.text, end, start):
            return label
        if size != before or size < _LONG or start - end > _FAR or _BREAKS.search(self.reading.text, end, start):
            return None
        if not _WHOLE.fullmatch(self.reading.text, start - 1, start + size + 1):
            return None
        low, high = (self.reading.fold.position(place) for place in (end, start))
        return None if bisect.bisect_right(self.ends, low) < bisect.bisect_right(self.ends, high) else label
