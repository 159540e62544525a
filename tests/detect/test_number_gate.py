"""The gate of the number rules says No only where a rule would not have spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prescan.detect import Compiled, Reading
from prescan.detect.number.gate import BY_PATTERN, Gate, live_rules, places
from prescan.detect.number.labels import Labels
from prescan.detect.number.runs import read_runs
from prescan.rules import load_rules
from prescan.types import Block, Document

if TYPE_CHECKING:
    from prescan.detect.number.gate import Live


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return Compiled(load_rules((), ()))


def opened(compiled: Compiled, text: str) -> list[set[str]]:
    """Return, run by run, the numbers whose rules are let through."""
    reading = Reading.of(Document("", "text/plain", None, (Block(text),)))
    compiled.hits("fold", reading.fold, lists=reading.words, proven=reading.proven)
    compiled.hits("squeeze", reading.squeeze, lists=reading.words, proven=reading.proven)
    labels, runs = Labels(reading, compiled.labels), read_runs(reading.squeeze.text)
    rules = [live for live in live_rules(reading, compiled, labels, in_runs=True) if live.rule.number not in BY_PATTERN]
    gate = Gate(rules, runs, reading, labels)
    return [{live.rule.number for live in gate.open_to(*span)} for span in runs.spans]


def test_no_rule_is_tried_at_a_run_without_a_label(compiled: Compiled) -> None:
    assert opened(compiled, "附件见20250618期，编码1101010001，另有2025061809。") == [set(), set(), set()]


def test_a_value_that_needs_no_label_is_tried_without_one(compiled: Compiled) -> None:
    assert opened(compiled, "请拨13800138000。")[0] == {"mobile_phone"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("准考证号：20250618001", "exam_no"),
        ("20250618001（准考证号）", "exam_no"),
        ("姓名\t准考证号\n何某\t20250618001", "exam_no"),
        ("准考证号\t20250618001\n", "exam_no"),
        ("准　考　证　号：20250618001", "exam_no"),
    ],
)
def test_a_label_opens_the_gate_wherever_it_is(compiled: Compiled, text: str, number: str) -> None:
    assert number in opened(compiled, text)[-1]


def test_a_rule_with_a_context_is_left_out_without_its_words(compiled: Compiled) -> None:
    said, other = (
        {live.rule.id for live in _live(compiled, text)} for text in ("补考名单250618001234", "名单250618001234")
    )
    assert "PII-095" in said
    assert "PII-095" not in other


def _live(compiled: Compiled, text: str) -> list[Live]:
    reading = Reading.of(Document("", "text/plain", None, (Block(text),)))
    compiled.hits("fold", reading.fold, lists=reading.words, proven=reading.proven)
    compiled.hits("squeeze", reading.squeeze, lists=reading.words, proven=reading.proven)
    return list(live_rules(reading, compiled, Labels(reading, compiled.labels), in_runs=True))


def test_a_plate_at_the_beginning_of_a_long_text_is_looked_for() -> None:
    """What lies around an anchor does not begin before the text."""
    text = "浙A12345" + "，各单位请按要求办理" * 20
    assert [low for low, _ in places("license_plate", text)] == [0]
