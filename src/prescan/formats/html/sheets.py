"""The rules of a page's style sheets that hide text, colour it or add some."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from selectolax.lexbor import SelectolaxError

from prescan.formats.html import css
from prescan.formats.html.css import NOTHING, Said, Selector

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_PSEUDO: Final = re.compile(r":[\w-]+(?:\([^()]*\))?")
_ADDED: Final = re.compile(r"::?(before|after)$")
#: Selectors for temporary states, or for no element: they do not affect the page as it is first shown.
_MOMENTARY: Final = re.compile(
    r":(?:hover|focus|active|visited|target|checked|before|after|first-letter|first-line|selection|[\w-]*placeholder)"
)
#: Selectors whose custom properties apply to the whole page.
_EVERYWHERE: Final = frozenset({":root", "html", "body", "*"})
#: At most so many selectors are looked up by the parser, and so many elements may be found.
_MOST_LOOKED_UP: Final = 300
_MOST_FOUND: Final = 200_000
#: Rules are kept for the next page if the style elements have at most so many characters.
_SHARED_AT_MOST: Final = 1 << 16
#: The specificity assumed for selectors that are not simple.
_OTHER: Final = (0, 1, 0)

Weight = tuple[bool, tuple[int, int, int], int]
"""Importance, specificity and position of a rule: of two rules the one with the greater weight applies."""


class Weighed(NamedTuple):
    """The effect of a rule on the elements of its selector."""

    weight: Weight
    selector: Selector
    said: Said


class Rules:
    """The rules of style elements that hide text, colour it or add some. Immutable, since pages share them."""

    def __init__(self, sheets: tuple[tuple[str, str], ...]) -> None:
        """Parse style elements, given as (text, media attribute)."""
        self.variables: dict[str, str] = {}
        self.hiding: dict[str, list[Selector]] = defaultdict(list)
        self.veiling: dict[str, list[Weighed]] = defaultdict(list)
        self.painting: dict[str, list[Weighed]] = defaultdict(list)
        self.adding: list[tuple[Selector, bool, str]] = []
        self.others: list[tuple[str, Weight, Said]] = []
        self.shown: set[str] = set()
        self.revealed: set[str] = set()
        self.keys: set[str] = set()
        """The names by which elements look up rules that change what is visible."""
        self.grounds_known = True
        """Whether every background that the rules set is known."""
        rules = [rule for style, media in sheets for rule in css.rules(style, media)]
        self._define(rules)
        self._settle(rules)

    def _define(self, rules: list[css.Rule]) -> None:
        """Collect the custom properties."""
        for rule in rules:
            if rule.always and "--" in rule.declarations:
                everywhere = not _EVERYWHERE.isdisjoint(css.split(rule.selectors))
                for name, value in css.variables(rule.declarations):
                    if everywhere or name not in self.variables:
                        self.variables[name] = value

    def _settle(self, rules: list[css.Rule]) -> None:
        """Collect the effects of the rules on text."""
        known: dict[str, tuple[Said, str]] = {}
        done: set[tuple[str, str, bool]] = set()
        # Of identical rules the last one applies, so it is collected first.
        for order, rule in reversed(list(enumerate(rules))):
            if rule in done:
                continue
            done.add(rule)
            if rule.declarations not in known:
                declarations = css.resolved(rule.declarations, self.variables)
                known[rule.declarations] = css.said(declarations), css.content(declarations)
            told, content = known[rule.declarations]
            if told is NOTHING and not content:
                continue
            for selector in css.split(rule.selectors):
                self._paint(selector, told, order, always=rule.always)
                if rule.always:
                    self._take(selector, told, content, order)
        self._sift()

    def _sift(self) -> None:
        """Drop rules that are repeated or undone by others; collect the keys of the rest."""
        self.adding.reverse()
        for key, rules in list(self.hiding.items()):
            self.hiding[key] = list({one.text: one for one in rules if one.text not in self.shown}.values())
            if not self.hiding[key]:
                del self.hiding[key]
        for held in self.veiling.values():
            kept = (one for one in reversed(held) if not veils(one.said) or one.selector.text not in self.shown)
            held[:] = {(one.selector, one.said): one for one in kept}.values()
        self.keys = {*self.hiding, *self.painting, *(rule.key for rule, _, _ in self.adding)}
        self.keys |= {key for key, held in self.veiling.items() if any(veils(one.said) for one in held)}

    def _take(self, selector: str, told: Said, content: str, order: int) -> None:
        """Collect what a rule for all screens hides, shows or adds."""
        if content and (found := _ADDED.search(selector)) and (rule := css.plain(selector[: found.start()])):
            self.adding.append((rule, found[1] == "after", content))
            return
        hiding = told.hides or veils(told)
        rule = css.plain(selector)
        if rule and told.hides:
            self.hiding[rule.key].append(rule)
        elif rule and (told.invisible is not None or told.tiny is not None):
            self.veiling[rule.key].append(Weighed((told.important, rule.weight, order), rule, told))
        elif hiding and not _MOMENTARY.search(selector):
            self.others.append((selector, (told.important, _OTHER, order), told))
        if told.shows and not hiding:
            bare = _PSEUDO.sub("", selector)
            self.shown |= {bare, selector}
            if _MOMENTARY.search(selector):
                self.revealed.add(bare)

    def _paint(self, selector: str, told: Said, order: int, *, always: bool) -> None:
        """Collect the colours of a rule."""
        if not (told.colour or told.ground) or _MOMENTARY.search(selector):
            return
        rule = css.plain(selector) if always else None
        if rule:
            self.painting[rule.key].append(Weighed((told.important, rule.weight, order), rule, told))
        elif told.ground:
            self.grounds_known = False


_NO_RULES: Final = Rules(())


@functools.lru_cache(maxsize=16)
def _shared_rules(sheets: tuple[tuple[str, str], ...]) -> Rules:
    """Return the rules of style elements. Cached: the pages of a site share those of its templates."""
    return Rules(sheets)


class Sheets:
    """The rules that apply to one page."""

    def __init__(self) -> None:
        """Start without rules."""
        self._sheets: list[tuple[str, str]] = []
        self._rules = _NO_RULES
        self.adds = False
        """Whether any rule adds text."""
        self.found: dict[int, list[tuple[Weight, Said]]] = {}
        """Effects of rules with other selectors on elements, by mem_id."""
        self._hosts: set[int] = set()
        """Elements (mem_id) whose content is replaced by a shadow tree without a slot."""
        self.grounds_known = True
        """Whether every background in the page is known; else colours of rules prove nothing."""

    def __bool__(self) -> bool:
        """Whether any rule may change what is visible."""
        return bool(self._rules.keys or self.found or self._hosts)

    def add(self, style: str, media: str = "") -> None:
        """Add a style element; `media` is its attribute."""
        self._sheets.append((style, media))

    def settle(self, tree: LexborHTMLParser) -> None:
        """Prepare for the elements of a page once all its style elements were added."""
        self._hosts = _hosts_in(tree)
        self.found = {}
        if not self._sheets:
            return
        small = sum(len(style) for style, _ in self._sheets) <= _SHARED_AT_MOST
        self._rules = (_shared_rules if small else Rules)(tuple(self._sheets))
        self.adds = bool(self._rules.adding)
        self.grounds_known = self.grounds_known and self._rules.grounds_known
        self._look_up(tree)

    def _look_up(self, tree: LexborHTMLParser) -> None:
        """Let the parser find the elements of selectors that are not simple."""
        left = _MOST_FOUND
        for selector, weight, told in self._rules.others[:_MOST_LOOKED_UP]:
            if selector in self._rules.shown or _PSEUDO.sub("", selector) in self._rules.revealed or left < 0:
                continue
            try:
                nodes = tree.css(selector)
            except SelectolaxError:  # browsers ignore invalid selectors, too
                continue
            left -= len(nodes)
            for node in nodes:
                self.found.setdefault(node.mem_id, []).append((weight, told))


def _hosts_in(tree: LexborHTMLParser) -> set[int]:
    """Return the mem_id of each element that shows a shadow tree without a slot."""
    return {
        host.mem_id
        for template in tree.tags("template")
        if "shadowrootmode" in template.attributes and (host := template.parent) is not None
        if "<slot" not in (template.html or "").lower()
    }


def veils(told: Said) -> bool:
    """Return whether declarations make text invisible or set its size to zero."""
    return bool(told.invisible or told.tiny)


def visible_colours(painting: list[Weighed]) -> list[Weighed]:
    """Return the rules, the most specific first, without those whose colours never show."""
    seen: list[Weighed] = []
    coloured = grounded = False
    for rule in painting:
        _, selector, told = rule
        if (told.colour and not coloured) or (told.ground and not grounded):
            seen.append(rule)
        if not selector.within:
            coloured, grounded = coloured or bool(told.colour), grounded or bool(told.ground)
    return seen


def veiled(veils: int, weighed: list[tuple[Weight, Said]]) -> int:
    """Return the veils on an element in text with `veils`: the declaration with the greatest weight applies."""
    for veil, votes in (
        (1, [(weight, told.invisible) for weight, told in weighed if told.invisible is not None]),
        (2, [(weight, told.tiny) for weight, told in weighed if told.tiny is not None]),
    ):
        if votes:
            veils = veils | veil if max(votes)[1] else veils & ~veil
    return veils
