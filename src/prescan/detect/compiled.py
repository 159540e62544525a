"""A rule base made ready: one keyword pass per view for all rules together, patterns compiled once."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.date import date_cues, date_patterns
from prescan.detect.inlined import inlined
from prescan.detect.level_model import LevelModel
from prescan.detect.literals import guarded, longest, needed
from prescan.detect.name.cues import CueTable
from prescan.detect.name.foreign import PARTS, name_parts
from prescan.detect.name.model import NameModel
from prescan.detect.name.spans import SURNAMES, compound_surnames
from prescan.detect.panel import Panel
from prescan.detect.passage_model import PassageModel
from prescan.detect.statement_model import StatementModel
from prescan.numbers import NUMBERS
from prescan.numbers.checks import compiled
from prescan.resources import resource_dir
from prescan.rules.kinds import VIEWS
from prescan.text.keywords import Keywords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prescan.rules import Rule, RuleBase
    from prescan.text.keywords import Found
    from prescan.text.view import View

Hits = dict[str, list[tuple[int, int]]]
#: Where the words of a rule's `proofs` stand, or those of `near` of a tied rule; a list a word, as `Keywords.find`
#: gave it: there are thousands, and few rules look at theirs.
Proven = dict[str, "list[list[Found]]"]
#: The list of labels; the cues of a rule for names have its id.
LABELS: Final = "labels"
#: More words than this are cut to so many characters before they are looked for; then more are too many.
_PROOF_AT_MOST: Final = 200
_SHORTENED: Final = 2
#: So often a pattern is tried as it is; then its parts are written out. For the longest that takes 0.4 s, and each try
#: costs 0.2 ms less from then on.
_OFTEN: Final = 300
#: The models of what limits a paper: the sentence that says so, and what is around it.
LIMITS: Final = ("said", "around")
PASSAGES: Final = "passages"


class Compiled:
    """What detection needs of a RuleBase. But for patterns read-only after construction, so threads may share it.

    Patterns of rules are compiled when they are first tried: few are, in a document.
    """

    def __init__(self, base: RuleBase, also: Mapping[str, Iterable[str]] | None = None) -> None:
        """Compile every rule; patterns were checked when the packs were read. Raises ModelError.

        `also`: lists of words by a name, looked for in the squeeze view in passing, each word once; see `hits`.
        """
        self.base = base
        self.rules = {rule.id: rule for rule in base.rules}
        self._by_kind: dict[str, list[Rule]] = {}
        for rule in base.rules:
            self._by_kind.setdefault(rule.kind, []).append(rule)
        self.proofs = {rule.id: proof for rule in self.of_kind("pattern") if (proof := _proof(rule.pattern))}
        lined = [rule for rule in self.of_kind("pattern") if rule.whole_line]
        self.gates = {rule.id: Gate(rule.pattern, known=rule.id in self.proofs) for rule in lined}
        self.proofs |= {rule.id: tuple(rule.groups[0]) for rule in self.of_kind("together")}
        self.proofs |= {rule.id: proof for rule in self.of_kind("number") if (proof := _proof(rule.context))}
        self.proofs |= {rule.id: date_cues(rule) for rule in self.of_kind("date") if rule.view == "squeeze"}
        used = {rule.number: NUMBERS[rule.number] for rule in base.rules if rule.kind == "number"}
        self.numbers = {name: regex.compile(number.PATTERN) for name, number in used.items()}
        self.telling = {name: regex.compile(number.TELLING) for name, number in used.items()}
        self.dates = {rule.id: date_patterns(rule) for rule in self.of_kind("date")}
        self.groups = {rule.id: _group_table(rule) for rule in base.rules if rule.groups}
        self.labels = LabelTable(base)
        names = self.of_kind("name")
        self.cues = {rule.id: CueTable(rule.cues, rule.public_cues, rule.titles) for rule in names}
        surnames = {SURNAMES: compound_surnames(), PARTS: name_parts()} if names else {}
        cues = {rule: table.words for rule, table in self.cues.items()}
        lists = {"fold": {LABELS: self.labels.words, **cues, **surnames}, "squeeze": also or {}}
        self._ready: dict[str, regex.Pattern[str]] = {}
        self._tried: Counter[str] = Counter()
        self._users: dict[str, list[list[str]]] = {}
        self._proved: dict[str, list[list[str]]] = {}
        self._lists: dict[str, dict[str, list[int]]] = {}
        self._keywords: dict[str, Keywords] = {}
        for view in VIEWS:
            users: dict[str, list[str]] = {}
            proved: dict[str, list[str]] = {}
            for rule in base.rules:
                for word in _triggers(rule) if rule.view == view else ():
                    users.setdefault(word, []).append(rule.id)
                asked = rule.near if rule.kind == "tied" else self.proofs.get(rule.id, ())
                for word in asked if rule.view == view else ():
                    proved.setdefault(word, []).append(rule.id)
            listed = {name: {word: index for index, word in enumerate(held)} for name, held in lists[view].items()}
            words = dict.fromkeys(itertools.chain(users, proved, *listed.values()))
            self._keywords[view] = Keywords(words)
            self._users[view] = [users.get(word, []) for word in words]
            self._proved[view] = [proved.get(word, []) for word in words]
            self._lists[view] = {name: [held.get(word, -1) for word in words] for name, held in listed.items()}
        self.passages = PassageModel.load(resource_dir("models") / "passages") if self.of_kind("passage") else None
        statements = resource_dir("models") / "statements"
        self.statements = StatementModel.load(statements) if self.of_kind("statement") else None
        self.levels = LevelModel.load(resource_dir("models") / "levels") if self.of_kind("level") else None
        limits = resource_dir("models") / "limits"
        self.limits = tuple(PassageModel.load(limits / part) for part in LIMITS) if self.of_kind("limit") else None
        read = {PASSAGES: self.passages, **dict(zip(LIMITS, self.limits or (), strict=False))}
        self.panel = Panel({name: model for name, model in read.items() if model})
        self.names = NameModel.load(resource_dir("models") / "names") if names else None

    def hits(
        self,
        view: str,
        shown: View,
        *,
        hopeless: bool = True,
        lists: dict[str, list[Found]] | None = None,
        proven: Proven | None = None,
    ) -> Hits:
        """Return, for each rule that reads `view`, where its keywords or words stand in the view.

        `hopeless`: also for rules that cannot speak, because what every match holds stands nowhere. `lists` is
        filled with what the same pass finds of labels, cues of names, surnames and other words, as `Keywords.find`
        gives it for each list alone: what costs is going through a text, not what is found. `proven` is filled with
        where the `proofs` of rules stand in the view, and the words of persons near which a tied rule speaks.
        """
        everything = list(self._keywords[view].find(shown.text))
        lists = {} if lists is None else lists
        for name, place in self._lists[view].items():
            lists[name] = [(place[index], start, end) for index, start, end in everything if place[index] >= 0]
        places: dict[int, list[Found]] = {}
        for found in everything:
            if found[0] in places:
                places[found[0]].append(found)
            else:
                places[found[0]] = [found]
        users, proved = self._users[view], self._proved[view]
        proven = {} if proven is None else proven
        for index, held in places.items():
            for rule_id in proved[index]:
                proven.setdefault(rule_id, []).append(held)
        hits: Hits = {}
        for index, held in places.items():
            if not users[index]:
                continue
            spans = [(start, end) for _, start, end in held]
            for rule_id in users[index]:
                if hopeless or rule_id in proven or rule_id not in self.proofs:
                    hits.setdefault(rule_id, []).extend(spans)
        return hits

    def pattern(self, rule_id: str) -> regex.Pattern[str]:
        """Return the pattern of a rule that has one, each time it is tried.

        Written out it takes five times as long to compile: that pays once it has been tried often.
        """
        pattern = self._ready.get(rule_id)
        if pattern is None:
            rule = self.rules[rule_id]
            # where a pattern is looked for anywhere the guards gain nothing
            written = guarded(rule.pattern) if rule.whole_line else rule.pattern
            self._tried[rule_id] += 1
            if "(?&" in written and self._tried[rule_id] <= _OFTEN:
                return compiled(written)
            pattern = self._ready[rule_id] = compiled(inlined(written))
        return pattern

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
        self.words = tuple(owners)
        self._owners = list(owners.values())
        self._roster = [(rule.id, rule.roster_cues) for rule in base.rules if rule.roster_cues]
        self._keywords = Keywords(owners)

    def on_rosters(self, shown: str) -> set[str]:
        """Return the rules that a cell's text names values for in a list of people."""
        return {rule_id for rule_id, cues in self._roster if any(map(shown.__contains__, cues))}

    def find(self, text: str, hits: Iterable[Found] | None = None) -> list[tuple[int, int, set[str]]]:
        """Return (start, end, owners) of the labels in `text`, in order of their ends, longer ones last.

        `hits`: where the words stand, if that is known.
        """
        found = [
            (start, end, self._owners[index])
            for index, start, end in (self._keywords.find(text) if hits is None else hits)
        ]
        return sorted(found, key=lambda label: (label[1], -label[0]))


class Gate:
    """What can be told of a line before a pattern of whole lines is tried: some are long, and to begin takes time."""

    def __init__(self, pattern: str, *, known: bool) -> None:
        """`known`: where the words stand that every match holds has been looked up."""
        self._longest = longest(pattern)
        words = None if known else needed(pattern)
        self._words = Keywords(sorted(words)) if words else None

    def open_to(self, text: str, low: int, high: int) -> bool:
        """Tell whether a line may match, which stands from `low` to `high` of a text."""
        line, most = text[low:high], self._longest
        if most is not None and len(line) > most and "\n" not in line[: most + 1]:
            return False
        return self._words is None or any(True for _ in self._words.find(line))


def _proof(pattern: str) -> tuple[str, ...]:
    """Return the words without which a pattern is not tried; a single character is too common to be looked for."""
    words = needed(pattern) or frozenset()
    if len(words) > _PROOF_AT_MOST:
        words = frozenset(word[:_SHORTENED] for word in words)
    return tuple(sorted(words)) if min(map(len, words), default=0) > 1 and len(words) <= _PROOF_AT_MOST else ()


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
