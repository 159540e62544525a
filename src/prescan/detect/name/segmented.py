"""Where the words of a text begin: only the runs of Chinese characters around possible names are segmented."""

from __future__ import annotations

import bisect
import functools
import itertools
from typing import TYPE_CHECKING, Final

import numpy as np

from prescan.detect.name.spans import han
from prescan.text.chinese import pieces
from prescan.text.view import marked_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from prescan.detect.name.spans import Span
    from prescan.text.view import Ints

#: This many results of `fall_of` are cached.
_REMEMBERED: Final = 1 << 12
#: Values of the array of borders: inside a word, and at its edge.
INSIDE: Final = 1
BORDER: Final = 2


class Segmented:
    """A text and the borders of its words."""

    def __init__(self, text: str) -> None:
        """Segment nothing yet."""
        self.text = text
        self._borders = bytearray(len(text) + 1)
        """For each offset INSIDE or BORDER; 0 where the text has not been segmented."""

    @functools.cached_property
    def runs(self) -> Ints:
        """The start and end of each run of Chinese characters, one row for each."""
        return marked_runs(han(self.text))

    def is_border(self, at: int) -> bool:
        """Return whether a word begins or a run of Chinese characters ends at an offset."""
        if not self._borders[at]:
            self._look(at)
        return self._borders[at] == BORDER

    def is_word(self, span: Span) -> bool:
        """Return whether a span is one word of the dictionary."""
        return self.fall(span.start, span.end) == "B"

    def fall(self, start: int, end: int) -> str:
        """Return how words overlap a span of a Chinese run: b or m (border or middle), lengths, b or m.

        "B" means a word of its own.
        """
        if not self._borders[start]:
            self._look(start)
        return fall_of(bytes(self._borders[start : end + 1]))

    def borders(self, places: Ints) -> NDArray[np.bool_]:
        """Return an array that marks where words begin and Chinese runs end, correct around `places`.

        The runs around all places are segmented in one call, because each call costs more than the segmentation.
        """
        if len(self.runs):
            indices = np.unique(np.maximum(self.runs[:, 0].searchsorted(places, side="right") - 1, 0))
            self._cut(self.runs[indices].tolist())
        held: NDArray[np.bool_] = np.frombuffer(self._borders, np.uint8) == BORDER
        return held

    def _look(self, at: int) -> None:
        """Segment the Chinese run around an offset."""
        index = bisect.bisect_right(self._run_starts, at) - 1
        if self._run_starts:
            self._cut([self.runs[max(index, 0)].tolist()])

    @functools.cached_property
    def _run_starts(self) -> list[int]:
        starts: list[int] = self.runs[:, 0].tolist()
        return starts

    def _cut(self, runs: list[list[int]]) -> None:
        """Mark the borders of words in these runs; they are joined with line ends, so that no word spans two runs."""
        joined = "\n".join([self.text[start:end] for start, end in runs])
        marks = bytearray([INSIDE]) * (len(joined) + 1)
        for begin in itertools.accumulate(map(len, pieces(joined)), initial=0):
            marks[begin] = BORDER
        shift = 0
        for start, end in runs:
            size = end - start + 1
            self._borders[start : end + 1] = marks[shift : shift + size]
            shift += size


@functools.lru_cache(maxsize=_REMEMBERED)
def fall_of(borders: bytes) -> str:
    """Return what `Segmented.fall` gives for the borders of a span; cached, as there are few combinations."""
    first, *inner, last = (border == BORDER for border in borders)
    cuts = [0, *(at for at, cut in enumerate(inner, 1) if cut), len(borders) - 1]
    if first and last and len(cuts) == 2:  # noqa: PLR2004  nothing begins inside
        return "B"
    lengths = "".join(str(after - before) for before, after in itertools.pairwise(cuts))
    return f"{'b' if first else 'm'}{lengths}{'b' if last else 'm'}"
