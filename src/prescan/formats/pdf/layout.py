"""From the pieces of text on a page to paragraphs, table cells and their order."""

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
"""A line that reaches this part of the text's width goes on in the next one."""
_UNBROKEN: Final = re.compile(r"[!-~]{2,}")
"""Letters and digits that a line end does not part."""
_INDENT: Final = 1.5
_LINE_GAP: Final = 1.5
_SIZE_CHANGE: Final = 0.25
_COLUMN_LINES: Final = 4
"""A column of a page has its own margins if it has so many lines."""
_WRAPPED_LINES: Final = 6
"""A cell without rules wraps to at most so many lines; what goes back up further is the next column of a text."""
_SENTENCE_END: Final = re.compile("[。！？：；.!?:;]$")
_SAME_COLUMNS: Final = 3.0


def blocks(lines: list[Line], grids: list[Grid], page: int, count: Counter, cutter: Cutter) -> Iterator[Block]:
    """Yield the blocks of a page: paragraphs, and tables where their first text stands."""
    before = count.columns
    count.columns = []
    flow: list[Line] = []
    held: dict[int, list[Piece]] = {}
    order: list[list[Line] | int] = [flow]
    for line in lines:
        free: Line = []
        for piece in line:
            index = _grid_of(piece, grids)
            if index is None:
                free.append(piece)
                continue
            if index not in held:
                held[index] = []
                flow = []
                order += [index, flow]
            held[index] += cutter.split(piece, grids[index])
        if free and not _rejoin(free, flow):
            flow.append(free)
    for position, part in enumerate(order):
        if isinstance(part, int):
            grid = grids[part]
            # A page number or a running head may stand between the two halves of a table.
            first = sum(map(len, (done for done in order[:position] if isinstance(done, list)))) <= 1
            if not (first and position == 1 and _same(grid.xs, before)):
                count.table, count.row = count.table + 1, 0
            yield from _ruled(grid, held[part], page, count, cutter)
            rest = order[position + 1 :]
            count.columns = grid.xs if sum(map(len, (left for left in rest if isinstance(left, list)))) <= 1 else []
        else:
            yield from _flow(part, page, count, cutter)


def _grid_of(piece: Piece, grids: list[Grid]) -> int | None:
    """Return the smallest table in which the middle of a piece lies."""
    x = (piece.box[0] + piece.box[2]) / 2
    return next((index for index, grid in enumerate(grids) if grid.holds(x, piece.middle)), None)


def _rejoin(line: Line, flow: list[Line]) -> bool:
    """Put a line that goes back up to the right of an earlier one beside it: the cell above it was a wrapped one."""
    first = line[0]
    for earlier in flow[-2 : -_WRAPPED_LINES - 1 : -1]:
        if abs(earlier[-1].middle - first.middle) < first.height / 2 and first.box[0] > earlier[-1].box[2]:
            earlier.extend(line)
            return True
    return False


def _same(xs: list[float], others: list[float]) -> bool:
    return len(xs) == len(others) and all(abs(x - other) <= _SAME_COLUMNS for x, other in zip(xs, others, strict=True))


def _ruled(grid: Grid, pieces: list[Piece], page: int, count: Counter, cutter: Cutter) -> Iterator[Block]:
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
        yield from _cell(cells[row, column], location, cutter, last=last)
    count.row += grid.rows


def _cell(held: list[Piece], location: Location, cutter: Cutter, *, last: bool) -> Iterator[Block]:
    """Yield a cell: pieces side by side are joined with a space, those below each other with a line end."""
    runs: list[Run] = [] if held or not location.bbox else [Run("", location.bbox)]
    above: Piece | None = None
    for piece in held:
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
    yield from _shown(runs, location, PARAGRAPH_BREAK if last else CELL_BREAK)


def _joined(run: Run, glue: str) -> Run:
    """Add what stands between a run and the next one: nothing where a hyphen parts a word."""
    return run._replace(text=run.text.removesuffix(HYPHEN) + ("" if run.text.endswith(HYPHEN) else glue))


def _shown(runs: list[Run], location: Location, sep: str) -> Iterator[Block]:
    """Yield what stands in one place: one block if all of it is seen, else one for each run."""
    part, page, paragraph, cell = location.part, location.page, location.paragraph, location.cell
    last = len(runs) - 1
    for index, (text, box, hidden, note, certainty) in enumerate(runs):
        place = Location("hidden" if hidden else part, page, paragraph, cell, _rounded(box))
        yield Block(text.replace(HYPHEN, "-"), place, sep if index == last else "", hidden, note, certainty)


def _name(table: int, row: int, column: int) -> str:
    """Return the name of a cell: "表1!B3"."""
    return f"表{table}!{column_letters(column)}{row + 1}"


