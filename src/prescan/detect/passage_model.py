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
    Places = NDArray[np.int32]
    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

FORMAT: Final = 1
#: The class of passages that only speak about such things.
QUIET: Final = "quiet"
_LABEL: Final = "语段模型"
_PRIME: Final = np.uint32(0x01000193)
_ZERO: Final = ord("0")
_LONGEST: Final = 3
#: Two families that differ by less cannot be told apart: both are named.
_CLOSE: Final = 1.0
#: Keys are looked up by their first bits; of so many bits hardly two keys share them.
_BUCKET_BITS: Final = 18
_REST: Final = np.uint32(32 - _BUCKET_BITS)
#: So many characters are scored at a time: what is held meanwhile stays small, however long the document.
_AT_A_TIME: Final = 20_000


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
    _first: Places = field(init=False, repr=False)
    """By the first bits of a key, where the keys that begin with them begin."""
    _shares: Floats = field(init=False, repr=False)
    """By key: rarity times each weight, and the square of the rarity."""

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

    def __post_init__(self) -> None:
        """Count the keys that begin with the same bits."""
        counts = np.bincount(self.keys >> _REST, minlength=1 << _BUCKET_BITS)
        object.__setattr__(self, "_first", np.append(0, np.cumsum(counts)).astype(np.int32))
        rarity = self.rarity[:, None]
        object.__setattr__(self, "_shares", np.hstack([self.weights * rarity, rarity * rarity]))

    def score(self, runs: Keys) -> Floats:
        """Return the log odds of each class for a passage with these runs (as `runs_of` gives them)."""
        scores: Floats = self._scores(runs, np.zeros(len(runs), np.int32), 1)[0]
        return scores

    def doubts(
        self, hashed: list[Keys], spans: Sequence[tuple[int, int]], least: float
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield the index of each span of the hashed text that is not quiet by at least these log odds, and what it is.

        That is the likeliest family, and the second where it is hardly less likely. `hashed` is what `hashes` gives;
        the spans are in order and do not overlap.
        """
        quiet = self.families.index(QUIET)
        columns = [column for column in range(len(self.families)) if column != quiet]
        done = 0
        for chunk in _chunks(spans):
            scores = self._scores(*_owned(hashed, chunk), len(chunk))
            others = scores[:, columns]
            odds = np.logaddexp.reduce(others, axis=1) - scores[:, quiet]
            for place in (odds >= least).nonzero()[0].tolist():
                yield done + place, self._likeliest(others[place], columns)
            done += len(chunk)

    def odds(self, hashed: list[Keys], spans: Sequence[tuple[int, int]]) -> list[float]:
        """Return, for a model of two classes, the log odds of the second in each span; spans as `doubts` takes them."""
        odds: list[float] = []
        for chunk in _chunks(spans):
            scores = self._scores(*_owned(hashed, chunk), len(chunk))
            odds += (scores[:, 1] - scores[:, 0]).tolist()
        return odds

    def _likeliest(self, scores: Floats, columns: Sequence[int]) -> list[str]:
        """Return the family with the highest score, and the next if it is close."""
        order = np.argsort(-scores, kind="stable")[:2].tolist()
        return [self.families[columns[place]] for place in order if scores[place] >= scores[order[0]] - _CLOSE]

    def _scores(self, runs: Keys, owners: Places, count: int) -> Floats:
        """Return a row of scores for each of `count` passages; a run counts once in the passage that owns it."""
        keys, known = self._find(runs)
        owned = owners.take(known)
        order = _order(keys, len(self.keys))
        keys, owned = keys.take(order), owned.take(order)
        order = _order(owned, count)
        keys, owned = keys.take(order), owned.take(order)
        new = np.ones(len(keys), np.bool_)
        new[1:] = (keys[1:] != keys[:-1]) | (owned[1:] != owned[:-1])
        first = new.nonzero()[0]
        keys, owned = keys.take(first), owned.take(first)
        sums = np.zeros((count, self._shares.shape[1]))
        if len(owned):
            begins = np.append(0, (owned[1:] != owned[:-1]).nonzero()[0] + 1)
            sums[owned.take(begins)] = np.add.reduceat(self._shares.take(keys, axis=0), begins)
        norms = np.sqrt(sums[:, -1:])
        scores: Floats = self.bias + sums[:, :-1] / np.where(norms > 0, norms, 1.0)
        return scores

    def _find(self, runs: Keys) -> tuple[Places, Ints]:
        """Return where in `keys` the known ones of some runs stand, and which these are."""
        bucket = runs >> _REST
        at = np.minimum(self._first.take(bucket), len(self.keys) - 1)
        known = self.keys.take(at) == runs
        rest = (~known).nonzero()[0]
        while len(rest):  # the next key of the bucket, as long as it has one
            rest = rest[at[rest] + 1 < self._first[bucket[rest] + 1]]
            at[rest] += 1
            hit = self.keys[at[rest]] == runs[rest]
            known[rest[hit]] = True
            rest = rest[~hit]
        which = known.nonzero()[0]
        return at.take(which), which


def _order(numbers: Places, bound: int) -> Ints:
    """Return the order of numbers below `bound`, what is equal in the order it has; small ones are sorted faster."""
    small = np.uint8 if bound <= 1 << 8 else np.uint16 if bound <= 1 << 16 else np.int32
    return np.argsort(numbers.astype(small), kind="stable")


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


def _chunks(spans: Sequence[tuple[int, int]]) -> Iterator[Sequence[tuple[int, int]]]:
    """Yield the spans in groups of about _AT_A_TIME characters."""
    begin = 0
    for at, (_, end) in enumerate(spans, 1):
        if at == len(spans) or end - spans[begin][0] >= _AT_A_TIME:
            yield spans[begin:at]
            begin = at


def _owned(hashed: list[Keys], spans: Sequence[tuple[int, int]]) -> tuple[Keys, Places]:
    """Return the runs inside each span, and the index of the span each lies in."""
    low, nobody = spans[0][0], -1
    edges = np.array(spans, np.int32).ravel()
    owners = np.full(len(edges) - 1, nobody, np.int32)
    owners[::2] = np.arange(len(spans))
    owner_at = np.repeat(owners, np.maximum(edges[1:] - edges[:-1], 0))
    runs, owned = [], []
    for length, run in enumerate(hashed):  # a run lies inside where its first and its last character do
        first = owner_at[: len(owner_at) - length]
        inside = ((first == owner_at[length:]) & (first != nobody)).nonzero()[0]
        runs.append(run[low : low + len(first)].take(inside))
        owned.append(first.take(inside))
    return np.concatenate(runs), np.concatenate(owned)
