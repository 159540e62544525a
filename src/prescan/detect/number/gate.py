"""The gate of rule kind `number`: decides which rules have to be tried at which runs, before any pattern is tried.

There are fifty number rules, and a page has dozens of runs of letters and digits, most of them dates, codes and
amounts; trying every rule at every run would be slow. Three quick checks leave little to try. They may let a rule
through in vain, but never exclude one that would have a candidate:

* for a rule, once a document: does its context occur, and is there a label that could name its value;
* for a run and the rules that report values without a label: does one of their patterns match (one search for all);
* for a run and the other rules: which rules own the labels around it.

Numbers that are more than a run (plates, mail addresses) are searched for around their anchors: short parts that all
of them contain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.numbers.checks import compiled as pattern_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import regex

    from prescan.detect.compiled import Compiled
    from prescan.detect.number.labels import Labels
    from prescan.detect.number.runs import Runs
    from prescan.detect.reading import Reading
    from prescan.rules import Rule


class Whole(NamedTuple):
    """How to find a number that is more than a run of digits."""

    view: str
    """The name of the view to search."""
    hints: tuple[str, ...] = ()
    """If given, every such number contains one of these words."""
    anchors: regex.Pattern[str] | re.Pattern[str] | None = None
    """If given, every such number contains a match of this pattern."""
    around: tuple[int, int] = (32, 48)
    """Characters to search before and behind an anchor."""


#: Numbers that are more than a run of digits.
BY_PATTERN: Final = {
    # The pattern begins with one class of characters, which is fast to search for, and then looks back.
    "license_plate": Whole(
        "squeeze",
        anchors=re.compile(
            r"[A-HJ-NP-Za-hj-np-z使](?:(?<=[^\x00-\x7f][A-Z])|(?<=W)(?=J)|(?<=使)(?=\d{6})"
            r"|(?<=[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z]))"
        ),
    ),
    "property_certificate": Whole(
        "squeeze",
        ("第",),
        re.compile(r"[不房国集](?:(?<=不)动产(?:权|证明)第|(?<=房)[权地]?权?证|(?<=[国集])用\()"),
    ),
    "military_id": Whole("squeeze", ("字第",)),
    "email": Whole("fold", ("@",)),
    # Written with their first character apart: only then does `re` go from one such character to the next.
    "social_account": Whole("fold", anchors=re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_\-]{4,}"), around=(0, 2)),
    "mac_address": Whole("fold", anchors=re.compile(r"[0-9A-Fa-f:.\- ][0-9A-Fa-f:.\- ]{11,}"), around=(0, 1)),
}


@dataclass(frozen=True, slots=True)
class Live:
    """A number rule that may have candidates in a document."""

    rule: Rule
    pattern: regex.Pattern[str]
    """What to search for; only values that need no label if the document has no label of the rule."""
    unnamed: regex.Pattern[str] | None
    """The values that it reports without a label; None: none."""
    shortest: int
    """The length of the shortest run in which it may have a value."""


def live_rules(reading: Reading, compiled: Compiled, labels: Labels, *, in_runs: bool) -> Iterator[Live]:
    """Yield the number rules that may have candidates in a document; without `in_runs`, only those of BY_PATTERN.

    A rule with `context` has none if the words that its context requires do not occur.
    """
    for rule in compiled.of_kind("number"):
        named = rule.id in labels.owners or (labels.in_tables and bool(rule.roster_cues))
        if not named and rule.without_cue == "never":
            continue
        if (rule.number not in BY_PATTERN and not in_runs) or (
            rule.id in compiled.proofs and rule.id not in reading.proven
        ):
            continue
        whole, telling = compiled.numbers[rule.number], compiled.telling[rule.number]
        pattern = whole if named or (rule.told_by_text and rule.without_cue == "valid") else telling
        unnamed = {"never": None, "checked": telling, "valid": pattern}[rule.without_cue]
        yield Live(rule, pattern, unnamed, min(rule.lengths, default=0))


class Gate:
    """Tells which rules have to be tried at a run."""

    def __init__(self, rules: Iterable[Live], runs: Runs, reading: Reading, labels: Labels) -> None:
        """`rules` are the live rules of the document that search in runs."""
        self._runs, self._reading, self._labels = runs, reading, labels
        self._rules = list(rules)
        self._unnamed = [live for live in self._rules if live.unnamed]
        alternatives = dict.fromkeys(live.unnamed.pattern for live in self._rules if live.unnamed)
        self._any_unnamed = pattern_of("|".join(f"(?:{one})" for one in alternatives) or "(?!)")

    def open_to(self, low: int, high: int) -> list[Live]:
        """Return the rules to try at the run from `low` to `high` of the view, in the order of the packs."""
        text = self._runs.text
        owners = self._labels.around(*self._reading.squeeze.span(low, high))
        has_unnamed = self._any_unnamed.search(text, low, high) is not None
        if not owners and not has_unnamed:
            return []
        return [
            live
            for live in (self._rules if owners else self._unnamed)
            if high - low >= live.shortest
            and (live.rule.id in owners or (has_unnamed and live.unnamed and live.unnamed.search(text, low, high)))
        ]


def places(number: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) in `text`, that of its view, in which to search for a number of BY_PATTERN."""
    how = BY_PATTERN[number]
    if how.hints and not any(map(text.__contains__, how.hints)):
        return
    if how.anchors is None:
        yield 0, len(text)
        return
    before, behind = how.around
    low = high = -1
    for anchor in how.anchors.finditer(text):
        if high < 0 or anchor.start() - before > high:
            if high >= 0:
                yield low, high
            low = max(0, anchor.start() - before)
        high = anchor.end() + behind
    if high >= 0:
        yield low, min(high, len(text))
