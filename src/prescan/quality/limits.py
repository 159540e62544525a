"""Trains the model of limits: `python -m prescan.quality.limits`. Passages of `held` are never learned from.

Learned from: the pages of `tests/rules/written`, the examples of the rules, the development passages of
`tests/quality/secrecy`, the corpus of the passage model, the clean texts, the public documents of the attribute corpus
and everyday documents. Which sentence of a page keeps it inside
is not written anywhere: the likeliest is taken, learned from, and asked again.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from prescan.detect.compiled import LIMITS
from prescan.detect.limit import around, sentences
from prescan.detect.passage_model import PassageModel, hashes, runs_of
from prescan.quality.attribute import TRAINING
from prescan.quality.linear import Features
from prescan.quality.passages import write
from prescan.quality.secrecy import read_passages
from prescan.quality.selftest import reading_of
from prescan.quality.taught import MARKED, PERSONAL, development, passage_corpus, quiet_texts, written_pages
from prescan.resources import finding_types, resource_dir
from prescan.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from prescan.detect.passage_model import Keys

_STRENGTH: Final = 20.0
_ROUNDS: Final = 2
#: What is around is learned from many sentences over and over: what stands around fewer is left out.
_SEEN_AROUND: Final = 6
_INSIDE: Final = frozenset({"internal_mark", "work_secret"})
_FAMILIES: Final = frozenset({"internal", "work_secret"})
#: Families of the corpus of the passage model that can be told from each other here.
_TOLD_APART: Final = frozenset({"", "quiet", "internal"})


def learned_from(root: Path, without: str = "") -> Iterator[tuple[bool, str]]:
    """Yield (is it kept inside, text) of everything the model learns from, `without` the passages of an author."""
    for name in ("internal", "harmless"):
        yield from ((name == "internal", page) for _, page in written_pages(root, name))
    for path in development(root):
        for one in read_passages(path) if path.stem != without else ():
            if one.family in _FAMILIES or one.label == "quiet":
                yield one.family in _FAMILIES, one.text
    yield from _examples()
    yield from ((family == "internal", text) for family, text in passage_corpus() if family in _TOLD_APART)
    yield from ((False, text) for text in quiet_texts(root, TRAINING))


def _examples() -> Iterator[tuple[bool, str]]:
    for rule in load_rules().rules:
        if finding_types()[rule.type].category in PERSONAL:
            continue
        if rule.type in _INSIDE:
            yield from ((True, MARKED.sub("", example)) for example in rule.find)
        yield from ((False, example) for example in rule.passes)


def train(root: Path, least: float, without: str = "") -> tuple[PassageModel, PassageModel]:
    """Return the models of sentences and of what is around them, learned from everything below `root`."""
    pages: dict[int, list[int]] = defaultdict(list)
    alone: list[Keys] = []
    beside: list[Keys] = []
    labels: list[bool] = []
    for number, (inside, text) in enumerate(dict.fromkeys(learned_from(root, without))):
        reading = reading_of(text)
        hashed, view = hashes(reading.squeeze.text), reading.squeeze
        for start, end in sentences(reading):
            if inside:
                pages[number].append(len(labels))
            alone.append(runs_of(hashed, start, end))
            beside.append(runs_of(hashed, *around(view.text, start, end)))
            labels.append(inside)
    said, whole = Features(alone), Features(beside, _SEEN_AROUND)
    marked = list(labels)
    for _ in range(_ROUNDS):
        odds = said.weighed(marked, _STRENGTH)
        for rows in pages.values():
            best = max(rows, key=odds.__getitem__)
            for row in rows:
                marked[row] = bool(row == best or odds[row] > 0)
    return _model(said, marked, least), _model(whole, labels, least)


def _model(features: Features, labels: Sequence[bool], least: float) -> PassageModel:
    weights, bias = features.fit(labels, _STRENGTH)
    return PassageModel(
        families=("quiet", "internal"),
        keys=features.keys,
        weights=np.hstack([np.zeros_like(weights), weights]),
        rarity=features.rarity,
        bias=np.append(0.0, bias),
        least=least,
    )


def main(least: str = "-0.6") -> int:
    """Train, write, print the sizes."""
    folder = resource_dir("models") / "limits"
    for name, model in zip(LIMITS, train(resource_dir("rules").parent, float(least)), strict=True):
        version = write(model, folder / name)
        print(f"内部限制模型 {name} {version}：{len(model.keys)} 个字串")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
