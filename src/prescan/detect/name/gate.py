"""The gate: which places of a text may be a name by their characters alone, computed for all places at once with numpy.

A surname followed by characters that are more common in given names than in text passes (`gated`). Most of these
places are parts of words: the weights of their characters and of the words of the text (`name_features.characters`)
are summed up in arrays, and only the few with a sufficient sum are examined further (`weighty`).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prescan.detect.name.segmented import BORDER, INSIDE, fall_of
from prescan.detect.name.spans import PLANE, Span, compound_surnames, is_han, of_compound, plain
from prescan.text.view import code_points

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from prescan.detect.name.model import NameModel
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import NameChars

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_SIZES: Final = (2, 3)
_FIRST_HAN, _LAST_HAN = np.uint32(0x4E00), np.uint32(0x9FFF)
_COMPOUND: Final = 2
#: Ways in which words overlap a name, by their first letter, for which the text beside it matters.
TELLING: Final = frozenset("bBN")
#: Buckets of summed log odds of given characters, starting with the lowest; two characters have at least -12.
_LOWEST, _BUCKETS = -20, 80


#: So much less is enough where a name is due: right behind a word for a private person (丈夫罗盘), where a run begins.
DUE: Final = 1.5


class Gated(NamedTuple):
    """The places that pass the gate."""

    codes: NDArray[np.uint32]
    """The code points of the text; those beyond the basic plane are replaced by its last one."""
    starts: tuple[Ints, Ints]
    """The starts of one-character surnames with one given character, and with two."""
    compound: list[Span]
    """The spans that begin with a two-character surname."""

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of each place except those of two-character surnames."""
        for starts, size in zip(self.starts, _SIZES, strict=True):
            yield from zip(starts.tolist(), (starts + size).tolist(), strict=True)


def gated(text: str, chars: NameChars, gate: tuple[float, float], cue_ends: frozenset[int]) -> Gated:
    """Return the places of a surname and one or two given characters whose summed log odds reach a threshold.

    The threshold is the first of `gate`; behind a cue the second, also at the beginning of a run of Chinese characters,
    but there the mean of both if the run continues behind the name.
    """
    # behind the end, and before the begin, stands no name
    codes = np.minimum(code_points(f"{text}\0\0\0\0"), PLANE - 1)
    size = len(text)
    surname = chars.surname[codes]
    places = (surname > -np.inf).nonzero()[0]
    begin, follows, second = surname[places], chars.given[codes[places + 1]], chars.given[codes[places + 2]]
    sums = begin + follows + np.maximum(second, 0)
    alone = sums >= gate[0]
    known = alone.copy()
    if cue_ends:
        ends = np.zeros(size + 1, np.bool_)
        ends[list(cue_ends)] = True
        known |= ends[places]
    due = ((sums >= gate[1]) & (known | ~_is_common(codes[places - 1]))).nonzero()[0]
    places, alone, known = places[due], alone[due], known[due]
    least, middle = np.where(alone, *gate), sum(gate) / 2
    one, two, three = (held[due].astype(np.float64) for held in (begin, follows, second))
    taken = [
        (total >= least) & (places + length <= size) & (known | (total >= middle) | ~_is_common(codes[places + length]))
        for length, total in zip(_SIZES, (one + two, one + (two + three)), strict=True)
    ]
    compound: list[Span] = []
    for index in _compound_firsts()[codes[places]].nonzero()[0].tolist():
        at = int(places[index])
        if text[at : at + _COMPOUND] in chars.compound:
            for held in taken:
                held[index] = False
            for span, total in of_compound(text, at, chars, gate[not alone[index]]):
                if known[index] or total >= middle or not is_han(text[span.end : span.end + 1]):
                    compound.append(span)
    return Gated(codes, (places[taken[0]], places[taken[1]]), compound)


