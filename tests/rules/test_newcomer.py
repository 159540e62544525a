"""Somebody who has only rules/README.md: its examples hold, and every slip is shown with what to write instead."""

from pathlib import Path

import pytest
import regex

import prescan
from prescan.detect import Compiled
from prescan.quality.selftest import test_rules as failures_of
from prescan.rules import load_rules

PAGE = (Path(__file__).parents[2] / "rules" / "README.md").read_text(encoding="utf-8")
BLOCKS = regex.findall(r"(?s)```toml\n(.*?)```", PAGE)

RULE = """[[rule]]
id = "OFFICE-101"
name = "本单位专案代称"
kind = "words"
type = "work_secret"
words = ["@专案代称.txt"]
unless = ['施工公告']
reason = "是在办专案的内部代称"
basis = ["保守国家秘密法 第六十四条"]
advice = "删除或改用公开名称"
find = ["关于«青禾专案»进展的情况", "请«白露工程»各组报材料。"]
pass = ["青禾路施工公告", "白露节气天气转凉。", "工程进度正常。"]
"""


@pytest.fixture
def office(tmp_path):
    """Return a function that writes a pack, with the lists the page speaks of beside it."""
    (tmp_path / "专案代称.txt").write_text("青石二号\n青禾专案\n白露工程   # 去年立的\n", encoding="utf-8")
    (tmp_path / "本单位系统名称.txt").write_text("青禾专线图\n", encoding="utf-8")

    def write(text: str) -> str:
        path = tmp_path / "本单位.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def failures(path: str) -> list[str]:
    base = load_rules([path])
    own = [rule for rule in base.rules if rule.file == path]
    return [str(failure) for failure in failures_of(own, Compiled(base))]


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_what_the_page_shows_works_as_it_stands(number, office):
    assert failures(office(BLOCKS[number])) == []


def test_the_page_shows_rules_lists_changes_and_a_profile():
    shown = "\n".join(BLOCKS)
    assert all(part in shown for part in ("[[rule]]", '"@', "[[change]]", "disabled = true", "[profile]"))
    assert all(f"prescan rules {name} " in PAGE for name in ("new", "test", "why", "list"))


def test_a_rule_with_a_list_holds(office):
    assert failures(office(RULE)) == []


SLIPS = [
    ('words = ["', '　words = ["', "全角空格"),
    ('words = ["', "words = [“", "中文标点 “"),
    ("['施工公告']", "[施工公告]", "引号"),
    ("['施工公告']", "[\n施工公告\n]", "没有等号"),
    ('advice = "删除或改用公开名称"', "advice = 删除", "要加英文引号"),
    ("reason", "resaon", "您要写的是否是 reason"),
    ("施工公告'", "施工(公告'", "左括号 ( 没有配上右括号"),
    ("施工公告'", "[施工公告'", "方括号 [ 没有配上 ]"),
    ("施工公告'", "*施工公告'", "前面没有字"),
    ("第六十四条", "第六百条", "保守国家秘密法可以引用"),
    ("保守国家秘密法 第六十四条", "植树办法 第一条", "不在 rules/statutes 中"),
    ("专案代称.txt", "专案代号.txt", "找不到词表"),
    ("OFFICE-101", "office101", "编号应像"),
    ("OFFICE-101", "SEC-001", "请换一个编号"),
    ('"work_secret"', '"工作秘密"', "类型"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), SLIPS)
def test_a_slip_is_shown_on_its_line_with_what_to_write(right, wrong, said, office):
    with pytest.raises(prescan.RuleError) as caught:
        load_rules([office(RULE.replace(right, wrong, 1))])
    assert said in str(caught.value)
    assert "→" in str(caught.value)


def test_an_example_that_is_not_found_says_why(office):
    (failure,) = failures(office(RULE.replace("«白露工程»", "«小满工程»")))
    assert "应命中而没有" in failure
    assert "没有关键词（青石二号、青禾专案、白露工程）" in failure
    (failure,) = failures(office(RULE.replace("请«白露工程»各组", "施工公告：请«白露工程»各组")))
    assert "属于例外：施工公告" in failure


@pytest.mark.usefixtures("few_rules")
def test_shipped_examples_hold_whatever_the_periods_of_an_office(office, capsys):
    """Only rules of kind `dated`, which are in the pack of flow, ask for the periods."""
    from prescan.quality.selftest import main

    assert {rule.kind for rule in load_rules().rules} >= {"dated"}
    assert main([office(RULE + "\n[profile]\ndisclosure_workdays = 10\nretention_days = 30\n")]) == 0
    assert "0 处不符" in capsys.readouterr().out


COLUMN = """[[rule]]
id = "OFFICE-102"
name = "备注栏里的病情"
kind = "column"
type = "health"
cues = ["备注"]
pattern = '''因病'''
reason = "写了个人的病情"
basis = ["条例 第十五条"]
advice = "删去这一列"
find = ["姓名\\t金额\\t备注\\n周远\\t500\\t«因病致贫»"]
pass = ["因病致贫的家庭可以申请救助。"]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("'''因病'''", "'''因病'''", "前后加上 .*"),
        ("'''因病'''", "'''酗酒'''", "列里没有这样的格子"),
        ('cues = ["备注"]', 'cues = ["原因"]', "没有这样的列名（原因）"),
        ("姓名\\t金额\\t备注\\n周远", "事项\\t金额\\t备注\\n合计", "没有认出个人"),
    ],
)
def test_a_column_that_is_not_found_says_why(right, wrong, said, office):
    whole = COLUMN.replace(right, wrong, 1)
    (failure,) = failures(office(whole.replace("'''因病'''", "'''因病致贫'''") if "个人" in said else whole))
    assert said in failure
