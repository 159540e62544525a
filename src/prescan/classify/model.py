"""The attribute model: its vocabulary, the values of features, and its arrays. Training is in `fit.py`.

logits = values @ weights + intercept; probabilities = softmax(logits / temperature).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from prescan.arrays import softmax
from prescan.classify.features import family
from prescan.classify.wording import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from prescan.classify.features import Features

    Floats = NDArray[np.float64]

#: Families with an open vocabulary: rare features weigh more, and the values of a document are scaled to length 1.
OPEN: Final = frozenset({"word", "pair", "title"})
_NO_PLACE: Final = -1


class Row(NamedTuple):
    """The nonzero values of a document, one place in each array for each feature the model knows."""

    columns: NDArray[np.int64]
    values: Floats
    firsts: NDArray[np.int64]
    """For words and pairs the index of the first piece (see `Wording`), else -1."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features the model knows and how a document becomes a row of values."""

    names: tuple[str, ...] = field(repr=False)
    rarity: Floats = field(repr=False)
    """By feature: ln((1 + documents) / (1 + documents with it)) + 1 for open families, else 1."""
    documents: int
    """The number of training documents."""
    scales: Mapping[str, float]
    """By family: the factor of its values. A family without a scale is ignored."""
    families: list[str] = field(init=False, repr=False)
    """The family of each name."""
    _signs: dict[str, int] = field(init=False, repr=False)
    """The columns of all features but words and pairs."""
    _words: dict[str, int] = field(init=False, repr=False)
    """A number for each word that occurs in a feature."""
    _alone: dict[str, NDArray[np.int64]] = field(init=False, repr=False)
    """By family of single words: the column of each of `_words`, then -1 for an unknown word. -1: no column."""
    _pairs: NDArray[np.int64] = field(init=False, repr=False)
    """The pairs, sorted, each as one number: first word * number of words + second word."""
    _pair_columns: NDArray[np.int64] = field(init=False, repr=False)
    """The column of each of `_pairs`."""
    _rarities: Floats = field(init=False, repr=False)
    """`rarity`, and at the end that of an unknown feature (column -1)."""

    def __post_init__(self) -> None:
        """Build the maps from words to columns."""
        families = [family(name) for name in self.names]
        features = [
            (kind, name.partition("=")[2].split("+"), at)
            for at, (kind, name) in enumerate(zip(families, self.names, strict=True))
        ]
        words = {word: None for kind, parts, _ in features if kind in OPEN for word in parts}
        numbers = {word: number for number, word in enumerate(words)}
        alone = {kind: np.full(len(numbers) + 1, -1) for kind in OPEN - {"pair"}}
        for kind, parts, column in features:
            if kind in alone:
                alone[kind][numbers[parts[0]]] = column
        pairs = np.array(
            [(numbers[parts[0]], numbers[parts[1]], at) for kind, parts, at in features if kind == "pair"], np.int64
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
            ("_pair_columns", pairs[order, 2]),
            ("_rarities", np.append(self.rarity, _rarity(self.documents, 0))),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, documents: Sequence[Features], scales: Mapping[str, float], at_least: int) -> Vocabulary:
        """Make the vocabulary of training documents; features of open families must occur in `at_least` of them."""
        seen: dict[str, int] = {}
        for document in documents:
            for name in document.names():
                if family(name) in scales:
                    seen[name] = seen.get(name, 0) + 1
        names = tuple(sorted(name for name, count in seen.items() if count >= at_least or family(name) not in OPEN))
        rarity = [_rarity(len(documents), seen[name]) if family(name) in OPEN else 1.0 for name in names]
        return cls(names, np.array(rarity), len(documents), scales)

    def row(self, features: Features) -> Row:
        """Return the values of a document.

        Unknown words count for the length of a family, so that a text of mostly unknown words gets small values.
        """
        wording = features.wording
        distinct = wording.word_ids[: wording.sizes[0]]  # the informative words
        words = map(wording.words.__getitem__, distinct.tolist())
        numbers = np.full(len(wording.words), -1)
        numbers[distinct] = np.fromiter(map(self._words.get, words, itertools.repeat(-1)), np.int64, len(distinct))
        firsts, singles = numbers[wording.word_ids], len(wording.word_ids) - len(wording.second_ids)
        alone, titled = firsts[: wording.sizes[0]], firsts[wording.sizes[0] : singles]
        columns = np.concatenate(
            [
                self._alone["word"][alone],
                self._alone["title"][titled],
                self._columns_of_pairs(firsts[singles:], numbers[wording.second_ids]),
            ]
        )
        values = self._rarities[columns] * (1.0 + np.log(wording.times))
        low = 0
        for kind, size in zip(FAMILIES, wording.sizes, strict=True):
            of_family = values[low : low + size]
            of_family *= self.scales.get(kind, 0.0) / (math.sqrt(of_family @ of_family) or 1.0)
            low += size
        known = np.flatnonzero(columns >= 0)
        signs = [(self._signs[name], one.times) for name, one in features.signs.items() if name in self._signs]
        sign_values = [self.scales[self.families[column]] * (1.0 + math.log(times)) for column, times in signs]
        return Row(
            np.concatenate([np.array([column for column, _ in signs], np.int64), columns[known]]),
            np.concatenate([sign_values, values[known]]),
            np.concatenate([np.full(len(signs), _NO_PLACE), wording.firsts[known]]),
        )

    def _columns_of_pairs(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the columns of pairs of word numbers, -1 for unknown pairs."""
        if not len(self._pairs):
            return np.full(len(first), -1)
        keys = first * len(self._words) + second
        at = np.minimum(self._pairs.searchsorted(keys), len(self._pairs) - 1)
        return np.where((self._pairs[at] == keys) & (first >= 0) & (second >= 0), self._pair_columns[at], -1)

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
    """The model abstains if the probability of the best attribute is lower."""
    prior: Floats
    """The share of each attribute in training: the answer without evidence."""
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The training data and parameters, for the model card."""

    def probabilities(self, logits: Floats) -> Floats:
        """Return the calibrated probabilities for logits (last axis = attributes)."""
        return softmax(logits / self.temperature)

    def logits(self, documents: Iterable[Features]) -> Floats:
        """Return the logits of documents, one row each."""
        return np.array([self._logits(document) for document in documents]).reshape(-1, len(self.prior))

    def _logits(self, document: Features) -> Floats:
        columns, values, _ = self.vocabulary.row(document)
        logits: Floats = values @ self.weights[columns] + self.intercept
        return logits


def _rarity(documents: int, holding: int) -> float:
    return math.log((1 + documents) / (1 + holding)) + 1.0
