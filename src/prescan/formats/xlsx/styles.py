"""Styles of a workbook, as far as they affect the text of a cell: show it as a date, pad it with zeros, hide it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.colour import BLACK_ON_BLACK, SAME_AS_BACKGROUND, background_concealment, is_white
from prescan.formats.concealment import TINY, WHITE, Concealment, child
from prescan.formats.drawingml import parse_int
from prescan.formats.package import LOCAL_NAME, attribute
from prescan.formats.xlsx.colours import DEFAULT_THEME, fill_colour, has_coloured_fill, parse_colour
from prescan.formats.xlsx.values import DateFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

IN_CELLS: Final = {
    WHITE: Concealment("hidden", "hidden_text", "单元格内有白色文字"),
    TINY: Concealment("hidden", "hidden_text", "单元格内有极小文字"),
}
BLANK: Final = Concealment("hidden", "hidden_text", "数字格式设为不显示的内容")


class Style(NamedTuple):
    """The effect of a style on the text of a cell."""

    moment: DateFormat | None = None
    zeros: int = 0
    """Numbers are padded with zeros to this length."""
    concealment: Concealment | None = None
    """Why the text cannot be seen."""
    conceals_numbers_only: bool = False
    conceals_words_only: bool = False
    coloured: bool = False
    """White text can be read on its fill."""


PLAIN: Final = Style()
_DATE, _TIME, _BOTH = (
    DateFormat(day=True, time=False),
    DateFormat(day=False, time=True),
    DateFormat(day=True, time=True),
)
#: Built-in date formats by number; 27 to 36 and 50 to 58 as in Chinese programs.
_BUILT_IN: Final[dict[int, DateFormat]] = {
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), _DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), _TIME),
    22: _BOTH,
    46: DateFormat(day=False, time=True, elapsed=True),
}
#: In a format code: quoted and escaped characters, conditions and colours (but not elapsed hours), AM/PM.
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|AM/PM|A/P', re.IGNORECASE)
#: A placeholder for the value in a section of a format code; a section without one does not show the value.
_PLACEHOLDER: Final = re.compile(r"[0#?@ymdhsgeba]")
_WHITE_CODE: Final = re.compile(r"\[(?:white|白色?)\]", re.IGNORECASE)
_TEXT_SECTION: Final = 3
_TINY_POINTS: Final = 1.5
_ZEROS: Final = re.compile(r"0{2,20}")


def styles(root: etree._Element | None, theme: Sequence[str] = DEFAULT_THEME) -> dict[str, Style]:
    """Return the styles that affect text, by the index that cells refer to; `theme`: its colours."""
    if root is None:
        return {}
    codes = {attribute(code, "numFmtId"): attribute(code, "formatCode") for code in _children(root, "numFmts")}
    font_concealments = [_font_concealment(font, theme) for font in _children(root, "fonts")]
    coloured_fills = [has_coloured_fill(fill, theme) for fill in _children(root, "fills")]
    font_colours = [parse_colour(child(font, "color"), theme) for font in _children(root, "fonts")]
    fill_colours = [fill_colour(fill, theme) for fill in _children(root, "fills")]
    found: dict[str, Style] = {}
    for index, xf in enumerate(_children(root, "cellXfs")):
        style = _format(attribute(xf, "numFmtId"), codes)
        font, fill = parse_int(attribute(xf, "fontId")), parse_int(attribute(xf, "fillId"))
        concealment = font_concealments[font] if 0 <= font < len(font_concealments) else None
        coloured = 0 <= fill < len(coloured_fills) and coloured_fills[fill]
        style = style._replace(coloured=coloured)
        if coloured and 0 <= font < len(font_colours):
            concealment = _same_colour(font_colours[font], fill_colours[fill]) or concealment
        if concealment in {TINY, BLACK_ON_BLACK, SAME_AS_BACKGROUND} or (concealment is WHITE and not coloured):
            style = style._replace(concealment=concealment, conceals_numbers_only=False, conceals_words_only=False)
        elif style.concealment is WHITE and coloured:
            style = style._replace(concealment=None)
        if style != PLAIN:
            found[str(index)] = style
    return found


def style_of_code(code: str) -> Style:
    """Return the effect of a number format, given its code."""
    return _format("", {"": code})


def conditional_concealments(
    root: etree._Element | None, theme: Sequence[str] = DEFAULT_THEME
) -> dict[str, Concealment]:
    """Return the conditional formats that hide the text of a cell, by the index that rules refer to."""
    found: dict[str, Concealment] = {}
    for index, dxf in enumerate([] if root is None else _children(root, "dxfs")):
        font, code, fill = (child(dxf, name) for name in ("font", "numFmt", "fill"))
        if code is not None and style_of_code(attribute(code, "formatCode")).concealment:
            found[str(index)] = BLANK
        elif font is not None:
            font_colours = (
                parse_colour(colour_element, theme) if (colour_element := child(font, "color")) is not None else ""
            )
            concealment = _font_concealment(font, theme) if fill is None else None
            fill_colour_ = "" if fill is None else fill_colour(fill, theme, of_condition=True)
            if concealment := concealment or _same_colour(font_colours, fill_colour_):
                found[str(index)] = concealment
    return found


def _children(root: etree._Element, name: str) -> list[etree._Element]:
    found = child(root, name)
    return [] if found is None else list(found)


def _format(identifier: str, codes: dict[str, str]) -> Style:
    """Return the effect of a number format; the workbook's own code comes before the built-in one."""
    if identifier not in codes:
        return Style(_BUILT_IN.get(parse_int(identifier)))
    parts = _sections(codes[identifier])
    sections = [_LITERAL.sub("", section).strip().lower() for section in parts]
    numbers = not any(map(_PLACEHOLDER.search, sections[:2]))
    words = len(sections) > _TEXT_SECTION and not _PLACEHOLDER.search(sections[_TEXT_SECTION])
    if numbers or words:
        return Style(concealment=BLANK, conceals_numbers_only=not words, conceals_words_only=not numbers)
    if all(map(_WHITE_CODE.search, parts)):
        return Style(concealment=WHITE)
    if _ZEROS.fullmatch(codes[identifier]):
        return Style(zeros=len(codes[identifier]))
    return Style(_moment(sections[0]))


