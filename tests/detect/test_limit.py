"""Rule kind `limit`: a sentence that keeps a paper inside, in words no list foresees."""

import pytest

from prescan.detect import Compiled
from prescan.detect.limit import around, sentences
from prescan.quality.selftest import findings_in, reading_of
from prescan.rules import load_rules

KEPT = "这张表你们三个看过就算，谁也别往外递，晚上我来收。\n拟分流人员共九名，岗位另定。"
HARMLESS = "这张表贴在公告栏，谁都可以抄，晚上换新的。\n报名人员共九名，场地另定。"


@pytest.fixture(scope="module")
def compiled():
    return Compiled(load_rules())


def reported(text, compiled):
    return [one for one in findings_in(text, compiled) if one.rule_id == "INT-050"]


def test_a_limit_in_other_words_is_found_at_review_and_to_be_checked(compiled):
    (found,) = reported(KEPT, compiled)
    assert (found.level, found.confidence, found.type) == ("review", "check", "internal_mark")
    assert found.masked.startswith("这张表")
    assert reported(HARMLESS, compiled) == []


def test_nothing_is_added_beside_a_candidate_of_another_rule(compiled):
    assert reported("内部资料　注意保存\n" + KEPT, compiled) == []
    assert findings_in("内部资料　注意保存\n" + KEPT, compiled)


def test_sure_results_ignore_exemptions(compiled):
    told = "口述整理：讲述人要求这几页只存馆里，不给人看，不外借。\n整理：县志办"
    assert {one.rule_id for one in findings_in(told, compiled)} == {"INT-054"}


def test_legal_text_is_skipped(compiled):
    law = "\n".join(f"第{number}条 {KEPT.splitlines()[0]}" for number in "一二三四")
    assert reported(law, compiled) == []


def test_signing_organs_are_not_limits(compiled):
    assert reported("整改情况向社会公开。\n　　青禾县农业农村局\n2017年3月2日", compiled) == []


def test_sentences_are_in_order_and_short_ones_left_out():
    assert sentences(reading_of("")) == []
    text = "一二三四五。六七。八九十百千。"
    assert [end - start for start, end in sentences(reading_of(text))] == [6, 6]
    assert around("甲" * 300, 120, 130) == (20, 230)
    assert around("甲" * 50, 10, 20) == (0, 50)
