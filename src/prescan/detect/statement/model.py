"""The statement model: classifies clauses about a person, linearly, by character runs of them and their neighbours.

Two parts. `kinds`: health, disability, means, record, belief, body, whereabouts, or none. `widen`: whether the words a
rule found are the whole statement, or the words directly beside them belong to it. Trained by
`python -m prescan.quality.statements`; its card is models/statements/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

from prescan import arrays
from prescan.arrays import softmax

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from prescan.detect.statement.clauses import Clause

    Floats = NDArray[np.float64]

FORMAT: Final = 2
_LABEL: Final = "个人情况模型"
#: Weights are stored as integers: this many per unit.
STEPS: Final = 16
PARTS: Final = ("kinds", "widen")
_RUNS: Final = (1, 2, 3, 4)
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

    def scores(self, texts: Sequence[Iterable[int]]) -> Floats:
        """Return the log odds of each class, one row a text, for the distinct hashes of its features (`keys_of`)."""
        known = [sorted({-1, *(row for row in map(self.rows.get, keys) if row is not None)}) for keys in texts]
        starts = [0, *accumulate(map(len, known[:-1]))]
        sums = np.add.reduceat(self._terms[list(chain.from_iterable(known))], starts)
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

    def shares(self, clauses: Sequence[Iterable[int]]) -> Floats:
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
        odds = float(self.widen.scores([keys_of(beside(type_, clause, word, left, right))])[0, 0])
        return bool(odds >= np.log(self.wider / (1 - self.wider)))


def keys_of(names: Iterable[str]) -> set[int]:
    """Return the hashes of features."""
    return {crc32(name.encode("utf-8", "surrogatepass")) for name in names}


def features(clause: Clause, types: Iterable[str]) -> set[str]:
    """Return the features of a clause; `types`: those rules found in it."""
    text, before, behind = f"^{clause.text}$", clause.before, clause.behind
    names = _runs("", text, _RUNS) | _runs("P:", before, (2,)) | _runs("N:", behind, (2,))
    names |= {f"len:{min(len(clause.text), 2 * _LENGTH_AT_MOST) // 3}", f"mark:{clause.mark}"}
    names |= {f"p:{before[-size:]}" for size in (1, 2, 3) if before} | {
        f"n:{behind[:size]}" for size in (1, 2) if behind
    }
    names |= {f"L:{clause.label[-size:]}" for size in (2, 3, 4) if clause.label}
    names |= _runs("S:", clause.opening, (2,)) | set(clause.whose)
    names |= {f"R:{type_}{one}" for type_ in types for one in clause.whose}
    return names | {f"R:{type_}" for type_ in types}


def beside(type_: str, clause: Clause, word: str, left: str, right: str) -> set[str]:
    """Return the features of a word in its clause, with the text to its `left` and `right`."""
    left, right = f"^{left}", f"{right}$"
    names = _runs("L", left, (1, 2)) | _runs("R", right, (1, 2)) | _runs("W", word, (1, 2))
    names |= {f"l:{left[-size:]}" for size in (1, 2, 3)} | {f"r:{right[:size]}" for size in (1, 2, 3)}
    names |= {f"k:{type_}", f"k:{type_}:{clause.mark}", f"m:{clause.mark}", f"lab:{clause.label[-2:]}"}
    ratio = _TENTHS * len(word) // max(1, len(clause.text))
    sides = f"{len(left) > 1}{len(right) > 1}{type_}"
    return names | {f"w:{min(_LENGTH_AT_MOST, len(word))}", f"of:{ratio}", f"e:{sides}", f"n:{clause.behind[:1]}"}


def _runs(prefix: str, text: str, sizes: Sequence[int]) -> set[str]:
    return {prefix + text[at : at + size] for size in sizes for at in range(len(text) - size + 1)}
