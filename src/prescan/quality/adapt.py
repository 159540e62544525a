"""Adapts the attribute model to an office, with documents whose attribute the office decided.

The shipped weights are kept; a second logistic regression over the same features and the shipped model's logits learns
where the office differs (stacking: Wolpert 1992). Both are linear, so the result is one model of the same shape. The
newest documents are held out; copies and near-copies are never on both sides of the split.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from prescan.arrays import softmax
from prescan.classify import store
from prescan.classify.features import Features, features
from prescan.classify.fit import Example, targets, threshold
from prescan.errors import PrescanError
from prescan.formats.text import lines
from prescan.quality.corpus import LabelledDocument, shingles
from prescan.quality.measure import Measured, confusion_table, measure, reliability, table
from prescan.text.anatomy import read_anatomy
from prescan.types import ATTRIBUTES, Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.classify.model import Floats, Model
    from prescan.quality.own_documents import OwnDocument

FEWEST: Final = 30
"""The least number of documents."""
_FEWEST_OF_A_CLASS: Final = 5
_HELD_OUT: Final = 0.25
#: Documents with this share of common 8-character shingles are near-copies.
_COPY: Final = 0.5
_STRENGTH: Final = 0.1
#: Factor for the shipped logits as features: large, so that regularisation hardly weakens them.
_TRUST: Final = 3.0
_ITERATIONS: Final = 5000


@dataclass(frozen=True, slots=True)
class Adapted:
    """An office's model, with its figures on the held-out documents."""

    model: Model
    before: Measured
    after: Measured
    training: int
    months: dict[str, tuple[int, int]]
    """Month → (documents, documents for which the shipped model suggests the decided attribute)."""


def adapt(shipped: Model, documents: Sequence[OwnDocument]) -> Adapted:
    """Return the adapted model. Raises PrescanError if a class has too few documents, or too few different ones."""
    counts = {name: sum(document.label == name for document in documents) for name in ATTRIBUTES}
    if len(documents) < FEWEST or min(counts.values()) < _FEWEST_OF_A_CLASS:
        raise PrescanError(
            f"已标注的文件太少（{len(documents)} 份）：至少要 {FEWEST} 份，三种属性各 {_FEWEST_OF_A_CLASS} 份以上"
        )
    train, test_documents = split(documents)
    if not test_documents or {one.label for one in train} != set(ATTRIBUTES):
        raise PrescanError("雷同的文件太多，留不出检验用的：三种属性都要有几份内容不同的文件")
    examples = [_example(document) for document in train]
    tested = [_example(document) for document in test_documents]
    correction = _corrected(shipped, examples)
    labelled = [_labelled(document) for document in test_documents]
    before = softmax(shipped.logits([one.features for one in tested]) / shipped.temperature)
    after = softmax(correction.logits([one.features for one in tested]))
    every = [*examples, *tested]
    model = replace(
        _corrected(shipped, every),
        threshold=max(shipped.threshold, threshold(after, tested)),
        prior=targets(every).mean(axis=0),
        about={**shipped.about, "adapted": {"documents": len(documents), "digest": _digest(documents)}},
    )
    return Adapted(
        model=model,
        before=measure(labelled, before, shipped.threshold),
        after=measure(labelled, after, model.threshold),
        training=len(train),
        months=_agreement(shipped, documents),
    )


def split(documents: Sequence[OwnDocument]) -> tuple[list[OwnDocument], list[OwnDocument]]:
    """Split documents into training and test: the newest quarter is for testing; copies stay together."""
    clusters = sorted(_clusters(documents), key=lambda cluster: min(document.date for document in cluster))
    train: list[OwnDocument] = []
    tested: list[OwnDocument] = []
    training_size = len(documents) * (1 - _HELD_OUT)
    for cluster in clusters:
        (train if len(train) < training_size else tested).extend(cluster)
    if {document.label for document in tested} != set(ATTRIBUTES) or {one.label for one in train} != set(ATTRIBUTES):
        order = sorted(clusters, key=lambda cluster: hashlib.sha256(cluster[0].text.encode()).digest())
        train, tested = [], []
        counts: dict[str, int] = defaultdict(int)
        for cluster in order:  # every fourth cluster of each class, because the newest quarter lacks a class
            counts[cluster[0].label] += 1
            (tested if counts[cluster[0].label] % round(1 / _HELD_OUT) == 0 else train).extend(cluster)
    return train, tested


