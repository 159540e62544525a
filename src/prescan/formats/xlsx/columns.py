"""Columns of a sheet that are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment, child
from prescan.formats.drawingml import parse_int
from prescan.formats.package import ON, attribute
from prescan.formats.xlsx.grid import LAST_COLUMN, at_most, runs
from prescan.text.tables import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

#: Columns so narrow, in characters, that nothing of them is seen.
_NARROWEST: Final = 0.2


def hidden_columns(root: etree._Element | None) -> dict[int, Concealment]:
    """Return the hidden columns of a sheet with the words for them; neighbours are one place."""
    listed = None if root is None else child(root, "cols")
    hidden: list[tuple[int, int]] = []
    shown: list[tuple[int, int]] = []
    for column in () if listed is None else listed:
        first, last = parse_int(attribute(column, "min")), parse_int(attribute(column, "max"))
        unseen = column.get("hidden") in ON or at_most(attribute(column, "width"), _NARROWEST)
        (hidden if unseen else shown).append((max(1, first), min(LAST_COLUMN, last)))
    usual = None if root is None else child(root, "sheetFormatPr")
    if usual is not None and at_most(attribute(usual, "defaultColWidth"), _NARROWEST):
        numbers = set(range(1, LAST_COLUMN + 1)) - _spread(shown)
    else:
        numbers = _spread(hidden)
    marks: dict[int, Concealment] = {}
    for first, last in runs(numbers):
        name = column_letters(first - 1) if first == last else f"{column_letters(first - 1)}–{column_letters(last - 1)}"
        marks.update(
            dict.fromkeys(range(first, last + 1), Concealment("hidden", "hidden_row_column", f"已隐藏的 {name} 列"))
        )
    return marks


def _spread(spans: Iterable[tuple[int, int]]) -> set[int]:
    """Return the numbers in some spans, each looked at once however often they overlap."""
    found: set[int] = set()
    reach = 0
    for first, last in sorted(spans):
        found.update(range(max(first, reach + 1), last + 1))
        reach = max(reach, last)
    return found
