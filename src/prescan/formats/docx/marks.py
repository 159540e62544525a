"""What WordprocessingML says about a text beside the text itself: revised, hidden, commented; texts in attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.colour import CLEAR, ON_DARK, ON_SAME, colour_of, is_dark, is_like
from prescan.formats.docx.ground import ground_of
from prescan.formats.marks import STORED_DATA, TINY, WHITE, Mark, child, signed
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree


VANISHED: Final = Mark("hidden", "hidden_text", "隐藏文字")
HIDING: Final = (VANISHED, WHITE, TINY, ON_DARK, ON_SAME, CLEAR)
FIELD_CODE: Final = Mark("hidden", "hidden_text", "域代码")
_OUTSIDE: Final = Mark("hidden", "hidden_text", "页面之外的文字")
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
    "rect": (_PICTURE, ("alt", "title")),
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
_TINY_HALF_POINTS: Final = 2
#: Twentieths of a point: lines this low show nothing, frames this far left of or above the page are off it.
_LOW_LINE: Final = 40
_BESIDE: Final = -4_000
#: Settings of a run that may hide it. The width of characters is in percent: two of them are as tiny as one point.
_TELLING_SETTINGS: Final = frozenset({"vanish", "color", "sz", "w", "rStyle", "textFill", "highlight"})
_HIDING: Final = (b"vanish", b'val="FFFFFF"', b'val="ffffff"', b':sz w:val="1"', b':sz w:val="2"')

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
    if mark := _hidden_by(run, told):
        return mark
    if "textFill" in said and child(said["textFill"], "noFill") is not None:
        return CLEAR
    inherited = styles.get(told.get("rStyle", ""), inherited)
    overruled = (inherited is WHITE and "color" in told) or (inherited is TINY and "sz" in told)
    return None if inherited is None or overruled else _settled(inherited, run)


def _hidden_by(run: etree._Element, told: Mapping[str, str]) -> Mark | None:
    """Return the mark that the settings of a run themselves put on it, or None."""
    if "vanish" in told and told["vanish"].lower() not in _OFF:
        return VANISHED
    written = told.get("color", "")
    if _WHITES.fullmatch(written) and not _stands_on_colour(run):
        return WHITE
    if any(_is_tiny(told[name]) for name in ("sz", "w") if name in told):
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


def _settled(mark: Mark, run: etree._Element) -> Mark | None:
    """Return what a style does to a run: white may stand on a colour."""
    return None if mark is WHITE and _stands_on_colour(run) else mark


def _is_tiny(half_points: str) -> bool:
    try:
        return float(half_points) <= _TINY_HALF_POINTS
    except ValueError:
        return False


def _stands_on_colour(run: etree._Element) -> bool:
    """Tell whether white text can be read: its run, paragraph, cell or table is filled, or it stands in a shape."""
    for holder in (run, *run.iterancestors()):
        if LOCAL_NAME[holder.tag] == "txbxContent":
            return True
        properties = next(iter(holder))
        if LOCAL_NAME[properties.tag] in {"rPr", "pPr", "tcPr", "tblPr"} and any(map(_fills, properties)):
            return True
    return False


def _fills(setting: etree._Element) -> bool:
    """Tell whether a property paints a ground on which white can be read."""
    name = LOCAL_NAME[setting.tag]
    if name == "highlight":
        return attribute(setting, "val") not in _NO_FILL
    fill = attribute(setting, "fill")
    painted = fill.lower() not in _NO_FILL and not _WHITES.fullmatch(fill)
    return name == "shd" and (painted or attribute(setting, "val") == "solid")


def of_row(row: etree._Element, mark: Mark | None) -> Mark | None:
    """Return the mark of a table row that was deleted or inserted as a whole; `mark` is that of what holds it.

    A row's own mark of being hidden says nothing of its cells.
    """
    properties = child(row, "trPr")
    for setting in () if properties is None or mark else properties:
        name = LOCAL_NAME[setting.tag]
        if name == "del":
            return deleted(setting)
        if name == "ins":
            return inserted(setting)
    return mark


def of_paragraph(paragraph: etree._Element) -> Mark | None:
    """Return the mark of a paragraph whose lines are too low to be seen, or whose frame stands beside the page."""
    properties = child(paragraph, "pPr")
    for setting in () if properties is None else properties:
        name = LOCAL_NAME[setting.tag]
        if name == "spacing":
            line = attribute(setting, "line")
            if line and attribute(setting, "lineRule") == "exact" and _twips(line) <= _LOW_LINE:
                return TINY
        elif name == "framePr" and min(_twips(attribute(setting, axis)) for axis in "xy") < _BESIDE:
            return _OUTSIDE
    return None


def _twips(value: str) -> int:
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else 0


def style_of(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style, or ""."""
    properties = child(paragraph, "pPr")
    style = None if properties is None else child(properties, "pStyle")
    return "" if style is None else attribute(style, "val")


def may_hide(styles: bytes) -> bool:
    """Tell from the bytes of the styles whether one of them may hide text: few do, and parsing them takes long.

    Styles of tables are left out: they are most of the part, and colour the ground together with the text.
    """
    texts = b"".join([style for style in styles.split(b"<w:style ") if b'"table"' not in style[:80]])
    return any(sign in texts for sign in _HIDING)


def hidden_styles(styles: etree._Element) -> dict[str, Mark]:
    """Return the styles that hide text, themselves or by the style they are based on, with what they do to it."""
    base: dict[str, str] = {}
    says: dict[str, dict[str, Mark | None]] = {}
    for style in styles:
        if LOCAL_NAME[style.tag] == "style" and attribute(style, "type") != "table":
            name, parent = attribute(style, "styleId"), child(style, "basedOn")
            base[name] = "" if parent is None else attribute(parent, "val")
            says[name] = _said_by_style(style)
    found = {name: [_inherited(name, kind, base, says) for kind in ("vanish", "color", "sz")] for name in base}
    return {name: next(filter(None, marks)) for name, marks in found.items() if any(marks)}


def _said_by_style(style: etree._Element) -> dict[str, Mark | None]:
    """Return what a style says of each way to hide its text."""
    properties, paragraph = child(style, "rPr"), child(style, "pPr")
    grounds = [setting for holder in (properties, paragraph) if holder is not None for setting in holder]
    said: dict[str, Mark | None] = {}
    for setting in () if properties is None else properties:
        name, value = LOCAL_NAME[setting.tag], attribute(setting, "val")
        if name == "vanish":
            said[name] = VANISHED if value.lower() not in _OFF else None
        elif name == "color":
            said[name] = WHITE if _WHITES.fullmatch(value) and not any(map(_fills, grounds)) else None
        elif name == "sz":
            said[name] = TINY if _is_tiny(value) else None
    return said


def _inherited(
    name: str, kind: str, base: Mapping[str, str], says: Mapping[str, Mapping[str, Mark | None]]
) -> Mark | None:
    """Follow the styles a style is based on to the first that says something; a circle says nothing."""
    seen: set[str] = set()
    while name in base and name not in seen:
        if kind in says[name]:
            return says[name][kind]
        seen.add(name)
        name = base[name]
    return None
