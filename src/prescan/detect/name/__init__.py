"""Rule kind `name`: names of private people, every mention; people in a public role are left alone.

1. Spans: `name/sought.py`. 2. The name model scores them; of overlapping spans the best stays; a name found once is
found wherever it stands. 3. The role model scores every mention (`name/persons.py`); names in one list share their
score, and so do the mentions of one name: private once, private everywhere.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import has_papers, line_features, says_nothing_of_people, shows_its_kind
from prescan.detect.name.columns import is_of_places
from prescan.detect.name.cues import PRIVATE
from prescan.detect.name.features import at_most, farther, grade_of, surroundings
from prescan.detect.name.gate import DUE
from prescan.detect.name.ordinary import is_ordinary
from prescan.detect.name.owner import CLEAR
from prescan.detect.name.page import NamePage
from prescan.detect.name.persons import Mention, judged
from prescan.detect.name.proved import comes_again, due, not_names, siblings
from prescan.detect.name.slots import strangers
from prescan.detect.name.sought import BUILT, weighed_spans
from prescan.detect.name.spans import Span
from prescan.types import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.name.model import NameModel
    from prescan.detect.name.spans import NameChars
    from prescan.detect.reading import Reading
    from prescan.rules import Rule

#: A span this far below the threshold is still a name where the same name was found elsewhere.
_KNOWN: Final = 3.0
#: Where the place leaves no doubt that this is a name.
_PROVED: Final = 3.5
#: From this on nothing else is meant where the same two characters stand again.
_SURE: Final = 1.0
#: Right behind a word for a private person (其女, 肇事人) a name may look so much less like one.
_LED: Final = 1.0
#: In a document without any number of a person a name must look so much more like one: where nothing speaks for it,
#: where a cue does.
_IN_POLICY: Final = 2.5, 0.5
_IN_LAW: Final = 4.6, 3.6
_PLAIN: Final = 5.0
_SEVERAL: Final = 3
_CLAUSES: Final = 5
"""So many 第…条 make a text a law or rules."""
#: Words that follow a name; few names end with them.
_ADVERBS: Final = frozenset("均也都等因已将在被与和经对向由系称又即则并曾于为仍未不自同共及所")
#: From this probability on a finding is "likely"; below it a person is asked to check.
_LIKELY: Final = 2.0

_SENTENCE_BEGINS: Final = frozenset("N。；;")
_IS_ILL = regex.compile(
    r"\p{Han}{0,8}(?:阳性|骨折|[癌瘤炎症]|瘫痪?|残疾?|失[明聪能智]|截肢|聋哑|[听视智]障|痴呆|肺结核|高血压|糖尿病)(?:晚期)?(?=[，,。；;\s]|$)"
)
#: Surnames that usually continue a clause: 乙方种…, 承租方从…, 当事人曾….
_FUNCTION: Final = frozenset("的种从曾须应都要会能可来经由将当还已把被让和与于自向对是有所为")


def find_names(reading: Reading, compiled: Compiled, others: Sequence[Candidate] = ()) -> Iterator[Candidate]:
    """Yield a candidate for every mention of a private person's name. `others`: what other rules found."""
    model = compiled.names
    if model is None or reading.text.isascii():
        return
    for rule in compiled.of_kind("name"):
        page = NamePage(reading, compiled.cues[rule.id], rule.id)
        for mention in judged(page, mentions(page, model), model, others):
            if mention.role >= model.private:
                yield _candidate(rule, page, mention, model)


def mentions(page: NamePage, model: NameModel) -> list[Mention]:
    """Return the names in a document, in order."""
    weighed = [
        (span, inside)
        for span, inside in weighed_spans(page, model)
        if inside >= model.cut - DUE or _may_name(page, span)
    ]
    page.expect(span.name for span, _ in weighed if span.form == "plain")
    scored = [
        Mention(span, score) for span, inside in weighed if (score := _odds(page, span, inside, model)) >= -_KNOWN
    ]
    policy = says_nothing_of_people(page)
    law = policy and len(page.reading.anatomy.clauses) >= _CLAUSES
    if policy and not law and len({mention.span.name for mention in scored if mention.odds >= _PLAIN}) >= _SEVERAL:
        policy = False
    more = _IN_LAW if law else _IN_POLICY if policy else (0.0, 0.0)
    least, told = (model.least + demanded for demanded in more)
    likely = [
        mention
        for mention in scored
        if mention.odds >= least
        or (mention.odds >= told and _announced(page, mention.span))
        or (mention.odds >= model.least - _LED and not policy and _is_led_to(page, mention.span, model.chars))
    ]
    likely = _without_adverbs(likely)
    kept = _without_overlaps(
        [
            mention
            for mention in likely
            if (
                mention.span[:2] in page.proved
                and not (policy and page.is_word(mention.span) and page.cell(mention.span) is None)
            )
            or not (is_of_places(page, mention.span) or is_ordinary(page, mention.span, model, mention.odds))
        ]
    )
    kept = _without_strangers(page, kept)
    kept += [Mention(span, _PROVED) for span in siblings(page, [mention.span for mention in kept], model.chars)]
    known = {mention.span.name for mention in kept}
    again = [
        mention
        for mention in scored
        if mention.span.name in known
        and mention.odds >= _known(mention.span.name)
        and (mention.span[:2] in page.proved or not _is_word(page, mention.span) or comes_again(page, mention.span))
    ]
    return sorted(_without_overlaps([*kept, *again, *_everywhere(page, kept)]), key=lambda mention: mention.span.start)


