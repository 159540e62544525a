"""Edits in drawings (charts, diagrams, text boxes of sheets), and removal of what a drawing holds but does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.drawingml import concealment_of, unescape
from prescan.formats.drawn_colour import DEFAULT_THEME, background_of
from prescan.formats.office_trees import remove, remove_attributes, remove_elements, unwrap
from prescan.formats.package import LOCAL_NAME, ON, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_REMOVED: Final = ("externalData", "extLst", "hlinkClick", "hlinkHover")
_ANCHORS: Final = frozenset({"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"})


def edit_drawing(root: etree._Element, replacements: Mapping[str, str]) -> int:
    """Replace texts in a drawing (old paragraph or cached value → new), and remove what it does not show.

    Return how many hidden shapes and texts were removed.
    """
    for alternate in list(descendants(root, "AlternateContent")):
        branch = child(alternate, "Choice")
        unwrap(alternate, child(alternate, "Fallback") if branch is None else branch)
    remove_elements(root, _REMOVED)
    gone = _drop_hidden(root)
    for number, element in enumerate(descendants(root, "cNvPr"), 1):
        remove_attributes(element, "descr", "title")
        element.set("name", f"对象{number}")
    for holder in descendants(root, "p", "v", "pt"):
        if LOCAL_NAME[holder.tag] != "pt":
            _replace_text(holder, replacements)
    return gone


def _drop_hidden(root: etree._Element) -> int:
    hidden = [element for element in descendants(root, "cNvPr") if attribute(element, "hidden") in ON]
    for element in hidden:
        shape = next((above for above in element.iterancestors() if not LOCAL_NAME[above.tag].startswith("nv")), None)
        anchor = next((above for above in element.iterancestors() if LOCAL_NAME[above.tag] in _ANCHORS), shape)
        if anchor is not None:
            remove(anchor)
    concealed = [
        text for text in descendants(root, "t") if text.text and concealment_of(text, DEFAULT_THEME, _background(text))
    ]
    for text in concealed:
        text.text = ""
    return len(hidden) + len(concealed)


def _background(text: etree._Element) -> str:
    shape = next((above for above in text.iterancestors() if LOCAL_NAME[above.tag] == "sp"), None)
    return "" if shape is None else background_of(shape, DEFAULT_THEME, "")


def _replace_text(holder: etree._Element, replacements: Mapping[str, str]) -> None:
    """Replace the text of a paragraph or cached value if the whole of it is to be replaced."""
    own = [holder] if LOCAL_NAME[holder.tag] == "v" else list(descendants(holder, "t", "br"))
    texts = ["\n" if LOCAL_NAME[piece.tag] == "br" else _text_of(piece) for piece in own]
    whole = "".join(texts)
    new = replacements.get(whole, whole)
    if new == whole:
        return
    at = 0
    for piece, text in zip(own, texts, strict=True):
        if LOCAL_NAME[piece.tag] != "br":
            piece.text = new[at:] if piece is own[-1] else new[at : at + len(text)]
        at += len(text)


def _text_of(piece: etree._Element) -> str:
    return unescape(piece.text or "").replace("\t", "  ")
