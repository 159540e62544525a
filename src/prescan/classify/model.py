"""The attribute model: which features count, how their values are made, and the arrays. Nothing here learns.

logits = values @ weights + intercept; probabilities = softmax(logits / temperature).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from prescan.classify.features import family

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from prescan.classify.features import Features

    Floats = NDArray[np.float64]

#: Families of open vocabulary: rare features weigh more, and a document's features have length 1 together.
OPEN: Final = frozenset({"word", "pair", "title"})
#: The same by what their names begin with.
_OPEN_BEGIN: Final = {kind[:4]: kind for kind in OPEN}


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
    index: dict[str, int] = field(init=False, repr=False)
    weights: list[float] = field(init=False, repr=False)
    """`rarity` as Python reads it fastest."""
    families: list[str] = field(init=False, repr=False)
    """The family of each name."""
    kinds: tuple[str, ...] = field(init=False, repr=False)
    """The families, each once."""
    codes: NDArray[np.int64] = field(init=False, repr=False)
    """By feature, where in `kinds` its family stands."""

    def __post_init__(self) -> None:
        """Make the way from names to columns."""
        object.__setattr__(self, "index", {name: column for column, name in enumerate(self.names)})
        object.__setattr__(self, "weights", self.rarity.tolist())
        families = [family(name) for name in self.names]
        kinds = tuple(dict.fromkeys(families))
        object.__setattr__(self, "families", families)
        object.__setattr__(self, "kinds", kinds)
        object.__setattr__(self, "codes", np.array([kinds.index(kind) for kind in families], np.int64))

    @classmethod
    def of(cls, documents: Sequence[Features], scales: Mapping[str, float], at_least: int) -> Vocabulary:
        """Make the vocabulary of training documents; features of open families need `at_least` of them."""
        seen: dict[str, int] = {}
        for document in documents:
            for name in document.found:
                if family(name) in scales:
                    seen[name] = seen.get(name, 0) + 1
        names = tuple(sorted(name for name, count in seen.items() if count >= at_least or family(name) not in OPEN))
        rarity = [_rarity(len(documents), seen[name]) if family(name) in OPEN else 1.0 for name in names]
        return cls(names, np.array(rarity), len(documents), scales)

    def row(self, features: Features) -> tuple[NDArray[np.int64], Floats]:
        """Return the columns a document fills, and their values."""
        columns: list[int] = []
        values: list[float] = []
        unknown = _rarity(self.documents, 0)
        strange = dict.fromkeys(OPEN, 0.0)  # unknown words too make it longer: a text of other words says little
        known, weights = self.index.get, self.weights
        for name, seen in features.times():  # written out: there are hundreds in a document
            times = seen[0] or 1
            column = known(name)
            if column is not None:
                columns.append(column)
                values.append(weights[column] if times == 1 else weights[column] * (1.0 + math.log(times)))
            elif kind := _OPEN_BEGIN.get(name[:4], ""):
                strange[kind] += (unknown if times == 1 else unknown * (1.0 + math.log(times))) ** 2
        filled, held = np.array(columns, np.int64), np.array(values)
        kinds = self.codes[filled]
        squares = np.bincount(kinds, held * held, len(self.kinds))
        factors = np.array(
            [
                self.scales[kind] / ((math.sqrt(square + strange[kind]) if kind in OPEN else 0.0) or 1.0)
                for kind, square in zip(self.kinds, squares.tolist(), strict=True)
            ]
        )
        return filled, held * factors[kinds]

    def matrix(self, documents: Sequence[Features]) -> Floats:
        """Return the rows of many documents, for training."""
        rows = np.zeros((len(documents), len(self.names)))
        for at, document in enumerate(documents):
            columns, values = self.row(document)
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
        columns, values = self.vocabulary.row(document)
        logits: Floats = values @ self.weights[columns] + self.intercept
        return logits


def softmax(logits: Floats) -> Floats:
    """Return the softmax over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _rarity(documents: int, holding: int) -> float:
    return math.log((1 + documents) / (1 + holding)) + 1.0
