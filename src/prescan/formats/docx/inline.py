"""WordprocessingML inside a paragraph: runs, revisions, breaks, symbols, fields, drawings, one method for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.docx import drawings, marks
from prescan.formats.docx.aside import Aside
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.docx.line import Line
    from prescan.formats.docx.looks import Looks
    from prescan.formats.docx.styles import Styles
    from prescan.types import Block

#: Elements that stand for a fixed text. A tab in running text is no cell break, so it becomes two spaces.
FIXED: Final = {"tab": "  ", "ptab": "  ", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
#: Settings and formatting: no text inside, except what is asked for by name elsewhere.
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
    "ins": marks.inserted,
    "moveTo": marks.inserted,
    "del": marks.deleted,
    "moveFrom": marks.deleted,
}
_VECTORS: Final = frozenset({"shape", "rect", "roundrect", "oval", "group"})
#: What is done with elements inside a paragraph, by name: the method of Walker. Any other is walked into.
HANDLERS: Final = {
    "br": "_break",
    "lastRenderedPageBreak": "_rendered_break",
    "sym": "_symbol",
    "ruby": "_ruby",
    "delText": "_deleted_text",
    "fldChar": "_field_mark",
    "instrText": "_field_code",
    "delInstrText": "_field_code",
    "fldSimple": "_simple_field",
    "AlternateContent": "_alternate",
    "txbxContent": "_box",
    "drawing": "_drawing",
    **dict.fromkeys(_VECTORS, "_vector"),
    "p": "_stray_paragraph",
    **dict.fromkeys(_REVISIONS, "_revision"),
    **{name: "_attributed" for name in marks.ATTRIBUTE_TEXTS if name not in _VECTORS},
}
_LOST: Final = "\ufffd"
_SURROGATES: Final = range(0xD800, 0xE000)
_CODE_POINTS: Final = range(0x110000)


class Inline:
    """Puts what stands inside a paragraph on a line; what comes later is collected in `later`."""

    def __init__(self, styles: Styles, *, paged: bool) -> None:
        """`styles`: those of the document; `paged`: the part tells where its pages ended."""
        self._aside = Aside(page=1 if paged else None)
        self.later = self._aside.later
        """What the contract puts after the text, by part."""
        self._styles = styles
        self._inherited: Looks | None = None
        self._just_broken = False

    def blocks(self, parent: etree._Element, mark: Concealment | None = None, part: str = "") -> Iterator[Block]:
        """Yield the paragraphs and tables inside `parent`; `mark` holds for all of it."""
        raise NotImplementedError

    def _inside(self, elements: Iterable[etree._Element], line: Line, mark: Concealment | None) -> None:
        """Put the text of `elements` on the line."""
        for element in elements:
            name = LOCAL_NAME[element.tag]
            if name == "t":
                if element.text:
                    self._say(element.text, line, mark)
            elif name in FIXED:
                self._say(FIXED[name], line, mark)
            elif name == "r":
                self._inside(element, line, mark or self._styles.hiding(element, self._inherited))
            elif name in SKIPPED:
                continue
            elif name in HANDLERS:
                getattr(self, HANDLERS[name])(element, line, mark)
            else:
                self._inside(element, line, mark)

    def _say(self, text: str, line: Line, mark: Concealment | None) -> None:
        if mark is not None and mark in marks.HIDING and text.isspace():
            mark = None
        self._just_broken = False
        line.add(text, mark, self._aside.page)

    def _revision(self, revision: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._inside(revision, line, revised(revision, LOCAL_NAME[revision.tag], mark))

    def _deleted_text(self, text: etree._Element, line: Line, mark: Concealment | None) -> None:
        if mark is None or mark.part != "deleted":
            mark = marks.deleted(text)
        self._say(text.text or "", line, mark)

    def _break(self, element: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._say("\n", line, mark)
        if self._aside.page is not None and attribute(element, "type") == "page":
            self._aside.page += 1
            self._just_broken = True

    def _rendered_break(self, _element: etree._Element, _line: Line, _mark: Concealment | None) -> None:
        """Turn the page, unless this only records what an explicit break just did."""
        if self._aside.page is not None and not self._just_broken:
            self._aside.page += 1
        self._just_broken = False

    def _symbol(self, symbol: etree._Element, line: Line, mark: Concealment | None) -> None:
        try:
            code = int(attribute(symbol, "char"), 16)
        except ValueError:
            code = -1
        self._say(chr(code) if code in _CODE_POINTS and code not in _SURROGATES else _LOST, line, mark)

    def _ruby(self, ruby: etree._Element, line: Line, mark: Concealment | None) -> None:
        """Put the base first and its reading in brackets behind it: 務(wù)."""
        reading, base = child(ruby, "rt"), child(ruby, "rubyBase")
        self._inside(() if base is None else base, line, mark)
        self._say("(", line, mark)
        self._inside(() if reading is None else reading, line, mark)
        self._say(")", line, mark)

    def _stray_paragraph(self, paragraph: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._say("\n", line, mark)
        self._inside(paragraph, line, mark)

    def _alternate(self, alternate: etree._Element, line: Line, mark: Concealment | None) -> None:
        for branch in branches(alternate):
            self._inside(branch, line, mark)

    def _box(self, box: etree._Element, _line: Line, mark: Concealment | None) -> None:
        self.later["textbox"] += list(self.blocks(box, mark, "textbox"))

    def _drawing(self, drawing: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._inside(drawing, line, mark or drawings.of_drawing(drawing))

    def _vector(self, shape: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._aside.attributes(shape, LOCAL_NAME[shape.tag])
        self._inside(shape, line, mark or drawings.of_vector(shape))

    # Fields, and texts in attributes

    def _field_mark(self, element: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._show(self._aside.field_mark(attribute(element, "fldCharType")), line, mark)
        self._inside(element, line, mark)

    def _field_code(self, element: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._show(self._aside.field_code(element.text or ""), line, mark)

    def _simple_field(self, element: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._show(self._aside.whole_field(attribute(element, "instr")), line, mark)
        self._inside(element, line, mark)

    def _show(self, code: str, line: Line, mark: Concealment | None) -> None:
        """Put the code of an equation on its line: it is what the page shows."""
        if code:
            self._say(code, line, mark)

    def _attributed(self, element: etree._Element, line: Line, mark: Concealment | None) -> None:
        self._aside.attributes(element, LOCAL_NAME[element.tag])
        self._inside(element, line, mark)

    def tell(self, text: str, mark: Concealment) -> None:
        """Collect a text that stands beside the page, each once."""
        self._aside.tell(text, mark)


def branches(alternate: etree._Element) -> Iterator[etree._Element]:
    """Yield the alternatives of a content, leaving out those that say what an earlier one said."""
    said: set[str] = set()
    for branch in alternate:
        text = "".join(element.text or "" for element in descendants(branch, "t", "delText", "instrText"))
        if text not in said:
            said.add(text)
            yield branch


def revised(element: etree._Element, name: str, mark: Concealment | None) -> Concealment | None:
    """Return the mark of what `element` holds: deleted stays deleted, else the innermost revision counts."""
    if name not in _REVISIONS or (mark is not None and mark.part == "deleted"):
        return mark
    return _REVISIONS[name](element)
