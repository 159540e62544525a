"""`prescan rules new` and `test`: a draft that nobody completed is not a rule that holds."""

from __future__ import annotations

import pytest
from cli.running import prescan_with, write
from click.testing import CliRunner

from prescan.cli import app

DRAFT = ["rules", "new", "OFFICE-002", "--example", "这是«局内要情»第3期"]


@pytest.mark.usefixtures("few_rules")
def test_a_draft_is_not_sound_until_it_is_completed(folder):
    asked = CliRunner()
    assert asked.invoke(app, [*DRAFT, "-o", "要情.toml"], standalone_mode=False).return_value == 0
    tested = asked.invoke(app, ["rules", "test", "要情.toml"], standalone_mode=False)
    assert tested.return_value == 1
    assert "要情.toml:3  还没有补全：（这条规则叫什么）" in tested.output
    assert "还有 7 处没有补全，补全以后再检验" in tested.output
    text = (folder / "要情.toml").read_text(encoding="utf-8")
    for blank, said in {
        "（这条规则叫什么）": "局内要情",
        "（为什么值得看一眼，一句话）": "只在局内传阅",
        "（该怎么办，一句话）": "不公开",
        "（再写一句应当命中的真实句子，含“局内要情”）": "见«局内要情»第5期。",
        "（写三句不该命中的真实句子）": "局内要开会。",
        "（二）": "情况很好。",
        "（三）": "要情况属实。",
    }.items():
        text = text.replace(blank, said)
    (folder / "要情.toml").write_text(text, encoding="utf-8")
    done = asked.invoke(app, ["rules", "test", "要情.toml"], standalone_mode=False)
    assert done.return_value == 0, done.output


def test_the_list_names_the_type_a_rule_file_asks_for():
    listed = CliRunner().invoke(app, ["rules", "list"], standalone_mode=False)
    assert "PII-001  阻断  居民身份证号（居民身份证号 resident_id）" in listed.output


def test_scan_and_config_say_where_an_old_system_differs_from_current_law(folder):
    write(folder / "本单位.toml", '[profile]\nthird_party_silence = "consent"\nfees = true\n')
    write(folder / "prescan.toml", 'rules = ["本单位.toml"]\n')
    write(folder / "通知.txt", "关于植树的通知\n各科室：\n请按时参加。\n")
    done = prescan_with("scan", str(folder / "通知.txt"), "--config", str(folder / "prescan.toml"))
    said = done.stderr.decode()
    assert said.count("单位制度与现行法不一致（third_party_silence）") == 1
    assert said.count("单位制度与现行法不一致（fees）") == 1
    shown = CliRunner().invoke(app, ["config", "--config", str(folder / "prescan.toml")], standalone_mode=False)
    assert "单位制度与现行法不一致（fees）" in shown.output


def test_a_rule_switched_off_is_named_with_the_reason(folder):
    write(folder / "本单位.toml", '[[change]]\nrule = "INT-009"\ndisabled = true\nreason = "已公开发行"\n')
    asked = CliRunner()
    listed = asked.invoke(app, ["rules", "list", "--rules", "本单位.toml"], standalone_mode=False)
    assert "INT-009  停用  已公开发行" in listed.output
    shown = asked.invoke(app, ["rules", "show", "INT-009", "--rules", "本单位.toml"], standalone_mode=False)
    assert str(shown.exception) == "规则 INT-009 已停用，理由：已公开发行"


@pytest.mark.parametrize(("rule_id", "said"), [("office", "不合写法"), ("sec-001", "已是随附或设置中的规则")])
def test_a_draft_needs_an_id_that_is_free(folder, rule_id, said):
    made = CliRunner().invoke(app, ["rules", "new", rule_id, *DRAFT[3:], "-o", "要情.toml"], standalone_mode=False)
    assert said in str(made.exception)
    assert not (folder / "要情.toml").exists()


OWN = """\
[[rule]]
id = "OFFICE-001"
name = "局内要情"
kind = "words"
type = "internal_mark"
words = ["局内要情"]
reason = "只在局内传阅"
basis = ["条例 第十六条第一款"]
advice = "不公开"
find = ["这是«局内要情»第3期", "见«局内要情»第5期。"]
pass = ["局内要开会。", "情况很好。", "要情属实。"]
"""
#: Reads no rules of an office: it measures the shipped ones against their floors.
WITHOUT_SETTINGS = {"evaluate"}
#: Commands on a store whose rules were fixed when it was filled, or on none.
WITHOUT_RULES = {"crawl", "log verify", "purge"}


