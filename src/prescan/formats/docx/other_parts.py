"""Parts of a Word document besides its body, by their root elements, and how those outside the flow are read."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import STORED_DATA, is_for_people, is_substantial_data
from prescan.formats.docx import concealments
from prescan.formats.docx.styles import styles_of
from prescan.formats.docx.walker import Walker
from prescan.formats.package import LOCAL_NAME, attribute, descendants, parsed

if TYPE_CHECKING:
    from lxml import etree

#: Root element of a part of the package → the part of the page it holds, in the order of the contract.
PART_OF_ROOT: Final = {"hdr": "header", "ftr": "footer", "footnotes": "note", "endnotes": "note"}
DRAWING_ROOTS: Final = frozenset({"chartSpace", "dataModel", "userShapes"})
#: Not read: the drawing of a diagram repeats its data, the others hold no text.
IGNORED_ROOTS: Final = frozenset({"drawing", "Relationships", "Types", "datastoreItem"})


def _collect_comments(root: etree._Element, walker: Walker) -> None:
    """Collect each comment."""
    for comment in root:
        walker.collect_comment(comment, concealments.commented(comment))


def _collect_building_blocks(root: etree._Element, walker: Walker) -> None:
    """Collect the entries of a glossary, except the prompts that Word keeps for content controls."""
    for entry in descendants(root, "docPart"):
        if not any(attribute(kind, "val") == "bbPlcHdr" for kind in descendants(entry, "type")):
            walker.later["hidden"] += list(walker.blocks(entry, concealments.BUILDING_BLOCK))


def _collect_second_body(root: etree._Element, walker: Walker) -> None:
    """Collect a body that the package holds but does not show."""
    walker.later["hidden"] += list(walker.blocks(root, STORED_DATA))


def collect_stored_data(root: etree._Element, walker: Walker) -> None:
    """Collect the substantial values in a part that a program stored."""
    for text in root.itertext():
        collect_stored_value(str(text), walker)
    for element in root.iter():
        for value in map(str, element.values()):
            if is_for_people(value):
                walker.collect(value, STORED_DATA)


def collect_stored_value(text: str, walker: Walker) -> None:
    """Collect a value that a program stored, if it is substantial."""
    if is_substantial_data(text):
        walker.collect(text, STORED_DATA)


#: Root element → the function that collects its texts; any other root is data that a program stored.
COLLECTORS: Final = {
    "comments": _collect_comments,
    "glossaryDocument": _collect_building_blocks,
    "document": _collect_second_body,
}


@functools.lru_cache(maxsize=1_024)
def is_custom_data(name: str) -> bool:
    """Return whether a part is in the folder of custom data. Cached: documents have much the same names."""
    return name.lower().startswith("customxml/")


def holds_nothing(content: bytes) -> bool:
    """Return whether a part that a program stored holds nothing to report. Raises ReadError."""
    if not content:
        return True
    root = parsed(content)
    kind = LOCAL_NAME[root.tag]
    if kind in PART_OF_ROOT or kind in DRAWING_ROOTS or kind in COLLECTORS:
        return False
    walker = Walker("hidden", itertools.count(1), styles_of(None, None), paged=False)
    collect_stored_data(root, walker)
    return kind in IGNORED_ROOTS or not any(walker.later.values())
