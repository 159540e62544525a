"""The passage model: linear, over runs of one to three characters; it tells passages of the contextual families.

It is there for wordings no list foresees. Trained by `python -m prescan.quality.passages`, see its README.md in models.
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

FORMAT: Final = 1
#: The class of passages that only speak about such things.
QUIET: Final = "quiet"
_LABEL: Final = "语段模型"
_PRIME: Final = np.uint32(0x01000193)
_ZERO: Final = ord("0")
_LONGEST: Final = 3
#: Runs are told apart by so many bits: of what no model knows one in a hundred is taken for something known.
KEY_BITS: Final = 22
_DROPPED: Final = np.uint32(32 - KEY_BITS)
#: Two families that differ by less cannot be told apart: both are named.
_CLOSE: Final = 1.3


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
    """Log odds against QUIET from which a passage is looked at."""
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

    def doubts(self, scores: Floats, least: float) -> Iterator[tuple[int, list[str]]]:
        """Yield the index of each row of scores that is not quiet by at least these log odds, and what it is.

        That is the likeliest family, and the second where it is hardly less likely.
        """
        quiet = self.families.index(QUIET)
        columns = [column for column in range(len(self.families)) if column != quiet]
        others = scores[:, columns]
        odds = np.logaddexp.reduce(others, axis=1) - scores[:, quiet]
        for place in (odds >= least).nonzero()[0].tolist():
            yield place, self._likeliest(others[place], columns)

    def _likeliest(self, scores: Floats, columns: Sequence[int]) -> list[str]:
        """Return the family with the highest score, and the next if it is close."""
        order = np.argsort(-scores, kind="stable")[:2].tolist()
        return [self.families[columns[place]] for place in order if scores[place] >= scores[order[0]] - _CLOSE]


def hashes(text: str) -> list[Keys]:
    """Return, for each length from one to three, the hash of the run at each character; digits are alike."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    codes[(codes >= _ZERO) & (codes <= _ZERO + 9)] = _ZERO
    runs = [codes * _PRIME ^ np.uint32(1)]
    for length in range(2, _LONGEST + 1):
        before = runs[-1][:-1] if len(runs[-1]) else runs[-1]
        runs.append((before ^ codes[length - 1 :]) * _PRIME ^ np.uint32(length))
    return [run >> _DROPPED for run in runs]


def runs_of(hashed: list[Keys], start: int, end: int) -> Keys:
    """Return the different runs inside a span of the text that was hashed."""
    parts = [run[start : max(start, end - length)] for length, run in enumerate(hashed)]
    return np.unique(np.concatenate(parts))
