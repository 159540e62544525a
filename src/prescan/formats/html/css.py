"""Parses style sheets: their rules, the effect of a rule on text, and simple selectors."""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.html.colours import colour_of
from prescan.formats.html.parts import is_telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prescan.formats.html.parts import Attributes

_FIRM: Final = re.compile(
    r"(?:^|;)(?:display:none|content-visibility:hidden|mso-hide:all"
    r"|opacity:0?(?:\.0+)?%?(?:[;!]|$)|filter:opacity\(0%?\)"
    r"|(?:text-indent|left|top|right|bottom|margin(?:-left|-top)?):-(?:(?:999|\d{4,})(?:px|pt)|\d{3,}r?em)"
    r"|transform:[^;]*(?:scale(?:3d|x|y)?\(0(?:\.0+)?[,)]|translate(?:3d|x|y)?\((?:0,)?-(?:999|\d{4,})px)"
    r"|clip:rect\((?:0|(?:1px,?){4}\))"
    r"|clip-path:(?:inset\((?:50|100)%|circle\(0|polygon\(0(?:px)?,?0(?:px)?[,)]))"
)
#: Transparent letters; with background-clip they are visible as a cut-out of the background.
_CLEAR: Final = re.compile(
    r"(?:^|;)(?:-webkit-text-fill-)?color:(?:transparent|#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)(?![0-9a-f])"
    r"|(?:rgb|hsl)a?\((?:(?:[^,)]*,){3}|[^/)]*/)0?(?:\.0+)?%?\))"
)
_NO_HEIGHT: Final = re.compile(r"(?:^|;)(?:max-)?(?:height|width):[01]?(?:px)?(?:[;!]|$)")
_SHOWING: Final = re.compile(
    r"(?:^|;)(?:display:(?!none)[a-z-]+|visibility:visible|opacity:(?:1|0?\.[1-9])\d*|(?:max-)?height:(?!0)\w+)"
)
_VISIBILITY: Final = re.compile(r"(?:^|;)visibility:(hidden|collapse|visible)")
_SIZE: Final = re.compile(r"(?:^|;)(?:font-size:|font:[a-z]*+(?=[\d.]+[a-z%]*/))([^;!/]+)")
_TINY: Final = re.compile(r"0(?:\.0+)?(?:px|pt|r?em|%)?|0?\.\d+(?:px|pt)|1(?:\.0+)?(?:px|pt)")
#: Sizes that do not depend on the surrounding element.
_OWN_SIZE: Final = re.compile(r"[\d.]+(?:px|pt|rem|pc|mm|cm|in|v[whmin]+)|(?:xx?-)?(?:small|large)|medium")
_COLOUR: Final = re.compile(r"(?:^|;)color:([^;!]+)")
_GROUND: Final = re.compile(r"(?:^|;)background(?:-color|-image)?:([^;!]+)")
_INSIDE: Final = re.compile(r"\(([^()]*)\)")
_SPACES: Final = re.compile(r"\s+")
_AROUND_SIGNS: Final = re.compile(r"\s*([,;:/!()])\s*")
_VARIABLE: Final = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_DEFINED: Final = re.compile(r"(?:^|[;{\s])(--[\w-]+)\s*:\s*([^;}]+)")
#: Rules for all screens count like rules for all media.
_ON_SCREEN: Final = re.compile(
    r"\s*@(?:media\s+(?:(?:only\s+)?(?:screen|all)|not\s+print|print\s*,\s*screen|screen\s*,\s*print)"
    r"|layer\b[^;]*|supports\s*\([^{}]*)\s*",
    re.IGNORECASE,
)
_SCREENS: Final = re.compile(
    r"\s*(?:(?:only\s+)?(?:screen|all)\b[^()]*|not\s+print|[^()]*,\s*screen\s*)?", re.IGNORECASE
)
_COMPOUND: Final = re.compile(r"(\*|[a-zA-Z][\w-]*)?((?:[.#][\w-]+)*)")
_NAMES: Final = re.compile(r"[.#][\w-]+")
_COMBINATOR: Final = re.compile(r"\s*(>)\s*|\s+")
_SELECTORS: Final = re.compile(r"(?:[^,()]++|\((?:[^()]++|\([^()]*+\))*+\)|[()])++")
_CONTENT: Final = re.compile(r"(?:^|[;\s])content\s*:\s*(?:\"([^\"\n]*)\"|'([^'\n]*)')", re.IGNORECASE)
_CSS_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")
_LONGEST: Final = 300
_LONGEST_KNOWN: Final = 1_000
_RESOLVED_TIMES: Final = 3


