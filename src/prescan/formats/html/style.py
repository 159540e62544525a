"""What a page's styles do to its text: hide it, give it the colour of its ground, add words of their own.

Only plain selectors are followed (elements, classes, ids, one inside the other), and only rules for every medium.
What a rule for another state of the page shows again (a menu when it is pointed at) is not hidden.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.html.parts import is_telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from prescan.formats.html.parts import Attributes

_HIDING: Final = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|content-visibility:hidden"
    r"|font-size:(?:0(?:\.0+)?(?:px|pt|r?em|%)?|0?\.\d+(?:px|pt)|1(?:\.0+)?(?:px|pt))(?:[;!]|$)"
    r"|opacity:0?(?:\.0+)?%?(?:[;!]|$)|filter:opacity\(0%?\)"
    r"|color:(?:transparent|(?:rgb|hsl)a?\((?:(?:[^,)]*,){3}|[^/)]*/)0?(?:\.0+)?%?\))"
    r"|(?:text-indent|left|top|right|bottom|margin(?:-left|-top)?):-(?:999|\d{4,})(?:px|pt|r?em)"
    r"|transform:[^;]*(?:scale(?:3d|x|y)?\(0(?:\.0+)?[,)]|translate(?:3d|x|y)?\((?:0,)?-(?:999|\d{4,})px)"
    r"|clip:rect\(0|clip-path:(?:inset\((?:50|100)%|circle\(0|polygon\(0(?:px)?0(?:px)?[,)]))"
)
_NO_HEIGHT: Final = re.compile(r"(?:^|;)(?:max-)?(?:height|width):[01]?(?:px)?(?:[;!]|$)")
_SHOWING: Final = re.compile(
    r"(?:^|;)(?:display:(?!none)[a-z-]+|visibility:visible|opacity:(?:1|0?\.[1-9])\d*|(?:max-)?height:(?!0)\w+)"
)
#: Rules for every screen hold like those for every medium.
_ON_SCREEN: Final = re.compile(r"\s*@media\s+(?:only\s+)?(?:screen|all)\s*", re.IGNORECASE)
_CONTENT: Final = re.compile(r"(?:^|[;\s])content\s*:\s*(?:\"([^\"\n]*)\"|'([^'\n]*)')", re.IGNORECASE)
_CSS_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")
_COMPOUND: Final = re.compile(r"(\*|[a-zA-Z][\w-]*)?((?:[.#][\w-]+)*)")
_NAMES: Final = re.compile(r"[.#][\w-]+")
_COMBINATOR: Final = re.compile(r"\s*(>)\s*|\s+")
_PSEUDO: Final = re.compile(r":[\w-]+(?:\([^()]*\))?")
_ADDED: Final = re.compile(r"::?(before|after)$")
#: Ancestors looked at for rules of several steps; a page that needs more is built to cost time.
_MOST_STEPS: Final = 500_000
_LONGEST: Final = 300

#: Attributes by which an element itself may hide its text.
LOOKS: Final = frozenset({"style", "hidden", "color", "text", "bgcolor", "background", "display", "visibility"})
_COLOUR: Final = re.compile(r"(?:^|;)color:([^;!]+)")
_GROUND: Final = re.compile(r"(?:^|;)background(?:-color|-image)?:([^;!]+)")
#: Selectors for a moment only: what they paint is not the page as it is read.
_MOMENTARY: Final = re.compile(r":(?:hover|focus|active|visited|target|before|after|first-letter|selection)")
_HEX: Final = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})(?![0-9a-f])")
_RGB: Final = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})")
_COLOURS: Final = {
    "white": "ffffff",
    "black": "000000",
    "red": "ff0000",
    "green": "008000",
    "blue": "0000ff",
    "yellow": "ffff00",
    "gray": "808080",
    "grey": "808080",
    "silver": "c0c0c0",
    "navy": "000080",
}
_NAMED: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(_COLOURS)})(?![\w-])")
_WHITE: Final = "ffffff"
_UNKNOWN: Final = "?"


class _Compound(NamedTuple):
    """What one element must be."""

    tag: str
    names: frozenset[str]
    """Its id with # and its classes with a dot."""

    def fits(self, tag: str, names: set[str]) -> bool:
        return (not self.tag or self.tag == tag) and self.names <= names


class _Rule(NamedTuple):
    """A selector: what the element must be, and right to left what it must lie in, directly or not."""

    element: _Compound
    within: tuple[tuple[bool, _Compound], ...]


