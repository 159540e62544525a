"""Styles of WordprocessingML: how the text looks that they are given to, and on what it stands."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from prescan.formats.colour import is_white
from prescan.formats.concealment import child
from prescan.formats.docx import bands, ground
from prescan.formats.docx.layout import style_of_table
from prescan.formats.docx.looks import (
    NOTHING,
    TELLING,
    USUAL_THEME,
    Looks,
    judged,
    of_paragraph,
    of_settings,
    over,
    shade,
    theme_of,
)
from prescan.formats.docx.marks import style_of
from prescan.formats.package import LOCAL_NAME, ON, attribute, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.zip_directory import PackedPart

#: Something that may hide text: few styles hold it, and parsing them takes long.
_HIDING: Final = re.compile(
    rb'vanish|val="(?:[Ff][0-9A-Fa-f]){3}"|background1|light1|:sz w:val="[1-3]"|w:shd |w:line="[0-9]{1,2}"'
    rb"|textFill"
)
#: Of the styles of tables, which colour the ground together with the text.
_HIDING_IN_TABLES: Final = re.compile(
    rb'vanish|color [^<>]*(?:val="(?:[Ff][0-9A-Fa-f]){3}"|background1|light1|0000")|:sz w:val="[1-3]"|textFill'
)
_STYLE: Final = b"<w:style "
_TABLE: Final = b'"table"'
_BASED_ON: Final = re.compile(rb'<w:basedOn w:val="([^"<>]*)"')
_DEFAULT: Final = ""
_WHOLE: Final = "wholeTable"
_WHITE: Final = "FFFFFF"


class Sheet:
    """The styles of a document, and of all that have the same: what each says with those it is based on."""

    def __init__(self, styles: bytes, theme: Mapping[str, str]) -> None:
        """`styles`: the bytes of the part, which are only parsed where a style may matter."""
        self.theme = theme
        self._bytes = styles
        self._hiding_tables: dict[str, bool] = {}

    @functools.cached_property
    def hides(self) -> bool:
        """Whether any style of paragraphs or characters may hide text."""
        texts = b"".join([style for style in self._bytes.split(_STYLE) if _TABLE not in style[:80]])
        if not (self._odd or _HIDING.search(texts)):
            return False
        kinds = [self.defaults, *map(self.text, self._styles)]
        return any(judged(over(self.defaults, looks), looks.ground or looks.field or _WHITE) for looks in kinds)

    @functools.cached_property
    def _odd(self) -> bool:
        """Whether colours that should be seen on white are white."""
        return any(is_white(colour) for name, colour in self.theme.items() if name not in {"lt1", "lt2"})

    def hides_in(self, name: str) -> bool:
        """Tell whether a style of tables may hide the text of some cells. Few do, so its bytes are asked first."""
        if name not in self._hiding_tables:
            said = self.table(name) if self._odd or _HIDING_IN_TABLES.search(self._bytes_of(name)) else {}
            places = ([said.get(kind, NOTHING) for kind in bands.beneath(kind)] for kind in said)
            looks = [functools.reduce(over, below, said.get(_WHOLE, NOTHING)) for below in places]
            self._hiding_tables[name] = any(judged(one, one.field or _WHITE) for one in looks)
        return self._hiding_tables[name]

    def _bytes_of(self, name: str) -> bytes:
        """Return the bytes of a style and of those it is based on; of all styles if they are written in another way."""
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
        """The styles by their ids; the one that paragraphs without a style have is called "" too."""
        found: dict[str, etree._Element] = {}
        for style in self._root:
            if LOCAL_NAME[style.tag] == "style":
                found[attribute(style, "styleId")] = style
                if attribute(style, "type") == "paragraph" and attribute(style, "default") in ON:
                    found[_DEFAULT] = style
        return found

    @functools.cached_property
    def defaults(self) -> Looks:
        """What holds for all text of which nothing else is said."""
        said = child(self._root, "docDefaults")
        looks = NOTHING
        for holder, settings in (("rPrDefault", "rPr"), ("pPrDefault", "pPr")):
            held = None if said is None else child(said, holder)
            inner = None if held is None else child(held, settings)
            looks = over(looks, _said(inner, self.theme))
        return looks

    @functools.cached_property
    def _texts(self) -> dict[str, Looks]:
        return {}

    def text(self, name: str) -> Looks:
        """Return what a style of paragraphs or characters says of text, with those it is based on."""
        if name not in self._texts:
            looks = NOTHING
            for style in self._line(name):
                own = over(_said(child(style, "pPr"), self.theme), _said(child(style, "rPr"), self.theme))
                looks = over(own, looks)
            self._texts[name] = looks if attribute(self._styles.get(name, self._root), "type") != "table" else NOTHING
        return self._texts[name]

    @functools.cached_property
    def _tables(self) -> dict[str, dict[str, Looks]]:
        return {}

    def table(self, name: str) -> dict[str, Looks]:
        """Return what a style of tables says of the text in its cells; of some cells by names like `firstRow`."""
        if name not in self._tables:
            found: dict[str, Looks] = {}
            line = [style for style in self._line(name) if attribute(style, "type") == "table"]
            for style in line:
                for kind, holder in _conditions(style):
                    found[kind] = over(self._of_cells(holder), found.get(kind, NOTHING))
            self._tables[name] = {kind: looks for kind, looks in found.items() if looks != NOTHING}
        return self._tables[name]

    def _of_cells(self, holder: etree._Element) -> Looks:
        """Return what a style of tables, or one of its conditions, says of text and of the cells it stands in."""
        looks = over(_said(child(holder, "pPr"), self.theme), _said(child(holder, "rPr"), self.theme))
        for settings in ("tblPr", "tcPr"):
            held = child(holder, settings)
            painted = None if held is None else child(held, "shd")
            if painted is not None and (fill := shade(painted, self.theme)) is not None:
                looks = looks._replace(field=fill)
        return looks

    def _line(self, name: str) -> Iterator[etree._Element]:
        """Yield a style and those it is based on; a circle ends."""
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            yield self._styles[name]
            seen.add(name)
            parent = child(self._styles[name], "basedOn")
            name = "" if parent is None else attribute(parent, "val")
            if not name:
                return


def _said(settings: etree._Element | None, theme: Mapping[str, str]) -> Looks:
    if settings is None:
        return NOTHING
    return of_paragraph(settings, theme) if LOCAL_NAME[settings.tag] == "pPr" else of_settings(settings, theme)


def _conditions(style: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield a style of tables, and the parts of it that are for some of the cells."""
    yield _WHOLE, style
    for part in style:
        if LOCAL_NAME[part.tag] == "tblStylePr":
            yield attribute(part, "type"), part


