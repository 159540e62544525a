"""What a rule says of a place, and whether another rule of its category has spoken there."""

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


#: So many places, sentences or passages a document may have before more is asked of each.
_FEW: Final = 4


def doublings(count: int) -> float:
    """Return how often the places a model is asked about have doubled: each time is a chance more of a false alarm."""
    return max(0.0, math.log2(max(1, count) / _FEW))


def candidate_of(rule: Rule, reading: Reading, span: Span, confidence: Confidence = "likely") -> Candidate:
    """Return the candidate of a rule whose reason is the same at every place; `span` is of the original."""
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


def has_spoken(found: Sequence[Candidate], span: Span, rule: Rule) -> bool:
    """Tell whether a rule of the same category has a candidate that begins in a span."""
    types = finding_types()
    category = types[rule.type].category
    return any(
        one.start is not None and span.start <= one.start < span.end and types[one.type].category == category
        for one in found
    )