def write(adapted: Adapted, folder: Path) -> str:
    """Write the model and its card to `folder`, created if missing; return its version. Raises PrescanError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        version = store.write(adapted.model, folder)
        (folder / "README.md").write_text(card(adapted, version), encoding="utf-8")
    except OSError:
        raise PrescanError(f"无法写入 {folder}，请检查路径和权限") from None
    return version


def card(adapted: Adapted, version: str) -> str:
    """Return the model card (Chinese): training data and figures."""
    held_out = f"留作检验的 {adapted.after.documents} 份"
    months = "\n".join(f"| {month} | {count} | {same} |" for month, (count, same) in sorted(adapted.months.items()))
    return f"""# 本单位的公开属性模型

随附模型经本单位已定属性的 {adapted.training + adapted.after.documents} 份文件校正。版本 `{version}`。

{table((f"{held_out}：校正前", adapted.before), (f"{held_out}：校正后", adapted.after))}

{confusion_table(adapted.after)}

```
{reliability(adapted.after)}
```

检验的文件较新，不参与训练；内容相近的文件不会分在两边。写入的模型最后用全部文件再校正一次，门槛取检验时的门槛。

## 逐月：人定的属性与随附模型的建议一致的份数

| 月份 | 已定 | 一致 |
| --- | --- | --- |
{months}
"""


def _corrected(shipped: Model, examples: Sequence[Example]) -> Model:
    """Return the shipped model corrected by the examples; temperature 1, because the second stage calibrates."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  1.8 s; only training needs it
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415  scikit-learn's own

    seen = [example.features for example in examples]
    rows = shipped.vocabulary.matrix(seen)
    logits = shipped.logits(seen) / shipped.temperature
    labels = targets(examples).argmax(axis=1)
    learner = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS)
    with threadpool_limits(limits=1):
        learner.fit(np.hstack([rows, logits * _TRUST]), labels)
    own: Floats = learner.coef_.T[: rows.shape[1]]
    mixing: Floats = learner.coef_.T[rows.shape[1] :] * _TRUST / shipped.temperature
    return replace(
        shipped,
        weights=np.round(own + shipped.weights @ mixing, 6),
        intercept=np.round(learner.intercept_ + shipped.intercept @ mixing, 6),
        temperature=1.0,
    )


def _example(document: OwnDocument) -> Example:
    return Example(_features(document.text), document.label)


def _features(text: str) -> Features:
    document = Document.of("", "text/plain", None, lines(text))
    return features(document.text, read_anatomy(document), {})


def _labelled(document: OwnDocument) -> LabelledDocument:
    return LabelledDocument(Path(), "", document.label, None, "", "", "", "easy", document.text)


def _clusters(documents: Sequence[OwnDocument]) -> list[list[OwnDocument]]:
    """Group the documents into clusters of copies and near-copies."""
    clusters: list[tuple[set[str], list[OwnDocument]]] = []
    for document in documents:
        words = shingles(document.text)
        home = next((cluster for known, cluster in clusters if _same(words, known)), None)
        if home is None:
            clusters.append((words, [document]))
        else:
            home.append(document)
    return [cluster for _, cluster in clusters]


def _same(first: set[str], second: set[str]) -> bool:
    return len(first & second) >= _COPY * max(1, len(first | second))


def _agreement(shipped: Model, documents: Sequence[OwnDocument]) -> dict[str, tuple[int, int]]:
    months: dict[str, tuple[int, int]] = {}
    for document in documents:
        month = document.date[: len("2026-01")] or "日期不明"
        best = int(shipped.logits([_features(document.text)])[0].argmax())
        count, same = months.get(month, (0, 0))
        months[month] = count + 1, same + (ATTRIBUTES[best] == document.label)
    return months


def _digest(documents: Sequence[OwnDocument]) -> str:
    listed = sorted(hashlib.sha256(json.dumps([one.label, one.text]).encode()).hexdigest() for one in documents)
    return hashlib.sha256("".join(listed).encode()).hexdigest()[:12]