def _flow(lines: list[Line], page: int, count: Counter, cutter: Cutter) -> Iterator[Block]:
    """Yield lines outside of ruled tables, column by column of the page."""
    if not lines:
        return
    whole = _width(lines)
    starts = [0, *(at for at in range(1, len(lines)) if _goes_back_up(lines[at - 1], lines[at])), len(lines)]
    for start, end in itertools.pairwise(starts):
        column = lines[start:end]
        left, right = _width(column) if len(column) >= _COLUMN_LINES else whole
        yield from _paragraphs(column, (left, right), page, count, cutter)


def _width(lines: list[Line]) -> tuple[float, float]:
    return min(line[0].box[0] for line in lines), max(line[-1].box[2] for line in lines)


def _goes_back_up(line: Line, following: Line) -> bool:
    return line[0].middle - following[0].middle > following[0].height


def _paragraphs(
    lines: list[Line], margins: tuple[float, float], page: int, count: Counter, cutter: Cutter
) -> Iterator[Block]:
    """Yield paragraphs, and tables told by their columns alone, between the left and right margins."""
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end > at:
            yield from _aligned(lines[at:end], page, count, cutter)
            at = end
            continue
        line = lines[at]
        at += 1
        count.paragraph += 1
        while True:
            goes_on = at < len(lines) and _goes_on(line, lines[at], *margins) and _table_end(lines, at) == at
            yield from _body(line, Location("body", page, count.paragraph), cutter, goes_on=goes_on)
            if not goes_on:
                break
            line = lines[at]
            at += 1


def _body(line: Line, location: Location, cutter: Cutter, *, goes_on: bool) -> Iterator[Block]:
    """Yield a line; pieces far apart are not one text, a word parted by a hyphen is one."""
    for piece in line:
        runs = list(cutter.runs(piece))
        sep = CELL_BREAK if piece is not line[-1] else SOFT_WRAP if goes_on else PARAGRAPH_BREAK
        if sep == SOFT_WRAP and piece.text.endswith(HYPHEN):
            runs[-1], sep = _joined(runs[-1], ""), ""
        yield from _shown(runs, location, sep)


def _goes_on(line: Line, following: Line, left: float, right: float) -> bool:
    """Tell whether a paragraph goes on in the following line."""
    last, first = line[-1], following[0]
    full = last.box[2] - left >= _FULL_LINE * (right - left) or last.text.endswith(HYPHEN)
    full = full or last.box[2] + _first_word(first) > right  # a number is not broken: it went to the next line whole
    if not full or len(following) > 1:
        return False
    size = last.height or 1.0
    indented = first.box[0] - left > _INDENT * size and _SENTENCE_END.search(last.text) is not None
    near = 0 < first.middle - last.middle < (1 + _LINE_GAP) * size
    return near and not indented and abs(first.height - size) <= _SIZE_CHANGE * size


def _first_word(piece: Piece) -> float:
    """Return the width of the letters and digits a piece begins with; 0 if it begins with a character one may part."""
    word = _UNBROKEN.match(piece.text)
    return (piece.box[2] - piece.box[0]) * (word.end() if word else 0) / max(1, len(piece.text))


def _table_end(lines: list[Line], at: int) -> int:
    """Return the end of the table without rules that begins at `at`, or `at` if none does.

    A table is at least two lines of several pieces; single pieces among them may be the rest of a wrapped cell.
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
    """Return the extents of columns: the pieces of lines of several pieces, overlapping ones joined."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted((piece.box[0], piece.box[2]) for line in lines if len(line) > 1 for piece in line):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _wrapped(piece: Piece, above: Line, columns: list[tuple[float, float]], *, followed: bool) -> bool:
    """Tell whether a single piece is the rest of a wrapped cell: right below, and under one column.

    Under the first column it may as well be the next paragraph, unless another row follows.
    """
    near = 0 < piece.middle - above[0].middle < (1 + _LINE_GAP / 2) * piece.height
    under = [index for index, (left, right) in enumerate(columns) if left < piece.box[2] and right > piece.box[0]]
    return near and len(under) == 1 and (under[0] > 0 or followed)


def _aligned(lines: list[Line], page: int, count: Counter, cutter: Cutter) -> Iterator[Block]:
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
        reach = union([piece.box for held in row.values() for piece in held])
        for column, (left, right) in enumerate(columns):
            name = _name(count.table, number, column)
            location = Location("table", page, None, name, (left, reach[1], right, reach[3]))
            yield from _cell(row.get(column, []), location, cutter, last=column + 1 == len(columns))


def _column_of(piece: Piece, columns: list[tuple[float, float]]) -> int:
    overlaps = [min(piece.box[2], right) - max(piece.box[0], left) for left, right in columns]
    return overlaps.index(max(overlaps))


def _rounded(box: Box) -> Box:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)
