"""Several passage models over one text: each of its runs is looked up once for all of them.

What counts in a span is whether a run stands in it, not how often. A run is passed over where the same run has stood
before, if that is in the span too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prescan.detect.passage_model import KEY_BITS, hashes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from prescan.detect.passage_model import Floats, Keys, PassageModel

    Places = NDArray[np.int32]
    Ints = NDArray[np.int64]
    Spans = Sequence[tuple[int, int]]

#: Keys are looked up by their first bits; of so many bits hardly two keys share them.
_BUCKET_BITS: Final = 18
_REST: Final = np.uint32(KEY_BITS - _BUCKET_BITS)
#: So many characters are read at a time: what is held meanwhile stays small, however long the document.
_AT_A_TIME: Final = 20_000
_NOWHERE: Final = -1


class Known(NamedTuple):
    """The runs of a text that some model knows, in the order in which they begin."""

    keys: Ints
    """Which run it is."""
    starts: Ints
    ends: Ints
    before: Ints
    """Where the same run began last before; -1: nowhere."""


class Panel:
    """The models, and a table of all runs they know. Read-only, so threads may share it."""

    def __init__(self, models: Mapping[str, PassageModel]) -> None:
        """Join the models; spans are asked about by their names."""
        held = [model.keys for model in models.values()]
        self._keys: Keys = np.unique(np.concatenate(held)) if held else np.zeros(0, np.uint32)
        counts = np.bincount(self._keys >> _REST, minlength=1 << _BUCKET_BITS)
        self._first: Places = np.append(0, np.cumsum(counts)).astype(np.int32)
        self._models = {name: (model.bias, self._shares(model)) for name, model in models.items()}

    def _shares(self, model: PassageModel) -> Floats:
        """Return, by key: rarity times each weight, and the square of the rarity; a run it does not know says 0."""
        rarity = model.rarity[:, None]
        shares = np.zeros((len(self._keys), len(model.families) + 1))
        shares[self._keys.searchsorted(model.keys)] = np.hstack([model.weights * rarity, rarity * rarity])
        return shares

    def read(self, text: str) -> Known:
        """Return the known runs of a text."""
        size, hashed = len(text), hashes(text)
        runs = np.zeros((size, len(hashed)), np.uint32)  # what would reach beyond the end lies in no span
        for column, held in enumerate(hashed):
            runs[: len(held), column] = held
        keys, which = self._find(runs.ravel())
        starts, more = np.divmod(which, len(hashed))
        order = _order(keys)
        ordered = keys.take(order)
        again = (ordered[1:] == ordered[:-1]).nonzero()[0]
        before = np.full(len(keys), _NOWHERE)
        before[order.take(again + 1)] = starts.take(order.take(again))
        return Known(keys, starts, starts + more + 1, before)

    def _find(self, runs: Keys) -> tuple[Ints, Ints]:
        """Return where in the keys the known ones of some runs stand, and which these are."""
        at = np.minimum(self._first.take(runs >> _REST), len(self._keys) - 1)
        known = self._keys.take(at) == runs
        rest = (~known).nonzero()[0]
        while len(rest):  # the next key of the bucket, as long as it has one
            here, held = at.take(rest) + 1, runs.take(rest)
            more = (here < self._first.take((held >> _REST) + 1)).nonzero()[0]
            rest, here, held = rest.take(more), here.take(more), held.take(more)
            at[rest] = here
            hit = self._keys.take(here) == held
            known[rest[hit]] = True
            rest = rest[~hit]
        which = known.nonzero()[0]
        return at.take(which).astype(np.int64), which

    def scores(self, name: str, known: Known, spans: Spans) -> Floats:
        """Return a row of the log odds of each class for each span; `known` is of the text they are spans of."""
        bias, shares = self._models[name]
        edges = np.array(spans)
        begins = known.starts.searchsorted(edges)
        counts = begins[:, 1] - begins[:, 0]
        owners = np.repeat(np.arange(len(spans)), counts)
        behind = counts.cumsum()
        runs = np.arange(len(owners)) + (begins[:, 0] - behind + counts).take(owners)
        first = known.before.take(runs) < edges[:, 0].take(owners)
        inside = first & (known.ends.take(runs) <= edges[:, 1].take(owners))
        counted = inside.nonzero()[0]
        owned = owners.take(counted)
        sums = np.zeros((len(spans), shares.shape[1]))
        if len(owned):
            rows = np.concatenate([[0], (owned[1:] != owned[:-1]).nonzero()[0] + 1])
            sums[owned.take(rows)] = np.add.reduceat(shares.take(known.keys.take(runs.take(counted)), axis=0), rows)
        norms = np.sqrt(sums[:, -1:])
        norms[norms == 0] = 1.0
        scores: Floats = bias + sums[:, :-1] / norms
        return scores


def _order(numbers: Ints) -> Ints:
    """Return the order of numbers of less than 33 bits, what is equal in the order it has; short ones sort fastest."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    high = (numbers >> np.int64(16)).astype(np.uint16).take(order)
    found: Ints = order.take(np.argsort(high, kind="stable"))
    return found


class Hearing:
    """A text in front of a panel; of a short one the runs are looked up once."""

    def __init__(self, panel: Panel, text: str) -> None:
        """`text` is a squeeze view's."""
        self._panel, self._text = panel, text
        self._whole: Known | None = None

    def scores(self, name: str, spans: Spans) -> Floats:
        """Return a row of the log odds of each class for each span, by the model of this name; one span at least."""
        if len(self._text) > _AT_A_TIME:
            return np.concatenate([self._apart(name, chunk) for chunk in _chunks(spans)])
        if self._whole is None:
            self._whole = self._panel.read(self._text)
        return self._panel.scores(name, self._whole, spans)

    def _apart(self, name: str, spans: Spans) -> Floats:
        """Return the same of spans that stand near one another."""
        low, high = spans[0][0], max(end for _, end in spans)
        known = self._panel.read(self._text[low:high])
        return self._panel.scores(name, known, [(start - low, end - low) for start, end in spans])


def _chunks(spans: Spans) -> Iterator[Spans]:
    """Yield spans, which begin in order, in groups of about _AT_A_TIME characters."""
    begin = 0
    for at, (_, end) in enumerate(spans, 1):
        if at == len(spans) or end - spans[begin][0] >= _AT_A_TIME:
            yield spans[begin:at]
            begin = at
