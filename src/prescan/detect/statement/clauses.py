"""Splits the text near people into clauses: the pieces between punctuation marks, names and numbers.

The clause is the unit of the statement model: whether a reader means a whole statement of illness, debts, records or
journeys or its words alone, a clause overlaps either by half in nine cases of ten. Without people there are no clauses.
"""

from __future__ import annotations

import bisect
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
_SENTENCE_ENDS: Final = "。；;！？!?\t\u2029"
_OPENING: Final = 8
#: Distances to people are told apart by powers of two, up to this one.
_GAPS: Final = 8
_FAR: Final = 1 << 20
#: Words of a sentence that speaks of everybody rather than of somebody.
_GENERAL: Final = regex.compile(
    r"不[得宜予]|应当|必须|[应须需](?=\p{Han})|可以|[方即]可|一律|均|凡|等(?=\p{Han}{0,6}(?:病|症|类|种|形|人|者|的))|者(?!\p{Han})|患者"
    r"|人员|对象|职工|学员|学生|老人|儿童|群众|家庭|的人|范围|病种|标准|规定|政策|情形|享受|申请|办理|提供|登记|报销|保障|救助|补贴|免费|每[人户月年季]"
    r"|[请您]|你们|大家|所有|全[县市区镇乡村校]|各|以[上下内]|[\d二三四五六七八九十][例名人户类种](?!口)|注意|预防|传染|建议|属于|列入|纳入"
)
#: The label of a line whose later sentences it still describes: 政策提示：, 备注：.
_LINE_LABEL: Final = regex.compile(r"[^\p{Han}\n]{0,6}(\p{Han}{1,8})[:：]")
_SENTENCE_AT_MOST: Final = 120
_DIGITS: Final = regex.compile(r"\d+")
_BLANK: Final = regex.compile(r"\s+")
_HAN: Final = regex.compile(r"\p{Han}")
_LONG: Final = 3


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
    general: tuple[str, ...] = ()
    """What speaks for general talk, as features: words of its sentence, the label of its line."""


def clauses(reading: Reading, found: Sequence[Candidate]) -> Iterator[Clause]:
    """Yield the clauses near the people that `found` names, in order."""
    view = reading.fold
    people = sorted(view.position(one.start) for one in found if one.start is not None and one.type in TIES)
    cuts = sorted(
        (view.position(one.start), view.position(one.end), _NAMED)
        for one in found
        if one.start is not None and one.end is not None and one.type in _CUTS
    )
    for low, high in _stretches(view.text, people):
        held = list(_cut(reading, cuts, low, high))
        for index, clause in enumerate(held):
            if len(clause.text) < _AT_LEAST or not (clause.label or _HAN.search(clause.text)):
                continue
            at = bisect.bisect_left(people, clause.start - _BEHIND)
            if at < len(people) and people[at] < clause.end + _BEFORE:
                before = held[index - 1].text[-_NEIGHBOUR:] if index else ""
                behind = held[index + 1].text[:_NEIGHBOUR] if index + 1 < len(held) else ""
                yield _placed(view.text, people, clause._replace(before=before, behind=behind))


def _placed(text: str, people: Sequence[int], clause: Clause) -> Clause:
    """Return a clause with where the people nearest to it are named, and what its sentence and its line begin with.

    General words on illness or debts stand in sentences of their own, which begin otherwise: 医保局, 凡, 全镇.
    """
    low = max(0, clause.start - _BEHIND)
    line = text.rfind("\n", low, clause.start) + 1 or low
    sentence = max(line, *(text.rfind(mark, line, clause.start) + 1 for mark in _SENTENCE_ENDS))
    at = bisect.bisect_right(people, clause.start)
    last = people[at - 1] if at else -_FAR
    before = "s" if last >= sentence else "l" if last >= line else "o"
    gap = min(_GAPS, (clause.start - last).bit_length())
    after = min(_GAPS, (people[at] - clause.end).bit_length()) if at < len(people) and people[at] >= clause.end else "-"
    opening = "" if sentence >= clause.start else shown(text[sentence : sentence + _OPENING])
    whose = (f"w:{before}", f"w:{before}{gap}", f"a:{after}")
    return clause._replace(whose=whose, opening=opening, general=_general(text, line, sentence, clause, before))


def _general(text: str, line: int, sentence: int, clause: Clause, named: str) -> tuple[str, ...]:
    """Return the words of a clause's sentence that speak of everybody, and the label of its line, as features."""
    ends = (text.find(mark, clause.end, clause.end + _SENTENCE_AT_MOST) for mark in "。；;！？!?\n\u2029")
    end = min((place for place in ends if place >= 0), default=clause.end + _SENTENCE_AT_MOST)
    words = {one[0] for one in _GENERAL.finditer(text, max(sentence, clause.start - _SENTENCE_AT_MOST), end)}
    label = _LINE_LABEL.match(text, line, sentence) if sentence > line else None
    said = (f"B:{label[1][-size:]}" for size in (2, 4)) if label else ()
    return (*(f"G:{word}" for word in words), *(f"G{named}:{word}" for word in words), *said)


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
    held = reading.anatomy.cell_at(reading.fold.span(at, at + 1)[0])
    if not held:
        return ""
    return shown(held[0].header_of(held[1]) or held[0].label_of(held[1]) or "")[-_LABEL_AT_MOST:]


def shown(text: str) -> str:
    """Return a text without blanks, each number as one sign, longer ones as two.

    >>> shown("月 收入 2300 元，欠 3 万")
    '月收入00元，欠0万'
    """
    return _DIGITS.sub(lambda run: "0" if len(run[0]) < _LONG else "00", _BLANK.sub("", text))
