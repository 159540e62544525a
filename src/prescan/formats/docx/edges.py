"""Headers and footers that a document holds and no page shows: of a first or even page that is like the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_REFERENCE: Final = b"erReference "
_ID: Final = re.compile(rb'\bid="([^"<>]*)"')
_TYPE: Final = re.compile(rb'\btype="(first|even)"')
#: What makes the first page, and even pages, different from the others; where it does not say that it does not.
_TITLE_PAGE: Final = re.compile(rb"titlePg(?![^<>]*val=\"(?:0|false|off)\")")
_EVEN_PAGES: Final = re.compile(rb"evenAndOddHeaders(?![^<>]*val=\"(?:0|false|off)\")")
_PAGES: Final = {"first": "首页", "even": "偶数页"}
EDGES: Final = {"header": "页眉", "footer": "页脚"}


def unshown(content: bytes, edges: Mapping[str, str], settings: Callable[[], bytes]) -> dict[str, Concealment]:
    """Return the ids of `edges` (id → header or footer) that no page shows, with what is to be said of them.

    `content` is the bytes of the document, `settings` returns those of its settings if they are needed. Whether the
    first page of one section differs is taken for all of them.
    """
    kinds = {identifier: kind for identifier, kind in _references(content) if identifier in edges}
    off: set[str] = set()
    if "first" in kinds.values() and not _TITLE_PAGE.search(content):
        off.add("first")
    if "even" in kinds.values() and not _EVEN_PAGES.search(settings()):
        off.add("even")
    hidden = {identifier: _PAGES[kind] for identifier, kind in kinds.items() if kind in off}
    hidden.update({identifier: "" for identifier in edges if identifier not in kinds})
    return {
        identifier: Concealment("hidden", "hidden_text", f"未显示的{where}{EDGES[edges[identifier]]}")
        for identifier, where in hidden.items()
    }


def _references(content: bytes) -> Iterable[tuple[str, str]]:
    """Yield the ids that sections refer to, each with the pages it is for."""
    at = content.find(_REFERENCE)
    while at >= 0:
        end = content.find(b">", at)
        held = content[at : end if end >= 0 else len(content)]
        if found := _ID.search(held):
            kind = _TYPE.search(held)
            yield found[1].decode("utf-8", "replace"), kind[1].decode() if kind else ""
        at = content.find(_REFERENCE, at + 1)
