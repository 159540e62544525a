"""What WordprocessingML says about a text beside the text itself: revised, hidden, commented; texts in attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.colour import CLEAR, ON_DARK, ON_SAME, colour_of, is_dark, is_like
from prescan.formats.docx.ground import ground_of, stands_on_white
from prescan.formats.marks import STORED_DATA, TINY, WHITE, Mark, child, signed
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree


VANISHED: Final = Mark("hidden", "hidden_text", "隐藏文字")
HIDING: Final = (VANISHED, WHITE, TINY, ON_DARK, ON_SAME, CLEAR)
FIELD_CODE: Final = Mark("hidden", "hidden_text", "域代码")
BUILDING_BLOCK: Final = Mark("hidden", "hidden_text", "自动图文集中的文字")

_PICTURE: Final = Mark("image", None)
_CHOICE: Final = Mark("form", None)
_WORD_ART: Final = Mark("textbox", None)
_CONTROL: Final = Mark("hidden", "hidden_text", "内容控件的标题")
_PROMPT: Final = Mark("hidden", "hidden_text", "提示文字")

#: Texts that stand in attributes, by element. Those a page never shows are told only if they are `telling`.
ATTRIBUTE_TEXTS: Final[dict[str, tuple[Mark, tuple[str, ...]]]] = {
    "docPr": (_PICTURE, ("descr", "title")),
    "cNvPr": (_PICTURE, ("descr", "title")),
    "shape": (_PICTURE, ("alt", "title")),
    **dict.fromkeys(("rect", "roundrect", "oval", "group"), (_PICTURE, ("alt", "title"))),
    "imagedata": (_PICTURE, ("title",)),
    "tblCaption": (_PICTURE, ("val",)),
    "tblDescription": (_PICTURE, ("val",)),
    "textpath": (_WORD_ART, ("string",)),
    "listItem": (_CHOICE, ("displayText", "value")),
    "listEntry": (_CHOICE, ("val",)),
    "alias": (_CONTROL, ("val",)),
    "tag": (_CONTROL, ("val",)),
    "hyperlink": (_PROMPT, ("tooltip",)),
    "helpText": (_PROMPT, ("val",)),
    "statusText": (_PROMPT, ("val",)),
    "default": (_PROMPT, ("val",)),
    "attr": (STORED_DATA, ("val",)),
}

_WHITES: Final = re.compile(r"(?:[Ff][A-Fa-f]){3}")
_NO_FILL: Final = frozenset({"", "auto", "none", "white"})
_OFF: Final = frozenset({"0", "false", "off"})
_TINY_HALF_POINTS: Final = 3
#: Colours of the theme that are white unless somebody shades them.
_WHITE_OF_THEME: Final = frozenset({"background1", "light1"})
_CLEAR: Final = 95_000
"""Thousandths of a percent of transparency."""
#: Settings of a run that may hide it. The width of characters is in percent: two of them are as tiny as one point.
_TELLING_SETTINGS: Final = frozenset({"vanish", "color", "sz", "w", "rStyle", "textFill", "highlight"})

#: Fields whose arguments only name a bookmark, a style, a format or a property shown elsewhere.
_PLAIN_FIELDS: Final = frozenset(
    {
        *(
            "PAGE",
            "NUMPAGES",
            "SECTION",
            "SECTIONPAGES",
            "PAGEREF",
            "REF",
            "NOTEREF",
            "STYLEREF",
            "SEQ",
            "TOC",
            "INDEX",
        ),
        *(
            "DATE",
            "TIME",
            "CREATEDATE",
            "SAVEDATE",
            "PRINTDATE",
            "EDITTIME",
            "FILENAME",
            "MERGEFIELD",
            "DOCPROPERTY",
        ),
        *(
            "FORMTEXT",
            "FORMCHECKBOX",
            "FORMDROPDOWN",
            "LISTNUM",
            "SYMBOL",
            "SHAPE",
            "TOA",
            "NUMWORDS",
            "NUMCHARS",
        ),
    }
)
#: A format switch with its argument, a jump to a bookmark Word made, or a bare switch.
_SWITCH: Final = re.compile(r"""\\[*@#]\s*(?:"[^"]*"|\S+)|\\l\s*"?_[^\s"]*"?|\\\w""")


def telling_field(instruction: str) -> bool:
    """Tell whether a field code holds more than a plain field name and its switches."""
    name, _, arguments = instruction.strip().partition(" ")
    return name.upper() not in _PLAIN_FIELDS and bool(_SWITCH.sub("", arguments).strip(' "'))


def is_equation(instruction: str) -> bool:
    """Tell whether this is an EQ field: it has no result, its code is what the page shows."""
    return instruction.strip().upper().startswith("EQ ")


def inserted(revision: etree._Element) -> Mark:
    """Mark what `w:ins` or `w:moveTo` holds."""
    return Mark("inserted", "tracked_change", _by(revision, "插入的文字"))


def deleted(revision: etree._Element) -> Mark:
    """Mark what `w:del` or `w:moveFrom` holds."""
    return Mark("deleted", "tracked_change", _by(revision, "删除的文字"))


def commented(comment: etree._Element) -> Mark:
    """Mark what a comment holds."""
    return Mark("comment", "comment", _by(comment, "批注"))


def _by(element: etree._Element, what: str) -> str:
    return signed(attribute(element, "author"), attribute(element, "date"), what)


def hiding(run: etree._Element, styles: Mapping[str, Mark], inherited: Mark | None = None) -> Mark | None:
    """Return the mark of a run that its formatting hides, or None.

    `styles` are those that hide text, `inherited` is what the style of its paragraph does to it.
    """
    properties = next(iter(run), None)
    if properties is None or LOCAL_NAME[properties.tag] != "rPr":
        return inherited and _settled(inherited, run)
    said = {name: item for item in properties if (name := LOCAL_NAME[item.tag]) in _TELLING_SETTINGS}
    if not said:
        return inherited and _settled(inherited, run)
    told = {name: attribute(item, "val") for name, item in said.items()}
    if "color" in said and is_white(said["color"]):
        told["color"] = "FFFFFF"
    if mark := _hidden_by(run, told):
        return mark
    if "textFill" in said and _is_clear(said["textFill"]):
        return CLEAR
    inherited = styles.get(told.get("rStyle", ""), inherited)
    overruled = (inherited is WHITE and "color" in told) or (inherited is TINY and "sz" in told)
    return None if inherited is None or overruled else _settled(inherited, run)


def _hidden_by(run: etree._Element, told: Mapping[str, str]) -> Mark | None:
    """Return the mark that the settings of a run themselves put on it, or None."""
    if "vanish" in told and not is_off(told["vanish"]):
        return VANISHED
    written = told.get("color", "")
    if _WHITES.fullmatch(written) and not _stands_on_colour(run):
        return WHITE
    if any(is_tiny(told[name]) for name in ("sz", "w") if name in told):
        return TINY
    return _same_colour(run, written, told.get("highlight", ""))


def _same_colour(run: etree._Element, written: str, painted: str) -> Mark | None:
    """Return the mark of a run that is written in the colour of its ground, or None.

    On a dark ground Word writes text without a colour of its own in white, but not on the marker pen's black.
    """
    if painted == "black" and (colour_of(written) is None or is_dark(written)):
        return ON_DARK
    if colour_of(written) is None or not is_like(written, ground_of(run)):
        return None
    return ON_DARK if is_dark(written) else None if _WHITES.fullmatch(written) else ON_SAME


def is_white(color: etree._Element) -> bool:
    """Tell whether a colour is white, be it by its name in the theme."""
    value = attribute(color, "val")
    if _WHITES.fullmatch(value):
        return True
    return (
        value in {"", "auto"}
        and attribute(color, "themeColor") in _WHITE_OF_THEME
        and attribute(color, "themeShade").upper() in {"", "FF"}
    )


def _is_clear(fill: etree._Element) -> bool:
    """Tell whether the fill of characters lets everything through."""
    alphas = (attribute(alpha, "val") for alpha in descendants(fill, "alpha"))
    return child(fill, "noFill") is not None or any(value.isdecimal() and int(value) >= _CLEAR for value in alphas)


def _settled(mark: Mark, run: etree._Element) -> Mark | None:
    """Return what a style does to a run: white may stand on a colour."""
    return None if mark is WHITE and _stands_on_colour(run) else mark


def is_off(value: str) -> bool:
    """Tell whether a setting says that something does not hold."""
    return value.lower() in _OFF


def is_tiny(half_points: str) -> bool:
    """Tell whether type of a size, or of a width in percent, cannot be read."""
    try:
        return float(half_points) <= _TINY_HALF_POINTS
    except ValueError:
        return False


def _stands_on_colour(run: etree._Element) -> bool:
    """Tell whether white text can be read: its run, paragraph, cell or table is filled, or it stands in a shape."""
    for holder in (run, *run.iterancestors()):
        if LOCAL_NAME[holder.tag] == "txbxContent":
            return not stands_on_white(holder)
        properties = next(iter(holder))
        if LOCAL_NAME[properties.tag] in {"rPr", "pPr", "tcPr", "tblPr"} and any(map(fills, properties)):
            return True
    return False


def fills(setting: etree._Element) -> bool:
    """Tell whether a property paints a ground on which white can be read."""
    name = LOCAL_NAME[setting.tag]
    if name == "highlight":
        return attribute(setting, "val") not in _NO_FILL
    fill = attribute(setting, "fill")
    painted = fill.lower() not in _NO_FILL and not _WHITES.fullmatch(fill)
    return name == "shd" and (painted or attribute(setting, "val") == "solid")


def style_of(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style, or ""."""
    properties = child(paragraph, "pPr")
    style = None if properties is None else child(properties, "pStyle")
    return "" if style is None else attribute(style, "val")
