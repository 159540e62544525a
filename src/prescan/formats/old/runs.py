"""Runs of text: pieces in a row that are seen, or not seen for the same reason, are one."""

from __future__ import annotations

import itertools
import operator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def joined(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pieces (text, reason) with neighbours of one reason put together."""
    return [
        ("".join(text for text, _ in run), reason) for reason, run in itertools.groupby(pieces, operator.itemgetter(1))
    ]
