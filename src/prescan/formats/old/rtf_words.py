"""The control words of Rich Text Format: parts, properties, symbols, and groups without text of the document."""

from __future__ import annotations

from typing import Final

from prescan.types import SOFT_WRAP

PARTS: Final = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footer"),
    "footnote": "note",
    "annotation": "comment",
    "shptxt": "textbox",
}
#: Groups whose text does not belong to the document.
SILENT: Final = frozenset(
    """
    fonttbl colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator pict themedata datastore
    colorschememapping latentstyles xmlnstbl filetbl mmathPr nonshppict sp bkmkstart bkmkend fldinst atnid atndate
    atnref atntime panose falt fname listname listtext pntext template wgrffmtfilter userprops nextfile
    """.split()
)
INFO: Final = {
    "title": "标题",
    "subject": "主题",
    "author": "作者",
    "manager": "主管",
    "company": "单位",
    "operator": "最后修改者",
    "category": "类别",
    "keywords": "关键词",
    "comment": "备注",
    "doccomm": "备注",
}
SIGNS: Final = {
    "tab": "\t",
    "line": SOFT_WRAP,
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "emspace": "\u2003",
    "enspace": "\u2002",
}
PARAGRAPH: Final = frozenset({"par", "sect", "page"})
CHARSETS: Final = {134: "gb18030", 136: "big5", 128: "cp932", 129: "cp949", 0: "cp1252"}
PAGES: Final = {936: "gb18030", 54936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8"}
MUTE: Final = frozenset(
    "fonttbl colortbl pict themedata datastore colorschememapping rsidtbl latentstyles generator panose falt".split()
)
