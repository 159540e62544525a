"""One slide: its shapes in drawing order, tables cell by cell, and everything the audience does not see."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.concealment import Concealment, attributed, child, concealed_block
from prescan.formats.drawingml import HIDDEN_SHAPE, chart_texts, descriptions, paragraphs, plain_text, shapes, unescape
from prescan.formats.package import LOCAL_NAME, ON, attribute, descendants
from prescan.formats.pptx.background import SlideBackground
from prescan.formats.pptx.covers import is_covered
from prescan.formats.pptx.design import Design, placeholder_of
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.drawingml import Shape
    from prescan.formats.office_parts import Parts
    from prescan.formats.pptx.background import ShapeText

#: What the contract puts after the slides, in its order.
LATER: Final = ("header", "footer", "note", "textbox", "comment", "hidden", "image")
#: Types of placeholders whose text is not the slide's own → the part they belong to, "" for none.
_MARGINS: Final = {"hdr": "header", "ftr": "footer", "dt": "footer", "sldNum": ""}
_NOTE_MARGINS: Final = frozenset({"sldImg", "sldNum"})
_POINT: Final = 12_700
"""A point in EMU."""
_MERGED: Final = Concealment("hidden", "hidden_text", "合并单元格盖住的内容")

_Piece = tuple[str, Concealment | None]


class Size(NamedTuple):
    """The size of all slides in EMU."""

    width: int
    height: int


class SlideReader:
    """Reads slides one by one; what comes after all of them is collected in `later`."""

    def __init__(
        self, parts: Parts, size: Size, authors: dict[str, str], presentation: etree._Element | None = None
    ) -> None:
        """`authors`: names of commenters by id; `presentation`: the tree of the main part."""
        self.later: dict[str, list[Block]] = {part: [] for part in LATER}
        self.pictures: list[int] = []
        """The pages with a large picture and no text."""
        self._parts = parts
        self._size = size
        self._authors = authors
        self._tables = itertools.count(1)
        self._paragraphs = 0
        self._presentation = presentation
        self._designs: dict[str | None, Design] = {}

    def blocks(
        self, part: str, root: etree._Element, page: int | None, slide_concealment: Concealment | None
    ) -> Iterator[Block]:
        """Yield the text of a slide; `slide_concealment`: that of a hidden slide."""
        has_text = has_large_picture = False
        in_order = list(shapes(root))
        background = SlideBackground(self._design(part), root, in_order)
        for order, shape in enumerate(in_order):
            has_large_picture = has_large_picture or (shape.kind == "pic" and self._fills(shape))
            self.later["image"] += descriptions(shape.element, page)
            concealment = slide_concealment or self._shape_concealment(shape, page)
            if concealment is None and page and is_covered(shape, in_order[order + 1 :], self._parts, part):
                concealment = Concealment("hidden", "fake_redaction", f"第 {page} 页图形下的文字")
            margin = _MARGINS.get(placeholder_type(shape.element) or "")
            if margin is None:
                for block in self._shape(part, shape, page, concealment, background.shape_text(order)):
                    has_text = has_text or block.text != ""
                    yield block
            elif margin:
                text = plain_text(shape.element)
                if text.strip():
                    block = (
                        concealed_block(text, concealment, page=page)
                        if concealment
                        else Block(text, Location(margin, page))
                    )
                    self.later[block.location.part].append(block)
        if has_large_picture and not has_text and page:
            self.pictures.append(page)
        for order, notes in enumerate(self._parts.related(part, "notesSlide")):
            if not order:
                self.later["note"] += self._notes(notes, page)
        self.later["comment"] += self._comments(part, page)
        self.later["hidden"] += self._parts.links(part, page)

    def _design(self, part: str) -> Design:
        """Return the design of a slide, made once for all slides with the same layout."""
        layout = next(iter(self._parts.related(part, "slideLayout")), None)
        if layout not in self._designs:
            self._designs[layout] = Design(self._parts, layout, self._presentation)
        return self._designs[layout]

    def _shape_concealment(self, shape: Shape, page: int | None) -> Concealment | None:
        """Return why the audience cannot see a shape: hidden, without size, off the slide; None if it can."""
        where = f"第 {page} 页" if page else ""
        if shape.hidden:
            return HIDDEN_SHAPE._replace(note=f"{where}{HIDDEN_SHAPE.note}")
        box = shape.box
        if box is None:
            return None
        if box.width < _POINT and box.height < _POINT:
            return Concealment("hidden", "hidden_text", f"{where}零尺寸图形中的文字")
        beside = box.left >= self._size.width or box.left + box.width <= 0
        if beside or box.top >= self._size.height or box.top + box.height <= 0:
            return Concealment("hidden", "hidden_text", f"{where}页面外的文字")
        return None

    def _fills(self, shape: Shape) -> bool:
        """Return whether a picture fills half the slide; one without a box counts as large, like its placeholder."""
        box = shape.box
        return box is None or 2 * box.width * box.height >= self._size.width * self._size.height

    # Shapes

    def _shape(
        self, part: str, shape: Shape, page: int | None, concealment: Concealment | None, shape_text: ShapeText
    ) -> Iterator[Block]:
        if shape.kind != "graphicFrame":
            yield from self._text(shape_text.own_paragraphs(), page, concealment)
            return
        targets = self._parts.targets(part)
        for element in descendants(shape.element, "tbl", "relIds", "chart"):
            name = LOCAL_NAME[element.tag]
            if name == "tbl":
                yield from self._table(element, page, concealment, shape_text)
                continue
            tree = self._target(targets.get(attribute(element, "dm" if name == "relIds" else "id"), ""))
            if tree is None:
                continue
            if name == "relIds":
                yield from self._text(paragraphs(tree), page, concealment)
                continue
            for text in chart_texts(tree):
                block = (
                    concealed_block(text, concealment, page=page)
                    if concealment
                    else Block(text, Location("textbox", page))
                )
                self.later[block.location.part].append(block)

    def _target(self, name: str) -> etree._Element | None:
        return self._parts.tree(name) if name in self._parts.package else None

    def _text(
        self, piece_lists: Iterable[list[_Piece]], page: int | None, concealment: Concealment | None
    ) -> Iterator[Block]:
        """Yield the paragraphs inside a shape or a diagram."""
        for pieces in piece_lists:
            self._paragraphs += 1
            place = Location("body", page, self._paragraphs)
            yield from _blocks(
                [(text, concealment or its_concealment) for text, its_concealment in pieces], place, PARAGRAPH_BREAK
            )

    def _table(
        self, table: etree._Element, page: int | None, concealment: Concealment | None, shape_text: ShapeText
    ) -> Iterator[Block]:
        name = f"表{next(self._tables)}"
        for number, row in enumerate((row for row in table if LOCAL_NAME[row.tag] == "tr"), 1):
            cells = list(_cells(row, concealment, shape_text))
            for order, (column, pieces) in enumerate(cells, 1):
                place = Location("table", page, cell=f"{name}!{column_letters(column - 1)}{number}")
                yield from _blocks(pieces, place, PARAGRAPH_BREAK if order == len(cells) else CELL_BREAK)

    # Beside the slide

    def _notes(self, part: str, page: int | None) -> Iterator[Block]:
        """Yield the speaker's notes."""
        root = self._parts.tree(part)
        concealment = Concealment("note", "hidden_text", f"第 {page} 页的备注" if page else "备注")
        for shape in () if root is None else shapes(root):
            if placeholder_type(shape.element) not in _NOTE_MARGINS:
                for pieces in paragraphs(shape.element):
                    yield concealed_block("".join(text for text, _ in pieces), concealment, page=page)

    def _comments(self, part: str, page: int | None) -> Iterator[Block]:
        """Yield comments and replies, of the old format and the new."""
        for listed in self._parts.related(part, "comments"):
            root = self._parts.tree(listed)
            for comment in () if root is None else descendants(root, "cm", "reply"):
                author = self._authors.get(attribute(comment, "authorId"), "")
                date = attribute(comment, "dt") or attribute(comment, "created")
                note = attributed(author, date, f"第 {page} 页的批注" if page else "批注")
                old = child(comment, "text")
                text = plain_text(child(comment, "txBody")) if old is None else unescape(old.text or "")
                yield concealed_block(text, Concealment("comment", "comment", note), page=page)


