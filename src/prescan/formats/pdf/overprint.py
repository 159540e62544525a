"""Text written over other text: some people type crosses or other words over what they want to hide.

Which text may lie under another is told from the places of the text objects; then each character is compared with those
written over it. The same text written twice (bold, shadows), rules of a form that is filled in, accents, watermarks and
what shines through hide nothing.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from prescan.formats.boxes import covered_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import Shape
    from prescan.formats.pdf.text import Text

_ROW: Final = 4.0
"""Text whose middle is further up or down than this many points is another line."""
_OVER: Final = 0.6
"""So much of the narrower of two texts lies at the other's place."""
_HIDDEN: Final = 0.5
"""A character of which so much is written over is not read."""
_FEWEST: Final = 3
"""Fewer characters than this in a row are an accent, a sign put together, or two columns that touch."""
_READABLE: Final = 2
_SIZES: Final = (0.6, 1.7)
"""Writing much smaller or larger than what is under it hides nothing: notes, watermarks."""
_OPAQUE: Final = 128
_PALE: Final = 230
#: What forms are made of: written under an entry, or struck through one.
_RULES: Final = frozenset("_＿￣-—–―─━.…·•。~～=/\\|")
_MOST_PAIRS: Final = 500


def pairs(texts: Sequence[Shape]) -> list[tuple[Shape, Shape]]:
    """Return which text objects lie under which others of the same line that are written later."""
    rows: dict[int, list[Shape]] = defaultdict(list)
    for shape in texts:
        left, bottom, right, top = shape.box
        if right - left > 1.0:
            rows[int((bottom + top) / 2 // _ROW)].append(shape)
    for row in rows.values():
        row.sort(key=lambda shape: shape.box[0])
    found: dict[tuple[int, int], tuple[Shape, Shape]] = {}
    for number, row in rows.items():
        for one, other in (*_overlapping(row, row), *_overlapping(row, rows.get(number + 1, ()))):
            under, over = (one, other) if one.order < other.order else (other, one)
            found[under.order, over.order] = under, over
            if len(found) > _MOST_PAIRS:  # a page that is drawn in text: everything lies over everything
                return []
    return [pair for _, pair in sorted(found.items()) if _hides(pair[1])]


def _overlapping(row: Sequence[Shape], other_row: Sequence[Shape]) -> Iterator[tuple[Shape, Shape]]:
    """Yield the objects of two rows, each in order from the left, that share most of the narrower one's width."""
    yield from _begun_under(row, other_row)
    if row is not other_row:
        yield from _begun_under(other_row, row)


def _begun_under(row: Sequence[Shape], other_row: Sequence[Shape]) -> Iterator[tuple[Shape, Shape]]:
    """Yield the objects of `row` with those of `other_row` that begin where they stand."""
    lefts = [shape.box[0] for shape in other_row]
    for shape in row:
        left, bottom, right, top = shape.box
        for other in other_row[bisect_left(lefts, left) :]:
            start, low, end, high = other.box
            if start >= right:
                break
            same_line = abs(bottom + top - low - high) <= 2 * _ROW
            if other is not shape and same_line and min(right, end) - start >= _OVER * min(right - left, end - start):
                yield shape, other


def _hides(shape: Shape) -> bool:
    """Tell whether text has a colour that hides what is under it."""
    fill = shape.fill
    return fill is not None and fill[3] >= _OPAQUE and min(fill[:3]) < _PALE


def written_over(text: Text, found: Sequence[tuple[Shape, Shape]]) -> list[int]:
    """Return the characters of a page over which others are written, in order."""
    wanted = {shape.key for pair in found for shape in pair}
    places: dict[int, list[tuple[int, Box]]] = defaultdict(list)
    for index, character in enumerate(text.text):
        if not character.isspace() and (key := text.object_at(index)) in wanted:
            places[key or 0].append((index, text.box(index, index)))
    hidden: set[int] = set()
    for under, over in found:
        hidden.update(_under(text.text, places[under.key], places[over.key]))
    return sorted(index for run in _runs(sorted(hidden), text.text) if len(run) >= _FEWEST for index in run)


def _under(text: str, lower: Sequence[tuple[int, Box]], upper: Sequence[tuple[int, Box]]) -> Iterator[int]:
    """Yield the letters and digits of one text that cannot be read under another."""
    for index, box in lower:
        if not text[index].isalnum():
            continue
        over = [(covered_share(place, box), at) for at, place in upper if _are_alike_in_size(place, box)]
        over = [(share, at) for share, at in over if share > 0 and text[at] not in _RULES]
        if sum(share for share, _ in over) >= _HIDDEN and _plain(text[max(over)[1]]) != _plain(text[index]):
            yield index


def _are_alike_in_size(one: Box, other: Box) -> bool:
    return _SIZES[0] <= (one[3] - one[1]) / max(other[3] - other[1], 0.1) <= _SIZES[1]


def _plain(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _runs(indices: Sequence[int], text: str) -> Iterator[list[int]]:
    """Cut indices where more than a letter or two between them can be read; those few go with the rest."""
    run: list[int] = []
    for index in indices:
        between = [at for at in range(run[-1] + 1, index) if not text[at].isspace()] if run else []
        if sum(text[at].isalnum() for at in between) > _READABLE:
            yield run
            run, between = [], []
        run += [*between, index]
    if run:
        yield run
