"""The shipped packs: their own examples hold, clean texts stay quiet, and what every rule must say is said."""

from __future__ import annotations

import pytest
import regex

from prescan.detect import Compiled
from prescan.quality.selftest import findings_in, main, test_clean, test_rules
from prescan.resources import data_rows, finding_types, resource_dir
from prescan.rules import load_rules
from prescan.rules.kinds import OF_PROFILE, WITHOUT_EXAMPLES

RULES = load_rules()
#: Not fixtures of this file: pytest must not take them for tests.
clean_failures, rule_failures = test_clean, test_rules
del test_clean, test_rules


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    """Return the shipped rules, made ready."""
    return Compiled(RULES)


def test_grounds_for_withholding_are_known_articles_and_include_all_the_machine_names():
    named = {clause for _, clause, _ in data_rows("exemptions.tsv")}
    assert named <= RULES.grounds <= RULES.statutes.keys()
    assert not {name for name in RULES.grounds if "主动公开" in RULES.statutes[name]}
    assert "条例 第十九条" not in RULES.grounds


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_every_example_of_a_shipped_rule_holds(rule, compiled):
    assert [str(failure) for failure in rule_failures([rule], compiled)] == []


def test_clean_texts_stay_quiet(compiled):
    folder = resource_dir("rules") / "clean"
    assert list(folder.glob("*.txt"))
    assert [str(failure) for failure in clean_failures(folder, compiled)] == []


@pytest.mark.usefixtures("few_rules")
def test_the_self_test_of_the_command_line_tells_how_much_it_tested(capsys):
    """Examples and clean texts are tested above; their speed, and the whole again, by `prescan rules test`."""
    assert main() == 0
    rules = load_rules().rules
    examples = sum(len(rule.find) + len(rule.passes) + len(rule.todo_find) for rule in rules)
    assert capsys.readouterr().out == f"{len(rules)} 条规则，{examples} 个例子，3 份清白文本：0 处不符\n"
    assert 0 < len(rules) < len(RULES.rules)


def test_a_clean_text_with_a_finding_fails(tmp_path, compiled):
    (tmp_path / "a.txt").write_text("机密★10年\n", encoding="utf-8")
    assert [failure.place for failure in clean_failures(tmp_path, compiled)] == ["a.txt"]
    assert findings_in("机密★10年\n", compiled)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_the_patterns_of_a_shipped_rule_are_right(rule):
    """They are not compiled when the packs are read, so a mistake must show here."""
    for pattern in (rule.pattern, rule.context, rule.slight, *(exemption.pattern for exemption in rule.unless)):
        regex.compile(pattern)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_a_shipped_rule_says_why_and_what_to_do(rule):
    assert rule.name
    assert rule.advice
    assert rule.basis or finding_types()[rule.type].category in {"hidden_content", "flow"}
    assert rule.kind in WITHOUT_EXAMPLES or rule.dated in OF_PROFILE or (rule.find and rule.passes)


def test_shipped_rules_do_not_outdo_the_level_of_their_type_with_weak_words():
    raised = {
        rule.id: rule.type
        for rule in RULES.rules
        if rule.level == "block" and finding_types()[rule.type].level != "block" and rule.kind in {"words", "near"}
    }
    assert raised == {}
