"""Text printed over other text: some people type crosses or other words over what they want to hide.

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

_LINE_HEIGHT: Final = 4.0
"""Texts whose centres differ more than this, in points, are on different lines."""
_OVERLAP_SHARE: Final = 0.6
"""Two texts overlap if they share this much of the narrower one's width."""
_HIDDEN_SHARE: Final = 0.5
"""A character is hidden if this share of it is overprinted."""
_MIN_RUN: Final = 3
"""A shorter run is an accent, a composed sign, or two touching columns."""
_READABLE: Final = 2
_SIZE_RATIOS: Final = (0.6, 1.7)
"""Overprinted text much smaller or larger hides nothing: notes, watermarks."""
_OPAQUE: Final = 128
_PALE: Final = 230
#: Rules of forms, printed under an entry or struck through one.
_RULES: Final = frozenset("_＿￣-—–―─━.…·•。~～=/\\|")
_MOST_PAIRS: Final = 500


def pairs(texts: Sequence[Shape]) -> list[tuple[Shape, Shape]]:
    """Return pairs of text objects on one line that overlap: (lower, upper in drawing order)."""
    rows: dict[int, list[Shape]] = defaultdict(list)
    for shape in texts:
        left, bottom, right, top = shape.box
        if right - left > 1.0:
            rows[int((bottom + top) / 2 // _LINE_HEIGHT)].append(shape)
    for row in rows.values():
        row.sort(key=lambda shape: shape.box[0])
    found: dict[tuple[int, int], tuple[Shape, Shape]] = {}
    for number, row in rows.items():
        for one, other in (*_overlapping(row, row), *_overlapping(row, rows.get(number + 1, ()))):
            under, over = (one, other) if one.order < other.order else (other, one)
            found[under.order, over.order] = under, over
            if len(found) > _MOST_PAIRS:  # the page is a drawing made of text: everything overlaps everything
                return []
    return [pair for _, pair in sorted(found.items()) if _is_opaque(pair[1])]


def _overlapping(row: Sequence[Shape], other_row: Sequence[Shape]) -> Iterator[tuple[Shape, Shape]]:
    """Yield the objects of two rows, each sorted by left edge, that share most of the narrower one's width."""
    yield from _begun_under(row, other_row)
    if row is not other_row:
        yield from _begun_under(other_row, row)


def _begun_under(row: Sequence[Shape], other_row: Sequence[Shape]) -> Iterator[tuple[Shape, Shape]]:
    """Yield the objects of `row` with those of `other_row` that begin within them."""
    lefts = [shape.box[0] for shape in other_row]
    for shape in row:
        left, bottom, right, top = shape.box
        for other in other_row[bisect_left(lefts, left) :]:
            start, low, end, high = other.box
            if start >= right:
                break
            same_line = abs(bottom + top - low - high) <= 2 * _LINE_HEIGHT
            if (
                other is not shape
                and same_line
                and min(right, end) - start >= _OVERLAP_SHARE * min(right - left, end - start)
            ):
                yield shape, other


def _is_opaque(shape: Shape) -> bool:
    """Return whether the colour of a text hides what is under it."""
    fill = shape.fill
    return fill is not None and fill[3] >= _OPAQUE and min(fill[:3]) < _PALE


def written_over(text: Text, found: Sequence[tuple[Shape, Shape]]) -> list[int]:
    """Return the indices of the overprinted characters of a page, in order."""
    wanted = {shape.key for pair in found for shape in pair}
    places: dict[int, list[tuple[int, Box]]] = defaultdict(list)
    for index, character in enumerate(text.text):
        if not character.isspace() and (key := text.object_at(index)) in wanted:
            places[key or 0].append((index, text.box(index, index)))
    hidden: set[int] = set()
    for under, over in found:
        hidden.update(_under(text.text, places[under.key], places[over.key]))
    return sorted(index for run in _runs(sorted(hidden), text.text) if len(run) >= _MIN_RUN for index in run)


def _under(text: str, lower: Sequence[tuple[int, Box]], upper: Sequence[tuple[int, Box]]) -> Iterator[int]:
    """Yield the letters and digits of a text that cannot be read under another."""
    for index, box in lower:
        if not text[index].isalnum():
            continue
        over = [(covered_share(place, box), at) for at, place in upper if _are_alike_in_size(place, box)]
        over = [(share, at) for share, at in over if share > 0 and text[at] not in _RULES]
        if sum(share for share, _ in over) >= _HIDDEN_SHARE and _plain(text[max(over)[1]]) != _plain(text[index]):
            yield index


def _are_alike_in_size(one: Box, other: Box) -> bool:
    return _SIZE_RATIOS[0] <= (one[3] - one[1]) / max(other[3] - other[1], 0.1) <= _SIZE_RATIOS[1]


def _plain(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _runs(indices: Sequence[int], text: str) -> Iterator[list[int]]:
    """Divide indices into runs where more than a letter or two between them can be read."""
    run: list[int] = []
    for index in indices:
        between = [at for at in range(run[-1] + 1, index) if not text[at].isspace()] if run else []
        if sum(text[at].isalnum() for at in between) > _READABLE:
            yield run
            run, between = [], []
        run += [*between, index]
    if run:
        yield run
