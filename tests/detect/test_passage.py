"""Rule kind `passage`: where it speaks, where it keeps silent, and its model's files."""

import dataclasses
import itertools
import math
import shutil

import numpy as np
import pytest

from prescan.detect import Compiled
from prescan.detect.passage import passages
from prescan.detect.passage_model import PassageModel, hashes, runs_of
from prescan.errors import ModelError
from prescan.quality.selftest import findings_in, reading_of
from prescan.resources import resource_dir
from prescan.rules import load_rules
from prescan.rules.kinds import Exemption

DOUBTFUL = "重点水源泵房外墙低矮，翻墙即可进入加药间，夜班仅一位老人看门。"


@pytest.fixture(scope="module")
def compiled():
    return Compiled(load_rules())


def test_a_wording_no_list_foresees_is_found_at_review_and_to_be_checked(compiled):
    (found,) = [one for one in findings_in(DOUBTFUL, compiled) if one.rule_id == "SAF-029"]
    assert (found.level, found.confidence, found.type) == ("review", "check", "safety_stability")


def test_legal_text_is_skipped(compiled):
    law = "\n".join(f"第{number}条 {DOUBTFUL}" for number in "一二三四")
    assert [one for one in findings_in(law, compiled) if one.rule_id == "SAF-029"] == []


def test_nothing_is_added_to_a_candidate_of_the_same_category(compiled):
    spoken = "城东水厂夜间仅一名保安，东侧围墙无报警装置，翻越容易。"
    rules = {one.rule_id for one in findings_in(spoken, compiled) if one.type == "safety_stability"}
    assert rules == {"SAF-016"}


def test_an_exemption_may_hold_for_weak_scores_only():
    base = load_rules()
    rule = next(one for one in base.rules if one.id == "SAF-029")

    def found(below):
        exempt = dataclasses.replace(rule, unless=(Exemption("泵房", below=below),))
        return findings_in(DOUBTFUL, Compiled(dataclasses.replace(base, rules=(exempt,))))

    assert [len(found(below)) for below in (0.0, math.inf)] == [1, 0]


def test_passages_cover_the_body_without_overlap():
    text = "一二三四五六七八九十。" * 12 + "\n\n短。\n" + "甲" * 200
    spans = list(passages(reading_of(text)))
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert "".join(text[start:end] for start, end in spans).count("甲") == 200


def test_runs_do_not_depend_on_their_place_and_digits_are_equal():
    hashed = hashes("甲乙丙12甲乙丙99")
    assert np.array_equal(runs_of(hashed, 0, 5), runs_of(hashed, 5, 10))
    assert not np.array_equal(runs_of(hashed, 0, 3), runs_of(hashed, 1, 4))
    assert len(runs_of(hashes(""), 0, 0)) == 0


def test_a_passage_of_unknown_runs_is_scored_by_the_bias_alone():
    model = PassageModel.load(resource_dir("models") / "passages")
    assert np.allclose(model.score(runs_of(hashes("\u4e02\u4e04"), 0, 2)), model.bias)


def test_a_changed_file_is_refused(tmp_path):
    shutil.copytree(resource_dir("models") / "passages", tmp_path / "m", ignore=shutil.ignore_patterns("corpus"))
    weights = tmp_path / "m" / "weights.npz"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="语段模型"):
        PassageModel.load(tmp_path / "m")


def test_two_equally_likely_families_are_both_returned():
    model = PassageModel.load(resource_dir("models") / "passages")
    scores = np.zeros(len(model.families) - 1)
    scores[:3] = 5.0, 4.5, 2.0
    columns = [column for column, name in enumerate(model.families) if name != "quiet"]
    assert model._likeliest(scores, columns) == [model.families[columns[0]], model.families[columns[1]]]
    scores[1] = 2.5
    assert model._likeliest(scores, columns) == [model.families[columns[0]]]


def test_a_list_of_numbers_is_skipped(compiled):
    listed = "重点水源泵房外墙低矮翻墙即可进入\n" + "\n".join(f"{number}3443.329{number}" for number in range(9))
    assert findings_in(listed, compiled) == []
    assert findings_in(listed.split("\n")[0] + "，夜班仅一位老人看门。", compiled)
