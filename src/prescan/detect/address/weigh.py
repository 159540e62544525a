"""Decides whether a place below the level of a village is somebody's home, by weighing the signs for and against.

The weights were fitted to invented sentences (logistic regression, `python -m prescan.quality.addresses`) and rounded;
no single sign decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.detect.address.deep import deep_places
from prescan.detect.address.joints import in_line
from prescan.detect.address.office import NEVER_HOME, row_of_firm, told_office
from prescan.detect.address.parts import rest
from prescan.detect.address.said import room_behind
from prescan.detect.address.signs import Signs
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.detect.address.deep import Deep
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence

_THRESHOLD: Final = 2.4
_WEIGHTS: Final[Mapping[str, float]] = {
    "cue-home": 2.0,
    "particulars": 2.0,
    "kin": 1.8,
    "lives": 1.7,
    "lives-sure": 1.7,
    "label-home": 1.7,
    "papers": 1.5,
    "dwelling": 1.2,
    "role": 1.2,
    "table-of-people": 1.2,
    "person": 1.2,
    "has-hamlet": 0.9,
    "rows-of-people": 0.9,
    "gazetteer": 0.8,
    "person-lines": 0.7,
    "deepest-corner": 0.6,
    "sent": 0.6,
    "column-of-places": 0.6,
    "label": 0.6,
    "deepest-number": 0.6,
    "has-number": 0.6,
    "person-after": 0.5,
    "has-corner": 0.4,
    "goes": 0.4,
    "closed": 0.3,
    "house-after": 0.3,
    "firm-lines": -0.3,
    "has-estate": -0.4,
    "has-rest": -0.4,
    "unknown-town": -0.9,
    "label-not": -0.9,
    "place-only": -1.2,
    "office-after": -1.0,
    "deepest-estate": -1.0,
    "scenery": -1.1,
    "contact": -1.2,
    "cue-not": -1.2,
    "office-inside": -1.3,
    "works": -1.4,
    "admin": -1.5,
    "firm": -1.5,
    "table-of-things": -2.3,
}
#: Below this a place found by its number is no home; above that, text that fills its clause belongs to it.
_AGAINST: Final = _THRESHOLD - 1.5
_NEVER: Final = -10.0
#: With one of these words, an office beside the place is not the one that is there.
_LIVED_IN: Final = frozenset({"cue-home", "lives-sure", "house-after"})
_SURE: Final = _THRESHOLD + 1.0


class Home(NamedTuple):
    """A place in the squeeze view, and what shows that it is a home, if anything does."""

    place: Span
    said: tuple[Confidence, str] | None


def weighed(rule: Rule, reading: Reading, numbered: list[Home]) -> Iterator[Home]:
    """Yield the homes among places found by their numbers and places written part by part, with their full extent.

    A number that only looks like that of a dwelling is left out if the signs against it are strong.
    """
    text, index, signs = reading.squeeze.text, 0, Signs(rule, reading)
    for deep in deep_places(reading):
        while index < len(numbered) and numbered[index].place.end <= deep.start:
            yield numbered[index]
            index += 1
        over = []
        while index < len(numbered) and numbered[index].place.start < deep.end:
            over.append(numbered[index])
            index += 1
        said = min((home.said for home in over if home.said), default=None)  # "certain" before "likely"
        if said is None and NEVER_HOME.search(text, deep.start, deep.end + 4):
            continue
        weight = _weight(reading, deep, signs.of(deep))
        if said is None and weight > _THRESHOLD:
            said = ("likely", "周围文字像是在说谁家的住处")
        elif said is not None and said[0] != "certain" and weight < _AGAINST:
            said = None
        if said is None:
            continue
        end = deep.end
        if weight > _SURE or said[0] == "certain":
            end = rest(text, end, in_line(reading, end, deep.limit))
        starts = [home.place.start for home in over] + [deep.start] * (deep.named or not over)
        end = max([end, *(home.place.end for home in over)])
        yield Home(Span(min(starts), room_behind(reading, end)), said)
    yield from numbered[index:]


def _weight(reading: Reading, deep: Deep, found: list[str]) -> float:
    """Return the weight of the signs found for a place; _NEVER if it might be a home but is an office's."""
    weight = sum(_WEIGHTS.get(sign, 0.0) for sign in found)
    return _NEVER if weight >= _AGAINST and _is_office(reading, deep, found) else weight


def _is_office(reading: Reading, deep: Deep, found: list[str]) -> bool:
    """Return whether a place with these signs is an office's, whatever else is said."""
    if "office-after" in found and not {"has-number", "has-estate"}.intersection(found):
        return True  # 绥安镇金鹿路公安局
    if told_office(reading, Span(deep.start, deep.end)) and not _LIVED_IN.intersection(found):
        return True  # 到指挥部（…二楼）说明
    return row_of_firm(reading, reading.squeeze.span(deep.start, deep.end)[0])
