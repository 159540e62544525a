"""Rule kind `limit`: sentences that forbid passing a document on, whatever their wording.

Two models score each sentence: one its own words, one the text around it. Runs after all rules with lists of wordings
and reports only where no rule of the same category has a candidate nearby.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.compiled import LIMITS
from prescan.detect.objection import objection
from prescan.detect.reported import candidate_of, doublings, is_reported
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.joint_models import TextScorer
    from prescan.detect.reading import Reading
    from prescan.types import Candidate

#: Characters on each side of a sentence that the second model reads.
_AROUND: Final = 100
#: Shorter sentences are skipped.
_AT_LEAST: Final = 6
#: Below these log odds of the sentence alone the text around it is not scored.
_PROMISING: Final = -2.0
#: The weight of the text around, relative to that of the sentence.
_SHARE: Final = 0.5
#: Many sentences mean many chances of a false alarm: the threshold rises by this much with each doubling.
_STRICTER: Final = 0.9
#: The threshold rises by _SHORTER for each character that a sentence has fewer than _SHORT: a heading is ambiguous.
_SHORT: Final = 12
_SHORTER: Final = 0.3
#: Organs that sign, titles, the path to a page of a site: none of them forbids anything.
_NAMED: Final = regex.compile(
    r"\p{Han}{2,16}(?:局|委|厅|府|办|办公室|院|会|中心|站|所|校|部|处|科|队|司|社|村|组)(?:\(章\)|\d{4}年.{3,6})?"
    r"|\p{Han}{0,20}关于\p{Han}{2,40}的(?:通知|公告|通告|通报|意见|(?:工作)?要点|方案|报告|函|决定|公示|批复|说明|办法|规定)"
    r"|\p{Han}{4,30}(?:公告|通告|公示)|[\p{Han}\d]+(?:>[\p{Han}\d]+)+"
)
#: Sentences with fewer than four letters or characters (rows of numbers) are skipped.
_LETTERS: Final = regex.compile(r"(?:\P{L}*\p{L}){4}")


def sentences(reading: Reading) -> list[tuple[int, int]]:
    """Return the (start, end) in the squeeze view of the sentences of the visible body, in order."""
    if not reading.sentences:
        return []
    places = zip(*(reading.squeeze.positions(edges) for edges in zip(*reading.sentences, strict=True)), strict=True)
    return [(start, end) for start, end in places if end - start >= _AT_LEAST]


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the (start, end) of the window around a sentence, _AROUND characters on each side."""
    return max(0, start - _AROUND), min(len(text), end + _AROUND)


def find_limits(
    reading: Reading, compiled: Compiled, scorer: TextScorer, found: Sequence[Candidate], stage: str
) -> Iterator[Candidate]:
    """Yield a candidate for each sentence that the models take for a limit; `found` are the candidates so far.

    Of sentences near one another only the first is reported.
    """
    rules = compiled.of_kind("limit")
    if not rules or compiled.limits is None:
        return
    own_words, surroundings = LIMITS
    text, spans = reading.squeeze.text, sentences(reading)
    if not spans:
        return
    reported = list(found)
    least, penalty = compiled.limits[0].least, _STRICTER * doublings(len(spans))
    alone = _odds(scorer, own_words, spans)
    likely = [(span, odds, around(text, *span)) for span, odds in zip(spans, alone, strict=True) if odds >= _PROMISING]
    odds_around = _odds(scorer, surroundings, [window for _, _, window in likely]) if likely else ()
    for ((start, end), odds, (low, high)), more in zip(likely, odds_around, strict=True):
        score = odds + _SHARE * more - penalty - _SHORTER * max(0, _SHORT - (end - start))
        if score < least:
            continue
        if _NAMED.fullmatch(text, start, end) or not _LETTERS.match(text, start, end):
            continue
        span, near = Span(*reading.squeeze.span(start, end)), Span(*reading.squeeze.span(low, high))
        for rule in rules:
            if (rule.at_least and score < rule.at_least) or is_reported(reported, near, rule):
                continue
            if objection(rule, reading, *span, stage) is None:
                reported.append(candidate_of(rule, reading, span, "check"))
                yield reported[-1]
                break


def _odds(scorer: TextScorer, model: str, spans: Sequence[tuple[int, int]]) -> list[float]:
    """Return the log odds that each span limits who may see the document, after one of the two models."""
    scores = scorer.scores(model, spans)
    odds: list[float] = (scores[:, 1] - scores[:, 0]).tolist()
    return odds
