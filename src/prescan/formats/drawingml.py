"""DrawingML in slides and sheets: shapes with their boxes, paragraphs, texts of charts and diagrams, alt texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.concealment import TINY, Concealment, child, is_substantial
from prescan.formats.drawn_colour import DEFAULT_THEME, UNSPECIFIED, RunFormat, format_concealment, run_format
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
_MAX_DIGITS: Final = 15
_MAX_LEVEL: Final = 8
"""Levels of a list are counted from 0."""
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BREAKS: Final = {"\r": "", "\x0b": "\n"}


class Box(NamedTuple):
    """Position and size of a shape, in EMU from the top left of the slide."""

    left: float
    top: float
    width: float
    height: float


class Shape(NamedTuple):
    """A shape that is not a group."""

    element: etree._Element
    kind: str
    """The local name of the element."""
    hidden: bool
    """It or a group around it is hidden."""
    box: Box | None
    """None: it states no position (a placeholder inherits it)."""


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


_SLIDE: Final = _Frame()


def shapes(parent: etree._Element, frame: _Frame = _SLIDE, *, hidden: bool = False) -> Iterator[Shape]:
    """Yield the shapes inside `parent`, also those in groups, in drawing order; of alternatives each text once."""
    for element in parent:
        name = LOCAL_NAME[element.tag]
        if name in SHAPES:
            box = _box(element, "off", "ext")
            yield Shape(element, name, hidden or _is_hidden(element), box and frame.place(box))
        elif name == "grpSp":
            yield from shapes(element, _group(element, frame), hidden=hidden or _is_hidden(element))
        elif name == "AlternateContent":
            for branch in distinct_branches(element):
                yield from shapes(branch, frame, hidden=hidden)
        else:
            yield from shapes(element, frame, hidden=hidden)


def distinct_branches(alternate: etree._Element, *text_elements: str) -> Iterator[etree._Element]:
    """Yield the branches of an `AlternateContent`, leaving out those with the same text as an earlier one.

    `text_elements`: the names of elements that hold text, "t" if none is given.
    """
    seen: set[str] = set()
    for branch in alternate:
        text = "".join(element.text or "" for element in descendants(branch, *(text_elements or ("t",))))
        if text not in seen:
            seen.add(text)
            yield branch


def paragraphs(
    body: etree._Element,
    theme: Mapping[str, str] = DEFAULT_THEME,
    background: str = "",
    inherited: Callable[[int], RunFormat] | None = None,
) -> Iterator[list[tuple[str, Concealment | None]]]:
    """Yield the paragraphs inside `body` that hold text, each as (text, why it is hidden) pieces.

    `theme`: colours by name; `background`: the colour behind the text, "" if unknown; `inherited`: returns the format
    that a list level (from 0) takes from elsewhere.
    """
    for paragraph in descendants(body, "p"):
        base = _paragraph_format(paragraph, theme, inherited)
        pieces: list[tuple[str, Concealment | None]] = []
        for element in descendants(paragraph, "t", "br"):
            before = pieces[-1][1] if pieces else None
            is_break = LOCAL_NAME[element.tag] == "br"
            text = "\n" if is_break else unescape(element.text or "").replace("\t", "  ")
            concealment = before if is_break or text.isspace() else concealment_of(element, theme, background, base)
            if pieces and concealment == before:
                pieces[-1] = (pieces[-1][0] + text, concealment)
            else:
                pieces.append((text, concealment))
        if any(text.strip() for text, _ in pieces):
            yield [piece for piece in pieces if piece[0]]


def plain_text(body: etree._Element | None) -> str:
    """Return the text of the paragraphs inside `body`, joined by line ends."""
    if body is None:
        return ""
    return "\n".join("".join(text for text, _ in pieces) for pieces in paragraphs(body))


def chart_texts(root: etree._Element) -> Iterator[str]:
    """Yield the texts of a chart or diagram, paragraphs and cached values, each once."""
    seen: set[str] = set()
    for element in descendants(root, "p", "v", "pt"):
        text = plain_text(element) if LOCAL_NAME[element.tag] == "p" else element.text or ""
        if text.strip() and text not in seen:
            seen.add(text)
            yield text


def descriptions(shape: etree._Element, page: int | None = None) -> Iterator[Block]:
    """Yield the alternative text and title of a shape, and the tooltips of its links if they are substantial."""
    for element in descendants(shape, "cNvPr", "docPr", "hlinkClick", "hlinkHover"):
        if LOCAL_NAME[element.tag].startswith("hlink"):
            concealment, texts = _PROMPT, [attribute(element, "tooltip")]
            texts = [text for text in texts if is_substantial(text)]
        else:
            concealment, texts = Concealment("image", None), [attribute(element, "descr"), attribute(element, "title")]
        for text in dict.fromkeys(texts):
            if text.strip():
                yield Block(text, Location(concealment.part, page), hidden=concealment.hidden, note=concealment.note)


def unescape(text: str) -> str:
    """Return a text with escapes such as `_x0031_` replaced by their characters, as office programs do.

    >>> unescape("A_x0031__x000D__x005F_x0031_")
    'A1_x0031_'
    """
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    if character in _BREAKS:
        return _BREAKS[character]
    return character if character.isprintable() or character in "\t\n\u00ad\u200b\u3000\u00a0" else ""


def parse_int(text: str) -> int:
    """Return the integer in an attribute; 0 if it is not one."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS else 0


