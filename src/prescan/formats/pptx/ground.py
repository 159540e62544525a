"""On what the text of a slide stands: the colour of the slide, unless something else lies between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.drawingml import shapes
from prescan.formats.drawn_colour import USUAL, colour, ground_of, is_painted
from prescan.formats.marks import child
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from prescan.formats.drawingml import Shape
    from prescan.formats.office_parts import Parts

_WHITE: Final = "FFFFFF"
_MAPPED: Final = ("bg1", "tx1", "bg2", "tx2")


class Ground:
    """The ground of one slide: its colour, those of its theme, and what layout and master draw on it."""

    def __init__(self, parts: Parts, part: str, root: etree._Element) -> None:
        """`root`: the tree of the slide in `part`."""
        layouts = parts.related(part, "slideLayout")
        masters = [master for layout in layouts for master in parts.related(layout, "slideMaster")]
        trees = [tree for name in (*layouts, *masters) if (tree := parts.tree(name)) is not None]
        self.theme = _theme(parts, masters, trees)
        self._colour = next(
            (told for tree in (root, *trees) if (told := _background(tree, self.theme)) is not None), _WHITE
        )
        self._below = [shape for tree in trees for shape in shapes(tree) if not _is_placeholder(shape.element)]

    def under(self, shape: Shape, earlier: Iterable[Shape]) -> str:
        """Return the colour that text in a shape stands on; "" where another shape may lie between."""
        parted = any(_meet(shape, other) and is_painted(other.element) for other in (*self._below, *earlier))
        return ground_of(shape.element, self.theme, "" if parted else self._colour)


def _background(root: etree._Element, theme: dict[str, str]) -> str | None:
    """Return the colour a slide, layout or master gives its ground, "" for several, None if it says none."""
    said = next(descendants(root, "bg"), None)
    for told in () if said is None else said:
        if LOCAL_NAME[told.tag] == "bgRef":
            return colour(told, theme) if attribute(told, "idx") == "1001" else ""
        fill = child(told, "solidFill")
        return colour(fill, theme) if fill is not None else ""
    return None


def _theme(parts: Parts, masters: list[str], trees: list[etree._Element]) -> dict[str, str]:
    """Return the colours of the theme by the names that slides use."""
    found = dict(USUAL)
    for name in (theme for master in masters for theme in parts.related(master, "theme")):
        tree = parts.tree(name)
        for scheme in () if tree is None else descendants(tree, "clrScheme"):
            for told in scheme:
                found[LOCAL_NAME[told.tag]] = colour(told, {})
    for mapping in (held for tree in trees for held in descendants(tree, "clrMap")):
        found |= {name: found.get(attribute(mapping, name), "") for name in _MAPPED}
    return found


def _meet(shape: Shape, other: Shape) -> bool:
    """Tell whether two shapes may overlap; one whose place a placeholder decides may lie anywhere."""
    one, two = shape.box, other.box
    if one is None or two is None:
        return True
    beside = one.left >= two.left + two.width or two.left >= one.left + one.width
    return not beside and one.top < two.top + two.height and two.top < one.top + one.height


def _is_placeholder(shape: etree._Element) -> bool:
    return any(True for _ in descendants(shape, "ph"))
