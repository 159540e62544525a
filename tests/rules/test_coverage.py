"""docs/rule-coverage.md names rules that exist, leaves no doubt without a rule or a reason, and forgets no rule."""

from pathlib import Path

import regex

from prescan.rules import load_rules

PAGE = (Path(__file__).parents[2] / "docs" / "rule-coverage.md").read_text(encoding="utf-8")
ROWS = regex.findall(r"(?m)^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", PAGE)
ID = regex.compile(r"[A-Z]{3}-\d{3}")


def test_every_rule_named_exists():
    assert set(ID.findall(PAGE)) <= {rule.id for rule in load_rules().rules}


def test_every_doubt_has_a_rule_or_a_reason():
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 142))
    assert all(ID.search(said) or regex.match(r"不做：|不单设：", said) for _, _, said in ROWS)


def test_every_rule_is_named():
    assert {rule.id for rule in load_rules().rules} - set(ID.findall(PAGE)) == set()
