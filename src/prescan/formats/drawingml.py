"""DrawingML, in slides and on sheets: shapes with their places, paragraphs, what charts and diagrams say, alt texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.concealment import TINY, Concealment, child, is_substantial
from prescan.formats.drawn_colour import NOTHING, USUAL, Said, said, unseen
from prescan.formats.package import LOCAL_NAME, ON, attribute, descendants
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml import etree

SHAPES: Final = frozenset({"sp", "pic", "graphicFrame", "cxnSp", "contentPart"})
HIDDEN_SHAPE: Final = Concealment("hidden", "hidden_text", "隐藏图形中的文字")
_PROMPT: Final = Concealment("hidden", "hidden_text", "提示文字")

_TINY_HUNDREDTHS: Final = 150
"""Sizes are given in hundredths of a point."""
_LONGEST_NUMBER: Final = 15
_DEEPEST: Final = 8
"""Levels of a list are counted from 0."""
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BREAKS: Final = {"\r": "", "\x0b": "\n"}


class Box(NamedTuple):
    """Where a shape is and how large, in EMU from the top left of the slide."""

    left: float
    top: float
    width: float
    height: float


class Shape(NamedTuple):
    """A shape that is no group: its element, whether it or a group around it is hidden, and its place if it has one."""

    element: etree._Element
    kind: str
    hidden: bool
    box: Box | None


class _Frame(NamedTuple):
    """How the coordinates inside a group map to the slide's."""

    scale_x: float = 1
    scale_y: float = 1
    left: float = 0
    top: float = 0

    def place(self, box: Box) -> Box:
        """Return a box in the coordinates of the slide."""
        left, top = self.left + box.left * self.scale_x, self.top + box.top * self.scale_y
        return Box(left, top, box.width * self.scale_x, box.height * self.scale_y)


_PAGE: Final = _Frame()


def shapes(parent: etree._Element, frame: _Frame = _PAGE, *, hidden: bool = False) -> Iterator[Shape]:
    """Yield the shapes inside `parent` in drawing order, those of groups too; of alternatives each text once."""
    for element in parent:
        name = LOCAL_NAME[element.tag]
        if name in SHAPES:
            box = _box(element, "off", "ext")
            yield Shape(element, name, hidden or _is_hidden(element), box and frame.place(box))
        elif name == "grpSp":
            yield from shapes(element, _group(element, frame), hidden=hidden or _is_hidden(element))
        elif name == "AlternateContent":
            for branch in branches(element):
                yield from shapes(branch, frame, hidden=hidden)
        else:
            yield from shapes(element, frame, hidden=hidden)


def branches(alternate: etree._Element) -> Iterator[etree._Element]:
    """Yield the alternatives of a content, leaving out those that say what an earlier one said."""
    said: set[str] = set()
    for branch in alternate:
        text = "".join(element.text or "" for element in descendants(branch, "t"))
        if text not in said:
            said.add(text)
            yield branch


def paragraphs(
    body: etree._Element,
    theme: Mapping[str, str] = USUAL,
    ground: str = "",
    inherited: Callable[[int], Said] | None = None,
) -> Iterator[list[tuple[str, Concealment | None]]]:
    """Yield the paragraphs inside `body` that hold text, each as pieces with the mark of what hides them.

    `ground`: the colour they stand on, "" if nobody knows; `theme`: colours by name; `inherited`: what is said
    elsewhere of the text of a level, from 0.
    """
    for paragraph in descendants(body, "p"):
        looks = _listed(paragraph, theme, inherited)
        pieces: list[tuple[str, Concealment | None]] = []
        for element in descendants(paragraph, "t", "br"):
            before = pieces[-1][1] if pieces else None
            is_break = LOCAL_NAME[element.tag] == "br"
            text = "\n" if is_break else unescaped(element.text or "").replace("\t", "  ")
            mark = before if is_break or text.isspace() else hiding(element, theme, ground, looks)
            if pieces and mark == before:
                pieces[-1] = (pieces[-1][0] + text, mark)
            else:
                pieces.append((text, mark))
        if any(text.strip() for text, _ in pieces):
            yield [piece for piece in pieces if piece[0]]


def plain(body: etree._Element | None) -> str:
    """Return the paragraphs inside `body` as one text with soft breaks."""
    if body is None:
        return ""
    return "\n".join("".join(text for text, _ in pieces) for pieces in paragraphs(body))


def drawn(root: etree._Element) -> Iterator[str]:
    """Yield the texts of a chart or diagram: paragraphs and cached values, each distinct one once."""
    told: set[str] = set()
    for element in descendants(root, "p", "v", "pt"):
        text = plain(element) if LOCAL_NAME[element.tag] == "p" else element.text or ""
        if text.strip() and text not in told:
            told.add(text)
            yield text


