"""The styles of a docx as they are defined: which of them may hide text, and the format each gives."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from prescan.formats.colour import is_white
from prescan.formats.concealment import child
from prescan.formats.docx import table_conditions
from prescan.formats.docx.formatting import (
    UNSPECIFIED,
    TextFormat,
    concealment_of,
    merged,
    paragraph_format,
    run_format,
    shading,
)
from prescan.formats.package import LOCAL_NAME, ON, attribute, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree


#: Anything in styles that may hide text. Few documents have it, and parsing styles takes long.
_MAY_HIDE: Final = re.compile(
    rb'vanish|val="(?:[Ff][0-9A-Fa-f]){3}"|background1|light1|:sz w:val="[1-3]"|w:shd |w:line="[0-9]{1,2}"'
    rb"|textFill"
)
#: The same for table styles, which often set the colour of text and background together.
_MAY_HIDE_IN_TABLES: Final = re.compile(
    rb'vanish|color [^<>]*(?:val="(?:[Ff][0-9A-Fa-f]){3}"|background1|light1|0000")|:sz w:val="[1-3]"|textFill'
)
_STYLE: Final = b"<w:style "
_TABLE: Final = b'"table"'
_BASED_ON: Final = re.compile(rb'<w:basedOn w:val="([^"<>]*)"')
DEFAULT_STYLE: Final = ""
WHOLE_TABLE: Final = "wholeTable"
WHITE: Final = "FFFFFF"


class StyleSheet:
    """The styles part of a document, shared by all documents with the same one; styles with their ancestors merged."""

    def __init__(self, styles: bytes, theme: Mapping[str, str]) -> None:
        """`styles`: the bytes of the part, which are parsed only if a style may matter; `theme`: colours by name."""
        self.theme = theme
        self._bytes = styles
        self._hiding_tables: dict[str, bool] = {}

    @functools.cached_property
    def hides(self) -> bool:
        """Whether any paragraph or character style may hide text."""
        texts = b"".join([style for style in self._bytes.split(_STYLE) if _TABLE not in style[:80]])
        if not (self._has_pale_colours or _MAY_HIDE.search(texts)):
            return False
        kinds = [self.defaults, *map(self.format_of, self._styles)]
        return any(
            concealment_of(
                merged(self.defaults, text_format), text_format.background or text_format.block_background or WHITE
            )
            for text_format in kinds
        )

    @functools.cached_property
    def _has_pale_colours(self) -> bool:
        """Whether the theme has a white colour that is meant to be seen on white."""
        return any(is_white(colour) for name, colour in self.theme.items() if name not in {"lt1", "lt2"})

    def hides_in(self, name: str) -> bool:
        """Return whether a table style may hide the text of some cells. Few do, so its bytes are searched first."""
        if name not in self._hiding_tables:
            formats = (
                self.table_formats_of(name)
                if self._has_pale_colours or _MAY_HIDE_IN_TABLES.search(self._bytes_of(name))
                else {}
            )
            stacks = (
                [formats.get(kind, UNSPECIFIED) for kind in table_conditions.implied_conditions(kind)]
                for kind in formats
            )
            merged_formats = [
                functools.reduce(merged, below, formats.get(WHOLE_TABLE, UNSPECIFIED)) for below in stacks
            ]
            self._hiding_tables[name] = any(
                concealment_of(one, one.block_background or WHITE) for one in merged_formats
            )
        return self._hiding_tables[name]

    def _bytes_of(self, name: str) -> bytes:
        """Return the bytes of a style and its ancestors; those of the whole part if it is written in an unusual way."""
        found = re.search(rb'w:styleId="%s"' % re.escape(name.encode()), self._bytes)
        if found is None or self._bytes.find(_STYLE) < 0:
            return self._bytes
        style = self._bytes[found.start() : self._bytes.find(_STYLE, found.end())]
        parent = _BASED_ON.search(style)
        return style + (self._bytes if parent and parent[1] not in {b"TableNormal", name.encode()} else b"")

    @functools.cached_property
    def _root(self) -> etree._Element:
        return parsed(self._bytes)

    @functools.cached_property
    def _styles(self) -> dict[str, etree._Element]:
        """The styles by id; "" is the default paragraph style."""
        found: dict[str, etree._Element] = {}
        for style in self._root:
            if LOCAL_NAME[style.tag] == "style":
                found[attribute(style, "styleId")] = style
                if attribute(style, "type") == "paragraph" and attribute(style, "default") in ON:
                    found[DEFAULT_STYLE] = style
        return found

    @functools.cached_property
    def defaults(self) -> TextFormat:
        """The format in `docDefaults`."""
        defaults = child(self._root, "docDefaults")
        text_format = UNSPECIFIED
        for holder, settings in (("rPrDefault", "rPr"), ("pPrDefault", "pPr")):
            element = None if defaults is None else child(defaults, holder)
            inner = None if element is None else child(element, settings)
            text_format = merged(text_format, specified(inner, self.theme))
        return text_format

    @functools.cached_property
    def _text_formats(self) -> dict[str, TextFormat]:
        return {}

    def format_of(self, name: str) -> TextFormat:
        """Return the format of a paragraph or character style, with that of its ancestors."""
        if name not in self._text_formats:
            text_format = UNSPECIFIED
            for style in self._with_ancestors(name):
                own = merged(specified(child(style, "pPr"), self.theme), specified(child(style, "rPr"), self.theme))
                text_format = merged(own, text_format)
            self._text_formats[name] = (
                text_format if attribute(self._styles.get(name, self._root), "type") != "table" else UNSPECIFIED
            )
        return self._text_formats[name]

    @functools.cached_property
    def _table_formats(self) -> dict[str, dict[str, TextFormat]]:
        return {}

    def table_formats_of(self, name: str) -> dict[str, TextFormat]:
        """Return the formats of a table style: of all cells, and by conditions such as `firstRow`."""
        if name not in self._table_formats:
            found: dict[str, TextFormat] = {}
            table_styles = [style for style in self._with_ancestors(name) if attribute(style, "type") == "table"]
            for style in table_styles:
                for kind, holder in _conditions(style):
                    found[kind] = merged(self._table_style_format(holder), found.get(kind, UNSPECIFIED))
            self._table_formats[name] = {
                kind: text_format for kind, text_format in found.items() if text_format != UNSPECIFIED
            }
        return self._table_formats[name]

    def _table_style_format(self, holder: etree._Element) -> TextFormat:
        """Return the format of text and cells in a table style or in one of its conditions."""
        text_format = merged(specified(child(holder, "pPr"), self.theme), specified(child(holder, "rPr"), self.theme))
        for settings in ("tblPr", "tcPr"):
            element = child(holder, settings)
            painted = None if element is None else child(element, "shd")
            if painted is not None and (fill := shading(painted, self.theme)) is not None:
                text_format = text_format._replace(block_background=fill)
        return text_format

    def _with_ancestors(self, name: str) -> Iterator[etree._Element]:
        """Yield a style and its ancestors (`basedOn`); a cycle ends."""
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            yield self._styles[name]
            seen.add(name)
            parent = child(self._styles[name], "basedOn")
            name = "" if parent is None else attribute(parent, "val")
            if not name:
                return


def specified(settings: etree._Element | None, theme: Mapping[str, str]) -> TextFormat:
    """Return the format that the properties of a paragraph or a run specify."""
    if settings is None:
        return UNSPECIFIED
    return paragraph_format(settings, theme) if LOCAL_NAME[settings.tag] == "pPr" else run_format(settings, theme)


def _conditions(style: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield the conditions of a table style with their elements, first the style itself."""
    yield WHOLE_TABLE, style
    for part in style:
        if LOCAL_NAME[part.tag] == "tblStylePr":
            yield attribute(part, "type"), part
