"""Words that every match of a pattern contains: where none of them occurs, the pattern need not be tried."""

from __future__ import annotations

import functools
from typing import Final

import regex

from prescan.detect.pattern_reader import UNREADABLE_CLASS, PatternReader, UnreadableError

#: In a pattern that begins with (?x): white space and comments, which mean nothing; escapes and classes are kept.
_VERBOSE: Final = "(?x)"
_LAYOUT = regex.compile(r"(?P<kept>\\.|\[\^?\]?(?:[^\]\\]|\\.)*\])|\s+|#[^\n]*", regex.DOTALL)
#: A limit of length at the beginning of a pattern: not this many characters in one line.
_NO_LONGER = regex.compile(r"\(\?!\.\{(?P<more>\d+)\}\)")


def needed(pattern: str) -> frozenset[str] | None:
    r"""Return words one of which is in every match of `pattern`, or None if no such words are known.

    >>> sorted(needed(r"(?:会议|讨论)记录(?!仪)|会商纪要"))
    ['会商纪要', '会议记录', '讨论记录']
    >>> sorted(needed(r"[甲乙]?(?P<hit>\d{4}号)文件")), needed(r"\d{4}号?"), needed(r"(?i)abc")
    (['文件'], None, None)
    """
    reader = _read(pattern)
    return reader.whole.best if reader else None


def longest(pattern: str) -> int | None:
    r"""Return how many characters of one line a match of `pattern` has at most; None unless it begins with (?!.{n}).

    >>> longest(r"(?x)(?(DEFINE)(?P<mark>甲|乙)) (?!.{90}) (?&mark)\d+"), longest(r"(?!.{90})甲|乙"), longest("甲")
    (89, None, None)
    """
    reader = _read(pattern)
    limit = _NO_LONGER.match(reader.pattern, reader.defined) if reader and not reader.has_branches else None
    return int(limit["more"]) - 1 if limit else None


@functools.cache
def guarded(pattern: str) -> str:
    r"""Return an equivalent pattern with a lookahead for one character in front of each long alternative.

    `regex` tries the words of an alternative one after another, though the first character may exclude all of them.

    >>> guarded(r"\d(?:(?:会议|讨论|研究)(?:记录|纪要|情况)(?!仪)\d{4}号?文件|\d)")
    '\\d(?:(?=[会研讨])(?:会议|讨论|研究)(?:记录|纪要|情况)(?!仪)\\d{4}号?文件|\\d)'
    """
    reader = _read(pattern)
    if reader is None:
        return pattern
    result = reader.pattern
    for at, first in sorted(reader.guards.items(), reverse=True):
        if not UNREADABLE_CLASS.search(begins := f"[{''.join(sorted(first))}]", 1):
            result = f"{result[:at]}(?={begins}){result[at:]}"
    return result


@functools.cache
def _read(pattern: str) -> PatternReader | None:
    """Return what is known of a pattern, or None if it contains a construct that the reader does not know."""
    try:
        return PatternReader(_compact(pattern))
    except UnreadableError:
        return None


def _compact(pattern: str) -> str:
    """Return a pattern without the white space and comments that (?x) allows."""
    if pattern.startswith(_VERBOSE):
        return _LAYOUT.sub(lambda part: part["kept"] or "", pattern.removeprefix(_VERBOSE))
    return pattern
