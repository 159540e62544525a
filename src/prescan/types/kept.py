"""What a store of many documents keeps of a finding."""

from __future__ import annotations

from typing import NamedTuple


class FindingRow(NamedTuple):
    """A finding as a worker tells it to a store: a JSON list of these fields, without any value."""

    mark: str
    """The fingerprint, in hex."""
    rule: str
    type: str
    category: str
    level: str
    confidence: str
    masked: str
    excerpt: str
    """Masked words around it; empty for most of the findings of a rule that speaks often."""
    place: str
    part: str
    evidence: list[str]
    value: str | None
    """Keyed hash of a personal value, in hex."""
    person: str | None
    """Keyed hash of the person it is about, in hex."""

    def __repr__(self) -> str:
        """Show no words of a document."""
        return f"FindingRow({self.rule}, {self.level}, {self.place})"
