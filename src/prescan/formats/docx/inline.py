"""WordprocessingML inside a paragraph: one method each for runs, revisions, breaks, symbols, fields and drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.docx import concealments, drawings
from prescan.formats.docx.side_texts import SideTexts
from prescan.formats.drawingml import distinct_branches
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.docx.formatting import TextFormat
    from prescan.formats.docx.line import Line
    from prescan.formats.docx.styles import Styles
    from prescan.types import Block

#: Elements that stand for a fixed text. A tab in running text is not a cell break, so it becomes two spaces.
FIXED: Final = {"tab": "  ", "ptab": "  ", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
#: Settings and formatting: no text inside but what is read elsewhere by name.
SKIPPED: Final = frozenset(
    {
        *(
            "rPr",
            "pPr",
            "tblPrEx",
            "tblGrid",
            "trPr",
            "tcPr",
            "sectPr",
            "sdtEndPr",
            "rubyPr",
            "docPartPr",
            "fldData",
        ),
        *("bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd"),
        *("positionH", "positionV", "sizeRelH", "sizeRelV", "spPr", "bodyPr", "blipFill"),
    }
)
_REVISIONS: Final = {
    "ins": concealments.inserted,
    "moveTo": concealments.inserted,
    "del": concealments.deleted,
    "moveFrom": concealments.deleted,
}
_VECTORS: Final = frozenset({"shape", "rect", "roundrect", "oval", "group"})
#: Element inside a paragraph → the method of Inline that handles it. Any other is walked into.
HANDLERS: Final = {
    "br": "_break",
    "lastRenderedPageBreak": "_rendered_break",
    "sym": "_symbol",
    "ruby": "_ruby",
    "delText": "_deleted_text",
    "fldChar": "_field_char",
    "instrText": "_field_code",
    "delInstrText": "_field_code",
    "fldSimple": "_simple_field",
    "AlternateContent": "_alternate",
    "txbxContent": "_text_box",
    "drawing": "_drawing",
    **dict.fromkeys(_VECTORS, "_vector"),
    "p": "_stray_paragraph",
    **dict.fromkeys(_REVISIONS, "_revision"),
    **{name: "_with_attributes" for name in concealments.ATTRIBUTE_TEXTS if name not in _VECTORS},
}
_LOST: Final = "\ufffd"
_SURROGATES: Final = range(0xD800, 0xE000)
_CODE_POINTS: Final = range(0x110000)


class Inline:
    """Adds the content of a paragraph to a Line; what the contract puts after the text is collected in `later`."""

    def __init__(self, styles: Styles, *, paged: bool) -> None:
        """`styles`: those of the document; `paged`: the part records its page breaks."""
        self._side_texts = SideTexts(page=1 if paged else None)
        self.later = self._side_texts.later
        """Blocks that the contract puts after the text, by part (`types.PARTS`)."""
        self._styles = styles
        self._paragraph_format: TextFormat | None = None
        self._just_broken = False

    def blocks(self, parent: etree._Element, concealment: Concealment | None = None, part: str = "") -> Iterator[Block]:
        """Yield the paragraphs and tables inside `parent`; `concealment` applies to all of it."""
        raise NotImplementedError

    def _add_elements(self, elements: Iterable[etree._Element], line: Line, concealment: Concealment | None) -> None:
        """Add the text of `elements` to the line."""
        for element in elements:
            name = LOCAL_NAME[element.tag]
            if name == "t":
                if element.text:
                    self._add_text(element.text, line, concealment)
            elif name in FIXED:
                self._add_text(FIXED[name], line, concealment)
            elif name == "r":
                self._add_elements(
                    element, line, concealment or self._styles.concealment_of_run(element, self._paragraph_format)
                )
            elif name in SKIPPED:
                continue
            elif name in HANDLERS:
                getattr(self, HANDLERS[name])(element, line, concealment)
            else:
                self._add_elements(element, line, concealment)

    def _add_text(self, text: str, line: Line, concealment: Concealment | None) -> None:
        if concealment is not None and concealment in concealments.HIDING and text.isspace():
            concealment = None
        self._just_broken = False
        line.add(text, concealment, self._side_texts.page)

    def _revision(self, revision: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._add_elements(revision, line, revision_concealment(revision, LOCAL_NAME[revision.tag], concealment))

    def _deleted_text(self, text: etree._Element, line: Line, concealment: Concealment | None) -> None:
        if concealment is None or concealment.part != "deleted":
            concealment = concealments.deleted(text)
        self._add_text(text.text or "", line, concealment)

    def _break(self, element: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._add_text("\n", line, concealment)
        if self._side_texts.page is not None and attribute(element, "type") == "page":
            self._side_texts.page += 1
            self._just_broken = True

    def _rendered_break(self, _element: etree._Element, _line: Line, _concealment: Concealment | None) -> None:
        """Count a page, unless this break only records the explicit one before it."""
        if self._side_texts.page is not None and not self._just_broken:
            self._side_texts.page += 1
        self._just_broken = False

    def _symbol(self, symbol: etree._Element, line: Line, concealment: Concealment | None) -> None:
        try:
            code = int(attribute(symbol, "char"), 16)
        except ValueError:
            code = -1
        self._add_text(chr(code) if code in _CODE_POINTS and code not in _SURROGATES else _LOST, line, concealment)

    def _ruby(self, ruby: etree._Element, line: Line, concealment: Concealment | None) -> None:
        """Add the base text followed by its reading in brackets: 務(wù)."""
        reading, base = child(ruby, "rt"), child(ruby, "rubyBase")
        self._add_elements(() if base is None else base, line, concealment)
        self._add_text("(", line, concealment)
        self._add_elements(() if reading is None else reading, line, concealment)
        self._add_text(")", line, concealment)

    def _stray_paragraph(self, paragraph: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._add_text("\n", line, concealment)
        self._add_elements(paragraph, line, concealment)

    def _alternate(self, alternate: etree._Element, line: Line, concealment: Concealment | None) -> None:
        for branch in distinct_branches(alternate, "t", "delText", "instrText"):
            self._add_elements(branch, line, concealment)

    def _text_box(self, box: etree._Element, _line: Line, concealment: Concealment | None) -> None:
        self.later["textbox"] += list(self.blocks(box, concealment, "textbox"))

    def _drawing(self, drawing: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._add_elements(drawing, line, concealment or drawings.drawing_concealment(drawing))

    def _vector(self, shape: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._side_texts.collect_attributes(shape, LOCAL_NAME[shape.tag])
        self._add_elements(shape, line, concealment or drawings.vml_concealment(shape))

    # Fields, and texts in attributes

    def _field_char(self, element: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._add_equation(self._side_texts.field_char(attribute(element, "fldCharType")), line, concealment)
        self._add_elements(element, line, concealment)

    def _field_code(self, element: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._add_equation(self._side_texts.field_code(element.text or ""), line, concealment)

    def _simple_field(self, element: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._add_equation(self._side_texts.whole_field(attribute(element, "instr")), line, concealment)
        self._add_elements(element, line, concealment)

    def _add_equation(self, code: str, line: Line, concealment: Concealment | None) -> None:
        """Add the code of an equation to the line: it is what the page shows."""
        if code:
            self._add_text(code, line, concealment)

    def _with_attributes(self, element: etree._Element, line: Line, concealment: Concealment | None) -> None:
        self._side_texts.collect_attributes(element, LOCAL_NAME[element.tag])
        self._add_elements(element, line, concealment)

    def collect(self, text: str, concealment: Concealment) -> None:
        """Collect a text outside the flow, once."""
        self._side_texts.collect(text, concealment)


def revision_concealment(element: etree._Element, name: str, concealment: Concealment | None) -> Concealment | None:
    """Return the concealment inside `element`: what was deleted stays deleted, else the innermost revision counts."""
    if name not in _REVISIONS or (concealment is not None and concealment.part == "deleted"):
        return concealment
    return _REVISIONS[name](element)
