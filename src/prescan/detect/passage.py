"""Rule kind `passage`: passages that a model assigns to a family of matters (`family` of a rule: case, trade …).

Runs last and reports only passages in which no rule of the same category has a candidate: wordings that no list
foresaw. The confidence is always `check`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.compiled import PASSAGES
from prescan.detect.objection import objection
from prescan.detect.reported import candidate_of, doublings, is_reported
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.joint_models import TextScorer
    from prescan.detect.reading import Reading
    from prescan.types import Candidate

#: Sentences are joined until they have this many characters: the length of the passages in the training data.
_ENOUGH: Final = 50
_AT_MOST: Final = 160
#: Passages with fewer Chinese characters than this, or a lower share of them (coordinates, amounts), are skipped.
_AT_LEAST: Final = 12
_SHARE_AT_LEAST: Final = 1 / 3
_HAN = regex.compile(r"\p{Han}+")
#: Rooms and departments as in the directory of a building; these characters do not count.
_PLACES = regex.compile(
    r"(?:(?<![\p{Han}])\p{Han}{1,5}?|\p{Han}{2,5}?)(?:[科室处股厅](?!长|级|员|分|理)|办公室|保密办|门诊|窗口|通道|大厅|住院部|[楼层])"
    r"|[东南西北上下]?[侧边]?[一二三四五六七八九十百\d]{1,4}[楼层米号]"
)
#: Many passages mean many chances of a false alarm: from the second on, the threshold rises by this much with each
#: doubling. Odds higher by so much halve the false alarms on pages of authors left out.
_STRICTER: Final = 0.7
_FEW: Final = 2


def find_passages(
    reading: Reading, compiled: Compiled, scorer: TextScorer, found: Sequence[Candidate], stage: str
) -> Iterator[Candidate]:
    """Yield a candidate for each passage and family above the model's threshold; `found` are the candidates so far."""
    rules = {rule.family: rule for rule in compiled.of_kind("passage")}
    if not rules or compiled.passages is None:
        return
    view, spans = reading.squeeze, list(passages(reading))
    least = compiled.passages.least + _STRICTER * doublings(len(spans), _FEW)
    places = zip(*(view.positions(edges) for edges in zip(*spans, strict=True)), strict=True)
    shown = [(span, place) for span, place in zip(spans, places, strict=True) if place[1] - place[0] >= _AT_LEAST]
    if not shown:
        return
    scores = scorer.scores(PASSAGES, [place for _, place in shown])
    for index, odds, families in compiled.passages.doubts(scores, least):
        span, (start, end) = shown[index]
        if reading.anatomy.in_clause(span.start):
            continue
        unreported = [rule for rule in map(rules.get, families) if rule and not is_reported(found, span, rule)]
        if unreported and _is_prose(view.text, start, end):
            for rule in unreported:
                if objection(rule, reading, *span, stage, odds=odds - least) is None:
                    yield candidate_of(rule, reading, span, "check")


def _is_prose(text: str, start: int, end: int) -> bool:
    """Return whether a passage has enough Chinese characters apart from names of rooms."""
    count = sum(map(len, _HAN.findall(_PLACES.sub("", text[start:end]))))
    return count >= max(_AT_LEAST, _SHARE_AT_LEAST * (end - start))


def passages(reading: Reading) -> Iterator[Span]:
    """Yield the visible body as passages: consecutive sentences, joined until they have _ENOUGH characters."""
    start = end = -1
    for begin, stop in reading.sentences:
        if start < 0:
            start = begin
        elif end - start >= _ENOUGH or stop - start > _AT_MOST:
            yield Span(start, end)
            start = begin
        end = stop
    if start >= 0:
        yield Span(start, end)
