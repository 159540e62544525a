"""The labels of numbers (身份证号, 订单号): which rules' values a label names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.text.keywords import Keywords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.rules import RuleBase
    from prescan.text.keywords import Found


class LabelTable:
    """The cues of all number rules, and the labels of numbers that no rule looks for. Read-only."""

    OTHER = ""
    """The owner of a label that names a number no rule looks for."""

    def __init__(self, base: RuleBase) -> None:
        """Collect the labels; one that several rules have as a cue belongs to all of them."""
        owners: dict[str, set[str]] = {word: {self.OTHER} for word in base.other_numbers}
        for rule in base.rules:
            for cue in rule.cues if rule.kind == "number" else ():
                owners.setdefault(cue, set()).add(rule.id)
                if not rule.context:  # with a context, the label means something else wherever the context is missing
                    owners[cue].discard(self.OTHER)
        self.words = tuple(owners)
        self._owners = list(owners.values())
        self._roster = [(rule.id, rule.roster_cues) for rule in base.rules if rule.roster_cues]
        self._keywords = Keywords(owners)

    def on_rosters(self, header: str) -> set[str]:
        """Return the ids of the rules whose `roster_cues` occur in the text of a header or label cell."""
        return {rule_id for rule_id, cues in self._roster if any(map(header.__contains__, cues))}

    def find(self, text: str, hits: Iterable[Found] | None = None) -> list[tuple[int, int, set[str]]]:
        """Return (start, end, owners) of the labels in `text`, sorted by their ends, the longest last.

        `hits` is what `Keywords(words).find(text)` gives, if the caller has it already.
        """
        found = [
            (start, end, self._owners[index])
            for index, start, end in (self._keywords.find(text) if hits is None else hits)
        ]
        return sorted(found, key=lambda label: (label[1], -label[0]))
