"""An office's own changes and 制度: what takes effect, what is refused, what is said to differ from current law."""

import pytest

import prescan
from prescan.detect import Compiled
from prescan.quality.selftest import findings_in
from prescan.rules import load_rules
from prescan.rules.profile import conflicts

TEXT = "附件2：政务外网网络拓扑图及设备清单"


@pytest.fixture
def pack(tmp_path):
    def write(text: str):
        path = tmp_path / "本单位.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def levels(path, text=TEXT):
    return {one.rule_id: one.level for one in findings_in(text, Compiled(load_rules([path])))}


def test_a_level_is_changed_with_a_reason(pack):
    path = pack('[[change]]\nrule = "SAF-006"\nlevel = "note"\nreason = "本单位另有审查"\n')
    assert levels(path)["SAF-006"] == "note"


def test_a_rule_is_switched_off_with_a_reason(pack):
    path = pack('[[change]]\nrule = "SAF-006"\ndisabled = true\nreason = "本单位另有审查"\n')
    assert "SAF-006" not in levels(path)
    assert load_rules([path]).profile.disabled == {"SAF-006": "本单位另有审查"}


def test_words_are_added_from_a_list_beside_the_file(pack, tmp_path):
    (tmp_path / "我的词.txt").write_text("# 本单位的叫法\n青禾专线图\n", encoding="utf-8")
    path = pack('[[change]]\nrule = "SAF-006"\nwords = ["@我的词.txt"]\nreason = "本单位的叫法"\n')
    assert "SAF-006" in levels(path, "附件3：青禾专线图及设备清单")
    before = load_rules([path]).digest
    (tmp_path / "我的词.txt").write_text("青禾专线总图\n", encoding="utf-8")
    assert load_rules([path]).digest != before


MISTAKES = [
    ('[[change]]\nrule = "SAF-996"\nlevel = "note"\nreason = "甲"\n', "SAF-996 不存在"),
    ('[[change]]\nrule = "SAF-006"\nlevel = "note"\n', "reason"),
    ('[[change]]\nrule = "SAF-006"\nreason = "甲"\n', "没有写调整什么"),
    ('[[change]]\nrule = "SAF-006"\nlevel = "high"\nreason = "甲"\n', "block、review、note"),
    ('[[change]]\nrule = "SAF-006"\ndisabled = "是"\nreason = "甲"\n', "true 或 false"),
    ('[[change]]\nrule = "SEC-001"\nwords = ["甲"]\nreason = "甲"\n', "不能加词"),
    ('[[change]]\nrule = "SAF-006"\nword = ["甲"]\nreason = "甲"\n', "没有字段 word"),
    ("[profile]\nanswer_days = 15\n", "answer_workdays"),
    ("[profile]\nanswer_workdays = 0\n", "正整数"),
    ('[profile]\nthird_party_silence = "no"\n', "consent、refusal、organ"),
    ('[profile]\nannual_report = "3-31"\n', "01-31"),
    ('[profile]\nannual_report = "02-30"\n', "01-31"),
    ('[profile]\nannual_report = "02-29"\n', "01-31"),
    ('[profile]\nannual_report = "11-31"\n', "01-31"),
    ("[profile]\nretention_days = 4000000\n", "最大 36500"),
    ("[profile]\nwithdraw_workdays = 36501\n", "最大 36500"),
    ('[profile]\nfees = "收"\n', "true 或 false"),
    ('[profile]\nrefusals = "涉密"\n', "列表"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_is_shown(pack, text, said):
    with pytest.raises(prescan.RuleError, match=r"本单位\.toml:") as caught:
        load_rules([pack(text)])
    assert said in str(caught.value)


def test_an_old_system_is_said_to_differ_from_current_law(pack):
    old = """[profile]
name = "政府信息公开制度（2010 年）"
disclosure_workdays = 30
answer_workdays = 15
extension_workdays = 15
third_party_workdays = 10
third_party_silence = "refusal"
annual_report = "03-31"
fees = true
catalogue = "2007"
refusals = ["可能会被用来获取不正当利益", "需要另行加工", "内部公文", "没有三需要", "涉密"]
retention_days = 365
"""
    profile = load_rules([pack(old)]).profile
    told = [(one.key, one.article) for one in conflicts(profile)]
    assert told == [
        ("disclosure_workdays", "条例 第二十六条"),
        ("answer_workdays", "条例 第三十三条"),
        ("extension_workdays", "条例 第三十三条"),
        ("third_party_workdays", "条例 第三十二条"),
        ("third_party_silence", "条例 第三十二条"),
        ("annual_report", "条例 第四十九条"),
        ("fees", "条例 第四十二条"),
        ("catalogue", "条例 第二十条"),
        ("refusals", "条例 第十三条"),
        ("refusals", "条例 第三十八条"),
        ("refusals", "条例 第十六条"),
        ("refusals", "条例 第二十七条"),
        ("refusals", "条例 第十三条"),
    ]
    statutes = load_rules().statutes
    assert all(article in statutes for _, article in told)


def test_current_law_conflicts_with_nothing(pack):
    new = '[profile]\nanswer_workdays = 20\nannual_report = "01-31"\nfees = false\nthird_party_silence = "organ"\n'
    assert list(conflicts(load_rules([pack(new)]).profile)) == []
    assert list(conflicts(load_rules().profile)) == []


def test_a_scanner_says_once_where_a_system_differs(pack, caplog):
    """And a scan of files says no more: workers load the same rules."""
    path = pack('[profile]\nthird_party_silence = "consent"\n')
    with prescan.Scanner(prescan.Settings(rules=(path,))) as scanner:
        assert ["第三方逾期不答复" in said for said in scanner.warnings] == [True]
        assert scanner.scan_text("关于植树的通知").findings == ()
    assert [record.getMessage() for record in caplog.records] == list(scanner.warnings)
