"""Styles of OpenDocument (ISO/IEC 26300-1, 16 and 20), as far as they hide text, sheets, slides and shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.colour import BLACK_ON_BLACK, SAME_AS_BACKGROUND, TRANSPARENT, is_dark, is_similar
from prescan.formats.concealment import TINY, WHITE, Concealment
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml import etree

_VANISHED: Final = Concealment("hidden", "hidden_text", "隐藏文字")
_BLANK: Final = Concealment("hidden", "hidden_text", "数字格式设为不显示的内容")
_KEPT: Final = frozenset(
    "display font-size color background-color opacity visibility fill fill-color use-window-font-color".split()
)
_TINY_POINTS: Final = 1.5
_WHITE: Final = "FFFFFF"
_DEEPEST: Final = 20
_UNITS: Final = {"pt": 1.0, "cm": 28.346, "mm": 2.8346, "in": 72.0, "px": 0.75, "pc": 12.0}
_DATA_STYLES: Final = frozenset({"number-style", "text-style", "date-style", "currency-style", "percentage-style"})


class Styles:
    """The styles of a document by family and name, with inheritance."""

    def __init__(self, trees: Iterable[etree._Element]) -> None:
        """Collect the styles of styles.xml and content.xml."""
        self._says: dict[tuple[str, str], dict[str, str]] = {}
        self._parents: dict[tuple[str, str], str] = {}
        self._formats: dict[tuple[str, str], str] = {}
        self._blank: set[str] = set()
        self.hidden_layers: set[str] = set()
        self.masters: dict[str, etree._Element] = {}
        for tree in trees:
            for item in tree.iter():
                self._add_style(item)

    def _add_style(self, item: etree._Element) -> None:
        name = LOCAL_NAME[item.tag]
        if name == "style":
            key = attribute(item, "family"), attribute(item, "name")
            self._parents[key] = attribute(item, "parent-style-name")
            self._formats[key] = attribute(item, "data-style-name")
            self._says[key] = {
                _role(LOCAL_NAME[part.tag], LOCAL_NAME[given]): str(value)
                for part in item
                for given, value in part.items()
                if LOCAL_NAME[given] in _KEPT
            }
        elif name in _DATA_STYLES:
            if not any(LOCAL_NAME[part.tag] != "text" or (part.text or "").strip() for part in item):
                self._blank.add(attribute(item, "name"))
        elif name == "layer" and attribute(item, "display") in {"none", "printer"}:
            self.hidden_layers.add(attribute(item, "name"))
        elif name == "master-page":
            self.masters[attribute(item, "name")] = item

    def property_of(self, family: str, name: str, what: str) -> str:
        """Return a property of a style, inherited if need be; "" if it is not specified."""
        for _ in range(_DEEPEST):
            if not name:
                break
            value = self._says.get((family, name), {}).get(what, "")
            if value:
                return value
            name = self._parents.get((family, name), "")
        return ""

    def is_off(self, family: str, name: str) -> bool:
        """Return whether a sheet or a slide of this style is hidden."""
        return (
            self.property_of(family, name, "display") == "false"
            or self.property_of(family, name, "visibility") == "hidden"
        )

    def shows_nothing(self, cell: str) -> bool:
        """Return whether the number format of a cell style shows nothing."""
        for _ in range(_DEEPEST):
            if not cell:
                return False
            if code := self._formats.get(("table-cell", cell), ""):
                return code in self._blank
            cell = self._parents.get(("table-cell", cell), "")
        return False

    def concealment(self, text_format: TextFormat) -> Concealment | None:
        """Return why text of this format cannot be seen, None if it can."""
        ways = (
            (text_format.vanished, _VANISHED),
            (text_format.blank, _BLANK),
            (0 < text_format.size <= _TINY_POINTS, TINY),
            (text_format.transparent, TRANSPARENT),
        )
        if found := next((found for hides, found in ways if hides), None):
            return found
        if (
            not text_format.colour
            or text_format.background is None
            or not is_similar(text_format.colour, text_format.background or _WHITE)
        ):
            return None
        if is_dark(text_format.colour):
            return BLACK_ON_BLACK
        return WHITE if is_similar(text_format.colour, _WHITE) else SAME_AS_BACKGROUND

    def text_format(self, outer: TextFormat, family: str, name: str) -> TextFormat:
        """Return the format of text inside an element with a style, given the format around it."""
        if not name:
            return outer
        made = TextFormat(**{field: getattr(outer, field) for field in TextFormat.__slots__})
        if display := self.property_of(family, name, "display"):
            made.vanished = display == "none"
        if size := self.property_of(family, name, "font-size"):
            made.size = length(size)
        if self.property_of(family, name, "use-window-font-color") == "true":
            made.colour = ""
        elif colour := self.property_of(family, name, "color"):
            made.colour = colour.removeprefix("#")
        if opacity := self.property_of(family, name, "opacity"):
            made.transparent = opacity.rstrip("%") in {"0", "0.0"}
        background = self.property_of(family, name, "background-color")
        if background and background != "transparent":
            made.background = background.removeprefix("#")
        if family == "table-cell":
            made.blank = self.shows_nothing(name)
        return made

    def fill(self, name: str) -> str | None:
        """Return the fill colour of a shape style, "" for none, None if it is not one colour."""
        kind = self.property_of("graphic", name, "fill") or self.property_of("presentation", name, "fill")
        background = self.property_of("graphic", name, "background-color")
        if background and background != "transparent" and not kind:
            return background.removeprefix("#")
        if kind == "solid":
            colour = self.property_of("graphic", name, "fill-color") or self.property_of(
                "presentation", name, "fill-color"
            )
            faint = self.property_of("graphic", name, "graphic opacity").rstrip("%")
            return None if faint.isdecimal() and int(faint) < 60 else colour.removeprefix("#")
        return "" if kind in {"", "none"} else None

    def page_fill(self, name: str) -> str | None:
        """Return the background colour of a slide style, "" for none, None if it is not one colour."""
        kind = self.property_of("drawing-page", name, "fill")
        if kind == "solid":
            return self.property_of("drawing-page", name, "fill-color").removeprefix("#")
        return "" if kind in {"", "none"} else None


class TextFormat:
    """The format of a text, as far as it may hide it."""

    __slots__ = ("background", "blank", "colour", "size", "transparent", "vanished")

    def __init__(  # noqa: PLR0913  what may hide a text
        self,
        *,
        vanished: bool = False,
        blank: bool = False,
        transparent: bool = False,
        colour: str = "",
        background: str | None = "",
        size: float = 0,
    ) -> None:
        """`background`: "" for the white of a page, None if unknown; `size`: in points, 0 for a normal one."""
        self.vanished, self.blank, self.transparent = vanished, blank, transparent
        self.colour, self.background, self.size = colour, background, size


PLAIN: Final = TextFormat()


def length(text: str) -> float:
    """Return a length in points; 0 for anything else, such as a percentage."""
    number, unit = text[:-2], text[-2:]
    try:
        return float(number) * _UNITS[unit]
    except (ValueError, KeyError):
        return 0.0


def box_of(shape: etree._Element) -> tuple[float, float, float, float] | None:
    """Return left, top, width, height of a shape in points; None if it lacks position or size."""
    attributes: Mapping[str, str] = {LOCAL_NAME[key]: str(value) for key, value in shape.items()}
    if not {"x", "y", "width"} <= set(attributes):
        return None
    height = attributes.get("height") or attributes.get("min-height", "")
    return length(attributes["x"]), length(attributes["y"]), length(attributes["width"]), length(height)


def _role(holder: str, name: str) -> str:
    """Return a key for a property, as shapes and their texts use some of the same names."""
    return f"graphic {name}" if holder == "graphic-properties" and name == "opacity" else name
