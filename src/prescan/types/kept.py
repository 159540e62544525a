"""The form of a finding that the audit store keeps."""

from __future__ import annotations

from typing import NamedTuple


class FindingRow(NamedTuple):
    """A finding as a worker sends it to a store: a JSON list of these fields. It contains no value."""

    fingerprint: str
    """Keyed fingerprint, in hex."""
    rule: str
    type: str
    category: str
    level: str
    confidence: str
    masked: str
    excerpt: str
    """Masked context. For a rule with many findings in a document, only the first ones have it; else empty."""
    place: str
    part: str
    evidence: list[str]
    value: str | None
    """Keyed hash of a personal value, in hex."""
    person: str | None
    """Keyed hash of the person it is about, in hex."""

    def __repr__(self) -> str:
        """Show rule, level and place, but no text of the document."""
        return f"FindingRow({self.rule}, {self.level}, {self.place})"
