"""Which characters of a page are written over: a row of them, not an accent or two columns that touch."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from prescan.formats.pdf.overprint import written_over

WIDE = 10.0


@pytest.mark.parametrize(
    ("over", "hidden"),
    [("××××", 4), ("×××", 3), ("××", 0), ("____", 0), ("甲乙丙丁", 0), ("  ××××", 0)],
    ids=["all", "three", "two", "rules", "the same", "beside"],
)
def test_what_is_written_over(over: str, hidden: int) -> None:
    under = "甲乙丙丁"
    places = [(index * WIDE, "a") for index in range(len(under))] + [(index * WIDE, "b") for index in range(len(over))]
    if over.startswith(" "):
        places[len(under) :] = [(left + 100, key) for left, key in places[len(under) :]]
    page = SimpleNamespace(
        text=under + over.replace("×", "X"),
        object_at=lambda index: {"a": 1, "b": 2}[places[index][1]],
        box=lambda first, _last: (places[first][0], 0.0, places[first][0] + WIDE, 10.0),
    )
    pair = SimpleNamespace(key=1), SimpleNamespace(key=2)
    assert written_over(page, [pair]) == list(range(hidden))
