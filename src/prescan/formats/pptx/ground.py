"""On what the text of a slide stands: the colour of the slide, unless something else lies between."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.drawingml import paragraphs
from prescan.formats.drawn_colour import background_of, colour, is_painted
from prescan.formats.package import descendants
from prescan.formats.pptx.design import background, mapped, meet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.drawingml import Shape
    from prescan.formats.pptx.design import Design

_WHITE: Final = "FFFFFF"
#: Tables of these styles are not painted; of others nobody knows what the style does.
_BARE: Final = frozenset({"", "{2D5ABB26-0587-4C30-8999-92F81FD0307C}", "{5940675A-B579-460E-94D1-54222C63F5DA}"})

_PATTERNS: Final = ("gradFill", "pattFill", "blipFill")

_Pieces = list[tuple[str, "Concealment | None"]]


class Ground:
    """The ground of one slide: its colour, and what its layout and itself draw on it."""

    def __init__(self, design: Design, root: etree._Element, drawn: Sequence[Shape]) -> None:
        """`root`: the tree of the slide; `drawn`: its shapes in order."""
        self.design = design
        self.theme = mapped(design.theme, root)
        told = background(root, self.theme)
        self.colour = told if told is not None else _WHITE if design.ground is None else design.ground
        self.drawn = drawn

    def at(self, order: int) -> Spot:
        """Return the spot of the shape that is drawn at a place in the order."""
        return Spot(self, order)

    def under(self, order: int, fill: str) -> str:
        """Return the colour below a shape, given what shows through it; "" where another shape may lie between."""
        shape, earlier = self.drawn[order], self.drawn[:order]
        return (
            "" if any(meet(shape, one) and is_painted(one.element) for one in (*self.design.below, *earlier)) else fill
        )


class Spot:
    """Where one shape of a slide stands: its text with what hides it."""

    def __init__(self, ground: Ground, order: int) -> None:
        """`order`: where in the order of drawing."""
        self._ground = ground
        self._order = order
        self._element = ground.drawn[order].element

    def written(self) -> list[_Pieces]:
        """Return the paragraphs of the shape, with what hides them."""
        if next(descendants(self._element, "t"), None) is None:
            return []
        ground, design = self._ground, self._ground.design
        painted, looks = design.painted(self._element), design.looks(self._element)
        behind = background_of(painted, ground.theme, ground.colour)
        found = list(paragraphs(self._element, ground.theme, behind, looks))
        if any(mark for pieces in found for _, mark in pieces):
            behind = background_of(painted, ground.theme, ground.under(self._order, ground.colour))
            return list(paragraphs(self._element, ground.theme, behind, looks))
        return found

    @functools.cached_property
    def _below_cells(self) -> str:
        """The colour below the cells of a table that are not painted."""
        style = next(descendants(self._element, "tableStyleId"), None)
        bare = style is None or (style.text or "").strip().upper() in _BARE
        return self._ground.under(self._order, self._ground.colour) if bare else ""

    def of_cell(self, cell: etree._Element) -> list[_Pieces]:
        """Return the paragraphs of a cell of the table that the shape holds, with what hides them."""
        settings, ground = child(cell, "tcPr"), self._ground
        fill = None if settings is None else child(settings, "solidFill")
        if fill is not None:
            behind = colour(fill, ground.theme)
        else:
            patterned = settings is not None and any(child(settings, name) is not None for name in _PATTERNS)
            behind = "" if patterned else self._below_cells
        return list(paragraphs(cell, ground.theme, behind))
