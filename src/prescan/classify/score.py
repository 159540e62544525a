"""Scores documents: probabilities of the three attributes, abstention, and contributions with places. numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prescan.classify import store
from prescan.types import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from prescan.classify.features import Features
    from prescan.classify.model import Floats, Model
    from prescan.types import Attribute

#: Texts with fewer characters, without white space, are not scored: 文本过短.
SHORTEST: Final = 50
_CONTRIBUTIONS_AT_MOST: Final = 40
#: Families that are evidence of an office's business; any text has words and a form.
_EVIDENCE: Final = frozenset({"cue", "finding"})


class Contribution(NamedTuple):
    """The contribution of one feature to the attribute it favours most."""

    feature: str
    label: Attribute
    weight: float
    """Its share of that attribute's logit above the mean of the three, after calibration; over 0."""
    start: int | None
    """The first place, an offset of the document's text; None: it has no place."""
    end: int | None


@dataclass(frozen=True, slots=True)
class Scored:
    """The model's answer for one document."""

    probabilities: dict[Attribute, float]
    """In the order of ATTRIBUTES; sums to 1."""
    abstained: bool
    contributions: tuple[Contribution, ...] = ()
    """The 40 strongest, strongest first, for any attribute."""

    @property
    def attribute(self) -> Attribute:
        """The most probable attribute, also when abstained."""
        return max(self.probabilities, key=lambda attribute: self.probabilities[attribute])


class Classifier:
    """A loaded model. Thread-safe."""

    def __init__(self, model: Model, version: str) -> None:
        """`version` is the first 12 hex digits of the digest of the model's files."""
        self.model = model
        self.version = version
        self._pairs = np.array([family == "pair" for family in model.vocabulary.families], np.bool_)
        self._evidence = np.array([family in _EVIDENCE for family in model.vocabulary.families], np.bool_)

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Load the model in `folder` (`resource_dir("models") / "attribute"`). Raises ModelError."""
        return cls(*store.read(folder))

    @property
    def prior(self) -> dict[Attribute, float]:
        """The share of each attribute in training: the answer without evidence."""
        return _by_attribute(self.model.prior)

    def score(self, features: Features) -> Scored:
        """Return the answer for a document; a short one or one without evidence gets the prior."""
        columns, values, firsts = self.model.vocabulary.row(features)
        if features.chars < SHORTEST or not self._has_evidence(columns):
            return Scored(self.prior, abstained=True)
        pushes = values[:, None] * self.model.weights[columns]
        probabilities = self.model.probabilities(pushes.sum(axis=0) + self.model.intercept)
        abstained = bool(probabilities.max() < self.model.threshold)
        return Scored(
            _by_attribute(probabilities), abstained, tuple(self._contributions(features, columns, firsts, pushes))
        )

    def _has_evidence(self, columns: NDArray[np.int64]) -> bool:
        return bool(self._evidence[columns].any())

    def _contributions(
        self, features: Features, columns: NDArray[np.int64], firsts: NDArray[np.int64], pushes: Floats
    ) -> Iterator[Contribution]:
        pushes = (pushes - pushes.sum(axis=1, keepdims=True) / len(ATTRIBUTES)) / self.model.temperature
        labels, strength = pushes.argmax(axis=1), pushes.max(axis=1)
        order = np.argsort(-strength, kind="stable")[:_CONTRIBUTIONS_AT_MOST]
        order = order[strength[order] > 0]
        names, signs = self.model.vocabulary.names, features.signs
        columns, firsts = columns[order], firsts[order]
        places = features.wording.places(firsts, self._pairs[columns])
        rows = zip(columns.tolist(), labels[order].tolist(), strength[order].tolist(), firsts.tolist(), strict=True)
        for (column, label, weight, first), place in zip(rows, places, strict=True):
            name = names[column]
            yield Contribution(name, ATTRIBUTES[label], weight, *(place if first >= 0 else signs[name][1:]))


def _by_attribute(shares: Floats) -> dict[Attribute, float]:
    proactive, on_request, withheld = (float(share) for share in shares)
    return {"proactive": proactive, "on_request": on_request, "withheld": withheld}