class Rule(NamedTuple):
    """A rule as written."""

    selectors: str
    declarations: str
    always: bool
    """It applies on every screen: it is not inside @media or the like."""


class Said(NamedTuple):
    """The effect of declarations on the text of an element; None and "" where they have none."""

    hides: bool = False
    """Nothing in the element is visible."""
    invisible: bool | None = None
    """Its text is (in)visible, unless an inner element overrides that."""
    tiny: bool | None = None
    """Its letters have (no) zero size; an inner element may override that."""
    colour: str = ""
    ground: str = ""
    shows: bool = False
    important: bool = False


class Compound(NamedTuple):
    """The part of a selector that describes one element."""

    tag: str
    names: frozenset[str]
    """Its id with "#" and its classes with "."."""

    def fits(self, tag: str, names: set[str]) -> bool:
        """Return whether an element matches."""
        return (not self.tag or self.tag == tag) and self.names <= names


class Selector(NamedTuple):
    """A simple selector: the element, and from right to left its required ancestors."""

    element: Compound
    within: tuple[tuple[bool, Compound], ...]
    text: str

    @property
    def key(self) -> str:
        """The name by which elements look up this rule."""
        return min(self.element.names, default=self.element.tag or "*")

    @property
    def weight(self) -> tuple[int, int, int]:
        """The specificity: the numbers of ids, classes and elements named."""
        compounds = (self.element, *(outer for _, outer in self.within))
        names = [name for compound in compounds for name in compound.names]
        ids = sum(name.startswith("#") for name in names)
        return ids, len(names) - ids, sum(bool(compound.tag) for compound in compounds)


NOTHING: Final = Said()


def compact(declarations: str) -> str:
    """Return declarations in lower case without insignificant white space; inside brackets it becomes a comma.

    >>> compact("COLOR: rgb(1 2 3 / 0.5) ; font: bold 0 / 1 a")
    'color:rgb(1,2,3/0.5);font:bold0/1a'
    """
    style = declarations.lower()
    if "(" in style:
        style = _INSIDE.sub(_with_commas, style)
    return "".join(style.split())


def _with_commas(found: re.Match[str]) -> str:
    return "(" + _SPACES.sub(",", _AROUND_SIGNS.sub(r"\1", found[1].strip())) + ")"


def said(declarations: str) -> Said:
    """Return the effect of declarations; the object NOTHING if they have none."""
    return _known(declarations) if len(declarations) <= _LONGEST_KNOWN else _said(declarations)


def _said(declarations: str) -> Said:
    style = compact(declarations)
    clear = _CLEAR.search(style) and "background-clip:text" not in style
    shut = "overflow:hidden" in style and _NO_HEIGHT.search(style)
    visible = _VISIBILITY.search(style)
    colour = ground = ""
    if "color:" in style or "background" in style:
        text, back = _COLOUR.search(style), _GROUND.search(style)
        colour, ground = colour_of(text[1]) if text else "", colour_of(back[1]) if back else ""
    told = Said(
        hides=bool(clear or shut or _FIRM.search(style)),
        invisible=visible[1] != "visible" if visible else None,
        tiny=_is_tiny(style) if "font" in style else None,
        colour=colour,
        ground=ground,
        shows=_SHOWING.search(style) is not None,
        important="!important" in style,
    )
    return NOTHING if told[:-1] == NOTHING[:-1] else told


