"""The passage model: linear, over runs of one to three characters; it tells passages of the contextual families.

It is there for wordings no list foresees. Trained by `python -m prescan.quality.passages`, see its README.md in models.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from prescan import arrays

if TYPE_CHECKING:
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
        fields, held, version = arrays.read(folder, _LABEL)
        if fields.get("format") != FORMAT:
            raise arrays.mismatch(folder, _LABEL)
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
        at = np.searchsorted(self.keys, runs)
        at[at == len(self.keys)] = 0
        known = at[self.keys[at] == runs]
        shares = self.rarity[known]
        norm = np.sqrt((shares * shares).sum()) or 1.0
        scores: Floats = self.bias + (shares / norm) @ self.weights[known]
        return scores

    def doubt(self, runs: Keys) -> tuple[float, str]:
        """Return the log odds that a passage is not quiet, and the likeliest family."""
        scores = self.score(runs)
        quiet = self.families.index(QUIET)
        others = np.delete(scores, quiet)
        family = int(np.argmax(others))
        names = [name for name in self.families if name != QUIET]
        return float(np.logaddexp.reduce(others) - scores[quiet]), names[family]


def hashes(text: str) -> list[Keys]:
    """Return, for each length from one to three, the hash of the run at each character; digits are alike."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    codes[(codes >= _ZERO) & (codes <= _ZERO + 9)] = _ZERO
    runs = [codes * _PRIME ^ np.uint32(1)]
    for length in range(2, _LONGEST + 1):
        before = runs[-1][:-1] if len(runs[-1]) else runs[-1]
        runs.append((before ^ codes[length - 1 :]) * _PRIME ^ np.uint32(length))
    return runs


def runs_of(hashed: list[Keys], start: int, end: int) -> Keys:
    """Return the different runs inside a span of the text that was hashed."""
    parts = [run[start : max(start, end - length)] for length, run in enumerate(hashed)]
    return np.unique(np.concatenate(parts))
