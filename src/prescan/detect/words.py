"""Rule kinds `words`, `near`, `together` and `pattern`: words, words near other words, regular expressions.

All start from hits of keywords, (start, end) in the rule's view, and examine the paragraph around them. They yield
spans of Document.text.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final

from prescan.detect.lines import shown_line, trimmed
from prescan.detect.reading import holds
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import regex

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule

#: A pattern that takes longer on one paragraph is bad; the scan fails and names it.
PATTERN_SECONDS: Final = 1.0
#: Characters of the view on each side of a keyword that a pattern sees at most.
_REACH: Final = 300


def find_words(
    rule: Rule,
    reading: Reading,
    compiled: Compiled,  # noqa: ARG001  the functions of BY_KEYWORD share one signature
    hits: Iterable[tuple[int, int]],
) -> Iterator[Span]:
    """Yield the spans of the rule's words; of words inside each other only the longest."""
    view = reading.view(rule.view)
    last = Span(-1, -1)
    for start, end in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if end > last.end:
            last = Span(start, end)
            yield Span(*view.span(start, end))


def find_near(rule: Rule, reading: Reading, compiled: Compiled, hits: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Yield the spans of `words` with one of `near` within `window` characters in the same paragraph."""
    view = reading.view(rule.view)
    for span in find_words(rule, reading, compiled, hits):
        around = reading.around(view, *span, rule.window)
        if any(word in around for word in rule.near):
            yield span


def find_together(rule: Rule, reading: Reading, compiled: Compiled, hits: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Yield the spans of words of the first group with words of enough other groups within `window` characters.

    All have to be in one paragraph unless the rule has `across`.
    """
    view, table = reading.view(rule.view), compiled.groups[rule.id]
    needed = (rule.at_least or len(rule.groups)) - 1
    found: list[list[tuple[int, int]]] = [[] for _ in rule.groups]
    for start, end in hits:
        for number in table[view.text[start:end]]:
            found[number].append((start, end))
    if not found[0] or sum(map(bool, found[1:])) < needed:
        return
    groups = [_longest(group) for group in found]
    for start, end in groups[0]:
        low, high = _bounds(rule, reading, start, end)
        if sum(_has_other(others, low, high, start, end) for others in groups[1:]) >= needed:
            yield Span(*view.span(start, end))


def _longest(hits: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return hits in order, without those inside another."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if not kept or kept[-1][1] < end:
            kept.append((start, end))
    return kept


def _bounds(rule: Rule, reading: Reading, start: int, end: int) -> tuple[int, int]:
    """Return the (start, end) in the view within which a rule searches: `window`, cut at the paragraph's ends."""
    view = reading.view(rule.view)
    low, high = max(0, start - rule.window), min(len(view.text), end + rule.window)
    if rule.across:
        return low, high
    begin, stop = reading.bounds(view, view.span(start, end)[0])
    return max(low, begin), max(end, min(high, stop))


def _has_other(others: list[tuple[int, int]], low: int, high: int, start: int, end: int) -> bool:
    """Return whether one of `others` lies between `low` and `high` and does not overlap `start` to `end`."""
    index = bisect.bisect_left(others, (low, low))
    while index < len(others) and others[index][1] <= high:
        if others[index][1] <= start or others[index][0] >= end:
            return True
        index += 1
    return False


def find_pattern(rule: Rule, reading: Reading, compiled: Compiled, hits: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Yield the spans of the rule's matches (of group `hit` if it has one) in the paragraphs with a keyword.

    A rule with `whole_line` has to match a whole line or cell. Raises TimeoutError if the pattern takes longer than
    PATTERN_SECONDS.
    """
    if rule.whole_line:
        yield from _whole_lines(rule, reading, compiled, hits)
        return
    view, proofs = reading.view(rule.view), reading.proofs(rule.id)
    scope_end = reading.scope_end(rule.scope)
    last = len(view.text) if scope_end is None else view.position(scope_end)
    seen = -1
    for start, end in sorted(hits):
        if start < seen:
            continue
        low, high = start - _REACH, end + _REACH
        if not rule.across:
            begin, stop = reading.bounds(view, view.span(start, end)[0])
            low, high = max(begin, low), min(max(stop, end), high)
        low, seen = max(0, low, seen), high
        if low > last:
            return
        if proofs is not None and not holds(proofs, low, seen):
            continue
        for match in compiled.pattern(rule.id).finditer(view.text, low, seen, timeout=PATTERN_SECONDS):
            begin, stop = _hit_span(match)
            if stop > begin:
                yield trimmed(reading.text, *view.span(begin, stop))


def _whole_lines(rule: Rule, reading: Reading, compiled: Compiled, hits: Iterable[tuple[int, int]]) -> Iterator[Span]:
    """Yield the matches in the lines and cells that have a keyword and match the rule's pattern as a whole."""
    view, scope_end = reading.view(rule.view), reading.scope_end(rule.scope)
    last = len(view.text) if scope_end is None else view.position(scope_end) + 2 * _REACH
    hits = sorted([hit for hit in hits if hit[0] <= last])  # before sorting: the rest may be thousands
    if not hits:
        return
    proofs, gate, seen = reading.proofs(rule.id), compiled.line_gates[rule.id], set[Span]()
    for start, end in hits:
        if proofs is not None and not holds(proofs, start - 2 * _REACH, end + 2 * _REACH):
            continue
        line = shown_line(reading, view, start, end)
        if scope_end is not None and line.begin > scope_end:
            return
        if line.span in seen or line.high - line.low > 2 * _REACH:
            continue
        seen.add(line.span)
        if not gate.may_match(view.text, line.low, line.high):
            continue
        if proofs is not None and not holds(proofs, line.low, line.high):
            continue
        # only now is the pattern compiled, which takes long
        if match := compiled.pattern(rule.id).fullmatch(view.text, line.low, line.high, timeout=PATTERN_SECONDS):
            yield trimmed(reading.text, *view.span(*_hit_span(match)))


def _hit_span(match: regex.Match[str]) -> tuple[int, int]:
    """Return the (start, end) of the group `hit` of a match, or of the match if its pattern has no such group."""
    return match.span("hit" if "hit" in match.re.groupindex else 0)
