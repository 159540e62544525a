"""Words about health, belief and record count where they are said of a person, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import prescan
from prescan import detect

if TYPE_CHECKING:
    from prescan import Scanner

ID = "110101190203140028"


def said(scanner: Scanner, text: str) -> list[tuple[str, str]]:
    """Return the sensitive findings of a text: type and words."""
    found = scanner.scan_text(text).findings
    return [(f.type, text[f.start : f.end]) for f in found if f.category == "sensitive_personal"]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (f"何某（{ID}）患肝硬化多年。", "health", "患肝硬化多年"),
        (f"经鉴定，何某（{ID}）系左肩软组织挫伤。", "health", "左肩软组织挫伤"),
        (f"何某，住院号ZY00001902，诊断为右股骨干骨折，{ID}", "health", "右股骨干骨折"),
        ("我有糖尿病，当时一急手直抖。", "health", "糖尿病"),
        ("家里老伴得了帕金森病，离不开人。", "health", "帕金森病"),
        (f"何某{ID}，肢体残疾二级，已领证。", "disability", "肢体残疾二级"),
        (f"何某{ID}，曾因盗窃被行政拘留。", "criminal_record", "曾因盗窃被行政拘留"),
        (f"何某{ID}，信仰基督教。", "religion", "信仰基督教"),
        (f"何某{ID}，月收入2300元。", "financial_status", "月收入2300元"),
        (f"何某{ID}，乘坐G1902次列车返乡。", "whereabouts", "乘坐G1902次列车返乡"),
        (f"何某{ID}，已采集指纹信息。", "biometric", "已采集指纹信息"),
        (f"何某{ID}，就读于青禾小学三(2)班。", "minor", "就读于青禾小学三(2)班"),
    ],
)
def test_said_of_a_person(scanner: Scanner, text: str, kind: str, words: str) -> None:
    """A number in the same sentence or a relation in front; level review."""
    assert said(scanner, text) == [(kind, words)]
    assert all(f.level == "review" for f in scanner.scan_text(text).findings if f.type == kind)


def test_in_a_row_of_a_table(scanner: Scanner) -> None:
    """The row is about one person."""
    text = f"姓名\t身份证号\t健康状况\n何某\t{ID}\t类风湿关节炎\n周某\t\t良好\n"
    assert said(scanner, text) == [("health", "类风湿关节炎")]


@pytest.mark.parametrize(
    "text",
    [
        "高血压、糖尿病患者每季度随访一次。",
        "县人民医院肿瘤科开设癌症筛查门诊。",
        "肺结核主要通过飞沫传播，应当早发现早治疗。",
        "母亲患有乙肝的新生儿应当接种疫苗。",
        "一级残疾人护理补贴每月100元。",
        "社区矫正对象教育帮扶工作方案",
        "公民有宗教信仰自由。",
        "城乡居民人均可支配收入32000元。",
        "三年级学生每周安排两节课后服务。",
        "全县报告手足口病12例。",
        "第一条 糖尿病人的权益受保护。",
    ],
)
def test_policy_and_medicine_stay_quiet(scanner: Scanner, text: str) -> None:
    """Nobody is meant."""
    assert said(scanner, text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("户主何某身份证号110101190203140028。去年查出肝硬化，花费较多。", "肝硬化"),
        ("姓名：何某\n身份证号：110101190203140028\n住院天数：12\n入院诊断：慢性肾炎\n", "慢性肾炎"),
        ("患者送医后诊断为脑出血，自付两万元。", "脑出血"),
    ],
)
def test_a_condition_belongs_to_the_person_named_before(scanner: Scanner, text: str, word: str) -> None:
    found = [f for f in scanner.scan_text(text).findings if f.type == "health"]
    assert [text[f.start : f.end] for f in found] == [word]


def test_a_condition_far_from_any_person_is_nobodys(scanner: Scanner) -> None:
    text = "户主何某身份证号110101190203140028。" + "全镇开展环境整治，清理沟渠。" * 10 + "部分地区发生肝硬化。"
    assert [f for f in scanner.scan_text(text).findings if f.type == "health"] == []


@pytest.mark.parametrize(
    "words",
    [
        "肢体三级",
        "听力一级残疾",
        "视力残疾二级",
        "肢体残疾（二级）",
        "肢体残疾(2级)",
        "肢体残疾贰级",
        "二级肢体残疾",
        "听力、言语残疾一级",
        "智残三级",
        "一级重残",
        "重度听力障碍",
        "左腿高位截肢",
        "伤残八级",
        "七级伤残",
        "跛脚",
    ],
)
def test_a_disability_from_its_first_word_to_its_last(scanner: Scanner, words: str) -> None:
    """Degree, kind and grade, whichever comes first, with the brackets of the grade."""
    assert said(scanner, f"何某{ID}，{words}，已领证。") == [("disability", words)]
    assert said(scanner, f"何某{ID}（{words}）已领证。") == [("disability", words)]


def test_the_label_of_a_grade_is_not_part_of_it(scanner: Scanner) -> None:
    found = [words for kind, words in said(scanner, f"何某{ID}，残疾等级：二级。") if kind == "disability"]
    assert found == ["二级"]


#: Of these children only the birth date, or only the age behind the name, tells that they are.
CHILDREN = (
    f"救助对象：何雨桐，女，2015年3月2日出生，身份证号{ID}。",
    f"土狗咬伤何小虎（九岁），身份证号{ID}。",
)


@pytest.mark.parametrize("text", CHILDREN)
def test_the_rule_of_children_may_be_switched_off(scanner: Scanner, text: str) -> None:
    """Nothing is said by it then, and nothing breaks."""
    assert "minor" in dict(said(scanner, text))
    with prescan.Scanner(prescan.Settings(disabled={"PII-063": "本单位另行审查"}, ocr="off")) as without:
        findings = without.scan_text(text).findings
    assert "PII-063" not in {one.rule_id for one in findings}
    assert "resident_id" in {one.type for one in findings}


def test_the_code_of_detection_names_no_rule() -> None:
    """Any of them may be switched off or be an office's own: code asks for kinds and types."""
    named = {
        str(path): found
        for path in Path(detect.__file__).parent.glob("*.py")
        if (found := re.findall(r"\b[A-Z]{3}-\d{3}\b", path.read_text(encoding="utf-8")))
    }
    assert not named