def described(shape: etree._Element, page: int | None = None) -> Iterator[Block]:
    """Yield what describes a shape: its alternative text and title; prompts of its links if they are telling."""
    for element in descendants(shape, "cNvPr", "docPr", "hlinkClick", "hlinkHover"):
        if LOCAL_NAME[element.tag].startswith("hlink"):
            mark, texts = _PROMPT, [attribute(element, "tooltip")]
            texts = [text for text in texts if is_substantial(text)]
        else:
            mark, texts = Concealment("image", None), [attribute(element, "descr"), attribute(element, "title")]
        for text in dict.fromkeys(texts):
            if text.strip():
                yield Block(text, Location(mark.part, page), hidden=mark.hidden, note=mark.note)


def unescaped(text: str) -> str:
    """Return a text with `_x0031_` read as the character it stands for, as office programs do.

    >>> unescaped("A_x0031__x000D__x005F_x0031_")
    'A1_x0031_'
    """
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    if character in _BREAKS:
        return _BREAKS[character]
    return character if character.isprintable() or character in "\t\n\u00ad\u200b\u3000\u00a0" else ""


def integer(text: str) -> int:
    """Return a number as an attribute gives it; nonsense counts as nothing."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER else 0


def _is_hidden(shape: etree._Element) -> bool:
    """Tell whether the shape itself, not one inside it, is hidden."""
    for holder in shape:
        if LOCAL_NAME[holder.tag].startswith("nv"):
            return any(attribute(element, "hidden") in ON for element in descendants(holder, "cNvPr"))
    return False


def _transform(shape: etree._Element) -> etree._Element | None:
    """Return the `xfrm` of a shape, a group or a graphic frame."""
    for holder in shape:
        name = LOCAL_NAME[holder.tag]
        if name == "xfrm":
            return holder
        if name in {"spPr", "grpSpPr"}:
            return child(holder, "xfrm")
    return None


def _box(shape: etree._Element, offset: str, extent: str) -> Box | None:
    """Return the box that two elements of the shape's transform give, or None."""
    transform = _transform(shape)
    at = None if transform is None else child(transform, offset)
    size = None if transform is None else child(transform, extent)
    if at is None or size is None:
        return None
    place = (attribute(at, "x"), attribute(at, "y"), attribute(size, "cx"), attribute(size, "cy"))
    return Box(*map(integer, place))


def _group(group: etree._Element, frame: _Frame) -> _Frame:
    """Return the frame of what is inside a group."""
    outer, inner = _box(group, "off", "ext"), _box(group, "chOff", "chExt")
    if outer is None or inner is None or not inner.width or not inner.height:
        return frame
    outer = frame.place(outer)
    scale_x, scale_y = outer.width / inner.width, outer.height / inner.height
    return _Frame(scale_x, scale_y, outer.left - inner.left * scale_x, outer.top - inner.top * scale_y)


def hiding(
    text: etree._Element, theme: Mapping[str, str] = USUAL, ground: str = "", looks: Said | None = None
) -> Concealment | None:
    """Return the mark of a text whose run makes it too small, too pale, or as its `ground`, or None.

    `looks`: what holds for its paragraph; None: what the text body around it says.
    """
    run = text.getparent()
    if run is None:
        return None
    if looks is None:
        paragraph = run.getparent()
        looks = NOTHING if paragraph is None else _listed(paragraph, theme, None)
    properties = child(run, "rPr")
    if properties is not None:
        looks = said(properties, theme).over(looks)
    if looks is NOTHING:
        return None
    if looks.size and integer(looks.size) <= _TINY_HUNDREDTHS:
        return TINY
    return unseen(looks, ground)


def _listed(paragraph: etree._Element, theme: Mapping[str, str], inherited: Callable[[int], Said] | None) -> Said:
    """Return what the text body around a paragraph says of the text of its level, and what it inherits."""
    body = paragraph.getparent()
    listed = None if body is None else child(body, "lstStyle")
    if inherited is None and (listed is None or not len(listed)):
        return NOTHING
    properties = child(paragraph, "pPr")
    level = 0 if properties is None else min(_DEEPEST, max(0, integer(attribute(properties, "lvl"))))
    own = of_level(listed, level, theme)
    if own is NOTHING and inherited is not None:
        return inherited(level)
    return own if inherited is None else own.over(inherited(level))


def of_level(listed: etree._Element | None, level: int, theme: Mapping[str, str]) -> Said:
    """Return what a list of styles says of the text of a level, from 0."""
    if listed is None or not len(listed):
        return NOTHING
    found = NOTHING
    for name in (f"lvl{level + 1}pPr", "defPPr"):
        held = child(listed, name)
        default = None if held is None else child(held, "defRPr")
        if default is not None:
            found = found.over(said(default, theme))
    return found
