"""What slides inherit from their layout and master: theme colours, background, shapes, formatting of placeholders.

The format of a text comes from its run, then the list style of its shape, those of the placeholders it inherits from in
layout and master, and the master's text styles; for other shapes from the shape and the presentation (ECMA-376-1,
19.3.1.36, 21.1.2.4).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.drawingml import level_format, shapes
from prescan.formats.drawn_colour import DEFAULT_THEME, UNSPECIFIED, RunFormat, colour, scheme_colours, specifies_fill
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

    from prescan.formats.drawingml import Shape
    from prescan.formats.office_parts import Parts

_SLIDE_COLOURS: Final = ("bg1", "tx1", "bg2", "tx2")
_TITLES: Final = frozenset({"title", "ctrTitle"})
_MARGINS: Final = frozenset({"dt", "ftr", "sldNum", "hdr"})


class Design:
    """A layout with its master and theme, shared by all slides that use it."""

    def __init__(self, parts: Parts, layout: str | None, presentation: etree._Element | None) -> None:
        """`layout`: the part, None for a slide without one; `presentation`: the tree of the main part."""
        masters = parts.related(layout, "slideMaster") if layout else []
        layout_tree = parts.tree(layout) if layout else None
        master_trees = [tree for master in masters if (tree := parts.tree(master)) is not None]
        self.trees = [*([] if layout_tree is None else [layout_tree]), *master_trees]
        self.theme = _theme(parts, masters, self.trees)
        self.background = next(
            (fill_element for tree in self.trees if (fill_element := own_background(tree, self.theme)) is not None),
            None,
        )
        """The background colour of the slides, "" if unknown, None if not specified."""
        element = [list(shapes(tree)) for tree in self.trees]
        self.shapes_below = [shape for drawn in element for shape in drawn if placeholder_of(shape.element) is None]
        self._placeholders = [
            [
                (shape.element, attribute(ph, "type"), attribute(ph, "idx"))
                for shape in drawn
                if (ph := placeholder_of(shape.element)) is not None
            ]
            for drawn in element
        ]
        self._parents: dict[tuple[str, str], list[etree._Element]] = {}
        self._inherited_formats: dict[tuple[str, str | None, str], _InheritedFormats] = {}
        self._styles = next((styles for tree in master_trees if (styles := child(tree, "txStyles")) is not None), None)
        self._default_text_style = None if presentation is None else child(presentation, "defaultTextStyle")

    def parent_placeholders(self, shape: etree._Element) -> list[etree._Element]:
        """Return the placeholders that a placeholder inherits from, the layout's before the master's."""
        element = placeholder_of(shape)
        if element is None:
            return []
        key = attribute(element, "type"), attribute(element, "idx")
        if key not in self._parents:
            self._parents[key] = list(self._find_parents(*key))
        return self._parents[key]

    def _find_parents(self, kind: str, index: str) -> Iterator[etree._Element]:
        """Yield the placeholders of layout and master that one with this type and index inherits from."""
        for depth, drawn in enumerate(self._placeholders):
            same = [one for one, _, other in drawn if index and other == index and not depth]
            alike = [one for one, other, _ in drawn if _family(other) == _family(kind)]
            if chosen := same or alike:
                yield chosen[0]
                kind = kind or next(other for one, other, _ in drawn if one is chosen[0])

    def fill_source(self, shape: etree._Element) -> etree._Element:
        """Return the shape that specifies the fill of a shape: itself or a placeholder it inherits from."""
        return next((one for one in (shape, *self.parent_placeholders(shape)) if specifies_fill(one)), shape)

    def inherited_format(self, shape: etree._Element) -> Callable[[int], RunFormat]:
        """Return a function: list level, from 0 → the format that text of the shape inherits from outside its body."""
        element, style = placeholder_of(shape), child(shape, "style")
        reference = None if style is None else child(style, "fontRef")
        style_colour = "" if reference is None else colour(reference, self.theme)
        kind = "" if element is None else attribute(element, "type")
        key = kind, None if element is None else attribute(element, "idx"), style_colour
        if key not in self._inherited_formats:
            self._inherited_formats[key] = _InheritedFormats(self._list_styles(shape, kind), self.theme, style_colour)
        return self._inherited_formats[key].of

    def _list_styles(self, shape: etree._Element, kind: str) -> list[etree._Element | None]:
        """Return the list styles that apply to a shape, the nearest first."""
        parent_placeholders = self.parent_placeholders(shape)
        if placeholder_of(shape) is None:
            return [self._default_text_style]
        bodies = (child(model, "txBody") for model in parent_placeholders)
        lists: list[etree._Element | None] = [None if body is None else child(body, "lstStyle") for body in bodies]
        kinds = {
            kind,
            *(
                attribute(element, "type")
                for one in parent_placeholders
                if (element := placeholder_of(one)) is not None
            ),
        }
        name = "titleStyle" if kinds & _TITLES else "otherStyle" if kinds & _MARGINS else "bodyStyle"
        return [*lists, None if self._styles is None else child(self._styles, name)]


class _InheritedFormats:
    """The formats that the text of one kind of shape inherits, by list level."""

    def __init__(self, lists: list[etree._Element | None], theme: dict[str, str], style_colour: str) -> None:
        self._theme = theme
        self._list_styles = lists
        self._own = RunFormat(colour=style_colour) if style_colour else UNSPECIFIED
        self.of = functools.lru_cache(maxsize=16)(self._of)

    def _of(self, level: int) -> RunFormat:
        found = self._own
        for listed in self._list_styles:
            found = found.over(level_format(listed, level, self._theme))
        return found


def placeholder_of(shape: etree._Element) -> etree._Element | None:
    """Return the `ph` element of a placeholder, None if the shape is not one."""
    for holder in shape:
        if LOCAL_NAME[holder.tag].startswith("nv"):
            return next(descendants(holder, "ph"), None)
    return None


def own_background(root: etree._Element, theme: dict[str, str]) -> str | None:
    """Return the background colour that a slide, layout or master specifies, "" if unknown, None if it has none."""
    slide = child(root, "cSld")
    ph = None if slide is None else child(slide, "bg")
    for fill_element in () if ph is None else ph:
        if LOCAL_NAME[fill_element.tag] == "bgRef":
            return colour(fill_element, theme) if attribute(fill_element, "idx") == "1001" else ""
        fill = child(fill_element, "solidFill")
        return colour(fill, theme) if fill is not None else ""
    return None


def with_colour_override(theme: dict[str, str], root: etree._Element) -> dict[str, str]:
    """Return the colours of a theme with the colour mapping of a slide or layout applied, if it overrides it."""
    switch = child(root, "clrMapOvr")
    override = None if switch is None else child(switch, "overrideClrMapping")
    if override is None:
        return theme
    return theme | {name: theme.get(attribute(override, name), "") for name in _SLIDE_COLOURS}


def _theme(parts: Parts, masters: list[str], trees: list[etree._Element]) -> dict[str, str]:
    """Return the theme colours by the names that slides use."""
    found = dict(DEFAULT_THEME)
    for name in (theme for master in masters for theme in parts.related(master, "theme")):
        tree = parts.tree(name)
        for scheme in () if tree is None else descendants(tree, "clrScheme"):
            found |= scheme_colours(scheme)
    for mapping in (element for tree in trees for element in descendants(tree, "clrMap")):
        found |= {name: found.get(attribute(mapping, name), "") for name in _SLIDE_COLOURS}
    return with_colour_override(found, trees[0]) if trees else found


def _family(kind: str) -> str:
    """Return the type of placeholder whose format a type shares: subtitles count as body, centred titles as title."""
    return "title" if kind in _TITLES else kind if kind in _MARGINS else "body"


def may_overlap(shape: Shape, other: Shape) -> bool:
    """Return whether two shapes may overlap; one without a box of its own may be anywhere."""
    one, two = shape.box, other.box
    if one is None or two is None:
        return True
    beside = one.left >= two.left + two.width or two.left >= one.left + one.width
    return not beside and one.top < two.top + two.height and two.top < one.top + one.height
