"""A loaded model gives probabilities, abstains where it must, and says what spoke for what."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from prescan import arrays
from prescan.classify import store
from prescan.classify.features import Features, Occurrence
from prescan.classify.model import Model, Vocabulary
from prescan.classify.score import SHORTEST, Classifier
from prescan.classify.wording import Part, Wording
from prescan.errors import ModelError
from prescan.resources import resource_dir
from prescan.text.view import View
from prescan.types import ATTRIBUTES

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = resource_dir("models") / "attribute"
NAMES = ("cue=plea", "cue=public_close", "finding=secret_mark", "form=signed", "word=批复")
PLEA = Occurrence(1, 4, 6)


@pytest.fixture
def model() -> Model:
    vocabulary = Vocabulary(
        NAMES, np.array([1.0, 1.0, 1.0, 1.0, 2.0]), 10, dict.fromkeys(("cue", "form", "word", "finding"), 1.0)
    )
    weights = np.array([[-1.0, -1.0, 2.0], [2.0, -1.0, -1.0], [-2.0, -2.0, 4.0], [0.1, 0.1, -0.2], [-1.0, 2.0, -1.0]])
    return Model(vocabulary, weights, np.zeros(3), 0.5, 0.6, np.array([0.5, 0.3, 0.2]))


@pytest.fixture
def folder(model: Model, tmp_path: Path) -> Path:
    store.write(model, tmp_path / "attribute")
    return tmp_path / "attribute"


def of(chars: int = 200, words: str = "", **signs: Occurrence) -> Features:
    wording = Wording.of([Part(View(words))], range(0))
    return Features({name.replace("_is_", "="): seen for name, seen in signs.items()}, wording, chars)


def test_probabilities_and_reasons(folder: Path) -> None:
    scored = Classifier.load(folder).score(of(cue_is_plea=PLEA, form_is_signed=Occurrence(1, 90, 99)))
    assert list(scored.probabilities) == list(ATTRIBUTES)
    assert sum(scored.probabilities.values()) == pytest.approx(1)
    assert scored.attribute == "withheld"
    assert not scored.abstained
    strongest = scored.contributions[0]
    assert (strongest.feature, strongest.label, strongest.start, strongest.end) == ("cue=plea", "withheld", 4, 6)
    assert strongest.weight == pytest.approx(4.0)  # 2 above the mean of 0, at temperature 0.5
    assert [each.weight for each in scored.contributions] == sorted(
        (c.weight for c in scored.contributions), reverse=True
    )


def test_abstains_when_unsure(folder: Path) -> None:
    scored = Classifier.load(folder).score(of(cue_is_plea=PLEA, cue_is_public_close=PLEA))
    assert scored.abstained
    assert scored.contributions


def test_a_short_text_gets_the_prior(folder: Path) -> None:
    classifier = Classifier.load(folder)
    scored = classifier.score(of(SHORTEST - 1, cue_is_plea=PLEA))
    assert scored.abstained
    assert scored.probabilities == classifier.prior == {"proactive": 0.5, "on_request": 0.3, "withheld": 0.2}
    assert not scored.contributions
    assert not classifier.score(of(SHORTEST, cue_is_plea=PLEA)).abstained


@pytest.mark.parametrize("signs", [{}, {"form_is_signed": PLEA}, {"cue_is_unheard_of": PLEA}])
@pytest.mark.parametrize("words", ["", "批复"])
def test_without_evidence_the_prior(folder: Path, signs: dict[str, Occurrence], words: str) -> None:
    classifier = Classifier.load(folder)
    scored = classifier.score(of(200, words, **signs))
    assert scored.abstained
    assert scored.probabilities == classifier.prior


def test_unknown_words_make_known_ones_say_less(folder: Path) -> None:
    classifier = Classifier.load(folder)
    alone = classifier.score(of(words="批复", cue_is_plea=PLEA))
    among = classifier.score(of(words="批复，苹果，香蕉，西瓜，葡萄", cue_is_plea=PLEA))
    assert among.probabilities["on_request"] < alone.probabilities["on_request"]


def test_the_same_model_has_the_same_bytes_and_version(model: Model, folder: Path, tmp_path: Path) -> None:
    version = store.write(model, tmp_path / "again")
    assert Classifier.load(folder).version == version
    assert len(version) == 12
    for name in (arrays.SUMS, arrays.DESCRIPTION, arrays.WEIGHTS):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


@pytest.mark.parametrize("name", [arrays.SUMS, arrays.DESCRIPTION, arrays.WEIGHTS])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match="请重新安装 prescan"):
        Classifier.load(folder)


@pytest.mark.parametrize("name", [arrays.DESCRIPTION, arrays.WEIGHTS])
def test_a_changed_file_is_refused_before_it_is_parsed(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\x80not what it was")
    with pytest.raises(ModelError, match="校验值不符"):
        Classifier.load(folder)


def test_weights_of_another_model_are_refused(folder: Path) -> None:
    sums = (folder / arrays.SUMS).read_text()
    weights = (folder / arrays.WEIGHTS).read_bytes() + b"\0"
    old, new = (arrays._digest(data) for data in ((folder / arrays.WEIGHTS).read_bytes(), weights))
    (folder / arrays.WEIGHTS).write_bytes(weights)
    (folder / arrays.SUMS).write_text(sums.replace(old, new))
    with pytest.raises(ModelError, match="校验值不符"):
        Classifier.load(folder)


def test_another_format_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "FORMAT", store.FORMAT + 1)
    with pytest.raises(ModelError, match="不配套"):
        Classifier.load(folder)


def test_unreadable_sums(folder: Path) -> None:
    (folder / arrays.SUMS).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="缺少文件"):
        Classifier.load(folder)


def test_the_shipped_model_is_small_and_loads_fast() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir() if path.is_file()) < 2_000_000
    times = []
    for _ in range(3):
        begin = time.process_time()
        Classifier.load(SHIPPED)
        times.append(time.process_time() - begin)
    assert min(times) < 0.1


def test_scoring_needs_no_scikit_learn() -> None:
    code = (
        "import sys; from pathlib import Path; from prescan.classify.score import Classifier;"
        "from prescan.classify.features import features; from prescan.text.anatomy import Anatomy;"
        "Classifier.load(Path(sys.argv[1])).score(features('妥否,请批示。' * 20, Anatomy(lines=()), {}));"
        "assert not {'sklearn', 'scipy', 'joblib', 'jieba'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(SHIPPED)], check=True, timeout=60)


def test_a_copied_model_is_the_same_model(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "model", ignore=shutil.ignore_patterns("corpus"))
    assert Classifier.load(tmp_path / "model").version == Classifier.load(SHIPPED).version
