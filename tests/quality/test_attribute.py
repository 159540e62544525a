"""The corpus is what it claims, training gives the same model twice, and the shipped arrays are scikit-learn's."""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from prescan import arrays
from prescan.classify import fit
from prescan.classify.features import Features
from prescan.classify.score import Classifier
from prescan.classify.wording import Part, Wording
from prescan.errors import PrescanError
from prescan.numbers import NUMBERS
from prescan.quality import attribute
from prescan.quality.corpus import LabelledDocument, fill, read_corpus, read_document, similar_pairs
from prescan.resources import resource_dir
from prescan.text.view import View
from prescan.types import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY = Features({}, Wording.of([Part(View(""))], range(0)), 0)

SHIPPED = resource_dir("models") / "attribute"
CORPUS = SHIPPED / "corpus"
TRAINING_AT_LEAST = 90


@pytest.fixture(scope="module")
def documents() -> list[LabelledDocument]:
    return read_corpus(CORPUS)


@pytest.fixture
def one_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try one point of the grid: enough to see that training repeats itself."""
    monkeypatch.setattr(fit, "SCALES", fit.SCALES[-1:])
    monkeypatch.setattr(fit, "STRENGTHS", (1.0,))


def test_the_corpus_is_large_and_even(documents: list[LabelledDocument]) -> None:
    training = [document for document in documents if document.group in attribute.TRAINING]
    assert len(training) >= TRAINING_AT_LEAST
    for group in (*attribute.TRAINING, *attribute.HELD_OUT):
        assert {document.label for document in documents if document.group == group} == set(ATTRIBUTES)
    labels = Counter(document.label for document in documents)
    assert max(labels.values()) <= 1.15 * min(labels.values())
    for group in attribute.HELD_OUT:
        labels = Counter(document.label for document in documents if document.group == group)
        assert max(labels.values()) - min(labels.values()) <= 2
    assert all(document.clause and document.reason and document.kind for document in documents)


def test_no_document_is_another_with_slots_changed(documents: list[LabelledDocument]) -> None:
    assert not similar_pairs(documents)


def test_slots_changed_are_noticed(tmp_path: Path) -> None:
    frame = "经研究，同意{}镇敬老院停止运营，在院特困人员由中心敬老院接收，转移安置应当在{}前结束，供养标准不变。"
    for name, slots in (("1", ("禾丰", "7月")), ("2", ("青禾", "12月"))):
        write(tmp_path, name, frame.format(*slots))
    [pair] = similar_pairs(read_corpus(tmp_path))
    assert pair.similarity > 0.5
    with pytest.raises(PrescanError, match="过于相似"):
        attribute.train(tmp_path, tmp_path / "out")


@pytest.mark.parametrize(
    ("slot", "kind"),
    [("ID", "resident_id"), ("MOBILE", "mobile_phone"), ("PHONE", "landline_phone"), ("CARD", "bank_card")],
)
def test_numbers_are_filled_in_valid_and_always_the_same(slot: str, kind: str) -> None:
    filled = [fill(f"{{{slot}}} {{{slot}}}", str(seed)) for seed in range(200)]
    assert filled == [fill(f"{{{slot}}} {{{slot}}}", str(seed)) for seed in range(200)]
    assert all(NUMBERS[kind].is_valid(number) for text in filled for number in text.split())
    assert "{" not in "".join(filled)


@pytest.mark.parametrize(
    "text",
    ["label: withheld\n没有分隔线", "label: 不予公开\n---\n文", "label: withheld\nalso: other\n---\n文", "---\n文"],
)
def test_a_bad_label_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "1.txt").write_text(text, encoding="utf-8")
    with pytest.raises(PrescanError, match="标注不完整"):
        read_document(tmp_path / "1.txt")


def test_an_empty_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PrescanError, match="没有标注文档"):
        read_corpus(tmp_path)


@pytest.mark.usefixtures("one_point")
def test_training_twice_gives_the_same_files(documents: list[LabelledDocument], tmp_path: Path) -> None:
    """Twice on a part of the corpus; `test_the_command_trains` trains on the whole."""
    part = tmp_path / "corpus"
    for group in (*attribute.TRAINING, *attribute.HELD_OUT):
        (part / group).mkdir(parents=True)
        for label in ATTRIBUTES:
            for document in [one for one in documents if (one.group, one.label) == (group, label)][:3]:
                shutil.copy(document.path, part / group)
    for name in ("one", "two"):
        attribute.train(part, tmp_path / name)
    for name in (arrays.SUMS, arrays.DESCRIPTION, arrays.WEIGHTS, "README.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.usefixtures("one_point")
def test_the_arrays_give_the_probabilities_of_scikit_learn(documents: list[LabelledDocument]) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    examples = [attribute.example(document) for document in documents if document.group == "a"]
    vocabulary, weights, intercept = fit.train(examples, fit.SCALES[0], 1.0)
    rows = vocabulary.matrix([example.features for example in examples])
    at, label = np.nonzero(fit.targets(examples))
    model = linear.LogisticRegression(C=1.0, max_iter=5000, tol=1e-7)
    model.fit(rows[at], label, sample_weight=fit.targets(examples)[at, label])
    ours = fit.softmax(rows @ weights + intercept)
    np.testing.assert_allclose(ours, model.predict_proba(rows), atol=1e-4)


def test_the_shipped_model_is_of_this_corpus_and_card(documents: list[LabelledDocument]) -> None:
    classifier = Classifier.load(SHIPPED)
    training = [document for document in documents if document.group in attribute.TRAINING]
    assert classifier.model.about["corpus"] == attribute._about(training, CORPUS)["corpus"]
    card = (SHIPPED / "README.md").read_text(encoding="utf-8")
    assert f"`{classifier.version}`" in card
    assert f"只用 {len(training)} 篇专为 prescan 编写的文稿训练" in card
    assert "没有用过任何真实公文" in card


def test_the_shipped_model_holds_out() -> None:
    """Floors well under the card's figures: a change that breaks the features must not pass unseen."""
    measured = attribute.evaluate(CORPUS, SHIPPED)
    assert measured.macro_f1 >= 0.9
    assert measured.calibration <= 0.15


