"""Detection: from a Reading to candidates, one module per rule kind; `resolve` makes findings of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from prescan.detect.address import find_addresses
from prescan.detect.birth import find_births
from prescan.detect.column import find_columns
from prescan.detect.compiled import Compiled
from prescan.detect.joint_models import TextScorer
from prescan.detect.level import find_levels
from prescan.detect.limit import find_limits
from prescan.detect.minor import report_children
from prescan.detect.name import find_names
from prescan.detect.number import find_numbers
from prescan.detect.objection import objection
from prescan.detect.overdue import Clock, find_overdue
from prescan.detect.passage import find_passages
from prescan.detect.place import find_places
from prescan.detect.reading import Reading
from prescan.detect.reported import candidate_of
from prescan.detect.statement import find_statements
from prescan.detect.tied import find_tied
from prescan.detect.weak_mask import find_masks
from prescan.detect.words import find_near, find_pattern, find_together, find_words
from prescan.errors import RuleError
from prescan.rules.kinds import VIEWS
from prescan.types import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.detect.compiled import Hits

#: Rule kinds that start from hits of keywords, and kinds that search the text themselves. All other kinds run later,
#: because they depend on the candidates of these.
BY_KEYWORD: Final = {"words": find_words, "near": find_near, "together": find_together, "pattern": find_pattern}
SEARCHING: Final = (find_addresses, find_births, find_places)


def detect(reading: Reading, compiled: Compiled, stage: str, clock: Clock | None = None) -> list[Candidate]:
    """Return the candidates of all rules, without those to which the rule's own conditions object (`objection`).

    `stage` is the stage of Context. Without `clock` the rules of kind `dated` are skipped. Raises RuleError for a
    pattern that takes too long.
    """
    hits = {
        view: compiled.hits(view, reading.view(view), all_rules=False, lists=reading.words, proven=reading.proven)
        for view in VIEWS
    }
    found = [*_by_keyword(reading, compiled, hits, stage)]
    numbers = partial(find_numbers, today=clock.today if clock else None)
    for find in (numbers, *SEARCHING, partial(find_names, others=found)):
        for candidate in find(reading, compiled):
            rule = compiled.rules[candidate.rule_id]
            span = (candidate.start or 0, candidate.end or 0)
            if rule.kind != "place" and objection(rule, reading, *span, stage) is not None:
                continue
            if rule.whose and compiled.landlines and not compiled.landlines.is_private(reading, *span):
                continue
            found.append(candidate)
    hits_by_rule = {rule_id: spans for by_rule in hits.values() for rule_id, spans in by_rule.items()}
    found += [*find_tied(reading, compiled, found, hits_by_rule, stage), *find_columns(reading, compiled, found, stage)]
    found = report_children(reading, compiled, found, clock)
    found = find_statements(reading, compiled, found, stage)
    found = [*found, *find_levels(reading, compiled, found, stage)]
    scorer = TextScorer(compiled.joint_models, reading.squeeze.text)
    found = [*found, *find_limits(reading, compiled, scorer, found, stage)]
    return [
        *found,
        *find_masks(reading, compiled, found, stage),
        *(find_overdue(reading, compiled, found, stage, clock) if clock else ()),
        *find_passages(reading, compiled, scorer, found, stage),
    ]


def _by_keyword(reading: Reading, compiled: Compiled, hits: Mapping[str, Hits], stage: str) -> Iterator[Candidate]:
    for by_rule in hits.values():
        for rule_id, words in by_rule.items():
            rule = compiled.rules[rule_id]
            if rule.kind not in BY_KEYWORD:
                continue
            try:
                spans = list(BY_KEYWORD[rule.kind](rule, reading, compiled, words))
            except TimeoutError:
                raise RuleError(f"规则 {rule.id} 的模式匹配过慢，请改写", file=rule.file, line=rule.line) from None
            silent_until = -1
            for span in dict.fromkeys(spans):
                if span.start >= silent_until and objection(rule, reading, *span, stage) is None:
                    if rule.kind == "together":  # one candidate for each neighbourhood
                        silent_until = span.end + 2 * rule.window
                    yield candidate_of(rule, reading, span)


__all__ = ["Candidate", "Clock", "Compiled", "Reading", "detect"]
