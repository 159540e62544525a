"""Rule kind `passage`: passages the passage model takes for one of the contextual families.

It speaks last and only where no rule of the same category has spoken: a wording no list foresaw. Always `check`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.compiled import PASSAGES
from prescan.detect.objection import objection
from prescan.detect.spoken import candidate_of, doublings, has_spoken
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.panel import Hearing
    from prescan.detect.reading import Reading
    from prescan.types import Candidate

#: Sentences are read together until they have this many characters: the length of what the model was trained on.
_ENOUGH: Final = 50
_AT_MOST: Final = 160
#: Passages of fewer Chinese characters say too little; so do lists of coordinates and amounts.
_AT_LEAST: Final = 12
_SHARE_AT_LEAST: Final = 1 / 3
_HAN = regex.compile(r"\p{Han}+")
#: Rooms, departments and the way to them, as a building's directory lists them: they say nothing of what is done there.
_PLACES = regex.compile(
    r"(?:(?<![\p{Han}])\p{Han}{1,5}?|\p{Han}{2,5}?)(?:[科室处股厅](?!长|级|员|分|理)|办公室|保密办|门诊|窗口|通道|大厅|住院部|[楼层])"
    r"|[东南西北上下]?[侧边]?[一二三四五六七八九十百\d]{1,4}[楼层米号]"
)
#: A document of many passages has as many chances of a false alarm: each doubling asks for this much more.
_STRICTER: Final = 0.35


def find_passages(
    reading: Reading, compiled: Compiled, hearing: Hearing, found: Sequence[Candidate], stage: str
) -> Iterator[Candidate]:
    """Yield the passages the model doubts, one finding each, where no other rule of the category has spoken."""
    rules = {rule.family: rule for rule in compiled.of_kind("passage")}
    if not rules or compiled.passages is None:
        return
    view, spans = reading.squeeze, list(passages(reading))
    least = compiled.passages.least + _STRICTER * doublings(len(spans))
    places = zip(*(view.positions(edges) for edges in zip(*spans, strict=True)), strict=True)
    shown = [(span, place) for span, place in zip(spans, places, strict=True) if place[1] - place[0] >= _AT_LEAST]
    if not shown:
        return
    scores = hearing.scores(PASSAGES, [place for _, place in shown])
    for index, families in compiled.passages.doubts(scores, least):
        span, (start, end) = shown[index]
        if reading.anatomy.in_clause(span.start):
            continue
        speak = [rule for rule in map(rules.get, families) if rule and not has_spoken(found, span, rule)]
        if speak and _says_enough(view.text, start, end):
            for rule in speak:
                if objection(rule, reading, *span, stage) is None:
                    yield candidate_of(rule, reading, span, "check")


def _says_enough(text: str, start: int, end: int) -> bool:
    written = sum(map(len, _HAN.findall(_PLACES.sub("", text[start:end]))))
    return written >= max(_AT_LEAST, _SHARE_AT_LEAST * (end - start))


def passages(reading: Reading) -> Iterator[Span]:
    """Yield the visible body in passages: sentences in a row, of lines in a row, until they say enough."""
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
