"""Conditional formats that always apply: text hidden by them is hidden as by the style of the cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.xlsx.grid import parse_range

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
#: Conditions that are true for every cell with content.
_ALWAYS: Final = re.compile(
    rb"=?\s*(?:TRUE(?:\(\))?|[1-9]\d{0,3}|(\d+)=\1|NOT\(FALSE(?:\(\))?\)|LEN\((?:TRIM\()?[$A-Z0-9]{2,12}\)?\)&gt;0"
    rb"|NOT\(ISBLANK\([$A-Z0-9]{2,12}\)\)|[$A-Z0-9]{2,12}&lt;&gt;(?:\"\"|&quot;&quot;))\s*",
    re.IGNORECASE,
)


def always_concealed(content: bytes, concealments: Mapping[str, Concealment]) -> list[tuple[Range, Concealment]]:
    """Return the ranges of a sheet that are concealed by a condition that always applies, given the bytes of its part.

    `concealments`: the conditional formats that hide text, by index.
    """
    if not concealments:
        return []
    found: list[tuple[Range, Concealment]] = []
    for place, concealment in _concealed_places(content[max(0, content.rfind(b"sheetData")) :], concealments):
        if len(found) >= _RANGES_AT_MOST:
            break
        if (area := parse_range(place)) is not None:
            found.append((area, concealment))
    return found


def _concealed_places(content: bytes, concealments: Mapping[str, Concealment]) -> Iterator[tuple[str, Concealment]]:
    for condition in _FORMAT.finditer(content):
        for rule in _RULE.finditer(condition[2]):
            attributes = dict(_NAMED.findall(rule[1]))
            concealment = concealments.get(attributes.get(b"dxfId", b"").decode("ascii", "replace"))
            kind, formula = attributes.get(b"type", b""), rule[2] or b""
            holds = kind == b"notContainsBlanks" or (kind == b"expression" and _ALWAYS.fullmatch(formula) is not None)
            if concealment is not None and holds:
                yield from ((place, concealment) for place in condition[1].decode("ascii", "replace").split())
