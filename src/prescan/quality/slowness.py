"""How long the patterns of a rule take on 100 kB of text: a slow one is named, not suffered."""

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

#: Bytes of UTF-8 a pattern is timed on, and how many times as long as YARDSTICK it may take there.
BYTES: Final = 100_000
TIMES_AT_MOST: Final = 15.0
#: What a simple pattern takes is the measure: it grows with the load of a machine as a slow one does.
YARDSTICK: Final = regex.compile(r"\p{Han}+?[，。]")
#: What a pattern sees around a keyword.
_WINDOW: Final = 300
_GAP: Final = 150
_MARKED: Final = regex.compile("[«»]")
_LINE_MARKS: Final = regex.compile(r"[\n\u2029\t|]")
#: A pattern may not keep the process busy.
_SECONDS: Final = 5.0
_ROUNDS: Final = 2
_ROUNDS_OF_DOUBT: Final = 5


def patterns_of(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield every pattern of a rule with the name of its field; of the exemptions also which one it is."""
    yield from ((name, pattern) for name in ("pattern", "context", "slight") if (pattern := getattr(rule, name)))
    yield from ((f"unless 第 {number} 项", item.pattern) for number, item in enumerate(rule.unless, 1))


def slow(rules: Sequence[Rule], filler: str) -> list[tuple[Rule, str, float]]:
    """Return the rules whose patterns take more than TIMES_AT_MOST, the slowest of them, and how many times it is.

    A rule in doubt is timed again: what else the machine does is not the pattern's fault.
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
    """Return how many times as long as YARDSTICK each pattern of a rule takes on BYTES of text with its examples.

    Both are CPU time, the best of a few rounds.
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
    """Return the CPU seconds of one round: whole lines are matched, a pattern is looked for again and again."""
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
    """Return BYTES of text as the rule's view shows it, and where its lines end.

    It is the filler with an example of the rule every few sentences.
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
    return view.text, [view.position(match.start()) for match in _LINE_MARKS.finditer(strewn)]


def _lines(text: str, ends: Sequence[int], words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold a word; the shown ones, not white space around them."""
    wanted = regex.compile("|".join(map(regex.escape, words)))
    for low, high in itertools.pairwise((0, *ends)):
        shown = text[low:high]
        if wanted.search(shown):
            yield low + len(shown) - len(shown.lstrip()), low + len(shown.rstrip())


def _windows(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans a rule looks at: around its words, without looking at any place twice."""
    hits = sorted(match.start() for word in words for match in regex.finditer(regex.escape(word), text))
    seen = 0
    for hit in hits:
        if hit >= seen:
            low, seen = max(seen, hit - _WINDOW), min(len(text), hit + _WINDOW)
            yield low, seen
