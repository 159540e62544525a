"""Rule kind `column`: table cells under a header (宗教信仰, 人均收入, 残疾等级) in the row of a person.

A cell says little by itself (二级, 2600元, 回族): its header tells what it is, and its row tells whose it is. In a form
with labels in the left column, the label takes the place of the header and the whole form that of the row.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.objection import objection
from prescan.detect.tied import TIES
from prescan.types import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.text.tables import Cell, Table

_NAME_AT_MOST: Final = 24
#: What a header may contain besides its name: white space, a unit or remark in brackets, a colon.
_ASIDE: Final = regex.compile(r"\s+|[(（][^()（）]{0,12}[)）]|[:：]")


def find_columns(reading: Reading, compiled: Compiled, others: Sequence[Candidate], stage: str) -> Iterator[Candidate]:
    """Yield a candidate for each cell under a rule's header in a person's row; `others` are the candidates so far."""
    rules = compiled.of_kind("column")
    tables = reading.anatomy.tables if rules else ()
    people = sorted({c.start for c in others if c.start is not None and c.type in TIES}) if tables else []
    names = {c.start for c in others if c.type == "person_name"}
    every = tuple(cue for rule in rules for cue in rule.cues) if people else ()
    for table in tables if people else ():
        shown = "".join(reading.text[table.start : table.end].split())
        if not _any_between(people, table.start, table.end) or not any(map(shown.__contains__, every)):
            continue
        for rule, named, cell in _named(rules, every, table):
            start, end = _span(cell)
            is_head = named.row < max(1, table.header_rows)
            if (
                start not in names
                and compiled.pattern(rule.id).fullmatch(reading.text, start, end)
                and _any_between(people, *(table.row_of(cell) if is_head else (table.start, table.end)))
                and objection(rule, reading, start, end, stage) is None
            ):
                yield _candidate(rule, start, end, reading.text[start:end])


def cells_named(rule: Rule, reading: Reading) -> Iterator[Cell]:
    """Yield the cells under the headers, or to the right of the labels, that a rule names, whatever their content."""
    for table in reading.anatomy.tables:
        yield from (cell for _, _, cell in _named((rule,), rule.cues, table))


def _named(rules: Sequence[Rule], every: tuple[str, ...], table: Table) -> Iterator[tuple[Rule, Cell, Cell]]:
    """Yield (rule, header or label, cell) for each cell described by a header or label that the rule names.

    `every` has the cues of all `rules`.
    """
    for named in [cell for cell in table.cells if _name(cell).endswith(every)]:
        for rule in rules:
            if _name(named).endswith(rule.cues):
                yield from ((rule, named, cell) for cell in _cells_of(named, table))


def _name(cell: Cell) -> str:
    """Return the text of a header or label without units and white space; "" if it is too long to be one."""
    return _ASIDE.sub("", cell.text) if len(cell.text) <= _NAME_AT_MOST else ""


def _cells_of(named: Cell, table: Table) -> list[Cell]:
    """Return the non-empty cells that a header or label describes: its column, or the next cell of a form."""
    if named.row < max(1, table.header_rows):
        below = (cell for cell in table.cells if cell.column == named.column and cell.row >= max(1, table.header_rows))
        return [cell for cell in below if cell.text.strip()]
    right = (cell for cell in table.cells if cell.row == named.row and cell.column == named.column + 1)
    return [cell for cell in right if cell.text.strip()]


def _span(cell: Cell) -> tuple[int, int]:
    """Return the (start, end) in Document.text of a cell's text without white space around it."""
    return cell.start + len(cell.text) - len(cell.text.lstrip()), cell.start + len(cell.text.rstrip())


def _any_between(people: list[int], start: int, end: int) -> bool:
    """Return whether one of the sorted offsets is in the range."""
    place = bisect.bisect_left(people, start)
    return place < len(people) and people[place] < end


def _candidate(rule: Rule, start: int, end: int, shown: str) -> Candidate:
    evidence = ("所在列的标题说明是什么，同一行写有个人信息", *((rule.reason,) if rule.reason else ()))
    return Candidate(
        rule_id=rule.id, type=rule.type, start=start, end=end, evidence=evidence, masked=shown, level=rule.level
    )
