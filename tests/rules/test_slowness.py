"""A pattern that backtracks is named by the self-test, wherever in the rule it stands; one that is none, too."""

from dataclasses import replace

import pytest

from prescan.quality.selftest import test_patterns as broken_patterns
from prescan.quality.slowness import slow
from prescan.rules import load_rules
from prescan.rules.kinds import Exemption

FILLER = "各单位要认真组织实施，抓好任务落实，按时报送进展情况。" * 40
BACKTRACKING = r"(?:[\p{Han}，。]+)+[★☆]{2}[!?]"
RULE = replace(load_rules()["SEC-031"], id="QHX-001", whole_line=False, unless=(), keywords=("秘密",), pattern="秘密")


def test_the_patterns_of_a_shipped_rule_are_fast():
    assert slow([load_rules()["SEC-031"], RULE], FILLER) == []


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("pattern", {"pattern": BACKTRACKING}),
        ("context", {"context": BACKTRACKING}),
        ("unless 第 2 项", {"unless": (Exemption("秘"), Exemption(BACKTRACKING, "paragraph"))}),
        ("unless 第 1 项", {"unless": (Exemption(BACKTRACKING, "document"),)}),
    ],
)
def test_a_backtracking_pattern_is_named(field, bad):
    assert [(rule.id, slowest) for rule, slowest, _ in slow([replace(RULE, **bad)], FILLER)] == [("QHX-001", field)]


def test_a_pattern_that_is_none_is_named_and_the_shipped_ones_are_right():
    rules = [replace(RULE, pattern="(?:秘密"), replace(RULE, unless=(Exemption("[公开"),))]
    assert [one.sentence.partition(" 写错了")[0] for one in broken_patterns(rules)] == ["pattern", "unless 第 1 项"]
    assert broken_patterns(load_rules().rules) == []
