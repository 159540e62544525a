"""WordprocessingML: one pass over the tree of a part (body, header, notes …) that misses no text.

What lies in reading order is yielded as it is met; what the contract puts later (text boxes, deletions, hidden places,
descriptions of pictures) is collected on the walker. An element that is not known is walked into, never skipped.
The parser refuses more than 256 levels, so recursion stays shallow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.docx import layout, marks
from prescan.formats.docx.inline import SKIPPED, Inline, branches, revised
from prescan.formats.docx.line import Line, Piece, grid_columns
from prescan.formats.package import LOCAL_NAME
from prescan.formats.quick import body_block, new_block
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, PLACE, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.docx.styles import Styles

#: Found where paragraphs are expected, these are text of their own.
_RUN_LEVEL: Final = frozenset({"r", "t", "hyperlink", "fldSimple", "oMath", "oMathPara"})
_STRUCTURE: Final = _RUN_LEVEL | {"p", "tbl", "tr", "tc"}


class Walker(Inline):
    """Walks the trees of one part; `tables` counts the tables of the whole document."""

    def __init__(self, part: str, tables: Iterator[int], styles: Styles, *, paged: bool) -> None:
        """`styles`: those of the document; `paged`: the part tells where its pages ended."""
        super().__init__(styles, paged=paged)
        self.has_text = False
        """Something that can be read was found, be it marked as hidden or not."""
        self._part = part
        self._tables = tables
        self._paragraphs = 0
        self._tabled = False
        """The style of the table around may hide text."""

    def blocks(self, parent: etree._Element, mark: Concealment | None = None, part: str = "") -> Iterator[Block]:
        """Yield the paragraphs and tables inside `parent`; `mark` holds for all of it."""
        part = part or self._part
        for element, name, its_mark in self._structure(parent, mark):
            if name == "p" and its_mark is None and (text := self._plain(element)) is not None:
                if text:
                    self._just_broken = False
                    if not text.isspace():
                        yield self._paragraph(text, part)
            elif name == "tbl":
                yield from self._table(element, its_mark, part)
            elif name in {"tr", "tc"}:
                yield from self.blocks(element, its_mark, part)
            else:
                line = Line(part)
                self._put(element, name, line, its_mark)
                yield from self._finish(line, PARAGRAPH_BREAK)

    def _plain(self, paragraph: etree._Element) -> str | None:
        """Return the text of a paragraph that is nothing but runs of text without any formatting that may hide it.

        Most paragraphs are like that, and the way of the others takes three times as long. None for the others.
        """
        if self._styles.hides:
            return None
        texts: list[str] = []
        for child_of_it in paragraph:
            name = LOCAL_NAME[child_of_it.tag]
            if name == "r":
                for held in child_of_it:
                    name = LOCAL_NAME[held.tag]
                    if name == "t":
                        texts.append(held.text or "")
                    elif name != "rPr" or self._styles.hiding(child_of_it):
                        return None
            elif name not in SKIPPED or (name == "pPr" and layout.of_paragraph(paragraph)):
                return None
        return "".join(texts)

    def _paragraph(self, text: str, part: str) -> Block:
        """Make the block of a plain paragraph."""
        self.has_text = True
        page = self._aside.page
        if part != "body":
            return new_block(text, PLACE(part, page))
        self._paragraphs += 1
        number = self._paragraphs
        return body_block(text, number) if page is None else new_block(text, PLACE(part, page, number))

    def remark(self, parent: etree._Element, mark: Concealment) -> None:
        """Collect all inside `parent` as one text of its own: a comment, even one without words."""
        line = Line(mark.part)
        tables: list[tuple[etree._Element, Concealment | None]] = []
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
        self, parent: etree._Element, mark: Concealment | None
    ) -> Iterator[tuple[etree._Element, str, Concealment | None]]:
        """Yield paragraphs, tables, rows, cells and stray runs, looking into whatever wraps them."""
        for element in parent:
            name = LOCAL_NAME[element.tag]
            if name in _STRUCTURE:
                yield element, name, mark
            elif name == "AlternateContent":
                for branch in branches(element):
                    yield from self._structure(branch, mark)
            elif name not in SKIPPED:
                if name in marks.ATTRIBUTE_TEXTS:
                    self._aside.attributes(element, name)
                yield from self._structure(element, revised(element, name, mark))

    def _table(self, table: etree._Element, mark: Concealment | None, part: str) -> Iterator[Block]:
        """Yield a table row by row, each row followed by the tables inside its cells."""
        number = next(self._tables)
        row_number = 0
        mark = mark or layout.of_table(table)
        outer, self._tabled = self._tabled, self._styles.hides_in(table)
        for row, kind, row_mark in self._structure(table, mark):
            if kind != "tr":
                yield from self.blocks(row, row_mark, part)
                continue
            row_number += 1
            lines: list[Line] = []
            inner: list[tuple[etree._Element, Concealment | None]] = []
            column = 1 + grid_columns(row, "trPr", "gridBefore", 0)
            for cell, _, cell_mark in self._structure(row, layout.of_row(row, row_mark)):
                place = f"表{number}!{column_letters(column - 1)}{row_number}"
                line = Line("table" if part == "body" else part, place)
                self._fill(cell, line, layout.of_cell(cell, cell_mark), inner)
                lines.append(line)
                column += grid_columns(cell, "tcPr", "gridSpan", 1)
            for line in lines:
                yield from self._finish(line, PARAGRAPH_BREAK if line is lines[-1] else CELL_BREAK)
            for nested, its_mark in inner:
                yield from self._table(nested, its_mark, part)
        self._tabled = outer

    def _fill(
        self,
        cell: etree._Element,
        line: Line,
        mark: Concealment | None,
        tables: list[tuple[etree._Element, Concealment | None]],
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

    def _put(self, element: etree._Element, name: str, line: Line, mark: Concealment | None) -> None:
        """Put a paragraph or a stray run on its line."""
        if name != "p":
            self._inside((element,), line, mark)
            return
        outer = self._inherited
        self._inherited = self._styles.around(element, tabled=self._tabled)
        self._inside(element, line, mark or layout.of_paragraph(element))
        self._inherited = outer

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
