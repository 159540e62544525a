"""The style sheets of a page: which of their rules hide text, colour it, or add some."""

from __future__ import annotations

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
#: What a selector that is not plain counts for.
_OTHER: Final = (0, 1, 0)

Weight = tuple[bool, tuple[int, int, int], int]
"""Whether a rule is important, what its selector names, where it stands: of two the heavier one holds."""


class Weighed(NamedTuple):
    """What a rule says of the elements of its selector."""

    weight: Weight
    selector: Selector
    said: Said


class Sheets:
    """The rules of a page that hide text or add some."""

    def __init__(self) -> None:
        """Begin without rules."""
        self._rules: list[css.Rule] = []
        self._variables: dict[str, str] = {}
        self.found: dict[int, list[tuple[Weight, Said]]] = {}
        """What rules of other selectors say of elements, by the parser's name for them."""
        self._hosts: set[int] = set()
        """Elements that show a shadow tree, which has no slot for it, in the place of what is in them."""
        self.grounds_known = True
        """Whether every ground the page may have is known; else no colour of a rule proves anything."""
        self._reset()

    def _reset(self) -> None:
        self._hiding: dict[str, list[Selector]] = defaultdict(list)
        self._veiling: dict[str, list[Weighed]] = defaultdict(list)
        self._painting: dict[str, list[Weighed]] = defaultdict(list)
        self._adding: list[tuple[Selector, bool, str]] = []
        self._others: list[tuple[str, Weight, Said]] = []
        self._shown: set[str] = set()
        self._revealed: set[str] = set()
        self._keys: set[str] = set()
        """Names under which elements may find rules that change what is seen."""

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self._keys or self.found or self._hosts)

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
        self._hosts = _hosts_in(tree)
        self.found = {}
        if not self._rules:
            return
        self._reset()
        known: dict[str, tuple[Said, str]] = {}
        done: set[tuple[str, str, bool]] = set()
        # Of rules that are the same the last one holds, so it is taken in first.
        for order, rule in reversed(list(enumerate(self._rules))):
            if rule in done:
                continue
            done.add(rule)
            if rule.declarations not in known:
                declarations = css.resolved(rule.declarations, self._variables)
                known[rule.declarations] = css.said(declarations), css.content(declarations)
            told, content = known[rule.declarations]
            if told is NOTHING and not content:
                continue
            for selector in css.split(rule.selectors):
                self._paint(selector, told, order, always=rule.always)
                if rule.always:
                    self._take(selector, told, content, order)
        self._sift()
        self._look_up(tree)

    def _sift(self) -> None:
        """Drop rules that are told twice or undone by others, and note the names of the rest."""
        self._adding.reverse()
        for key, rules in list(self._hiding.items()):
            self._hiding[key] = list({one.text: one for one in rules if one.text not in self._shown}.values())
            if not self._hiding[key]:
                del self._hiding[key]
        for held in self._veiling.values():
            kept = (one for one in reversed(held) if not veils(one.said) or one.selector.text not in self._shown)
            held[:] = {(one.selector, one.said): one for one in kept}.values()
        self._keys = {*self._hiding, *self._painting, *(rule.key for rule, _, _ in self._adding)}
        self._keys |= {key for key, held in self._veiling.items() if any(veils(one.said) for one in held)}

    def _take(self, selector: str, told: Said, content: str, order: int) -> None:
        """Take in what a rule for every screen hides, shows or adds."""
        if content and (found := _ADDED.search(selector)) and (rule := css.plain(selector[: found.start()])):
            self._adding.append((rule, found[1] == "after", content))
            return
        hiding = told.hides or veils(told)
        rule = css.plain(selector)
        if rule and told.hides:
            self._hiding[rule.key].append(rule)
        elif rule and (told.invisible is not None or told.tiny is not None):
            self._veiling[rule.key].append(Weighed((told.important, rule.weight, order), rule, told))
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
            self._painting[rule.key].append(Weighed((told.important, rule.weight, order), rule, told))
        elif told.ground:
            self.grounds_known = False

    def _look_up(self, tree: LexborHTMLParser) -> None:
        """Have the parser find the elements of selectors that are not plain."""
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
