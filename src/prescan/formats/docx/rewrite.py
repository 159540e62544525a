"""Redacted copies of Word documents: values are masked in place, and what a page does not show is removed.

Parts of known kinds that the body refers to are cleaned and copied; the rest of the package is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from prescan.formats.docx import clean as docx_clean
from prescan.formats.docx.trace import TracedDocument
from prescan.formats.drawn_write import edit_drawing
from prescan.formats.edits import RewriteRequest, Rewritten, apply_edits, count_phrases, touching
from prescan.formats.office_copy import PackageCopy
from prescan.formats.office_trees import remove, remove_attributes_if, remove_elements, remove_foreign
from prescan.formats.package import LOCAL_NAME, descendants
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from prescan.formats.docx.styles import Styles
    from prescan.formats.docx.trace import Segment
    from prescan.formats.edits import Edit
    from prescan.types import Block, Limits

_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_DRAWING: Final = "application/vnd.openxmlformats-officedocument.drawingml."
_MAIN_TYPE: Final = f"{_WORD}document.main+xml"
_KINDS: Final = {
    "styles": f"{_WORD}styles+xml",
    "numbering": f"{_WORD}numbering+xml",
    "settings": f"{_WORD}settings+xml",
    "fontTable": f"{_WORD}fontTable+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    "header": f"{_WORD}header+xml",
    "footer": f"{_WORD}footer+xml",
    "footnotes": f"{_WORD}footnotes+xml",
    "endnotes": f"{_WORD}endnotes+xml",
    "chart": f"{_DRAWING}chart+xml",
    "chartUserShapes": f"{_DRAWING}chartshapes+xml",
    "diagramData": f"{_DRAWING}diagramData+xml",
    "diagramLayout": f"{_DRAWING}diagramLayout+xml",
    "diagramQuickStyle": f"{_DRAWING}diagramStyle+xml",
    "diagramColors": f"{_DRAWING}diagramColors+xml",
    "diagramDrawing": "application/vnd.ms-office.drawingml.diagramDrawing+xml",
    "image": "",
}
#: Types of hidden content that can be kept on request, without the names of their authors.
CAN_KEEP: Final = frozenset({"comment", "tracked_change", "hidden_text"})
_COMMENTS: Final = {"comments": f"{_WORD}comments+xml"}
_IMPLIED: Final = frozenset({"styles", "numbering", "settings", "fontTable", "theme", "footnotes", "endnotes"})
_TEXT_KINDS: Final = frozenset({"officeDocument", "header", "footer", "footnotes", "endnotes", "comments"})
_DRAWN_KINDS: Final = frozenset({"chart", "chartUserShapes", "diagramData", "diagramDrawing"})
#: The settings that affect the page; the others reveal who wrote the document, when and with what.
_KEPT_SETTINGS: Final = frozenset(
    "defaultTabStop evenAndOddHeaders mirrorMargins gutterAtTop bordersDoNotSurroundHeader bordersDoNotSurroundFooter "
    "characterSpacingControl compat footnotePr endnotePr themeFontLang clrSchemeMapping decimalSymbol listSeparator "
    "drawingGridHorizontalSpacing drawingGridVerticalSpacing displayHorizontalDrawingGridEvery zoom view "
    "displayVerticalDrawingGridEvery displayBackgroundShape autoHyphenation noLineBreaksAfter noLineBreaksBefore "
    "noPunctuationKerning strictFirstAndLastChars bookFoldPrinting embedSystemFonts hdrShapeDefaults shapeDefaults "
    "mathPr updateFields hyphenationZone consecutiveHyphenLimit doNotHyphenateCaps".split()
)
_PLAIN_LINK: Final = re.compile(r"https?://[^?#@]*$", re.IGNORECASE)
_OWN_PARTS: Final = re.compile(r"(?:^|/)(?:webSettings|stylesWithEffects|people|comments\w*)\.xml$", re.IGNORECASE)
_LEFT_OUT: Final = (
    (re.compile(r"^docProps/|^customXml/|thumbnail", re.IGNORECASE), "文件属性和自定义数据"),
    (re.compile(r"/glossary/", re.IGNORECASE), "自动图文集"),
    (re.compile(r"/embeddings/|/afchunk|\.(?:docx?|xlsx?|pptx?|pdf|bin|ole)$", re.IGNORECASE), "嵌入文件"),
    (re.compile(r"vba|macro", re.IGNORECASE), "宏"),
)
_UNITS: Final = {**docx_clean.UNITS, "文件属性和自定义数据": "项", "嵌入文件": "个", "宏": "项", "其他部件": "个"}


def rewrite(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return the document with the edits applied and everything that is not seen removed. Raises ReadError."""
    request = RewriteRequest.from_wire(arguments, CAN_KEEP)
    traced = TracedDocument(data, limits)
    package = traced.package
    drawing_texts = make_edits(traced.located_blocks(), request.edits)
    cleaning = _Cleaning(traced.styles, drawing_texts, request.keep)
    comments_part = _COMMENTS if "comment" in request.keep else {}
    implied = _IMPLIED | comments_part.keys()
    copy = PackageCopy(
        package, {**_KINDS, **comments_part}, cleaning.clean, implied, lambda link: bool(_PLAIN_LINK.match(link))
    )
    copy.trees = dict(traced.trees)
    copied = copy.write(traced.main, _MAIN_TYPE)
    counts = cleaning.removed + Counter(map(_describe, copy.left_out))
    listed = [f"图片 {copy.pictures} 张未作文字识别，请人工查看其中是否有不得公开的内容"] if copy.pictures else []
    if copy.blanked:
        listed.append(f"矢量图等 {copy.blanked} 张无法清理，已换成空白，请核对版面")
    return Rewritten(copied, count_phrases(counts, _UNITS), (), tuple(listed)).to_wire()


