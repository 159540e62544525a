"""What every match of a pattern holds: never too much, for a pattern is not tried where it does not stand."""

import pytest
import regex

from prescan.detect import Compiled
from prescan.detect.line_gate import LineGate
from prescan.detect.literals import guarded, longest, needed
from prescan.quality.selftest import reading_of
from prescan.rules import load_rules


@pytest.fixture(scope="module")
def compiled():
    return Compiled(load_rules())


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?:会议|讨论)记录(?!仪)", {"会议记录", "讨论记录"}),
        ("甲乙?丙", {"甲丙", "甲乙丙"}),
        ("甲(?:乙丙)+", {"乙丙"}),
        ("[甲乙]丙丁", {"甲丙丁", "乙丙丁"}),
        (r"\d{2,4}(?P<hit>年度)\s*报告", {"年度", "报告"}),
        ("(?<=前文)正文(?=后文)", {"正文"}),
        ("甲乙|[丙-戊]", None),
        ("(?:甲乙)?", None),
        ("(?:甲乙)*丙?", None),
        (r"甲乙\|丙{2}", {"甲乙|"}),
        ("(?x) (?(DEFINE) (?P<said>会议|讨论) ) # 名称\n (?&said) 记录", {"会议记录", "讨论记录"}),
    ],
)
def test_words_one_of_which_is_in_every_match(pattern, words):
    said = needed(pattern)
    assert said == words or (words is not None and said is not None and said <= words)


@pytest.mark.parametrize(
    "pattern", ["(?i)abc", r"(甲)\1", "(?:甲乙){e<=1}", "[[:alpha:]甲]", "(?|甲|乙)", r"\X甲", "(甲", "(?&said)甲"]
)
def test_unknown_constructs_give_no_words(pattern):
    assert needed(pattern) is None


def test_every_match_of_a_shipped_pattern_contains_its_needed_words(compiled):
    """On all examples of all rules: each pattern, tried everywhere, matches nothing without one of its words."""
    shown = [reading_of(regex.sub("[«»]", "", text)) for rule in compiled.base.rules for text in rule.find]
    matches = 0
    for rule in compiled.of_kind("pattern"):
        proof = compiled.proofs.get(rule.id, ())
        for reading in shown if proof else ():
            text = reading.view(rule.view).text
            found = compiled.pattern(rule.id).search(text)
            matches += found is not None
            assert found is None or any(word in found[0] for word in proof), rule.id
    assert matches > len(compiled.proofs)


@pytest.mark.parametrize(
    ("pattern", "same"),
    [
        (
            r"\d(?:(?:会议|讨论|研究)(?:记录|纪要|情况)(?!仪)\d{4}号?文件|\d)",
            r"\d(?:(?=[会研讨])(?:会议|讨论|研究)(?:记录|纪要|情况)(?!仪)\d{4}号?文件|\d)",
        ),
        (
            r"(?x) (?:[甲-丁\]]?(?:一|二)\s+(?:会议|讨论)+?(?:记录|纪要)) # 名称",
            r"(?:(?=[一二甲-丁\]])[甲-丁\]]?(?:一|二)\s+(?:会议|讨论)+?(?:记录|纪要))",
        ),
        (r"(?:会议|讨论|研究)?(?:记录|纪要|情况)?(?:文件|材料)*", None),
        (r"(?:\p{Han}|会议|讨论|研究)(?:记录|纪要|情况)(?:文件)", None),
        (r"(?:[^甲乙]|会议|讨论|研究)(?:记录|纪要|情况)(?:文件)", None),
        (r"(?<=(?:会议|讨论|研究)(?:记录|纪要|情况)(?:文件|材料))\d", None),
        (r"(?i)(?:report|note|minutes)(?:of|on)(?:the|a)(?:meeting)", None),
    ],
)
def test_a_long_alternative_is_tried_only_where_it_can_begin(pattern, same):
    assert guarded(pattern) == (same or pattern)


def test_a_shipped_pattern_matches_the_same_with_its_guards(compiled):
    """On the examples of the rule and one of each tenth rule, anywhere and as whole lines."""
    rules, tried = compiled.base.rules, 0
    others = [rule.find[0] for rule in rules[::10] if rule.find]
    for rule in compiled.of_kind("pattern"):
        if guarded(rule.pattern) == rule.pattern:
            continue
        tried += 1
        before, after = regex.compile(rule.pattern), regex.compile(guarded(rule.pattern))
        for line in (regex.sub("[«»]", "", text) for text in (*rule.find, *rule.passes, *others)):
            assert [match.span() for match in before.finditer(line)] == [match.span() for match in after.finditer(line)]
            assert (before.fullmatch(line) is None) == (after.fullmatch(line) is None)
    assert tried > 20


@pytest.mark.parametrize(
    ("pattern", "most"),
    [
        (r"(?x)(?(DEFINE)(?P<mark>甲|乙)) (?!.{90}) (?&mark)\d+", 89),
        (r"(?!.{8})(?:甲|乙)+", 7),
        (r"(?!.{90})甲|乙", None),
        (r"甲(?!.{90})", None),
        (r"(?!.{90})(?i)甲", None),
    ],
)
def test_the_longest_line_of_a_pattern_is_known(pattern, most):
    assert longest(pattern) == most


def test_the_line_gate_lets_every_matching_line_through(compiled):
    """On the lines of examples of rules for lines: whatever matches as a whole line is let through, much is not."""
    told = [rule.find for number, rule in enumerate(compiled.base.rules) if rule.whole_line or number % 20 == 0]
    shown = [reading_of(regex.sub("[«»]", "", text)) for find in told for text in find]
    matches = shut = 0
    for rule in compiled.of_kind("pattern"):
        if rule.id not in compiled.line_gates or rule.id in compiled.proofs:
            continue
        lines = {line.strip() for reading in shown for line in reading.view(rule.view).text.splitlines()}
        for line in lines:
            if not compiled.line_gates[rule.id].may_match(line, 0, len(line)):
                shut += 1
            elif compiled.pattern(rule.id).fullmatch(line):
                matches += 1
                continue
            assert compiled.pattern(rule.id).fullmatch(line) is None, (rule.id, line)
    assert matches > 10
    assert shut > 500


def test_the_line_gate_rejects_long_lines_and_lines_without_the_words():
    gate = LineGate(r"(?!.{8})(?:会议|讨论)记录\d*", is_proved=False)
    assert gate.may_match("会议记录12", 0, 6)
    assert not gate.may_match("会议记录1234", 0, 8)
    assert gate.may_match("会议记录\n234", 0, 8)
    assert not gate.may_match("会议纪要", 0, 4)
    assert LineGate(r"(?:会议|讨论)记录\d*", is_proved=True).may_match("会议纪要", 0, 4)


def test_a_rule_without_its_words_is_left_out_on_request(compiled):
    reading = reading_of("填写现场记录后归档。")
    assert "PRC-010" in compiled.hits("squeeze", reading.squeeze)
    assert "PRC-010" not in compiled.hits("squeeze", reading.squeeze, all_rules=False)
    held = reading_of("附会议记录。")
    assert "PRC-010" in compiled.hits("squeeze", held.squeeze, all_rules=False)
