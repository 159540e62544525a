"""Builds paragraphs and table cells, in reading order, from the pieces of text on a page."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from prescan.formats.boxes import union
from prescan.formats.pdf.pieces import HYPHEN, Run
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, SOFT_WRAP, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.grid import Box, Grid
    from prescan.formats.pdf.pieces import Counter, Cutter, Line, Piece

_FULL_LINE: Final = 0.85
"""A line may continue in the next one if it reaches this share of the text's width."""
_UNBROKEN: Final = re.compile(r"[!-~]{2,}")
"""Letters and digits, which a line end does not divide."""
_INDENT: Final = 1.5
_LINE_GAP: Final = 1.5
_SIZE_CHANGE: Final = 0.25
_COLUMN_LINES: Final = 4
"""A column with at least so many lines has margins of its own."""
_WRAPPED_LINES: Final = 6
"""A cell of a table without rules wraps to at most so many lines; a larger jump up is the next column of text."""
_SENTENCE_END: Final = re.compile("[。！？：；.!?:;]$")
_SAME_COLUMNS: Final = 3.0


def blocks(lines: list[Line], grids: list[Grid], page: int, count: Counter, cutter: Cutter) -> Iterator[Block]:
    """Yield the blocks of a page: paragraphs, and each table where its first text is."""
    before = count.columns
    count.columns = []
    flow: list[Line] = []
    pieces_: dict[int, list[Piece]] = {}
    order: list[list[Line] | int] = [flow]
    for line in lines:
        free: Line = []
        for piece in line:
            index = _grid_of(piece, grids)
            if index is None:
                free.append(piece)
                continue
            if index not in pieces_:
                pieces_[index] = []
                flow = []
                order += [index, flow]
            pieces_[index] += cutter.split(piece, grids[index])
        if free and not _rejoin(free, flow):
            flow.append(free)
    for position, part in enumerate(order):
        if isinstance(part, int):
            grid = grids[part]
            # A page number or a running head may stand between the two halves of a table.
            first = sum(map(len, (done for done in order[:position] if isinstance(done, list)))) <= 1
            if not (first and position == 1 and _same(grid.xs, before)):
                count.table, count.row = count.table + 1, 0
            yield from _ruled_table(grid, pieces_[part], page, count, cutter)
            rest = order[position + 1 :]
            count.columns = grid.xs if sum(map(len, (left for left in rest if isinstance(left, list)))) <= 1 else []
        else:
            yield from _column_blocks(part, page, count, cutter)


def _grid_of(piece: Piece, grids: list[Grid]) -> int | None:
    """Return the index of the smallest table that contains the centre of a piece, None if none does."""
    x = (piece.box[0] + piece.box[2]) / 2
    return next((index for index, grid in enumerate(grids) if grid.contains(x, piece.middle)), None)


def _rejoin(line: Line, flow: list[Line]) -> bool:
    """Append a line that jumps back up, right of an earlier one, to that line: the cell before it was wrapped."""
    first = line[0]
    for earlier in flow[-2 : -_WRAPPED_LINES - 1 : -1]:
        if abs(earlier[-1].middle - first.middle) < first.height / 2 and first.box[0] > earlier[-1].box[2]:
            earlier.extend(line)
            return True
    return False


def _same(xs: list[float], others: list[float]) -> bool:
    return len(xs) == len(others) and all(abs(x - other) <= _SAME_COLUMNS for x, other in zip(xs, others, strict=True))


def _ruled_table(grid: Grid, pieces: list[Piece], page: int, count: Counter, cutter: Cutter) -> Iterator[Block]:
    """Yield the cells of a ruled table row by row; a wrapped cell's lines are joined by line ends."""
    cells: dict[tuple[int, int], list[Piece]] = {place: [] for place in grid.cells()}
    for piece in pieces:
        place = grid.cell((piece.box[0] + piece.box[2]) / 2, piece.middle)
        cells.setdefault(place, []).append(piece)
    places = sorted(cells)
    for index, (row, column) in enumerate(places):
        last = index + 1 == len(places) or places[index + 1][0] != row
        name = _name(count.table, count.row + row, column)
        location = Location("table", page, None, name, grid.box(row, column))
        yield from _cell_blocks(cells[row, column], location, cutter, last=last)
    count.row += grid.rows


