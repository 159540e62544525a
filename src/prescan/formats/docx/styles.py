"""Styles of WordprocessingML: the formatting they give to text, its background, and whether they hide it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

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
    theme_colours,
)
from prescan.formats.docx.layout import table_style
from prescan.formats.docx.style_sheet import WHITE, WHOLE_TABLE, StyleSheet
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.zip_directory import PackedPart


class Styles:
    """What may hide the text of one document: its styles and the colour of its pages."""

    def __init__(self, sheet: StyleSheet) -> None:
        """`sheet`: may be shared with other documents."""
        self._sheet = sheet
        self.page = WHITE
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
            WHOLE_TABLE,
            *(self._conditions_of.conditions_of(cell, table) if len(formats) > 1 or WHOLE_TABLE not in formats else ()),
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
