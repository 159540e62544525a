"""Rows of plain cells, read at once: they are most of the large tables, and a cell takes a third of the walk's time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.html.table import is_tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from prescan.formats.html.aside import Aside
    from prescan.formats.html.parts import Attributes
    from prescan.formats.html.style import Styles

CELLS: Final = frozenset({"td", "th"})


def plain_cells(row: LexborNode, styles: Styles, aside: Aside) -> list[str] | None:
    """Return what the cells of a row in text that is seen say, or None if any is more than one text as plain as it.

    What was taken of their attributes before None is taken once more by the walk, which changes nothing.
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
    """Tell whether a cell with attributes changes nothing and covers only its place; take in what it says beside."""
    shape = styles.shapes.get((tag, tuple(attributes)))
    if shape is None or shape.spans or not (shape.calm or shape.looks(attributes) in shape.quiet):
        return False
    if shape.telling and not (shape.mute and shape.tells(attributes) in shape.mute):
        aside.take(tag, attributes, shape)
    return True
