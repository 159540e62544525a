"""Tables of a web page, runs of text, and their white space."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from prescan.formats.quick import new_block
from prescan.formats.text import has_visible
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, PLACE, Location

if TYPE_CHECKING:
    from prescan.formats.html.parts import Attributes
    from prescan.types import Block

BR: Final = "\u2028"
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_BREAK: Final = re.compile(f" ?{BR} ?")
_WIDE: Final = r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
_SOURCE_WRAP: Final = re.compile(rf"(?<={_WIDE})[ \t]*+[\r\n][ \t\r\n]*+(?={_WIDE})")
#: Locations are cached for rows of up to so many cells.
_FEW_CELLS: Final = 64
#: Signs that some of many paragraphs may be untidy: these characters, and spaces other than one between two words.
_UNTIDY: Final = ("\n", "\t", "\r", "\f", BR)
_SPACED: Final = ("  ", f" {PARAGRAPH_BREAK}", f"{PARAGRAPH_BREAK} ")
#: A cell with more paragraphs is page layout, and each paragraph becomes a block.
_CELL_PARAGRAPHS: Final = 3

#: Kinds of text: the part, the finding type if hidden, and a description of the place.
BODY: Final = ("body", None, "")
HIDDEN: Final = ("hidden", "hidden_text", "网页中隐藏的文字")
#: Invisible, zero size, or both; inner elements may be visible again. Kinds are compared by identity.
VEILS: Final[tuple[Kind, ...]] = tuple((HIDDEN[0], HIDDEN[1], f"{HIDDEN[2]}") for _ in range(3))
FADED: Final = ("hidden", "hidden_text", "网页中与底色相同的文字")
FIELD: Final = ("form", None, "")
Kind = tuple[str, str | None, str]
Run = tuple[str, Kind]
_NOTHING: Final[Run] = ("", BODY)


@dataclass
class Table:
    """A table being read: its grid, the cells of the current row, and blocks that wait for the end of the row."""

    number: int
    row: int = 0
    column: int = 0
    spans: dict[int, int] = field(default_factory=dict)
    """Column → how many more rows a cell from above covers."""
    place: Location | None = None
    """The open cell, or None between cells."""
    paragraphs: list[list[Run]] = field(default_factory=list)
    cells: list[Block] = field(default_factory=list)
    """The blocks of the current row."""
    waiting: list[Block] = field(default_factory=list)
    """The blocks of nested tables, which follow the row."""

    def open_cell(self, attributes: Attributes) -> None:
        """Open a cell at the next free place of the grid, and mark the places it spans."""
        while self.spans and self.spans.get(self.column, 0) > 0:
            self.column += 1
        self.place = _cell(self.number, self.column, self.row)
        self.paragraphs = []
        if "rowspan" not in attributes and "colspan" not in attributes:
            self.column += 1
            return
        rows = _span(attributes.get("rowspan"), 65_534) if "rowspan" in attributes else 1
        for _ in range(_span(attributes.get("colspan"), 1_000) if "colspan" in attributes else 1):
            self.spans[self.column] = rows
            self.column += 1

    def fill_cell(self, text: str) -> None:
        """Close the open cell, which contains one visible text."""
        if self.place:
            self.cells.append(new_block(text, self.place, CELL_BREAK))
            self.place = None

    def fill_row(self, texts: list[str]) -> None:
        """Add the cells of a row without spans, each with one visible text or an empty one."""
        if texts:
            cells = _cells if len(texts) <= _FEW_CELLS else _cells.__wrapped__
            places, breaks = cells(self.number, self.column, self.row, len(texts))
            self.cells += map(new_block, texts, places, breaks)
            self.column += len(texts)

    def close_cell(self) -> None:
        """Close the open cell: one block, or several if it contains hidden text, form values or many paragraphs."""
        if len(self.paragraphs) == 1 and len(self.paragraphs[0]) == 1:
            self._say(self.paragraphs[0][0], CELL_BREAK)
        else:
            many = len(self.paragraphs) > _CELL_PARAGRAPHS
            told = self.paragraphs if many else [_joined(self.paragraphs) or [_NOTHING]]
            for runs in told:
                for run in runs[:-1]:
                    self._say(run, "")
                self._say(runs[-1], CELL_BREAK if runs is told[-1] else PARAGRAPH_BREAK)
        self.place = None

    def _say(self, run: Run, sep: str) -> None:
        text, (part, hidden, note) = run
        at = self.place or Location("table")
        self.cells.append(new_block(text, at if part == "body" else _aside(part, at), sep, hidden, note))

    def close_row(self) -> list[Block]:
        """Return the blocks of the row, then those of the tables nested in it."""
        if self.spans:
            self.spans = {column: rows - 1 for column, rows in self.spans.items() if rows > 1}
        if self.cells and (last := self.cells[-1]).sep != PARAGRAPH_BREAK:
            self.cells[-1] = new_block(last.text, last.location, PARAGRAPH_BREAK, last.hidden, last.note)
        done = self.cells + self.waiting
        self.cells, self.waiting, self.column = [], [], 0
        return done


@functools.lru_cache(maxsize=4_096)
def _cell(table: int, column: int, row: int) -> Location:
    """Return the location of a cell; table and row are counted from 1, the column from 0."""
    return Location("table", None, None, f"表{table}!{column_letters(column)}{row}")


@functools.lru_cache(maxsize=1_024)
def _cells(table: int, column: int, row: int, count: int) -> tuple[list[Location], list[str]]:
    """Return the locations and separators of the cells of a row from `column` on."""
    places = [_cell(table, at, row) for at in range(column, column + count)]
    return places, [CELL_BREAK] * (count - 1) + [PARAGRAPH_BREAK]


def _aside(part: str, place: Location) -> Location:
    """Return the location of text in a cell that does not belong to the text of the table."""
    return PLACE(part, None, None, place.cell)


def veils_of(kind: Kind) -> int:
    """Return how text of a kind is veiled: 1 invisible, 2 zero size, 3 both, 0 not at all."""
    return next((number for number, veil in enumerate(VEILS, 1) if veil is kind), 0)


def is_tidy(text: str) -> bool:
    r"""Return quickly whether `tidy` would leave a paragraph unchanged; may be False though it would.

    >>> is_tidy("一段话"), is_tidy("一段话 "), is_tidy("一段\n话"), is_tidy("")
    (True, False, False, False)
    """
    if " " in text and (text[0] == " " or text[-1] == " " or "  " in text):
        return False
    if "\n" in text or "\t" in text or "\r" in text or "\f" in text or BR in text:
        return False
    return text[:1].isalnum() or has_visible(text)


def all_tidy(texts: list[str]) -> list[str]:
    r"""Tidy paragraphs of one text each and drop the empty ones; fast if all are tidy.

    >>> all_tidy(["一段", "又一段"]), all_tidy(["一段 ", " ", "又\n一  段"])
    (['一段', '又一段'], ['一段', '又一 段'])
    """
    whole = PARAGRAPH_BREAK.join(("", *texts, ""))
    if not any(map(whole.__contains__, _UNTIDY)) and (" " not in whole or not any(map(whole.__contains__, _SPACED))):
        return [text for text in texts if (text and text[0].isalnum()) or has_visible(text)]
    told = []
    for text in texts:
        if is_tidy(text):
            told.append(text)
        else:
            told += [left for left, _ in tidy([(text, BODY)], pre=False)]
    return told


def tidy(runs: list[Run], *, pre: bool) -> list[Run]:
    """Collapse white space as a browser does, within and between the runs of a paragraph; drop empty runs."""
    if len(runs) == 1 and not pre:
        text = _collapsed(runs[0][0]).strip(" \n")
        return [(text, runs[0][1])] if has_visible(text) else []
    if not any(has_visible(text) for text, _ in runs):
        return []
    if pre:
        return [(text.strip("\r\n") if len(runs) == 1 else text, kind) for text, kind in runs]
    tidy: list[Run] = []
    for text, kind in runs:
        told = _collapsed(text)
        if not tidy or tidy[-1][0][-1] in " \n":
            told = told.lstrip(" \n" if not tidy else " ")
        if told:
            tidy.append((told, kind))
    while not (last := tidy[-1][0].rstrip(" \n")):
        tidy.pop()
    tidy[-1] = (last, tidy[-1][1])
    return tidy


def _collapsed(text: str) -> str:
    """Return a text with collapsed white space, and a line end for each br element."""
    if "\n" in text or "\r" in text:
        text = _SOURCE_WRAP.sub("", text)
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        text = _SPACES.sub(" ", text)
    return _BREAK.sub("\n", text) if BR in text else text


def _joined(paragraphs: list[list[Run]]) -> list[Run]:
    """Join the paragraphs of a cell with line ends; merge neighbouring runs of the same kind."""
    joined: list[Run] = []
    for number, runs in enumerate(paragraphs):
        for index, (text, kind) in enumerate(runs):
            glue = "\n" if number and not index else ""
            if joined and joined[-1][1] is kind:
                joined[-1] = (joined[-1][0] + glue + text, kind)
            else:
                if glue:
                    joined[-1] = (joined[-1][0] + glue, joined[-1][1])
                joined.append((text, kind))
    return joined


def _span(value: str | None, most: int) -> int:
    """Return a row or column span; 0 means up to the end (`most`)."""
    if value is None or not value.strip().isdecimal():
        return 1
    return min(int(value[:6]) or most, most)
