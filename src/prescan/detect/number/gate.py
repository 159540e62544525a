"""The gate of rule kind `number`: where a rule need not look at all, asked before any of its patterns is tried.

A pack has fifty number rules and a page dozens of runs of letters and digits, most of them days, codes and amounts.
Trying every rule on every run is what would cost. Most rules take a value only if something names it, so three
questions leave next to nothing to try; none of them may be answered No where a rule would have spoken:

* of a rule, once a document: does its setting stand anywhere, and is there a label that could name its value;
* of a run, for rules that take values without a label: does any pattern of theirs match in it (one search for all);
* of a run, for the other rules: which rules could the labels around it name.

Numbers that are no runs (plates, mail addresses) have places instead: what lies around a sign that is in each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.detect.number.setting import Settings
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
    """How a number is found that is more than a run of digits."""

    view: str
    hints: tuple[str, ...] = ()
    """Where none of these words stands in the view there is no such number."""
    anchors: regex.Pattern[str] | re.Pattern[str] | None = None
    """What stands inside the number: it is looked for around these places only."""
    around: tuple[int, int] = (32, 48)
    """So many characters before and behind an anchor belong to the number or say where it ends."""


#: Numbers that are more than a run of digits.
BY_PATTERN: Final = {
    # One class of characters comes first: it is found at once, and few places are looked at further.
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
    "social_account": Whole("fold", anchors=re.compile(r"[A-Za-z0-9_\-]{5,}"), around=(0, 2)),
    "mac_address": Whole("fold", anchors=re.compile(r"[0-9A-Fa-f:.\- ]{12,}"), around=(0, 1)),
}


@dataclass(frozen=True, slots=True)
class Live:
    """A number rule that may speak in a document."""

    rule: Rule
    pattern: regex.Pattern[str]
    """What it looks for: only what needs no label, where the document holds none of its own."""
    unnamed: regex.Pattern[str] | None
    """What it takes although nothing names it; None: nothing."""
    shortest: int
    """No value of a shorter run is taken."""


def live_rules(reading: Reading, compiled: Compiled, labels: Labels, *, in_runs: bool) -> Iterator[Live]:
    """Yield the number rules that may speak in a document; `in_runs`: also those that look at runs.

    A rule with a setting (`context`) is silent in a document that holds none of its words.
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
        pattern = whole if named or (rule.context and rule.without_cue == "valid") else telling
        unnamed = {"never": None, "checked": telling, "valid": pattern}[rule.without_cue]
        yield Live(rule, pattern, unnamed, min(rule.lengths, default=0))


class Gate:
    """Which of the rules that look at runs may speak at a run."""

    def __init__(self, rules: Iterable[Live], runs: Runs, reading: Reading, labels: Labels) -> None:
        """`rules` are those of the document."""
        self._runs, self._reading, self._labels = runs, reading, labels
        self._settings = Settings(reading)
        self._rules = list(rules)
        self._unnamed = [live for live in self._rules if live.unnamed]
        alternatives = dict.fromkeys(live.unnamed.pattern for live in self._rules if live.unnamed)
        self._anything = pattern_of("|".join(f"(?:{one})" for one in alternatives) or "(?!)")

    def open_to(self, low: int, high: int) -> list[Live]:
        """Return the rules that are to be tried on a run, in the packs' order."""
        text = self._runs.text
        owners = self._labels.around(*self._reading.squeeze.span(low, high))
        anything = self._anything.search(text, low, high) is not None
        if not owners and not anything:
            return []
        return [
            live
            for live in (self._rules if owners else self._unnamed)
            if high - low >= live.shortest
            and (live.rule.id in owners or (anything and live.unnamed and live.unnamed.search(text, low, high)))
            and (not live.rule.context or self._settings.may_hold(live.rule))
        ]


def places(number: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a number that is no run is looked for in the text of its view."""
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
