"""Why texts of WordprocessingML are concealed (revisions, comments …), and texts in attributes and fields."""

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
_TOOLTIP: Final = Concealment("hidden", "hidden_text", "提示文字")

#: Element → attributes that hold texts. Texts that a page never shows are reported only if they are substantial.
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
    "hyperlink": (_TOOLTIP, ("tooltip",)),
    "helpText": (_TOOLTIP, ("val",)),
    "statusText": (_TOOLTIP, ("val",)),
    "default": (_TOOLTIP, ("val",)),
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


def reveals_value(instruction: str) -> bool:
    """Return whether a field code has arguments that may hold a value, not only a common name and switches."""
    name, _, arguments = instruction.strip().partition(" ")
    return name.upper() not in _PLAIN_FIELDS and bool(_SWITCH.sub("", arguments).strip(' "'))


def is_equation(instruction: str) -> bool:
    """Return whether this is the code of an EQ field, which the page shows instead of a result."""
    return instruction.strip().upper().startswith("EQ ")


def inserted(revision: etree._Element) -> Concealment:
    """Return the concealment of the content of `w:ins` or `w:moveTo`."""
    return Concealment("inserted", "tracked_change", _note(revision, "插入的文字"))


def deleted(revision: etree._Element) -> Concealment:
    """Return the concealment of the content of `w:del` or `w:moveFrom`."""
    return Concealment("deleted", "tracked_change", _note(revision, "删除的文字"))


def commented(comment: etree._Element) -> Concealment:
    """Return the concealment of the text of a comment."""
    return Concealment("comment", "comment", _note(comment, "批注"))


def _note(element: etree._Element, what: str) -> str:
    return attributed(attribute(element, "author"), attribute(element, "date"), what)


def is_off(value: str) -> bool:
    """Return whether the value of an on-off setting means off."""
    return value.lower() in OFF


def paragraph_style(paragraph: etree._Element) -> str:
    """Return the id of a paragraph's style, or ""."""
    properties = child(paragraph, "pPr")
    style = None if properties is None else child(properties, "pStyle")
    return "" if style is None else attribute(style, "val")
