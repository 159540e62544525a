"""Training and evaluating the name model: `python -m prescan.quality.names train|evaluate`."""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from prescan import arrays
from prescan.detect import Compiled
from prescan.detect.name.cues import CueTable
from prescan.detect.name.features import characters, name_features
from prescan.detect.name.model import FORMAT, Linear, NameModel, round_weights
from prescan.detect.name.page import NamePage
from prescan.detect.name.role import role_features
from prescan.detect.name.sought import BUILT, spans
from prescan.detect.name.spans import NameChars
from prescan.quality import name_corpus
from prescan.quality.name_card import alarms_per_10k, card, measure, measure_samples
from prescan.quality.name_corpus import PRIVATE, PUBLIC, UNSURE, People, Sample
from prescan.quality.name_documents import tagged
from prescan.quality.name_rows import rows_of_people
from prescan.quality.name_tables import character_tables, ordinary_words
from prescan.quality.selftest import reading_of
from prescan.resources import resource_dir
from prescan.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_FILLS: Final = 8
_TURNS: Final = 4
_NATURAL: Final = 3.0
_TAGGED: Final = 1.5
_LABELLED: Final = 5.0
_PUBLIC_SENTENCES: Final = 0.2
_FRAMES: Final = 6000
_FRAME: Final = 0.3
_CLAUSES: Final = 1.0
_LISTS: Final = 3000
_LIST: Final = 0.3
_STRENGTHS: Final = (0.6, 0.15)
"""Inverse of regularisation: of the name model, of the role model."""
_SEEN_AT_LEAST: Final = 3
_WEIGHT_AT_LEAST: Final = 0.06

#: Share of invented names that pass the gate.
_GATE_RECALL: Final = (0.985, 0.9995)
"""Without a cue before the name, and with one."""
_CUT_RECALL: Final = 0.993
_LEAST: Final = -1.0
_PRIVATE: Final = -0.25

_CARD: Final = "README.md"
#: Groups of labelled documents that are learnt from, and those that nobody has read and the card measures.
LEARNT: Final = (*"fghijklnopqrsvxy", "aa", "ac", "ad", "af", "ag", "ah", "aj", "ak", "ba", "bb", "bc", "bd")
UNREAD: Final = ("w", "z", "ab", "ae", "ai", "al")


class Rows(NamedTuple):
    """Training rows: features, answers, weights."""

    features: list[list[str]]
    answers: list[int]
    weights: list[float]

    def add(self, features: list[str], answer: int, weight: float) -> None:
        """Add one row."""
        self.features.append(features)
        self.answers.append(answer)
        self.weights.append(weight)


def train(corpus: Path, labelled: Path, shared: Path, out: Path) -> NameModel:
    """Train both models, write them to `out` and return them; `labelled` holds the groups of labelled documents."""
    given = name_corpus.read_given(shared / "data/gazetteer/given_name_chars.tsv")
    people = People(given)
    samples = [*training_texts(corpus, shared, people), *labelled_texts(labelled, people)]
    tables = character_tables(given, samples)
    chars = NameChars.of(tables)
    empty = Linear({}, 0.0)
    words = frozenset(tables["name_words"].tolist())
    blank = NameModel(chars, empty, empty, words, gate(chars, people), -math.inf, 0.0, 0.0)
    names, roles = rows(samples, blank)
    fields: dict[str, Any] = {
        "format": FORMAT,
        "weights_sha256": "",
        "gate": blank.gate,
        "cut": 0.0,
        "least": _LEAST,
        "private": _PRIVATE,
        "about": {"samples": len(samples), "corpus": digest(samples)},
    }
    for which, data, strength in (("name", names, _STRENGTHS[0]), ("role", roles, _STRENGTHS[1])):
        features, weights, bias = fit(data, strength)
        fields |= {f"{which}_features": features, f"{which}_bias": bias}
        tables[f"{which}_weights"] = weights
    known = dict(zip(fields["name_features"], tables["name_weights"].tolist(), strict=True))
    fields["cut"] = cut(samples, replace(blank, name=Linear(known, fields["name_bias"])))
    arrays.write(out, fields, tables)
    return NameModel.load(out)


def training_texts(corpus: Path, shared: Path, people: People) -> list[Sample]:
    """Return all training texts: documents, sentences, contexts, public sentences."""
    return [
        *name_corpus.natural(corpus, resource_dir("models") / "attribute/corpus", people, _TURNS, _NATURAL),
        *tagged(corpus / "documents", people, ordinary_words(), _TURNS, _TAGGED),
        *name_corpus.sentences(corpus, people, _FILLS),
        *name_corpus.frames(corpus, people, ordinary_words(), _FRAMES, _FRAME),
        *rows_of_people(corpus, ordinary_words(), people, _LISTS, _LIST),
        *name_corpus.clauses(shared / "domain/statutes", _CLAUSES),
        *name_corpus.public_sentences(shared / "data/ner/uner_gsdsimp.train.jsonl.gz", _PUBLIC_SENTENCES),
    ]


def labelled_texts(folder: Path, people: People) -> list[Sample]:
    """Return the labelled documents that are learnt from (`LEARNT`), as written and with other names."""
    words = ordinary_words()
    return [sample for group in LEARNT for sample in tagged(folder / group, people, words, _TURNS, _LABELLED)]


