"""Styles of WordprocessingML: the formatting they give to text, its background, and whether they hide it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from prescan.formats.colour import is_white
from prescan.formats.concealment import child
from prescan.formats.docx import background, table_conditions
from prescan.formats.docx.concealments import paragraph_style
from prescan.formats.docx.formatting import (
    CONCEALING_SETTINGS,
    DEFAULT_THEME,
    UNSPECIFIED,
    TextFormat,
    concealment_of,
    merged,
    paragraph_format,
    run_format,
    shading,
    theme_colours,
)
from prescan.formats.docx.layout import table_style
from prescan.formats.package import LOCAL_NAME, ON, attribute, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.zip_directory import PackedPart

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
_DEFAULT_STYLE: Final = ""
_WHOLE_TABLE: Final = "wholeTable"
_WHITE: Final = "FFFFFF"


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
                merged(self.defaults, text_format), text_format.background or text_format.block_background or _WHITE
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
                functools.reduce(merged, below, formats.get(_WHOLE_TABLE, UNSPECIFIED)) for below in stacks
            ]
            self._hiding_tables[name] = any(
                concealment_of(one, one.block_background or _WHITE) for one in merged_formats
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
                    found[_DEFAULT_STYLE] = style
        return found

    @functools.cached_property
    def defaults(self) -> TextFormat:
        """The format in `docDefaults`."""
        defaults = child(self._root, "docDefaults")
        text_format = UNSPECIFIED
        for holder, settings in (("rPrDefault", "rPr"), ("pPrDefault", "pPr")):
            element = None if defaults is None else child(defaults, holder)
            inner = None if element is None else child(element, settings)
            text_format = merged(text_format, _specified(inner, self.theme))
        return text_format

    @functools.cached_property
    def _text_formats(self) -> dict[str, TextFormat]:
        return {}

    def format_of(self, name: str) -> TextFormat:
        """Return the format of a paragraph or character style, with that of its ancestors."""
        if name not in self._text_formats:
            text_format = UNSPECIFIED
            for style in self._with_ancestors(name):
                own = merged(_specified(child(style, "pPr"), self.theme), _specified(child(style, "rPr"), self.theme))
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
        text_format = merged(_specified(child(holder, "pPr"), self.theme), _specified(child(holder, "rPr"), self.theme))
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


def _specified(settings: etree._Element | None, theme: Mapping[str, str]) -> TextFormat:
    if settings is None:
        return UNSPECIFIED
    return paragraph_format(settings, theme) if LOCAL_NAME[settings.tag] == "pPr" else run_format(settings, theme)


def _conditions(style: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield the conditions of a table style with their elements, first the style itself."""
    yield _WHOLE_TABLE, style
    for part in style:
        if LOCAL_NAME[part.tag] == "tblStylePr":
            yield attribute(part, "type"), part


class Styles:
    """What may hide the text of one document: its styles and the colour of its pages."""

    def __init__(self, sheet: StyleSheet) -> None:
        """`sheet`: may be shared with other documents."""
        self._sheet = sheet
        self.page = _WHITE
        """The colour of the pages, six hexadecimal digits."""
        self.hides = sheet.hides
        self._conditions_of = table_conditions.TableConditions()

    def hides_in(self, table: etree._Element) -> bool:
        """Return whether the style of a table may hide the text of some cells."""
        style = table_style(table)
        return style != "" and self._sheet.hides_in(style)

    def inherited_format(self, paragraph: etree._Element, *, tabled: bool) -> TextFormat | None:
        """Return the format that styles give to the text of a paragraph; None if no style may hide anything.

        `tabled`: it is in a table whose style may hide text.
        """
        if not (self.hides or tabled):
            return None
        text_format = merged(self._sheet.defaults, self._cell_format(paragraph))
        text_format = merged(text_format, self._sheet.format_of(paragraph_style(paragraph)))
        if text_format.low_lines and (settings := child(paragraph, "pPr")) is not None:
            text_format = merged(text_format, paragraph_format(settings, self._sheet.theme))
        return text_format._replace(block_background=None)

    def concealment_of_run(self, run: etree._Element, inherited_format: TextFormat | None = None) -> Concealment | None:
        """Return why a run cannot be seen, None if it can; `inherited_format`: as returned for its paragraph."""
        settings = next(iter(run), None)
        if settings is None or LOCAL_NAME[settings.tag] != "rPr":
            return None if inherited_format is None else self._run_concealment(run, inherited_format)
        names = {LOCAL_NAME[setting.tag] for setting in settings}
        if CONCEALING_SETTINGS.isdisjoint(names):
            return None if inherited_format is None else self._run_concealment(run, inherited_format)
        text_format = run_format(settings, self._sheet.theme)
        if "rStyle" in names and (self.hides or inherited_format is not None):
            style = child(settings, "rStyle")
            text_format = merged(
                self._sheet.format_of("" if style is None else attribute(style, "val") or "?"), text_format
            )
        return self._run_concealment(
            run, text_format if inherited_format is None else merged(inherited_format, text_format)
        )

    def _run_concealment(self, run: etree._Element, text_format: TextFormat) -> Concealment | None:
        irrelevant = not text_format.colour and not text_format.highlighted  # the background does not matter
        return concealment_of(text_format, "" if irrelevant else self._background(run, text_format))

    def _background(self, run: etree._Element, text_format: TextFormat) -> str:
        """Return the colour behind a run, "" if unknown."""
        if text_format.background is not None:
            return text_format.background
        return background.background_of_run(run, self._sheet.theme, self.page, self._style_shading)

    def _style_shading(self, holder: etree._Element) -> str | None:
        """Return the shading that the style of a paragraph or cell gives it, None if none."""
        if LOCAL_NAME[holder.tag] == "p":
            return self._sheet.format_of(paragraph_style(holder)).block_background
        return self._cell_format(holder).block_background

    def _cell_format(self, inside: etree._Element) -> TextFormat:
        """Return the format that a table style gives to a cell, or to the innermost cell around an element."""
        cell = inside
        while cell is not None and LOCAL_NAME[cell.tag] != "tc":
            if LOCAL_NAME[cell.tag] in {"body", "txbxContent"}:
                return UNSPECIFIED
            cell = cell.getparent()  # type: ignore[assignment]  # None ends it
        if cell is None:
            return UNSPECIFIED
        table = next((above for above in cell.iterancestors() if LOCAL_NAME[above.tag] == "tbl"), None)
        formats = {} if table is None else self._sheet.table_formats_of(table_style(table))
        if table is None or not formats:
            return UNSPECIFIED
        text_format = UNSPECIFIED
        for kind in (
            _WHOLE_TABLE,
            *(
                self._conditions_of.conditions_of(cell, table)
                if len(formats) > 1 or _WHOLE_TABLE not in formats
                else ()
            ),
        ):
            text_format = merged(text_format, formats.get(kind, UNSPECIFIED))
        return text_format


@functools.lru_cache(maxsize=16)
def _cached_sheet(styles: PackedPart | None, theme: PackedPart | None) -> StyleSheet:
    """Return the styles of a document. Cached: the documents of an office share the styles of their templates."""
    colours = {**DEFAULT_THEME, **(theme_colours(theme.inflated()) if theme else {})}
    return StyleSheet(styles.inflated() if styles else b"<styles/>", colours)


def styles_of(styles: PackedPart | None, theme: PackedPart | None) -> Styles:
    """Return the styles of a document, given its styles part and its theme part.

    Raises ReadError if a part is damaged.
    """
    return Styles(_cached_sheet(styles, theme))
