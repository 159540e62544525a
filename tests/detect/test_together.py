"""Rule kind `together`, looking across lines, named exemptions."""

import pytest

from prescan.detect import Compiled
from prescan.quality.selftest import findings_in
from prescan.quality.why import why
from prescan.rules import load_rules

RULE = """[[rule]]
id = "QHX-001"
name = "三样同在"
kind = "together"
type = "internal_mark"
basis = ["条例 第十六条第一款"]
advice = "核对"
groups = [["青蓝"], ["赤橙", "赤黄"], ["黑白"]]
window = 12
find = ["青蓝与赤橙、黑白"]
pass = ["青蓝与赤橙"]
"""


@pytest.fixture
def found(tmp_path):
    """Return a function: what the rule above, changed, finds in a text."""

    def spans(text: str, rule: str = RULE):
        path = tmp_path / "甲.toml"
        path.write_text(rule, encoding="utf-8")
        compiled = Compiled(load_rules([str(path)]))
        return [text[one.start : one.end] for one in findings_in(text, compiled) if one.rule_id == "QHX-001"]

    return spans


def test_every_group_must_be_near_in_the_paragraph(found):
    assert found("青蓝与赤橙、黑白") == ["青蓝"]
    assert found("赤黄黑白在前，青蓝在后") == ["青蓝"]
    assert found("青蓝与赤橙") == []
    assert found("青蓝与赤橙" + "，" * 20 + "黑白") == []
    assert found("青蓝与赤橙\n\n黑白") == []


def test_across_looks_over_lines_and_cells(found):
    assert found("青蓝\t赤橙\t黑白\n甲\t乙\t丙", RULE.replace("window", "across = true\nwindow")) == ["青蓝"]


def test_at_least_requires_fewer_groups(found):
    assert found(
        "青蓝与赤橙", RULE.replace("window", "at_least = 2\nwindow").replace('["青蓝与赤橙"]', '["青蓝"]')
    ) == ["青蓝"]


def test_one_neighbourhood_is_one_candidate(found):
    assert found("青蓝赤橙黑白青蓝赤橙黑白") == ["青蓝"]


def test_a_word_of_two_groups_does_not_count_twice_at_one_place(found):
    twice = RULE.replace('["赤橙", "赤黄"], ["黑白"]', '["青蓝"]')
    assert found("只有青蓝", twice) == []
    assert found("青蓝和青蓝", twice) == ["青蓝"]


def test_a_named_exemption_is_the_shared_one(found):
    exempt = RULE.replace("window", 'unless = ["@要求"]\nwindow')
    assert found("青蓝应当与赤橙、黑白", exempt) == []
    assert found("青蓝与赤橙、黑白", exempt) == ["青蓝"]


def test_why_tells_a_missing_group(tmp_path):
    path = tmp_path / "甲.toml"
    path.write_text(RULE, encoding="utf-8")
    base = load_rules([str(path)])
    from prescan.quality.selftest import reading_of

    answers = why(base["QHX-001"], reading_of("青蓝与赤橙"), Compiled(base), "draft")
    assert all("附近没有所需的词" in answer.sentence for answer in answers)
    assert "没有关键词" in why(base["QHX-001"], reading_of("天气很好"), Compiled(base), "draft")[0].sentence
