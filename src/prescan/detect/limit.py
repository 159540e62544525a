"""Rule kind `limit`: sentences that keep a paper inside, in whatever words; asked of the sentence and what is around.

It speaks after all rules with a list of wordings, and only in a neighbourhood where none of its category has spoken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.compiled import LIMITS
from prescan.detect.objection import objection
from prescan.detect.spoken import candidate_of, doublings, has_spoken
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.panel import Hearing
    from prescan.detect.reading import Reading
    from prescan.types import Candidate

#: Characters on each side of a sentence that say what paper it stands in.
_AROUND: Final = 100
#: Sentences of fewer characters say nothing alone.
_AT_LEAST: Final = 6
#: A sentence that says so little about it is not asked on.
_PROMISING: Final = -2.0
#: What is around weighs so much beside the sentence.
_SHARE: Final = 0.5
#: A document of many sentences has as many chances of a false alarm: each doubling asks for this much more.
_STRICTER: Final = 0.9
#: A heading of a few words may mean anything: each character that a sentence has fewer than this asks for so much more.
_SHORT: Final = 12
_SHORTER: Final = 0.3
#: Who signs at the end of a page, a title, the way to a page of a site: none keeps anything inside.
_NAMED: Final = regex.compile(
    r"\p{Han}{2,16}(?:局|委|厅|府|办|办公室|院|会|中心|站|所|校|部|处|科|队|司|社|村|组)(?:\(章\)|\d{4}年.{3,6})?"
    r"|\p{Han}{0,20}关于\p{Han}{2,40}的(?:通知|公告|通告|通报|意见|(?:工作)?要点|方案|报告|函|决定|公示|批复|说明|办法|规定)"
    r"|\p{Han}{4,30}(?:公告|通告|公示)|[\p{Han}\d]+(?:>[\p{Han}\d]+)+"
)
#: A row of numbers says nothing.
_LETTERS: Final = regex.compile(r"(?:\P{L}*\p{L}){4}")


def sentences(reading: Reading) -> list[tuple[int, int]]:
    """Return where the sentences of the visible body stand in the squeeze view, in order."""
    if not reading.sentences:
        return []
    places = zip(*(reading.squeeze.positions(edges) for edges in zip(*reading.sentences, strict=True)), strict=True)
    return [(start, end) for start, end in places if end - start >= _AT_LEAST]


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the window of a text that is around a sentence."""
    return max(0, start - _AROUND), min(len(text), end + _AROUND)


def find_limits(
    reading: Reading, compiled: Compiled, hearing: Hearing, found: Sequence[Candidate], stage: str
) -> Iterator[Candidate]:
    """Yield the sentences the models take for limits, one finding each."""
    rules = compiled.of_kind("limit")
    if not rules or compiled.limits is None:
        return
    said, beside = LIMITS
    text, spans = reading.squeeze.text, sentences(reading)
    if not spans:
        return
    least, stricter = compiled.limits[0].least, _STRICTER * doublings(len(spans))
    alone = _odds(hearing, said, spans)
    asked = [(span, odds, around(text, *span)) for span, odds in zip(spans, alone, strict=True) if odds >= _PROMISING]
    more = _odds(hearing, beside, [window for _, _, window in asked]) if asked else ()
    for ((start, end), odds, (low, high)), inside in zip(asked, more, strict=True):
        sure = odds + _SHARE * inside - stricter - _SHORTER * max(0, _SHORT - (end - start))
        if sure < least:
            continue
        if _NAMED.fullmatch(text, start, end) or not _LETTERS.match(text, start, end):
            continue
        span, near = Span(*reading.squeeze.span(start, end)), Span(*reading.squeeze.span(low, high))
        for rule in rules:
            if sure < rule.at_least or has_spoken(found, near, rule):
                continue
            if objection(rule, reading, *span, stage) is None:
                yield candidate_of(rule, reading, span, "check")
                break


def _odds(hearing: Hearing, model: str, spans: Sequence[tuple[int, int]]) -> list[float]:
    """Return the log odds that spans are inside, as one of the two models has it."""
    scores = hearing.scores(model, spans)
    odds: list[float] = (scores[:, 1] - scores[:, 0]).tolist()
    return odds
