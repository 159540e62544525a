"""Measures how well suggested attributes fit labels: figures with their uncertainty, as Markdown tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from prescan.types import ATTRIBUTE_LABELS, ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from prescan.quality.corpus import LabelledDocument
    from prescan.types import Attribute

_BINS: Final = 5
_DRAWS: Final = 1000
_SEED: Final = 20260101
_BAR: Final = 40
_PROACTIVE, _WITHHELD = ATTRIBUTES.index("proactive"), ATTRIBUTES.index("withheld")


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of a model on labelled documents."""

    documents: int
    accuracy: float
    macro_f1: float
    either: float
    """Share of documents whose best attribute is the label or the second label."""
    coverage: float
    """Share of documents on which the model does not abstain."""
    kept_accuracy: float
    """Accuracy on documents without abstention."""
    calibration: float
    """Expected calibration error, five bins of equal mass."""
    interval: tuple[float, float]
    """95 % bootstrap interval of macro_f1."""
    missed: float
    """Share of 不予公开 documents for which 主动公开 is suggested without abstaining."""
    bins: tuple[tuple[float, float, int], ...]
    """Mean confidence, accuracy and number of documents of each bin, least sure first."""
    hard: float
    """Accuracy on the documents marked hard."""
    classes: Mapping[Attribute, tuple[float, float, float]]
    """Attribute → precision, recall, F1."""
    confusion: tuple[tuple[int, ...], ...]
    """Rows: label; columns: best attribute; both in the order of ATTRIBUTES."""


def measure(documents: Sequence[LabelledDocument], probabilities: NDArray[np.float64], threshold: float) -> Measured:
    """Return the figures of `probabilities` (rows: documents, columns: ATTRIBUTES)."""
    labels = np.array([ATTRIBUTES.index(document.label) for document in documents], np.int64)
    best, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right, kept = best == labels, confidence >= threshold
    hard = np.array([document.difficulty == "hard" for document in documents])
    either = [document.accepts(ATTRIBUTES[column]) for document, column in zip(documents, best, strict=True)]
    confusion = _confusion(labels, best)
    classes = {attribute: _class_measure(confusion, at) for at, attribute in enumerate(ATTRIBUTES)}
    return Measured(
        documents=len(documents),
        accuracy=_share(right),
        macro_f1=_macro_f1(labels, best),
        either=_share(np.array(either)),
        coverage=_share(kept),
        kept_accuracy=_share(right[kept]),
        calibration=calibration_error(confidence, right),
        interval=_interval(labels, best),
        missed=_share((best == _PROACTIVE)[(labels == _WITHHELD)] & kept[labels == _WITHHELD]),
        bins=tuple(_bins(confidence, right)),
        hard=_share(right[hard]),
        classes=classes,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
    )


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the mean distance of confidence and accuracy over five bins of equally many documents."""
    return sum(abs(sure - accuracy) * count for sure, accuracy, count in _bins(confidence, right)) / len(confidence)


def reliability(measured: Measured) -> str:
    """Return the reliability plot as text: for each bin, mean confidence and accuracy."""
    rows = ["把握   正确率  文稿"]
    for sure, accuracy, count in measured.bins:
        rows.append(f"{sure:.3f}  {accuracy:.3f}  {count:4d}  {'█' * round(accuracy * _BAR):<{_BAR}}")
        rows.append(f"{'':20}{' ' * max(0, round(sure * _BAR) - 1)}▲")
    return "\n".join(rows)


def _bins(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> Iterator[tuple[float, float, int]]:
    for indexes in np.array_split(np.argsort(confidence, kind="stable"), _BINS):
        if len(indexes):
            yield float(confidence[indexes].mean()), float(right[indexes].mean()), len(indexes)


def _interval(wanted: NDArray[np.int64], best: NDArray[np.int64]) -> tuple[float, float]:
    """Return the bootstrap interval of the macro F1 (Efron 1979): documents drawn with replacement."""
    random = np.random.default_rng(_SEED)
    draws = random.integers(0, len(wanted), (_DRAWS, len(wanted)))
    low, high = np.percentile([_macro_f1(wanted[draw], best[draw]) for draw in draws], [2.5, 97.5])
    return float(low), float(high)


def _macro_f1(wanted: NDArray[np.int64], best: NDArray[np.int64]) -> float:
    confusion = _confusion(wanted, best)
    return float(np.mean([_class_measure(confusion, at)[2] for at in range(len(ATTRIBUTES))]))


def _confusion(wanted: NDArray[np.int64], best: NDArray[np.int64]) -> NDArray[np.int64]:
    confusion = np.zeros((len(ATTRIBUTES), len(ATTRIBUTES)), np.int64)
    np.add.at(confusion, (wanted, best), 1)
    return confusion


def table(*columns: tuple[str, Measured]) -> str:
    """Return the figures of several measurements side by side, as Markdown."""
    measures = [measured for _, measured in columns]
    rows = [
        ["", *(name for name, _ in columns)],
        ["---" for _ in range(len(columns) + 1)],
        ["文稿", *(str(each.documents) for each in measures)],
        ["宏平均 F1", *(f"{each.macro_f1:.3f}" for each in measures)],
        ["95% 区间", *("{:.3f}–{:.3f}".format(*each.interval) for each in measures)],
        ["准确率", *(f"{each.accuracy:.3f}" for each in measures)],
        ["准确率（宽口径）", *(f"{each.either:.3f}" for each in measures)],
        ["难例准确率", *(f"{each.hard:.3f}" for each in measures)],
        ["不弃权的比例", *(f"{each.coverage:.3f}" for each in measures)],
        ["不弃权时的准确率", *(f"{each.kept_accuracy:.3f}" for each in measures)],
        ["ECE", *(f"{each.calibration:.3f}" for each in measures)],
        ["应不予公开而建议主动公开", *(f"{each.missed:.3f}" for each in measures)],
    ]
    for attribute in ATTRIBUTES:
        figures = (" / ".join(f"{value:.3f}" for value in each.classes[attribute]) for each in measures)
        rows.append([f"{ATTRIBUTE_LABELS[attribute]} 精确率/召回率/F1", *figures])
    return _markdown(rows)


def confusion_table(measured: Measured) -> str:
    """Return labels against suggestions, as Markdown."""
    names = [ATTRIBUTE_LABELS[attribute] for attribute in ATTRIBUTES]
    counts = zip(names, measured.confusion, strict=True)
    return _markdown([["", *names], ["---"] * (len(names) + 1), *([name, *map(str, row)] for name, row in counts)])


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _class_measure(confusion: NDArray[np.int64], at: int) -> tuple[float, float, float]:
    hit = int(confusion[at, at])
    precision, recall = hit / max(1, confusion[:, at].sum()), hit / max(1, confusion[at].sum())
    return float(precision), float(recall), float(2 * precision * recall / max(1e-12, precision + recall))


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else float("nan")
