"""Rule kind `tied`: words about health, belief or record that count only where they are said of a person.

A second pass over the candidates of all other rules: a word is tied to a person if a personal finding (a name, a
number, a birth date, a home) stands in its sentence or table row, or one of the rule's `near` words (我母亲, 患者本人)
in front of it in its clause. In policy, medical science and public health nobody is meant, and nothing is said.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.reading import objection
from prescan.types import Candidate, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.detect.compiled import Compiled, Hits
    from prescan.detect.reading import Reading
    from prescan.rules import Rule

#: What may stand in front of a disease and belongs to it: 左肩软组织挫伤, 右股骨干骨折, 慢性肾炎.
_QUALIFIER = regex.compile(
    r"(?:(?:左|右|双侧?|两侧|多发|多处|重度|中度|轻度|早期|晚期|中晚期|[急慢]性|恶性|良性|先天性?|后天性?|遗传性?|继发性?|原发性?"
    r"|过敏性|创伤性|外伤性|开放性|闭合性|粉碎性|压缩性|陈旧性|病毒性|细菌性|老年性?|小儿|II?型|[12]型|代偿性|失代偿期?"
    r"|头部?|面部?|颈部?|颅|肩部?|胸部?|腹部?|腰部?|背部?|臀部?|手[臂腕掌指]?|[上下]肢|[大小]?腿|膝部?|足部?|脚[踝趾]?|踝|髋"
    r"|股骨[干颈头]?|胫骨|腓骨|肱骨|尺骨|桡骨|锁骨|肋骨|骨盆|颅骨|脊柱|腰椎|颈椎|胸椎|髌骨|鼻骨|眼部?|耳|心|肝|肺|肾|脾|胃|肠|胆|脑"
    r"|腰|子宫|乳腺|甲状腺|前列腺|皮肤))+$"
)
_QUALIFIER_AT_MOST: Final = 12
_TAIL = regex.compile(r"(?:[IVⅠⅡⅢⅣ]{1,3}|[一二三四1234])[期级度](?!\p{Han}*医院)")
_CLAUSE_ENDS: Final = "。！？!?\n\t|\u2029"
_CLAUSE_AT_MOST: Final = 300
#: Personal findings that tie a word to a person; a plate or a mailbox may be anybody's.
_TIES: Final = frozenset(
    "person_name resident_id birth_date address medical_record_no disability_certificate mobile_phone bank_account "
    "bank_card student_id social_security_no passport military_id exam_no".split()
)


def find_tied(
    reading: Reading, compiled: Compiled, others: Sequence[Candidate], hits: Hits, stage: str
) -> Iterator[Candidate]:
    """Yield a candidate for every word that is said of a person."""
    rules = [rule for rule in compiled.of_kind("tied") if rule.id in hits]
    if not rules:
        return
    people = sorted({c.start for c in others if c.start is not None and c.type in _TIES})
    for rule in rules:
        for span in _spans(rule, reading, compiled, hits[rule.id]):
            said = _tie(rule, reading, span, people)
            if said and objection(rule, reading, *span, stage) is None:
                yield Candidate(
                    rule_id=rule.id,
                    type=rule.type,
                    start=span.start,
                    end=span.end,
                    evidence=(said, *((rule.reason,) if rule.reason else ())),
                    masked=reading.text[span.start : span.end],
                    level=rule.level,
                )


def _spans(rule: Rule, reading: Reading, compiled: Compiled, hits: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Yield the rule's words with their qualifiers, and what its pattern matches around a keyword, each place once."""
    view = reading.view(rule.view)
    pattern = compiled.patterns.get(rule.id)
    words = frozenset(rule.words)
    last = -1
    for start, end in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if start < last:
            continue
        begin, stop = start, end
        if pattern:
            around = max(last, start - _QUALIFIER_AT_MOST, 0)
            match = next(
                (m for m in pattern.finditer(view.text, around, end + _QUALIFIER_AT_MOST) if m.end() > start), None
            )
            if match and match.start() <= start:
                begin, stop = match.span()
            elif view.text[start:end] not in words:
                continue
        if rule.type == "health":
            low = max(last, start - _QUALIFIER_AT_MOST, 0)
            qualifier = _QUALIFIER.search(view.text, low, start)
            begin = qualifier.start() if qualifier else begin
            tail = _TAIL.match(view.text, stop)
            stop = tail.end() if tail else stop
        last = stop
        yield Span(*view.span(begin, stop))


def _tie(rule: Rule, reading: Reading, span: Span, people: list[int]) -> str:
    """Return what ties a place to a person, as a sentence, or "": nothing does."""
    table = reading.anatomy.table_at(span.start)
    cell = table.cell_at(span.start) if table else None
    around = _row(reading, cell.start, cell.end) if cell else _sentence(reading, span)
    index = bisect.bisect_left(people, around.start)
    if index < len(people) and people[index] < around.end:
        return "同一句或同一行写有个人信息"
    view = reading.view(rule.view)
    low = max(view.position(around.start), view.position(span.start) - rule.window)
    before = view.text[low : view.position(span.start)]
    near = next((word for word in rule.near if word in before), None)
    return f"前面有“{near}”字样，像是说具体的人" if near else ""


def _sentence(reading: Reading, span: Span) -> Span:
    """Return the sentence around a place: to the next full stop, line end or cell end."""
    text = reading.text
    low, high = max(0, span.start - _CLAUSE_AT_MOST), min(len(text), span.end + _CLAUSE_AT_MOST)
    start = max(low, *(text.rfind(mark, low, span.start) + 1 for mark in _CLAUSE_ENDS))
    ends = (text.find(mark, span.end, high) for mark in _CLAUSE_ENDS)
    return Span(start, min((end for end in ends if end >= 0), default=high))


def _row(reading: Reading, start: int, end: int) -> Span:
    """Return the table row of a cell: its line, or its row of blocks."""
    table = reading.anatomy.table_at(start)
    cell = table.cell_at(start) if table else None
    row = [other for other in table.cells if cell and other.row == cell.row] if table else []
    return Span(row[0].start, row[-1].end) if row else Span(start, end)