def _cell_blocks(pieces_: list[Piece], location: Location, cutter: Cutter, *, last: bool) -> Iterator[Block]:
    """Yield the blocks of a cell: pieces side by side are joined by a space, those below each other by a line end."""
    runs: list[Run] = [] if pieces_ or not location.bbox else [Run("", location.bbox)]
    above: Piece | None = None
    for piece in pieces_:
        first, *others = cutter.runs(piece)
        if above:
            beside = abs(piece.middle - above.middle) < above.height / 2
            runs[-1] = _joined(runs[-1], " " if beside else SOFT_WRAP)
        if above and (first.hidden, first.note) == (runs[-1].hidden, runs[-1].note):
            least = min((run.certainty for run in (runs[-1], first) if run.certainty is not None), default=None)
            joined = union([runs[-1].box, first.box])
            first = first._replace(text=runs.pop().text + first.text, box=joined, certainty=least)
        runs += [first, *others]
        above = piece
    yield from _run_blocks(runs, location, PARAGRAPH_BREAK if last else CELL_BREAK)


def _joined(run: Run, glue: str) -> Run:
    """Append the separator before the next run, none where a hyphen divides a word."""
    return run._replace(text=run.text.removesuffix(HYPHEN) + ("" if run.text.endswith(HYPHEN) else glue))


def _run_blocks(runs: list[Run], location: Location, sep: str) -> Iterator[Block]:
    """Yield the blocks of one place: one for all visible text, else one for each run."""
    part, page, paragraph, cell = location.part, location.page, location.paragraph, location.cell
    last = len(runs) - 1
    for index, (text, box, hidden, note, certainty) in enumerate(runs):
        place = Location("hidden" if hidden else part, page, paragraph, cell, _rounded(box))
        yield Block(text.replace(HYPHEN, "-"), place, sep if index == last else "", hidden, note, certainty)


def _name(table: int, row: int, column: int) -> str:
    """Return the name of a cell: "表1!B3"."""
    return f"表{table}!{column_letters(column)}{row + 1}"


def _column_blocks(lines: list[Line], page: int, count: Counter, cutter: Cutter) -> Iterator[Block]:
    """Yield the blocks of lines outside ruled tables, column by column of the page."""
    if not lines:
        return
    whole = _width(lines)
    starts = [0, *(at for at in range(1, len(lines)) if _starts_new_column(lines[at - 1], lines[at])), len(lines)]
    for start, end in itertools.pairwise(starts):
        column = lines[start:end]
        left, right = _width(column) if len(column) >= _COLUMN_LINES else whole
        yield from _paragraphs(column, (left, right), page, count, cutter)


def _width(lines: list[Line]) -> tuple[float, float]:
    return min(line[0].box[0] for line in lines), max(line[-1].box[2] for line in lines)


def _starts_new_column(line: Line, following: Line) -> bool:
    return line[0].middle - following[0].middle > following[0].height


def _paragraphs(
    lines: list[Line], margins: tuple[float, float], page: int, count: Counter, cutter: Cutter
) -> Iterator[Block]:
    """Yield paragraphs and tables without rules, between the left and right margins."""
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end > at:
            yield from _aligned_table(lines[at:end], page, count, cutter)
            at = end
            continue
        line = lines[at]
        at += 1
        count.paragraph += 1
        while True:
            continues = at < len(lines) and _continues(line, lines[at], *margins) and _table_end(lines, at) == at
            yield from _line_blocks(line, Location("body", page, count.paragraph), cutter, continues=continues)
            if not continues:
                break
            line = lines[at]
            at += 1


