"""Splits the text near people into clauses: the pieces between punctuation marks, names and numbers.

The clause is the unit of the statement model: whether a reader means a whole statement of illness, debts, records or
journeys or its words alone, a clause overlaps either by half in nine cases of ten. Without people there are no clauses.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.tied import TIES
from prescan.text.line_edges import line_end, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.reading import Reading
    from prescan.types import Candidate

#: What ends a clause: marks, cells, gaps; no comma of a number, colon of a time, blank inside spaced writing.
_ENDS: Final = regex.compile(
    r"[,，](?!\d{3}(?!\d))|:(?!\d\d)|[。;！!?、(（)）\[\]【】“”\"'‘’「」《》\n\r\t|│…—~_■□▲●★*\u2029]|[/](?!\d)|[.](?!\d)"
    r"|\s{2,}|(?<!(?:^|[\s,，])\S)[ \u3000]|[ \u3000](?!\S(?:[\s,，]|$))"
)
#: A remark in brackets that is part of the clause before it: 孤独症（中度）, 肢体（言语）一级; not who told it.
_REMARK: Final = regex.compile(
    r"(?<=[\p{Han}\d])[(（](?!\p{Han}{1,6}(?:通报|来函|转告|提供)[)）])[\p{Han}\dA-Z%IVⅠ-Ⅹ、]{1,8}[)）]"
)
#: Types whose findings separate clauses: who a person is and how to reach them.
_CUTS: Final = frozenset(
    "person_name resident_id address mobile_phone bank_card bank_account disability_certificate medical_record_no "
    "student_id landline_phone social_security_no license_plate exam_no passport social_account".split()
)
_NAMED: Final = "N"
#: A clause is about a person when it starts within this many characters after, or ends this many before, a mention.
_BEHIND: Final = 250
_BEFORE: Final = 60
_LINE_AT_MOST: Final = 200
_LABEL_AT_MOST: Final = 12
_NEIGHBOUR: Final = 8
_AT_LEAST: Final = 2
#: How a sentence begins tells general words on illness or debts, which have sentences of their own: 医保局, 凡, 全镇.
_SENTENCE_END: Final = re.compile("[。；;！？!?\t\u2029]")
_LINE_END: Final = re.compile("\n")
_OPENING: Final = 8
#: Distances to people are told apart by powers of two, up to this one.
_GAPS: Final = 8
_FAR: Final = 1 << 20
_DIGITS: Final = regex.compile(r"\d+")
_BLANK: Final = regex.compile(r"\s+")
_HAN: Final = regex.compile(r"\p{Han}")
_LONG: Final = 3
#: So many fields of a clause are known without its neighbours.
_OWN: Final = 5


class Clause(NamedTuple):
    """A clause; offsets into the fold view."""

    start: int
    end: int
    text: str
    """Its text without blanks, digits replaced by `shown`."""
    mark: str
    """What precedes it: a punctuation mark, N for a name or a number, ^ for nothing."""
    label: str
    """The header of its cell or the label of its line."""
    before: str = ""
    behind: str = ""
    """The nearest characters of the clauses before and after."""
    whose: tuple[str, ...] = ()
    """Where the nearest people are named, as features: in the sentence or the line, before or after, how far off."""
    opening: str = ""
    """The first characters of its sentence, "" if it is at the sentence's beginning."""


