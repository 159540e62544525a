r"""Marks and internal marks as offices write them, and harmless pages that look alike: `written/*.tsv`.

A line is what is expected (block, review, quiet, or todo: known to come out wrong), a tab, and a page in which `\n`
stands for a line end and `\t` for a tab.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from prescan.detect import Compiled
from prescan.quality.selftest import findings_in
from prescan.rules import load_rules

PERSONAL = {"personal", "sensitive_personal"}
WRITTEN = Path(__file__).parent / "written"


@pytest.fixture(scope="module")
def compiled():
    """Return the rules without the passage model: a mark must be found by what it is."""
    base = load_rules()
    return Compiled(replace(base, rules=tuple(rule for rule in base.rules if rule.kind != "passage")))


def pages(name):
    for line in (WRITTEN / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        expected, _, page = line.partition("\t")
        yield expected, page.replace(r"\n", "\n").replace(r"\t", "\t")


def wrong(name, compiled, category):
    """Return the pages that do not come out as expected: for todo those that now do."""
    return [
        (expected, page)
        for expected, page in pages(name)
        if _as_expected(expected, page, compiled, category) == (expected == "todo")
    ]


def _as_expected(expected, page, compiled, category):
    found = [one for one in findings_in(page, compiled) if one.level != "note" and one.category not in PERSONAL]
    if category is None:
        return not found
    levels = {one.level for one in found if one.category == category and one.type != "copy_number"}
    return bool(levels) if expected != "block" else "block" in levels


@pytest.mark.parametrize(
    ("name", "category"), [("marks", "state_secret"), ("internal", "work_secret"), ("trade", "trade_secret")]
)
def test_a_mark_is_found_as_offices_write_it(name, category, compiled):
    assert wrong(name, compiled, category) == []


def test_a_page_that_only_looks_marked_is_quiet(compiled):
    assert wrong("harmless", compiled, None) == []


def test_the_pages_are_many_and_hardly_any_is_known_to_be_wrong():
    for name, least in (("marks", 500), ("internal", 300), ("trade", 30), ("harmless", 700)):
        expected = [one for one, _ in pages(name)]
        assert len(expected) >= least
        assert expected.count("todo") <= len(expected) // 20
