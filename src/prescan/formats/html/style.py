"""What a page's styles do to its text: hide it, give it the colour of its ground, add words of their own.

Rules hold if they are for every screen. Plain selectors (elements, classes, ids, one inside the other) are followed as
the page is walked; what hides by any other (siblings, :not(), :nth-child(), attributes) the parser looks up.
What a rule for another state of the page shows again (a menu when it is pointed at) is not hidden.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from selectolax.lexbor import SelectolaxError

from prescan.formats.html import css
from prescan.formats.html.colours import WHITE, colour_of, look_alike
from prescan.formats.html.css import NOTHING, Said, Selector
from prescan.formats.html.table import BODY, FADED, HIDDEN, VEILS, veils_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from prescan.formats.html.parts import Attributes
    from prescan.formats.html.table import Kind

_PSEUDO: Final = re.compile(r":[\w-]+(?:\([^()]*\))?")
_ADDED: Final = re.compile(r"::?(before|after)$")
#: Selectors for a moment only, or for no element: what they do is not the page as it is read.
_MOMENTARY: Final = re.compile(
    r":(?:hover|focus|active|visited|target|checked|before|after|first-letter|first-line|selection|[\w-]*placeholder)"
)
#: Where custom properties hold for the whole page.
_EVERYWHERE: Final = frozenset({":root", "html", "body", "*"})
#: Ancestors looked at for rules of several steps; a page that needs more is built to cost time.
_MOST_STEPS: Final = 500_000
#: Selectors the parser looks up, and elements they may find.
_MOST_LOOKED_UP: Final = 300
_MOST_FOUND: Final = 200_000
#: Above so many colours of a page they are compared where they meet.
_MOST_COLOURS: Final = 300

#: Attributes by which an element itself may hide its text.
LOOKS: Final = frozenset({"style", "hidden", "color", "text", "bgcolor", "background", "display", "visibility"})
_DRAWN: Final = LOOKS - {"style"}

_Weight = tuple[bool, tuple[int, int, int], int]
_INLINE: Final = (1 << 30, 0, 0)
#: What a selector that is not plain counts for.
_OTHER: Final = (0, 1, 0)


class _Weighed(NamedTuple):
    """What a rule says, and how heavy it is: whether it is important, what its selector names, where it stands."""

    weight: _Weight
    selector: Selector
    said: Said


class _About(NamedTuple):
    """The rules that may be about elements of a tag, classes and an id, the heaviest first."""

    hiding: list[Selector]
    veiling: list[_Weighed]
    painting: list[_Weighed]
    is_any: bool
    """Whether any of them may change an element in text that is seen."""


_NONE: Final = _About([], [], [], is_any=False)


class Styles:
    """The rules of a page that hide text or add some."""

    def __init__(self) -> None:
        """Begin without rules."""
        self._rules: list[css.Rule] = []
        self._variables: dict[str, str] = {}
        self._left = _MOST_STEPS
        self._said: dict[str, Said] = {}
        self._quiet: dict[str, bool] = {}
        self._colours: set[str] = set()
        self._grounds = {WHITE}
        self._reset()
        self._found: dict[int, list[tuple[_Weight, Said]]] = {}
        """What rules of other selectors say of elements, by the parser's name for them."""
        self.grounds_known = True
        """Whether every ground the page may have is known; else no colour of a rule proves anything."""

    def _reset(self) -> None:
        self._hiding: dict[str, list[Selector]] = defaultdict(list)
        self._veiling: dict[str, list[_Weighed]] = defaultdict(list)
        self._painting: dict[str, list[_Weighed]] = defaultdict(list)
        self._adding: list[tuple[Selector, bool, str]] = []
        self._others: list[tuple[str, _Weight, Said]] = []
        self._shown: set[str] = set()
        self._revealed: set[str] = set()
        self._keys: set[str] = set()
        self._known: dict[tuple[str, str | None, str | None], _About] = {}

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self._keys or self._found)

    def add(self, style: str, media: str = "") -> None:
        """Take in a style element; `media` is what it says it is for."""
        for rule in css.rules(style, media):
            self._rules.append(rule)
            if rule.always and "--" in rule.declarations:
                everywhere = not _EVERYWHERE.isdisjoint(css.split(rule.selectors))
                for name, value in css.variables(rule.declarations):
                    if everywhere or name not in self._variables:
                        self._variables[name] = value

    def settle(self, tree: LexborHTMLParser) -> None:
        """Be ready to tell about the elements of a tree: all its style elements have been added."""
        if not self._rules:
            return
        self._reset()
        for order, rule in enumerate(self._rules):
            declarations = css.resolved(rule.declarations, self._variables)
            told, content = css.said(declarations), css.content(declarations)
            if told is NOTHING and not content:
                continue
            for selector in css.split(rule.selectors):
                self._paint(selector, told, order, always=rule.always)
                if rule.always:
                    self._take(selector, told, content, order)
        self._hiding = {
            key: kept
            for key, held in self._hiding.items()
            if (kept := [one for one in held if one.text not in self._shown])
        }
        for held in self._veiling.values():
            held[:] = [one for one in held if not _veils(one.said) or one.selector.text not in self._shown]
        self._keys = {*self._hiding, *self._painting, *(rule.key for rule, _, _ in self._adding)}
        self._keys |= {key for key, held in self._veiling.items() if any(_veils(one.said) for one in held)}
        self._found = self._look_up(tree)
        for painted in itertools.chain.from_iterable(self._painting.values()):
            self._meet(painted.said)

    def _take(self, selector: str, told: Said, content: str, order: int) -> None:
        """Take in what a rule for every screen hides, shows or adds."""
        if content and (found := _ADDED.search(selector)) and (rule := css.plain(selector[: found.start()])):
            self._adding.append((rule, found[1] == "after", content))
            return
        hiding = told.hides or _veils(told)
        rule = css.plain(selector)
        if rule and told.hides:
            self._hiding[rule.key].append(rule)
        elif rule and (told.invisible is not None or told.tiny is not None):
            self._veiling[rule.key].append(_Weighed((told.important, rule.weight, order), rule, told))
        elif hiding and not _MOMENTARY.search(selector):
            self._others.append((selector, (told.important, _OTHER, order), told))
        if told.shows and not hiding:
            bare = _PSEUDO.sub("", selector)
            self._shown |= {bare, selector}
            if _MOMENTARY.search(selector):
                self._revealed.add(bare)

    def _paint(self, selector: str, told: Said, order: int, *, always: bool) -> None:
        """Take in the colours of a rule."""
        if not (told.colour or told.ground) or _MOMENTARY.search(selector):
            return
        rule = css.plain(selector) if always else None
        if rule:
            self._painting[rule.key].append(_Weighed((told.important, rule.weight, order), rule, told))
        elif told.ground:
            self.grounds_known = False

    def _look_up(self, tree: LexborHTMLParser) -> dict[int, list[tuple[_Weight, Said]]]:
        """Have the parser find the elements of selectors that are not plain."""
        found: dict[int, list[tuple[_Weight, Said]]] = defaultdict(list)
        left = _MOST_FOUND
        for selector, weight, told in self._others[:_MOST_LOOKED_UP]:
            if selector in self._shown or _PSEUDO.sub("", selector) in self._revealed or left < 0:
                continue
            try:
                nodes = tree.css(selector)
            except SelectolaxError:  # browsers pass over what they cannot read, too
                continue
            left -= len(nodes)
            for node in nodes:
                found[node.mem_id].append((weight, told))
        return dict(found)

    def concern(self, node: LexborNode, tag: str, attributes: Attributes, kind: Kind) -> bool:
        """Tell quickly whether any rule may change an element in text of a kind, be it seen or wholly hidden."""
        if self._found and node.mem_id in self._found:
            return True
        if not self._keys:
            return False
        about = self._about(tag, attributes)
        return about.is_any and (kind is not HIDDEN or bool(self._adding))

    def kind(self, node: LexborNode, tag: str, attributes: Attributes, kind: Kind) -> Kind:
        """Return the kind of what is in an element in text of a kind: what is hidden stays so, the rest may change."""
        if kind is HIDDEN or "hidden" in attributes or attributes.get("display") == "none":
            return HIDDEN
        own = self._own(attributes)
        about = self._about(tag, attributes) if self._keys else _NONE
        found = self._found.get(node.mem_id, ()) if self._found else ()
        if own.hides or (found and any(told.hides for _, told in found)):
            return HIDDEN
        if about.hiding and any(self._stands(rule, node) for rule in about.hiding):
            return HIDDEN
        veils = 0 if kind is BODY else veils_of(kind)
        if about.veiling or found or own.invisible is not None or own.tiny is not None:
            weighed = [(one.weight, one.said) for one in about.veiling if self._stands(one.selector, node)]
            veils = _veiled(veils, [*weighed, *found, ((own.important, _INLINE, 0), own)])
        if veils:
            return VEILS[veils - 1]
        outer = BODY if kind is not BODY and veils_of(kind) else kind
        if not (about.painting or own.colour or own.ground):
            return outer
        faded = self._fades(node, own, about)
        return outer if faded is None else FADED if faded else BODY if outer is FADED else outer

    def words(self, node: LexborNode, tag: str, attributes: Attributes, *, after: bool) -> str:
        """Return what rules add before an element's text, or after it."""
        if not self._adding:
            return ""
        names = css.names_of(attributes)
        return "".join(
            text
            for rule, behind, text in self._adding
            if behind is after and rule.element.fits(tag, names) and self._stands(rule, node)
        )

    def _fades(self, node: LexborNode, own: Said, about: _About) -> bool | None:
        """Tell whether an element leaves its text in the colour of the ground; None if it sets neither of them.

        Without any ground the page is white.
        """
        colour, ground = self._painted(node, own, about)
        if not colour and not ground:
            return None
        above = node.parent
        while not (colour and ground) and above is not None and above.is_element_node:
            attributes = above.attributes
            about = self._about(above.tag or "", attributes) if self._keys else _NONE
            further = self._painted(above, self._own(attributes), about)
            colour, ground = colour or further[0], ground or further[1]
            above = above.parent
        return bool(colour) and look_alike(colour, ground or WHITE)

    def _painted(self, node: LexborNode, own: Said, about: _About) -> tuple[str, str]:
        """Return the colour and ground of an element: its own before those of rules, of these the heaviest one's."""
        colour, ground = own.colour, own.ground
        for _, selector, told in about.painting:
            if self._stands(selector, node):
                colour, ground = colour or told.colour, ground or told.ground
        return colour, ground

    def _meet(self, told: Said) -> None:
        """Take note of the colours of a rule or an element: only among those met can two be alike."""
        if (told.colour and told.colour not in self._colours) or (told.ground and told.ground not in self._grounds):
            self._colours |= {told.colour} - {""}
            self._grounds |= {told.ground} - {""}
            self._known.clear()
            self._quiet.clear()

    def _may_fade(self, told: Said) -> bool:
        """Tell whether a colour said is that of any ground met, or a ground said that of any colour."""
        if len(self._colours) + len(self._grounds) > _MOST_COLOURS:
            return bool(told.colour or told.ground)
        alike = (look_alike(told.colour, ground) for ground in self._grounds if told.colour)
        return any(alike) or any(look_alike(colour, told.ground) for colour in self._colours if told.ground)

    def _own(self, attributes: Attributes) -> Said:
        """Return what an element says of itself."""
        if LOOKS.isdisjoint(attributes):
            return NOTHING
        style = attributes.get("style") or ""
        told = self._said.get(style) or self._saying(style)
        if _DRAWN.isdisjoint(attributes):
            return told
        text = attributes.get("color") or attributes.get("text") or ""
        ground = attributes.get("bgcolor") or ("url(" if attributes.get("background") else "")
        unseen = attributes.get("visibility") in {"hidden", "collapse"}
        told = told._replace(
            invisible=True if unseen else told.invisible,
            colour=told.colour or colour_of(css.compact(text)),
            ground=told.ground or colour_of(css.compact(ground)),
        )
        self._meet(told)
        return told

    def _saying(self, style: str) -> Said:
        """Return what the style of an element says, and keep it: many elements have the same."""
        known = {**self._variables, **dict(css.variables(style))} if "var(" in style else {}
        told = self._said[style] = css.said(css.resolved(style, known))
        self._meet(told)
        return told

    def is_quiet(self, style: str) -> bool:
        """Tell whether the style of an element neither hides nor fades text that is seen."""
        quiet = self._quiet.get(style)
        if quiet is None:
            told = self._said.get(style) or self._saying(style)
            quiet = self._quiet[style] = not (told.hides or _veils(told) or self._may_fade(told))
        return quiet

    def _about(self, tag: str, attributes: Attributes) -> _About:
        """Return the rules that may be about such an element."""
        key = tag, attributes.get("class"), attributes.get("id")
        about = self._known.get(key)
        if about is None:
            names = css.names_of(attributes)
            keys = ("*", tag, *names)
            rules = [rule for name in keys for rule in self._hiding.get(name, ())]
            hiding = [rule for rule in rules if rule.element.fits(tag, names)]
            veiling = self._fitting(self._veiling, tag, names)
            painting = self._fitting(self._painting, tag, names) if self.grounds_known else []
            changes = any(_veils(rule.said) for rule in veiling) or any(self._may_fade(rule.said) for rule in painting)
            adds = any(rule.element.fits(tag, names) for rule, _, _ in self._adding)
            about = self._known[key] = _About(hiding, veiling, painting, is_any=bool(hiding) or changes or adds)
        return about

    @staticmethod
    def _fitting(rules: dict[str, list[_Weighed]], tag: str, names: set[str]) -> list[_Weighed]:
        """Return the rules about such an element, the heaviest first."""
        held = [rule for key in ("*", tag, *names) for rule in rules.get(key, ())]
        fitting = [rule for rule in held if rule.selector.element.fits(tag, names)]
        return sorted(fitting, key=lambda rule: rule.weight, reverse=True)

    def _stands(self, rule: Selector, node: LexborNode) -> bool:
        """Tell whether an element stands in what a selector wants around it."""
        above = node.parent
        for directly, wanted in rule.within:
            while above is not None and not wanted.fits(above.tag or "", css.names_of(above.attributes)):
                self._left -= 1
                above = None if directly or self._left < 0 else above.parent
            if above is None:
                return False
            above = above.parent
        return True


def _veils(told: Said) -> bool:
    return bool(told.invisible or told.tiny)


def _veiled(veils: int, weighed: list[tuple[_Weight, Said]]) -> int:
    """Return the veils on an element in text with `veils`: of what is said of it the heaviest holds."""
    for veil, votes in (
        (1, [(weight, told.invisible) for weight, told in weighed if told.invisible is not None]),
        (2, [(weight, told.tiny) for weight, told in weighed if told.tiny is not None]),
    ):
        if votes:
            veils = veils | veil if max(votes)[1] else veils & ~veil
    return veils
