"""What the parts of a Word document besides its body hold, by their roots, and how those that stand aside are read."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import STORED_DATA, is_for_people, is_substantial_data
from prescan.formats.docx import marks
from prescan.formats.docx.styles import styles_of
from prescan.formats.docx.walker import Walker
from prescan.formats.package import LOCAL_NAME, attribute, descendants, parsed

if TYPE_CHECKING:
    from lxml import etree

#: The part of the page that a part with this root holds, in the order of the contract.
FLOWING: Final = {"hdr": "header", "ftr": "footer", "footnotes": "note", "endnotes": "note"}
DRAWN: Final = frozenset({"chartSpace", "dataModel", "userShapes"})
#: The drawing of a diagram repeats its data; the rest tells nothing.
SILENT_ROOTS: Final = frozenset({"drawing", "Relationships", "Types", "datastoreItem"})


def _comments(root: etree._Element, walker: Walker) -> None:
    """Put each comment on the walker's side."""
    for comment in root:
        walker.remark(comment, marks.commented(comment))


def _building_blocks(root: etree._Element, walker: Walker) -> None:
    """Put the entries of a glossary aside, all but the prompts that Word keeps for its content controls."""
    for entry in descendants(root, "docPart"):
        if not any(attribute(kind, "val") == "bbPlcHdr" for kind in descendants(entry, "type")):
            walker.later["hidden"] += list(walker.blocks(entry, marks.BUILDING_BLOCK))


def _second_body(root: etree._Element, walker: Walker) -> None:
    """Put a body aside that the package holds but does not show."""
    walker.later["hidden"] += list(walker.blocks(root, STORED_DATA))


def stored_data(root: etree._Element, walker: Walker) -> None:
    """Put the values of a part aside that programs keep for themselves."""
    for text in root.itertext():
        tell_stored(str(text), walker)
    for element in root.iter():
        for value in map(str, element.values()):
            if is_for_people(value):
                walker.tell(value, STORED_DATA)


def tell_stored(text: str, walker: Walker) -> None:
    """Put a value aside that a program has stored, if it is for people."""
    if is_substantial_data(text):
        walker.tell(text, STORED_DATA)


#: Who reads a part with this root; any other root is data that a program has stored.
STANDING: Final = {"comments": _comments, "glossaryDocument": _building_blocks, "document": _second_body}


@functools.lru_cache(maxsize=1_024)
def is_stored(name: str) -> bool:
    """Tell whether a part is where programs store data: that of a template is the same in all its documents."""
    return name.lower().startswith("customxml/")


def is_bare(stored: bytes) -> bool:
    """Tell whether a part that a program has stored says nothing to people. Raises ReadError."""
    if not stored:
        return True
    root = parsed(stored)
    kind = LOCAL_NAME[root.tag]
    if kind in FLOWING or kind in DRAWN or kind in STANDING:
        return False
    walker = Walker("hidden", itertools.count(1), styles_of(None, None), paged=False)
    stored_data(root, walker)
    return kind in SILENT_ROOTS or not any(walker.later.values())
