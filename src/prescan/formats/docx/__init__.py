"""Word documents (docx, docm, dotx): every part of the package, each read once, in the order of the contract.

`walker.py` reads one part; this module finds the parts, puts them in order, and reads what else the package holds:
properties, addresses, charts, stored data, embedded files.
"""

from __future__ import annotations

import functools
import html
import itertools
import posixpath
import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.concealment import LINK_TARGET, as_hidden, is_substantial
from prescan.formats.docx import styles
from prescan.formats.docx.background import page_colour
from prescan.formats.docx.header_footer import LABELS, unused_headers_footers
from prescan.formats.docx.other_parts import (
    COLLECTORS,
    DRAWING_ROOTS,
    IGNORED_ROOTS,
    PART_OF_ROOT,
    collect_stored_data,
    collect_stored_value,
    holds_nothing,
    is_custom_data,
)
from prescan.formats.docx.walker import Walker
from prescan.formats.drawingml import chart_texts
from prescan.formats.media import pictures
from prescan.formats.office_parts import Parts, is_revealing_address
from prescan.formats.package import LOCAL_NAME, attribute, descendants
from prescan.formats.properties import property_blocks
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.docx.styles import Styles
    from prescan.types import Limits, Picture

_USUAL_MAIN: Final = "word/document.xml"
#: Parts without text of their own. A part that the document refers to as text is read whatever its name is.
_NO_TEXT_PARTS: Final = re.compile(
    r"(?:^|/)(?:styles|stylesWithEffects|settings|webSettings|fontTable|numbering|people|\[Content_Types\]"
    r"|comments(?:Ids|Extended|Extensible)|(?:theme|colors|style|layout|quickStyle|itemProps)\d*)\.xml$",
    re.IGNORECASE,
)
#: The text of a level of automatic numbering; `%1` stands for the number.
_LEVEL_TEXT: Final = re.compile(rb'lvlText\s[^<>]*?val="([^"<>]*)"')
_LEVEL_NUMBER: Final = re.compile(r"%[1-9]")
_LEVEL_WORDS: Final = re.compile(r"[\u3400-\u9fff]{3}|[密★]|[0-9]{4}")
_TEXT_RELATIONSHIPS: Final = frozenset({"header", "footer", "footnotes", "endnotes", "comments", "glossaryDocument"})
_EMBEDDED_RELATIONSHIPS: Final = frozenset({"aFChunk", "package", "oleObject"})


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the document. Raises ReadError if nothing in it can be read."""
    document = WordDocument(data, limits)
    yielded = False
    texts: list[str] = []
    for item in document.blocks():
        yielded = True
        if isinstance(item, Block):
            texts.append(item.text)
        yield item
    yield from document.residue(texts)
    for picture in document.pictures():
        yielded = True
        yield picture
    unread = document.unread or ([] if document.has_pictures else document.unread_without_text())
    if unread and not yielded:
        raise ReadError(unread[0].code, unread[0].detail)
    yield from unread


class WordDocument:
    """One document that is being read."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Find the parts. Raises ReadError."""
        self._parts = self._open(data, limits)
        self._tables = itertools.count(1)
        self._main = self._parts.main(_USUAL_MAIN)
        self._folder = posixpath.dirname(self._main)
        self._styles = self._find_styles()
        self._has_text = False
        self.has_pictures = False
        """Whether pictures were yielded."""
        self._later: dict[str, list[Block]] = {}
        self._unused: dict[str, Concealment] = {}

    def _open(self, data: bytes, limits: Limits) -> Parts:
        return Parts(data, limits)

    @property
    def unread(self) -> list[Unread]:
        """The parts that could not be read."""
        return self._parts.unread

    def blocks(self) -> Iterator[Block | Unread]:
        """Yield every block in the order of the contract; embedded files with their blocks come last."""
        yield from self._body()
        # Visible headers first, so that an unused one with the same text is the one left out.
        roots = sorted(self._other_roots(), key=lambda item: item[0] in self._unused)
        for kind in PART_OF_ROOT:
            seen: set[tuple[tuple[str, str | None], ...]] = set()
            for name, root in roots:
                if LOCAL_NAME[root.tag] == kind:
                    yield from self._header_or_notes(name, root, PART_OF_ROOT[kind], seen)
        for name, root in roots:
            self._collect_other_part(name, root)
        self._collect_variables()
        self._collect_numbering()
        for part in ("textbox", "comment", "deleted", "hidden", "form", "image"):
            yield from self._later.get(part, ())
        yield from self._properties()
        yield from self._parts.embedded(self._parts.related(self._main, *_EMBEDDED_RELATIONSHIPS))

    def residue(self, seen: list[str]) -> Iterator[Block]:
        """Yield texts in the parts that are not among those reported."""
        return self._parts.residue(seen)

    def pictures(self) -> Iterator[Picture]:
        """Yield the pictures for recognition; in a document without text they are its pages."""
        for picture in pictures(self._parts, without_text=bool(self.unread_without_text())):
            self.has_pictures = True
            yield picture

    def unread_without_text(self) -> list[Unread]:
        """Return an Unread if the document has no text: it has only pictures, or nothing at all."""
        if self._has_text or self._later.get("textbox"):
            return []
        media = any("/media/" in name for name in self._parts.package.names)
        return [Unread.of(self._main, "no_text_layer" if media else "empty")]

    # Finding parts

    def _find_styles(self) -> Styles:
        """Return the styles; if their part is damaged, empty ones."""
        name = posixpath.join(self._folder, "styles.xml")
        package = self._parts.package
        theme = next((package.packed(part) for part in self._parts.related(self._main, "theme")), None)
        try:
            return styles.styles_of(package.packed(name) if name in package else None, theme)
        except ReadError as error:
            self._parts.note_unread(name, error)
            return styles.styles_of(None, None)

    def _find_unused(self, content: bytes) -> dict[str, Concealment]:
        """Return the parts of headers and footers that no page shows, and why, given the bytes of the body."""
        candidates = {
            one.id: one for one in self._parts.relationships(self._main) if one.kind in LABELS and not one.external
        }
        if not candidates:
            return {}
        found = unused_headers_footers(content, {name: one.kind for name, one in candidates.items()}, self._settings)
        used = {one.target for name, one in candidates.items() if name not in found}
        return {
            candidates[name].target: concealment
            for name, concealment in found.items()
            if candidates[name].target not in used
        }

    def _settings(self) -> bytes:
        name = posixpath.join(self._folder, "settings.xml")
        return self._parts.content(name) if name in self._parts.package else b""

    def _other_roots(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield the names and trees of all parts but the body that may hold text."""
        text = {
            relationship.target
            for relationship in self._parts.relationships(self._main)
            if relationship.kind in _TEXT_RELATIONSHIPS
        }
        aside = {self._main, *self._parts.property_parts}
        for name in self._parts.package.names:
            readable = name in text or _may_hold_text(name)
            if (
                not readable
                or name in aside
                or (name not in text and is_custom_data(name) and self._holds_nothing(name))
            ):
                continue
            root = self._parts.tree(name)
            if root is not None:
                yield name, root

    def _holds_nothing(self, name: str) -> bool:
        """Return whether a part that a program stored holds nothing to report; a damaged one is noted."""
        if any(relationship.external for relationship in self._parts.relationships(name)):
            return False
        return self._parts.computed(name, holds_nothing) is not False

    # Reading parts

    def _walker(self, part: str, *, paged: bool = False) -> Walker:
        return Walker(part, self._tables, self._styles, paged=paged)

    def _keep(self, name: str, walker: Walker) -> None:
        """Keep the blocks that come later, and the addresses that the part links to."""
        walker.end_part()
        for relationship in self._parts.relationships(name):
            if relationship.external and is_revealing_address(relationship.target):
                walker.collect(relationship.target, LINK_TARGET)
        for part, blocks in walker.later.items():
            self._later.setdefault(part, []).extend(blocks)

    def _body(self) -> Iterator[Block]:
        content = self._parts.content(self._main)
        root = self._parts.parsed(self._main, content)
        self._unused = self._find_unused(content)
        if (page := page_colour(content)) and b"displayBackgroundShape" in self._settings():
            self._styles.page = page
        if root is not None:
            walker = self._walker("body", paged=b"lastRenderedPageBreak" in content)
            yield from walker.blocks(root)
            self._has_text = walker.has_text
            self._keep(self._main, walker)

    def _header_or_notes(
        self, name: str, root: etree._Element, part: str, seen: set[tuple[tuple[str, str | None], ...]]
    ) -> Iterator[Block]:
        """Yield a header, a footer or the notes unless already seen: first, odd and even pages repeat them."""
        walker = self._walker(part)
        blocks = list(walker.blocks(root))
        everything = (*blocks, *itertools.chain.from_iterable(walker.later.values()))
        content_key = tuple((block.text, block.hidden) for block in everything)
        if content_key not in seen:
            seen.add(content_key)
            concealment = self._unused.get(name)
            if concealment and is_substantial("".join(block.text for block in blocks)):
                blocks = [as_hidden(block, str(concealment.hidden), concealment.note) for block in blocks]
            yield from blocks
            self._keep(name, walker)

    def _collect_other_part(self, name: str, root: etree._Element) -> None:
        """Collect texts outside the flow: comments, building blocks, charts, stored data."""
        kind = LOCAL_NAME[root.tag]
        if kind in PART_OF_ROOT or kind in IGNORED_ROOTS:
            return
        walker = self._walker("hidden")
        if kind in DRAWING_ROOTS:
            walker.later["textbox"] += [Block(text, Location(part="textbox")) for text in chart_texts(root)]
        else:
            COLLECTORS.get(kind, collect_stored_data)(root, walker)
        self._keep(name, walker)

    def _collect_variables(self) -> None:
        """Collect the document variables: texts that macros and templates leave in the settings."""
        name = posixpath.join(self._folder, "settings.xml")
        content = self._parts.computed(name, _with_variables) if name in self._parts.package else b""
        root = self._parts.parsed(name, content) if content else None
        if root is None:
            return
        walker = self._walker("hidden")
        for variable in descendants(root, "docVar"):
            collect_stored_value(attribute(variable, "val"), walker)
        self._later.setdefault("hidden", []).extend(walker.later["hidden"])

    def _collect_numbering(self) -> None:
        """Collect the words that automatic numbering puts in front of paragraphs, except common ones."""
        name = posixpath.join(self._folder, "numbering.xml")
        texts = self._parts.computed(name, _level_words) if name in self._parts.package else ()
        boxes = [Block(text, Location(part="textbox")) for text in texts or ()]
        if boxes:
            self._later.setdefault("textbox", []).extend(boxes)

    def _properties(self) -> Iterator[Block]:
        yield from self._parts.properties()
        for relationship in self._parts.relationships(posixpath.join(self._folder, "settings.xml")):
            if relationship.kind == "attachedTemplate":
                yield from property_blocks("模板", relationship.target)


@functools.lru_cache(maxsize=1_024)
def _may_hold_text(name: str) -> bool:
    """Tell by its name whether a part may hold text. Cached: documents have much the same names."""
    return name.lower().endswith(".xml") and not _NO_TEXT_PARTS.search(name)


def _with_variables(settings: bytes) -> bytes:
    """Return the settings if they hold document variables, else b""."""
    return settings if b"docVar" in settings else b""


def _level_words(numbering: bytes) -> tuple[str, ...]:
    """Return the words that automatic numbering puts in front of paragraphs, except common ones."""
    texts = (html.unescape(found[1].decode("utf-8", "replace")) for found in _LEVEL_TEXT.finditer(numbering))
    bare = dict.fromkeys(_LEVEL_NUMBER.sub(" ", text).strip() for text in texts)
    return tuple(text for text in bare if _LEVEL_WORDS.search(text))
