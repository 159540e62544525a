"""Rule kind `address`: homes written down to road and number, village and group, or building and room.

Most are found by their numbers (`numbered`), the others by a label, a column or a list that says what they are.
`owner` decides whose address it is.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, Literal

import regex

from prescan.detect.address.columns import column_homes
from prescan.detect.address.listed import listed_homes
from prescan.detect.address.numbered import numbered_homes
from prescan.detect.address.office import NEVER_HOME, told_office
from prescan.detect.address.said import said_homes, said_rooms
from prescan.detect.address.told import told_homes
from prescan.types import Candidate, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence

#: A division at the beginning of a home, and a larger one in front of it: 朔原市 + 平城区魏都大道….
_DIVISION_FIRST = regex.compile(r"\p{Han}{1,5}?(?:[区县旗镇乡]|街道)(?!\p{Han}?[路街巷])")
_LARGER = regex.compile(
    r"(?r)(?:[^\p{Han}]|[住址地于在到从自回系是为籍])(?P<name>(?![本全我该各住址地于在到从自回系是为籍家居])\p{Han}{2,3}[省市州盟])"
)
_SURE_LARGER: Final = 6
_SHORTEST: Final = 3
#: What stands between a label and a home: 收件地址——城关镇….
_EDGES: Final = frozenset(" -—–－:：,，、\u3000")
_COUNTY = regex.compile(r".*?[县区旗](?!\p{Han}?[县区旗])|.*市")
_TOWN = regex.compile(r".*(?:街道|[镇乡]|苏木|[区县市旗])")


def find_addresses(reading: Reading, compiled: Compiled) -> Iterator[Candidate]:
    """Yield a candidate for each home address."""
    for rule in compiled.of_kind("address") if not reading.text.isascii() else ():
        cells = list(_homes(reading, itertools.chain(column_homes(reading), said_rooms(reading))))
        taken: list[Span] = []
        for home, said in numbered_homes(rule, reading):
            found = _with_city(reading, home)
            place = next((whole for whole in cells if _within(found, whole)), found)
            if not _overlaps(place, taken):
                taken.append(place)
                yield _made(rule, reading, place, said)
        for place in itertools.chain(
            cells, _homes(reading, itertools.chain(said_homes(reading), listed_homes(reading), told_homes(reading)))
        ):
            if not _overlaps(place, taken):
                taken.append(place)
                yield _made(rule, reading, place, ("likely", "写在住址一栏、住址后面或住户名单的行首"))


def _with_city(reading: Reading, found: Span) -> Span:
    """Return the span of a home that begins with a division, including a larger one in front that no table has."""
    if not _DIVISION_FIRST.match(reading.text, found.start, found.end):
        return found
    before = _LARGER.match(reading.text, max(0, found.start - _SURE_LARGER), found.start)
    return Span(before.start("name"), found.end) if before else found


def _within(found: Span, whole: Span) -> bool:
    return whole.start <= found.start and found.end <= whole.end


def _overlaps(place: Span, taken: list[Span]) -> bool:
    return any(place.start < other.end and other.start < place.end for other in taken)


def _homes(reading: Reading, places: Iterable[Span]) -> Iterator[Span]:
    """Yield those places, told by a label, column or list, that are no offices, as spans of the text."""
    for place in places:
        start, end = reading.squeeze.span(*place)
        if told_office(reading, place) or NEVER_HOME.search(reading.squeeze.text, *place):
            continue
        if end - start >= _SHORTEST:
            yield Span(start, end)


def _made(rule: Rule, reading: Reading, place: Span, said: tuple[Confidence, str]) -> Candidate:
    start, end = place
    while end - start > _SHORTEST and reading.text[start] in _EDGES:
        start += 1
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        confidence=said[0],
        evidence=(said[1],),
        masked=mask_address(reading.text[start:end]),
        level=rule.level,
    )


def mask_address(text: str, to: Literal["town", "county"] = "town") -> str:
    """Return an address masked below the town, or below the next larger division it has, or below the county.

    >>> mask_address("清河省临溪县青禾镇柳树村三组12号"), mask_address("清河省临溪县青禾镇柳树村三组12号", "county")
    ('清河省临溪县青禾镇***', '清河省临溪县***')
    """
    kept = (_TOWN if to == "town" else _COUNTY).match(text)
    return (kept[0] if kept and kept.end() < len(text) else text[:2]) + "***"
