"""WordprocessingML: one pass over the tree of a part (body, header, notes …) that misses no text.

What lies in reading order is yielded as it is met; what the contract puts later (text boxes, deletions, hidden places,
descriptions of pictures) is collected on the walker. An element that is not known is walked into, never skipped.
The parser refuses more than 256 levels, so recursion stays shallow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.docx import drawings, marks
from prescan.formats.docx.aside import Aside
from prescan.formats.docx.line import Line, Piece, grid_columns
from prescan.formats.marks import child
from prescan.formats.package import LOCAL_NAME, attribute, descendants
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, PLACE, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.marks import Mark

#: Elements that stand for a fixed text. A tab in running text is no cell break, so it becomes two spaces.
_FIXED: Final = {"tab": "  ", "ptab": "  ", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
#: Settings and formatting: no text inside, except what is asked for by name elsewhere.
_SKIPPED: Final = frozenset(
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
#: Found where paragraphs are expected, these are text of their own.
_RUN_LEVEL: Final = frozenset({"r", "t", "hyperlink", "fldSimple", "oMath", "oMathPara"})
_STRUCTURE: Final = _RUN_LEVEL | {"p", "tbl", "tr", "tc"}
_REVISIONS: Final = {
    "ins": marks.inserted,
    "moveTo": marks.inserted,
    "del": marks.deleted,
    "moveFrom": marks.deleted,
}
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
    "shape": "_vector",
    "rect": "_vector",
    "p": "_stray_paragraph",
    **dict.fromkeys(_REVISIONS, "_revision"),
    **{name: "_attributed" for name in marks.ATTRIBUTE_TEXTS if name not in {"shape", "rect"}},
}
_LOST: Final = "\ufffd"
_SURROGATES: Final = range(0xD800, 0xE000)
_CODE_POINTS: Final = range(0x110000)


class Walker:
    """Walks the trees of one part; `tables` counts the tables of the whole document."""

    def __init__(self, part: str, tables: Iterator[int], hidden_styles: dict[str, Mark], *, paged: bool) -> None:
        """`hidden_styles`: styles that hide text, by their ids; `paged`: the part tells where its pages ended."""
        self._aside = Aside(page=1 if paged else None)
        self.later = self._aside.later
        """What the contract puts after the text, by part."""
        self.has_text = False
        """Something that can be read was found, be it marked as hidden or not."""
        self._part = part
        self._tables = tables
        self._hidden_styles = hidden_styles
        self._inherited: Mark | None = None
        self._just_broken = False
        self._paragraphs = 0

    def blocks(self, parent: etree._Element, mark: Mark | None = None, part: str = "") -> Iterator[Block]:
        """Yield the paragraphs and tables inside `parent`; `mark` holds for all of it."""
        part = part or self._part
        for element, name, its_mark in self._structure(parent, mark):
            if name == "tbl":
                yield from self._table(element, its_mark, part)
            elif name in {"tr", "tc"}:
                yield from self.blocks(element, its_mark, part)
            elif name == "p" and its_mark is None and (text := self._plain(element)) is not None:
                self._just_broken = self._just_broken and not text
                if text and not text.isspace():
                    yield self._paragraph(text, part)
            else:
                line = Line(part)
                self._put(element, name, line, its_mark)
                yield from self._finish(line, PARAGRAPH_BREAK)

    def _plain(self, paragraph: etree._Element) -> str | None:
        """Return the text of a paragraph that is nothing but runs of text without any formatting that may hide it.

        Most paragraphs are like that, and the way of the others takes three times as long. None for the others.
        """
        if self._hidden_styles:
            return None
        texts: list[str] = []
        for child_of_it in paragraph:
            name = LOCAL_NAME[child_of_it.tag]
            if name == "r":
                for held in child_of_it:
                    name = LOCAL_NAME[held.tag]
                    if name == "t":
                        texts.append(held.text or "")
                    elif name != "rPr" or marks.hiding(child_of_it, self._hidden_styles):
                        return None
            elif name not in _SKIPPED or (name == "pPr" and marks.of_paragraph(paragraph)):
                return None
        return "".join(texts)

    def _paragraph(self, text: str, part: str) -> Block:
        """Make the block of a plain paragraph."""
        number = None
        if part == "body":
            self._paragraphs += 1
            number = self._paragraphs
        self.has_text = True
        return Block(text, PLACE(part, self._aside.page, number))

    def remark(self, parent: etree._Element, mark: Mark) -> None:
        """Collect all inside `parent` as one text of its own: a comment, even one without words."""
        line = Line(mark.part)
        tables: list[tuple[etree._Element, Mark | None]] = []
        self._fill(parent, line, mark, tables)
        empty = Block("", Location(mark.part), hidden=mark.hidden, note=mark.note)
        self.later[mark.part] += self._finish(line, PARAGRAPH_BREAK) or [empty]
        for table, its_mark in tables:
            self.later[mark.part] += self._table(table, its_mark, mark.part)

    def end(self) -> None:
        """Tell the codes of fields that the part opens but never closes."""
        self._aside.end_fields()

    # Paragraphs, tables, cells

    def _structure(
        self, parent: etree._Element, mark: Mark | None
    ) -> Iterator[tuple[etree._Element, str, Mark | None]]:
        """Yield paragraphs, tables, rows, cells and stray runs, looking into whatever wraps them."""
        for element in parent:
            name = LOCAL_NAME[element.tag]
            if name in _STRUCTURE:
                yield element, name, mark
            elif name == "AlternateContent":
                for branch in _branches(element):
                    yield from self._structure(branch, mark)
            elif name not in _SKIPPED:
                if name in marks.ATTRIBUTE_TEXTS:
                    self._aside.attributes(element, name)
                yield from self._structure(element, _revised(element, name, mark))

    def _table(self, table: etree._Element, mark: Mark | None, part: str) -> Iterator[Block]:
        """Yield a table row by row, each row followed by the tables inside its cells."""
        number = next(self._tables)
        row_number = 0
        for row, kind, row_mark in self._structure(table, mark):
            if kind != "tr":
                yield from self.blocks(row, row_mark, part)
                continue
            row_number += 1
            lines: list[Line] = []
            inner: list[tuple[etree._Element, Mark | None]] = []
            column = 1 + grid_columns(row, "trPr", "gridBefore", 0)
            for cell, _, cell_mark in self._structure(row, marks.of_row(row, row_mark)):
                place = f"表{number}!{column_letters(column - 1)}{row_number}"
                line = Line("table" if part == "body" else part, place)
                self._fill(cell, line, cell_mark, inner)
                lines.append(line)
                column += grid_columns(cell, "tcPr", "gridSpan", 1)
            for line in lines:
                yield from self._finish(line, PARAGRAPH_BREAK if line is lines[-1] else CELL_BREAK)
            for nested, its_mark in inner:
                yield from self._table(nested, its_mark, part)

    def _fill(
        self,
        cell: etree._Element,
        line: Line,
        mark: Mark | None,
        tables: list[tuple[etree._Element, Mark | None]],
    ) -> None:
        """Put the paragraphs of a cell on its line and its tables aside."""
        for element, name, its_mark in self._structure(cell, mark):
            if name == "tbl":
                tables.append((element, its_mark))
            elif name in {"tr", "tc"}:
                self._fill(element, line, its_mark, tables)
            else:
                line.pieces.append(None)
                self._put(element, name, line, its_mark)

    def _put(self, element: etree._Element, name: str, line: Line, mark: Mark | None) -> None:
        """Put a paragraph or a stray run on its line."""
        if name != "p":
            self._inside((element,), line, mark)
            return
        self._inherited = self._hidden_styles.get(marks.style_of(element)) if self._hidden_styles else None
        self._inside(element, line, mark or marks.of_paragraph(element))
        self._inherited = None

    def _finish(self, line: Line, sep: str) -> list[Block]:
        """Turn a line into blocks that read on without a break; an empty paragraph gives none."""
        kept, deleted = line.read()
        filled = any(any(map(str.strip, piece.texts)) for piece in kept)
        number = None
        if filled and line.part == "body":
            self._paragraphs += 1
            number = self._paragraphs
        for piece in deleted:
            self.later["deleted"].append(line.block(piece, number, PARAGRAPH_BREAK))
        if not filled:
            if line.cell is None:
                return []
            kept = [Piece(None, self._aside.page, [text for piece in kept for text in piece.texts])]
        self.has_text = self.has_text or filled
        pieces = [line.block(piece, number, "") for piece in kept[:-1]]
        pieces.append(line.block(kept[-1], number, sep))
        return pieces

    # Inside a paragraph

    def _inside(self, elements: Iterable[etree._Element], line: Line, mark: Mark | None) -> None:
        """Put the text of `elements` on the line."""
        for element in elements:
            name = LOCAL_NAME[element.tag]
            if name == "t":
                if element.text:
                    self._say(element.text, line, mark)
            elif name in _FIXED:
                self._say(_FIXED[name], line, mark)
            elif name == "r":
                self._inside(element, line, mark or marks.hiding(element, self._hidden_styles, self._inherited))
            elif name in _SKIPPED:
                continue
            elif name in HANDLERS:
                getattr(self, HANDLERS[name])(element, line, mark)
            else:
                self._inside(element, line, mark)

    def _say(self, text: str, line: Line, mark: Mark | None) -> None:
        if mark is not None and mark in marks.HIDING and text.isspace():
            mark = None
        self._just_broken = False
        line.add(text, mark, self._aside.page)

    def _revision(self, revision: etree._Element, line: Line, mark: Mark | None) -> None:
        self._inside(revision, line, _revised(revision, LOCAL_NAME[revision.tag], mark))

    def _deleted_text(self, text: etree._Element, line: Line, mark: Mark | None) -> None:
        if mark is None or mark.part != "deleted":
            mark = marks.deleted(text)
        self._say(text.text or "", line, mark)

    def _break(self, element: etree._Element, line: Line, mark: Mark | None) -> None:
        self._say("\n", line, mark)
        if self._aside.page is not None and attribute(element, "type") == "page":
            self._aside.page += 1
            self._just_broken = True

    def _rendered_break(self, _element: etree._Element, _line: Line, _mark: Mark | None) -> None:
        """Turn the page, unless this only records what an explicit break just did."""
        if self._aside.page is not None and not self._just_broken:
            self._aside.page += 1
        self._just_broken = False

    def _symbol(self, symbol: etree._Element, line: Line, mark: Mark | None) -> None:
        try:
            code = int(attribute(symbol, "char"), 16)
        except ValueError:
            code = -1
        self._say(chr(code) if code in _CODE_POINTS and code not in _SURROGATES else _LOST, line, mark)

    def _ruby(self, ruby: etree._Element, line: Line, mark: Mark | None) -> None:
        """Put the base first and its reading in brackets behind it: 務(wù)."""
        reading, base = child(ruby, "rt"), child(ruby, "rubyBase")
        self._inside(() if base is None else base, line, mark)
        self._say("(", line, mark)
        self._inside(() if reading is None else reading, line, mark)
        self._say(")", line, mark)

    def _stray_paragraph(self, paragraph: etree._Element, line: Line, mark: Mark | None) -> None:
        self._say("\n", line, mark)
        self._inside(paragraph, line, mark)

    def _alternate(self, alternate: etree._Element, line: Line, mark: Mark | None) -> None:
        for branch in _branches(alternate):
            self._inside(branch, line, mark)

    def _box(self, box: etree._Element, _line: Line, mark: Mark | None) -> None:
        self.later["textbox"] += list(self.blocks(box, mark, "textbox"))

    def _drawing(self, drawing: etree._Element, line: Line, mark: Mark | None) -> None:
        self._inside(drawing, line, mark or drawings.of_drawing(drawing))

    def _vector(self, shape: etree._Element, line: Line, mark: Mark | None) -> None:
        self._aside.attributes(shape, LOCAL_NAME[shape.tag])
        self._inside(shape, line, mark or drawings.of_vector(shape))

    # Fields, and texts in attributes

    def _field_mark(self, element: etree._Element, line: Line, mark: Mark | None) -> None:
        self._show(self._aside.field_mark(attribute(element, "fldCharType")), line, mark)
        self._inside(element, line, mark)

    def _field_code(self, element: etree._Element, line: Line, mark: Mark | None) -> None:
        self._show(self._aside.field_code(element.text or ""), line, mark)

    def _simple_field(self, element: etree._Element, line: Line, mark: Mark | None) -> None:
        self._show(self._aside.whole_field(attribute(element, "instr")), line, mark)
        self._inside(element, line, mark)

    def _show(self, code: str, line: Line, mark: Mark | None) -> None:
        """Put the code of an equation on its line: it is what the page shows."""
        if code:
            self._say(code, line, mark)

    def _attributed(self, element: etree._Element, line: Line, mark: Mark | None) -> None:
        self._aside.attributes(element, LOCAL_NAME[element.tag])
        self._inside(element, line, mark)

    def tell(self, text: str, mark: Mark) -> None:
        """Collect a text that stands beside the page, each once."""
        self._aside.tell(text, mark)


def _branches(alternate: etree._Element) -> Iterator[etree._Element]:
    """Yield the alternatives of a content, leaving out those that say what an earlier one said."""
    said: set[str] = set()
    for branch in alternate:
        text = "".join(element.text or "" for element in descendants(branch, "t", "delText", "instrText"))
        if text not in said:
            said.add(text)
            yield branch


def _revised(element: etree._Element, name: str, mark: Mark | None) -> Mark | None:
    """Return the mark of what `element` holds: deleted stays deleted, else the innermost revision counts."""
    if name not in _REVISIONS or (mark is not None and mark.part == "deleted"):
        return mark
    return _REVISIONS[name](element)
