"""How surely a wrongly declared attribute is told, and how quiet a rightly declared one stays.

Each labelled document is scanned three times, once with each attribute declared for it. Where the suggestion abstains
nothing is said of the declaration, so those are counted apart; a second label that can be defended counts as neither.
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
    """Of the wrong ones, those told as a conflict."""
    right: int = 0
    disputed: int = 0
    """Of the right ones, those told as a conflict all the same."""
    abstained: int = 0

    def summary(self) -> dict[str, float]:
        """Return the shares that floors are set for."""
        told = self.reported / self.wrong if self.wrong else 1.0
        quiet = 1 - self.disputed / self.right if self.right else 1.0
        return {"wrong declared told": told, "right declared quiet": quiet}

    def __str__(self) -> str:
        """Return one line for people."""
        return (
            f"声明的属性：声明错的 {self.wrong} 次，指出 {self.reported} 次；"
            f"声明对的 {self.right} 次，误称不符 {self.disputed} 次；弃权 {self.abstained} 次"
        )


def declare(documents: Iterable[LabelledDocument], scanner: Scanner) -> Declared:
    """Return what is said of every attribute declared for every document."""
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
