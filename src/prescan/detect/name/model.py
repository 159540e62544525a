"""The name model: two linear models over named features, and tables of the characters of surnames and given names.

`name` tells whether a span is a personal name, `role` whether a name is a private person's. Trained by
`python -m prescan.quality.names`; see models/names/README.md.
"""

from __future__ import annotations

import functools
import itertools
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from prescan import arrays
from prescan.detect.name.gate import CharWeights
from prescan.detect.name.spans import NameChars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT: Final = 1
_LABEL: Final = "姓名模型"
#: Limit of the caches of weights of possible names and of parts of features.
REMEMBERED: Final = 1 << 15


@dataclass(frozen=True)
class Linear:
    """Weights by feature; unknown features have weight 0."""

    weights: Mapping[str, float] = field(repr=False)
    bias: float

    def score(self, features: Iterable[str]) -> float:
        """Return the sum of the weights of `features`."""
        return sum(map(self.weights.get, features, itertools.repeat(0.0)))


@dataclass(frozen=True)
class NameModel:
    """The weights and tables to find names with. Read-only except for caches, so threads may share it."""

    chars: NameChars = field(repr=False)
    name: Linear
    role: Linear
    name_words: frozenset[int] = field(repr=False)
    """CRC-32 of the words that the dictionary marks as names of people."""
    gate: tuple[float, float]
    """Sums of log odds of characters from which a span passes the gate: without a cue in front, with one."""
    cut: float
    """A span whose characters and words weigh less is not examined further."""
    least: float
    """Log odds from which a span is a name."""
    private: float
    """Log odds from which a name is a private person's."""
    version: str = ""
    scores: dict[tuple[str, str, str, str], float] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Cache of weights of names; see `name_features.inside_score`."""
    parts: dict[tuple[Any, ...], float] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Cache of weights of parts of features."""
    grades: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Cache of how much names look like one; see `name/features.py`."""
    bounds: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Cache of `name_features.at_most`, by length and grade of the name."""

    @classmethod
    def load(cls, folder: Path) -> NameModel:
        """Load the model in `folder` (`resource_dir("models") / "names"`). Raises ModelError."""
        fields, held, version = arrays.read(folder, _LABEL, FORMAT)
        models = [
            Linear(dict(zip(fields[f"{which}_features"], held[f"{which}_weights"].tolist(), strict=True)), bias)
            for which, bias in (("name", fields["name_bias"]), ("role", fields["role_bias"]))
        ]
        return cls(
            chars=NameChars.of(held),
            name=models[0],
            role=models[1],
            name_words=frozenset(held["name_words"].tolist()),
            gate=tuple(fields["gate"]),
            cut=fields["cut"],
            least=fields["least"],
            private=fields["private"],
            version=version,
        )

    def weigh(self, parts: Iterable[tuple[Any, ...]]) -> float:
        """Return the cached weights of features that are made in parts: functions → their arguments → weight."""
        total = 0.0
        for part in parts:
            weight = self.parts.get(part)
            if weight is None:
                if len(self.parts) > REMEMBERED:
                    self.parts.clear()
                weight = self.parts[part] = self.name.score(part[0](*part[1:]))
            total += weight
        return total

    @functools.cached_property
    def char_weights(self) -> CharWeights:
        """The weights of characters and of how words overlap them."""
        return CharWeights(self.name.weights, self.chars)

    def is_name_word(self, word: str) -> bool:
        """Return whether the dictionary marks a word as a name of people."""
        return zlib.crc32(word.encode("utf-8", "replace")) in self.name_words


def round_weights(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return weights as they are shipped: three decimals, so that small differences between processors vanish."""
    return np.round(values, 3).astype(np.float32)
