"""The effect of styles on the text of a page: they hide it, give it the colour of its background, or add text.

Rules count if they apply to every screen. Simple selectors (elements, classes, ids, ancestors) are matched during the
walk; elements for other selectors (siblings, :not(), :nth-child(), attributes) are looked up by the parser. What a rule
for another state of the page makes visible again (a menu on hovering) does not count as hidden.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from prescan.formats.html import css
from prescan.formats.html.colours import WHITE, colour_of, look_alike
from prescan.formats.html.css import NOTHING, Said, Selector
from prescan.formats.html.shapes import About, Answers, Shape, shared_answers
from prescan.formats.html.sheets import Sheets, veiled, veils, visible_colours
from prescan.formats.html.table import BODY, FADED, HIDDEN, VEILS, veils_of
from prescan.formats.html.tags import FORM, NOT_SHOWN

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from prescan.formats.html.parts import Attributes
    from prescan.formats.html.sheets import Weighed, Weight
    from prescan.formats.html.table import Kind

#: So many ancestors are examined for rules with several steps; only hostile pages need more.
_MOST_STEPS: Final = 500_000
#: A page with more colours than this is not checked in advance: colours are compared where they are used.
_MOST_COLOURS: Final = 300

#: Results are shared between pages with up to so many colours and backgrounds.
_SHARED_COLOURS: Final = 16

#: Attributes by which an element may hide its own text.
LOOKS: Final = frozenset(
    {"style", "hidden", "popover", "color", "text", "bgcolor", "background", "display", "visibility"}
)
_DRAWN: Final = LOOKS - {"style"}

#: Attributes of elements that are hidden until a script or a button shows them.
_SHUT: Final = frozenset({"hidden", "popover"})
_INLINE: Final = (1 << 30, 0, 0)


#: Attributes by which rules match an element.
_NAMING: Final = frozenset({"class", "id"})


_NONE: Final = About([], [], [], changes=False)


class Styles(Sheets):
    """Decides which kind of text an element contains, by the rules of the page and the attributes of elements."""

    def __init__(self) -> None:
        """Start without rules."""
        super().__init__()
        self._left = _MOST_STEPS
        self._said: dict[str, Said] = {}
        self._take_up(Answers())
        self._colours: set[str] = set()
        self._grounds = {WHITE}
        self._outside: dict[int, Kind] = {}
        """The kind of text around each host of a shadow tree."""

    def settle(self, tree: LexborHTMLParser) -> None:
        """Prepare for the elements of a page once all its style elements were added."""
        super().settle(tree)
        for painted in itertools.chain.from_iterable(self._rules.painting.values()):
            self._note(painted.said)
        self._ask_anew()

    def go_back(self, found: dict[int, list[tuple[Weight, Said]]]) -> None:
        """Return to an earlier tree; `found` is the value it had for that tree."""
        self.found = found
        self._ask_anew()

    def shape_of(self, tag: str, attributes: Attributes) -> Shape:
        """Return the shape of an element with this name and these attribute names, and keep it in `shapes`."""
        names = tuple(attributes)
        shape = self.shapes.get((tag, names))
        if shape is None:
            looks = [name for name in names if name in LOOKS or (name in _NAMING and self._rules.keys)]
            shape = self.shapes[tag, names] = Shape.of(tag, names, looks)
        return shape

    def kind(self, node: LexborNode, tag: str, attributes: Attributes, kind: Kind) -> Kind:
        """Return the kind of text in an element that stands in text of `kind`: hidden text stays hidden."""
        if kind is BODY and self._is_quiet(node, tag, attributes):
            return BODY
        if tag == "template" and "shadowrootmode" in attributes:
            return self._outside.get(node.parent.mem_id, kind) if node.parent is not None else kind
        if not self._hosts and (kind is HIDDEN or self._says_nothing(tag, attributes)):
            return kind
        inside = self._kind(node, tag, attributes, kind)
        if self._hosts and node.mem_id in self._hosts:
            self._outside[node.mem_id] = inside
            return HIDDEN
        return inside

    def _is_quiet(self, node: LexborNode, tag: str, attributes: Attributes) -> bool:
        """Return whether an element in visible text neither hides nor fades it, whatever its ancestors are."""
        if node.mem_id in self.found or node.mem_id in self._hosts:
            return False
        shape = self.shape_of(tag, attributes)
        looks = shape.looks(attributes)
        if looks in shape.quiet:
            return True
        own = self._own(attributes)
        if tag in NOT_SHOWN or own.hides or veils(own) or self._may_fade(own):
            return False
        keys = self._rules.keys
        if keys and not keys.isdisjoint(("*", tag, *css.names_of(attributes))) and self._about(tag, attributes).changes:
            return False
        if not (self.found or self._hosts or self.adds or tag in FORM):
            # A new colour may have replaced the shapes meanwhile.
            self.shape_of(tag, attributes).rest(looks)
            if not attributes:
                self.silent.add(tag)
        return True

    def _says_nothing(self, tag: str, attributes: Attributes) -> bool:
        """Return whether there are no rules, and neither the element nor its attributes change how it looks."""
        return not self and tag not in NOT_SHOWN and LOOKS.isdisjoint(attributes)

    def _kind(self, node: LexborNode, tag: str, attributes: Attributes, kind: Kind) -> Kind:
        own = self._own(attributes)
        about = self._about(tag, attributes) if self._rules.keys else _NONE
        found = self.found.get(node.mem_id, []) if self.found else []
        if kind is HIDDEN or own.hides or (tag in NOT_SHOWN and "open" not in attributes):
            return HIDDEN
        if any(told.hides for _, told in found) or any(self._stands(rule, node) for rule in about.hiding):
            return HIDDEN
        over = 0 if kind is BODY else veils_of(kind)
        outer = BODY if over else kind
        if about.veiling or found or own.invisible is not None or own.tiny is not None:
            weighed = [(one.weight, one.said) for one in about.veiling if self._stands(one.selector, node)]
            over = veiled(over, [*weighed, *found, ((own.important, _INLINE, 0), own)])
        if over:
            return VEILS[over - 1]
        return self._faded(node, own, about, outer) if about.painting or own.colour or own.ground else outer

    def words(self, node: LexborNode, tag: str, attributes: Attributes, *, after: bool) -> str:
        """Return the text that rules add before the content of an element, or after it."""
        if not self._rules.adding:
            return ""
        names = css.names_of(attributes)
        return "".join(
            text
            for rule, behind, text in self._rules.adding
            if behind is after and rule.element.fits(tag, names) and self._stands(rule, node)
        )

    def _faded(self, node: LexborNode, own: Said, about: About, kind: Kind) -> Kind:
        """Return the kind of text in an element whose text may have the colour of its background (by default white)."""
        colour, ground = self._painted(node, own, about)
        if not colour and not ground:
            return kind
        above = node.parent
        while not (colour and ground) and above is not None and above.is_element_node:
            attributes = above.attributes
            about = self._about(above.tag or "", attributes) if self._rules.keys else _NONE
            further = self._painted(above, self._own(attributes), about)
            colour, ground = colour or further[0], ground or further[1]
            above = above.parent
        if colour and look_alike(colour, ground or WHITE):
            return FADED
        return BODY if kind is FADED else kind

    def _painted(self, node: LexborNode, own: Said, about: About) -> tuple[str, str]:
        """Return the colour and background of an element: its own, else those of the most specific rules."""
        colour, ground = own.colour, own.ground
        for _, selector, told in about.painting:
            if self._left < 0:
                break
            if self._stands(selector, node):
                colour, ground = colour or told.colour, ground or told.ground
        return colour, ground

    def _note(self, told: Said) -> bool:
        """Record the colours of a rule or an element; return whether any is new."""
        new = (told.colour and told.colour not in self._colours) or (told.ground and told.ground not in self._grounds)
        if new:
            self._colours |= {told.colour} - {""}
            self._grounds |= {told.ground} - {""}
        return bool(new)

    def _meet(self, told: Said) -> None:
        """Record colours; earlier results are not valid any more if one is new."""
        if self._note(told):
            self._ask_anew()

    def _ask_anew(self) -> None:
        """Use the results for these rules and colours, which an earlier page may have left."""
        if self.found or self._hosts or len(self._colours) + len(self._grounds) > _SHARED_COLOURS:
            self._take_up(Answers())
        else:
            colours, grounds = frozenset(self._colours), frozenset(self._grounds)
            self._take_up(shared_answers(self._rules, colours, grounds, grounds_known=self.grounds_known))

    def _take_up(self, answers: Answers) -> None:
        """Use these results from now on."""
        self.shapes = answers.shapes
        self.silent = answers.silent
        self._known = answers.known

    def _may_fade(self, told: Said) -> bool:
        """Return whether the colour looks like any background of the page, or the background like any colour."""
        if len(self._colours) + len(self._grounds) > _MOST_COLOURS:
            return bool(told.colour or told.ground)
        alike = (look_alike(told.colour, ground) for ground in self._grounds if told.colour)
        return any(alike) or any(look_alike(colour, told.ground) for colour in self._colours if told.ground)

    def _own(self, attributes: Attributes) -> Said:
        """Return the effect of the attributes of an element."""
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
            hides=told.hides or not _SHUT.isdisjoint(attributes) or attributes.get("display") == "none",
            invisible=True if unseen else told.invisible,
            colour=told.colour or colour_of(css.compact(text)),
            ground=told.ground or colour_of(css.compact(ground)),
        )
        self._meet(told)
        return told

    def _saying(self, style: str) -> Said:
        """Return the effect of a style attribute, and keep it: many elements have the same."""
        known = {**self._rules.variables, **dict(css.variables(style))} if "var(" in style else {}
        told = self._said[style] = css.said(css.resolved(style, known))
        self._meet(told)
        return told

    def _about(self, tag: str, attributes: Attributes) -> About:
        """Return the rules that may match an element with this name, classes and id."""
        key = tag, attributes.get("class"), attributes.get("id")
        about = self._known.get(key)
        if about is None:
            names = css.names_of(attributes)
            keys = ("*", tag, *names)
            rules = [rule for name in keys for rule in self._rules.hiding.get(name, ())]
            hiding = [rule for rule in rules if rule.element.fits(tag, names)]
            veiling = self._fitting(self._rules.veiling, tag, names)
            painting = visible_colours(self._fitting(self._rules.painting, tag, names)) if self.grounds_known else []
            changes = any(veils(rule.said) for rule in veiling) or any(self._may_fade(rule.said) for rule in painting)
            about = self._known[key] = About(hiding, veiling, painting, changes=bool(hiding) or changes)
        return about

    @staticmethod
    def _fitting(rules: dict[str, list[Weighed]], tag: str, names: set[str]) -> list[Weighed]:
        """Return the rules that match such an element, the most specific first."""
        held = [rule for key in ("*", tag, *names) for rule in rules.get(key, ())]
        fitting = [rule for rule in held if rule.selector.element.fits(tag, names)]
        return sorted(fitting, key=lambda rule: rule.weight, reverse=True)

    def _stands(self, rule: Selector, node: LexborNode) -> bool:
        """Return whether an element has the ancestors that a selector requires."""
        if not rule.within:
            return True
        self._left -= 1
        if self._left < 0:
            return False
        above = node.parent
        for directly, wanted in rule.within:
            while above is not None and not wanted.fits(above.tag or "", css.names_of(above.attributes)):
                self._left -= 1
                above = None if directly or self._left < 0 else above.parent
            if above is None:
                return False
            above = above.parent
        return True
