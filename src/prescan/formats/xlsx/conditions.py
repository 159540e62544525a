"""Conditional formats that always hold: what they hide is hidden, as by the style of the cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.xlsx.grid import cell_range

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.formats.concealment import Concealment
    from prescan.formats.xlsx.grid import Range

_RANGES_AT_MOST: Final = 1_000
_FORMAT: Final = re.compile(
    rb"<(?:\w+:)?conditionalFormatting\s[^<>]*?sqref=\"([^\"<>]{1,4000})\"[^<>]*>(.{1,20000}?)"
    rb"</(?:\w+:)?conditionalFormatting>",
    re.DOTALL,
)
_RULE: Final = re.compile(
    rb"<(?:\w+:)?cfRule\s([^<>]*?)(?:/>|>\s*(?:<(?:\w+:)?formula>([^<>]{0,200})</(?:\w+:)?formula>)?)", re.DOTALL
)
_NAMED: Final = re.compile(rb'(\w+)="([^"]*)"')
#: Whatever holds for every cell that says something.
_ALWAYS: Final = re.compile(
    rb"=?\s*(?:TRUE(?:\(\))?|[1-9]\d{0,3}|(\d+)=\1|NOT\(FALSE(?:\(\))?\)|LEN\((?:TRIM\()?[$A-Z0-9]{2,12}\)?\)&gt;0"
    rb"|NOT\(ISBLANK\([$A-Z0-9]{2,12}\)\)|[$A-Z0-9]{2,12}&lt;&gt;(?:\"\"|&quot;&quot;))\s*",
    re.IGNORECASE,
)


def always(content: bytes, hiding: Mapping[str, Concealment]) -> list[tuple[Range, Concealment]]:
    """Return the ranges of a sheet whose text a condition hides that always holds, given the bytes of its part."""
    if not hiding:
        return []
    found: list[tuple[Range, Concealment]] = []
    for place, mark in _found(content[max(0, content.rfind(b"sheetData")) :], hiding):
        if len(found) >= _RANGES_AT_MOST:
            break
        if (area := cell_range(place)) is not None:
            found.append((area, mark))
    return found


def _found(content: bytes, hiding: Mapping[str, Concealment]) -> Iterator[tuple[str, Concealment]]:
    for held in _FORMAT.finditer(content):
        for rule in _RULE.finditer(held[2]):
            said = dict(_NAMED.findall(rule[1]))
            mark = hiding.get(said.get(b"dxfId", b"").decode("ascii", "replace"))
            kind, formula = said.get(b"type", b""), rule[2] or b""
            holds = kind == b"notContainsBlanks" or (kind == b"expression" and _ALWAYS.fullmatch(formula) is not None)
            if mark is not None and holds:
                yield from ((place, mark) for place in held[1].decode("ascii", "replace").split())
