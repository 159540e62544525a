"""A quick check of a line before a pattern that has to match whole lines is tried on it."""

from __future__ import annotations

from prescan.detect.literals import longest, needed
from prescan.text.keywords import Keywords


class LineGate:
    """Rejects lines that a pattern cannot match: too long, or without the words that every match contains.

    Some patterns are long, and merely starting them takes time.
    """

    def __init__(self, pattern: str, *, is_proved: bool) -> None:
        """`is_proved`: the caller checks the required words itself (`Compiled.proofs`)."""
        self._longest = longest(pattern)
        words = None if is_proved else needed(pattern)
        self._words = Keywords(sorted(words)) if words else None

    def may_match(self, text: str, low: int, high: int) -> bool:
        """Return whether the line `text[low:high]` may match the pattern."""
        line, most = text[low:high], self._longest
        if most is not None and len(line) > most and "\n" not in line[: most + 1]:
            return False
        return self._words is None or any(True for _ in self._words.find(line))
