"""Finds the label of a number: in front of it, in brackets behind it, or in the header or label cell of a table."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.compiled import LABELS
from prescan.detect.label_table import LabelTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.detect.reading import Reading
    from prescan.rules import Rule

#: A label: start, end, ids of the rules that own it.
_Found = tuple[int, int, set[str]]
#: The text of a header or label cell, and the label in it.
_Head = tuple[str, _Found | None]
#: Characters between a label and its value.
_REACH: Final = 20
#: A generic label is completed by one of this many labels in front of it.
_ALONGSIDE: Final = 4
#: What must not be between a label and its value: the end of a sentence or cell, a blank line, another number.
_INTERRUPTS = regex.compile(r"[。；;!?\t|\u2029]|[0-9]{5}|[0-9Xx][、,，]|[\r\n]\s*[\r\n]\s*\S")
#: Text in brackets right behind a value is that value's label, not the next one's: G11010…（职校学号），手机….
_OF_VALUE = regex.compile(r"(?r)[0-9A-Za-z]\([^()]{0,6}")
#: A line end and more words: a label of another thing in front of it is not the value's: …转办单, 来电人何某，138….
_NEW_LINE = regex.compile(r"[\n\r][^\n\r]*\p{Han}{3}")
#: What must not be between two values that share a label: a cell break, a blank line, a number, another label.
_BREAKS = regex.compile(r"[\t|\u2029]|[\r\n]\s*[\r\n]|\d{6}|[号码单证卡户][:：(（\s]{0,2}$")
#: A value of at least _LONG characters shares the label of one of the same length at most _FAR characters before it.
_LONG: Final = 10
_WHOLE = regex.compile(r"[^\d\-—.]?[0-9A-Za-z]+[^\d\-—.]?")
_FAR: Final = 60
#: Generic labels, which are completed by a label in front of them: 公积金 + 账号, 台胞证 + 编号.
_GENERIC: Final = frozenset(
    "账号 帐号 账户 帐户 账户号 卡号 证号 证编号 证件 证件号 证件号码 证件编号 编码 代码 证书号 证书编号 证书号码 "
    "个人编号 个人账号 个人账户 个人帐号 "
    "注册编号 登记编号 编号 号码 户号 客户号 银行账号".split()
)
#: What may be between the two, as in 公积金提取账号; not words that begin another phrase.
_LED = regex.compile(r"(?:(?![的由从转汇打入至到及和与或凭持用在办])\p{Han}|[(（]){0,3}")
#: Where money goes is no part of the label behind it: 转入何某账户.
_TOWARDS: Final = frozenset("入至到")
#: Generic labels that may be completed by a label some words before.
_BARE: Final = frozenset({"编号", "编码", "代码", "号码"})
_LED_FAR = regex.compile(r"[^。；;:!?\t|\d机台厅窗柜室”」事案]{0,10}")
#: Longest text in brackets behind a value that counts as its label.
_BEHIND_AT_MOST: Final = 16
#: The characters of a label with spaces between them; the fold view has only one kind of space.
_SPACED_OUT = regex.compile(r"(?<!\p{Han})\p{Han}(?: {1,8}\p{Han}{1,2}){1,9}(?!\p{Han})")
#: All Chinese characters come after this one.
_LAST_OF_OTHERS: Final = "\u2e7f"
#: A header with several labels (通行证/护照).
_SEVERAL = regex.compile(r"[/、或及]")
_CLOSING = regex.compile("[)）]")
_CHAINED = regex.compile(r"(?:[^\S\t]|[、,，和及/与])*(?:\p{Han}{2,4}(?<![号码单证卡户])(?:[^\S\t]|[:：(（])*)?")


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a value."""

    owners: frozenset[str]
    """The ids of the rules that have it as a cue; LabelTable.OTHER among them if it may name another thing."""
    evidence: str
    """A Chinese phrase that tells where it is."""
    of_list: bool = False
    """It is a general word (证件) that means this kind of number only as the header of a list of people."""

    @property
    def of_another_thing(self) -> bool:
        """Return whether the label may name a number that is not a person's (订单号)."""
        return LabelTable.OTHER in self.owners


