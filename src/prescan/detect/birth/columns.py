"""Dates in cells: below a header or beside a label that holds a cue, or in rows of people, a day long ago in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.birth.written import DATE, FULL_DATE, LATEST, SHORT_DATE
from prescan.detect.person_shape import people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.text.tables import Table

_SHORT = regex.compile(SHORT_DATE)
#: A cell that holds a day and nothing else; a header that says of what.
_WHOLE = regex.compile(rf"(?=(?:19|20)\d{{2}}|[〇一二])(?:{DATE})")
_HEAD = regex.compile(r"日期|时间|年月|[入离到办发登毕报受]\p{Han}?[日期年]|\d{4}")
_LONG_AGO: Final = ("19", "200", "201")
_FIRST_FIGURES: Final = frozenset("12〇一二")
#: What heads a column of birth dates in a list of people although it says of no birth.
_BARE: Final = frozenset({"年月", "年月日", "生年", "生年月", "生辰", "出身年月"})


def in_tables(rule: Rule, reading: Reading, *, cued: bool) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, what ties it) of the dates in cells; positions of the fold view.

    Without `cued` the document has no cue, so only headers that name no birth and columns without one are looked at.
    """
    for table in reading.anatomy.tables:
        shown = reading.text[table.start : table.end]
        if any(map(shown.__contains__, _LONG_AGO)):
            yield from _columns(reading, table)
        bare = any(map("".join(shown.split()).__contains__, _BARE)) and people(table)
        if bare or (cued and (table.header_rows > 1 or any(map("".join(shown.split()).__contains__, rule.cues)))):
            yield from _headed(rule, reading, table)


def _headed(rule: Rule, reading: Reading, table: Table) -> Iterator[tuple[int, int, str]]:
    """Yield the dates in cells whose header or label holds a cue."""
    folded = reading.fold
    for cell in table.cells:
        for where, head in (("所在列的标题", table.header_of(cell)), ("左侧单元格", table.label_of(cell))):
            shown = "".join(head.split())
            cue = next((cue for cue in rule.cues if cue in shown), None)
            if cue is None and shown in _BARE and people(table):
                cue = shown
            if cue:
                date = FULL_DATE.search(folded.text, folded.position(cell.start), folded.position(cell.end))
                if date is None:
                    date = _SHORT.fullmatch(folded.text, folded.position(cell.start), folded.position(cell.end))
                if date:
                    yield *date.span(), f"{where}有“{cue}”字样"
                break


def _columns(reading: Reading, table: Table) -> Iterator[tuple[int, int, str]]:
    """Yield the days of a column without a header in rows of people, where each row has another year long ago."""
    folded = reading.fold
    columns: dict[int, list[tuple[int, int]]] = {}
    for cell in table.cells:
        shown = cell.text.strip()
        if shown[:1] not in _FIRST_FIGURES or not _WHOLE.fullmatch(shown):
            continue
        if not any(map(_HEAD.search, (table.header_of(cell), table.label_of(cell)))):
            at = folded.position(cell.start + cell.text.index(shown))
            columns.setdefault(cell.column, []).append((at, folded.position(cell.start + len(cell.text.rstrip()))))
    for places in columns.values():
        years = {folded.text[low : low + 4] for low, _ in places}
        if len(places) > 1 and len(years) == len(places) and max(years) < LATEST and people(table):
            for low, high in places:
                yield low, high, "写在各人一行中的日期，像是出生日期"
