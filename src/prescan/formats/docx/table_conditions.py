"""Which conditional formats of a table style apply to a cell: first row, last column, every second row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.docx.concealments import is_off
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

#: The switches in a `tblLook` and their bits (ECMA-376-1, 17.4.55).
_SWITCHES: Final = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
#: The look of a table that specifies none: bands, first row and first column.
_DEFAULT_LOOK: Final = 0x4A0
_CORNERS: Final = {
    "nwCell": ("firstCol", "firstRow"),
    "neCell": ("lastCol", "firstRow"),
    "swCell": ("firstCol", "lastRow"),
    "seCell": ("lastCol", "lastRow"),
}
_ROWS, _CELLS = frozenset({"tr"}), frozenset({"tc"})


class TableConditions:
    """Finds the conditions of cells; remembers the rows of each table, as every cell is looked up."""

    def __init__(self) -> None:
        """Start with no table known."""
        self._rows: dict[etree._Element, tuple[dict[etree._Element, int], frozenset[str]]] = {}
        self._row: etree._Element | None = None
        self._cells: dict[etree._Element, int] = {}
        """The cells of that row with their column numbers."""

    def conditions_of(self, cell: etree._Element, table: etree._Element) -> Iterator[str]:
        """Yield the conditions that apply to a cell of a table, the stronger ones later (ECMA-376-1, 17.7.6)."""
        if table not in self._rows:
            rows = {row: number for number, row in enumerate(_children_of(table, _ROWS))}
            self._rows[table] = rows, _look(table)
        rows, on = self._rows[table]
        row = next((above for above in cell.iterancestors() if above in rows), None)
        if row is None:
            return
        if row is not self._row:
            self._row, self._cells = row, {element: place for place, element in enumerate(_children_of(row, _CELLS))}
        number, cells = rows[row], self._cells
        column = cells.get(cell)
        if column is None:  # a misplaced cell
            return
        first, last = "firstRow" in on and number == 0, "lastRow" in on and number == len(rows) - 1
        left, right = "firstColumn" in on and column == 0, "lastColumn" in on and column == len(cells) - 1
        if "noVBand" not in on and not (left or right):
            yield f"band{(column - ('firstColumn' in on)) % 2 + 1}Vert"
        if "noHBand" not in on and not (first or last):
            yield f"band{(number - ('firstRow' in on)) % 2 + 1}Horz"
        yield from (name for name, holds in _sides(first=first, last=last, left=left, right=right) if holds)


def implied_conditions(kind: str) -> tuple[str, ...]:
    """Return the conditions that apply wherever `kind` does, `kind` last: a corner is in a row and in a column.

    >>> implied_conditions("neCell"), implied_conditions("lastRow")
    (('lastCol', 'firstRow', 'neCell'), ('lastRow',))
    """
    return (*_CORNERS.get(kind, ()), kind)


def _sides(*, first: bool, last: bool, left: bool, right: bool) -> tuple[tuple[str, bool], ...]:
    return (
        ("firstCol", left),
        ("lastCol", right),
        ("firstRow", first),
        ("lastRow", last),
        ("nwCell", first and left),
        ("neCell", first and right),
        ("swCell", last and left),
        ("seCell", last and right),
    )


def _children_of(holder: etree._Element, wanted: frozenset[str]) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, whatever wraps them, but not those of nested tables."""
    for element in holder:
        name = LOCAL_NAME[element.tag]
        if name in wanted:
            yield element
        elif name not in {"tc", "tblPr", "tblGrid", "trPr"}:
            yield from _children_of(element, wanted)


def _look(table: etree._Element) -> frozenset[str]:
    """Return the switches of a table that are on."""
    settings = child(table, "tblPr")
    look = None if settings is None else child(settings, "tblLook")
    try:
        bits = int(attribute(look, "val"), 16) if look is not None else _DEFAULT_LOOK
    except ValueError:
        bits = _DEFAULT_LOOK
    on = {name for name, bit in _SWITCHES.items() if bits & bit}
    for name in _SWITCHES:
        if value := "" if look is None else attribute(look, name):
            (on.discard if is_off(value) else on.add)(name)
    return frozenset(on)
