"""Rows of plain cells, read at once: they are most of the large tables, and a cell takes a third of the walk's time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.html.table import WHITE_SPACE, is_tidy

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
    cell = row.child
    while cell is not None:
        tag = cell.tag or ""
        if tag in CELLS:
            if not _is_plain(tag, cell.attributes, styles, aside):
                return None
            inner = cell.child
            if inner is None:
                texts.append("")
            elif inner.tag == "-text" and inner.next is None and is_tidy(said := inner.text_content or ""):
                texts.append(said)
            else:
                return None
        elif tag != "-text" or (cell.text_content or "").strip(WHITE_SPACE):
            return None
        cell = cell.next
    return texts


def _is_plain(tag: str, attributes: Attributes, styles: Styles, aside: Aside) -> bool:
    """Tell whether a cell is known to change nothing and to cover only its place; take in what it says beside."""
    if not attributes:
        return tag in styles.silent
    shape = styles.shapes.get((tag, *attributes))
    if shape is None or shape.spans or not (shape.calm or shape.looks(attributes) in shape.quiet):
        return False
    if shape.telling and shape.tells(attributes) not in shape.mute:
        aside.take(tag, attributes, shape)
    return True