def placeholder_type(shape: etree._Element) -> str | None:
    """Return the type of a placeholder, "" for the default type; None if the shape is not a placeholder."""
    found = placeholder_of(shape)
    return None if found is None else attribute(found, "type")


def _cells(
    row: etree._Element, concealment: Concealment | None, shape_text: ShapeText
) -> Iterator[tuple[int, list[_Piece]]]:
    """Yield column and text of the cells of a row; columns merged into another only if they hold text."""
    for column, cell in enumerate((cell for cell in row if LOCAL_NAME[cell.tag] == "tc"), 1):
        beside, below = attribute(cell, "hMerge") in ON, attribute(cell, "vMerge") in ON
        covered = _MERGED if beside or below else None
        pieces: list[_Piece] = []
        for paragraph in shape_text.cell_paragraphs(cell):
            pieces += [("\n", None)] if pieces else []
            pieces += [(text, concealment or covered or its_concealment) for text, its_concealment in paragraph]
        if pieces or not beside:
            yield column, pieces


def _blocks(pieces: Iterable[_Piece], place: Location, sep: str) -> Iterator[Block]:
    """Yield the blocks of a paragraph or cell, one for adjacent pieces of equal concealment, separated by ""."""
    joined: list[_Piece] = []
    for text, concealment in pieces:
        if joined and (concealment == joined[-1][1] or text == "\n"):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, concealment))
    for order, (text, concealment) in enumerate(joined or [("", None)], 1):
        end = sep if order >= len(joined) else ""
        if concealment is None:
            yield Block(text, place, end)
        else:
            where = Location(concealment.part, place.page, place.paragraph, place.cell)
            yield Block(text, where, end, concealment.hidden, concealment.note)
