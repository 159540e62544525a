"""Marks are found in every layout, and what only looks like one is not blocked."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from rules.mark_layouts import excluded, internal, layouts, misread
from rules.mark_twins import QUIET, UNBLOCKED

from prescan.detect import Compiled, Reading, detect
from prescan.detect.resolve import Identity, resolve
from prescan.quality.selftest import findings_in
from prescan.resources import finding_types
from prescan.rules import load_rules

MARKS = ("state_secret", "work_secret")
#: The whole matrix takes a minute; one cell in so many takes seconds. They share no factor with its tables.
ONE_IN, ONE_INTERNAL_IN = 29, 7


@pytest.fixture(scope="module")
def compiled():
    """Return the rules of marks alone: the others cost time and add nothing here."""
    base = load_rules()
    types = finding_types()
    kept = tuple(rule for rule in base.rules if types[rule.type].category in MARKS and rule.kind != "passage")
    return Compiled(replace(base, rules=kept))


def found(layout, compiled, categories):
    """Return the levels of the findings of some categories that a page gets; 份号 beside a mark is none."""
    reading = Reading.of(layout.document)
    findings = resolve(detect(reading, compiled, "draft"), reading, compiled.rules, Identity(b"", ""))
    return {one.level for one in findings if one.category in categories and one.type != "copy_number"} - {"note"}


@pytest.mark.parametrize("start", range(4))
def test_a_mark_is_found_in_every_layout(start, compiled):
    missed = [
        layout.name
        for layout in itertools.islice(layouts(), start * ONE_IN // 4, None, ONE_IN * 4)
        if not (levels := found(layout, compiled, {"state_secret"})) or (layout.block and "block" not in levels)
    ]
    assert missed == []


def test_a_mark_whose_star_was_misread_is_found(compiled):
    assert [one.name for one in misread() if not found(one, compiled, {"state_secret"})] == []


def test_an_internal_mark_is_found_in_every_layout(compiled):
    cells = itertools.islice(internal(), 0, None, ONE_INTERNAL_IN)
    assert [one.name for one in cells if not found(one, compiled, MARKS)] == []


def test_a_page_without_a_mark_is_quiet(compiled):
    page = next(layouts())
    blocks = [block for block in page.document.blocks if "密" not in block.text]
    assert found(replace(page, document=replace(page.document, blocks=tuple(blocks))), compiled, MARKS) == set()


def test_what_is_left_out_of_the_matrix_has_a_reason():
    assert excluded("plain", "first line", "★", "10年") == ""
    assert excluded("upright", "behind 文号", "★", "10年").startswith("a mark of several lines")


@pytest.fixture(scope="module")
def everything():
    return Compiled(load_rules())


def said(text, everything):
    return [(one.rule_id, one.level) for one in findings_in(text, everything) if one.category in MARKS]


@pytest.mark.parametrize("text", QUIET)
def test_what_only_speaks_of_marks_is_quiet(text, everything):
    assert [item for item in said(text, everything) if item[1] != "note"] == []


@pytest.mark.parametrize("text", UNBLOCKED)
def test_what_looks_like_a_mark_is_not_blocked(text, everything):
    assert [item for item in said(text, everything) if item[1] == "block"] == []
