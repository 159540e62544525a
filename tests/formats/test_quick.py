"""Blocks made the short way are what Block makes, whichever thread asks."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from prescan.formats import quick
from prescan.types import Location

if TYPE_CHECKING:
    import pytest

_THREADS = 4
_STEP = 40


def test_threads_that_ask_for_places_at_once_get_the_right_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """`scan_text` and each thread of `pipe` come here; the places are kept for all of them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def ask(first: int) -> bool:
        numbers = range(first, 12_000, _STEP)
        return [quick.paragraph(number).paragraph for number in numbers] == list(numbers)

    try:
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in range(5):
                kept: list[Location] = []
                monkeypatch.setattr(quick, "_PARAGRAPHS", kept)
                assert all(pool.map(ask, range(1, _THREADS + 1)))
                assert kept == [Location("body", None, number) for number in range(1, len(kept) + 1)]
    finally:
        sys.setswitchinterval(before)
