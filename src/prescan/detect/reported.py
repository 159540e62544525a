"""Candidates of rules whose reason is the same everywhere, and what such rules ask about what was reported before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from prescan.resources import finding_types
from prescan.types import Candidate, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence


#: A document may have this many places, sentences or passages before the thresholds rise.
_FEW: Final = 4


def doublings(count: int, few: int = _FEW) -> float:
    """Return by how many doublings `count` exceeds `few`, 0 if it does not.

    `count` is the number of places that a model scores in a document. The more there are, the likelier is a false
    alarm; thresholds therefore rise with each doubling.
    """
    return max(0.0, math.log2(max(1, count) / few))


def candidate_of(rule: Rule, reading: Reading, span: Span, confidence: Confidence = "likely") -> Candidate:
    """Return the candidate of `rule` at `span` (of Document.text), with the rule's reason as its evidence."""
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=span.start,
        end=span.end,
        confidence=confidence,
        evidence=(rule.reason,) if rule.reason else (),
        masked=reading.text[span.start : span.end],
        level=rule.level,
    )


def is_reported(found: Sequence[Candidate], span: Span, rule: Rule) -> bool:
    """Return whether `found` has a candidate of the rule's category that begins in `span`."""
    types = finding_types()
    category = types[rule.type].category
    return any(
        one.start is not None and span.start <= one.start < span.end and types[one.type].category == category
        for one in found
    )
