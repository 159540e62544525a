"""Trains the models of limits, as part of `secrecy_models`. Held-out passages are never used for training.

Training data: the pages of `tests/rules/written`, the examples of the rules, the development passages of
`tests/quality/secrecy`, the corpora of the passage model and of this one, everyday pages, the clean texts, the public
documents of the attribute corpus and everyday documents. Which sentence of a page limits its circulation is not
labelled: the most likely one is chosen, the model is fitted to it, and the choice is repeated.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from prescan.detect.limit import around, sentences
from prescan.detect.passage_model import PassageModel, hashes, runs_of
from prescan.quality.attribute import TRAINING
from prescan.quality.linear import CONVERGED, Features
from prescan.quality.secrecy import read_passages
from prescan.quality.selftest import reading_of
from prescan.quality.taught import (
    MARKED,
    corpora,
    corpus_of,
    development,
    passage_corpus,
    quiet_texts,
    written_pages,
)
from prescan.quality.thresholds import CHOSEN
from prescan.resources import finding_types
from prescan.rules import load_rules
from prescan.types import PERSONAL_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from pathlib import Path

    from prescan.detect.passage_model import Keys

_STRENGTH: Final = 15.0
_ROUNDS: Final = 2
#: Surroundings repeat in many sentences: features of fewer sentences are left out.
_SEEN_AROUND: Final = 6
_INSIDE: Final = frozenset({"internal_mark", "work_secret"})
_FAMILIES: Final = frozenset({"internal", "work_secret"})
#: Families of the passage model's corpus that this model can distinguish.
_TOLD_APART: Final = frozenset({"", "quiet", "internal"})


def training_texts(root: Path, without: Container[str] = ()) -> Iterator[tuple[bool, str]]:
    """Yield (is limited, text) of all training texts, except those of the authors `without`."""
    for name in ("internal", "harmless"):
        yield from ((name == "internal", page) for _, page in written_pages(root, name))
    for path in corpora(without, "limits"):
        yield from ((family == "internal", text) for family, text in corpus_of(path))
    for path in development(root, without):
        for one in read_passages(path):
            if one.family in _FAMILIES or one.label == "quiet":
                yield one.family in _FAMILIES, one.text
    yield from _examples()
    yield from ((family == "internal", text) for family, text in passage_corpus(without) if family in _TOLD_APART)
    yield from ((False, text) for text in quiet_texts(root, TRAINING, without))


def _examples() -> Iterator[tuple[bool, str]]:
    for rule in load_rules().rules:
        if finding_types()[rule.type].category in PERSONAL_CATEGORIES:
            continue
        if rule.type in _INSIDE:
            yield from ((True, MARKED.sub("", example)) for example in rule.find)
        yield from ((False, example) for example in rule.passes)


def train(root: Path, without: Container[str] = ()) -> tuple[PassageModel, PassageModel]:
    """Train the models of sentences and of their surroundings on the texts below `root`, without some authors."""
    pages: dict[int, list[int]] = defaultdict(list)
    alone: list[Keys] = []
    beside: list[Keys] = []
    labels: list[bool] = []
    for number, (inside, text) in enumerate(dict.fromkeys(training_texts(root, without))):
        reading = reading_of(text)
        hashed, view = hashes(reading.squeeze.text), reading.squeeze
        for start, end in sentences(reading):
            if inside:
                pages[number].append(len(labels))
            alone.append(runs_of(hashed, start, end))
            beside.append(runs_of(hashed, *around(view.text, start, end)))
            labels.append(inside)
    sentence_features = Features(alone, tolerance=CONVERGED)
    around_features = Features(beside, _SEEN_AROUND, tolerance=CONVERGED)
    marked = list(labels)
    for _ in range(_ROUNDS):
        odds = sentence_features.weighed(marked, _STRENGTH)
        for rows in pages.values():
            best = max(rows, key=odds.__getitem__)
            for row in rows:
                marked[row] = bool(row == best or odds[row] > 0)
    return _model(sentence_features, marked), _model(around_features, labels)


def _model(features: Features, labels: Sequence[bool]) -> PassageModel:
    weights, bias = features.fit(labels, _STRENGTH)
    return PassageModel(
        families=("quiet", "internal"),
        keys=features.keys,
        weights=np.hstack([np.zeros_like(weights), weights]),
        rarity=features.rarity,
        bias=np.append(0.0, bias),
        least=CHOSEN.limits,
    )
