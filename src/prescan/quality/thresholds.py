"""The log odds from which the models of passages, limits and levels report, for training and for counting."""

from __future__ import annotations

from typing import NamedTuple


class Thresholds(NamedTuple):
    """The defaults are those of the shipped models; the models' cards tell how they were chosen."""

    passages: float = -0.86
    limits: float = -0.3
    review: float = -0.4
    """Levels that are reported at review."""
    block: float = 0.3
    """Levels that are reported at block."""


CHOSEN = Thresholds()
