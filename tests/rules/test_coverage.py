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
    """One by one, or all of a family from a number on ("PII-041 起")."""
    onwards = [name.removesuffix(" 起") for name in regex.findall(r"[A-Z]{3}-\d{3} 起", PAGE)]
    named = set(ID.findall(PAGE))
    ids = {rule.id for rule in load_rules().rules} - named
    assert {one for one in ids if not any(one[:3] == first[:3] and one > first for first in onwards)} == set()