def _is_word(page: NamePage, span: Span) -> bool:
    """Return whether a name is a word of two characters: elsewhere in the text it may be just that."""
    return len(span.name) == 2 and page.is_word(span)  # noqa: PLR2004


def _announced(page: NamePage, span: Span) -> bool:
    """Return whether a cue or a label in front of a span, or its cell, says that a name stands there."""
    before, distance = page.nearest_before(span.start)
    return (before is not None and distance <= 1) or bool(page.label(span.start)) or page.cell(span) is not None


def _is_led_to(page: NamePage, span: Span, chars: NameChars) -> bool:
    """Return whether a word for a private person (其女) is right in front of a span that starts with a surname.

    Or the span begins a sentence and an illness follows.
    """
    before, distance = page.nearest_before(span.start)
    led = before is not None and distance == 0 and before.kind == PRIVATE
    led |= page.edge(span.start - 1) in _SENTENCE_BEGINS and _IS_ILL.match(page.text, span.end) is not None
    return led and chars.begins(span.name) and span.name[0] not in _FUNCTION


def _known(name: str) -> float:
    """Return the log odds that do for a name that was found elsewhere: two characters are easily something else."""
    return -_KNOWN if len(name) > 2 else -2.2  # noqa: PLR2004


def _odds(page: NamePage, span: Span, inside: float, model: NameModel) -> float:
    """Return the log odds that a span that may be one is a name; where they are below -_KNOWN, how low is not told.

    `inside` is what its own characters weigh.
    """
    if span[:2] in page.proved:
        return _PROVED
    if span.form == "dotted" or (span.form == "built" and has_papers(page, span)):
        return CLEAR
    grade = grade_of(page, span, model)
    score = model.name.bias + inside + model.weigh(surroundings(page, span, model, grade))
    if score + at_most(span, model, grade) >= -_KNOWN:
        score += model.weigh(farther(page, span, grade))
    return max(CLEAR, score) if span.form == "plain" and _is_held(page, span) else score


def _may_name(page: NamePage, span: Span) -> bool:
    """Return whether the place of a span lets it be a name, whatever its characters."""
    if span.form in BUILT or span[:2] in page.proved:
        return True
    return span.form == "plain" and _is_held(page, span)


def _is_held(page: NamePage, span: Span) -> bool:
    """Return whether an ID number says that a span is a name: right behind it, or in the row of a cell under 姓名."""
    if span.end in page.held_ends:
        return span[:2] in page.held_names
    return span[:2] in page.cells_of_names and "lni" in line_features(page, span) and span.name not in not_names()


def _without_strangers(page: NamePage, kept: list[Mention]) -> list[Mention]:
    """Leave out words in columns of words; what a header or a label proves to be a name stays."""
    strange = strangers(page, [mention.span for mention in kept]) - page.cells_of_names - page.proved.keys()
    return [mention for mention in kept if mention.span[:2] not in strange] if strange else kept


def _without_overlaps(found: Iterable[Mention]) -> list[Mention]:
    """Keep the best of overlapping mentions."""
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(found, key=lambda mention: (-mention.odds, mention.span.start)):
        places = range(mention.span.start, mention.span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(mention)
    return kept


def _without_adverbs(found: list[Mention]) -> list[Mention]:
    """Leave out spans that are a name that stands alone elsewhere and a word like 均 or 因 behind it."""
    names = Counter(mention.span.name for mention in found)
    return [
        mention
        for mention in found
        if mention.span.name[-1] not in _ADVERBS
        or mention.span.form != "plain"
        or names[mention.span.name] > 1
        or names[mention.span.name[:-1]] <= 1
    ]


def _everywhere(page: NamePage, kept: Iterable[Mention]) -> Iterator[Mention]:
    """Yield the places where a name stands again and no span was believed.

    Of two characters only whole words, where the place of one of them left little doubt.
    """
    counted = shows_its_kind(page)
    sure = {mention.span.name for mention in kept if mention.odds >= _SURE}
    for name in {mention.span.name for mention in kept}:
        if len(name) == 2 and name in sure:  # noqa: PLR2004
            for start in page.starts(name):
                span = Span(start, start + 2, name)
                whole = page.is_border(start) and page.is_border(start + 2)
                if whole and (counted or not page.is_word(span) or due(page, span)):
                    yield Mention(span, -_KNOWN)
        if len(name) > 2 and "·" not in name:  # noqa: PLR2004  two characters may be part of something else
            at = page.text.find(name)
            while at >= 0:
                yield Mention(Span(at, at + len(name), name), -_KNOWN)
                at = page.text.find(name, at + len(name))


def _candidate(rule: Rule, page: NamePage, mention: Mention, model: NameModel) -> Candidate:
    start, end = page.original(mention.span)
    sure = min(mention.odds - model.least, mention.role - model.private) >= _LIKELY
    shown = page.reading.text[start:end]
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        confidence="likely" if sure else "check",
        evidence=(_evidence(page, mention, model),),
        masked=shown[0] + "*" * (len(mention.span.name) - 1),
        level=rule.level,
    )


def _evidence(page: NamePage, mention: Mention, model: NameModel) -> str:
    """Say in a Chinese sentence why this is a private person, without the name."""
    before, distance = page.nearest_before(mention.span.start)
    place = page.cell(mention.span)
    if place and (header := "".join(place[0].header_of(place[1]).split())):
        return f"所在列的标题是“{header[-8:]}”"
    if before and before.kind == PRIVATE and distance <= 1:
        return f"前面有“{page.text[before.start : before.end]}”字样"
    if mention.own < model.private:
        return "同一姓名在文中其他位置是非公职人员"
    return "从上下文看是个人姓名，不是公职人员"
