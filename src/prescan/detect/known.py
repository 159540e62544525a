"""What a document tells about the holder of a number besides the number: birth date, sex, division (省, 市, 县).

These facts are searched for where one person is described: the row of a list, a whole form, the sentence, or the lines
of a record in running text. If no division is named there, those of the document count, if they are few.
"""

from __future__ import annotations

import bisect
import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.numbers.id_left import Known
from prescan.resources import data_rows
from prescan.text.keywords import Keywords
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prescan.detect.reading import Reading
    from prescan.text.tables import Cell, Table
    from prescan.types import Candidate

_DIGITS: Final = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_WRITTEN_DAYS: Final = str.maketrans({"初": "", "廿": "二十", "卅": "三十", "正": "一", "元": "一"})
_TEN: Final = 10
_DATE = regex.compile(
    r"(?P<year>(?:19|20)\d{2}|[一二][〇○零0一二三四五六七八九]{3})(?:[ ]?[年\-./·][ ]?)?"
    r"(?:(?P<month>1[0-2]|0?[1-9]|[一二三四五六七八九十正元冬腊]{1,2})(?:[ ]?[月\-./·][ ]?)?"
    r"(?P<day>3[01]|[12]\d|0?[1-9]|[一二三四五六七八九十廿卅初]{1,3})?)?"
)
_BIRTH_HEADER = regex.compile(r"出生|生日")
_SEX = regex.compile(r"(?<!\p{Han})(?P<sex>[男女])性?(?!\p{Han})|性\s?别[:： ]{0,2}(?P<told>[男女])")
_FORM_LINE = regex.compile(r"[^\S\n]*[^:：\n\u2029]{1,12}[:：][^\n\u2029]{1,60}")
#: A form has at most this many cells; a record in running text extends at most this many lines to each side.
_FORM_CELLS_AT_MOST: Final = 80
_RECORD_LINES: Final = 8
#: A scope extends at most this many characters to each side, so that a paragraph of thousands of numbers is not slow.
_REACH: Final = 1_000
#: If a document names more counties than this, they do not tell where a person is from.
_COUNTIES_AT_MOST: Final = 3
#: Names of counties that are also common words for parts of any city.
_COMMON: Final = frozenset({"城区", "郊区", "矿区"})
#: A scope with more birth dates than this describes several people.
_BIRTHS_AT_MOST: Final = 2


class Facts:
    """The facts that one document tells about the holders of numbers, worked out when asked for."""

    def __init__(self, reading: Reading, candidates: Iterable[Candidate]) -> None:
        """`candidates` are those found so far; the birth dates among them are used."""
        self._reading = reading
        found = [(c.start, c.end or 0) for c in candidates if c.type == "birth_date" and c.start is not None]
        self._births = sorted((start, _birth(reading.text[start:end])) for start, end in found)

    def known(self, start: int, end: int, *, dates_only: bool = False) -> Known:
        """Return what is told about the holder of the number at a span.

        `dates_only`: return nothing if no birth date is told, for callers whose masks are safe without one.
        """
        scope = self.scope(start)
        births = self._births_in(scope)
        if len(births) > _BIRTHS_AT_MOST:
            scope = self._reading.sentence(start, end)
            births = self._births_in(scope)
        if dates_only and not births:
            return Known()
        sexes = {match["sex"] or match["told"] for match in _SEX.finditer(self._reading.text, *scope)}
        return Known(
            births=births if len(births) <= _BIRTHS_AT_MOST else frozenset(),
            male=sexes == {"男"} if len(sexes) == 1 else None,
            divisions=_divisions(self._named(scope)) or self._of_document,
        )

    def scope(self, start: int) -> Span:
        """Return the span that describes the holder of the value at `start`."""
        low, high = self._place(start)
        return Span(max(low, start - _REACH), min(high, start + _REACH))

    def _place(self, start: int) -> Span:
        if found := self._reading.anatomy.cell_at(start):
            table, cell = found
            form = len(table.cells) <= _FORM_CELLS_AT_MOST and not table.lists_people
            return Span(table.start, table.end) if form and table.label_of(cell) else Span(*table.row_of(cell))
        return self._record(start) or self._reading.paragraph(start)

    def _record(self, start: int) -> Span | None:
        """Return the lines like 姓名：… around the one at `start`, until a label repeats; else None."""
        lines, text = self._reading.anatomy.lines, self._reading.text
        at = bisect.bisect_right(lines, start, key=lambda line: line.start) - 1
        if at < 0 or not _FORM_LINE.fullmatch(text, *lines[at]):
            return None
        first = last = at
        labels = {_label(text, lines[at])}
        while first and at - first < _RECORD_LINES and self._goes_on(lines[first - 1], labels):
            first -= 1
        while last + 1 < len(lines) and last - at < _RECORD_LINES and self._goes_on(lines[last + 1], labels):
            last += 1
        return Span(lines[first].start, lines[last].end)

    def _goes_on(self, line: Span, labels: set[str]) -> bool:
        if not _FORM_LINE.fullmatch(self._reading.text, *line):
            return False
        label = _label(self._reading.text, line)
        again = label in labels
        labels.add(label)
        return not again

    def _births_in(self, scope: Span) -> frozenset[str]:
        low = bisect.bisect_left(self._births, (scope.start, ""))
        high = bisect.bisect_left(self._births, (scope.end, ""))
        found = {birth for _, birth in self._births[low:high]}
        table = self._reading.anatomy.table_at(scope.start)
        return frozenset(found or (self._births_of_table(table, scope) if table else ())) - {""}

    @staticmethod
    def _births_of_table(table: Table, scope: Span) -> set[str]:
        """Return the dates in a column or beside a label 出生, also incomplete ones, as `_birth` writes them."""
        cells = [cell for cell in cells_in(table, scope) if _DATE.match(cell.text.strip())]
        told = (cell for cell in cells if _BIRTH_HEADER.search(f"{table.header_of(cell)} {table.label_of(cell)}"))
        return {_birth(cell.text.strip()) for cell in told}

    def _named(self, scope: Span) -> set[str]:
        folded = self._reading.fold
        text = folded.text[folded.position(scope.start) : folded.position(scope.end)]
        keywords, names = _places()
        return {names[index] for index, _, _ in keywords.find(text)}

    @functools.cached_property
    def _of_document(self) -> frozenset[str]:
        keywords, names = _places()
        named = {names[index] for index, _, _ in keywords.find(self._reading.fold.text)}
        counties = [name for name in named if any(not code.endswith("00") for code in _codes()[name])]
        return _divisions(named) if len(counties) <= _COUNTIES_AT_MOST else frozenset()


