"""Rule kind `statement`: clauses that tell something of somebody in words no list foresaw, by the statement model.

It speaks after `tied` and `column` and only near somebody. A clause no rule has spoken in is a finding of its own
(`check`); the words a rule found are widened where what stands beside them belongs to the statement: 肺癌 → 因肺癌去世.
"""

from __future__ import annotations

import bisect
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.clauses import Clause, clauses, shown
from prescan.detect.reading import objection
from prescan.detect.spoken import candidate_of
from prescan.text.chinese import pieces
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.types import Candidate

#: Types told by whole clauses: the words alone (服刑, 指纹) tell only half. Neighbouring clauses are one statement.
WHOLE: Final = frozenset({"criminal_record", "religion", "biometric", "whereabouts"})
#: Types whose words alone tell much; the statement may be a little longer.
WORDS: Final = frozenset({"health", "disability", "financial_status"})
#: Rules whose words may be widened; a `together` rule marks the header of a list.
_KINDS: Final = frozenset({"tied", "column"})
#: A statement is at most so many times as long as its words: whoever means the words alone still has them by half.
_TIMES: Final = 2
#: Beyond that, so much more is taken rather than cutting the clause near its end.
_SLACK: Final = 2
#: What may stand between two clauses of one statement; the words of a rule may end a little before their clause does.
_BETWEEN: Final = regex.compile(r"\p{Han}{0,4}[，、,]?\p{Han}{0,2}")
#: Types whose words and clauses are kept apart: every sum is a statement of its own.
_APART: Final = frozenset({"financial_status"})
#: Without a place or a movement, a day (9月2日发热) tells nobody's whereabouts.
_GOES: Final = regex.compile("[到至往返去来回在住赴抵达乘坐搭离进出入逃躲藏途经过从由站场店院馆所区县市镇乡村路街踪迹]")
#: What leads to a statement and is no part of it.
_LEAD: Final = regex.compile(
    r"(?:[系为是的但又且并另]|因(?!.{1,12}(?:[去过离]世|死亡|身亡|亡故))|现在?(?!年)|当日|本人|自己|[他她其我](?!们)|原告|被告"
    r"|[走申被]\p{Han}人|反映|[自声]?称|说明|理由|要求|把|[甲乙丙丁](?![型肝亢减状流])|[父母](?!亲)|月因|今(?=欠))+(?=\p{Han}{2}|[\d\p{Han}]{3})"
)


def find_statements(reading: Reading, compiled: Compiled, found: list[Candidate], stage: str) -> list[Candidate]:
    """Return the candidates with words of statements widened, and with the statements no rule has found."""
    rules = {rule.type: rule for rule in compiled.of_kind("statement")}
    model = compiled.statements
    if not rules or model is None:
        return found
    held = list(clauses(reading, found))
    if not held:
        return found
    told = told_by_rules(reading, compiled, found, held)
    kept = {id(one): one for one in found}
    said: list[Candidate] = []
    for index, clause in enumerate(held):
        here = told.get(index, [])
        for one in here:
            if id(one) in kept and one.type in rules and _alone(here, one):
                kept[id(one)] = _widened(reading, compiled, clause, one)
        for kind, _ in model.told(clause, {one.type for one in here}):
            rule = rules.get(kind)
            if rule and not any(one.type == kind or {one.type, kind} <= WORDS for one in here):
                span = Span(*reading.fold.span(_begin(reading, clause.start, clause.end), clause.end))
                if objection(rule, reading, *span, stage) is None:
                    said.append(candidate_of(rule, reading, span, "check"))
    mine = [one for one in kept.values() if one.type in rules and _is_word(compiled, one)]
    rest = [one for one in kept.values() if one.type not in rules or not _is_word(compiled, one)]
    words = {id(one) for one in mine}
    return [*rest, *_joined(reading, [*mine, *said], words)]


def told_by_rules(
    reading: Reading, compiled: Compiled, found: Sequence[Candidate], held: Sequence[Clause]
) -> dict[int, list[Candidate]]:
    """Return, by the index of a clause, what rules found that touches it (types WHOLE and WORDS)."""
    position = reading.fold.position
    ends = [clause.end for clause in held]
    told: dict[int, list[Candidate]] = {}
    for one in found:
        if one.type in WHOLE | WORDS and one.start is not None and _is_word(compiled, one):
            start, end = position(one.start), position(one.end or one.start)
            index = bisect.bisect_right(ends, start)
            while index < len(held) and held[index].start < end:
                told.setdefault(index, []).append(one)
                index += 1
    return told


