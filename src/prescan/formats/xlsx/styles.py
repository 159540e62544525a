"""What the styles of a workbook do to a cell's text: show it as a date, pad it with zeros, hide it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.colour import BLACK_ON_BLACK, SAME_AS_BACKGROUND, background_concealment, is_white
from prescan.formats.concealment import TINY, WHITE, Concealment, child
from prescan.formats.drawingml import parse_int
from prescan.formats.package import LOCAL_NAME, attribute
from prescan.formats.xlsx.colours import USUAL, colour_of, fill_of, is_painted
from prescan.formats.xlsx.values import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

_PARTLY: Final = {
    WHITE: Concealment("hidden", "hidden_text", "单元格内有白色文字"),
    TINY: Concealment("hidden", "hidden_text", "单元格内有极小文字"),
}
_BLANK: Final = Concealment("hidden", "hidden_text", "数字格式设为不显示的内容")


class Style(NamedTuple):
    """What a style does to the text of a cell."""

    moment: Moment | None = None
    zeros: int = 0
    """Numbers are filled up with zeros to this length."""
    veil: Concealment | None = None
    """Why the text cannot be seen."""
    veils_numbers_only: bool = False
    veils_words_only: bool = False
    painted: bool = False
    """Its ground is coloured: on it white can be read."""


PLAIN: Final = Style()
_DATE, _TIME, _BOTH = Moment(day=True, time=False), Moment(day=False, time=True), Moment(day=True, time=True)
#: Formats that every program knows by their number; 27 to 36 and 50 to 58 as Chinese programs show them.
_KNOWN: Final[dict[int, Moment]] = {
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), _DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), _TIME),
    22: _BOTH,
    46: Moment(day=False, time=True, elapsed=True),
}
#: In a format code: quoted and escaped characters, conditions and colours (but not elapsed hours), AM/PM.
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|AM/PM|A/P', re.IGNORECASE)
#: What stands for the value in a section of a format code; a section without any shows nothing of it.
_PLACEHOLDER: Final = re.compile(r"[0#?@ymdhsgeba]")
_IN_WHITE: Final = re.compile(r"\[(?:white|白色?)\]", re.IGNORECASE)
_WORDS_AT: Final = 3
_TINY_POINTS: Final = 1.5
_ZEROS: Final = re.compile(r"0{2,20}")


def styles(root: etree._Element | None, theme: Sequence[str] = USUAL) -> dict[str, Style]:
    """Return the styles that do something to a text, by the index that cells give; `theme`: its colours."""
    if root is None:
        return {}
    codes = {attribute(code, "numFmtId"): attribute(code, "formatCode") for code in _list(root, "numFmts")}
    veils = [_veil(font, theme) for font in _list(root, "fonts")]
    grounds = [is_painted(fill, theme) for fill in _list(root, "fills")]
    written = [colour_of(child(font, "color"), theme) for font in _list(root, "fonts")]
    filled = [fill_of(fill, theme) for fill in _list(root, "fills")]
    found: dict[str, Style] = {}
    for index, xf in enumerate(_list(root, "cellXfs")):
        style = _format(attribute(xf, "numFmtId"), codes)
        font, fill = parse_int(attribute(xf, "fontId")), parse_int(attribute(xf, "fillId"))
        veil = veils[font] if 0 <= font < len(veils) else None
        painted = 0 <= fill < len(grounds) and grounds[fill]
        style = style._replace(painted=painted)
        if painted and 0 <= font < len(written):
            veil = _alike(written[font], filled[fill]) or veil
        if veil in {TINY, BLACK_ON_BLACK, SAME_AS_BACKGROUND} or (veil is WHITE and not painted):
            style = style._replace(veil=veil, veils_numbers_only=False, veils_words_only=False)
        elif style.veil is WHITE and painted:
            style = style._replace(veil=None)
        if style != PLAIN:
            found[str(index)] = style
    return found


def of_code(code: str) -> Style:
    """Return what a number format does, given its code."""
    return _format("", {"": code})


def conditional(root: etree._Element | None, theme: Sequence[str] = USUAL) -> dict[str, Concealment]:
    """Return the formats of conditions that hide what a cell says, by the index that rules give."""
    found: dict[str, Concealment] = {}
    for index, dxf in enumerate([] if root is None else _list(root, "dxfs")):
        font, code, fill = (child(dxf, name) for name in ("font", "numFmt", "fill"))
        if code is not None and of_code(attribute(code, "formatCode")).veil:
            found[str(index)] = _BLANK
        elif font is not None:
            written = colour_of(told, theme) if (told := child(font, "color")) is not None else ""
            veil = _veil(font, theme) if fill is None else None
            ground = "" if fill is None else fill_of(fill, theme, of_condition=True)
            if veil := veil or _alike(written, ground):
                found[str(index)] = veil
    return found


def _list(root: etree._Element, name: str) -> list[etree._Element]:
    found = child(root, name)
    return [] if found is None else list(found)


def _format(identifier: str, codes: dict[str, str]) -> Style:
    """Return what a number format does; a workbook's own code is told before the known one."""
    if identifier not in codes:
        return Style(_KNOWN.get(parse_int(identifier)))
    parts = _sections(codes[identifier])
    sections = [_LITERAL.sub("", section).strip().lower() for section in parts]
    numbers = not any(map(_PLACEHOLDER.search, sections[:2]))
    words = len(sections) > _WORDS_AT and not _PLACEHOLDER.search(sections[_WORDS_AT])
    if numbers or words:
        return Style(veil=_BLANK, veils_numbers_only=not words, veils_words_only=not numbers)
    if all(map(_IN_WHITE.search, parts)):
        return Style(veil=WHITE)
    if _ZEROS.fullmatch(codes[identifier]):
        return Style(zeros=len(codes[identifier]))
    return Style(_moment(sections[0]))


def _sections(code: str) -> list[str]:
    """Return the sections of a format code; a semicolon in quotes divides nothing."""
    return re.sub(r'"[^"]*"', "", code).split(";")


def _moment(section: str) -> Moment | None:
    """Tell what a section without its literals shows of a date; `m` is a minute beside hours or seconds."""
    time = "h" in section or "s" in section
    day = "y" in section or "d" in section or "aaa" in section or ("m" in section and not time)
    return Moment(day, time, "[" in section) if (day or time) and "general" not in section else None


def veil_of_runs(string: etree._Element) -> Concealment | None:
    """Return what hides a part of a string that is written in several ways."""
    for run in string if len(string) > 1 else ():
        properties, text = child(run, "rPr"), child(run, "t")
        veil = None if properties is None else _veil(properties)
        if veil and text is not None and (text.text or "").strip():
            return _PARTLY[veil]
    return None


def _alike(written: str, filled: str) -> Concealment | None:
    """Return the mark of a text in the colour of its fill, be it one that only its name tells."""
    if not (written and filled):
        return None
    return background_concealment(written, filled) or (SAME_AS_BACKGROUND if written == filled else None)


def _veil(font: etree._Element, theme: Sequence[str] = USUAL) -> Concealment | None:
    for setting in font:
        name = LOCAL_NAME[setting.tag]
        if name == "color" and is_white(colour_of(setting, theme)):
            return WHITE
        if name == "sz" and _is_tiny(attribute(setting, "val")):
            return TINY
    return None


def _is_tiny(points: str) -> bool:
    try:
        return float(points) <= _TINY_POINTS
    except ValueError:
        return False
