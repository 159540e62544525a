"""The style sheets of a page: which of their rules hide text, colour it, or add some."""

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
#: Selectors for a moment only, or for no element: what they do is not the page as it is read.
_MOMENTARY: Final = re.compile(
    r":(?:hover|focus|active|visited|target|checked|before|after|first-letter|first-line|selection|[\w-]*placeholder)"
)
#: Where custom properties hold for the whole page.
_EVERYWHERE: Final = frozenset({":root", "html", "body", "*"})
#: Selectors the parser looks up, and elements they may find.
_MOST_LOOKED_UP: Final = 300
_MOST_FOUND: Final = 200_000
#: Characters of style elements up to which their rules are kept for the next page.
_SHARED_AT_MOST: Final = 1 << 16
#: What a selector that is not plain counts for.
_OTHER: Final = (0, 1, 0)

Weight = tuple[bool, tuple[int, int, int], int]
"""Whether a rule is important, what its selector names, where it stands: of two the heavier one holds."""


class Weighed(NamedTuple):
    """What a rule says of the elements of its selector."""

    weight: Weight
    selector: Selector
    said: Said


class Rules:
    """The rules of style elements that hide text, colour it or add some. Not to be changed: pages share them."""

    def __init__(self, sheets: tuple[tuple[str, str], ...]) -> None:
        """Take in style elements: text, and what they say they are for."""
        self.variables: dict[str, str] = {}
        self.hiding: dict[str, list[Selector]] = defaultdict(list)
        self.veiling: dict[str, list[Weighed]] = defaultdict(list)
        self.painting: dict[str, list[Weighed]] = defaultdict(list)
        self.adding: list[tuple[Selector, bool, str]] = []
        self.others: list[tuple[str, Weight, Said]] = []
        self.shown: set[str] = set()
        self.revealed: set[str] = set()
        self.keys: set[str] = set()
        """Names under which elements may find rules that change what is seen."""
        self.grounds_known = True
        """Whether every ground that the rules give is known."""
        rules = [rule for style, media in sheets for rule in css.rules(style, media)]
        self._define(rules)
        self._settle(rules)

    def _define(self, rules: list[css.Rule]) -> None:
        """Take in custom properties."""
        for rule in rules:
            if rule.always and "--" in rule.declarations:
                everywhere = not _EVERYWHERE.isdisjoint(css.split(rule.selectors))
                for name, value in css.variables(rule.declarations):
                    if everywhere or name not in self.variables:
                        self.variables[name] = value

    def _settle(self, rules: list[css.Rule]) -> None:
        """Take in what the rules do to text."""
        known: dict[str, tuple[Said, str]] = {}
        done: set[tuple[str, str, bool]] = set()
        # Of rules that are the same the last one holds, so it is taken in first.
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
        """Drop rules that are told twice or undone by others, and note the names of the rest."""
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
        """Take in what a rule for every screen hides, shows or adds."""
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
        """Take in the colours of a rule."""
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
    """Return the rules of style elements. The pages of a site have those of its templates."""
    return Rules(sheets)


class Sheets:
    """The rules of a page that hide text or add some."""

    def __init__(self) -> None:
        """Begin without rules."""
        self._sheets: list[tuple[str, str]] = []
        self._rules = _NO_RULES
        self.adds = False
        """Whether any rule adds words."""
        self.found: dict[int, list[tuple[Weight, Said]]] = {}
        """What rules of other selectors say of elements, by the parser's name for them."""
        self._hosts: set[int] = set()
        """Elements that show a shadow tree, which has no slot for it, in the place of what is in them."""
        self.grounds_known = True
        """Whether every ground the page may have is known; else no colour of a rule proves anything."""

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self._rules.keys or self.found or self._hosts)

    def add(self, style: str, media: str = "") -> None:
        """Take in a style element; `media` is what it says it is for."""
        self._sheets.append((style, media))

    def settle(self, tree: LexborHTMLParser) -> None:
        """Be ready to tell about the elements of a tree: all its style elements have been added."""
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
        """Have the parser find the elements of selectors that are not plain."""
        left = _MOST_FOUND
        for selector, weight, told in self._rules.others[:_MOST_LOOKED_UP]:
            if selector in self._rules.shown or _PSEUDO.sub("", selector) in self._rules.revealed or left < 0:
                continue
            try:
                nodes = tree.css(selector)
            except SelectolaxError:  # browsers pass over what they cannot read, too
                continue
            left -= len(nodes)
            for node in nodes:
                self.found.setdefault(node.mem_id, []).append((weight, told))


def _hosts_in(tree: LexborHTMLParser) -> set[int]:
    """Return the elements that show a shadow tree without a slot, by the parser's name for them."""
    return {
        host.mem_id
        for template in tree.tags("template")
        if "shadowrootmode" in template.attributes and (host := template.parent) is not None
        if "<slot" not in (template.html or "").lower()
    }


def veils(told: Said) -> bool:
    """Tell whether declarations make text invisible or give it no size."""
    return bool(told.invisible or told.tiny)