class Styles:
    """The rules of a page that hide text or add some."""

    def __init__(self) -> None:
        """Begin without rules."""
        self._hiding: dict[str, _Rule] = {}
        self._shown: set[str] = set()
        self._adding: list[tuple[_Rule, bool, str]] = []
        self._by_key: dict[str, list[_Rule]] = {}
        self._painting: dict[str, list[tuple[int, _Rule, str, str]]] = defaultdict(list)
        self._keys: set[str] = set()
        self._left = _MOST_STEPS
        self.grounds_known = True
        """Whether every ground the page may have is known; else no colour of a rule proves anything."""

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self._by_key or self._adding or self._painting)

    def concern(self, tag: str, attributes: Attributes) -> bool:
        """Tell quickly whether any rule may be about an element by itself; its parents may still hide it."""
        keys = self._keys
        return tag in keys or "*" in keys or (bool(attributes) and not keys.isdisjoint(_names(attributes)))

    def add(self, style: str) -> None:
        """Take in a style element."""
        for order, (selectors, declarations, always) in enumerate(_rules(style)):
            self._paint(order, selectors, declarations, always=always)
            if not always:
                continue
            hiding, content = hides(declarations), _content(declarations)
            showing = not hiding and _SHOWING.search("".join(declarations.lower().split()))
            for selector in map(str.strip, selectors.split(",")):
                if content and (found := _ADDED.search(selector)) and (rule := _rule(selector[: found.start()])):
                    self._adding.append((rule, found[1] == "after", content))
                elif hiding and selector not in self._hiding and (rule := _rule(selector)):
                    self._hiding[selector] = rule
                elif showing:
                    self._shown.add(_PSEUDO.sub("", selector))
        by_key: dict[str, list[_Rule]] = defaultdict(list)
        for selector, rule in self._hiding.items():
            if selector not in self._shown:
                by_key[_key(rule.element)].append(rule)
        self._by_key = dict(by_key)
        self._keys = {*by_key, *self._painting, *(_key(rule.element) for rule, _, _ in self._adding)}

    def _paint(self, order: int, selectors: str, declarations: str, *, always: bool) -> None:
        """Take in the colours of a rule."""
        colour, ground = _declared_colours(declarations)
        for selector in map(str.strip, selectors.split(",")) if colour or ground else ():
            if _MOMENTARY.search(selector):
                continue
            rule = _rule(selector) if always else None
            if rule:
                self._painting[_key(rule.element)].append((order, rule, colour, ground))
            elif ground:
                self.grounds_known = False

    def fades(self, node: LexborNode, tag: str, attributes: Attributes) -> bool | None:
        """Tell whether an element leaves its text in the colour of the ground; None if it sets neither of them.

        Without any ground the page is white.
        """
        colour, ground = self._colours(node, tag, attributes)
        if not colour and not ground:
            return None
        above = node.parent
        while not (colour and ground) and above is not None and above.is_element_node:
            further = self._colours(above, above.tag or "", above.attributes)
            colour, ground = colour or further[0], ground or further[1]
            above = above.parent
        return colour == (ground or _WHITE) != _UNKNOWN

    def _colours(self, node: LexborNode, tag: str, attributes: Attributes) -> tuple[str, str]:
        """Return the colour and ground of an element: its own before those of rules, of these the last one's."""
        colour, ground = _own_colours(attributes)
        if self._painting and self.grounds_known and not (colour and ground):
            names = _names(attributes)
            rules = [rule for key in ("*", tag, *names) for rule in self._painting.get(key, ())]
            for _, rule, its_colour, its_ground in sorted(rules, reverse=True) if rules else ():
                if self._fits(rule, node, tag, names):
                    colour, ground = colour or its_colour, ground or its_ground
        return colour, ground

    def hide(self, node: LexborNode, tag: str, attributes: Attributes) -> bool:
        """Tell whether a rule hides an element."""
        names = _names(attributes)
        rules = [rule for key in ("*", tag, *names) for rule in self._by_key.get(key, ())]
        return any(self._fits(rule, node, tag, names) for rule in rules)

    def words(self, node: LexborNode, tag: str, attributes: Attributes, *, after: bool) -> str:
        """Return what rules add before an element's text, or after it."""
        if not self._adding:
            return ""
        names = _names(attributes)
        return "".join(
            text for rule, behind, text in self._adding if behind is after and self._fits(rule, node, tag, names)
        )

    def _fits(self, rule: _Rule, node: LexborNode, tag: str, names: set[str]) -> bool:
        if not rule.element.fits(tag, names):
            return False
        above = node.parent
        for directly, wanted in rule.within:
            while above is not None and not wanted.fits(above.tag or "", _names(above.attributes)):
                self._left -= 1
                above = None if directly or self._left < 0 else above.parent
            if above is None:
                return False
            above = above.parent
        return True


