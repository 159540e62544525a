"""The attribute model: which features count, how their values are made, and the arrays. Nothing here learns.

logits = values @ weights + intercept; probabilities = softmax(logits / temperature).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from prescan.classify.features import family
from prescan.classify.wording import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from prescan.classify.features import Features

    Floats = NDArray[np.float64]

#: Families of open vocabulary: rare features weigh more, and a document's features have length 1 together.
OPEN: Final = frozenset({"word", "pair", "title"})
_NO_PLACE: Final = -1


class Row(NamedTuple):
    """What a document fills of a matrix: a place in each array for each feature the model knows."""

    columns: NDArray[np.int64]
    values: Floats
    firsts: NDArray[np.int64]
    """Of words and pairs the first piece, see `Wording`; else -1."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features the model knows and how a document becomes a row of values."""

    names: tuple[str, ...] = field(repr=False)
    rarity: Floats = field(repr=False)
    """By feature: ln((1 + documents) / (1 + documents with it)) + 1 for open families, else 1."""
    documents: int
    """How many documents it was made from."""
    scales: Mapping[str, float]
    """By family: how much the family may say. A family without a scale is not read."""
    families: list[str] = field(init=False, repr=False)
    """The family of each name."""
    _signs: dict[str, int] = field(init=False, repr=False)
    """The columns of all features but words and pairs."""
    _words: dict[str, int] = field(init=False, repr=False)
    """A number for each word that stands in a feature."""
    _alone: dict[str, NDArray[np.int64]] = field(init=False, repr=False)
    """By family of single words, the column of each of `_words`, and of none at the end; -1: there is none."""
    _pairs: NDArray[np.int64] = field(init=False, repr=False)
    """The pairs in order, each as `_pair` makes one number of two."""
    _of_pairs: NDArray[np.int64] = field(init=False, repr=False)
    """The column of each of `_pairs`."""
    _rarities: Floats = field(init=False, repr=False)
    """`rarity`, and at the end that of a feature of no column (-1)."""

    def __post_init__(self) -> None:
        """Make the way from words to columns."""
        families = [family(name) for name in self.names]
        said = [
            (kind, name.partition("=")[2].split("+"), at)
            for at, (kind, name) in enumerate(zip(families, self.names, strict=True))
        ]
        words = {word: None for kind, held, _ in said if kind in OPEN for word in held}
        numbers = {word: number for number, word in enumerate(words)}
        alone = {kind: np.full(len(numbers) + 1, -1) for kind in OPEN - {"pair"}}
        for kind, held, column in said:
            if kind in alone:
                alone[kind][numbers[held[0]]] = column
        pairs = np.array(
            [(numbers[held[0]], numbers[held[1]], at) for kind, held, at in said if kind == "pair"], np.int64
        ).reshape(-1, 3)
        keys = pairs[:, 0] * len(numbers) + pairs[:, 1]
        order = np.argsort(keys)
        for name, value in (
            ("families", families),
            (
                "_signs",
                {
                    name: at
                    for at, (kind, name) in enumerate(zip(families, self.names, strict=True))
                    if kind not in OPEN
                },
            ),
            ("_words", numbers),
            ("_alone", alone),
            ("_pairs", keys[order]),
            ("_of_pairs", pairs[order, 2]),
            ("_rarities", np.append(self.rarity, _rarity(self.documents, 0))),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, documents: Sequence[Features], scales: Mapping[str, float], at_least: int) -> Vocabulary:
        """Make the vocabulary of training documents; features of open families need `at_least` of them."""
        seen: dict[str, int] = {}
        for document in documents:
            for name in document.names():
                if family(name) in scales:
                    seen[name] = seen.get(name, 0) + 1
        names = tuple(sorted(name for name, count in seen.items() if count >= at_least or family(name) not in OPEN))
        rarity = [_rarity(len(documents), seen[name]) if family(name) in OPEN else 1.0 for name in names]
        return cls(names, np.array(rarity), len(documents), scales)

    def row(self, features: Features) -> Row:
        """Return what a document fills of the matrix.

        Unknown words too make the length of a family: a text of other words says little.
        """
        wording = features.wording
        spoken = wording.said[: wording.sizes[0]]  # each different word that says something
        words = map(wording.words.__getitem__, spoken.tolist())
        numbers = np.full(len(wording.words), -1)
        numbers[spoken] = np.fromiter(map(self._words.get, words, itertools.repeat(-1)), np.int64, len(spoken))
        said, single = numbers[wording.said], len(wording.said) - len(wording.nexts)
        alone, titled = said[: wording.sizes[0]], said[wording.sizes[0] : single]
        columns = np.concatenate(
            [
                self._alone["word"][alone],
                self._alone["title"][titled],
                self._paired(said[single:], numbers[wording.nexts]),
            ]
        )
        weighed = self._rarities[columns] * (1.0 + np.log(wording.times))
        low = 0
        for kind, size in zip(FAMILIES, wording.sizes, strict=True):
            held = weighed[low : low + size]
            held *= self.scales.get(kind, 0.0) / (math.sqrt(held @ held) or 1.0)
            low += size
        known = np.flatnonzero(columns >= 0)
        signs = [(self._signs[name], one.times) for name, one in features.signs.items() if name in self._signs]
        shown = [self.scales[self.families[column]] * (1.0 + math.log(times)) for column, times in signs]
        return Row(
            np.concatenate([np.array([column for column, _ in signs], np.int64), columns[known]]),
            np.concatenate([shown, weighed[known]]),
            np.concatenate([np.full(len(signs), _NO_PLACE), wording.firsts[known]]),
        )

    def _paired(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the columns of pairs of our words, -1 where we know no such pair."""
        if not len(self._pairs):
            return np.full(len(first), -1)
        keys = first * len(self._words) + second
        at = np.minimum(self._pairs.searchsorted(keys), len(self._pairs) - 1)
        return np.where((self._pairs[at] == keys) & (first >= 0) & (second >= 0), self._of_pairs[at], -1)

    def matrix(self, documents: Sequence[Features]) -> Floats:
        """Return the rows of many documents, for training."""
        rows = np.zeros((len(documents), len(self.names)))
        for at, document in enumerate(documents):
            columns, values, _ = self.row(document)
            rows[at, columns] = values
        return rows


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. Arrays have one column for each of types.ATTRIBUTES, in that order."""

    vocabulary: Vocabulary
    weights: Floats = field(repr=False)
    intercept: Floats
    temperature: float
    threshold: float
    """Below this probability of the best attribute the model abstains."""
    prior: Floats
    """Share of each attribute in training: the answer when there is no evidence."""
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What it was trained on and with; for the model card."""

    def probabilities(self, logits: Floats) -> Floats:
        """Return calibrated probabilities of logits (last axis = attributes)."""
        return softmax(logits / self.temperature)

    def logits(self, documents: Iterable[Features]) -> Floats:
        """Return the logits of documents, one row each."""
        return np.array([self._logits(document) for document in documents]).reshape(-1, len(self.prior))

    def _logits(self, document: Features) -> Floats:
        columns, values, _ = self.vocabulary.row(document)
        logits: Floats = values @ self.weights[columns] + self.intercept
        return logits


def softmax(logits: Floats) -> Floats:
    """Return the softmax over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _rarity(documents: int, holding: int) -> float:
    return math.log((1 + documents) / (1 + holding)) + 1.0
