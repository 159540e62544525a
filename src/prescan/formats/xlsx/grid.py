"""Places on a sheet: columns by letters, ranges of cells, and the ranges that a row meets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

LAST_COLUMN: Final = 16_384
LAST_ROW: Final = 1_048_576
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_RANGES_AT_MOST: Final = 100_000
"""More merged ranges on a sheet are ignored."""
#: Ranges that come after the cells in the file but are needed before them.
_AHEAD: Final = re.compile(
    rb"<(?:\w+:)?(mergeCell|autoFilter)\s[^<>]*?ref\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)[\"']"
)


class Range(NamedTuple):
    """A rectangle of cells, all four sides inclusive, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def contains(self, row: int, column: int) -> bool:
        """Return whether a cell is in the range."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def column_number(letters: str) -> int:
    """Return the number of a column, from 1; 0 if sheets have no such column.

    >>> column_number("A"), column_number("XFD"), column_number("XFE"), column_number("")
    (1, 16384, 0, 0)
    """
    number = 0
    if len(letters) <= 3:
        for letter in letters:
            if not "A" <= letter <= "Z":
                return 0
            number = number * 26 + ord(letter) - 64
    return number if number <= LAST_COLUMN else 0


def parse_cell(reference: str) -> tuple[int, int] | None:
    """Return row and column of a reference like "C5" or "$C$5"; None if sheets have no such cell."""
    match = _REFERENCE.fullmatch(reference)
    row, column = (int(match[2]), column_number(match[1].upper())) if match else (0, 0)
    return (row, column) if 1 <= row <= LAST_ROW and column else None


def parse_range(reference: str) -> Range | None:
    """Return the range of a reference like "A1:C5" or "A1"; None if it is invalid."""
    first, _, last = reference.partition(":")
    one, other = parse_cell(first), parse_cell(last or first)
    if one is None or other is None:
        return None
    return Range(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


def merged_and_filtered(content: bytes) -> tuple[list[Range], list[Range]]:
    """Return the merged and the filtered ranges of a sheet from its bytes, before its cells are read.

    In UTF-16 nothing is found: the cells are still read, but merged and filtered ones are not recognised.
    """
    found: dict[bytes, list[Range]] = {b"mergeCell": [], b"autoFilter": []}
    start = max(0, content.rfind(b"sheetData"))
    for count, match in enumerate(_AHEAD.finditer(content, start)):
        if count >= _RANGES_AT_MOST:
            break
        place = parse_range(match[2].decode("ascii"))
        if place is not None and (place.top, place.left) != (place.bottom, place.right):
            found[match[1]].append(place)
    return found[b"mergeCell"], found[b"autoFilter"]


class RangeSweep:
    """Finds the ranges that a row meets, for rows in ascending order."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        """`ranges`: in any order."""
        self._waiting = sorted(ranges, reverse=True)
        self._met: list[Range] = []

    def at(self, row: int) -> list[Range]:
        """Return the ranges that a row meets; going back to an earlier row may miss some."""
        if self._met:
            self._met = [range_ for range_ in self._met if range_.bottom >= row]
        while self._waiting and self._waiting[-1].top <= row:
            range_ = self._waiting.pop()
            if range_.bottom >= row:
                self._met.append(range_)
        return self._met


def consecutive_runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the runs of consecutive numbers as first and last.

    >>> consecutive_runs([3, 4, 5, 9])
    [(3, 5), (9, 9)]
    """
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(number, found[-1][1]))
        else:
            found.append((number, number))
    return found


def at_most(size: str | None, least: float) -> bool:
    """Return whether a size is given and at most `least`."""
    try:
        return size is not None and float(size) <= least
    except ValueError:
        return False
