"""A linear classifier over hashed features, as the level and the landline model use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self
from zlib import crc32

import numpy as np

from prescan import arrays

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    Keys = NDArray[np.uint32]
    Floats = NDArray[np.float64]

#: Bits dropped from a hash, to save space; collisions with known features stay rare.
_DROPPED: Final = 10


@dataclass(frozen=True)
class Odds:
    """The weights, to score places with. Read-only, so threads may share it."""

    keys: Keys = field(repr=False)
    """Sorted hashes of the known features."""
    weights: Floats = field(repr=False)
    rarity: Floats = field(repr=False)
    bias: float
    version: str = field(default="", kw_only=True)

    @classmethod
    def read(cls, folder: Path, label: str, format_: int, *thresholds: str) -> Self:
        """Read the model in `folder`, with these further fields; `label` names it in messages. Raises ModelError."""
        fields, held, version = arrays.read(folder, label, format_)
        given: dict[str, Any] = {name: held[name].astype(np.float64) for name in ("weights", "rarity")}
        given |= {name: fields[name] for name in ("bias", *thresholds)}
        return cls(keys=held["keys"], version=version, **given)

    def write(self, folder: Path, format_: int, **thresholds: float) -> str:
        """Write the model's files to `folder`; return its version."""
        fields: dict[str, Any] = {"format": format_, "bias": self.bias, **thresholds, "weights_sha256": ""}
        weights, rarity = (array.astype(np.float16) for array in (self.weights, self.rarity))
        return arrays.write(folder, fields, {"keys": self.keys, "weights": weights, "rarity": rarity})

    def of(self, features: Keys) -> float:
        """Return the log odds of a place with these features (`hashed`)."""
        at = np.minimum(np.searchsorted(self.keys, features), len(self.keys) - 1)
        known = at[self.keys[at] == features]
        rarity = self.rarity[known]
        norm = float(np.sqrt((rarity * rarity).sum())) or 1.0
        return self.bias + float((self.weights[known] * rarity).sum()) / norm


def hashed(features: Iterable[int]) -> Keys:
    """Return the sorted distinct keys of features, each given as a hash of 32 bits."""
    return np.array(sorted({key >> _DROPPED for key in features}), np.uint32)


def named(name: str) -> int:
    """Return the hash of a feature with a name."""
    return crc32(encoded(name))


def runs(prefix: bytes, text: str) -> list[int]:
    """Return the hashes of the runs of two and three characters, each behind `prefix`.

    The hash of a run continues that of the shorter run it begins with.
    """
    chars = list(map(encoded, text))
    ones = [crc32(char, crc32(prefix)) for char in chars]
    twos = list(map(crc32, chars[1:], ones))
    return [*twos, *map(crc32, chars[2:], twos)]


def encoded(text: str) -> bytes:
    """Return text as bytes, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")
