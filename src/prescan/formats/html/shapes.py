"""What is to be asked of an element, known by its name and the names of its attributes: most need be asked nothing."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.html.aside import telling_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prescan.formats.html.parts import Attributes

#: With these a cell is not taken in together with its row: it covers others, or says something each time.
_SPANNING: Final = frozenset({"rowspan", "colspan", "alt"})


class Shape(NamedTuple):
    """What is to be asked of elements of one name whose attributes have the same names."""

    looks: Callable[[Attributes], object]
    """Returns what tells of the attributes how the element looks."""
    telling: tuple[str, ...]
    """Names of those that may hold words."""
    spans: bool
    """Whether a cell may cover others, or must be asked what it says beside its text."""
    quiet: set[object]
    """What is told of elements that change nothing in text that is seen."""

    @classmethod
    def of(cls, names: tuple[str, ...], looks: Sequence[str]) -> Shape:
        """Return the shape of an element's name and those of its attributes, of which `looks` tell how it looks."""
        tag, *held = names
        told = operator.itemgetter(*looks) if looks else _alike
        return cls(told, telling_of(tag, held), not _SPANNING.isdisjoint(held), set())


def _alike(_attributes: Attributes) -> None:
    """Tell elements apart that have no attributes about how they look: there is nothing to tell."""