def hides(declarations: str) -> bool:
    """Tell whether style declarations make their element invisible."""
    style = "".join(declarations.lower().split())
    if _HIDING.search(style):
        return True
    return "overflow:hidden" in style and _NO_HEIGHT.search(style) is not None


def is_hidden(attributes: Attributes) -> bool:
    """Tell whether an element's own attributes hide it."""
    style = attributes.get("style")
    drawn = attributes.get("display") == "none" or attributes.get("visibility") in {"hidden", "collapse"}
    return "hidden" in attributes or drawn or bool(style and hides(style))


def _own_colours(attributes: Attributes) -> tuple[str, str]:
    """Return colour and ground that an element itself sets: six digits, "?" if unknown, or nothing."""
    colour, ground = _declared_colours(attributes.get("style") or "")
    told = attributes.get("bgcolor") or ("url(" if attributes.get("background") else "")
    return colour or _hexadecimal(attributes.get("color") or attributes.get("text") or ""), ground or _hexadecimal(told)


def _declared_colours(declarations: str) -> tuple[str, str]:
    """Return colour and ground of style declarations."""
    if "color" not in declarations.lower() and "background" not in declarations.lower():
        return "", ""
    style = "".join(declarations.lower().split())
    text, back = _COLOUR.search(style), _GROUND.search(style)
    return _hexadecimal(text[1]) if text else "", _hexadecimal(back[1]) if back else ""


def _hexadecimal(colour: str) -> str:
    colour = colour.lower().strip()
    if not colour or colour in {"transparent", "none", "inherit", "initial"}:
        return ""
    if "url(" in colour or "gradient(" in colour:
        return _UNKNOWN
    if found := _HEX.search(colour):
        return found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    if found := _RGB.search(colour):
        return "".join(f"{min(int(part), 255):02x}" for part in found.groups())
    named = _NAMED.search(colour)
    return _COLOURS[named[0]] if named else _UNKNOWN


def _rules(style: str) -> Iterator[tuple[str, str, bool]]:
    """Yield selectors and declarations of each rule, and whether it holds always: it is not in @media and the like."""
    first, *rest = style.split("/*")
    css = first + "".join(part.partition("*/")[2] for part in rest)
    depth, media = 0, False
    for rule in css.split("}"):
        *selectors, declarations = rule.split("{")
        depth += len(selectors)
        media = media or (depth == 2 and len(selectors) == 2 and _ON_SCREEN.fullmatch(selectors[0]) is not None)
        if selectors:
            yield selectors[-1], declarations, depth == 1 or (depth == 2 and media)
        media = media and depth > 1
        depth = max(0, depth - 1)


def _rule(selector: str) -> _Rule | None:
    """Return the rule of a plain selector, or None."""
    compounds: list[tuple[bool, _Compound]] = []
    at, directly = 0, False
    while at < len(selector) <= _LONGEST:
        found = _COMPOUND.match(selector, at)
        if not found or not found[0]:
            return None
        tag = (found[1] or "").lower().strip("*")
        compounds.append((directly, _Compound(tag, frozenset(_NAMES.findall(found[2])))))
        between = _COMBINATOR.match(selector, found.end())
        if not between and found.end() < len(selector):
            return None
        at, directly = (between.end(), bool(between[1])) if between else (len(selector), False)
    if not compounds:
        return None
    # Whether an element must lie directly in another is written between them, and so kept with the inner one.
    steps = [(inner[0], outer[1]) for outer, inner in itertools.pairwise(compounds)]
    return _Rule(compounds[-1][1], tuple(reversed(steps)))


def _key(compound: _Compound) -> str:
    """Return the name under which an element looks for its rules."""
    return min(compound.names, default=compound.tag or "*")


def _names(attributes: Attributes) -> set[str]:
    names = {f".{name}" for name in (attributes.get("class") or "").split()}
    if identifier := attributes.get("id"):
        names.add(f"#{identifier}")
    return names


def _content(declarations: str) -> str:
    """Return the words that declarations add, if they are words."""
    found = _CONTENT.search(declarations) if "content" in declarations else None
    text = _CSS_ESCAPE.sub(_escaped, found[1] or found[2] or "") if found else ""
    return text if is_telling(text) else ""


def _escaped(found: re.Match[str]) -> str:
    if not found[1]:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