def make_edits(located_blocks: Iterable[tuple[int, Block, list[Segment]]], edits: tuple[Edit, ...]) -> dict[str, str]:
    """Apply the edits in the elements; return the changed texts that came from no element of their own, old → new."""
    drawing_texts: dict[str, str] = {}
    for start, block, segments in located_blocks:
        touching_edits = touching(edits, start, start + len(block.text))
        if not touching_edits:
            continue
        texts = [segment for segment in segments if segment.is_text]
        for at, _, element in texts:
            element.text = apply_edits(element.text or "", at, touching_edits)
            if element.text != element.text.strip():
                element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        if not texts and CELL_BREAK not in block.text and PARAGRAPH_BREAK not in block.text:
            drawing_texts[block.text] = apply_edits(block.text, start, touching_edits)
    return drawing_texts


class _Cleaning:
    """Cleans the parts and counts what it removes."""

    def __init__(self, styles: Styles, drawing_texts: dict[str, str], keep: frozenset[str]) -> None:
        self.removed: Counter[str] = Counter()
        self._keep = keep
        self._styles = styles
        self._drawing_texts = drawing_texts

    def clean(self, _name: str, kind: str, root: etree._Element) -> None:
        """Clean the tree of a part to which a relationship of this `kind` leads."""
        remove_foreign(root)
        if kind in _TEXT_KINDS:
            for art in descendants(root, "textpath"):
                for key in [key for key in art.attrib if LOCAL_NAME[key] == "string"]:
                    art.set(key, self._drawing_texts.get(str(art.get(key)), str(art.get(key))))
            self.removed += docx_clean.clean(root, self._styles, self._keep)
        elif kind in _DRAWN_KINDS:
            edit_drawing(root, self._drawing_texts)
        elif kind == "settings":
            for element in list(root):
                if LOCAL_NAME[element.tag] not in _KEPT_SETTINGS:
                    remove(element)
        elif kind == "fontTable":
            remove_elements(root, ("embedRegular", "embedBold", "embedItalic", "embedBoldItalic"))
        remove_attributes_if(root, lambda _, name: name.startswith("rsid"))
        if kind in {"styles", "numbering"}:
            remove_elements(root, ("rsid",))


def _describe(part: str) -> str:
    """Return what a part that was left out is, in a reviewer's words; "" if it is not worth mentioning."""
    if _OWN_PARTS.search(part):
        return ""
    return next((what for pattern, what in _LEFT_OUT if pattern.search(part)), "其他部件")