def cells_in(table: Table, scope: Span) -> Sequence[Cell]:
    """Return the cells of a table that begin in a span."""
    low = bisect.bisect_left(table.cells, scope.start, key=lambda cell: cell.start)
    return table.cells[low : bisect.bisect_right(table.cells, scope.end, key=lambda cell: cell.start)]


def _label(text: str, line: Span) -> str:
    return "".join(regex.split("[:：]", text[line.start : line.end], maxsplit=1)[0].split())


def _birth(written: str) -> str:
    """Return a written date as YYYYMMDD with "?" for missing digits; "" if it is not a date.

    >>> _birth("1991年2月3日"), _birth("一九九一年十二月"), _birth("1991*****"), _birth("19910203")
    ('19910203', '199112??', '1991????', '19910203')
    """
    match = _DATE.search(written)
    if match is None:
        return ""
    return match["year"].translate(_DIGITS) + _two(match["month"]) + _two(match["day"])


def _two(written: str | None) -> str:
    """Return a month or day in two digits.

    >>> _two("3"), _two("十二"), _two("廿一"), _two("二十"), _two("初九"), _two(None)
    ('03', '12', '21', '20', '09', '??')
    """
    if not written:
        return "??"
    if written.isdecimal() and written.isascii():
        return f"{int(written):02}"
    if "冬" in written or "腊" in written:
        return "??"  # a month of the lunar calendar
    plain = written.translate(_WRITTEN_DAYS)
    tens, ten, ones = plain.rpartition("十")
    value = (int(tens.translate(_DIGITS) or 1) * _TEN if ten else 0) + int(ones.translate(_DIGITS) or 0)
    return f"{value:02}"


def _divisions(named: set[str]) -> frozenset[str]:
    """Return the code prefixes meant by divisions named together: 浙江省 tells which 西湖区 it is."""
    codes = [code for name in named for code in _codes()[name]]
    wider = [_prefix(code) for code in codes if code.endswith("00")]
    cities = [prefix for prefix in wider if len(prefix) > 2] or wider  # noqa: PLR2004  two digits are a province
    counties = [code for code in codes if not code.endswith("00")]
    inside = [code for code in counties if code.startswith(tuple(cities))] if cities else counties
    return frozenset(inside or counties or cities)


def _prefix(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


@functools.cache
def _codes() -> dict[str, list[str]]:
    """Return name → codes; several counties may have the same name."""
    codes: dict[str, list[str]] = {}
    for row in data_rows("counties.tsv"):
        if row[1] in _COMMON:
            continue
        codes.setdefault(row[1], []).append(row[0])
    return codes


@functools.cache
def _places() -> tuple[Keywords, Sequence[str]]:
    names = sorted(_codes())
    return Keywords(names), names
