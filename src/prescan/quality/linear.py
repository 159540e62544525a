"""Fits linear models over hashed features: secrecy levels, sentences that limit circulation, passages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from prescan.arrays import softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from prescan.detect.passage_model import Keys

_SEEN_AT_LEAST: Final = 2
#: Features with a smaller weight are left out: that is most of them, and hardly changes a figure.
_LEAST: Final = 0.25
#: Steps per unit of weights and of rarities, so that each fits one byte.
_STEPS: Final = 16
_SHARES: Final = 8
_WIDEST: Final = 127
#: Where a fit stops by default: scikit-learn's own.
_TOLERANCE: Final = 1e-4
#: Where a fit has converged. Stopped at _TOLERANCE, log odds of passages are off by 0.15 on average and by 2 at most,
#: so that a change of a few training texts moves others.
CONVERGED: Final = 1e-6


class Features:
    """The features of many texts as rows of a matrix: features weighted by rarity, rows of length one."""

    def __init__(
        self,
        texts: Sequence[Keys],
        at_least: int = _SEEN_AT_LEAST,
        *,
        tolerance: float = _TOLERANCE,
    ) -> None:
        """Take the distinct hashes of each text; features of fewer than `at_least` texts are left out.

        `tolerance` is the gradient at which fits stop.
        """
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # noqa: PLC0415  only for training

        seen = Counter(key for keys in texts for key in keys.tolist())
        self.keys = np.array(sorted(key for key, count in seen.items() if count >= at_least), np.uint32)
        counts = np.array([seen[key] for key in self.keys.tolist()])
        rarity = np.log((1 + len(texts)) / (1 + counts)) + 1
        self.rarity = np.round(rarity * _SHARES) / _SHARES
        self._tolerance = tolerance
        rows, columns, values = [], [], []
        for row, names in enumerate(texts):
            known = np.minimum(np.searchsorted(self.keys, names), len(self.keys) - 1)
            known = known[self.keys[known] == names]
            share = self.rarity[known]
            rows += [row] * len(known)
            columns += known.tolist()
            values += (share / (np.sqrt((share * share).sum()) or 1.0)).tolist()
        self.matrix: Any = csr_matrix((values, (rows, columns)), shape=(len(texts), len(self.keys)))

    def fit(
        self, labels: Sequence[int], strength: float, shares: Sequence[float] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return weights (a column per class; one for two classes) and bias, fitted to the labels of the rows.

        Features with small weights are removed, then the rest is fitted again. The result is deterministic.
        """
        from sklearn.preprocessing import normalize  # noqa: PLC0415

        weights, _ = self._fitted(labels, strength, shares)
        kept = (np.abs(weights).max(axis=1) >= _LEAST).nonzero()[0]
        self.keys, self.rarity, self.matrix = self.keys[kept], self.rarity[kept], normalize(self.matrix[:, kept])
        return self._fitted(labels, strength, shares)

    def weighed(self, labels: Sequence[bool], strength: float) -> NDArray[np.float64]:
        """Return the log odds of each row after a first fit of all features (two classes)."""
        weights, bias = self._fitted(labels, strength, None)
        odds: NDArray[np.float64] = self.matrix @ weights[:, 0] + bias[0]
        return odds

    def shares(self, labels: Sequence[int], strength: float, weights: Sequence[float]) -> NDArray[np.float64]:
        """Return the probability of each class for each row by a first fit of all features."""
        held, bias = self._fitted(labels, strength, weights)
        return softmax(self.matrix @ held + bias)

    def _fitted(
        self, labels: Sequence[int], strength: float, shares: Sequence[float] | None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        model = LogisticRegression(C=strength, max_iter=3_000, tol=self._tolerance)
        model.fit(self.matrix, labels, sample_weight=shares)
        return _rounded(model.coef_.T), np.round(model.intercept_, 3)


def _rounded(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round weights to sixteenths, at most 127 of them: one byte each, and log odds hardly change."""
    return np.clip(np.round(weights * _STEPS), -_WIDEST, _WIDEST) / _STEPS