def _sections(code: str) -> list[str]:
    """Return the sections of a format code, ignoring semicolons in quotes."""
    return re.sub(r'"[^"]*"', "", code).split(";")


def _moment(section: str) -> DateFormat | None:
    """Return what a section without its literals shows of a date; `m` is minutes beside hours or seconds."""
    time = "h" in section or "s" in section
    day = "y" in section or "d" in section or "aaa" in section or ("m" in section and not time)
    return DateFormat(day, time, "[" in section) if (day or time) and "general" not in section else None


def concealment_in_runs(string: etree._Element) -> Concealment | None:
    """Return why a run of a rich string cannot be seen, None if all can."""
    for run in string if len(string) > 1 else ():
        properties, text = child(run, "rPr"), child(run, "t")
        concealment = None if properties is None else _font_concealment(properties)
        if concealment and text is not None and (text.text or "").strip():
            return IN_CELLS[concealment]
    return None


def _same_colour(font_colours: str, fill_colours: str) -> Concealment | None:
    """Return the concealment of text in the colour of its fill, even if both are known only by the same name."""
    if not (font_colours and fill_colours):
        return None
    return background_concealment(font_colours, fill_colours) or (
        SAME_AS_BACKGROUND if font_colours == fill_colours else None
    )


def _font_concealment(font: etree._Element, theme: Sequence[str] = DEFAULT_THEME) -> Concealment | None:
    for setting in font:
        name = LOCAL_NAME[setting.tag]
        if name == "color" and is_white(parse_colour(setting, theme)):
            return WHITE
        if name == "sz" and _is_tiny(attribute(setting, "val")):
            return TINY
    return None


def _is_tiny(points: str) -> bool:
    try:
        return float(points) <= _TINY_POINTS
    except ValueError:
        return False
