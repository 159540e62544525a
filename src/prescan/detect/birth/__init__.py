"""Rule kind `date`: a birth date, that is a date tied to a person by 出生, 生日, its column or what stands around it.

A date by itself is nothing. It counts right behind a cue (生于…) or right before one (…出生) (`cues`); in a list, below
a heading, behind papers that hold it (户口簿…) (`lists`); behind 男 or 女, a name, an ID number (`particulars`); in a
column or beside a form label that says so (`columns`). Each of these looks first for a sign that it has any work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from prescan.detect.birth.columns import in_tables
from prescan.detect.birth.cues import beside_cues
from prescan.detect.birth.lists import in_lists
from prescan.detect.birth.particulars import in_particulars
from prescan.types import Candidate, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence


def find_births(reading: Reading, compiled: Compiled) -> Iterator[Candidate]:
    """Yield a candidate for every birth date."""
    text = reading.fold.text
    for rule in compiled.of_kind("date"):
        cued = rule.id not in compiled.proofs or rule.id in reading.proven
        places = (
            *beside_cues(text, compiled.births[rule.id], cued=cued),
            *in_lists(text),
            *in_particulars(text),
            *in_tables(rule, reading, cued=cued),
        )
        for (start, end), said in {(start, end): said for start, end, said in reversed(places)}.items():
            yield _candidate(rule, reading, start, end, said)


def _candidate(rule: Rule, reading: Reading, low: int, high: int, said: str) -> Candidate:
    start, end = reading.fold.span(low, high)
    confidence: Confidence = "likely" if said.startswith("写在") else "certain"
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        confidence=confidence,
        evidence=(said,),
        masked=mask_date(reading.text[start:end]),
        level=rule.level,
        strength=Strength(1, cued=True),
    )


def mask_date(text: str) -> str:
    """Return a date with the year kept.

    >>> mask_date("1991年2月3日"), mask_date("19910203"), mask_date("一九九一年二月三日")
    ('1991年*月*日', '1991****', '一九九一年*月*日')
    """
    kept = regex.match(r"\d{4}|\p{Han}{4}年", text)
    head = kept[0] if kept else ""
    return head + regex.sub(r"[\d一二三四五六七八九十廿卅初元正腊冬]", "*", text[len(head) :])
