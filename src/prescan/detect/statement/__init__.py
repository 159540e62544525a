"""Rule kind `statement`: clauses about a person in words that no list contains, found by the statement model.

Runs after `tied` and `column`, and only near a person. A clause in which no rule found anything becomes a finding of
its own (confidence `check`); what a rule found is widened where the words beside it belong to it: 肺癌 → 因肺癌去世.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.detect.objection import objection
from prescan.detect.reported import candidate_of
from prescan.detect.statement.clauses import Clause, clauses
from prescan.detect.statement.extent import WHOLE, WORDS, begin, even, widened
from prescan.detect.statement.joined import joined, with_levels
from prescan.detect.statement.model import features
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.detect.statement.model import Floats, StatementModel
    from prescan.rules import Rule
    from prescan.types import Candidate

#: Rule kinds whose findings may be widened; a `together` rule marks the header of a list.
_KINDS: Final = frozenset({"tied", "column"})
#: A clause this many clauses from a rule's words of its type must be surer: mostly it says how these came about.
_NEAR: Final = 2


class _Scored(NamedTuple):
    """Clauses, the types rules found in each, and the model's probabilities, one row a clause."""

    held: Sequence[Clause]
    types: Sequence[Collection[str]]
    shares: Floats


def find_statements(reading: Reading, compiled: Compiled, found: list[Candidate], stage: str) -> list[Candidate]:
    """Return `found` with candidates widened to their statements, and the statements no rule found added."""
    rules = {rule.type: rule for rule in compiled.of_kind("statement")}
    model = compiled.statements
    if not rules or model is None or not (held := list(clauses(reading, found))):
        return found
    by_clause = rule_candidates(reading, compiled, found, held)
    types = [{one.type for one in by_clause.get(index, ())} for index in range(len(held))]
    shares = model.shares([features(clause, here) for clause, here in zip(held, types, strict=True)])
    idle = _idle(compiled, by_clause, (shares[:, 0] >= model.idle).tolist())
    kept = {id(one): one for one in found if id(one) not in idle}
    for index, here in by_clause.items():
        for one in here:
            if id(one) in kept and one.type in rules and _alone(here, one):
                kept[id(one)] = widened(reading, model, held[index], one)
    by_model = _beyond_rules(reading, rules, model, _Scored(held, types, shares), stage)
    by_rule: list[Candidate] = []
    rest: list[Candidate] = []
    for one in kept.values():
        (by_rule if one.type in rules and _is_word(compiled, one) else rest).append(one)
    told = joined(reading.text, with_levels(by_rule, reading.text), by_model)
    return [*rest, *(even(reading.text, one) for one in told)]


def _idle(compiled: Compiled, by_clause: Mapping[int, Sequence[Candidate]], general: Sequence[bool]) -> set[int]:
    """Return the ids of candidates whose clauses all talk of illness, money and the like in general (`general`).

    Words of whereabouts (行踪轨迹) stay: they announce what follows them.
    """
    idle: dict[int, bool] = {}
    for index, here in by_clause.items():
        for one in here:
            if one.type != "whereabouts" and compiled.rules[one.rule_id].kind == "tied":
                idle[id(one)] = general[index] and idle.get(id(one), True)
    return {one for one, is_idle in idle.items() if is_idle}


def _beyond_rules(
    reading: Reading, rules: Mapping[str, Rule], model: StatementModel, scored: _Scored, stage: str
) -> Iterator[Candidate]:
    """Yield the clauses that the model takes for statements and in which no rule found one."""
    types = scored.types
    for index, type_, share in model.types_of(scored.shares):
        rule, clause = rules.get(type_), scored.held[index]
        near = types[max(0, index - _NEAR) : index + _NEAR + 1]
        least = model.near.get(type_, 0.0) if any(type_ in told for told in near) else 0.0
        if rule and share >= least and not _is_told(type_, types[index]):
            start = begin(reading, type_, clause.start, clause.end)
            span = Span(*reading.fold.span(start, clause.end))
            if start < clause.end and objection(rule, reading, *span, stage) is None:  # 自称 alone is all lead-in
                yield candidate_of(rule, reading, span, "check")


def rule_candidates(
    reading: Reading, compiled: Compiled, found: Sequence[Candidate], held: Sequence[Clause]
) -> dict[int, list[Candidate]]:
    """Return, by index into `held`, the rules' candidates of types WHOLE and WORDS that touch the clause."""
    position = reading.fold.position
    ends = [clause.end for clause in held]
    by_clause: dict[int, list[Candidate]] = {}
    for one in found:
        if one.type in WHOLE | WORDS and one.start is not None and _is_word(compiled, one):
            start, end = position(one.start), position(one.end or one.start)
            index = bisect.bisect_right(ends, start)
            while index < len(held) and held[index].start < end:
                by_clause.setdefault(index, []).append(one)
                index += 1
    return by_clause


def _is_word(compiled: Compiled, one: Candidate) -> bool:
    return compiled.rules[one.rule_id].kind in _KINDS


def _is_told(type_: str, here: Collection[str]) -> bool:
    """Return whether rules found the type in the clause; illness, disability and means pass for each other."""
    return type_ in here or (type_ in WORDS and not WORDS.isdisjoint(here))


def _alone(here: Sequence[Candidate], one: Candidate) -> bool:
    """Return whether a candidate is the only one of its type in its clause."""
    return sum(other.type == one.type for other in here) == 1
