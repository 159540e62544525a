"""Paragraphs of a page in the making: text in pieces, in runs of one kind, put out or into the open cell of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.formats.html.table import BODY, Kind, Run, Table, all_tidy, is_tidy, tidy
from prescan.formats.quick import body_blocks, new_block
from prescan.types import PARAGRAPH_BREAK, PLACE, Block

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from prescan.formats.html.parts import Attributes


class Paragraphs:
    """The paragraph being gathered, the tables that are open, and the blocks that are ready."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._out: list[Block] = []
        self._pieces: list[str] = []
        self._runs: list[Run] = []
        self._kind: Kind = BODY
        self._pre = 0
        self._paragraph = 0
        self._tables: list[Table] = []
        self._shown: list[str] = []
        self._texts: list[str] = []
        """Paragraphs of one text that is seen, outside of tables and preformatted text, as they stand in the page.

        They are tidied and their blocks are made together.
        """

    @property
    def shown(self) -> bool:
        """Whether the body says anything, hidden or not."""
        return bool(self._shown)

    def say(self, text: str) -> None:
        """Put out a paragraph of one text."""
        if self._kind is BODY and not self._tables:  # as most are
            self._texts.append(text)
        else:
            self._put([(text, self._kind)])

    def _put_texts(self) -> None:
        """Put out the paragraphs of one text that are waiting for it."""
        if texts := self._texts:
            told = all_tidy(texts)
            texts.clear()
            self._out += body_blocks(told, self._paragraph + 1)
            self._paragraph += len(told)
            self._shown += told

    def say_of_cell(self, text: str) -> None:
        """Put out the one text of a cell that has just opened."""
        if self._kind is BODY and self._tables and (table := self._tables[-1]).place and not table.paragraphs:
            table.fill_cell(text)
        else:
            self.say(text)

    def _give(self, blocks: list[Block], outer: list[Table]) -> None:
        """Put out blocks, or let them wait for the end of the row that holds their table."""
        self._put_texts()
        holder = next((table for table in reversed(outer) if table.place), None) if outer else None
        (holder.waiting if holder else self._out).extend(blocks)
        self._shown += [block.text for block in blocks if block.text]

    def _switch(self, kind: Kind) -> None:
        """End the run of text and go on with another kind in the same paragraph."""
        if self._pieces and kind is not self._kind:
            self._runs.append(("".join(self._pieces), self._kind))
            self._pieces.clear()
        self._kind = kind

    def _flush(self) -> None:
        """End the paragraph."""
        if pieces := self._pieces:
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
        """Put a paragraph into the open cell, or out."""
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

    # What opens and closes something

    def open_pre(self, node: LexborNode, _attributes: Attributes) -> LexborNode | None:
        """Begin preformatted text."""
        self._pre += 1
        return node.child

    def close_pre(self) -> None:
        """End preformatted text."""
        self._pre -= 1

    def close_table(self) -> None:
        """End a table, or a template."""
        self._tables.pop()

    def close_row(self) -> None:
        """End a row: its blocks are known."""
        if self._tables:
            self._give(self._tables[-1].close_row(), self._tables[:-1])

    def open_cell(self, node: LexborNode, attributes: Attributes) -> LexborNode | None:
        """Begin a cell."""
        if self._tables and (table := self._tables[-1]).row:
            table.open_cell(attributes)
        return node.child

    def close_cell(self) -> None:
        """End a cell."""
        if self._tables and (table := self._tables[-1]).place:
            table.close_cell()

    def close_group(self) -> None:
        """End a group of rows: no cell reaches beyond it."""
        if self._tables:
            self._tables[-1].spans.clear()
