"""A rule base prepared for detection: one keyword search per view for all rules, compiled patterns, loaded models."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.birth.cues import birth_cues, birth_patterns
from prescan.detect.inlined import inlined
from prescan.detect.joint_models import JointModels
from prescan.detect.label_table import LabelTable
from prescan.detect.landline import LandlineModel
from prescan.detect.level_model import LevelModel
from prescan.detect.line_gate import LineGate
from prescan.detect.literals import guarded, needed
from prescan.detect.name.cues import CueTable
from prescan.detect.name.foreign import PARTS, name_parts
from prescan.detect.name.model import NameModel
from prescan.detect.name.spans import SURNAMES, compound_surnames
from prescan.detect.passage_model import PassageModel
from prescan.detect.statement.model import StatementModel
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

#: Rule id → (start, end) in the rule's view of the keywords that start the rule.
Hits = dict[str, list[tuple[int, int]]]
#: Rule id → the hits of the rule's `proofs`, or of `near` for a tied rule: one list for each word, as `Keywords.find`
#: gives them. They are joined only when a rule asks (`Reading.proofs`), as there are thousands.
Proven = dict[str, "list[list[Found]]"]
#: The name of the word list with the labels of numbers; lists of cues of name rules are named by the rule's id.
LABELS: Final = "labels"
#: A pattern with more required words than this has them cut to _SHORTENED characters; if still more, it has no proofs.
_PROOF_AT_MOST: Final = 200
_SHORTENED: Final = 2
#: A pattern with named parts is written out (`inlined`) once it has been tried this often. Compiling the longest takes
#: 0.4 s then, and each further try 0.2 ms less.
_OFTEN: Final = 300
#: The names of the two limit models: one scores the sentence, the other the text around it.
LIMITS: Final = ("said", "around")
PASSAGES: Final = "passages"


class _Words(NamedTuple):
    """The words to find in one view. The lists go by the index of the word in `keywords`."""

    keywords: Keywords
    started: list[list[str]]
    """The ids of the rules that a word starts."""
    proved: list[list[str]]
    """The ids of the rules for which it is one of the `proofs`, or of `near` for a tied rule."""
    lists: dict[str, list[int]]
    """Name of a further word list → the index of the word in that list, or -1."""


class Compiled:
    """What detection needs of a RuleBase. Threads may share it: it is read-only except for the cache of patterns.

    The patterns of rules are compiled when first tried, since a document needs few of them.
    """

    def __init__(self, base: RuleBase, also: Mapping[str, Iterable[str]] | None = None) -> None:
        """Prepare the rules, whose patterns were checked when the packs were read. Raises ModelError.

        `also`: further word lists (name → words) to find in the squeeze view in the same pass; see `hits`.
        """
        self.base = base
        self.rules = {rule.id: rule for rule in base.rules}
        self._by_kind: dict[str, list[Rule]] = {}
        for rule in base.rules:
            self._by_kind.setdefault(rule.kind, []).append(rule)
        self.proofs = self._proofs()
        """Rule id → words one of which is in the view wherever the rule has a candidate."""
        of_lines = [rule for rule in self.of_kind("pattern") if rule.whole_line]
        self.line_gates = {rule.id: LineGate(rule.pattern, is_proved=rule.id in self.proofs) for rule in of_lines}
        used = {rule.number: NUMBERS[rule.number] for rule in self.of_kind("number")}
        self.numbers = {name: regex.compile(number.PATTERN) for name, number in used.items()}
        self.telling = {name: regex.compile(number.TELLING) for name, number in used.items()}
        self.births = {rule.id: birth_patterns(rule) for rule in self.of_kind("date")}
        self.groups = {rule.id: _group_table(rule) for rule in base.rules if rule.groups}
        self.labels = LabelTable(base)
        names = self.of_kind("name")
        self.cues = {rule.id: CueTable(rule.cues, rule.public_cues, rule.titles) for rule in names}
        surnames = {SURNAMES: compound_surnames(), PARTS: name_parts()} if names else {}
        cues = {rule: table.words for rule, table in self.cues.items()}
        lists = {"fold": {LABELS: self.labels.words, **cues, **surnames}, "squeeze": also or {}}
        self._words = {view: _words_of(view, base.rules, self.proofs, lists[view]) for view in VIEWS}
        self._patterns: dict[str, regex.Pattern[str]] = {}
        self._tries: Counter[str] = Counter()

        models = resource_dir("models")
        self.names = NameModel.load(models / "names") if names else None
        self.levels = LevelModel.load(models / "levels") if self.of_kind("level") else None
        asked = any(rule.whose for rule in self.of_kind("number"))
        self.landlines = LandlineModel.load(models / "landlines") if asked else None
        self.statements = StatementModel.load(models / "statements") if self.of_kind("statement") else None
        self.passages = PassageModel.load(models / "passages") if self.of_kind("passage") else None
        limits = models / "limits"
        self.limits = tuple(PassageModel.load(limits / part) for part in LIMITS) if self.of_kind("limit") else None
        of_passages = {PASSAGES: self.passages, **dict(zip(LIMITS, self.limits or (), strict=False))}
        self.joint_models = JointModels({name: model for name, model in of_passages.items() if model})

    def _proofs(self) -> dict[str, tuple[str, ...]]:
        patterns = [(rule.id, rule.pattern) for rule in self.of_kind("pattern")]
        patterns += [(rule.id, rule.context) for rule in self.of_kind("number")]
        return {
            **{rule_id: proof for rule_id, pattern in patterns if (proof := _proof(pattern))},
            **{rule.id: tuple(rule.groups[0]) for rule in self.of_kind("together")},
            **{rule.id: birth_cues(rule) for rule in self.of_kind("date") if rule.view == "squeeze"},
        }

    def hits(
        self,
        view: str,
        shown: View,
        *,
        all_rules: bool = True,
        lists: dict[str, list[Found]] | None = None,
        proven: Proven | None = None,
    ) -> Hits:
        """Return the hits of each rule's keywords or words in the view `shown`; `view` is its name.

        Without `all_rules`, rules are left out whose `proofs` do not occur in the view. `lists` is filled with the hits
        of the other word lists (labels, cues of names, surnames, `also`), by name, as `Keywords.find` would give them
        for each list alone; one pass for all of them saves time. `proven` is filled with the hits of `proofs`, and of
        `near` for tied rules.
        """
        words = self._words[view]
        everything = list(words.keywords.find(shown.text))
        lists = {} if lists is None else lists
        for name, list_index in words.lists.items():
            lists[name] = [
                (list_index[index], start, end) for index, start, end in everything if list_index[index] >= 0
            ]
        by_word: dict[int, list[Found]] = {}
        for found in everything:
            if found[0] in by_word:
                by_word[found[0]].append(found)
            else:
                by_word[found[0]] = [found]
        proven = {} if proven is None else proven
        for index, of_word in by_word.items():
            for rule_id in words.proved[index]:
                proven.setdefault(rule_id, []).append(of_word)
        hits: Hits = {}
        for index, of_word in by_word.items():
            if not words.started[index]:
                continue
            spans = [(start, end) for _, start, end in of_word]
            for rule_id in words.started[index]:
                if all_rules or rule_id in proven or rule_id not in self.proofs:
                    hits.setdefault(rule_id, []).extend(spans)
        return hits

    def pattern(self, rule_id: str) -> regex.Pattern[str]:
        """Return the compiled pattern of a rule. Call this for each try: tries are counted.

        A pattern written out takes five times as long to compile, which pays only if it is tried often.
        """
        pattern = self._patterns.get(rule_id)
        if pattern is None:
            rule = self.rules[rule_id]
            # guards save time only where a pattern is tried at one offset, not where it is searched for
            written = guarded(rule.pattern) if rule.whole_line else rule.pattern
            self._tries[rule_id] += 1
            if "(?&" in written and self._tries[rule_id] <= _OFTEN:
                return compiled(written)
            pattern = self._patterns[rule_id] = compiled(inlined(written))
        return pattern

    def of_kind(self, kind: str) -> list[Rule]:
        """Return the rules of one kind, in the order of the packs."""
        return self._by_kind.get(kind, [])


def _words_of(
    view: str, rules: Iterable[Rule], proofs: Mapping[str, Iterable[str]], lists: Mapping[str, Iterable[str]]
) -> _Words:
    """Return the words of the rules that read `view` (its name), and those of further lists (name → words)."""
    started: dict[str, list[str]] = {}
    proved: dict[str, list[str]] = {}
    for rule in rules:
        if rule.view == view:
            for word in _triggers(rule):
                started.setdefault(word, []).append(rule.id)
            for word in rule.near if rule.kind == "tied" else proofs.get(rule.id, ()):
                proved.setdefault(word, []).append(rule.id)
    listed = {name: {word: index for index, word in enumerate(held)} for name, held in lists.items()}
    words = dict.fromkeys(itertools.chain(started, proved, *listed.values()))
    return _Words(
        Keywords(words),
        [started.get(word, []) for word in words],
        [proved.get(word, []) for word in words],
        {name: [held.get(word, -1) for word in words] for name, held in listed.items()},
    )


def _proof(pattern: str) -> tuple[str, ...]:
    """Return words one of which is in every match of a pattern; () if none are known, or one is a single character."""
    words = needed(pattern) or frozenset()
    if len(words) > _PROOF_AT_MOST:
        words = frozenset(word[:_SHORTENED] for word in words)
    return tuple(sorted(words)) if min(map(len, words), default=0) > 1 and len(words) <= _PROOF_AT_MOST else ()


def _triggers(rule: Rule) -> tuple[str, ...]:
    """Return the words whose hits start a rule: its keywords, else its words; both for a tied rule."""
    if rule.kind == "tied":
        return tuple(dict.fromkeys((*rule.keywords, *rule.words)))
    if rule.groups:
        return tuple(dict.fromkeys(word for group in rule.groups for word in group))
    return rule.keywords or rule.words


def _group_table(rule: Rule) -> dict[str, tuple[int, ...]]:
    """Return, for each word of a `together` rule, the indexes of the groups it belongs to."""
    table: dict[str, tuple[int, ...]] = {}
    for number, group in enumerate(rule.groups):
        for word in group:
            table[word] = (*table.get(word, ()), number)
    return table
