"""Rules of dates: they speak on the day that comes in, never by the wall clock, and the office's 制度 counts."""

import datetime
from dataclasses import replace

import pytest

from prescan.detect import Clock, Compiled, detect
from prescan.quality.selftest import reading_of
from prescan.rules import load_rules
from prescan.rules.kinds import DATED, Profile
from prescan.scanner import Scanner
from prescan.text import periods
from prescan.types import Context, Settings

DAY = datetime.date(2026, 6, 1)
NOTICE = "某某县民政局关于提高补助标准的通知\n各乡镇：\n现将标准调整如下。\n某某县民政局\n2026年{}\n（此件公开发布）"


@pytest.fixture(scope="module")
def base():
    held = load_rules()
    return replace(held, rules=tuple(rule for rule in held.rules if rule.kind in {"dated", "pattern"}))


def said(base, text, clock, stage="published", **profile):
    compiled = Compiled(replace(base, profile=Profile(**profile)))
    found = detect(reading_of(text), compiled, stage, clock)
    return {item.rule_id: item.evidence[0] for item in found if compiled.rules[item.rule_id].kind == "dated"}


def test_every_time_limit_has_one_rule(base):
    assert sorted(rule.dated for rule in base.rules if rule.kind == "dated") == sorted(DATED)


def test_without_a_day_nothing_is_checked(base):
    text = "某某县拟录用人员公示\n现将名单公示如下。公示时间：2020年3月2日至3月8日。"
    assert said(base, text, Clock(DAY, published_on=datetime.date(2020, 3, 2)))
    assert said(base, text, None) == {}


@pytest.mark.parametrize(
    ("day", "over"), [(datetime.date(2026, 3, 8), False), (datetime.date(2026, 3, 9), True)], ids=["last day", "after"]
)
def test_a_publicity_is_over_the_day_after_its_last(base, day, over):
    text = "某某县拟录用人员公示\n现将名单公示如下。公示时间：2026年3月2日至3月8日。"
    clock = Clock(day, published_on=datetime.date(2026, 3, 2))
    assert ("FLO-301" in said(base, text, clock)) is over
    assert said(base, text, clock, stage="draft") == {}


def test_a_counted_publicity_runs_from_its_publication_in_working_days(base):
    text = "某某县拟录用人员公示\n现将名单公示如下。公示期五个工作日。"
    published = datetime.date(2026, 3, 2)
    assert "FLO-301" not in said(base, text, Clock(datetime.date(2026, 3, 9), published_on=published))
    found = said(base, text, Clock(datetime.date(2026, 3, 10), published_on=published), withdraw_workdays=5)
    assert found["FLO-301"] == "公示期至 2026-03-09，已过 1 天；本单位制度规定失效后 5 个工作日内（2026-03-16 前）下网"
    assert said(base, text, Clock(DAY)) == {}  # nobody says when it was published


def test_a_mark_whose_period_is_over_still_needs_a_record(base):
    text = "机密★5年\n某某市人民政府文件\n关于防护工作的通知\n各县区：\n按要求执行。\n某某市人民政府\n2015年3月1日"
    found = said(base, text, Clock(DAY), stage="draft")
    assert found["FLO-302"].startswith("标注的保密期限到 2020-03-01，已经届满")
    assert said(base, text, Clock(datetime.date(2019, 6, 1)), stage="draft") == {}
    assert said(base, text + "\n本件2021年经批准解密。", Clock(DAY), stage="draft") == {}
    late = Clock(DAY, produced_on=datetime.date(2024, 1, 1))
    assert said(base, text, late, stage="draft") == {}  # the caller knows better


def test_the_office_may_be_stricter_than_the_law_but_not_laxer(base):
    text, made = NOTICE.format("3月2日"), Clock(DAY, published_on=datetime.date(2026, 3, 23))  # 15 working days
    assert said(base, text, made) == {}
    assert "本单位制度规定 10 个" in said(base, text, made, disclosure_workdays=10)["FLO-303"]
    late = Clock(DAY, published_on=datetime.date(2026, 4, 10))
    assert "，规定 20 个" in said(base, text, late, disclosure_workdays=40)["FLO-303"]


def test_an_unpublished_draft_is_reported_after_the_limit_of_the_office(base):
    drafts = {"stage": "draft", "disclosure_workdays": 15}
    assert "FLO-303" in said(base, NOTICE.format("3月2日"), Clock(DAY), **drafts)
    assert said(base, NOTICE.format("3月2日"), Clock(DAY), stage="draft") == {}  # nobody said so
    assert said(base, NOTICE.format("5月25日"), Clock(DAY), **drafts) == {}
    assert said(base, NOTICE.format("3月2日").replace("（此件公开发布）", ""), Clock(DAY), **drafts) == {}


def test_an_answer_is_counted_from_the_receipt_of_the_application(base):
    text = "某某局政府信息公开申请答复书\n本机关于2026年3月2日收到您提交的申请。{}\n某某局\n2026年4月10日"
    assert "FLO-304" in said(base, text.format("经查公开。"), Clock(DAY))
    assert "FLO-304" not in said(base, text.format("因情况复杂延长答复。"), Clock(DAY))
    assert "FLO-304" in said(base, text.format("因情况复杂延长答复。"), Clock(DAY), extension_workdays=2)
    assert "本单位制度规定 10 个" in said(base, text.format("经查公开。"), Clock(DAY), answer_workdays=10)["FLO-304"]


def test_an_earlier_last_day_of_the_office_for_the_annual_report_counts(base):
    text = "某某县水利局2025年政府信息公开工作年度报告\n一、总体情况\n全年公开。\n某某县水利局\n2026年1月20日"
    assert said(base, text, Clock(DAY)) == {}
    assert "2026-01-15" in said(base, text, Clock(DAY), name="制度", annual_report="01-15")["FLO-305"]
    assert said(base, text, Clock(DAY), name="制度", annual_report="03-31") == {}


def test_pages_are_kept_as_long_as_the_office_sets(base):
    clock = Clock(DAY, published_on=datetime.date(2025, 5, 1))
    assert said(base, "某某县天气提示\n明日有雨。", clock) == {}
    assert "到 2026-05-01 为止" in said(base, "某某县天气提示\n明日有雨。", clock, retention_days=365)["FLO-306"]
    assert said(base, "某某县天气提示\n明日有雨。", clock, retention_days=900) == {}


def test_a_scan_counts_from_the_day_that_is_set():
    text = "某某县人才补贴办法\n本办法自2021年3月1日起施行，有效期至2025年12月31日。具体标准另行通知，欢迎来电咨询。"
    for day, expected in ((datetime.date(2025, 12, 31), False), (datetime.date(2026, 1, 1), True)):
        with Scanner(Settings(today=day)) as one:
            found = one.scan_text(text, context=Context(stage="published")).findings
        assert any(finding.type == "superseded" for finding in found) is expected


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年3月1日", "2026-03-01"),
        ("2026-03-01", "2026-03-01"),
        ("2026.3.1", "2026-03-01"),
        ("二〇二六年三月一日", "2026-03-01"),
        ("二○二六年十二月三十一日", "2026-12-31"),
        ("2026年2月", "2026-02-28"),
        ("2026年13月1日", None),
        ("2026年2月30日", None),
    ],
)
def test_dates_as_they_are_written(text, day):
    assert [found.isoformat() for _, _, found in periods.dates_in(text)] == ([day] if day else [])
