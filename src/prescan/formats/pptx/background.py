"""The background of text on a slide: the colour of the slide, unless another shape may lie between."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.drawingml import paragraphs
from prescan.formats.drawn_colour import background_of, colour, is_painted
from prescan.formats.package import descendants
from prescan.formats.pptx.design import may_overlap, own_background, with_colour_override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.drawingml import Shape
    from prescan.formats.pptx.design import Design

_WHITE: Final = "FFFFFF"
#: Table styles without a fill; the fill of any other style is unknown.
_UNPAINTED_STYLES: Final = frozenset(
    {"", "{2D5ABB26-0587-4C30-8999-92F81FD0307C}", "{5940675A-B579-460E-94D1-54222C63F5DA}"}
)

_PATTERNS: Final = ("gradFill", "pattFill", "blipFill")

_Pieces = list[tuple[str, "Concealment | None"]]


class SlideBackground:
    """The background of one slide: its colour, and the shapes of its layout and its own."""

    def __init__(self, design: Design, root: etree._Element, drawn: Sequence[Shape]) -> None:
        """`root`: the tree of the slide; `drawn`: its shapes in order."""
        self.design = design
        self.theme = with_colour_override(design.theme, root)
        own = own_background(root, self.theme)
        self.colour = own if own is not None else _WHITE if design.background is None else design.background
        self.drawn = drawn

    def shape_text(self, order: int) -> ShapeText:
        """Return the text of the shape with this index in drawing order."""
        return ShapeText(self, order)

    def colour_below(self, order: int, fill: str) -> str:
        """Return `fill`, the colour behind a shape, or "" if another shape may lie between."""
        shape, earlier = self.drawn[order], self.drawn[:order]
        return (
            ""
            if any(may_overlap(shape, one) and is_painted(one.element) for one in (*self.design.shapes_below, *earlier))
            else fill
        )


class ShapeText:
    """The text of one shape of a slide, with its concealment."""

    def __init__(self, background: SlideBackground, order: int) -> None:
        """`order`: the index of the shape in drawing order."""
        self._background = background
        self._order = order
        self._element = background.drawn[order].element

    def own_paragraphs(self) -> list[_Pieces]:
        """Return the paragraphs of the shape as (text, concealment) pieces."""
        if next(descendants(self._element, "t"), None) is None:
            return []
        background, design = self._background, self._background.design
        fill_source, inherited_format = design.fill_source(self._element), design.inherited_format(self._element)
        behind = background_of(fill_source, background.theme, background.colour)
        found = list(paragraphs(self._element, background.theme, behind, inherited_format))
        if any(concealment for pieces in found for _, concealment in pieces):
            behind = background_of(
                fill_source, background.theme, background.colour_below(self._order, background.colour)
            )
            return list(paragraphs(self._element, background.theme, behind, inherited_format))
        return found

    @functools.cached_property
    def _colour_below_cells(self) -> str:
        """The colour behind the cells of a table that have no fill of their own."""
        style = next(descendants(self._element, "tableStyleId"), None)
        bare = style is None or (style.text or "").strip().upper() in _UNPAINTED_STYLES
        return self._background.colour_below(self._order, self._background.colour) if bare else ""

    def cell_paragraphs(self, cell: etree._Element) -> list[_Pieces]:
        """Return the paragraphs of a cell of the shape's table as (text, concealment) pieces."""
        settings, background = child(cell, "tcPr"), self._background
        fill = None if settings is None else child(settings, "solidFill")
        if fill is not None:
            behind = colour(fill, background.theme)
        else:
            patterned = settings is not None and any(child(settings, name) is not None for name in _PATTERNS)
            behind = "" if patterned else self._colour_below_cells
        return list(paragraphs(cell, background.theme, behind))
