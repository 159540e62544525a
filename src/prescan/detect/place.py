"""Rule kind `place`: hidden and left-over parts of a file; each is one finding, whatever its content."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prescan.numbers.checks import compiled
from prescan.types import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Location

#: Kinds of places with blocks that are not adjacent: a hidden column has one in every row.
_SCATTERED: Final = frozenset({"hidden_row_column"})
_HIDDEN: Final = operator.attrgetter("hidden")


@dataclass(slots=True)
class _Place:
    kind: str
    note: str
    location: Location
    start: int
    end: int
    blocks: int = 1


def find_places(reading: Reading, patterns: Compiled) -> Iterator[Candidate]:
    """Yield a candidate for each hidden place; if its blocks are not adjacent, it spans the first and counts them."""
    rules = {kind: rule for rule in patterns.of_kind("place") for kind in rule.hidden}
    for place in _places(reading, frozenset(rules)):
        rule = rules[place.kind]
        note = place.note + (f"，共 {place.blocks} 格" if place.kind in _SCATTERED and place.blocks > 1 else "")
        yield Candidate(
            rule_id=rule.id,
            type=place.kind,
            start=place.start if place.end > place.start else None,
            end=place.end if place.end > place.start else None,
            confidence="certain",
            evidence=(note,) if note else (),
            level="note" if _is_slight(rule, reading, place) else rule.level,
            location=place.location,
        )


def _is_slight(rule: Rule, reading: Reading, place: _Place) -> bool:
    """Return whether a place contains only what programs write, such as labels of buttons or keys of a form."""
    if not rule.slight:
        return False
    return compiled(rule.slight).fullmatch(f"{place.note}：{reading.text[place.start : place.end]}") is not None


def _places(reading: Reading, kinds: frozenset[str]) -> list[_Place]:
    """Return the places in order; adjacent blocks of the same kind and note are one place."""
    if not any(map(_HIDDEN, reading.document.blocks)):
        return []
    places: list[_Place] = []
    scattered: dict[tuple[str, str, str], _Place] = {}
    last: _Place | None = None
    for block, start in zip(reading.document.blocks, reading.document.starts, strict=True):
        if block.hidden not in kinds or block.hidden is None:
            last = None
            continue
        table = f"{block.location.member}/{(block.location.cell or '').rpartition('!')[0]}"
        key = (block.hidden, block.note, table)
        if key in scattered:
            scattered[key].blocks += 1
        elif last and (last.kind, last.note) == key[:2]:
            last.end = start + len(block.text)
        else:
            last = _Place(block.hidden, block.note, block.location, start, start + len(block.text))
            places.append(last)
            if block.hidden in _SCATTERED:
                scattered[key] = last
                last = None
    return places
