"""Rule kind `level`: places where a level (绝密, 机密, 秘密) is a mark by what stands around it.

It speaks after the rules that know a layout, and only where none of them has stopped the document.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from prescan.detect.level_model import levels
from prescan.detect.objection import objection
from prescan.detect.spoken import candidate_of, doublings
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.types import Candidate

#: So many places are asked about; a text that names levels more often speaks about them.
_AT_MOST: Final = 200
#: A document with many such places has as many chances of a false alarm: each doubling asks for this much more.
_STRICTER: Final = 0.35
_TYPE: Final = "secret_mark"


def find_levels(reading: Reading, compiled: Compiled, found: Sequence[Candidate], stage: str) -> Iterator[Candidate]:
    """Yield the places that the model takes for marks, by the strictest rule it is sure enough for."""
    rules, model = compiled.of_kind("level"), compiled.levels
    if not rules or model is None:
        return
    view = reading.fold
    places = [match.span() for match in itertools.islice(levels(view.text), _AT_MOST)]
    if not places:
        return
    more = _STRICTER * doublings(len(places))
    for start, end in places:
        odds = model.score(view.text, start, end) - more
        if odds < model.review:
            continue
        span = Span(*view.span(start, end))
        for rule in rules:
            least = max(rule.at_least, model.block) if rule.level == "block" else model.review
            if (
                odds >= least
                and not _spoken(found, span, rule.level)
                and objection(rule, reading, *span, stage) is None
            ):
                yield candidate_of(rule, reading, span)
                break


def _spoken(found: Sequence[Candidate], span: Span, level: str | None) -> bool:
    """Tell whether a rule with a layout speaks of the whole place, as strictly or more so."""
    return any(
        one.start is not None
        and one.end is not None
        and one.start <= span.start
        and span.end <= one.end
        and one.type == _TYPE
        and one.level in {"block", level}
        for one in found
    )
