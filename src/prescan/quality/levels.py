"""Trains the level model, as part of `secrecy_models`. Held-out passages are never used for training.

Training data: the pages of `tests/rules/written`, the examples of the rules, the development passages of
`tests/quality/secrecy`, the corpus of the passage model, everyday pages, the clean texts and the public documents of
the attribute corpus. Each occurrence of a level is a row; the rows of a page have a combined weight that grows with
the square root of their number.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from prescan.detect.level_model import FORMAT, LevelModel, features, levels
from prescan.quality.attribute import TRAINING
from prescan.quality.linear import Features
from prescan.quality.secrecy import read_passages
from prescan.quality.taught import MARKED, development, passage_corpus, quiet_texts, written_pages
from prescan.quality.thresholds import CHOSEN
from prescan.resources import finding_types
from prescan.rules import load_rules
from prescan.text.view import fold
from prescan.types import PERSONAL_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

_STRENGTH: Final = 30.0
_PLACES_AT_MOST: Final = 6


def training_texts(root: Path, without: Container[str] = ()) -> Iterator[tuple[bool, str]]:
    """Yield (is marked, text) of all training texts, except those of the authors `without`."""
    for name in ("marks", "internal", "trade", "harmless"):
        yield from ((expected == "block", page) for expected, page in written_pages(root, name))
    for path in development(root, without):
        yield from ((one.family == "mark" and one.level == "block", one.text) for one in read_passages(path))
    for rule in load_rules().rules:
        # level rules' own examples depend on the model's thresholds
        if finding_types()[rule.type].category not in PERSONAL_CATEGORIES and rule.kind != "level":
            yield from ((rule.type == "secret_mark", MARKED.sub("", example)) for example in rule.find)
            yield from ((False, example) for example in rule.passes)
    for text in itertools.chain((text for _, text in passage_corpus(without)), quiet_texts(root, TRAINING, without)):
        yield False, text


def train(root: Path, without: Container[str] = ()) -> LevelModel:
    """Train the model on the texts below `root`, without some authors; the same texts give the same model."""
    rows, labels, shares = [], [], []
    for marked, text in dict.fromkeys(training_texts(root, without)):
        view = fold(text).text
        places = [match.span() for match in levels(view)][:_PLACES_AT_MOST]
        for start, end in places:
            rows.append(features(view, start, end))
            labels.append(marked)
            shares.append(len(places) ** -0.5)
    features_of = Features(rows)
    weights, bias = features_of.fit(labels, _STRENGTH, shares)
    return LevelModel(
        keys=features_of.keys,
        weights=weights[:, 0],
        rarity=features_of.rarity,
        bias=float(bias[0]),
        review=CHOSEN.review,
        block=CHOSEN.block,
    )


def write(model: LevelModel, folder: Path) -> str:
    """Write the model's files to `folder`; return its version."""
    return model.write(folder, FORMAT, review=model.review, block=model.block)
