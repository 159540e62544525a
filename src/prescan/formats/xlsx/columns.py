"""Hidden columns of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment, child
from prescan.formats.drawingml import parse_int
from prescan.formats.package import ON, attribute
from prescan.formats.xlsx.grid import LAST_COLUMN, at_most, consecutive_runs
from prescan.text.tables import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

#: In columns up to this width, in characters, nothing is seen.
_MIN_WIDTH: Final = 0.2


def hidden_columns(root: etree._Element | None) -> dict[int, Concealment]:
    """Return the hidden columns of a sheet with their concealments; adjacent columns share one."""
    listed = None if root is None else child(root, "cols")
    hidden: list[tuple[int, int]] = []
    shown: list[tuple[int, int]] = []
    for column in () if listed is None else listed:
        first, last = parse_int(attribute(column, "min")), parse_int(attribute(column, "max"))
        unseen = column.get("hidden") in ON or at_most(attribute(column, "width"), _MIN_WIDTH)
        (hidden if unseen else shown).append((max(1, first), min(LAST_COLUMN, last)))
    default = None if root is None else child(root, "sheetFormatPr")
    if default is not None and at_most(attribute(default, "defaultColWidth"), _MIN_WIDTH):
        numbers = set(range(1, LAST_COLUMN + 1)) - _numbers_in(shown)
    else:
        numbers = _numbers_in(hidden)
    concealments: dict[int, Concealment] = {}
    for first, last in consecutive_runs(numbers):
        name = column_letters(first - 1) if first == last else f"{column_letters(first - 1)}–{column_letters(last - 1)}"
        concealments.update(
            dict.fromkeys(range(first, last + 1), Concealment("hidden", "hidden_row_column", f"已隐藏的 {name} 列"))
        )
    return concealments


def _numbers_in(spans: Iterable[tuple[int, int]]) -> set[int]:
    """Return the numbers in the spans, in linear time even if they overlap."""
    found: set[int] = set()
    reach = 0
    for first, last in sorted(spans):
        found.update(range(max(first, reach + 1), last + 1))
        reach = max(reach, last)
    return found
