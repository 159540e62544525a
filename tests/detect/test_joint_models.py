"""Joint models: looking up the runs once gives the scores that each model gives alone."""

import numpy as np
import pytest

from prescan.detect import joint_models
from prescan.detect.joint_models import JointModels, TextScorer
from prescan.detect.passage_model import PassageModel, hashes, runs_of
from prescan.resources import resource_dir

TEXT = "这张表你们三个看过就算,谁也别往外递。谁也别往外递,谁也别往外递。夜班仅一位老人看门1234,翻墙进入。丂丄丂丄" * 3


@pytest.fixture(scope="module")
def models():
    folder = resource_dir("models")
    return {name: PassageModel.load(folder / name) for name in ("passages", "limits/said")}


def alone(model, text, start, end):
    return model.score(runs_of(hashes(text), start, end))


def test_spans_are_scored_as_each_model_scores_them_alone(models):
    spans = [(0, 17), (3, 60), (18, 34), (20, 20), (50, 54), (60, len(TEXT))]
    scorer = TextScorer(JointModels(models), TEXT)
    for name, model in models.items():
        expected = [alone(model, TEXT, *span) for span in spans]
        assert np.allclose(scorer.scores(name, spans), expected)
        assert not np.allclose(expected[0], expected[2])


def test_spans_that_do_not_overlap_are_scored_alike(models):
    scorer, apart = TextScorer(JointModels(models), TEXT), [(0, 17), (18, 34), (34, 34), (36, 60), (70, 90)]
    for name, model in models.items():
        assert np.allclose(scorer.scores(name, apart), [alone(model, TEXT, *span) for span in apart])
        together = scorer.scores(name, [*apart, (75, 80)])[:-1]
        assert (scorer.scores(name, apart) == together).all()


def test_a_long_text_is_read_in_parts_with_the_same_scores(models, monkeypatch):
    spans = [(at, min(at + 25, len(TEXT))) for at in range(0, len(TEXT), 20)]
    whole = TextScorer(JointModels(models), TEXT).scores("passages", spans)
    monkeypatch.setattr(joint_models, "_CHARACTERS_AT_A_TIME", 60)
    assert np.allclose(TextScorer(JointModels(models), TEXT).scores("passages", spans), whole)


def test_runs_beyond_the_end_do_not_count(models):
    model = models["passages"]
    assert np.allclose(TextScorer(JointModels(models), "甲").scores("passages", [(0, 1)]), [alone(model, "甲", 0, 1)])