def _is_word(compiled: Compiled, one: Candidate) -> bool:
    return compiled.rules[one.rule_id].kind in _KINDS


def _alone(here: Sequence[Candidate], one: Candidate) -> bool:
    """Tell whether nothing else of its type was found in the clause of a candidate."""
    return sum(other.type == one.type for other in here) == 1


def parts(reading: Reading, clause: Clause, one: Candidate) -> tuple[str, str, str] | None:
    """Return a candidate's words and what stands to their left and right in the clause; None: it reaches beyond it."""
    text, position = reading.fold.text, reading.fold.position
    start, end = position(one.start or 0), position(one.end or 0)
    if start < clause.start or end > clause.end or (start, end) == (clause.start, clause.end):
        return None
    return text[start:end], text[clause.start : start], text[end : clause.end]


def _widened(reading: Reading, compiled: Compiled, clause: Clause, one: Candidate) -> Candidate:
    """Return a candidate with what belongs to its words in their clause."""
    inside = parts(reading, clause, one)
    if inside is None or compiled.statements is None:
        return one
    word, left, right = inside
    if one.type in WHOLE:
        low, high = clause.start, clause.end
    elif compiled.statements.is_wider(one.type, clause, *map(shown, inside)):
        before, behind = _room(word, left, right)
        low, high = clause.start + len(left) - before, clause.end - len(right) + behind
    else:
        return one
    span = Span(*reading.fold.span(_begin(reading, low, clause.start + len(left)), high))
    return replace(one, start=span.start, end=span.end, masked=reading.text[span.start : span.end])


def _begin(reading: Reading, low: int, high: int) -> int:
    """Return where a statement begins that stands from `low` on, after what only leads to it; not behind `high`."""
    lead = _LEAD.match(reading.fold.text, low)
    return lead.end() if lead and lead.end() <= high else low


def _room(word: str, left: str, right: str) -> tuple[int, int]:
    """Return how many characters to the left and right of words are marked with them: whole words, as many as may be.

    >>> _room("肺癌", "因", "去世"), _room("肺癌", "", "晚期"), _room("尿毒症", "", "")
    ((0, 2), (0, 2), (0, 0))
    """
    most = (_TIMES - 1) * len(word) + _SLACK
    if len(left) + len(right) <= most:
        return len(left), len(right)
    behind = _steps(pieces(right))
    before = _steps(reversed(pieces(left)))
    return max(
        ((one, other) for one in before for other in behind if one + other <= most),
        key=lambda pair: (sum(pair), pair[1]),
    )


def _steps(words: Iterable[str]) -> list[int]:
    """Return how far the first words reach, none of them first."""
    reached = [0]
    for word in words:
        reached.append(reached[-1] + len(word))
    return reached


def _joined(reading: Reading, found: Sequence[Candidate], words: set[int]) -> Iterator[Candidate]:
    """Yield statements of one type that follow one another as one; of what rules found (ids `words`) two stay two."""
    last: Candidate | None = None
    free = False
    for one in sorted(found, key=lambda one: (one.type, one.start or 0, -(one.end or 0))):
        mine = id(one) not in words
        loose = one.type in WHOLE or (mine and free if one.type in _APART else mine or free)
        if last is not None and last.type == one.type and loose and _adjoins(reading, last, one):
            end = max(last.end or 0, one.end or 0)
            last = replace(last, end=end, masked=reading.text[last.start or 0 : end])
        else:
            if last is not None and not _says_nothing(last):
                yield last
            last = one
        free = mine
    if last is not None and not _says_nothing(last):
        yield last


def _says_nothing(one: Candidate) -> bool:
    """Return whether a candidate is said to tell somebody's whereabouts but names no place and no movement."""
    return one.type == "whereabouts" and _GOES.search(one.masked) is None


def _adjoins(reading: Reading, last: Candidate, one: Candidate) -> bool:
    """Tell whether hardly more than a mark stands between two candidates."""
    return _BETWEEN.fullmatch(reading.text, last.end or 0, max(last.end or 0, one.start or 0)) is not None
