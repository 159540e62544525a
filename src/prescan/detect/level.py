"""Rule kind `level`: classification levels (绝密, 机密, 秘密) that a model takes for marks from the text around them.

Runs after the rules that know the layout of a mark, and reports only what none of these has reported as strictly.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from prescan.detect.level_model import levels
from prescan.detect.objection import objection
from prescan.detect.reported import candidate_of, doublings
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.types import Candidate

#: At most this many places are scored; a text that names levels more often is about levels.
_AT_MOST: Final = 200
#: Many places mean many chances of a false alarm: the threshold rises by this much with each doubling.
_STRICTER: Final = 0.35
_TYPE: Final = "secret_mark"


def find_levels(reading: Reading, compiled: Compiled, found: Sequence[Candidate], stage: str) -> Iterator[Candidate]:
    """Yield a candidate for each place that the model takes for a mark.

    The rule is the first, in the order of the packs, whose threshold the place reaches; `found` are the candidates so
    far.
    """
    rules, model = compiled.of_kind("level"), compiled.levels
    if not rules or model is None:
        return
    view = reading.fold
    places = [match.span() for match in itertools.islice(levels(view.text), _AT_MOST)]
    if not places:
        return
    penalty = _STRICTER * doublings(len(places))
    for start, end in places:
        odds = model.score(view.text, start, end) - penalty
        if odds < model.review:
            continue
        span = Span(*view.span(start, end))
        for rule in rules:
            least = (rule.at_least or model.block) if rule.level == "block" else model.review
            if (
                odds >= least
                and not _is_reported(found, span, rule.level)
                and objection(rule, reading, *span, stage) is None
            ):
                yield candidate_of(rule, reading, span)
                break


def _is_reported(found: Sequence[Candidate], span: Span, level: str | None) -> bool:
    """Return whether a rule that knows the layout has a candidate that covers `span`, at least as strict."""
    return any(
        one.start is not None
        and one.end is not None
        and one.start <= span.start
        and span.end <= one.end
        and one.type == _TYPE
        and one.level in {"block", level}
        for one in found
    )
