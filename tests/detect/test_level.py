"""Rule kind `level`: a level that is a mark by what stands around it, and one that is only mentioned."""

import random
import shutil

import numpy as np
import pytest

from prescan.detect import Compiled
from prescan.detect.level_model import LEVEL, LevelModel, features, levels, shown
from prescan.errors import ModelError
from prescan.quality.selftest import findings_in
from prescan.resources import resource_dir
from prescan.rules import load_rules

RETOLD = "小祝，刚才给你的那本汇编是机密级的，看完锁进铁柜，别放桌上。"
MENTIONED = "培训班上，老师讲机密级文件怎样传递、怎样保存，学员现场提问。"


@pytest.fixture(scope="module")
def compiled():
    return Compiled(load_rules())


def reported(text, compiled):
    return [one for one in findings_in(text, compiled) if one.rule_id in {"SEC-070", "SEC-071"}]


def test_a_described_mark_is_found_and_a_mention_is_not(compiled):
    (found,) = reported(RETOLD, compiled)
    assert (found.type, found.masked) == ("secret_mark", "机密")
    assert reported(MENTIONED, compiled) == []


def test_nothing_is_added_where_a_layout_rule_blocks(compiled):
    marked = "机密★10年\n某某市某局文件\n关于有关事项的通知"
    assert reported(marked, compiled) == []
    assert {one.level for one in findings_in(marked, compiled)} == {"block"}


def test_legal_text_is_skipped(compiled):
    assert reported("\n".join(f"第{number}条 {RETOLD}" for number in "一二三四"), compiled) == []


def test_the_threshold_rises_with_the_number_of_levels(compiled):
    assert reported(RETOLD + "\n" + "机密文件、秘密文件、绝密文件由专人保管。\n" * 60, compiled) == []


def test_spaced_and_broken_levels_are_read_as_one():
    assert [match[0] for match in LEVEL.finditer("机 密 秘·密 绝\n密 密级 商密★")] == ["机 密", "秘·密", "绝\n密"]
    assert shown("一\n\n二　 2026") == "一⏎二 0000"
    together, apart = (features(text, 2, end) for text, end in (("此件机密，请收", 4), ("此件机 密，请收", 5)))
    assert np.array_equal(together, apart)


def test_levels_are_tried_only_where_one_may_begin():
    draw = random.Random(5)
    for _ in range(3_000):
        text = "".join(draw.choices("绝机秘极密宻件商★☆ 级别:=\n〖[【】]〗经业神*·A", k=draw.randint(1, 14)))
        assert [match.span() for match in levels(text)] == [match.span() for match in LEVEL.finditer(text)], text


def test_a_place_of_unknown_features_is_scored_by_the_bias_alone():
    model = LevelModel.load(resource_dir("models") / "levels")
    nothing = LevelModel(np.array([7], np.uint32), np.array([1.0]), np.array([1.0]), model.bias, 0.0, 0.0)
    assert nothing.score("机密", 0, 2) == model.bias


def test_a_changed_file_is_refused(tmp_path):
    shutil.copytree(resource_dir("models") / "levels", tmp_path / "m")
    weights = tmp_path / "m" / "weights.npz"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="密级模型"):
        LevelModel.load(tmp_path / "m")


def test_sure_results_ignore_exemptions(compiled):
    page = "收电：某某外办\n机密/急　不得向随团记者出示\n关于界河采砂交涉事"
    assert ("SEC-072", "block") in {(one.rule_id, one.level) for one in findings_in(page, compiled)}