def clauses(reading: Reading, found: Sequence[Candidate]) -> Iterator[Clause]:
    """Yield the clauses near the people that `found` names, in order."""
    view = reading.fold
    people = sorted(view.position(one.start) for one in found if one.start is not None and one.type in TIES)
    if not people:
        return
    cuts = sorted(
        (view.position(one.start), view.position(one.end), _NAMED)
        for one in found
        if one.start is not None and one.end is not None and one.type in _CUTS
    )
    text = view.text
    lines, sentences = ([mark.start() for mark in ends.finditer(text)] for ends in (_LINE_END, _SENTENCE_END))
    for low, high in _stretches(text, people):
        held = list(_cut(reading, cuts, low, high))
        for index, clause in enumerate(held):
            if len(clause.text) < _AT_LEAST or not (clause.label or _HAN.search(clause.text)):
                continue
            at = bisect.bisect_left(people, clause.start - _BEHIND)
            if at < len(people) and people[at] < clause.end + _BEFORE:
                before = held[index - 1].text[-_NEIGHBOUR:] if index else ""
                behind = held[index + 1].text[:_NEIGHBOUR] if index + 1 < len(held) else ""
                line = _behind_last(lines, max(0, clause.start - _BEHIND), clause.start)
                sentence = _behind_last(sentences, line, clause.start)
                opening = shown(text[sentence : sentence + _OPENING]) if sentence < clause.start else ""
                whose = _whose(people, clause, line, sentence)
                yield Clause(*clause[:_OWN], before, behind, whose, opening)


def _behind_last(marks: Sequence[int], low: int, high: int) -> int:
    """Return the offset behind the last of the sorted `marks` between two offsets, else `low`."""
    at = bisect.bisect_left(marks, high)
    return marks[at - 1] + 1 if at and marks[at - 1] >= low else low


def _whose(people: Sequence[int], clause: Clause, line: int, sentence: int) -> tuple[str, ...]:
    """Return where the people nearest to a clause are named; `line` and `sentence`: where its own begin."""
    at = bisect.bisect_right(people, clause.start)
    last = people[at - 1] if at else -_FAR
    before = "s" if last >= sentence else "l" if last >= line else "o"
    gap = min(_GAPS, (clause.start - last).bit_length())
    after = min(_GAPS, (people[at] - clause.end).bit_length()) if at < len(people) and people[at] >= clause.end else "-"
    return f"w:{before}", f"w:{before}{gap}", f"a:{after}"


def _stretches(text: str, people: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines around people; adjoining ones are merged."""
    begin = end = -1
    for place in people:
        low = max(0, place - _BEFORE)
        low = line_start(text, low, max(0, low - _LINE_AT_MOST))
        high = min(len(text), place + _BEHIND)
        high = line_end(text, high, min(len(text), high + _LINE_AT_MOST))
        if begin >= 0 and low > end:
            yield begin, end
            begin = low
        begin, end = (low if begin < 0 else begin), max(end, high)
    if begin >= 0:
        yield begin, end


def _cut(reading: Reading, cuts: Sequence[tuple[int, int, str]], low: int, high: int) -> Iterator[Clause]:
    """Yield the clauses between two offsets, cut at punctuation and at `cuts`."""
    text = reading.fold.text
    remarks = {edge for match in _REMARK.finditer(text, low, high) for edge in range(*match.span())}
    ends = [
        (one.start(), one.end(), one[0][0]) for one in _ENDS.finditer(text, low, high) if one.start() not in remarks
    ]
    ends += cuts[bisect.bisect_left(cuts, (low,)) : bisect.bisect_left(cuts, (high,))]
    last, mark, said = low, "^", ""
    for start, end, following in [*sorted(ends), (high, high, "$")]:
        piece = text[last:start]
        if seen := shown(piece):
            begin = last + len(piece) - len(piece.lstrip())
            stop = last + len(piece.rstrip())
            yield Clause(begin, stop, seen, mark, said[-_LABEL_AT_MOST:] if mark == ":" else _header(reading, begin))
            said = seen
        if end > last:
            last, mark = end, following


def _header(reading: Reading, at: int) -> str:
    held = reading.anatomy.cell_at(reading.fold.span(at, at + 1)[0]) if reading.anatomy.tables else None
    if not held:
        return ""
    return shown(held[0].header_of(held[1]) or held[0].label_of(held[1]) or "")[-_LABEL_AT_MOST:]


def shown(text: str) -> str:
    """Return a text without blanks, each number as one sign, longer ones as two.

    >>> shown("月 收入 2300 元，欠 3 万")
    '月收入00元，欠0万'
    """
    if text.isalpha():
        return text
    return _DIGITS.sub(lambda run: "0" if len(run[0]) < _LONG else "00", _BLANK.sub("", text))
