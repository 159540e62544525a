"""docs/seed-coverage.md: every row names a command that exists and a test that exists, and rules that exist."""

from __future__ import annotations

import re

import click
import pytest
from pages import ROOT, text_of

from prescan.cli import app
from prescan.rules import load_rules

ROWS = re.findall(r"(?m)^\| (\d+) \| (P[01]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text_of("docs/seed-coverage.md"))


def test_no_row_is_missing_or_malformed():
    assert [int(row[0]) for row in ROWS] == list(range(1, 49))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_what_exists(row):
    _, _, demand, commands, tests = row
    for command in re.findall(r"`prescan ([^`]+)`", commands):
        words, found = command.split(), app
        while isinstance(found, click.Group) and words and words[0] in found.commands:
            found = found.commands[words.pop(0)]
        assert found is not app, command
        options = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, command
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", tests)
    assert named
    for path, function in named:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert f"def {function}(" in text if function else "def test_" in text, f"{path}::{function}"
    assert set(re.findall(r"[A-Z]{3}-\d{3}", demand)) <= {rule.id for rule in load_rules().rules}
