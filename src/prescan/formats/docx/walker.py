"""WordprocessingML: one pass over the tree of a part (body, header, notes …) that misses no text.

Text in reading order is yielded as it is met; what the contract puts later (text boxes, deletions, hidden text,
descriptions of pictures) is collected in `Walker.later`. An unknown element is walked into, never skipped. The parser
refuses more than 256 levels, so recursion stays shallow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.docx import concealments, layout
from prescan.formats.docx.inline import SKIPPED, Inline, revision_concealment
from prescan.formats.docx.line import Line, Piece, grid_columns
from prescan.formats.drawingml import distinct_branches
from prescan.formats.package import LOCAL_NAME
from prescan.formats.quick import body_block, new_block
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, PLACE, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.docx.styles import Styles

#: Where paragraphs are expected, these count as paragraphs.
_RUN_LEVEL: Final = frozenset({"r", "t", "hyperlink", "fldSimple", "oMath", "oMathPara"})
_STRUCTURE: Final = _RUN_LEVEL | {"p", "tbl", "tr", "tc"}


class Walker(Inline):
    """Walks the trees of one part; `tables` counts the tables of the whole document."""

    def __init__(self, part: str, tables: Iterator[int], styles: Styles, *, paged: bool) -> None:
        """`part`: that of its blocks; `styles`: those of the document; `paged`: the part records its page breaks."""
        super().__init__(styles, paged=paged)
        self.has_text = False
        """Whether any text was found, hidden or not."""
        self._part = part
        self._tables = tables
        self._paragraphs = 0
        self._in_hiding_table = False
        """Whether the style of the surrounding table may hide text."""

    def blocks(self, parent: etree._Element, concealment: Concealment | None = None, part: str = "") -> Iterator[Block]:
        """Yield the paragraphs and tables inside `parent`; `concealment` holds for all of it."""
        part = part or self._part
        for element, name, its_concealment in self._structure(parent, concealment):
            if name == "p" and its_concealment is None and (text := self._plain_text(element)) is not None:
                if text:
                    self._just_broken = False
                    if not text.isspace():
                        yield self._paragraph(text, part)
            elif name == "tbl":
                yield from self._table(element, its_concealment, part)
            elif name in {"tr", "tc"}:
                yield from self.blocks(element, its_concealment, part)
            else:
                line = Line(part)
                self._add_paragraph(element, name, line, its_concealment)
                yield from self._finish(line, PARAGRAPH_BREAK)

    def _plain_text(self, paragraph: etree._Element) -> str | None:
        """Return the text of a paragraph that consists only of runs whose formatting hides nothing; else None.

        Most paragraphs are like that; the general way takes three times as long.
        """
        if self._styles.hides:
            return None
        texts: list[str] = []
        for inner in paragraph:
            name = LOCAL_NAME[inner.tag]
            if name == "r":
                for element in inner:
                    name = LOCAL_NAME[element.tag]
                    if name == "t":
                        texts.append(element.text or "")
                    elif name != "rPr" or self._styles.concealment_of_run(inner):
                        return None
            elif name not in SKIPPED or (name == "pPr" and layout.paragraph_concealment(paragraph)):
                return None
        return "".join(texts)

    def _paragraph(self, text: str, part: str) -> Block:
        """Return the block of a plain paragraph."""
        self.has_text = True
        page = self._side_texts.page
        if part != "body":
            return new_block(text, PLACE(part, page))
        self._paragraphs += 1
        number = self._paragraphs
        return body_block(text, number) if page is None else new_block(text, PLACE(part, page, number))

    def collect_comment(self, parent: etree._Element, concealment: Concealment) -> None:
        """Collect all text inside `parent` as one block: a comment, even an empty one."""
        line = Line(concealment.part)
        tables: list[tuple[etree._Element, Concealment | None]] = []
        self._add_cell(parent, line, concealment, tables)
        empty = Block("", Location(concealment.part), hidden=concealment.hidden, note=concealment.note)
        self.later[concealment.part] += self._finish(line, PARAGRAPH_BREAK) or [empty]
        for table, its_concealment in tables:
            self.later[concealment.part] += self._table(table, its_concealment, concealment.part)

    def end_part(self) -> None:
        """Collect the codes of fields that were opened but never closed. Call it after the last element."""
        self._side_texts.end_fields()

    # Paragraphs, tables, cells

    def _structure(
        self, parent: etree._Element, concealment: Concealment | None
    ) -> Iterator[tuple[etree._Element, str, Concealment | None]]:
        """Yield paragraphs, tables, rows, cells and stray runs, whatever wraps them: (element, name, concealment)."""
        for element in parent:
            name = LOCAL_NAME[element.tag]
            if name in _STRUCTURE:
                yield element, name, concealment
            elif name == "AlternateContent":
                for branch in distinct_branches(element, "t", "delText", "instrText"):
                    yield from self._structure(branch, concealment)
            elif name not in SKIPPED:
                if name in concealments.ATTRIBUTE_TEXTS:
                    self._side_texts.collect_attributes(element, name)
                yield from self._structure(element, revision_concealment(element, name, concealment))

    def _table(self, table: etree._Element, concealment: Concealment | None, part: str) -> Iterator[Block]:
        """Yield a table row by row, each row followed by the tables nested in its cells."""
        number = next(self._tables)
        row_number = 0
        concealment = concealment or layout.table_concealment(table)
        outer, self._in_hiding_table = self._in_hiding_table, self._styles.hides_in(table)
        for row, kind, row_concealment_ in self._structure(table, concealment):
            if kind != "tr":
                yield from self.blocks(row, row_concealment_, part)
                continue
            row_number += 1
            lines: list[Line] = []
            inner: list[tuple[etree._Element, Concealment | None]] = []
            column = 1 + grid_columns(row, "trPr", "gridBefore", 0)
            for cell, _, cell_concealment_ in self._structure(row, layout.row_concealment(row, row_concealment_)):
                place = f"表{number}!{column_letters(column - 1)}{row_number}"
                line = Line("table" if part == "body" else part, place)
                self._add_cell(cell, line, layout.cell_concealment(cell, cell_concealment_), inner)
                lines.append(line)
                column += grid_columns(cell, "tcPr", "gridSpan", 1)
            for line in lines:
                yield from self._finish(line, PARAGRAPH_BREAK if line is lines[-1] else CELL_BREAK)
            for nested, its_concealment in inner:
                yield from self._table(nested, its_concealment, part)
        self._in_hiding_table = outer

    def _add_cell(
        self,
        cell: etree._Element,
        line: Line,
        concealment: Concealment | None,
        tables: list[tuple[etree._Element, Concealment | None]],
    ) -> None:
        """Add the paragraphs of a cell to its line, and its tables to `tables`."""
        for element, name, its_concealment in self._structure(cell, concealment):
            if name == "tbl":
                tables.append((element, its_concealment))
            elif name in {"tr", "tc"}:
                self._add_cell(element, line, its_concealment, tables)
            else:
                line.pieces.append(None)
                self._add_paragraph(element, name, line, its_concealment)

    def _add_paragraph(self, element: etree._Element, name: str, line: Line, concealment: Concealment | None) -> None:
        """Add a paragraph or a stray run to its line."""
        if name != "p":
            self._add_elements((element,), line, concealment)
            return
        outer = self._paragraph_format
        self._paragraph_format = self._styles.inherited_format(element, tabled=self._in_hiding_table)
        self._add_elements(element, line, concealment or layout.paragraph_concealment(element))
        self._paragraph_format = outer

    def _finish(self, line: Line, sep: str) -> list[Block]:
        """Return the blocks of a line, separated by "" but for the last; an empty paragraph gives none."""
        kept, deleted = line.without_deletions()
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
            kept = [Piece(None, self._side_texts.page, [text for piece in kept for text in piece.texts])]
        self.has_text = self.has_text or filled
        pieces = [line.block(piece, number, "") for piece in kept[:-1]]
        pieces.append(line.block(kept[-1], number, sep))
        return pieces
