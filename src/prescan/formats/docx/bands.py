"""Which conditions of a table's style hold for a cell: its first row, its last column, every second row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.docx.marks import is_off
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

#: The switches of a table's look with their bits (ECMA-376-1, 17.4.55).
_SWITCHES: Final = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
#: What is not told of a table counts as this: bands and the first row and column.
_USUAL: Final = 0x4A0
_CORNERS: Final = {
    "nwCell": ("firstCol", "firstRow"),
    "neCell": ("lastCol", "firstRow"),
    "swCell": ("firstCol", "lastRow"),
    "seCell": ("lastCol", "lastRow"),
}
_ROWS, _CELLS = frozenset({"tr"}), frozenset({"tc"})


class Places:
    """The rows of tables, each counted once: a style is asked for every cell."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._rows: dict[etree._Element, tuple[dict[etree._Element, int], frozenset[str]]] = {}
        self._row: etree._Element | None = None
        self._cells: dict[etree._Element, int] = {}
        """The cells of that row."""

    def of(self, cell: etree._Element, table: etree._Element) -> Iterator[str]:
        """Yield the conditions that hold for a cell of a table, the stronger later (ECMA-376-1, 17.7.6)."""
        if table not in self._rows:
            rows = {row: number for number, row in enumerate(_inside(table, _ROWS))}
            self._rows[table] = rows, _look(table)
        rows, on = self._rows[table]
        row = next((above for above in cell.iterancestors() if above in rows), None)
        if row is None:
            return
        if row is not self._row:
            self._row, self._cells = row, {held: place for place, held in enumerate(_inside(row, _CELLS))}
        number, cells = rows[row], self._cells
        column = cells.get(cell)
        if column is None:  # a cell where none belongs
            return
        first, last = "firstRow" in on and number == 0, "lastRow" in on and number == len(rows) - 1
        left, right = "firstColumn" in on and column == 0, "lastColumn" in on and column == len(cells) - 1
        if "noVBand" not in on and not (left or right):
            yield f"band{(column - ('firstColumn' in on)) % 2 + 1}Vert"
        if "noHBand" not in on and not (first or last):
            yield f"band{(number - ('firstRow' in on)) % 2 + 1}Horz"
        yield from (name for name, holds in _sides(first=first, last=last, left=left, right=right) if holds)


def beneath(kind: str) -> tuple[str, ...]:
    """Return a condition behind those that hold wherever it does: a corner stands in a row and in a column.

    >>> beneath("neCell"), beneath("lastRow")
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


def _inside(holder: etree._Element, wanted: frozenset[str]) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, whatever wraps them, not those of tables inside."""
    for element in holder:
        name = LOCAL_NAME[element.tag]
        if name in wanted:
            yield element
        elif name not in {"tc", "tblPr", "tblGrid", "trPr"}:
            yield from _inside(element, wanted)


def _look(table: etree._Element) -> frozenset[str]:
    """Return the switches of a table's look that are on."""
    settings = child(table, "tblPr")
    look = None if settings is None else child(settings, "tblLook")
    try:
        bits = int(attribute(look, "val"), 16) if look is not None else _USUAL
    except ValueError:
        bits = _USUAL
    on = {name for name, bit in _SWITCHES.items() if bits & bit}
    for name in _SWITCHES:
        if said := "" if look is None else attribute(look, name):
            (on.discard if is_off(said) else on.add)(name)
    return frozenset(on)
