"""The statement model: classifies clauses about a person, linearly, by character runs of them and their neighbours.

Two parts. `kinds`: health, disability, means, record, belief, body, whereabouts, or none. `widen`: whether the words a
rule found are the whole statement, or the words directly beside them belong to it. Trained by
`python -m prescan.quality.statements`; its card is models/statements/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

from prescan import arrays
from prescan.arrays import softmax

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from numpy.typing import NDArray

    from prescan.detect.statement.clauses import Clause

    Floats = NDArray[np.float64]

FORMAT: Final = 2
_LABEL: Final = "个人情况模型"
#: Weights are stored as integers: this many per unit.
STEPS: Final = 16
PARTS: Final = ("kinds", "widen")
_RUNS: Final = frozenset({1, 2, 3, 4})
_SHORT: Final = frozenset({1, 2})
_PAIRS: Final = frozenset({2})
#: This many encoded characters and hashes of features are cached.
_REMEMBERED: Final = 1 << 12
_LENGTH_AT_MOST: Final = 12
_TENTHS: Final = 10


@dataclass(frozen=True)
class Part:
    """One linear model: rarity and weights of each feature, looked up by its hash; one column a class."""

    rows: Mapping[int, int] = field(repr=False)
    rarity: Floats = field(repr=False)
    weights: Floats = field(repr=False)
    bias: Floats = field(repr=False)

    @cached_property
    def _terms(self) -> Floats:
        """What each feature adds to the classes and, in the last column, to the square of the norm; a last row of 0."""
        terms = np.column_stack((self.rarity[:, None] * self.weights, self.rarity**2))
        return np.vstack((terms, np.zeros(terms.shape[1])))

    def scores(self, texts: Sequence[AbstractSet[int]]) -> Floats:
        """Return the log odds of each class, one row a text, for the hashes of its features."""
        known = [[-1, *sorted(map(self.rows.__getitem__, self.rows.keys() & keys))] for keys in texts]
        starts = [0, *accumulate(map(len, known[:-1]))]
        rows = np.fromiter(chain.from_iterable(known), np.int64)
        sums = np.add.reduceat(self._terms.take(rows, axis=0), starts)
        norms = np.sqrt(sums[:, -1:])
        scores: Floats = self.bias + sums[:, :-1] / np.where(norms, norms, 1.0)
        return scores


@dataclass(frozen=True)
class StatementModel:
    """What is needed to score clauses. Read-only, so threads may share it."""

    types: tuple[str, ...]
    """Finding types in the order of the columns of `kinds`; "" is none of them."""
    least: Mapping[str, float]
    """By type, the least probability at which a clause counts as a statement of it."""
    kinds: Part
    widen: Part
    near: Mapping[str, float]
    """The same for a clause near words of the type that a rule has found; without an entry it is no other."""
    wider: float
    """The least probability at which a rule's words are widened."""
    idle: float
    """The least probability of no statement at which a rule's words are taken for general talk."""
    version: str = ""

    @classmethod
    def load(cls, folder: Path) -> StatementModel:
        """Load the model in `folder` (`resource_dir("models") / "statements"`). Raises ModelError."""
        fields, held, version = arrays.read(folder, _LABEL, FORMAT)
        parts = {
            name: Part(
                rows={key: row for row, key in enumerate(held[f"{name}_keys"].tolist())},
                rarity=held[f"{name}_rarity"].astype(np.float64),
                weights=held[f"{name}_weights"].astype(np.float64) / STEPS,
                bias=np.array(fields[f"{name}_bias"]),
            )
            for name in PARTS
        }
        least, near, wider, idle = (fields[name] for name in ("least", "near", "wider", "idle"))
        types = tuple(fields["types"])
        return cls(types=types, least=least, near=near, wider=wider, idle=idle, version=version, **parts)

    def shares(self, clauses: Sequence[AbstractSet[int]]) -> Floats:
        """Return the probability of each of `types`, one row a clause, given at least one clause's feature hashes."""
        return softmax(self.kinds.scores(clauses))

    def types_of(self, shares: Floats) -> Iterator[tuple[int, str, float]]:
        """Yield the index of a clause, a type it is a statement of, and how probably.

        `shares`: as `shares` gives them. Words near a clause may ask for more (`near`).
        """
        least = np.array([self.least.get(type_, np.inf) for type_ in self.types])
        for index, column in np.argwhere(shares >= least).tolist():
            yield index, self.types[column], float(shares[index, column])

    def is_wider(self, type_: str, clause: Clause, word: str, left: str, right: str) -> bool:
        """Return whether the text beside a rule's `word` in its clause belongs to the statement."""
        odds = float(self.widen.scores([beside(type_, clause, word, left, right)])[0, 0])
        return bool(odds >= np.log(self.wider / (1 - self.wider)))


def features(clause: Clause, types: Iterable[str]) -> set[int]:
    """Return the hashes of the features of a clause; `types`: those rules found in it."""
    before, behind, label, size = clause.before, clause.behind, clause.label, len(clause.text)
    names = [f"len:{min(size, 2 * _LENGTH_AT_MOST) // 3}", f"mark:{clause.mark}", *clause.whose]
    names += [f"p:{before[-size:]}" for size in (1, 2, 3) if before]
    names += [f"n:{behind[:size]}" for size in (1, 2) if behind]
    names += [f"L:{label[-size:]}" for size in (2, 3, 4) if label]
    for type_ in types:
        names += [f"R:{type_}", *(f"R:{type_}{one}" for one in clause.whose)]
    hashes = set(map(_hashed, names))
    hashes.update(
        *_runs("", f"^{clause.text}$", _RUNS),
        *_runs("P:", before, _PAIRS),
        *_runs("N:", behind, _PAIRS),
        *_runs("S:", clause.opening, _PAIRS),
    )
    return hashes


def beside(type_: str, clause: Clause, word: str, left: str, right: str) -> set[int]:
    """Return the hashes of the features of a word in its clause, with the text to its `left` and `right`."""
    left, right = f"^{left}", f"{right}$"
    names = [f"l:{left[-size:]}" for size in (1, 2, 3)] + [f"r:{right[:size]}" for size in (1, 2, 3)]
    names += [f"k:{type_}", f"k:{type_}:{clause.mark}", f"m:{clause.mark}", f"lab:{clause.label[-2:]}"]
    ratio = _TENTHS * len(word) // max(1, len(clause.text))
    sides = f"{len(left) > 1}{len(right) > 1}{type_}"
    names += [f"w:{min(_LENGTH_AT_MOST, len(word))}", f"of:{ratio}", f"e:{sides}", f"n:{clause.behind[:1]}"]
    hashes = set(map(_hashed, names))
    hashes.update(*_runs("L", left, _SHORT), *_runs("R", right, _SHORT), *_runs("W", word, _SHORT))
    return hashes


def _runs(prefix: str, text: str, sizes: AbstractSet[int]) -> list[list[int]]:
    """Return, for each size, the hashes of the runs of so many characters, behind `prefix`.

    The hash of a run continues that of the shorter run it begins with.
    """
    chars = list(map(_encoded, text))
    ends = [_hashed(prefix)] * len(chars)
    found = []
    for size in range(1, max(sizes) + 1):
        ends = list(map(crc32, chars[size - 1 :], ends))
        if size in sizes:
            found.append(ends)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _hashed(name: str) -> int:
    return crc32(name.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=_REMEMBERED)
def _encoded(char: str) -> bytes:
    return char.encode("utf-8", "surrogatepass")
