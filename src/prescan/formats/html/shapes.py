"""What is to be asked of an element, by its name and the names of its attributes, and what was found out by asking.

Most elements need be asked nothing, and the pages of a site have the same rules and much the same elements.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.html.aside import telling_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prescan.formats.html.css import Selector
    from prescan.formats.html.parts import Attributes
    from prescan.formats.html.sheets import Rules, Weighed

#: With these a cell is not taken in together with its row: it covers others, or says something each time.
_SPANNING: Final = frozenset({"rowspan", "colspan", "alt"})
#: What was found out about so many elements, of so many sets of rules, is kept for the next page.
_MOST_ANSWERS: Final = 4_000
_MOST_SHARED: Final = 64
_COUNTED_EVERY: Final = 16
_SHARED: Final[dict[tuple[Rules, frozenset[str], frozenset[str], bool], Answers]] = {}


@dataclass(slots=True)
class Shape:
    """What is to be asked of elements of one name whose attributes have the same names."""

    looks: Callable[[Attributes], object]
    """Returns what tells of the attributes how the element looks."""
    telling: tuple[str, ...]
    """Names of those that may hold words."""
    leads: bool
    """Whether that is an address alone."""
    spans: bool
    """Whether a cell may cover others, or must be asked what it says beside its text."""
    quiet: set[object]
    """What is told of elements that change nothing in text that is seen."""
    calm: bool
    """Whether none of these elements changes anything: nothing of their attributes tells how they look."""
    tells: Callable[[Attributes], object]
    """Returns the values of those that may hold words."""
    mute: set[object]
    """Values that hold none."""

    @classmethod
    def of(cls, tag: str, held: tuple[str, ...], looks: Sequence[str]) -> Shape:
        """Return the shape of an element's name and those of its attributes, of which `looks` tell how it looks."""
        told = operator.itemgetter(*looks) if looks else len  # they have equally many attributes: all look alike
        telling = telling_of(tag, held)
        tells = operator.itemgetter(*telling) if telling else len
        spans = not _SPANNING.isdisjoint(held)
        return cls(told, telling, telling == ("href",), spans, set(), calm=False, tells=tells, mute=set())

    def rest(self, looks: object) -> None:
        """Take note that elements of which `looks` is told change nothing in text that is seen."""
        self.quiet.add(looks)
        self.calm = self.looks is len


class About(NamedTuple):
    """The rules that may be about elements of a tag, classes and an id, the heaviest first."""

    hiding: list[Selector]
    veiling: list[Weighed]
    painting: list[Weighed]
    changes: bool
    """Whether any of them may change an element in text that is seen."""


class Answers:
    """What was found out about elements; it holds for every page of the same rules that has met the same colours."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.shapes: dict[tuple[str, tuple[str, ...]], Shape] = {}
        self.silent: set[str] = set()
        """Elements without attributes of which nothing need be asked in text that is seen."""
        self.known: dict[tuple[str, str | None, str | None], About] = {}
        """The rules that may be about elements of a name, classes and an id."""
        self._asked = 0

    def are_many(self) -> bool:
        """Tell whether there are too many to be kept for the next page; they are counted now and then."""
        self._asked += 1
        if self._asked % _COUNTED_EVERY:
            return False
        of_shapes = sum(len(shape.quiet) + len(shape.mute) for shape in self.shapes.values())
        return len(self.shapes) + len(self.known) + of_shapes > _MOST_ANSWERS


def shared_answers(rules: Rules, colours: frozenset[str], grounds: frozenset[str], *, grounds_known: bool) -> Answers:
    """Return what earlier pages found out that have the same rules and met the same colours up to here."""
    key = rules, colours, grounds, grounds_known
    answers = _SHARED.get(key)
    if answers is None or answers.are_many():
        if len(_SHARED) >= _MOST_SHARED:
            _SHARED.clear()
        answers = _SHARED[key] = Answers()
    return answers
