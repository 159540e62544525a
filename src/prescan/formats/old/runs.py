"""Runs of text: pieces in a row that are seen, or not seen for the same reason, are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def joined(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pieces (text, reason) with neighbours of one reason put together."""
    runs: list[tuple[str, str]] = []
    for text, reason in pieces:
        if runs and runs[-1][1] == reason:
            runs[-1] = runs[-1][0] + text, reason
        else:
            runs.append((text, reason))
    return runs