def _is_hidden(shape: etree._Element) -> bool:
    """Return whether the shape itself, not one inside it, is hidden."""
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
    """Return the box given by two child elements of the shape's transform; None if one is missing."""
    transform = _transform(shape)
    at = None if transform is None else child(transform, offset)
    size = None if transform is None else child(transform, extent)
    if at is None or size is None:
        return None
    place = (attribute(at, "x"), attribute(at, "y"), attribute(size, "cx"), attribute(size, "cy"))
    return Box(*map(parse_int, place))


def _group(group: etree._Element, frame: _Frame) -> _Frame:
    """Return the frame for the shapes inside a group."""
    outer, inner = _box(group, "off", "ext"), _box(group, "chOff", "chExt")
    if outer is None or inner is None or not inner.width or not inner.height:
        return frame
    outer = frame.place(outer)
    scale_x, scale_y = outer.width / inner.width, outer.height / inner.height
    return _Frame(scale_x, scale_y, outer.left - inner.left * scale_x, outer.top - inner.top * scale_y)


def concealment_of(
    text: etree._Element, theme: Mapping[str, str] = DEFAULT_THEME, background: str = "", base: RunFormat | None = None
) -> Concealment | None:
    """Return why a text (a `t` element) cannot be seen: too small, transparent, or in its background colour; or None.

    `base`: the format of its paragraph; None: look it up in the text body around it.
    """
    run = text.getparent()
    if run is None:
        return None
    if base is None:
        paragraph = run.getparent()
        base = UNSPECIFIED if paragraph is None else _paragraph_format(paragraph, theme, None)
    properties = child(run, "rPr")
    if properties is not None:
        base = run_format(properties, theme).over(base)
    if base is UNSPECIFIED:
        return None
    if base.size and parse_int(base.size) <= _TINY_HUNDREDTHS:
        return TINY
    return format_concealment(base, background)


def _paragraph_format(
    paragraph: etree._Element, theme: Mapping[str, str], inherited: Callable[[int], RunFormat] | None
) -> RunFormat:
    """Return the format that a paragraph takes from its text body and, below that, from `inherited`."""
    body = paragraph.getparent()
    list_style = None if body is None else child(body, "lstStyle")
    if inherited is None and (list_style is None or not len(list_style)):
        return UNSPECIFIED
    properties = child(paragraph, "pPr")
    level = 0 if properties is None else min(_MAX_LEVEL, max(0, parse_int(attribute(properties, "lvl"))))
    own = level_format(list_style, level, theme)
    if own is UNSPECIFIED and inherited is not None:
        return inherited(level)
    return own if inherited is None else own.over(inherited(level))


def level_format(list_style: etree._Element | None, level: int, theme: Mapping[str, str]) -> RunFormat:
    """Return the format that an `lstStyle` gives to a level, from 0."""
    if list_style is None or not len(list_style):
        return UNSPECIFIED
    found = UNSPECIFIED
    for name in (f"lvl{level + 1}pPr", "defPPr"):
        level_properties = child(list_style, name)
        default = None if level_properties is None else child(level_properties, "defRPr")
        if default is not None:
            found = found.over(run_format(default, theme))
    return found