def commands(group, name="") -> dict[str, object]:
    """Return every command below a group by its name."""
    found = {}
    for word, one in group.commands.items():
        at = f"{name} {word}".strip()
        found |= commands(one, at) if hasattr(one, "commands") and at != "serve" else {at: one}
    return found


def test_every_command_that_reads_rules_takes_the_settings_file():
    missing = {name for name, one in commands(app).items() if not any("--config" in param.opts for param in one.params)}
    assert {name.removeprefix("audit ") for name in missing} == WITHOUT_SETTINGS | WITHOUT_RULES


def test_rules_commands_read_the_settings_a_scan_reads(folder):
    write(folder / "本单位.toml", OWN)
    write(folder / "通知.txt", "这是局内要情第3期，内部资料。\n")
    write(folder / "prescan.toml", 'rules = ["本单位.toml"]\n[disabled]\nINT-009 = "已公开发行"\n')
    for config in ([], ["--config", str(folder / "prescan.toml")]):
        asked = CliRunner()
        listed = asked.invoke(app, ["rules", "list", *config], standalone_mode=False)
        assert "OFFICE-001  复核  局内要情" in listed.output
        assert "INT-009  停用  已公开发行" in listed.output
        shown = asked.invoke(app, ["rules", "show", "OFFICE-001", *config], standalone_mode=False)
        assert "只在局内传阅" in shown.output
        why = asked.invoke(app, ["rules", "why", "通知.txt", "OFFICE-001", *config], standalone_mode=False)
        assert "命中：只在局内传阅" in why.output, why.exception


def test_general_talk_beside_a_person_is_no_finding_and_why_says_so(folder):
    told, general = "走访郑国栋家，郑国栋患尿毒症，每周透析三次。", "大病保险对尿毒症透析的报销比例今年提高到八成。"
    write(folder / "走访.txt", f"{told}{general}\n")
    asked = CliRunner().invoke(app, ["rules", "why", "走访.txt", "PII-061"], standalone_mode=False)
    held, *others = asked.output.splitlines()
    assert "命中：" in held, asked.exception
    assert f"（第 {len(told) + general.index('尿毒症') + 1} 字）" in asked.output
    assert others
    assert all("泛泛而谈" in line for line in others)


def test_the_limits_in_the_settings_hold_for_why(folder):
    write(folder / "通知.txt", "这是局内要情第3期，内部资料。\n" * 30_000)
    write(folder / "prescan.toml", "[limits]\nfile_mb = 1\n")
    asked = CliRunner().invoke(app, ["rules", "why", "通知.txt", "INT-009"], standalone_mode=False)
    assert asked.exception is not None
    assert asked.exception.code == "too_large"


@pytest.mark.usefixtures("few_rules")
def test_the_self_test_covers_the_rules_in_the_settings(folder):
    write(folder / "本单位.toml", OWN.replace("这是«局内要情»第3期", "这是«局内情况»第3期"))
    write(folder / "prescan.toml", 'rules = ["本单位.toml"]\n')
    tested = CliRunner().invoke(app, ["rules", "test"], standalone_mode=False)
    assert tested.return_value == 1
    assert "本单位.toml:1 OFFICE-001  应命中而没有" in tested.output


def test_a_second_draft_with_the_same_id_is_not_written(folder):
    asked = CliRunner()
    assert asked.invoke(app, [*DRAFT, "-o", "要情.toml"], standalone_mode=False).return_value == 0
    before = (folder / "要情.toml").read_bytes()
    again = asked.invoke(app, [*DRAFT, "-o", "要情.toml"], standalone_mode=False)
    assert str(again.exception) == "要情.toml 里已有编号 OFFICE-002，请换一个编号，或直接改那一条"
    assert (folder / "要情.toml").read_bytes() == before


def test_an_id_may_be_written_in_small_letters():
    shown = CliRunner().invoke(app, ["rules", "show", "pii-001"], standalone_mode=False)
    assert shown.output.startswith("PII-001 居民身份证号")
