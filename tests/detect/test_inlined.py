"""Patterns whose named parts are written out match what they matched before."""

import random

import pytest
import regex

from prescan.detect import Compiled
from prescan.detect.inlined import inlined
from prescan.rules import load_rules

_PATTERNS = [rule.pattern for rule in load_rules().rules if "(?(DEFINE)" in rule.pattern]
_WORDS = (
    "内部 资料 文件 参考 仅供 供 领导 使用 机密 秘密 绝密 级 ★ 一年 长期"
    " 不得 外传 请勿 转发 注意 保密 县 人民政府 办公室 ， 。 （ ） 【 】 第3期 〔2024〕5号"
    " 8岁 九岁 何小虎 孩子 患 启用前 至2026年 000012 № 特急 阅后 收回 公开 不宜 尚未 敏感 信息 :"
).split()


def test_the_marks_are_written_out():
    assert len(_PATTERNS) > 5
    assert not [pattern for pattern in _PATTERNS if "(?&" in inlined(pattern)]


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_a_pattern_written_out_matches_the_same(pattern):
    draw = random.Random(11)
    before, after = regex.compile(pattern), regex.compile(inlined(pattern))
    group = "hit" if "hit" in before.groupindex else 0
    for _ in range(150):
        text = "".join(draw.choice(_WORDS) for _ in range(draw.randint(1, 7)))
        assert [match.span(group) for match in before.finditer(text)] == [
            match.span(group) for match in after.finditer(text)
        ]
        assert (before.fullmatch(text) is None) == (after.fullmatch(text) is None)


def test_a_pattern_is_written_out_after_many_tries():
    rules = Compiled(load_rules())
    rule = next(rule for rule in rules.of_kind("pattern") if rule.pattern in _PATTERNS)
    assert all("(?&" in rules.pattern(rule.id).pattern for _ in range(300))
    assert "(?&" not in rules.pattern(rule.id).pattern
    assert rules.pattern(rule.id) is rules.pattern(rule.id)


@pytest.mark.parametrize(
    "pattern",
    [
        r"内部(?:资料|文件)",
        r"(?(DEFINE)(?P<one>\((?&one)?\)))(?&one)",
        r"(?(DEFINE)(?P<one>a))(?&one)(b)\1",
        "(?x)(?(DEFINE)(?P<one>a # a bracket: (\n))(?&one)",
        r"(?(DEFINE)(?P<one>(?P<two>a)b))(?&one)",
    ],
)
def test_patterns_with_unknown_constructs_stay_as_they_are(pattern):
    assert inlined(pattern) == pattern