def test_the_measures() -> None:
    held = [document_of(label, difficulty) for label, difficulty in itertools.product(ATTRIBUTES, ("easy", "hard"))]
    right = np.repeat(np.eye(3), 2, axis=0) * 0.7 + 0.1
    measured = attribute.measure(held, right, 0.6)
    assert (measured.accuracy, measured.macro_f1, measured.hard, measured.coverage) == (1, 1, 1, 1)
    assert measured.calibration == pytest.approx(0.2)
    wrong = right.copy()
    wrong[0] = (0.3, 0.4, 0.3)
    measured = attribute.measure(held, wrong, 0.6)
    assert measured.accuracy == pytest.approx(5 / 6)
    assert measured.coverage == pytest.approx(5 / 6)
    assert (measured.kept_accuracy, measured.either) == (1, 1)
    assert measured.confusion == ((1, 1, 0), (0, 2, 0), (0, 0, 2))
    assert measured.classes["proactive"] == pytest.approx((1, 0.5, 2 / 3))


def test_a_threshold_keeps_what_is_right_often_enough() -> None:
    examples = [fit.Example(EMPTY, "proactive")] * 20
    probabilities = np.full((20, 3), 0.05)
    probabilities[:, 0] = 0.9
    assert fit.threshold(probabilities, examples) == fit.LOWEST_THRESHOLD
    probabilities[:4] = (0.1, 0.75, 0.15)
    assert fit.threshold(probabilities, examples) == pytest.approx(0.9)
    assert fit.threshold(probabilities[:4], examples[:4]) == 1.0


def test_a_second_label_has_its_share() -> None:
    shares = fit.targets([fit.Example(EMPTY, "withheld", "on_request")])
    assert shares.tolist() == [[0.0, fit.SHARE_OF_SECOND, 1 - fit.SHARE_OF_SECOND]]


def test_the_command_prints_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert attribute.main(["evaluate"]) == 0
    assert "宏平均 F1" in capsys.readouterr().out


@pytest.mark.usefixtures("one_point")
def test_the_command_trains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert attribute.main(["train", "--model", str(tmp_path)]) == 0
    assert "公开属性模型" in capsys.readouterr().out
    assert Classifier.load(tmp_path).model.threshold >= fit.LOWEST_THRESHOLD


def test_finding_counts_reach_the_model(documents: list[LabelledDocument]) -> None:
    counts: Callable[[str], dict[str, int]] = lambda text: {"secret_mark": text.count("的")}  # noqa: E731
    assert "finding=secret_mark" in attribute.example(documents[0], counts).features.occurrences


def write(folder: Path, name: str, text: str) -> None:
    (folder / "a").mkdir(exist_ok=True)
    (folder / "a" / f"{name}.txt").write_text(f"label: on_request\n---\n{text}\n", encoding="utf-8")


def document_of(label: str, difficulty: str) -> LabelledDocument:
    also = "on_request" if label == "proactive" else None
    return LabelledDocument(Path("a/1.txt"), "a", label, also, "", "", "", difficulty, "")  # type: ignore[arg-type]
