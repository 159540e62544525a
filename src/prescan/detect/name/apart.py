"""Names of three characters or more written with spaces: 尉迟 恭, 柴 静宜, and behind a cue or a label 何 小 虎."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.spans import COLONS, HAN_RUN, SPACE, Span, compound_surnames, in_heading, near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.spans import NameChars

#: A surname apart from two characters counts if the log odds of these are at least this.
_ALONE: Final = 2.0
#: Characters that such a name, with its look-around, reaches before and behind its first space.
_BEFORE, _BEHIND = 2, 9


@functools.cache
def _apart() -> regex.Pattern[str]:
    """Return the pattern of such a name; not in a column of its own, and not in front of a value."""
    two = "|".join(compound_surnames())
    gap = r"[ \u3000]{1,2}"
    return regex.compile(
        rf"(?:(?P<two>{two}){gap}(?![男女证卡号])\p{{Han}}{{1,2}}|(?<!\p{{Han}})(?P<one>\p{{Han}}){gap}\p{{Han}}{{2}}"
        rf"|\p{{Han}}{gap}\p{{Han}}{gap}\p{{Han}})"
        r"(?!\p{Han}|[ \u3000]?[:：]|[ \u3000]\p{Han}(?!\p{Han}))"
    )


def apart_spans(text: str, chars: NameChars, starts: frozenset[int]) -> Iterator[Span]:
    """Yield what may be such a name. `starts`: ends of cues; only there may a name touch the text in front of it."""
    for match in near(_apart(), text, SPACE, _BEFORE, _BEHIND):
        start, end = match.span()
        before, name = text[start - 1 : start], "".join(match[0].split())
        led = start in starts
        alone = match["one"] is not None and chars.begins(name) and chars.total(name) >= _ALONE
        due = alone or match["two"] is not None or ((led or before in COLONS) and chars.begins(name))
        if due and (led or not HAN_RUN.match(before)) and not in_heading(text, start, end):
            yield Span(start, end, name, "spaced")
