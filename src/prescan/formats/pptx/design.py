"""What slides take from their layout: colours of the theme, the ground, shapes below, how text in placeholders looks.

Said nearest the text holds: its run, the list of its shape, those of the layout's and the master's placeholder, the
master's styles; for shapes of their own what the shape and the presentation say (ECMA-376-1, 19.3.1.36, 21.1.2.4).
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

_MAPPED: Final = ("bg1", "tx1", "bg2", "tx2")
_TITLES: Final = frozenset({"title", "ctrTitle"})
_MARGINS: Final = frozenset({"dt", "ftr", "sldNum", "hdr"})


class Design:
    """A layout with its master and theme, as it is for all slides that use it."""

    def __init__(self, parts: Parts, layout: str | None, presentation: etree._Element | None) -> None:
        """`layout`: the part, None for a slide without one; `presentation`: the tree of the main part."""
        masters = parts.related(layout, "slideMaster") if layout else []
        layout_tree = parts.tree(layout) if layout else None
        master_trees = [tree for master in masters if (tree := parts.tree(master)) is not None]
        self.trees = [*([] if layout_tree is None else [layout_tree]), *master_trees]
        self.theme = _theme(parts, masters, self.trees)
        self.ground = next((told for tree in self.trees if (told := background(tree, self.theme)) is not None), None)
        """The colour below the slides, "" for several, None if nothing is said."""
        held = [list(shapes(tree)) for tree in self.trees]
        self.below = [shape for drawn in held for shape in drawn if placeholder_of(shape.element) is None]
        self._placeholders = [
            [
                (shape.element, attribute(said, "type"), attribute(said, "idx"))
                for shape in drawn
                if (said := placeholder_of(shape.element)) is not None
            ]
            for drawn in held
        ]
        self._models: dict[tuple[str, str], list[etree._Element]] = {}
        self._looks: dict[tuple[str, str | None, str], _Looks] = {}
        self._styles = next((styles for tree in master_trees if (styles := child(tree, "txStyles")) is not None), None)
        self._usual = None if presentation is None else child(presentation, "defaultTextStyle")

    def models(self, shape: etree._Element) -> list[etree._Element]:
        """Return the placeholders that a placeholder takes after, the layout's before the master's."""
        held = placeholder_of(shape)
        if held is None:
            return []
        key = attribute(held, "type"), attribute(held, "idx")
        if key not in self._models:
            self._models[key] = list(self._taken_after(*key))
        return self._models[key]

    def _taken_after(self, kind: str, index: str) -> Iterator[etree._Element]:
        """Yield the placeholders of the layout and of the master that one of a kind takes after."""
        for depth, drawn in enumerate(self._placeholders):
            same = [one for one, _, other in drawn if index and other == index and not depth]
            alike = [one for one, other, _ in drawn if _kin(other) == _kin(kind)]
            if chosen := same or alike:
                yield chosen[0]
                kind = kind or next(other for one, other, _ in drawn if one is chosen[0])

    def painted(self, shape: etree._Element) -> etree._Element:
        """Return the shape whose fill is that of a shape: itself, or the placeholder it takes after."""
        return next((one for one in (shape, *self.models(shape)) if specifies_fill(one)), shape)

    def looks(self, shape: etree._Element) -> Callable[[int], RunFormat]:
        """Return what is said of the text of a shape outside its own text body; to be asked by the level, from 0."""
        held, style = placeholder_of(shape), child(shape, "style")
        reference = None if style is None else child(style, "fontRef")
        written = "" if reference is None else colour(reference, self.theme)
        kind = "" if held is None else attribute(held, "type")
        key = kind, None if held is None else attribute(held, "idx"), written
        if key not in self._looks:
            self._looks[key] = _Looks(self._lists(shape, kind), self.theme, written)
        return self._looks[key].of

    def _lists(self, shape: etree._Element, kind: str) -> list[etree._Element | None]:
        """Return the lists of styles that hold for a shape, the nearest first."""
        models = self.models(shape)
        if placeholder_of(shape) is None:
            return [self._usual]
        bodies = (child(model, "txBody") for model in models)
        lists: list[etree._Element | None] = [None if body is None else child(body, "lstStyle") for body in bodies]
        kinds = {kind, *(attribute(held, "type") for one in models if (held := placeholder_of(one)) is not None)}
        name = "titleStyle" if kinds & _TITLES else "otherStyle" if kinds & _MARGINS else "bodyStyle"
        return [*lists, None if self._styles is None else child(self._styles, name)]


class _Looks:
    """What is said of the text of shapes of one kind outside their own text bodies."""

    def __init__(self, lists: list[etree._Element | None], theme: dict[str, str], written: str) -> None:
        self._theme = theme
        self._lists = lists
        self._own = RunFormat(colour=written) if written else UNSPECIFIED
        self.of = functools.lru_cache(maxsize=16)(self._of)

    def _of(self, level: int) -> RunFormat:
        found = self._own
        for listed in self._lists:
            found = found.over(level_format(listed, level, self._theme))
        return found


def placeholder_of(shape: etree._Element) -> etree._Element | None:
    """Return what makes a shape a placeholder, or None."""
    for holder in shape:
        if LOCAL_NAME[holder.tag].startswith("nv"):
            return next(descendants(holder, "ph"), None)
    return None


def background(root: etree._Element, theme: dict[str, str]) -> str | None:
    """Return the colour a slide, layout or master gives its ground, "" for several, None if it says none."""
    slide = child(root, "cSld")
    said = None if slide is None else child(slide, "bg")
    for told in () if said is None else said:
        if LOCAL_NAME[told.tag] == "bgRef":
            return colour(told, theme) if attribute(told, "idx") == "1001" else ""
        fill = child(told, "solidFill")
        return colour(fill, theme) if fill is not None else ""
    return None


def mapped(theme: dict[str, str], root: etree._Element) -> dict[str, str]:
    """Return the colours of a theme as a slide or layout names them that has names of its own."""
    switch = child(root, "clrMapOvr")
    override = None if switch is None else child(switch, "overrideClrMapping")
    if override is None:
        return theme
    return theme | {name: theme.get(attribute(override, name), "") for name in _MAPPED}


def _theme(parts: Parts, masters: list[str], trees: list[etree._Element]) -> dict[str, str]:
    """Return the colours of the theme by the names that slides use."""
    found = dict(DEFAULT_THEME)
    for name in (theme for master in masters for theme in parts.related(master, "theme")):
        tree = parts.tree(name)
        for scheme in () if tree is None else descendants(tree, "clrScheme"):
            found |= scheme_colours(scheme)
    for mapping in (held for tree in trees for held in descendants(tree, "clrMap")):
        found |= {name: found.get(attribute(mapping, name), "") for name in _MAPPED}
    return mapped(found, trees[0]) if trees else found


def _kin(kind: str) -> str:
    """Return the kind of placeholder whose looks another shares: a subtitle is a body, a centred title a title."""
    return "title" if kind in _TITLES else kind if kind in _MARGINS else "body"


def meet(shape: Shape, other: Shape) -> bool:
    """Tell whether two shapes may overlap; one whose place a placeholder decides may lie anywhere."""
    one, two = shape.box, other.box
    if one is None or two is None:
        return True
    beside = one.left >= two.left + two.width or two.left >= one.left + one.width
    return not beside and one.top < two.top + two.height and two.top < one.top + one.height
