"""One slide: its shapes in drawing order, tables as tables, and everything the audience does not see."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.concealment import Concealment, attributed, child
from prescan.formats.drawingml import HIDDEN_SHAPE, chart_texts, descriptions, paragraphs, plain_text, shapes, unescape
from prescan.formats.office_parts import concealed_block
from prescan.formats.package import LOCAL_NAME, ON, attribute, descendants
from prescan.formats.pptx.covers import is_covered
from prescan.formats.pptx.design import Design, placeholder_of
from prescan.formats.pptx.ground import Ground
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.drawingml import Shape
    from prescan.formats.office_parts import Parts
    from prescan.formats.pptx.ground import Spot

#: What the contract puts after the slides, in its order.
LATER: Final = ("header", "footer", "note", "textbox", "comment", "hidden", "image")
#: Placeholders whose text is not the slide's own, with the part they belong to; "" is not told.
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
    """Reads slide after slide; what comes after all of them is collected in `later`."""

    def __init__(
        self, parts: Parts, size: Size, authors: dict[str, str], presentation: etree._Element | None = None
    ) -> None:
        """`authors`: who comments, by the id comments give; `presentation`: the tree of the main part."""
        self.later: dict[str, list[Block]] = {part: [] for part in LATER}
        self.pictures: list[int] = []
        """The pages that hold a large picture and no text."""
        self._parts = parts
        self._size = size
        self._authors = authors
        self._tables = itertools.count(1)
        self._paragraphs = 0
        self._presentation = presentation
        self._designs: dict[str | None, Design] = {}

    def blocks(self, part: str, root: etree._Element, page: int | None, whole: Concealment | None) -> Iterator[Block]:
        """Yield the text of a slide; `whole` is the mark of a hidden one."""
        said = pictured = False
        drawn_in_order = list(shapes(root))
        ground = Ground(self._design(part), root, drawn_in_order)
        for order, shape in enumerate(drawn_in_order):
            pictured = pictured or (shape.kind == "pic" and self._fills(shape))
            self.later["image"] += descriptions(shape.element, page)
            mark = whole or self._out_of_sight(shape, page)
            if mark is None and page and is_covered(shape, drawn_in_order[order + 1 :], self._parts, part):
                mark = Concealment("hidden", "fake_redaction", f"第 {page} 页图形下的文字")
            margin = _MARGINS.get(placeholder(shape.element) or "")
            if margin is None:
                for block in self._shape(part, shape, page, mark, ground.at(order)):
                    said = said or block.text != ""
                    yield block
            elif margin:
                text = plain_text(shape.element)
                if text.strip():
                    block = concealed_block(text, mark, page=page) if mark else Block(text, Location(margin, page))
                    self.later[block.location.part].append(block)
        if pictured and not said and page:
            self.pictures.append(page)
        for order, notes in enumerate(self._parts.related(part, "notesSlide")):
            if not order:
                self.later["note"] += self._notes(notes, page)
        self.later["comment"] += self._comments(part, page)
        self.later["hidden"] += self._parts.links(part, page)

    def _design(self, part: str) -> Design:
        """Return the design of the slide in a part; most slides share a few."""
        layout = next(iter(self._parts.related(part, "slideLayout")), None)
        if layout not in self._designs:
            self._designs[layout] = Design(self._parts, layout, self._presentation)
        return self._designs[layout]

    def _out_of_sight(self, shape: Shape, page: int | None) -> Concealment | None:
        """Return the mark of a shape that the audience cannot see."""
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
        """Tell whether a picture fills half the slide; one without a size of its own fills its placeholder."""
        box = shape.box
        return box is None or 2 * box.width * box.height >= self._size.width * self._size.height

    # Shapes

    def _shape(
        self, part: str, shape: Shape, page: int | None, mark: Concealment | None, spot: Spot
    ) -> Iterator[Block]:
        if shape.kind != "graphicFrame":
            yield from self._text(spot.written(), page, mark)
            return
        targets = self._parts.targets(part)
        for element in descendants(shape.element, "tbl", "relIds", "chart"):
            name = LOCAL_NAME[element.tag]
            if name == "tbl":
                yield from self._table(element, page, mark, spot)
                continue
            tree = self._target(targets.get(attribute(element, "dm" if name == "relIds" else "id"), ""))
            if tree is None:
                continue
            if name == "relIds":
                yield from self._text(paragraphs(tree), page, mark)
                continue
            for text in chart_texts(tree):
                block = concealed_block(text, mark, page=page) if mark else Block(text, Location("textbox", page))
                self.later[block.location.part].append(block)

    def _target(self, name: str) -> etree._Element | None:
        return self._parts.tree(name) if name in self._parts.package else None

    def _text(self, told: Iterable[list[_Piece]], page: int | None, mark: Concealment | None) -> Iterator[Block]:
        """Yield the paragraphs inside a shape or a diagram."""
        for pieces in told:
            self._paragraphs += 1
            place = Location("body", page, self._paragraphs)
            yield from _blocks([(text, mark or its_mark) for text, its_mark in pieces], place, PARAGRAPH_BREAK)

    def _table(self, table: etree._Element, page: int | None, mark: Concealment | None, spot: Spot) -> Iterator[Block]:
        name = f"表{next(self._tables)}"
        for number, row in enumerate((row for row in table if LOCAL_NAME[row.tag] == "tr"), 1):
            cells = list(_cells(row, mark, spot))
            for order, (column, pieces) in enumerate(cells, 1):
                place = Location("table", page, cell=f"{name}!{column_letters(column - 1)}{number}")
                yield from _blocks(pieces, place, PARAGRAPH_BREAK if order == len(cells) else CELL_BREAK)

    # Beside the slide

    def _notes(self, part: str, page: int | None) -> Iterator[Block]:
        """Yield what the speaker has noted."""
        root = self._parts.tree(part)
        mark = Concealment("note", "hidden_text", f"第 {page} 页的备注" if page else "备注")
        for shape in () if root is None else shapes(root):
            if placeholder(shape.element) not in _NOTE_MARGINS:
                for pieces in paragraphs(shape.element):
                    yield concealed_block("".join(text for text, _ in pieces), mark, page=page)

    def _comments(self, part: str, page: int | None) -> Iterator[Block]:
        """Yield comments and replies, of the old kind and the new."""
        for listed in self._parts.related(part, "comments"):
            root = self._parts.tree(listed)
            for comment in () if root is None else descendants(root, "cm", "reply"):
                author = self._authors.get(attribute(comment, "authorId"), "")
                date = attribute(comment, "dt") or attribute(comment, "created")
                note = attributed(author, date, f"第 {page} 页的批注" if page else "批注")
                old = child(comment, "text")
                text = plain_text(child(comment, "txBody")) if old is None else unescape(old.text or "")
                yield concealed_block(text, Concealment("comment", "comment", note), page=page)


def placeholder(shape: etree._Element) -> str | None:
    """Return the kind of placeholder a shape is, "" for the kind without a name, or None if it is none."""
    found = placeholder_of(shape)
    return None if found is None else attribute(found, "type")


def _cells(row: etree._Element, mark: Concealment | None, spot: Spot) -> Iterator[tuple[int, list[_Piece]]]:
    """Yield column and text of the cells of a row; of a merged cell only the first column, unless another has text."""
    for column, cell in enumerate((cell for cell in row if LOCAL_NAME[cell.tag] == "tc"), 1):
        beside, below = attribute(cell, "hMerge") in ON, attribute(cell, "vMerge") in ON
        covered = _MERGED if beside or below else None
        pieces: list[_Piece] = []
        for paragraph in spot.of_cell(cell):
            pieces += [("\n", None)] if pieces else []
            pieces += [(text, mark or covered or its_mark) for text, its_mark in paragraph]
        if pieces or not beside:
            yield column, pieces


def _blocks(pieces: Iterable[_Piece], place: Location, sep: str) -> Iterator[Block]:
    """Yield a paragraph or cell: pieces that follow each other alike are one block, and all of them read on."""
    joined: list[_Piece] = []
    for text, mark in pieces:
        if joined and (mark == joined[-1][1] or text == "\n"):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, mark))
    for order, (text, mark) in enumerate(joined or [("", None)], 1):
        end = sep if order >= len(joined) else ""
        if mark is None:
            yield Block(text, place, end)
        else:
            where = Location(mark.part, place.page, place.paragraph, place.cell)
            yield Block(text, where, end, mark.hidden, mark.note)
