"""Styles of OpenDocument (ISO/IEC 26300-1, 16 and 20): what hides text, sheets, slides and shapes."""

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
    """What the styles of a document say, by family and name, what they inherit included."""

    def __init__(self, trees: Iterable[etree._Element]) -> None:
        """Learn the styles of styles.xml and content.xml."""
        self._says: dict[tuple[str, str], dict[str, str]] = {}
        self._parents: dict[tuple[str, str], str] = {}
        self._formats: dict[tuple[str, str], str] = {}
        self._blank: set[str] = set()
        self.hidden_layers: set[str] = set()
        self.masters: dict[str, etree._Element] = {}
        for tree in trees:
            for item in tree.iter():
                self._learn(item)

    def _learn(self, item: etree._Element) -> None:
        name = LOCAL_NAME[item.tag]
        if name == "style":
            key = attribute(item, "family"), attribute(item, "name")
            self._parents[key] = attribute(item, "parent-style-name")
            self._formats[key] = attribute(item, "data-style-name")
            self._says[key] = {
                _role(LOCAL_NAME[held.tag], LOCAL_NAME[given]): str(value)
                for held in item
                for given, value in held.items()
                if LOCAL_NAME[given] in _KEPT
            }
        elif name in _DATA_STYLES:
            if not any(LOCAL_NAME[held.tag] != "text" or (held.text or "").strip() for held in item):
                self._blank.add(attribute(item, "name"))
        elif name == "layer" and attribute(item, "display") in {"none", "printer"}:
            self.hidden_layers.add(attribute(item, "name"))
        elif name == "master-page":
            self.masters[attribute(item, "name")] = item

    def says(self, family: str, name: str, what: str) -> str:
        """Return what a style says, or the first it is based on that says something; "" if none does."""
        for _ in range(_DEEPEST):
            if not name:
                break
            value = self._says.get((family, name), {}).get(what, "")
            if value:
                return value
            name = self._parents.get((family, name), "")
        return ""

    def is_off(self, family: str, name: str) -> bool:
        """Tell whether a sheet or a slide of this style is not shown."""
        return self.says(family, name, "display") == "false" or self.says(family, name, "visibility") == "hidden"

    def shows_nothing(self, cell: str) -> bool:
        """Tell whether the number format of a cell's style shows nothing."""
        for _ in range(_DEEPEST):
            if not cell:
                return False
            if told := self._formats.get(("table-cell", cell), ""):
                return told in self._blank
            cell = self._parents.get(("table-cell", cell), "")
        return False

    def veil(self, looks: Looks) -> Concealment | None:
        """Return the mark of text that its looks hide, or None."""
        ways = (
            (looks.vanished, _VANISHED),
            (looks.blank, _BLANK),
            (0 < looks.size <= _TINY_POINTS, TINY),
            (looks.clear, TRANSPARENT),
        )
        if mark := next((mark for hides, mark in ways if hides), None):
            return mark
        if not looks.colour or looks.ground is None or not is_similar(looks.colour, looks.ground or _WHITE):
            return None
        if is_dark(looks.colour):
            return BLACK_ON_BLACK
        return WHITE if is_similar(looks.colour, _WHITE) else SAME_AS_BACKGROUND

    def looks(self, above: Looks, family: str, name: str) -> Looks:
        """Return the looks of text inside something of a style, given the looks around it."""
        if not name:
            return above
        made = Looks(**{field: getattr(above, field) for field in Looks.__slots__})
        if display := self.says(family, name, "display"):
            made.vanished = display == "none"
        if size := self.says(family, name, "font-size"):
            made.size = length(size)
        if self.says(family, name, "use-window-font-color") == "true":
            made.colour = ""
        elif colour := self.says(family, name, "color"):
            made.colour = colour.removeprefix("#")
        if opacity := self.says(family, name, "opacity"):
            made.clear = opacity.rstrip("%") in {"0", "0.0"}
        ground = self.says(family, name, "background-color")
        if ground and ground != "transparent":
            made.ground = ground.removeprefix("#")
        if family == "table-cell":
            made.blank = self.shows_nothing(name)
        return made

    def fill(self, name: str) -> str | None:
        """Return the colour a shape of a style is filled with, "" for none, None for what is no one colour."""
        kind = self.says("graphic", name, "fill") or self.says("presentation", name, "fill")
        ground = self.says("graphic", name, "background-color")
        if ground and ground != "transparent" and not kind:
            return ground.removeprefix("#")
        if kind == "solid":
            colour = self.says("graphic", name, "fill-color") or self.says("presentation", name, "fill-color")
            faint = self.says("graphic", name, "graphic opacity").rstrip("%")
            return None if faint.isdecimal() and int(faint) < 60 else colour.removeprefix("#")
        return "" if kind in {"", "none"} else None

    def page_fill(self, name: str) -> str | None:
        """Return the colour of the ground of a slide's style, "" for none, None for what is no one colour."""
        kind = self.says("drawing-page", name, "fill")
        if kind == "solid":
            return self.says("drawing-page", name, "fill-color").removeprefix("#")
        return "" if kind in {"", "none"} else None


class Looks:
    """How a text looks, as far as that may hide it."""

    __slots__ = ("blank", "clear", "colour", "ground", "size", "vanished")

    def __init__(  # noqa: PLR0913  what may hide a text
        self,
        *,
        vanished: bool = False,
        blank: bool = False,
        clear: bool = False,
        colour: str = "",
        ground: str | None = "",
        size: float = 0,
    ) -> None:
        """`ground`: "" for the white of a page, None if nobody knows; `size` in points, 0 for a usual one."""
        self.vanished, self.blank, self.clear = vanished, blank, clear
        self.colour, self.ground, self.size = colour, ground, size


PLAIN: Final = Looks()


def length(text: str) -> float:
    """Return a length in points; 0 for what is none, such as a percentage."""
    number, unit = text[:-2], text[-2:]
    try:
        return float(number) * _UNITS[unit]
    except (ValueError, KeyError):
        return 0.0


def box_of(shape: etree._Element) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height of a shape in points, or None if it does not say both place and size."""
    told: Mapping[str, str] = {LOCAL_NAME[key]: str(value) for key, value in shape.items()}
    if not {"x", "y", "width"} <= set(told):
        return None
    height = told.get("height") or told.get("min-height", "")
    return length(told["x"]), length(told["y"]), length(told["width"]), length(height)


def _role(holder: str, name: str) -> str:
    """Keep apart what shapes and their texts say by one name."""
    return f"graphic {name}" if holder == "graphic-properties" and name == "opacity" else name
