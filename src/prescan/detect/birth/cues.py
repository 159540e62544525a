"""Dates beside a cue: right behind one (生于…) or right before one (…出生). Positions are those of the fold view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.birth.lists import corrected, listed
from prescan.detect.birth.written import DATE, FIGURE, FULL_DATE, SHORT_DATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.rules import Rule

_BEHIND_CUE: Final = (
    r"(?:[:：=\s(（【\[▏│┃→⇒]{0,8}|[ ]{9,40})(?:分别)?(?:登记|记载|填写)?"
    r"(?:为|是|在|系|由|从|应为|误为)?(?:农历|阴历|公历)?[:：\s“\"「]{0,2}"
)
_BETWEEN: Final = r"[ ()）,，]?(?:\d{1,2}时(?:\d{1,2}分)?)?"
#: 1958年出生, 1969年生: the year alone, right in front of the word.
_YEAR_ALONE = regex.compile(rf"(?<![\d年至到—-])(?:19\d{{2}}|200[0-7]|一九{FIGURE}{{2}})年$")
_RANGE = regex.compile(r"(?:[至到~—]|[日月年号]-)\s?$")
_LOOK_BACK: Final = 20
_YEAR_AT_MOST: Final = 6
#: Cues up to this length are written with gaps in forms.
_SPACED_AT_MOST: Final = 4


class BirthPatterns(NamedTuple):
    """What a rule looks for in running text."""

    before: regex.Pattern[str]
    """A cue and the date behind it."""
    behind: regex.Pattern[str]
    """The cues that stand behind a date."""
    common: regex.Pattern[str]
    """Those of them of one character, too common to tell whether a document speaks of birth dates."""


def birth_cues(rule: Rule) -> tuple[str, ...]:
    """Return the words one of which stands in the squeeze view where a rule speaks, but for `BirthPatterns.common`."""
    return tuple("".join(word.split()) for word in (*rule.cues, *rule.behind) if len(word) > 1)


def birth_patterns(rule: Rule) -> BirthPatterns:
    """Return the patterns of a rule."""
    cues = "|".join(map(_spaced_out, sorted(rule.cues, key=len, reverse=True)))
    behind = "|".join(map(regex.escape, sorted(rule.behind, key=len, reverse=True)))
    after = r"(?=[,，。；;、)）\s]|于|在|人|的?[,，。；;]|$)"
    common = "|".join(regex.escape(word) for word in rule.behind if len(word) == 1)
    return BirthPatterns(
        regex.compile(rf"(?P<cue>{cues}){_BEHIND_CUE}(?P<date>{DATE}|{SHORT_DATE})"),
        regex.compile(rf"(?:(?:{behind}){after}|(?<=\()(?:{cues})\))"),
        regex.compile(rf"(?:{common}){after}" if common else "(?!)"),
    )


def _spaced_out(cue: str) -> str:
    """Return the pattern of a cue that may stand with gaps between its characters, as in a form (出　生)."""
    return r"[ \u3000]{0,8}".join(map(regex.escape, cue)) if len(cue) <= _SPACED_AT_MOST else regex.escape(cue)


def beside_cues(text: str, patterns: BirthPatterns, *, cued: bool) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, what ties it) of the dates beside cues, in lists behind them and as corrected.

    Without `cued` the document has no cue but those of one character (`BirthPatterns.common`).
    """
    for cue in patterns.before.finditer(text) if cued else ():
        yield *cue.span("date"), f"前面有“{cue['cue']}”字样"
        for span in (*listed(text, cue), *corrected(text, cue)):
            yield *span, f"与前面的“{cue['cue']}”相连"
    for cue in (patterns.behind if cued else patterns.common).finditer(text):
        if alone := _YEAR_ALONE.search(text, max(0, cue.start() - _YEAR_AT_MOST), cue.start()):
            yield *alone.span(), f"后面有“{cue[0]}”字样"
        for date in FULL_DATE.finditer(text, max(0, cue.start() - _LOOK_BACK), cue.start()):
            gap = text[date.end() : cue.start()]
            if regex.fullmatch(_BETWEEN, gap) and not _RANGE.search(text, max(0, date.start() - 3), date.start()):
                yield *date.span(), f"后面有“{cue[0]}”字样"
