"""Reads rows of simple cells at once: they make up most of large tables, and take a third of the time that way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.formats.html.table import is_tidy
from prescan.formats.html.tags import CELLS

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from prescan.formats.html.aside import Aside
    from prescan.formats.html.parts import Attributes
    from prescan.formats.html.style import Styles


def plain_cells(row: LexborNode, styles: Styles, aside: Aside) -> list[str] | None:
    """Return the texts of the cells of a visible row; None if a cell contains anything but one tidy text.

    After None the walk reads the row. That it then sees some attributes a second time changes nothing.
    """
    texts: list[str] = []
    silent = styles.silent
    cell = row.child
    while cell is not None:
        tag = cell.tag or ""
        if tag in CELLS:
            attributes = cell.attributes
            if not (_is_plain(tag, attributes, styles, aside) if attributes else tag in silent):
                return None
            inner = cell.child
            if inner is None:
                texts.append("")
            elif inner.is_text_node and inner.next is None and is_tidy(said := inner.text_content or ""):
                texts.append(said)
            else:
                return None
        elif not cell.is_empty_text_node:
            return None
        cell = cell.next
    return texts


def _is_plain(tag: str, attributes: Attributes, styles: Styles, aside: Aside) -> bool:
    """Return whether a cell with attributes is visible and spans no others; collect the words in its attributes."""
    shape = styles.shapes.get((tag, tuple(attributes)))
    if shape is None or shape.spans or not (shape.calm or shape.looks(attributes) in shape.quiet):
        return False
    if shape.telling and not (shape.mute and shape.tells(attributes) in shape.mute):
        aside.take(tag, attributes, shape)
    return True
