"""Scores one text with several passage models: each run of characters is looked up once for all of them.

A span's score depends on which runs it contains, not on how often: a run counts only where it first begins in the span.
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

#: Long texts are processed in pieces of this many characters, to limit memory.
_CHARACTERS_AT_A_TIME: Final = 20_000
_NOWHERE: Final = -1


class KnownRuns(NamedTuple):
    """The runs of a text that at least one model knows, sorted by their starts."""

    keys: Ints
    """The index of the run in the joint table of keys."""
    starts: Ints
    """Offset of the first character."""
    ends: Ints
    """Offset behind the last character."""
    previous: Ints
    """The start of the previous occurrence of the same run, or -1."""


class JointModels:
    """Several models, and one table of all the runs they know. Read-only, so threads may share it."""

    def __init__(self, models: Mapping[str, PassageModel]) -> None:
        """Join the models; their names are what `scores` takes."""
        keys = [model.keys for model in models.values()]
        self._keys: Keys = np.unique(np.concatenate(keys)) if keys else np.zeros(0, np.uint32)
        self._place_of: Places = np.full(1 << KEY_BITS, _NOWHERE, np.int32)
        """For every possible hash, its index in the table: 16 MB, so that a run is looked up in one step."""
        self._place_of[self._keys] = np.arange(len(self._keys))
        self._models = {name: (model.bias, self._summands(model)) for name, model in models.items()}

    def _summands(self, model: PassageModel) -> Floats:
        """Return a row for each key: rarity times each weight, and the rarity squared; zeros for an unknown run."""
        rarity = model.rarity[:, None]
        summands = np.zeros((len(self._keys), len(model.families) + 1))
        summands[self._keys.searchsorted(model.keys)] = np.hstack([model.weights * rarity, rarity * rarity])
        return summands

    def known_runs(self, text: str) -> KnownRuns:
        """Return the known runs of a text."""
        size, by_length = len(text), hashes(text)
        runs = np.zeros((size, len(by_length)), np.uint32)  # runs that would reach beyond the end stay 0: in no span
        for column, of_length in enumerate(by_length):
            runs[: len(of_length), column] = of_length
        found = self._place_of.take(runs.ravel())
        which = (found != _NOWHERE).nonzero()[0]
        keys = found.take(which)
        starts = which // len(by_length)
        ends = which - (len(by_length) - 1) * starts + 1
        order = _order(keys)
        ordered = keys.take(order)
        again = (ordered[1:] == ordered[:-1]).nonzero()[0]
        previous = np.full(len(keys), _NOWHERE)
        previous[order.take(again + 1)] = starts.take(order.take(again))
        return KnownRuns(keys, starts, ends, previous)

    def scores(self, name: str, known: KnownRuns, spans: Spans) -> Floats:
        """Return the log odds by the model `name`: a row for each span, a column for each class.

        `spans` are (start, end) in the text whose runs are `known`.
        """
        bias, summands = self._models[name]
        edges = np.array(spans)
        runs, span_of_run = _runs_from(known.starts, edges)
        is_first = known.previous[runs] < edges[:, 0].take(span_of_run)
        is_inside = known.ends[runs] <= edges[:, 1].take(span_of_run)
        counted = (is_first & is_inside).nonzero()[0]
        span_of_counted = span_of_run.take(counted)
        sums = np.zeros((len(spans), summands.shape[1]))
        if len(counted):
            keys = known.keys[runs].take(counted)
            changes = np.concatenate([[0], (span_of_counted[1:] != span_of_counted[:-1]).nonzero()[0] + 1])
            sums[span_of_counted.take(changes)] = np.add.reduceat(summands.take(keys, axis=0), changes)
        norms = np.sqrt(sums[:, -1:])
        norms[norms == 0] = 1.0
        scores: Floats = bias + sums[:, :-1] / norms
        return scores


def _runs_from(starts: Ints, edges: Ints) -> tuple[slice | Ints, Ints]:
    """Return the runs that may lie in spans, given the starts of the runs, and the index of the span of each of them.

    If no spans overlap, these are simply all runs from the first span on: a run between two of them ends outside.
    """
    begins = starts.searchsorted(edges)
    if (edges[1:, 0] >= edges[:-1, 1]).all():
        counts = np.diff(begins[:, 0], append=len(starts))
        return slice(begins[0, 0], None), np.repeat(np.arange(len(edges)), counts)
    counts = begins[:, 1] - begins[:, 0]
    span_of_run = np.repeat(np.arange(len(edges)), counts)
    return np.arange(len(span_of_run)) + (begins[:, 0] - counts.cumsum() + counts).take(span_of_run), span_of_run


def _order(numbers: Ints) -> Ints:
    """Return the stable sort order of numbers below 2³²; sorting the two 16-bit halves is fastest."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    high = (numbers >> np.int64(16)).astype(np.uint16).take(order)
    found: Ints = order.take(np.argsort(high, kind="stable"))
    return found


class TextScorer:
    """Scores spans of one text with joint models; keeps the known runs of a short text for the next call."""

    def __init__(self, models: JointModels, text: str) -> None:
        """`text` is that of a squeeze view."""
        self._models, self._text = models, text
        self._known: KnownRuns | None = None

    def scores(self, name: str, spans: Spans) -> Floats:
        """Return the log odds by the model `name`: a row for each span, a column for each class.

        `spans` are (start, end) in the text, sorted, at least one.
        """
        if len(self._text) > _CHARACTERS_AT_A_TIME:
            return np.concatenate([self._scores_of_chunk(name, chunk) for chunk in _chunks(spans)])
        if self._known is None:
            self._known = self._models.known_runs(self._text)
        return self._models.scores(name, self._known, spans)

    def _scores_of_chunk(self, name: str, spans: Spans) -> Floats:
        """Return the same for spans near one another, looking up only the runs of the text they cover."""
        low, high = spans[0][0], max(end for _, end in spans)
        known = self._models.known_runs(self._text[low:high])
        return self._models.scores(name, known, [(start - low, end - low) for start, end in spans])


def _chunks(spans: Spans) -> Iterator[Spans]:
    """Yield the sorted spans in groups that cover about _CHARACTERS_AT_A_TIME characters each."""
    begin = 0
    for at, (_, end) in enumerate(spans, 1):
        if at == len(spans) or end - spans[begin][0] >= _CHARACTERS_AT_A_TIME:
            yield spans[begin:at]
            begin = at
