"""From a reading to candidates: one file per rule kind, then `resolve` (levels, conflicts, duplicates)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from prescan.detect.address import find_addresses
from prescan.detect.column import find_columns
from prescan.detect.compiled import Compiled
from prescan.detect.date import find_dates
from prescan.detect.dated import Clock, find_dated
from prescan.detect.level import find_levels
from prescan.detect.limit import find_limits
from prescan.detect.minor import tell_children
from prescan.detect.name import find_names
from prescan.detect.number import find_numbers
from prescan.detect.objection import objection
from prescan.detect.panel import Hearing
from prescan.detect.passage import find_passages
from prescan.detect.place import find_places
from prescan.detect.reading import Reading
from prescan.detect.spoken import candidate_of
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

#: Kinds that start from keywords, and kinds that look for themselves; the others come after: they ask what was found.
BY_KEYWORD: Final = {"words": find_words, "near": find_near, "together": find_together, "pattern": find_pattern}
BY_THEMSELVES: Final = (find_addresses, find_dates, find_places)


def detect(reading: Reading, compiled: Compiled, stage: str, clock: Clock | None = None) -> list[Candidate]:
    """Return every candidate of every rule that may speak at its place; rules of dates only if `clock` says the day.

    Raises RuleError for a pattern that takes too long.
    """
    hits = {
        view: compiled.hits(view, reading.view(view), hopeless=False, lists=reading.words, proven=reading.proven)
        for view in VIEWS
    }
    found = [*_by_keyword(reading, compiled, hits, stage)]
    numbers = partial(find_numbers, today=clock.today if clock else None)
    for find in (numbers, *BY_THEMSELVES, partial(find_names, others=found)):
        for candidate in find(reading, compiled):
            rule = compiled.rules[candidate.rule_id]
            places = (candidate.start or 0, candidate.end or 0)
            if rule.kind == "place" or objection(rule, reading, *places, stage) is None:
                found.append(candidate)
    tied = {rule_id: held for by_rule in hits.values() for rule_id, held in by_rule.items()}
    found += [*find_tied(reading, compiled, found, tied, stage), *find_columns(reading, compiled, found, stage)]
    found = tell_children(reading, compiled, found, clock)
    found = find_statements(reading, compiled, found, stage)
    beside = find_masks(reading, compiled, found, stage)
    dated = find_dated(reading, compiled, found, stage, clock) if clock else ()
    found += find_levels(reading, compiled, found, stage)
    hearing = Hearing(compiled.panel, reading.squeeze.text)
    found += find_limits(reading, compiled, hearing, found, stage)
    return [*found, *beside, *dated, *find_passages(reading, compiled, hearing, found, stage)]


def _by_keyword(reading: Reading, compiled: Compiled, hits: Mapping[str, Hits], stage: str) -> Iterator[Candidate]:
    for by_rule in hits.values():
        for rule_id, places in by_rule.items():
            rule = compiled.rules[rule_id]
            if rule.kind not in BY_KEYWORD:
                continue
            try:
                spans = list(BY_KEYWORD[rule.kind](rule, reading, compiled, places))
            except TimeoutError:
                raise RuleError(f"规则 {rule.id} 的模式匹配过慢，请改写", file=rule.file, line=rule.line) from None
            silent_until = -1
            for span in dict.fromkeys(spans):
                if span.start >= silent_until and objection(rule, reading, *span, stage) is None:
                    if rule.kind == "together":  # what is said together in one neighbourhood is one doubt
                        silent_until = span.end + 2 * rule.window
                    yield candidate_of(rule, reading, span)


__all__ = ["Candidate", "Clock", "Compiled", "Reading", "detect"]
