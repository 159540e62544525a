"""What a page's styles do to its text: hide it, give it the colour of its ground, add words of their own.

Rules hold if they are for every screen. Plain selectors (elements, classes, ids, one inside the other) are followed as
the page is walked; what hides by any other (siblings, :not(), :nth-child(), attributes) the parser looks up.
What a rule for another state of the page shows again (a menu when it is pointed at) is not hidden.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from prescan.formats.html import css
from prescan.formats.html.colours import WHITE, colour_of, look_alike
from prescan.formats.html.css import NOTHING, Said, Selector
from prescan.formats.html.shapes import About, Answers, Shape, shared_answers
from prescan.formats.html.sheets import Sheets, veils
from prescan.formats.html.table import BODY, FADED, HIDDEN, VEILS, veils_of
from prescan.formats.html.tags import FORM, NOT_SHOWN

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from prescan.formats.html.parts import Attributes
    from prescan.formats.html.sheets import Weighed, Weight
    from prescan.formats.html.table import Kind

#: Ancestors looked at for rules of several steps; a page that needs more is built to cost time.
_MOST_STEPS: Final = 500_000
#: Above so many colours of a page they are compared where they meet.
_MOST_COLOURS: Final = 300

#: So many colours and grounds a page may meet to share answers with others.
_SHARED_COLOURS: Final = 16

#: Attributes by which an element itself may hide its text.
LOOKS: Final = frozenset(
    {"style", "hidden", "popover", "color", "text", "bgcolor", "background", "display", "visibility"}
)
_DRAWN: Final = LOOKS - {"style"}

#: Attributes of elements that are not shown until a script or a button does.
_SHUT: Final = frozenset({"hidden", "popover"})
_INLINE: Final = (1 << 30, 0, 0)


#: Attributes by which rules find an element.
_NAMING: Final = frozenset({"class", "id"})


_NONE: Final = About([], [], [], changes=False)


class Styles(Sheets):
    """What the rules of a page and its elements say of an element."""

    def __init__(self) -> None:
        """Begin without rules."""
        super().__init__()
        self._left = _MOST_STEPS
        self._said: dict[str, Said] = {}
        self._take_up(Answers())
        self._colours: set[str] = set()
        self._grounds = {WHITE}
        self._outside: dict[int, Kind] = {}
        """The kind of text around the hosts of shadow trees."""

    def settle(self, tree: LexborHTMLParser) -> None:
        """Be ready to tell about the elements of a tree: all its style elements have been added."""
        super().settle(tree)
        for painted in itertools.chain.from_iterable(self._rules.painting.values()):
            self._note(painted.said)
        self._ask_anew()

    def go_back(self, found: dict[int, list[tuple[Weight, Said]]]) -> None:
        """Tell about the elements of an earlier tree again; `found` is what was known of them."""
        self.found = found
        self._ask_anew()

    def shape_of(self, tag: str, attributes: Attributes) -> Shape:
        """Return what is to be asked of elements of a name and attributes of these names, and keep it in `shapes`."""
        names = tuple(attributes)
        shape = self.shapes.get((tag, names))
        if shape is None:
            looks = [name for name in names if name in LOOKS or (name in _NAMING and self._rules.keys)]
            shape = self.shapes[tag, names] = Shape.of(tag, names, looks)
        return shape

    def kind(self, node: LexborNode, tag: str, attributes: Attributes, kind: Kind) -> Kind:
        """Return the kind of what is in an element in text of a kind: what is hidden stays so, the rest may change."""
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
        """Tell whether an element in text that is seen neither hides nor fades it, whatever it lies in."""
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
            # What was asked may have met a new colour, and what was known of such elements been forgotten.
            self.shape_of(tag, attributes).rest(looks)
            if not attributes:
                self.silent.add(tag)
        return True

    def _says_nothing(self, tag: str, attributes: Attributes) -> bool:
        """Tell whether there are no rules, and neither the element nor its attributes are about how it looks."""
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
            over = _veiled(over, [*weighed, *found, ((own.important, _INLINE, 0), own)])
        if over:
            return VEILS[over - 1]
        return self._faded(node, own, about, outer) if about.painting or own.colour or own.ground else outer

    def words(self, node: LexborNode, tag: str, attributes: Attributes, *, after: bool) -> str:
        """Return what rules add before an element's text, or after it."""
        if not self._rules.adding:
            return ""
        names = css.names_of(attributes)
        return "".join(
            text
            for rule, behind, text in self._rules.adding
            if behind is after and rule.element.fits(tag, names) and self._stands(rule, node)
        )

    def _faded(self, node: LexborNode, own: Said, about: About, kind: Kind) -> Kind:
        """Return the kind of what is in an element that may leave its text in the colour of the ground.

        Without any ground the page is white.
        """
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
        """Return the colour and ground of an element: its own before those of rules, of these the heaviest one's."""
        colour, ground = own.colour, own.ground
        for _, selector, told in about.painting:
            if self._left < 0:
                break
            if self._stands(selector, node):
                colour, ground = colour or told.colour, ground or told.ground
        return colour, ground

    def _note(self, told: Said) -> bool:
        """Take note of the colours of a rule or an element; tell whether any is new."""
        new = (told.colour and told.colour not in self._colours) or (told.ground and told.ground not in self._grounds)
        if new:
            self._colours |= {told.colour} - {""}
            self._grounds |= {told.ground} - {""}
        return bool(new)

    def _meet(self, told: Said) -> None:
        """Take note of colours: only among those met can two be alike."""
        if self._note(told):
            self._ask_anew()

    def _ask_anew(self) -> None:
        """Ask about every element again, unless a page of the same rules and colours has asked."""
        if self.found or self._hosts or len(self._colours) + len(self._grounds) > _SHARED_COLOURS:
            self._take_up(Answers())
        else:
            colours, grounds = frozenset(self._colours), frozenset(self._grounds)
            self._take_up(shared_answers(self._rules, colours, grounds, grounds_known=self.grounds_known))

    def _take_up(self, answers: Answers) -> None:
        """Go on with what is known of elements."""
        self.shapes = answers.shapes
        self.silent = answers.silent
        self._known = answers.known

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
            hides=told.hides or not _SHUT.isdisjoint(attributes) or attributes.get("display") == "none",
            invisible=True if unseen else told.invisible,
            colour=told.colour or colour_of(css.compact(text)),
            ground=told.ground or colour_of(css.compact(ground)),
        )
        self._meet(told)
        return told

    def _saying(self, style: str) -> Said:
        """Return what the style of an element says, and keep it: many elements have the same."""
        known = {**self._rules.variables, **dict(css.variables(style))} if "var(" in style else {}
        told = self._said[style] = css.said(css.resolved(style, known))
        self._meet(told)
        return told

    def _about(self, tag: str, attributes: Attributes) -> About:
        """Return the rules that may be about such an element."""
        key = tag, attributes.get("class"), attributes.get("id")
        about = self._known.get(key)
        if about is None:
            names = css.names_of(attributes)
            keys = ("*", tag, *names)
            rules = [rule for name in keys for rule in self._rules.hiding.get(name, ())]
            hiding = [rule for rule in rules if rule.element.fits(tag, names)]
            veiling = self._fitting(self._rules.veiling, tag, names)
            painting = _seen(self._fitting(self._rules.painting, tag, names)) if self.grounds_known else []
            changes = any(veils(rule.said) for rule in veiling) or any(self._may_fade(rule.said) for rule in painting)
            about = self._known[key] = About(hiding, veiling, painting, changes=bool(hiding) or changes)
        return about

    @staticmethod
    def _fitting(rules: dict[str, list[Weighed]], tag: str, names: set[str]) -> list[Weighed]:
        """Return the rules about such an element, the heaviest first."""
        held = [rule for key in ("*", tag, *names) for rule in rules.get(key, ())]
        fitting = [rule for rule in held if rule.selector.element.fits(tag, names)]
        return sorted(fitting, key=lambda rule: rule.weight, reverse=True)

    def _stands(self, rule: Selector, node: LexborNode) -> bool:
        """Tell whether an element stands in what a selector wants around it."""
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


def _seen(painting: list[Weighed]) -> list[Weighed]:
    """Return the rules, the heaviest first, without those whose colours are always painted over."""
    seen: list[Weighed] = []
    coloured = grounded = False
    for rule in painting:
        _, selector, told = rule
        if (told.colour and not coloured) or (told.ground and not grounded):
            seen.append(rule)
        if not selector.within:
            coloured, grounded = coloured or bool(told.colour), grounded or bool(told.ground)
    return seen


def _veiled(veils: int, weighed: list[tuple[Weight, Said]]) -> int:
    """Return the veils on an element in text with `veils`: of what is said of it the heaviest holds."""
    for veil, votes in (
        (1, [(weight, told.invisible) for weight, told in weighed if told.invisible is not None]),
        (2, [(weight, told.tiny) for weight, told in weighed if told.tiny is not None]),
    ):
        if votes:
            veils = veils | veil if max(votes)[1] else veils & ~veil
    return veils
