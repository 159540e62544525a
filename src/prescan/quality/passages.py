"""Trains the passage model, as part of `secrecy_models`. Held-out passages are never used for training.

Training data: the corpus beside the model (written for it), the examples of the rules, the development passages of
`tests/quality/secrecy`, and, as quiet passages, the harmless pages of `tests/rules/written`, everyday pages, the clean
texts, the public documents of the attribute corpus and everyday documents. Quiet pages are learned in the windows in
which the model will read them.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import regex

from prescan import arrays
from prescan.detect.passage import passages
from prescan.detect.passage_model import FORMAT, QUIET, PassageModel, hashes, runs_of
from prescan.quality.linear import Features
from prescan.quality.secrecy import read_passages
from prescan.quality.selftest import reading_of
from prescan.quality.taught import (
    MARKED,
    clean_texts,
    corpora,
    corpus_of,
    development,
    everyday_documents,
    everyday_pages,
    public_documents,
    written_pages,
)
from prescan.quality.thresholds import CHOSEN
from prescan.resources import finding_types
from prescan.rules import load_rules
from prescan.text.view import fold, squeeze
from prescan.types import PERSONAL_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from prescan.detect.passage_model import Keys

#: Family → finding types whose rules' examples belong to it.
FAMILIES: Final = {
    "internal": {"internal_mark", "work_secret"},
    "secret_content": {"secret_content"},
    "process": {"process_info"},
    "affairs": {"internal_affairs"},
    "case": {"case_file"},
    "trade": {"trade_secret"},
    "safety": {"safety_stability"},
}
#: Families of labelled passages that are treated as another family.
_AS: Final = {"work_secret": "internal"}
#: Groups of the attribute corpus whose public documents are quiet; d and m are reserved for counting false alarms.
_GROUPS: Final = ("a", "b", "c", "k", "p", "q")
#: Words of everyday documents that may be of a family all the same: files of cases, requests, what is weighed.
_OF_A_FAMILY: Final = regex.compile(
    "笔录|讯问|询问|查[处获实]|执法|立案|[办案]案|案[件由]|信访|举报|投诉|[控起诉][告诉]|诉状|嫌疑|处罚|违纪|核查|上访|稳控|排查"
    "|重点人|纪要|讨论|拟|请示|建议"
)
_STRENGTH: Final = 60.0
_SEEN_AT_LEAST: Final = 3
#: Files with development passages of all families; the others hold marks, of little use for the other families.
_OF_ALL_FAMILIES: Final = frozenset({"dev", "dev-2"})
_MARKS_WEIGHT: Final = 0.15
#: Weight of a window of a page, in relation to a passage written for training: pages hold many, and few say anything.
_PAGE_WEIGHT: Final = 0.15
_PUBLIC_WEIGHT: Final = 0.5
#: Weight of a harmless page that looks like a marked one.
_WRITTEN_WEIGHT: Final = 0.2
#: Stories, guides and reviews: a file of the corpus unlike any office's paper.
_STORIES: Final = "n"
_STORY_WEIGHT: Final = 0.4


def training_texts(root: Path, without: Container[str] = ()) -> Iterator[tuple[str, str, float]]:
    """Yield (family, text, weight) of all training texts, except those of the authors `without`."""
    for path in corpora(without):
        weight = _STORY_WEIGHT if path.stem == _STORIES else 1.0
        yield from ((family or QUIET, text, weight) for family, text in corpus_of(path))
    for rule in load_rules().rules:
        family = next((name for name, types in FAMILIES.items() if rule.type in types), "")
        for example in rule.find if family and rule.kind != "passage" else ():
            yield family, MARKED.sub("", example), 1.0
        doubtful = finding_types()[rule.type].category not in PERSONAL_CATEGORIES
        for example in rule.passes if doubtful else ():
            yield QUIET, example, 1.0
    for path in development(root, without):
        weight = 1.0 if path.stem in _OF_ALL_FAMILIES else _MARKS_WEIGHT
        for passage in read_passages(path):
            family = _AS.get(passage.family, passage.family)
            if family in FAMILIES:
                yield family, passage.text, weight
            elif family == QUIET:
                yield from _quiet([passage.text], _PAGE_WEIGHT)
    yield from _quiet((page for author, page in everyday_pages(root) if author not in without), _PAGE_WEIGHT)
    yield from _quiet((page for _, page in written_pages(root, "harmless")), _WRITTEN_WEIGHT)
    everyday = (text for text in everyday_documents(root) if not _OF_A_FAMILY.search(text))
    yield from _quiet(everyday, _PAGE_WEIGHT)
    yield from _quiet(itertools.chain(clean_texts(), public_documents(_GROUPS)), _PUBLIC_WEIGHT)


def _quiet(texts: Iterable[str], weight: float) -> Iterator[tuple[str, str, float]]:
    for text in texts:
        reading = reading_of(text)
        yield from ((QUIET, reading.text[span.start : span.end], weight) for span in passages(reading))


def features(text: str) -> Keys:
    """Return the hashed runs of a passage."""
    squeezed = squeeze(fold(text)).text
    return runs_of(hashes(squeezed), 0, len(squeezed))


def train(root: Path, without: Container[str] = ()) -> PassageModel:
    """Train the model on the texts below `root`, without some authors; the same texts give the same model."""
    rows = list(training_texts(root, without))
    names = [QUIET, *FAMILIES]
    feature_matrix = Features([features(text) for _, text, _ in rows], _SEEN_AT_LEAST)
    labels = [names.index(family) for family, _, _ in rows]
    weights, bias = feature_matrix.fit(labels, _STRENGTH, [weight for _, _, weight in rows])
    return PassageModel(
        families=tuple(names),
        keys=feature_matrix.keys,
        weights=weights - weights[:, :1],  # what counts is how far a family is from QUIET, which stands first
        rarity=feature_matrix.rarity,
        bias=bias - bias[0],
        least=CHOSEN.passages,
    )


def write(model: PassageModel, folder: Path) -> str:
    """Write the model's files to `folder`; return its version."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        "families": list(model.families),
        "bias": model.bias.tolist(),
        "least": model.least,
        "weights_sha256": "",
    }
    model_arrays: dict[str, NDArray[Any]] = {
        "keys": model.keys,
        "weights": model.weights.astype(np.float16),
        "rarity": model.rarity.astype(np.float16),
    }
    return arrays.write(folder, fields, model_arrays)