def _is_common(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Mark the common Han characters."""
    common: NDArray[np.bool_] = codes - _FIRST_HAN <= _LAST_HAN - _FIRST_HAN  # what is less wraps around
    return common


def gated_spans(text: str, chars: NameChars, gate: tuple[float, float], cue_ends: frozenset[int]) -> Iterator[Span]:
    """Yield the spans that pass the gate."""
    found = gated(text, chars, gate, cue_ends)
    for start, end in found.places():
        if span := plain(text, start, end):
            yield span
    yield from found.compound


@functools.cache
def _compound_firsts() -> NDArray[np.bool_]:
    """Mark the characters that begin a two-character surname."""
    table = np.zeros(PLANE, np.bool_)
    table[[ord(surname[0]) for surname in compound_surnames()]] = True
    return table


class CharWeights:
    """The name model's weights of characters and of how words overlap them, as tables.

    The features are those of `name_features.characters` for a surname of one character. Weights are rounded to single
    precision, so their sums are exact in whatever order.
    """

    def __init__(self, weights: Mapping[str, float], chars: NameChars) -> None:
        """Make the tables."""
        self._given = chars.given
        self._surname = np.zeros(PLANE)
        for char, odds in chars.surnames.items():
            self._surname[ord(char)] = weights.get(f"s={char}", 0.0) + weights.get(f"so{int(max(odds, -6.0))}", 0.0)
        self._first, self._last = (_by_char(weights, prefix) for prefix in ("gf=", "gl="))
        buckets = range(_LOWEST, _LOWEST + _BUCKETS)
        self._sum, self._least = (
            {size: np.array([weights.get(f"{prefix}{size - 1}{bucket}", 0.0) for bucket in buckets]) for size in _SIZES}
            for prefix in ("g1", "gm")
        )
        self._length = {size: weights.get(f"n1{size - 1}", 0.0) for size in _SIZES}
        ways = [
            [INSIDE if way == "0" else BORDER for way in f"{number:0{size + 1}b}"]
            for size in _SIZES
            for number in range(1 << (size + 1))
        ]
        self.shapes = [fall_of(bytes(way)) for way in ways]
        """How words overlap a name: the first eight for two characters, the rest for three."""
        self.beside = {name[1:]: weight for name, weight in weights.items() if name[0] == "d" and name[1] in TELLING}
        self.of_shape = {shape: weights.get(f"w{shape}", 0.0) for shape in {*self.shapes, "N"}}
        self._most = np.array([max(map(self._at_most, "BN" if shape == "B" else [shape])) for shape in self.shapes])

    def _at_most(self, shape: str) -> float:
        told = [weight for name, weight in self.beside.items() if name.startswith(shape)]
        return self.of_shape[shape] + max(0.0, *told, 0.0)

    def heavy(self, found: Gated, borders: NDArray[np.bool_], least: Floats) -> Iterator[tuple[int, int, str, float]]:
        """Yield start, end, shape and weight of places that may weigh enough; `borders` marks the beginnings of words.

        `least` holds, by place, how much is enough.
        Weights of the text beside them are not included yet, nor whether the dictionary calls a word a name.
        """
        for size, starts in zip(_SIZES, found.starts, strict=True):
            if not len(starts):
                continue
            # the shapes of three characters are behind those of two
            ways = borders[starts] + np.int64(size > _SIZES[0])
            for step in range(1, size + 1):
                ways = 2 * ways + borders[starts + step]
            weighed = self._of_chars(found.codes, starts, size)
            heavy = (weighed + self._most[ways] >= least[starts]).nonzero()[0]
            rows = (held[heavy].tolist() for held in (starts, ways, weighed))
            for start, way, weight in zip(*rows, strict=True):
                yield start, start + size, self.shapes[way], weight

    def _of_chars(self, codes: NDArray[np.uint32], starts: Ints, size: int) -> Floats:
        """Return the weights of the characters of names of this size."""
        given = [codes[starts + step] for step in range(1, size)]
        odds = [self._given[char].astype(np.float64) for char in given]
        total, least = (odds[0], odds[0]) if size == _SIZES[0] else (odds[0] + odds[1], np.minimum(*odds))
        weighed: Floats = (
            self._surname[codes[starts]]
            + self._first[given[0]]
            + self._last[given[-1]]
            + self._sum[size][(total + 20).astype(np.int64) - _LOWEST]
            + self._least[size][least.astype(np.int64) - _LOWEST]
            + self._length[size]
        )
        return weighed


def _by_char(weights: Mapping[str, float], prefix: str) -> Floats:
    """Return, by code point, the weights of the features that consist of this prefix and a character."""
    table = np.zeros(PLANE)
    for name, weight in weights.items():
        if name.startswith(prefix) and len(name) == len(prefix) + 1 and ord(name[-1]) < PLANE:
            table[ord(name[-1])] = weight
    return table


def weighty(page: NamePage, model: NameModel, found: Gated) -> list[tuple[Span, float]]:
    """Return the gated spans that weigh enough, and the weight (`name_features.inside_score`).

    Enough is `model.cut`, or `DUE` less where a name is due.
    """
    text, tables, kept = page.text, model.char_weights, []
    borders = page.borders(np.concatenate(found.starts))
    least = np.full(len(text) + 1, model.cut, np.float64)
    least[list(page.cue_ends)] -= DUE
    least[page.runs[:, 0]] -= DUE
    for start, end, way, weight in tables.heavy(found, borders, least):
        shape = "N" if way == "B" and model.is_name_word(text[start:end]) else way
        total = weight + tables.of_shape[shape]
        if shape[0] in TELLING:
            total += tables.beside.get(f"{shape}{page.side(start - 1)}{page.side(end)}", 0.0)
        if total >= least[start] and (span := plain(text, start, end)):
            kept.append((span, total))
    return kept
