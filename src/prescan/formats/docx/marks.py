"""What WordprocessingML says about a text beside the text itself: revised, hidden, commented; texts in attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.marks import TINY, WHITE, Mark, child, signed
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from lxml import etree


VANISHED: Final = Mark("hidden", "hidden_text", "隐藏文字")
HIDING: Final = (VANISHED, WHITE, TINY)
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
    "rect": (_PICTURE, ("alt", "title")),
    "imagedata": (_PICTURE, ("title",)),
    "tblCaption": (_PICTURE, ("val",)),
    "tblDescription": (_PICTURE, ("val",)),
    "textpath": (_WORD_ART, ("string",)),
    "listItem": (_CHOICE, ("displayText",)),
    "listEntry": (_CHOICE, ("val",)),
    "alias": (_CONTROL, ("val",)),
    "tag": (_CONTROL, ("val",)),
    "hyperlink": (_PROMPT, ("tooltip",)),
    "helpText": (_PROMPT, ("val",)),
    "statusText": (_PROMPT, ("val",)),
}

_WHITES: Final = re.compile(r"(?:[Ff][A-Fa-f]){3}")
_NO_FILL: Final = frozenset({"", "auto", "none", "white"})
_OFF: Final = frozenset({"0", "false", "off"})
_TINY_HALF_POINTS: Final = 2

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


def hiding(run: etree._Element, hidden_styles: frozenset[str]) -> Mark | None:
    """Return the mark of a run that its formatting hides, or None."""
    properties = next(iter(run), None)
    if properties is None or LOCAL_NAME[properties.tag] != "rPr":
        return None
    for setting in properties:
        name = LOCAL_NAME[setting.tag]
        if name == "vanish":
            if attribute(setting, "val").lower() not in _OFF:
                return VANISHED
        elif name == "color":
            if _WHITES.fullmatch(attribute(setting, "val")) and not _stands_on_colour(run):
                return WHITE
        elif name == "sz":
            if _is_tiny(attribute(setting, "val")):
                return TINY
        elif name == "rStyle" and hidden_styles and attribute(setting, "val") in hidden_styles:
            return VANISHED
    return None


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


def style_of(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style, or ""."""
    properties = child(paragraph, "pPr")
    style = None if properties is None else child(properties, "pStyle")
    return "" if style is None else attribute(style, "val")


def hidden_styles(styles: etree._Element) -> frozenset[str]:
    """Return the ids of the styles that hide text, themselves or by the style they are based on."""
    base: dict[str, str] = {}
    hides: dict[str, bool] = {}
    for style in styles:
        if LOCAL_NAME[style.tag] != "style":
            continue
        name = attribute(style, "styleId")
        parent = child(style, "basedOn")
        base[name] = "" if parent is None else attribute(parent, "val")
        properties = child(style, "rPr")
        vanish = None if properties is None else child(properties, "vanish")
        if vanish is not None:
            hides[name] = attribute(vanish, "val").lower() not in _OFF
    return frozenset(name for name in base if _inherits(name, base, hides))


def _inherits(name: str, base: dict[str, str], hides: dict[str, bool]) -> bool:
    """Follow the styles a style is based on to the first that says whether it hides; a circle says nothing."""
    seen: set[str] = set()
    while name in base and name not in seen:
        if name in hides:
            return hides[name]
        seen.add(name)
        name = base[name]
    return False
