"""What WordprocessingML says about a text beside the text itself: revised, hidden, commented; texts in attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.colour import BLACK_ON_BLACK, SAME_AS_BACKGROUND, TRANSPARENT
from prescan.formats.concealment import STORED_DATA, TINY, WHITE, Concealment, attributed, child
from prescan.formats.package import OFF, attribute

if TYPE_CHECKING:
    from lxml import etree


VANISHED: Final = Concealment("hidden", "hidden_text", "隐藏文字")
HIDING: Final = (VANISHED, WHITE, TINY, BLACK_ON_BLACK, SAME_AS_BACKGROUND, TRANSPARENT)
FIELD_CODE: Final = Concealment("hidden", "hidden_text", "域代码")
BUILDING_BLOCK: Final = Concealment("hidden", "hidden_text", "自动图文集中的文字")

_PICTURE: Final = Concealment("image", None)
_CHOICE: Final = Concealment("form", None)
_WORD_ART: Final = Concealment("textbox", None)
_CONTROL: Final = Concealment("hidden", "hidden_text", "内容控件的标题")
_PROMPT: Final = Concealment("hidden", "hidden_text", "提示文字")

#: Texts that stand in attributes, by element. Those a page never shows are told only if they are `telling`.
ATTRIBUTE_TEXTS: Final[dict[str, tuple[Concealment, tuple[str, ...]]]] = {
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


def inserted(revision: etree._Element) -> Concealment:
    """Mark what `w:ins` or `w:moveTo` holds."""
    return Concealment("inserted", "tracked_change", _by(revision, "插入的文字"))


def deleted(revision: etree._Element) -> Concealment:
    """Mark what `w:del` or `w:moveFrom` holds."""
    return Concealment("deleted", "tracked_change", _by(revision, "删除的文字"))


def commented(comment: etree._Element) -> Concealment:
    """Mark what a comment holds."""
    return Concealment("comment", "comment", _by(comment, "批注"))


def _by(element: etree._Element, what: str) -> str:
    return attributed(attribute(element, "author"), attribute(element, "date"), what)


def is_off(value: str) -> bool:
    """Tell whether a setting says that something does not hold."""
    return value.lower() in OFF


def style_of(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style, or ""."""
    properties = child(paragraph, "pPr")
    style = None if properties is None else child(properties, "pStyle")
    return "" if style is None else attribute(style, "val")
