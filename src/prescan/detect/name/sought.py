"""All places of a document where a name may be: gated spans, names of other forms, places meant for a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.apart import apart_spans
from prescan.detect.name.beside import has_papers
from prescan.detect.name.columns import built_cells
from prescan.detect.name.features import inside_score, of_two
from prescan.detect.name.foreign import PARTS, dotted_spans, parted_spans, peopled_spans, transcribed_spans
from prescan.detect.name.gate import gated, gated_spans, weighty
from prescan.detect.name.latin import latin_spans
from prescan.detect.name.proved import could_name, not_names, proved
from prescan.detect.name.spans import (
    SURNAMES,
    Span,
    compound_spans,
    masked,
    plain,
    rare_spans,
    spaced_spans,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.model import NameModel
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import NameChars

#: Forms of spans in places meant for a name: their characters do not matter.
BUILT: Final = frozenset({"built", "called", "dotted"})
#: A dictionary word of at least this length is a name if it consists of transcribing characters (斯琴格日勒).
_LONG_WORD: Final = 4
_NAME_AT_MOST: Final = 4
#: A surname in lists only: in text it means the son, whose name begins behind it.
_SON: Final = "子"
#: Behind these, details about a person continue (，汉族，身份证…); labels end with those.
_GOING_ON: Final = frozenset("，,")
_OF_LABELS: Final = frozenset("号证码族岗户籍件")
_COLON = regex.compile("[:：]")
_AFTER_LABEL = regex.compile(r"\s{0,3}(?P<name>\p{Han}{2,4})(?!\p{Han})")


def spans(page: NamePage, model: NameModel) -> list[Span]:
    """Return all spans that may be names, without duplicates."""
    found = [*gated_spans(page.text, model.chars, model.gate, page.cue_ends), *_others(page, model)]
    found = [span for span in found if _is_free(page, span)]
    return sorted({span[:2]: span for span in reversed(found)}.values())  # of two forms the plain one


def weighed_spans(page: NamePage, model: NameModel) -> list[tuple[Span, float]]:
    """Return the spans of `spans` with the weight of their characters and words.

    Gated spans that weigh less than `model.cut` are left out, unless their place allows a name nevertheless.
    """
    text = page.text
    found = gated(text, model.chars, model.gate, page.cue_ends)
    heavy = weighty(page, model, found)
    others = [*found.compound, *_others(page, model)]
    places = set(found.places())
    others = [span for span in others if span.form == "plain" or span[:2] not in places or not plain(text, *span[:2])]
    others += [span for start, end in places & page.cells_of_names if (span := plain(text, start, end))]
    weighed = {span[:2]: (span, _inside(page, span, model)) for span in reversed(others) if _is_free(page, span)}
    weighed |= {span[:2]: (span, weight) for span, weight in heavy if _is_free(page, span)}
    return sorted(weighed.values())


def _inside(page: NamePage, span: Span, model: NameModel) -> float:
    """Return the weight of a span's characters and of how the words of the text overlap it."""
    return 0.0 if span.form in BUILT else inside_score(page, span, model) + of_two(page, span)


def _is_free(page: NamePage, span: Span) -> bool:
    """Return whether a span is neither a word that is no name, nor a cue, nor begins inside a cue."""
    if span.name in not_names() or page.is_cue(span):
        return False
    return span[:2] in page.proved or not (span.name[0] == _SON or page.splits_cue(span))


def _others(page: NamePage, model: NameModel) -> list[Span]:
    """Return the spans that need not pass the gate; record in `page` which are proved by numbers or places."""
    text, chars = page.text, model.chars
    found = [*compound_spans(text, chars, model.gate[1], page.reading.words.get(SURNAMES))]
    found += rare_spans(text, page.cue_ends, chars)
    found += spaced_spans(text, chars, page.all_cue_ends)
    found += apart_spans(text, chars, page.all_cue_ends)
    found += dotted_spans(text, chars, page.all_cue_ends)
    found += parted_spans(text, page.reading.words.get(PARTS))
    found += peopled_spans(text, page.all_cue_ends)
    found += latin_spans(page)
    found += [
        span
        for span in transcribed_spans(text, page.cue_ends)
        if page.fall(span.start, span.end) != "B" or len(span.name) >= _LONG_WORD or has_papers(page, span)
    ]
    held = list(_held(page, chars))
    page.held_names = frozenset(span[:2] for span in held)
    found += held
    page.proved = proved(page, chars)
    found += page.proved.values()
    for start, end in _built(page):
        name = text[start:end]
        if could_name(page, chars, start, end, labelled=True):
            found.append(Span(start, end, name, "plain" if chars.begins(name) else "built"))
    return found


def _held(page: NamePage, chars: NameChars) -> Iterator[Span]:
    """Yield what is between a cue or edge and an ID number, and as long as a name: 户主高峰（1101…）."""
    for low, high in page.held:
        near = range(max(low, high - _NAME_AT_MOST), high - 1)
        starts = [start for start in near if start in page.all_cue_ends] or [
            start for start in near if start == low and page.text[start - 1 : start] not in _GOING_ON
        ]
        for start in starts:
            name = page.text[start:high]
            long = len(name) == _NAME_AT_MOST and name[:2] not in chars.compound
            digit = page.text[start - 1 : start].isdigit()
            nobody = long or digit or name in not_names() or name[-1] in _OF_LABELS
            if chars.begins(name) and not nobody and not masked(page.text, name, high):
                yield Span(start, high, name)


def _built(page: NamePage) -> Iterator[tuple[int, int]]:
    """Yield what is alone behind a label of a person, and in cells under a header of people."""
    for colon in _COLON.finditer(page.text):
        match = _AFTER_LABEL.match(page.text, colon.end())
        if match and page.cue_of(page.label(match.start("name"))):
            yield match.span("name")
    yield from built_cells(page)