def rows(samples: Iterable[Sample], model: NameModel) -> tuple[Rows, Rows]:
    """Return the rows of the name model and of the role model."""
    names, roles = Rows([], [], []), Rows([], [], [])
    cues = cue_table()
    for sample in samples:
        page = page_of(sample.text, cues)
        marks = {page_span(page, mark.start, mark.end): mark.role for mark in sample.marks}
        unsure = [span for span, role in marks.items() if role == UNSURE]
        found = spans(page, model)
        reached = {span[:2] for span in found}
        unsure += [span for span in marks if span not in reached]
        for span in found:
            role = marks.get(span[:2])
            if span.form in {"called", "dotted"} or role == UNSURE:
                pass
            elif role or not any(span.start < end and start < span.end for start, end in unsure):
                names.add(name_features(page, span, model), int(role is not None), sample.weight)
            if role in {PRIVATE, PUBLIC}:
                roles.add(role_features(page, span), int(role == PRIVATE), sample.weight)
    return names, roles


def fit(data: Rows, strength: float) -> tuple[list[str], NDArray[np.float32], float]:
    """Return features, weights and bias of a logistic regression; rare features and tiny weights are left out."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # noqa: PLC0415  comes with scikit-learn, which only training needs
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    seen = Counter(name for features in data.features for name in set(features))
    names = sorted(name for name, times in seen.items() if times >= _SEEN_AT_LEAST)
    index = {name: column for column, name in enumerate(names)}
    columns = [sorted({index[name] for name in features if name in index}) for features in data.features]
    pointers = np.cumsum([0, *map(len, columns)])
    matrix = csr_matrix((np.ones(pointers[-1]), np.concatenate(columns), pointers), shape=(len(columns), len(names)))
    regression = LogisticRegression(C=strength, solver="liblinear", random_state=0, max_iter=1000, tol=1e-5)
    regression.fit(matrix, np.array(data.answers), sample_weight=np.array(data.weights))
    weights = regression.coef_[0]
    kept = np.flatnonzero(np.abs(weights) >= _WEIGHT_AT_LEAST)
    return [names[at] for at in kept], round_weights(weights[kept]), round(float(regression.intercept_[0]), 3)


def gate(chars: NameChars, people: People) -> tuple[float, float]:
    """Return the thresholds on the sum of log odds that all but a few invented names pass."""
    chance = random.Random("gate")  # noqa: S311  not a secret
    names = [people.name(chance, 2 + (turn % 3 > 0)) for turn in range(6000)]
    sums = [
        chars.surname_odds(name[0]) + chars.odds(name[1]) + max(0.0, chars.odds(name[2]) if len(name) > 2 else 0.0)  # noqa: PLR2004
        for name in names
    ]
    sums = [total for total in sums if total > -math.inf]  # surnames in no list never pass the gate
    alone, after_cue = (round(float(np.quantile(sums, 1 - recall)), 2) for recall in _GATE_RECALL)
    return alone, after_cue


def cut(samples: Iterable[Sample], model: NameModel) -> float:
    """Return the threshold on the score of characters and words that all but a few names in the texts reach."""
    cues = cue_table()
    scores = []
    for sample in samples:
        if sample.source.startswith("documents"):
            continue  # its names that are also words would lower the threshold too far
        page = page_of(sample.text, cues)
        marks = {page_span(page, mark.start, mark.end) for mark in sample.marks if mark.role in {PRIVATE, PUBLIC}}
        scores += [
            model.name.score(characters(page, span, model))
            for span in spans(page, model)
            if span[:2] in marks and span.form not in BUILT
        ]
    return round(float(np.quantile(scores, 1 - _CUT_RECALL)), 2)


def cue_table() -> CueTable:
    """Return the cue words of the shipped rule."""
    rule = next(rule for rule in load_rules().rules if rule.kind == "name")
    return CueTable(rule.cues, rule.public_cues, rule.titles)


def page_of(text: str, cues: CueTable) -> NamePage:
    """Return a text in the form the models use."""
    return NamePage(reading_of(text), cues)


def page_span(page: NamePage, start: int, end: int) -> tuple[int, int]:
    """Return a span of the text in the page's view."""
    return page.reading.fold.position(start), page.reading.fold.position(end)


def digest(samples: Iterable[Sample]) -> str:
    """Return 12 hex digits of a digest over the training texts and their marks."""
    total = hashlib.sha256()
    for sample in samples:
        total.update(f"{sample.text}\0{sample.marks}\0".encode())
    return total.hexdigest()[:12]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `train` or `evaluate`; the figures go to stdout."""
    home = resource_dir("models") / "names"
    parser = argparse.ArgumentParser(prog="python -m prescan.quality.names", description="训练或评估姓名模型")
    parser.add_argument("command", choices=("train", "evaluate"))
    parser.add_argument("--corpus", type=Path, default=home / "corpus", help="例句和标注")
    parser.add_argument("--shared", type=Path, help="训练用的公共语料和用字表所在目录")
    parser.add_argument("--documents", type=Path, default=Path("tests/quality/personal"), help="标注文档目录")
    parser.add_argument("--model", type=Path, default=home, help="模型目录")
    options = parser.parse_args(arguments)
    if options.shared is None:
        parser.error("需要 --shared 目录")
    if options.command == "train":
        train(options.corpus, options.documents, options.shared, options.model)
    model = NameModel.load(options.model)
    compiled = Compiled(load_rules())
    compiled.names = model
    clean = [path.read_text(encoding="utf-8") for path in sorted((resource_dir("rules") / "clean").glob("*.txt"))]
    about = arrays.read(options.model, "姓名模型").fields["about"]
    people = People(name_corpus.read_given(options.shared / "data/gazetteer/given_name_chars.tsv"))
    measured = {
        "留出的例句": measure_samples(name_corpus.sentences(options.corpus, people, 3, "held.txt"), compiled),
        **{group: measure(options.documents / group, compiled) for group in UNREAD},
    }
    model_card = card(model, about, measured, alarms_per_10k(clean, compiled))
    if options.command == "train":
        (options.model / _CARD).write_text(model_card, encoding="utf-8")
    print(model_card)
    return 0


if __name__ == "__main__":
    sys.exit(main())
