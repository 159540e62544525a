"""Builds the paragraphs of a page from pieces of text and puts them out or into the open table cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.html.table import BODY, FIELD, Kind, Run, Table, all_tidy, is_tidy, tidy
from prescan.formats.quick import body_blocks, new_block
from prescan.formats.text import has_visible
from prescan.types import PARAGRAPH_BREAK, PLACE, Block

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from prescan.formats.html.parts import Attributes

#: The number of a template, whose rows have no grid.
NO_GRID: Final = 0


class Paragraphs:
    """The current paragraph, the open tables and the finished blocks."""

    def __init__(self) -> None:
        """Start empty."""
        self._out: list[Block] = []
        self._pieces: list[str] = []
        self._runs: list[Run] = []
        self._kind: Kind = BODY
        self._pre = 0
        self._paragraph = 0
        self._table_count = 0
        self._tables: list[Table] = []
        self._shown: list[str] = []
        self._texts: list[str] = []
        """Visible paragraphs of a single text outside tables and preformatted text, not yet tidied.

        They are tidied and turned into blocks together.
        """

    @property
    def shown(self) -> bool:
        """Whether the body contains any text, hidden or not."""
        return bool(self._shown)

    def say(self, text: str) -> None:
        """Add a paragraph that consists of a single text."""
        if self._kind is BODY and not self._tables:  # most are
            self._texts.append(text)
        else:
            self._put([(text, self._kind)])

    def _put_texts(self) -> None:
        """Turn the waiting paragraphs into blocks."""
        if texts := self._texts:
            told = all_tidy(texts)
            texts.clear()
            self._out += body_blocks(told, self._paragraph + 1)
            self._paragraph += len(told)
            self._shown += told

    def say_of_cell(self, text: str) -> None:
        """Add the only text of a cell that has just been opened."""
        if self._kind is BODY and self._tables and (table := self._tables[-1]).place and not table.paragraphs:
            table.fill_cell(text)
        else:
            self.say(text)

    def _give(self, blocks: list[Block], outer: list[Table]) -> None:
        """Put out blocks; those of a nested table wait for the end of the row around it."""
        self._put_texts()
        holder = next((table for table in reversed(outer) if table.place), None) if outer else None
        (holder.waiting if holder else self._out).extend(blocks)
        self._shown += [block.text for block in blocks if block.text]

    def _switch(self, kind: Kind) -> None:
        """End the current run; the paragraph continues with another kind of text."""
        if self._pieces and kind is not self._kind:
            self._runs.append(("".join(self._pieces), self._kind))
            self._pieces.clear()
        self._kind = kind

    def _flush(self) -> None:
        """End the current paragraph."""
        if pieces := self._pieces:
            if len(pieces) == 1 and not (self._runs or self._tables or self._pre) and self._kind is BODY:
                self._texts.append(pieces.pop())
                return
            text = pieces[0] if len(pieces) == 1 else "".join(pieces)
            pieces.clear()
            if not self._runs and is_tidy(text):
                self.say(text)
                return
            self._runs.append((text, self._kind))
        if runs := self._runs[:]:
            self._runs.clear()
            if told := tidy(runs, pre=self._pre > 0):
                self._put(told)

    def _put(self, runs: list[Run]) -> None:
        """Put a paragraph into the open cell, if there is one, else out."""
        if self._tables and self._tables[-1].place:
            self._tables[-1].paragraphs.append(runs)
            return
        self._put_texts()
        self._paragraph += 1
        blocks = [
            new_block(text, PLACE(part, None, self._paragraph), "", hidden, note)
            for text, (part, hidden, note) in runs[:-1]
        ]
        text, (part, hidden, note) = runs[-1]
        blocks.append(new_block(text, PLACE(part, None, self._paragraph), PARAGRAPH_BREAK, hidden, note))
        self._give(blocks, self._tables)

    def _say_of_field(self, text: str) -> None:
        """Add the visible text of a form field to the paragraph."""
        if has_visible(text):
            outer = self._kind
            self._switch(FIELD if outer is BODY else outer)
            self._pieces.append(text)
            self._switch(outer)

    # Handlers for the start and end of elements

    def open_table(self, node: LexborNode, _attributes: Attributes) -> LexborNode | None:
        """Begin a table; return its first child."""
        self._table_count += 1
        self._tables.append(Table(self._table_count))
        return node.child

    def open_template(self, node: LexborNode, _attributes: Attributes) -> LexborNode | None:
        """Return the first node in a template, which contains a tree of its own."""
        self._tables.append(Table(NO_GRID))
        return next((fragment.child for fragment in node.template_fragments()), None)

    def open_pre(self, node: LexborNode, _attributes: Attributes) -> LexborNode | None:
        """Begin preformatted text; return its first child."""
        self._pre += 1
        return node.child

    def close_pre(self) -> None:
        """End preformatted text."""
        self._pre -= 1

    def close_table(self) -> None:
        """End a table, or a template."""
        self._tables.pop()

    def close_row(self) -> None:
        """End a row and put out its blocks."""
        if self._tables:
            self._give(self._tables[-1].close_row(), self._tables[:-1])

    def open_cell(self, node: LexborNode, attributes: Attributes) -> LexborNode | None:
        """Begin a cell; return its first child."""
        if self._tables and (table := self._tables[-1]).row:
            table.open_cell(attributes)
        return node.child

    def close_cell(self) -> None:
        """End a cell."""
        if self._tables and (table := self._tables[-1]).place:
            table.close_cell()

    def close_group(self) -> None:
        """End a group of rows: no cell spans beyond it."""
        if self._tables:
            self._tables[-1].spans.clear()
