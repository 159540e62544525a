"""Measures how long the patterns of a rule take on 100 kB of text, to find slow ones."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.inlined import inlined
from prescan.detect.literals import guarded
from prescan.text.view import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.rules import Rule

#: Size of the text in bytes of UTF-8, and the greatest time of a pattern on it as a multiple of YARDSTICK's.
BYTES: Final = 100_000
TIMES_AT_MOST: Final = 15.0
#: Times are relative to this simple pattern, because both depend equally on the machine's load.
YARDSTICK: Final = regex.compile(r"\p{Han}+?[，。]")
#: Characters around a keyword that a pattern is applied to.
_WINDOW: Final = 300
_GAP: Final = 150
_MARKED: Final = regex.compile("[«»]")
_LINE_BREAKS: Final = regex.compile(r"[\n\u2029\t|]")
#: Timeout of a pattern.
_SECONDS: Final = 5.0
_ROUNDS: Final = 2
_ROUNDS_OF_DOUBT: Final = 5


def patterns_of(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield the name of the field and the pattern of every pattern of a rule; exemptions are numbered."""
    yield from ((name, pattern) for name in ("pattern", "context", "slight") if (pattern := getattr(rule, name)))
    yield from ((f"unless 第 {number} 项", item.pattern) for number, item in enumerate(rule.unless, 1))


def slow(rules: Sequence[Rule], filler: str) -> list[tuple[Rule, str, float]]:
    """Return (rule, name of its slowest pattern, time as a multiple of YARDSTICK's) for rules over TIMES_AT_MOST.

    Rules over the limit are timed again with more rounds, because the load of the machine may be the cause.
    """
    found = []
    for rule in rules:
        taken = times(rule, filler)
        if sum(taken.values()) > TIMES_AT_MOST:
            taken = times(rule, filler, _ROUNDS_OF_DOUBT)
        if sum(taken.values()) > TIMES_AT_MOST:
            found.append((rule, max(taken, key=taken.__getitem__), sum(taken.values())))
    return found


def times(rule: Rule, filler: str, rounds: int = _ROUNDS) -> dict[str, float]:
    """Return the time of each pattern of a rule on BYTES of text with its examples, as a multiple of YARDSTICK's.

    Times are CPU time, the best of `rounds`.
    """
    if not any(patterns_of(rule)):
        return {}
    text, ends = _strewn(rule, filler)
    words = rule.keywords or rule.words or tuple(word for group in rule.groups for word in group)
    windows = list(_windows(text, words))
    lines = list(_lines(text, ends, words)) if rule.whole_line else []
    everywhere = {f"unless 第 {number} 项" for number, item in enumerate(rule.unless, 1) if item.within == "document"}
    floor = min(_once(YARDSTICK, text, [(0, len(text))], "pattern") for _ in range(rounds))
    taken = {}
    for name, written in patterns_of(rule):
        whole = name == "pattern" and rule.whole_line
        pattern = regex.compile(inlined(guarded(written) if whole else written))
        spans = lines if whole else [(0, len(text))] if name in everywhere else windows
        taken[name] = min(_once(pattern, text, spans, name, whole=whole) for _ in range(rounds)) / floor
    return taken


def _once(
    pattern: regex.Pattern[str], text: str, spans: Iterable[tuple[int, int]], name: str, *, whole: bool = False
) -> float:
    """Return the CPU seconds of one round; `whole`: spans are matched completely, else searched."""
    start = time.process_time()
    try:
        for low, high in spans:
            if whole:
                pattern.fullmatch(text, low, high, timeout=_SECONDS)
            elif name == "pattern":
                for _match in pattern.finditer(text, low, high, timeout=_SECONDS):
                    pass
            else:
                pattern.search(text, low, high, timeout=_SECONDS)
    except TimeoutError:
        return _SECONDS
    return time.process_time() - start


def _strewn(rule: Rule, filler: str) -> tuple[str, list[int]]:
    """Return BYTES of text in the rule's view, and the offsets of its line ends.

    The text is the filler with an example of the rule every few sentences.
    """
    examples = [_MARKED.sub("", example) for example in (*rule.find, *rule.passes)] or [""]
    pieces, size = [], 0
    for number, example in enumerate(itertools.cycle(examples)):
        at = number * _GAP % max(1, len(filler) - _GAP)
        piece = filler[at : at + _GAP] + "\n\n" + example + "\n\n"
        pieces.append(piece)
        size += len(piece.encode())
        if size >= BYTES:
            break
    strewn = "".join(pieces)
    folded = fold(strewn)
    view = folded if rule.view == "fold" else squeeze(folded)
    return view.text, [view.position(match.start()) for match in _LINE_BREAKS.finditer(strewn)]


def _lines(text: str, ends: Sequence[int], words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of lines that contain a word, without outer white space."""
    wanted = regex.compile("|".join(map(regex.escape, words)))
    for low, high in itertools.pairwise((0, *ends)):
        line = text[low:high]
        if wanted.search(line):
            yield low + len(line) - len(line.lstrip()), low + len(line.rstrip())


def _windows(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans a rule is applied to: around its words, without overlaps."""
    hits = sorted(match.start() for word in words for match in regex.finditer(regex.escape(word), text))
    reached = 0
    for hit in hits:
        if hit >= reached:
            low, reached = max(reached, hit - _WINDOW), min(len(text), hit + _WINDOW)
            yield low, reached
