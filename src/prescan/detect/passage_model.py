"""The passage model: a linear classifier over runs of one to three characters that assigns passages to families.

It finds wordings that no list foresees. Trained by `make train-marks`; see models/passages/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from prescan import arrays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Keys = NDArray[np.uint32]
    Floats = NDArray[np.float64]

#: Format 2: hashes of 22 bits.
FORMAT: Final = 2
#: The class of passages that belong to no family, or only write about such matters.
QUIET: Final = "quiet"
_LABEL: Final = "语段模型"
_PRIME: Final = np.uint32(0x01000193)
_ZERO: Final = ord("0")
_LONGEST: Final = 3
#: Bits of a hash. With this many, one unknown run in a hundred collides with a known one.
KEY_BITS: Final = 22
_DROPPED: Final = np.uint32(32 - KEY_BITS)
#: Families with log odds closer than this cannot be told apart: both are returned.
_CLOSE: Final = 2.0


@dataclass(frozen=True)
class PassageModel:
    """What is needed to score passages. Read-only, so threads may share it."""

    families: tuple[str, ...]
    """The classes in the order of the columns of `weights`, QUIET among them."""
    keys: Keys = field(repr=False)
    """Sorted hashes of the known runs."""
    weights: Floats = field(repr=False)
    rarity: Floats = field(repr=False)
    bias: Floats = field(repr=False)
    least: float
    """Log odds against QUIET from which a passage is reported."""
    version: str = ""

    @classmethod
    def load(cls, folder: Path) -> PassageModel:
        """Load the model in `folder` (`resource_dir("models") / "passages"`). Raises ModelError."""
        fields, held, version = arrays.read(folder, _LABEL, FORMAT)
        return cls(
            families=tuple(fields["families"]),
            keys=held["keys"],
            weights=held["weights"].astype(np.float64),
            rarity=held["rarity"].astype(np.float64),
            bias=np.array(fields["bias"]),
            least=fields["least"],
            version=version,
        )

    def score(self, runs: Keys) -> Floats:
        """Return the log odds of each class for a passage with these runs (as `runs_of` gives them)."""
        known = np.isin(self.keys, runs).nonzero()[0]
        rarity = self.rarity[known]
        norm = np.sqrt((rarity * rarity).sum()) or 1.0
        scores: Floats = self.bias + (self.weights[known] * rarity[:, None]).sum(axis=0) / norm
        return scores

    def doubts(self, scores: Floats, least: float) -> Iterator[tuple[int, float, list[str]]]:
        """Yield (index of the row, log odds against QUIET, families) for each row with log odds of at least `least`.

        The families are the likeliest one, and the second if it is nearly as likely.
        """
        quiet = self.families.index(QUIET)
        columns = [column for column in range(len(self.families)) if column != quiet]
        others = scores[:, columns]
        odds = np.logaddexp.reduce(others, axis=1) - scores[:, quiet]
        for place in (odds >= least).nonzero()[0].tolist():
            yield place, float(odds[place]), self._likeliest(others[place], columns)

    def _likeliest(self, scores: Floats, columns: Sequence[int]) -> list[str]:
        """Return the family with the highest score, and the next if it is close."""
        order = np.argsort(-scores, kind="stable")[:2].tolist()
        return [self.families[columns[place]] for place in order if scores[place] >= scores[order[0]] - _CLOSE]


def hashes(text: str) -> list[Keys]:
    """Return, for each length from one to three, the hashes of the runs at all offsets; digits count as equal."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    codes[(codes >= _ZERO) & (codes <= _ZERO + 9)] = _ZERO
    runs = [codes * _PRIME ^ np.uint32(1)]
    for length in range(2, _LONGEST + 1):
        before = runs[-1][:-1] if len(runs[-1]) else runs[-1]
        runs.append((before ^ codes[length - 1 :]) * _PRIME ^ np.uint32(length))
    return [run >> _DROPPED for run in runs]


def runs_of(hashed: list[Keys], start: int, end: int) -> Keys:
    """Return the distinct hashes of the runs inside a span; `hashed` is what `hashes` gives for the text."""
    parts = [run[start : max(start, end - length)] for length, run in enumerate(hashed)]
    return np.unique(np.concatenate(parts))
