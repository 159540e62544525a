"""Which attributes of an element must be examined, by its name and theirs, and the results of earlier examinations.

Most elements need no examination, and the pages of a site share their rules and most of their elements.
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

#: A cell with one of these cannot be read together with its row.
_SPANNING: Final = frozenset({"rowspan", "colspan", "alt"})
#: Results are kept for the next page for so many elements and so many sets of rules.
_MOST_ANSWERS: Final = 4_000
_MOST_SHARED: Final = 64
_COUNTED_EVERY: Final = 16
_SHARED: Final[dict[tuple[Rules, frozenset[str], frozenset[str], bool], Answers]] = {}


@dataclass(slots=True)
class Shape:
    """What must be examined in elements that have the same name and the same attribute names."""

    looks: Callable[[Attributes], object]
    """Returns the values of the attributes that may change how the element looks."""
    telling: tuple[str, ...]
    """The names of the attributes that may contain words."""
    leads: bool
    """Whether the only such attribute is a link address."""
    spans: bool
    """Whether a cell may span others, or has words in its attributes each time."""
    quiet: set[object]
    """Results of `looks` for which visible text stays as it is."""
    calm: bool
    """Whether that holds for all such elements: no attribute changes how they look."""
    tells: Callable[[Attributes], object]
    """Returns the values of the attributes that may contain words."""
    mute: set[object]
    """Results of `tells` that contain no words."""

    @classmethod
    def of(cls, tag: str, held: tuple[str, ...], looks: Sequence[str]) -> Shape:
        """Return the shape for an element name and attribute names; `looks` are those that may change its looks."""
        told = operator.itemgetter(*looks) if looks else len  # the same for all of them
        telling = telling_of(tag, held)
        tells = operator.itemgetter(*telling) if telling else len
        spans = not _SPANNING.isdisjoint(held)
        return cls(told, telling, telling == ("href",), spans, set(), calm=False, tells=tells, mute=set())

    def rest(self, looks: object) -> None:
        """Remember that elements with this result of `looks` leave visible text as it is."""
        self.quiet.add(looks)
        self.calm = self.looks is len


class About(NamedTuple):
    """The rules that may match elements with a given tag, classes and id, the most specific first."""

    hiding: list[Selector]
    veiling: list[Weighed]
    painting: list[Weighed]
    changes: bool
    """Whether any of them may hide or fade visible text."""


class Answers:
    """Results for elements. They are valid for every page with the same rules and the same colours."""

    def __init__(self) -> None:
        """Start without results."""
        self.shapes: dict[tuple[str, tuple[str, ...]], Shape] = {}
        self.silent: set[str] = set()
        """Names of elements that, without attributes, leave visible text as it is."""
        self.known: dict[tuple[str, str | None, str | None], About] = {}
        """The rules that may match elements with a given name, classes and id."""
        self._asked = 0

    def are_many(self) -> bool:
        """Return whether there are too many results to keep; they are counted only now and then."""
        self._asked += 1
        if self._asked % _COUNTED_EVERY:
            return False
        of_shapes = sum(len(shape.quiet) + len(shape.mute) for shape in self.shapes.values())
        return len(self.shapes) + len(self.known) + of_shapes > _MOST_ANSWERS


def shared_answers(rules: Rules, colours: frozenset[str], grounds: frozenset[str], *, grounds_known: bool) -> Answers:
    """Return the results of earlier pages with the same rules and the same colours so far."""
    key = rules, colours, grounds, grounds_known
    answers = _SHARED.get(key)
    if answers is None or answers.are_many():
        if len(_SHARED) >= _MOST_SHARED:
            _SHARED.clear()
        answers = _SHARED[key] = Answers()
    return answers
