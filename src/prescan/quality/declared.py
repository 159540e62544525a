"""Measures how often a wrongly declared attribute is reported, and a rightly declared one is not.

Each labelled document is scanned three times, once with each attribute declared. If the suggestion abstains, nothing is
reported, so these scans are counted separately; a defensible second label counts as neither right nor wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from prescan.types import Attribute, Context

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.quality.corpus import LabelledDocument
    from prescan.scanner import Scanner


@dataclass(slots=True)
class Declared:
    """Counts of declarations."""

    wrong: int = 0
    reported: int = 0
    """Wrong declarations reported as a conflict."""
    right: int = 0
    disputed: int = 0
    """Right declarations reported as a conflict."""
    abstained: int = 0

    def summary(self) -> dict[str, float]:
        """Return the figures that have floors."""
        reported = self.reported / self.wrong if self.wrong else 1.0
        quiet = 1 - self.disputed / self.right if self.right else 1.0
        return {"wrong declared told": reported, "right declared quiet": quiet}

    def __str__(self) -> str:
        """Return one line for people."""
        return (
            f"声明的属性：声明错的 {self.wrong} 次，指出 {self.reported} 次；"
            f"声明对的 {self.right} 次，误称不符 {self.disputed} 次；弃权 {self.abstained} 次"
        )


def declare(documents: Iterable[LabelledDocument], scanner: Scanner) -> Declared:
    """Scan every document with every attribute declared and return the counts."""
    counts = Declared()
    for document in documents:
        for attribute in get_args(Attribute):
            suggestion = scanner.scan_text(document.text, context=Context(declared=attribute)).suggestion
            if suggestion is None or suggestion.abstained:
                counts.abstained += 1
            elif attribute == document.label:
                counts.right += 1
                counts.disputed += suggestion.conflict
            elif not document.accepts(attribute):
                counts.wrong += 1
                counts.reported += suggestion.conflict
    return counts
