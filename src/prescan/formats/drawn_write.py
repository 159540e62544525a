"""Edits in what is drawn (charts, diagrams, text boxes of sheets), and what a drawing says beside what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.drawingml import hiding, unescaped
from prescan.formats.drawn_colour import USUAL, ground_of
from prescan.formats.office_trees import discard, drop, remove, unwrap
from prescan.formats.package import LOCAL_NAME, ON, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_BESIDE: Final = ("externalData", "extLst", "hlinkClick", "hlinkHover")
_ANCHORS: Final = frozenset({"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"})


def change_drawn(root: etree._Element, drawn: Mapping[str, str]) -> int:
    """Make edits (old paragraph or cached value → new) in a drawing, and take out what it does not show.

    Return how many hidden shapes and texts went.
    """
    for alternate in list(descendants(root, "AlternateContent")):
        branch = child(alternate, "Choice")
        unwrap(alternate, child(alternate, "Fallback") if branch is None else branch)
    drop(root, _BESIDE)
    gone = _drop_hidden(root)
    for number, element in enumerate(descendants(root, "cNvPr"), 1):
        discard(element, "descr", "title")
        element.set("name", f"对象{number}")
    for holder in descendants(root, "p", "v", "pt"):
        if LOCAL_NAME[holder.tag] != "pt":
            _change(holder, drawn)
    return gone


def _drop_hidden(root: etree._Element) -> int:
    hidden = [element for element in descendants(root, "cNvPr") if attribute(element, "hidden") in ON]
    for element in hidden:
        shape = next((above for above in element.iterancestors() if not LOCAL_NAME[above.tag].startswith("nv")), None)
        anchor = next((above for above in element.iterancestors() if LOCAL_NAME[above.tag] in _ANCHORS), shape)
        if anchor is not None:
            remove(anchor)
    unseen = [text for text in descendants(root, "t") if text.text and hiding(text, USUAL, _ground(text))]
    for text in unseen:
        text.text = ""
    return len(hidden) + len(unseen)


def _ground(text: etree._Element) -> str:
    shape = next((above for above in text.iterancestors() if LOCAL_NAME[above.tag] == "sp"), None)
    return "" if shape is None else ground_of(shape, USUAL, "")


def _change(holder: etree._Element, drawn: Mapping[str, str]) -> None:
    """Change a paragraph or a cached value if all of it is one of the texts to change."""
    own = [holder] if LOCAL_NAME[holder.tag] == "v" else list(descendants(holder, "t", "br"))
    texts = ["\n" if LOCAL_NAME[piece.tag] == "br" else _read(piece) for piece in own]
    whole = "".join(texts)
    new = drawn.get(whole, whole)
    if new == whole:
        return
    at = 0
    for piece, text in zip(own, texts, strict=True):
        if LOCAL_NAME[piece.tag] != "br":
            piece.text = new[at:] if piece is own[-1] else new[at : at + len(text)]
        at += len(text)


def _read(piece: etree._Element) -> str:
    return unescaped(piece.text or "").replace("\t", "  ")