class Labels:
    """The labels of one document; finds the one of a value."""

    def __init__(self, reading: Reading, table: LabelTable) -> None:
        """Find all labels of the document; `table` has those of all rules."""
        self.reading, self.table = reading, table
        self.found = table.find(reading.fold.text, reading.words.get(LABELS))
        if spaced := self._spaced():
            self.found = sorted([*self.found, *spaced], key=lambda label: (label[1], -label[0]))
        self.ends = [end for _, end, _ in self.found]
        self.owners = frozenset().union(*(owners for *_, owners in self.found))
        self.in_tables = bool(reading.anatomy.tables)
        self.heads: dict[tuple[int, int], _Head] = {}
        self.headings: dict[str, set[str]] = {}
        self.chain: dict[str, tuple[int, int, Label]] = {}
        self._front: tuple[int, Label | None] = (-1, None)
        """Cache: the start of the last value asked for, and the label in front of it."""

    def _spaced(self) -> list[_Found]:
        """Return the labels in one line with spaces between their characters (证　号, 公 积 金 账 号)."""
        folded, view = self.reading.fold, self.reading.squeeze
        found = []
        at = folded.text.find(" ", 1)
        while at > 0:
            gap = _SPACED_OUT.match(folded.text, at - 1) if folded.text[at - 1] > _LAST_OF_OTHERS else None
            if gap:
                low, high = (view.position(folded.span(place, place + 1)[0]) for place in (gap.start(), gap.end() - 1))
                for start, end, owners in self.table.find(view.text[low : high + 1]):
                    span = view.span(low + start, low + end)
                    begin, stop = folded.position(span[0]), folded.position(span[1])
                    if stop - begin > end - start > 1:
                        found.append((begin, stop, owners))
            at = folded.text.find(" ", gap.end() if gap else at + 1)
        return found

    def around(self, start: int, end: int) -> set[str]:
        """Return the rules with a label near a value that begins in the span from `start` to `end`.

        This is a quick check: `naming` may find that a label is not the value's, but finds no label of other rules.
        """
        owners: set[str] = set()
        low, high = self.reading.fold.position(start), self.reading.fold.position(end - 1)
        first, last = bisect.bisect_left(self.ends, low - _REACH), bisect.bisect_right(self.ends, high)
        if first < last:
            owners.update(*(owners for *_, owners in self.found[max(0, first - _ALONGSIDE) : last]))
        shown = self.reading.text[start : end + 1]
        if "(" in shown or "（" in shown:
            owners.update(*(label[2] for label in self.table.find(self.reading.text[start : end + 1 + _REACH])))
        table = self.reading.anatomy.table_at(start) or self.reading.anatomy.table_at(end - 1)
        if table:
            for cell in table.cells_in(start, end):
                owners |= self._heading(table.header_of(cell)) | self._heading(table.label_of(cell))
        owners.update(rule for rule, (before, _, _) in self.chain.items() if start - before <= _FAR)
        return owners

    def _heading(self, text: str) -> set[str]:
        """Return the rules with a label in the text of a header or label cell."""
        found = self.headings.get(text)
        if found is None:
            shown, label = self._read(text)
            found = self.table.on_rosters(shown).union(label[2] if label else ())
            self.headings[text] = found
        return found

    def naming(self, rule: Rule, start: int, end: int) -> Label | None:
        """Return the label of the value at a span; None if it has none.

        Searched in front of it, behind it, in its table, and at the value before it in a list. The first label of
        `rule` is returned; if there is none, the first of any rule.
        """
        first = None
        if self._front[0] != start:
            self._front = start, self._in_front(start)
        front = self._front[1]
        for label in (
            front,
            self._behind(end),
            self._in_table(rule, start),
            None if front else self._chained(rule, start, end - start),
        ):
            if label and label.of_list and front:  # 微信 in front says what it is, whatever the column is headed
                continue
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
        if folded.text[stop : stop + 1] == ")" and _OF_VALUE.match(folded.text, max(0, begin - _REACH), begin):
            return None
        if folded.text[begin - 1 : begin] == "@":  # part of a mail address: …@qq.com
            return None
        if LabelTable.OTHER in owners and _NEW_LINE.search(folded.text, stop, place):
            return None
        begin, _, owners = _whole(folded.text, self.found, index)
        return Label(frozenset(owners), f"前面有“{folded.text[begin:stop]}”字样")

    def _behind(self, end: int) -> Label | None:
        """Return a label in brackets right behind the value: E12345678（护照）, E12345678（本人护照）."""
        text = self.reading.text
        if end >= len(text) or text[end] not in "(（":
            return None
        shown = text[end + 1 : end + 1 + _REACH]
        closing = _CLOSING.search(shown)
        found = self.table.find(shown)
        if closing and closing.start() <= _BEHIND_AT_MOST:
            last = [index for index, label in enumerate(found) if label[1] == closing.start()]
            if last:
                start, stop, owners = _whole(shown, found, last[-1])
                return Label(frozenset(owners), f"后面括注“{shown[start:stop]}”")
        first = [label for label in found if label[0] == 0]
        return Label(frozenset(first[-1][2]), f"后面括注“{shown[: first[-1][1]]}”") if first else None

    def _in_table(self, rule: Rule, start: int) -> Label | None:
        place = self.reading.anatomy.cell_at(start)
        if place is None:
            return None
        table, cell = place
        first = None
        column = (table.start, cell.column if cell.row >= table.header_rows else -1 - cell.start)
        if column not in self.heads:
            self.heads[column] = self._read(table.header_of(cell))
        for where, (shown, found) in (
            ("所在列的标题", self.heads[column]),
            ("左侧单元格", self._read(table.label_of(cell))),
        ):
            named = shown[found[0] : found[1]] if found else ""
            label = Label(frozenset(found[2]), f"{where}有“{named}”字样") if found else None
            if label and (rule.id in label.owners or label.of_another_thing):
                return label
            cue = next((cue for cue in rule.roster_cues if cue in shown and (cue == named or cue not in named)), None)
            if cue and self.reading.anatomy.in_roster(start):
                return Label(frozenset({rule.id}), f"名单中{where}有“{cue}”字样", of_list=True)
            first = first or label
        return first

    def _read(self, text: str) -> _Head:
        """Return a cell's text as labels are written, and its last label, or several joined into one."""
        shown = "".join(text.split()).replace("（", "(").replace("）", ")")
        found = self.table.find(shown) if shown else []
        if not found:
            return shown, None
        last = _whole(shown, found, len(found) - 1)
        if not _SEVERAL.search(shown):
            return shown, last
        named = set().union(*(_whole(shown, found, index)[2] for index in range(len(found))))
        return shown, (last[0], last[1], named - {LabelTable.OTHER} or named)

    def _chained(self, rule: Rule, start: int, size: int) -> Label | None:
        """Return the label of the previous value of the rule, if this one follows it in a list: 身份证号 甲、乙.

        A long value of the same length may follow some words later, if there is no other label in between. After a
        mere gap, figures of another length are of another kind.
        """
        end, before, label = self.chain.get(rule.id, (-1, 0, None))
        if not label or start < end:
            return None
        if start - end <= _REACH and _CHAINED.fullmatch(self.reading.text, end, start):
            if size == before or not self.reading.text[end:start].isspace():
                return label
            return None if self.reading.text[end - before : end].isdigit() else label  # of another kind: 执业证号 手机
        if size != before or size < _LONG or start - end > _FAR or _BREAKS.search(self.reading.text, end, start):
            return None
        if not _WHOLE.fullmatch(self.reading.text, start - 1, start + size + 1):
            return None
        low, high = (self.reading.fold.position(place) for place in (end, start))
        return None if bisect.bisect_right(self.ends, low) < bisect.bisect_right(self.ends, high) else label


def _whole(text: str, found: Sequence[_Found], index: int) -> _Found:
    """Return the label at `index`, joined with the one that completes or overlaps it.

    A generic label is completed by one in front of it (台胞证 + 编号); two that overlap are one label of both owners
    (宅基地证 and 证号 in 宅基地证号). `found` is sorted by the ends, the longest last, so `index` is the longest there.
    """
    begin, stop, owners = found[index]
    generic = "".join(text[begin:stop].split()) in _GENERIC
    led = _LED_FAR if text[begin:stop] in _BARE else _LED
    for start, end, others in reversed(found[max(0, index - _ALONGSIDE) : index]):
        if start < begin < end:
            return start, stop, others if LabelTable.OTHER in others else others | owners
        if not generic or end > begin or text[end - 1] in _TOWARDS or text[start:end] in _GENERIC:
            continue
        if led.fullmatch(text, end, begin):
            return start, stop, others
    return begin, stop, owners