class Styles:
    """What hides the text of one document: its styles, and the colour of its pages."""

    def __init__(self, sheet: Sheet) -> None:
        """`sheet`: shared by all documents with the same styles."""
        self._sheet = sheet
        self.page = _WHITE
        """The colour of the pages, six digits."""
        self.hides = sheet.hides
        self._places = bands.Places()

    def hides_in(self, table: etree._Element) -> bool:
        """Tell whether the style of a table may hide the text of some cells."""
        style = style_of_table(table)
        return style != "" and self._sheet.hides_in(style)

    def around(self, paragraph: etree._Element, *, tabled: bool) -> Looks | None:
        """Return what the styles say of the text of a paragraph; None if no style hides anything.

        `tabled`: it stands in a table whose style may hide text.
        """
        if not (self.hides or tabled):
            return None
        looks = over(self._sheet.defaults, self._of_cell(paragraph))
        looks = over(looks, self._sheet.text(style_of(paragraph)))
        if looks.low and (settings := child(paragraph, "pPr")) is not None:
            looks = over(looks, of_paragraph(settings, self._sheet.theme))
        return looks._replace(field=None)

    def hiding(self, run: etree._Element, around: Looks | None = None) -> Concealment | None:
        """Return the mark of a run that cannot be seen, or None; `around`: what styles say of its paragraph."""
        settings = next(iter(run), None)
        if settings is None or LOCAL_NAME[settings.tag] != "rPr":
            return None if around is None else self._judged(run, around)
        names = {LOCAL_NAME[setting.tag] for setting in settings}
        if TELLING.isdisjoint(names):
            return None if around is None else self._judged(run, around)
        looks = of_settings(settings, self._sheet.theme)
        if "rStyle" in names and (self.hides or around is not None):
            style = child(settings, "rStyle")
            looks = over(self._sheet.text("" if style is None else attribute(style, "val") or "?"), looks)
        return self._judged(run, looks if around is None else over(around, looks))

    def _judged(self, run: etree._Element, looks: Looks) -> Concealment | None:
        known = not looks.colour and not looks.pen  # then nobody asks for the ground
        return judged(looks, "" if known else self._behind(run, looks))

    def _behind(self, run: etree._Element, looks: Looks) -> str:
        """Return the colour a run stands on, "" if nobody knows it."""
        if looks.ground is not None:
            return looks.ground
        return ground.behind(run, self._sheet.theme, self.page, self._ask)

    def _ask(self, holder: etree._Element) -> str | None:
        """Return the colour that the style of a paragraph or a cell paints it with, or None."""
        if LOCAL_NAME[holder.tag] == "p":
            return self._sheet.text(style_of(holder)).field
        return self._of_cell(holder).field

    def _of_cell(self, inside: etree._Element) -> Looks:
        """Return what the style of the table says of the innermost cell around an element, or of the cell it is."""
        cell = inside
        while cell is not None and LOCAL_NAME[cell.tag] != "tc":
            if LOCAL_NAME[cell.tag] in {"body", "txbxContent"}:
                return NOTHING
            cell = cell.getparent()  # type: ignore[assignment]  # None ends it
        if cell is None:
            return NOTHING
        table = next((above for above in cell.iterancestors() if LOCAL_NAME[above.tag] == "tbl"), None)
        said = {} if table is None else self._sheet.table(style_of_table(table))
        if table is None or not said:
            return NOTHING
        looks = NOTHING
        for kind in (_WHOLE, *(self._places.of(cell, table) if len(said) > 1 or _WHOLE not in said else ())):
            looks = over(looks, said.get(kind, NOTHING))
        return looks


@functools.lru_cache(maxsize=16)
def _shared(styles: PackedPart | None, theme: PackedPart | None) -> Sheet:
    """Return the styles of a document. The documents of an office share their templates' styles."""
    colours = {**USUAL_THEME, **(theme_of(theme.inflated()) if theme else {})}
    return Sheet(styles.inflated() if styles else b"<styles/>", colours)


def styles_of(styles: PackedPart | None, theme: PackedPart | None) -> Styles:
    """Return the styles of a document, given the parts that hold them and their colours.

    Raises ReadError if a part is damaged.
    """
    return Styles(_shared(styles, theme))
