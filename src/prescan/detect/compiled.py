"""A rule base made ready: one keyword pass per view for all rules together, patterns compiled once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from prescan.detect.date import date_patterns
from prescan.detect.literals import needed
from prescan.detect.name_model import NameModel
from prescan.detect.name_page import CueTable
from prescan.detect.passage_model import PassageModel
from prescan.numbers import NUMBERS
from prescan.numbers.checks import compiled
from prescan.resources import resource_dir
from prescan.rules.kinds import VIEWS
from prescan.text.keywords import Keywords

if TYPE_CHECKING:
    from prescan.rules import Rule, RuleBase
    from prescan.text.view import View

Hits = dict[str, list[tuple[int, int]]]


class Compiled:
    """What detection needs of a RuleBase. Read-only after construction, so threads may share it."""

    def __init__(self, base: RuleBase) -> None:
        """Compile every rule; patterns were checked when the packs were read. Raises ModelError."""
        self.base = base
        self.rules = {rule.id: rule for rule in base.rules}
        self._by_kind: dict[str, list[Rule]] = {}
        for rule in base.rules:
            self._by_kind.setdefault(rule.kind, []).append(rule)
        self.patterns = {rule.id: compiled(rule.pattern) for rule in base.rules if rule.pattern}
        self.proofs = {rule.id: proof for rule in self.of_kind("pattern") if (proof := _proof(rule.pattern))}
        used = {rule.number: NUMBERS[rule.number] for rule in base.rules if rule.kind == "number"}
        self.numbers = {name: regex.compile(number.PATTERN) for name, number in used.items()}
        self.telling = {name: regex.compile(number.TELLING) for name, number in used.items()}
        self.dates = {rule.id: date_patterns(rule) for rule in self.of_kind("date")}
        self.groups = {rule.id: _group_table(rule) for rule in base.rules if rule.groups}
        self._users: dict[str, list[list[str]]] = {}
        self._proved: dict[str, list[list[str]]] = {}
        self._keywords: dict[str, Keywords] = {}
        for view in VIEWS:
            users: dict[str, list[str]] = {}
            proved: dict[str, list[str]] = {}
            for rule in base.rules:
                for word in _triggers(rule) if rule.view == view else ():
                    users.setdefault(word, []).append(rule.id)
                for word in self.proofs.get(rule.id, ()) if rule.view == view else ():
                    proved.setdefault(word, []).append(rule.id)
            words = dict.fromkeys((*users, *proved))
            self._keywords[view] = Keywords(words)
            self._users[view] = [users.get(word, []) for word in words]
            self._proved[view] = [proved.get(word, []) for word in words]
        self.labels = LabelTable(base)
        names = self.of_kind("name")
        self.cues = {rule.id: CueTable(rule.cues, rule.public_cues, rule.titles) for rule in names}
        self.passages = PassageModel.load(resource_dir("models") / "passages") if self.of_kind("passage") else None
        self.names = NameModel.load(resource_dir("models") / "names") if names else None

    def hits(self, view: str, shown: View, *, hopeless: bool = True) -> Hits:
        """Return, for each rule that reads `view`, where its keywords or words stand in the view.

        `hopeless`: also for rules whose pattern cannot match, because what every match holds stands nowhere.
        """
        hits: Hits = {}
        proven: set[str] = set()
        users, proved = self._users[view], self._proved[view]
        for index, start, end in self._keywords[view].find(shown.text):
            for rule_id in users[index]:
                if rule_id in hits:
                    hits[rule_id].append((start, end))
                else:
                    hits[rule_id] = [(start, end)]
            if proved[index]:
                proven.update(proved[index])
        if hopeless:
            return hits
        return {rule: places for rule, places in hits.items() if rule in proven or rule not in self.proofs}

    def of_kind(self, kind: str) -> list[Rule]:
        """Return the rules of one kind."""
        return self._by_kind.get(kind, [])


class LabelTable:
    """The words that name a number in front of it: each rule's cues, and labels of other numbers."""

    OTHER = ""
    """Stands for the owner of a label that names a number we do not look for."""

    def __init__(self, base: RuleBase) -> None:
        """Collect cues of number rules; a label two rules share names both."""
        owners: dict[str, set[str]] = {word: {self.OTHER} for word in base.other_numbers}
        for rule in base.rules:
            for cue in rule.cues if rule.kind == "number" else ():
                owners.setdefault(cue, set()).add(rule.id)
                if not rule.context:  # with one it names the number there and something else anywhere else
                    owners[cue].discard(self.OTHER)
        self._owners = list(owners.values())
        self._keywords = Keywords(owners)

    def find(self, text: str) -> list[tuple[int, int, set[str]]]:
        """Return (start, end, owners) of the labels in `text`, in order of their ends, longer ones last."""
        found = [(start, end, self._owners[index]) for index, start, end in self._keywords.find(text)]
        return sorted(found, key=lambda label: (label[1], -label[0]))


def _proof(pattern: str) -> tuple[str, ...]:
    """Return the words without which a pattern is not tried; a single character is too common to be looked for."""
    words = needed(pattern) or frozenset()
    return tuple(sorted(words)) if min(map(len, words), default=0) > 1 else ()


def _triggers(rule: Rule) -> tuple[str, ...]:
    """Return the words that start a rule: the keywords of its pattern, else its words; both for a tied rule."""
    if rule.kind == "tied":
        return tuple(dict.fromkeys((*rule.keywords, *rule.words)))
    if rule.groups:
        return tuple(dict.fromkeys(word for group in rule.groups for word in group))
    return rule.keywords or rule.words


def _group_table(rule: Rule) -> dict[str, tuple[int, ...]]:
    """Return, for each word of a `together` rule, the groups it belongs to."""
    table: dict[str, tuple[int, ...]] = {}
    for number, group in enumerate(rule.groups):
        for word in group:
            table[word] = (*table.get(word, ()), number)
    return table
