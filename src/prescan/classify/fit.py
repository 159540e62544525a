"""Trains the attribute model: scikit-learn's logistic regression, selected and calibrated by cross-validation.

Whole groups (authors) are left out in turn to choose the scales of feature families, the regularisation, the
temperature and the threshold of abstention. The same examples give the same model.
Only this module imports scikit-learn; the shipped model is arrays.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from prescan.arrays import softmax
from prescan.classify.model import Model, Vocabulary
from prescan.types import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from prescan.classify.features import Features
    from prescan.classify.model import Floats
    from prescan.types import Attribute

#: An open-vocabulary feature needs this many documents: with one, it only describes that document.
SEEN_AT_LEAST: Final = 2
#: The share of a second label that is also defensible.
SHARE_OF_SECOND: Final = 0.2
#: Required accuracy where the model does not abstain.
WANTED: Final = 0.95
#: The threshold is at least this.
LOWEST_THRESHOLD: Final = 0.6

_FIXED: Final = {"cue": 0.5, "ground": 0.5, "finding": 1.0}
#: The grid of scales. It is coarse, for with a hundred documents a fine grid only fits noise. The upper bounds are
#: deliberate: more weight on words gains little on the left-out groups and ties the model to these documents' topics.
SCALES: Final[tuple[Mapping[str, float], ...]] = tuple(
    {"word": word, "title": word / 2, "pair": word / 4, "lean": lean, "form": form, **_FIXED}
    for word, lean, form in itertools.product((6.0, 12.0), (1.0, 2.0), (0.5, 1.0))
)
STRENGTHS: Final = (0.1, 0.3, 1.0)
_TEMPERATURES: Final = np.geomspace(0.2, 4.0, 121)
_ITERATIONS: Final = 5000
_TOLERANCE: Final = 1e-7
#: Weights are rounded to this many decimals, so that the order of summation does not change the files.
_DECIMALS: Final = 6


class Example(NamedTuple):
    """One labelled document."""

    features: Features
    label: Attribute
    also: Attribute | None = None


class Fold(NamedTuple):
    """A split by group. Each fold has its own features, for example with fewer cue words."""

    train: Sequence[Example]
    test: Sequence[Example]


@dataclass(frozen=True, slots=True)
class Choice:
    """One point of the grid, and its probabilities for the documents left out, in the order of the folds."""

    scales: Mapping[str, float]
    strength: float
    temperature: float
    loss: float
    """Mean cross-entropy after calibration, with second labels weighted by their share."""
    probabilities: Floats


class Fitted(NamedTuple):
    """A trained model and the choice of its parameters."""

    model: Model
    choice: Choice


def fit(examples: Sequence[Example], folds: Sequence[Fold], about: Mapping[str, Any] | None = None) -> Fitted:
    """Train on `examples` with the parameters that are best on `folds`."""
    choice = choose(folds)
    vocabulary, weights, intercept = train(examples, choice.scales, choice.strength)
    chosen = {"scales": dict(choice.scales), "strength": choice.strength, "left_out_loss": round(choice.loss, 4)}
    model = Model(
        vocabulary=vocabulary,
        weights=weights,
        intercept=intercept,
        temperature=choice.temperature,
        threshold=threshold(choice.probabilities, [example for fold in folds for example in fold.test]),
        prior=targets(examples).mean(axis=0),
        about={**(about or {}), "chosen": chosen},
    )
    return Fitted(model, choice)


def choose(folds: Sequence[Fold]) -> Choice:
    """Return the point of the grid with the lowest loss on the documents left out."""
    wanted = np.concatenate([targets(fold.test) for fold in folds])
    choices = []
    for scales, strength in itertools.product(SCALES, STRENGTHS):
        logits = np.concatenate([_left_out(fold, scales, strength) for fold in folds])
        losses = [_cross_entropy(softmax(logits / temperature), wanted) for temperature in _TEMPERATURES]
        best = int(np.argmin(losses))
        temperature = float(_TEMPERATURES[best])
        choices.append(Choice(scales, strength, temperature, losses[best], softmax(logits / temperature)))
    return min(choices, key=lambda choice: choice.loss)


def train(
    examples: Sequence[Example], scales: Mapping[str, float], strength: float
) -> tuple[Vocabulary, Floats, Floats]:
    """Return the vocabulary, weights and intercept of one training run."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  1.8 s; only training needs it
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415  scikit-learn's own

    vocabulary = Vocabulary.of([example.features for example in examples], scales, SEEN_AT_LEAST)
    rows = vocabulary.matrix([example.features for example in examples])
    wanted = targets(examples)
    at, label = np.nonzero(wanted)  # a document with two labels has two rows, weighted by its shares
    model = LogisticRegression(C=strength, max_iter=_ITERATIONS, tol=_TOLERANCE)
    with threadpool_limits(limits=1):  # the order of summation depends on the number of threads
        model.fit(rows[at], label, sample_weight=wanted[at, label])
    return vocabulary, np.round(model.coef_.T, _DECIMALS), np.round(model.intercept_, _DECIMALS)


def threshold(probabilities: Floats, examples: Sequence[Example]) -> float:
    """Return the lowest threshold above which the required accuracy is reached; 1 if there is none."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels(examples)
    for lowest in sorted({LOWEST_THRESHOLD, *(value for value in confidence if value > LOWEST_THRESHOLD)}):
        kept = confidence >= lowest
        if kept.any() and right[kept].mean() >= WANTED:
            return float(np.floor(lowest * 1e4) / 1e4)
    return 1.0


def labels(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Return the column of each example's label."""
    return np.array([ATTRIBUTES.index(example.label) for example in examples], np.int64)


def targets(examples: Sequence[Example]) -> Floats:
    """Return each example's shares of the attributes: mostly its label, the rest a second label if there is one."""
    shares = np.zeros((len(examples), len(ATTRIBUTES)))
    for row, example in zip(shares, examples, strict=True):
        if example.also:
            row[ATTRIBUTES.index(example.also)] = SHARE_OF_SECOND
        row[ATTRIBUTES.index(example.label)] = 1.0 - row.sum()
    return shares


def _left_out(fold: Fold, scales: Mapping[str, float], strength: float) -> Floats:
    """Return the logits of a fold's test documents."""
    vocabulary, weights, intercept = train(fold.train, scales, strength)
    logits: Floats = vocabulary.matrix([example.features for example in fold.test]) @ weights + intercept
    return logits


def _cross_entropy(probabilities: Floats, wanted: Floats) -> float:
    return float(-(wanted * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1).mean())
