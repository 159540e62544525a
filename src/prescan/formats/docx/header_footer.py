"""Headers and footers that no page shows: for a first page or even pages that do not differ, or without a reference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_REFERENCE: Final = b"erReference "
_ID: Final = re.compile(rb'\bid="([^"<>]*)"')
_TYPE: Final = re.compile(rb'\btype="(first|even)"')
#: The settings, unless switched off, that give the first page and even pages headers and footers of their own.
_TITLE_PAGE: Final = re.compile(rb"titlePg(?![^<>]*val=\"(?:0|false|off)\")")
_EVEN_PAGES: Final = re.compile(rb"evenAndOddHeaders(?![^<>]*val=\"(?:0|false|off)\")")
_PAGES: Final = {"first": "首页", "even": "偶数页"}
LABELS: Final = {"header": "页眉", "footer": "页脚"}


def unused_headers_footers(
    content: bytes, headers_footers: Mapping[str, str], settings: Callable[[], bytes]
) -> dict[str, Concealment]:
    """Return those of `headers_footers` (relationship id → "header" or "footer") that no page shows, and why.

    `content`: the bytes of the document; `settings`: returns those of its settings, called only if needed. If the first
    page differs in one section, it is taken to differ in all.
    """
    kinds = {identifier: kind for identifier, kind in _references(content) if identifier in headers_footers}
    unused_kinds: set[str] = set()
    if "first" in kinds.values() and not _TITLE_PAGE.search(content):
        unused_kinds.add("first")
    if "even" in kinds.values() and not _EVEN_PAGES.search(settings()):
        unused_kinds.add("even")
    hidden = {identifier: _PAGES[kind] for identifier, kind in kinds.items() if kind in unused_kinds}
    hidden.update({identifier: "" for identifier in headers_footers if identifier not in kinds})
    return {
        identifier: Concealment("hidden", "hidden_text", f"未显示的{where}{LABELS[headers_footers[identifier]]}")
        for identifier, where in hidden.items()
    }


def _references(content: bytes) -> Iterable[tuple[str, str]]:
    """Yield the ids that sections refer to, each with "first", "even" or ""."""
    at = content.find(_REFERENCE)
    while at >= 0:
        end = content.find(b">", at)
        tag = content[at : end if end >= 0 else len(content)]
        if found := _ID.search(tag):
            kind = _TYPE.search(tag)
            yield found[1].decode("utf-8", "replace"), kind[1].decode() if kind else ""
        at = content.find(_REFERENCE, at + 1)