def _line_blocks(line: Line, location: Location, cutter: Cutter, *, continues: bool) -> Iterator[Block]:
    """Yield the blocks of a line; pieces far apart are separate texts, a word divided by a hyphen is one."""
    for piece in line:
        runs = list(cutter.runs(piece))
        sep = CELL_BREAK if piece is not line[-1] else SOFT_WRAP if continues else PARAGRAPH_BREAK
        if sep == SOFT_WRAP and piece.text.endswith(HYPHEN):
            runs[-1], sep = _joined(runs[-1], ""), ""
        yield from _run_blocks(runs, location, sep)


def _continues(line: Line, following: Line, left: float, right: float) -> bool:
    """Return whether a paragraph continues in the following line."""
    last, first = line[-1], following[0]
    full = last.box[2] - left >= _FULL_LINE * (right - left) or last.text.endswith(HYPHEN)
    full = full or last.box[2] + _first_word(first) > right  # a word or number that did not fit went to the next line
    if not full or len(following) > 1:
        return False
    size = last.height or 1.0
    indented = first.box[0] - left > _INDENT * size and _SENTENCE_END.search(last.text) is not None
    near = 0 < first.middle - last.middle < (1 + _LINE_GAP) * size
    return near and not indented and abs(first.height - size) <= _SIZE_CHANGE * size


def _first_word(piece: Piece) -> float:
    """Return the width of the unbreakable word at the start of a piece; 0 if there is none."""
    word = _UNBROKEN.match(piece.text)
    return (piece.box[2] - piece.box[0]) * (word.end() if word else 0) / max(1, len(piece.text))


def _table_end(lines: list[Line], at: int) -> int:
    """Return the end of the table without rules that begins at `at`, or `at` if none does.

    A table has at least two lines of several pieces; single pieces among them may be the rest of a wrapped cell.
    """
    if len(lines[at]) < 2:
        return at
    end, rows, columns = at + 1, 1, _columns(lines[at : at + 1])
    while end < len(lines):
        line = lines[end]
        if len(line) > 1:
            joined = _columns([*lines[at:end], line])
            if len(joined) < 2 or len(joined) < len(columns):
                break
            columns, rows = joined, rows + 1
        elif not _wrapped(line[0], lines[end - 1], columns, followed=end + 1 < len(lines) and len(lines[end + 1]) > 1):
            break
        end += 1
    return end if rows > 1 else at


def _columns(lines: list[Line]) -> list[tuple[float, float]]:
    """Return the extents (left, right) of columns: pieces of lines with several pieces, overlapping ones merged."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted((piece.box[0], piece.box[2]) for line in lines if len(line) > 1 for piece in line):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _wrapped(piece: Piece, above: Line, columns: list[tuple[float, float]], *, followed: bool) -> bool:
    """Return whether a single piece is the rest of a wrapped cell: right below it, and under one column.

    Under the first column it may also be the next paragraph, unless another row follows.
    """
    near = 0 < piece.middle - above[0].middle < (1 + _LINE_GAP / 2) * piece.height
    under = [index for index, (left, right) in enumerate(columns) if left < piece.box[2] and right > piece.box[0]]
    return near and len(under) == 1 and (under[0] > 0 or followed)


def _aligned_table(lines: list[Line], page: int, count: Counter, cutter: Cutter) -> Iterator[Block]:
    """Yield the cells of a table without rules."""
    columns = _columns(lines)
    rows: list[dict[int, list[Piece]]] = []
    for line in lines:
        if len(line) > 1:
            rows.append({})
        for piece in line:
            rows[-1].setdefault(_column_of(piece, columns), []).append(piece)
    count.table += 1
    for number, row in enumerate(rows):
        reach = union([piece.box for pieces_ in row.values() for piece in pieces_])
        for column, (left, right) in enumerate(columns):
            name = _name(count.table, number, column)
            location = Location("table", page, None, name, (left, reach[1], right, reach[3]))
            yield from _cell_blocks(row.get(column, []), location, cutter, last=column + 1 == len(columns))


def _column_of(piece: Piece, columns: list[tuple[float, float]]) -> int:
    overlaps = [min(piece.box[2], right) - max(piece.box[0], left) for left, right in columns]
    return overlaps.index(max(overlaps))


def _rounded(box: Box) -> Box:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)
