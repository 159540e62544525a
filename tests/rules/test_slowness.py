"""A pattern that backtracks is named by the self-test."""

from dataclasses import replace

from prescan.quality.slowness import slow
from prescan.rules import load_rules

FILLER = "各单位要认真组织实施，抓好任务落实，按时报送进展情况。" * 40


def test_a_backtracking_pattern_is_slow_and_a_plain_one_is_not():
    rule = load_rules()["SEC-031"]
    bad = replace(rule, id="QHX-001", whole_line=False, pattern=r"(?:[\p{Han}，。]+)+[★☆]{2}[!?]", keywords=("秘密",))
    assert [one.id for one, _ in slow([rule, bad], FILLER)] == ["QHX-001"]
