"""Word documents (docx, docm, dotx): every part of the package, each read once, in the order of the contract.

`walker.py` reads a part; this file says which parts there are, in which order they come, and what else the package
holds: properties, addresses, charts, stored data, embedded files.
"""

from __future__ import annotations

import functools
import html
import itertools
import posixpath
import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.concealment import LINK_TARGET, is_substantial
from prescan.formats.docx import styles
from prescan.formats.docx.edges import EDGES, unshown
from prescan.formats.docx.ground import of_page
from prescan.formats.docx.roots import (
    DRAWN,
    FLOWING,
    SILENT_ROOTS,
    STANDING,
    is_bare,
    is_stored,
    stored_data,
    tell_stored,
)
from prescan.formats.docx.walker import Walker
from prescan.formats.drawingml import chart_texts
from prescan.formats.media import pictures
from prescan.formats.office_parts import Parts, concealed, tells
from prescan.formats.package import LOCAL_NAME, attribute, descendants
from prescan.formats.properties import metadata
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.docx.styles import Styles
    from prescan.types import Limits, Picture

_USUAL_MAIN: Final = "word/document.xml"
#: Parts without text of their own. A part that the document refers to as text is read whatever its name.
_SILENT: Final = re.compile(
    r"(?:^|/)(?:styles|stylesWithEffects|settings|webSettings|fontTable|numbering|people|\[Content_Types\]"
    r"|comments(?:Ids|Extended|Extensible)|(?:theme|colors|style|layout|quickStyle|itemProps)\d*)\.xml$",
    re.IGNORECASE,
)
#: The text of a level of automatic numbering; `%1` stands for the number.
_LEVEL_TEXT: Final = re.compile(rb'lvlText\s[^<>]*?val="([^"<>]*)"')
_LEVEL_NUMBER: Final = re.compile(r"%[1-9]")
_LEVEL_WORDS: Final = re.compile(r"[\u3400-\u9fff]{3}|[密★]|[0-9]{4}")
_TEXT_RELATIONS: Final = frozenset({"header", "footer", "footnotes", "endnotes", "comments", "glossaryDocument"})
_EMBEDDED_RELATIONS: Final = frozenset({"aFChunk", "package", "oleObject"})


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the document says. Raises ReadError if nothing in it can be read."""
    document = _Document(data, limits)
    said = False
    texts: list[str] = []
    for item in document.blocks():
        said = True
        if isinstance(item, Block):
            texts.append(item.text)
        yield item
    yield from document.residue(texts)
    for picture in document.pictures():
        said = True
        yield picture
    unread = document.unread or ([] if document.shown else document.silence())
    if unread and not said:
        raise ReadError(unread[0].code, unread[0].detail)
    yield from unread


class _Document:
    """One document on its way through the parts."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._parts = self._opened(data, limits)
        self._tables = itertools.count(1)
        self._main = self._parts.main(_USUAL_MAIN)
        self._folder = posixpath.dirname(self._main)
        self._styles = self._find_styles()
        self._has_text = False
        self.shown = False
        """Whether pictures were handed on."""
        self._later: dict[str, list[Block]] = {}
        self._unshown: dict[str, Concealment] = {}

    def _opened(self, data: bytes, limits: Limits) -> Parts:
        return Parts(data, limits)

    @property
    def unread(self) -> list[Unread]:
        """The parts that could not be read."""
        return self._parts.unread

    def blocks(self) -> Iterator[Block | Unread]:
        """Yield every block in the order of the contract, embedded files with what they say last."""
        yield from self._body()
        # What is shown comes first: what repeats it is not told again.
        roots = sorted(self._other_roots(), key=lambda held: held[0] in self._unshown)
        for kind in FLOWING:
            told: set[tuple[tuple[str, str | None], ...]] = set()
            for name, root in roots:
                if LOCAL_NAME[root.tag] == kind:
                    yield from self._flowing(name, root, FLOWING[kind], told)
        for name, root in roots:
            self._standing(name, root)
        self._variables()
        self._numbering()
        for part in ("textbox", "comment", "deleted", "hidden", "form", "image"):
            yield from self._later.get(part, ())
        yield from self._properties()
        yield from self._parts.embedded(self._parts.related(self._main, *_EMBEDDED_RELATIONS))

    def residue(self, told: list[str]) -> Iterator[Block]:
        """Yield what the parts hold for people beside what was told."""
        return self._parts.residue(told)

    def pictures(self) -> Iterator[Picture]:
        """Yield the pictures whose text is to be recognised; of a document without text they are the pages."""
        for picture in pictures(self._parts, without_text=bool(self.silence())):
            self.shown = True
            yield picture

    def silence(self) -> list[Unread]:
        """Say so if the page holds no text: a scan pasted into a document, or nothing at all."""
        if self._has_text or self._later.get("textbox"):
            return []
        media = any("/media/" in name for name in self._parts.package.names)
        return [Unread.of(self._main, "no_text_layer" if media else "empty")]

    # Finding parts

    def _find_styles(self) -> Styles:
        """Return the styles; without those of a damaged part nothing is hidden by one."""
        name = posixpath.join(self._folder, "styles.xml")
        package = self._parts.package
        theme = next((package.packed(part) for part in self._parts.related(self._main, "theme")), None)
        try:
            return styles.styles_of(package.packed(name) if name in package else None, theme)
        except ReadError as error:
            self._parts.miss(name, error)
            return styles.styles_of(None, None)

    def _find_unshown(self, content: bytes) -> dict[str, Concealment]:
        """Return the headers and footers that no page shows, given the bytes of the body."""
        edges = {one.id: one for one in self._parts.relations(self._main) if one.kind in EDGES and not one.external}
        if not edges:
            return {}
        found = unshown(content, {name: one.kind for name, one in edges.items()}, self._settings)
        shown = {one.target for name, one in edges.items() if name not in found}
        return {edges[name].target: mark for name, mark in found.items() if edges[name].target not in shown}

    def _settings(self) -> bytes:
        name = posixpath.join(self._folder, "settings.xml")
        return self._parts.content(name) if name in self._parts.package else b""

    def _other_roots(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield the trees of all parts but the body that may hold text."""
        text = {relation.target for relation in self._parts.relations(self._main) if relation.kind in _TEXT_RELATIONS}
        aside = {self._main, *self._parts.property_parts}
        for name in self._parts.package.names:
            readable = name in text or _may_say(name)
            if not readable or name in aside or (name not in text and is_stored(name) and self._says_nothing(name)):
                continue
            root = self._parts.tree(name)
            if root is not None:
                yield name, root

    def _says_nothing(self, name: str) -> bool:
        """Tell whether nothing is to be told of a part that a program has stored; a damaged one is noted."""
        if any(relation.external for relation in self._parts.relations(name)):
            return False
        return self._parts.asked(name, is_bare) is not False

    # Reading parts

    def _walker(self, part: str, *, paged: bool = False) -> Walker:
        return Walker(part, self._tables, self._styles, paged=paged)

    def _keep(self, name: str, walker: Walker) -> None:
        """Put aside what comes later, and the addresses the part links to."""
        walker.end()
        for relation in self._parts.relations(name):
            if relation.external and tells(relation.target):
                walker.tell(relation.target, LINK_TARGET)
        for part, blocks in walker.later.items():
            self._later.setdefault(part, []).extend(blocks)

    def _body(self) -> Iterator[Block]:
        content = self._parts.content(self._main)
        root = self._parts.parsed(self._main, content)
        self._unshown = self._find_unshown(content)
        if (page := of_page(content)) and b"displayBackgroundShape" in self._settings():
            self._styles.page = page
        if root is not None:
            walker = self._walker("body", paged=b"lastRenderedPageBreak" in content)
            yield from walker.blocks(root)
            self._has_text = walker.has_text
            self._keep(self._main, walker)

    def _flowing(
        self, name: str, root: etree._Element, part: str, told: set[tuple[tuple[str, str | None], ...]]
    ) -> Iterator[Block]:
        """Yield a header, footer or the notes unless the same was told: first, odd and even pages repeat them."""
        walker = self._walker(part)
        blocks = list(walker.blocks(root))
        everything = (*blocks, *itertools.chain.from_iterable(walker.later.values()))
        gist = tuple((block.text, block.hidden) for block in everything)
        if gist not in told:
            told.add(gist)
            mark = self._unshown.get(name)
            if mark and is_substantial("".join(block.text for block in blocks)):
                blocks = [concealed(block, str(mark.hidden), mark.note) for block in blocks]
            yield from blocks
            self._keep(name, walker)

    def _standing(self, name: str, root: etree._Element) -> None:
        """Put aside what stands beside the flow of text: comments, building blocks, charts, stored data."""
        kind = LOCAL_NAME[root.tag]
        if kind in FLOWING or kind in SILENT_ROOTS:
            return
        walker = self._walker("hidden")
        if kind in DRAWN:
            walker.later["textbox"] += [Block(text, Location(part="textbox")) for text in chart_texts(root)]
        else:
            STANDING.get(kind, stored_data)(root, walker)
        self._keep(name, walker)

    def _variables(self) -> None:
        """Put aside the document variables: texts that macros and templates leave in the settings."""
        name = posixpath.join(self._folder, "settings.xml")
        content = self._parts.asked(name, _with_variables) if name in self._parts.package else b""
        root = self._parts.parsed(name, content) if content else None
        if root is None:
            return
        walker = self._walker("hidden")
        for variable in descendants(root, "docVar"):
            tell_stored(attribute(variable, "val"), walker)
        self._later.setdefault("hidden", []).extend(walker.later["hidden"])

    def _numbering(self) -> None:
        """Put aside the words that automatic numbering sets in front of paragraphs, but for the usual ones."""
        name = posixpath.join(self._folder, "numbering.xml")
        texts = self._parts.asked(name, _level_words) if name in self._parts.package else ()
        boxes = [Block(text, Location(part="textbox")) for text in texts or ()]
        if boxes:
            self._later.setdefault("textbox", []).extend(boxes)

    def _properties(self) -> Iterator[Block]:
        yield from self._parts.properties()
        for relation in self._parts.relations(posixpath.join(self._folder, "settings.xml")):
            if relation.kind == "attachedTemplate":
                yield from metadata("模板", relation.target)


@functools.lru_cache(maxsize=1_024)
def _may_say(name: str) -> bool:
    """Tell whether a part may hold text by its name. The parts of all documents have much the same names."""
    return name.lower().endswith(".xml") and not _SILENT.search(name)


def _with_variables(settings: bytes) -> bytes:
    """Return the settings if they hold document variables."""
    return settings if b"docVar" in settings else b""


def _level_words(numbering: bytes) -> tuple[str, ...]:
    """Return the words that automatic numbering sets in front of paragraphs, but for the usual ones."""
    texts = (html.unescape(found[1].decode("utf-8", "replace")) for found in _LEVEL_TEXT.finditer(numbering))
    bare = dict.fromkeys(_LEVEL_NUMBER.sub(" ", text).strip() for text in texts)
    return tuple(text for text in bare if _LEVEL_WORDS.search(text))