#: Cached: the pages of a site and the paragraphs of an article share most of their styles.
_known: Final = functools.lru_cache(maxsize=2_048)(_said)


def _is_tiny(style: str) -> bool | None:
    """Return whether letters are too small to see; None if their size depends on the surrounding element."""
    sizes = _SIZE.findall(style)
    if not sizes:
        return None
    if _TINY.fullmatch(sizes[-1]):
        return True
    return False if _OWN_SIZE.fullmatch(sizes[-1]) else None


def rules(style: str, media: str = "") -> Iterator[Rule]:
    """Yield the rules of a style sheet; `media` is the attribute of its element."""
    first, *rest = style.split("/*")
    css = first + "".join(part.partition("*/")[2] for part in rest)
    here = _SCREENS.fullmatch(media) is not None
    opened: list[bool] = []
    for rule in css.split("}"):
        *selectors, declarations = rule.split("{")
        # A preceding statement (@import, @charset) is not part of the selector.
        selectors = [selector.rpartition(";")[2] for selector in selectors]
        opened += [_ON_SCREEN.fullmatch(selector) is not None for selector in selectors]
        if selectors:
            yield Rule(selectors[-1], declarations, here and all(opened[:-1]))
        opened = opened[:-1]


def split(selectors: str) -> list[str]:
    """Return the individual selectors of a list.

    >>> split("a, b:is(c, d) > e")
    ['a', 'b:is(c, d) > e']
    """
    if "(" not in selectors:
        return [selector.strip() for selector in selectors.split(",")]
    return [selector.strip() for selector in _SELECTORS.findall(selectors)]


def plain(selector: str) -> Selector | None:
    """Parse a selector made of elements, classes, ids and ancestors; None if it uses anything else."""
    return _plain(selector) if len(selector) <= _LONGEST else None


@functools.lru_cache(maxsize=2_048)
def _plain(selector: str) -> Selector | None:
    """Parse a selector. Cached: the pages of a site share most of theirs."""
    compounds: list[tuple[bool, Compound]] = []
    at, directly = 0, False
    while at < len(selector):
        found = _COMPOUND.match(selector, at)
        if not found or not found[0]:
            return None
        tag = (found[1] or "").lower().strip("*")
        compounds.append((directly, Compound(tag, frozenset(_NAMES.findall(found[2])))))
        between = _COMBINATOR.match(selector, found.end())
        if not between and found.end() < len(selector):
            return None
        at, directly = (between.end(), bool(between[1])) if between else (len(selector), False)
    if not compounds:
        return None
    # A combinator stands between two elements; it is stored with the inner one.
    steps = [(inner[0], outer[1]) for outer, inner in itertools.pairwise(compounds)]
    return Selector(compounds[-1][1], tuple(reversed(steps)), selector)


def variables(declarations: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values of the custom properties that declarations set."""
    for name, value in _DEFINED.findall(declarations):
        yield name, value.strip()


def resolved(declarations: str, known: Mapping[str, str]) -> str:
    """Return declarations with var() replaced by the values of custom properties."""
    for _ in range(_RESOLVED_TIMES):
        if "var(" not in declarations:
            break
        declarations = _VARIABLE.sub(lambda found: known.get(found[1], found[2] or ""), declarations)
    return declarations


def names_of(attributes: Attributes) -> set[str]:
    """Return the classes of an element with "." and its id with "#"."""
    names = {f".{name}" for name in (attributes.get("class") or "").split()}
    if identifier := attributes.get("id"):
        names.add(f"#{identifier}")
    return names


def content(declarations: str) -> str:
    """Return the text that declarations add, if it contains words."""
    found = _CONTENT.search(declarations) if "content" in declarations else None
    text = _CSS_ESCAPE.sub(_escaped, found[1] or found[2] or "") if found else ""
    return text if is_telling(text) else ""


def _escaped(found: re.Match[str]) -> str:
    if not found[1]:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
