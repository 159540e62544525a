"""The generated page of rules is current."""

from pathlib import Path

from prescan.quality.rulebook import rulebook
from prescan.rules import load_rules


def test_the_page_of_rules_is_the_one_the_rules_make():
    held = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert held == rulebook(load_rules()), "run: make rulebook"
