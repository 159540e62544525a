"""Numbers that are nobody's are left alone; a mistyped number beside its name is shown to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import prescan
from prescan.numbers import NUMBERS, resident_id

if TYPE_CHECKING:
    from prescan import Finding, Scanner

DECOYS = """
统一社会信用代码：91350100M000100Y43，法定代表人何某
社会信用代码 9135 0100 M000 100Y 43
纳税人识别号91350100M000100Y43
组织机构代码：12345678-9
订单号：2025101669278270
订单编号6222020000000000018已发货
流水号：110101190203140027
受理编号13800138000，请妥善保存
受理编号：138001380001234567
发票号码：26330044172633568668
发票代码：144032209110，号码：12345678
项目代码：2505-330102-04-01-123456
不动产单元号：330102001001GB00001F00010001
不动产单元号330102 001001 GB00001 F00010001
宗地号：330102001001GB00001
临政发〔2025〕17号
依据国办发〔2019〕138号、临政办函〔2025〕13800号
第13800138号公告
12345政务服务热线
服务热线：400-800-1234，客服电话95588
咨询电话：0999-8812345
办公电话：0999-8812345，传真：0999-8812346
联系电话：（0999）8812345
值班电话0999-8812345，监督电话：12388
总投资13800138000元
合同金额13800138000.00元
预算13800138000万元
总投资 1,380,013,800 元
面积1380013.80平方米
2025年6月1日至2025年12月31日
起止时间：20250601—20251231
2025-06-01 08:30:00
时间戳：1380013800012
ISBN 978-7-04-123456-7
ISBN：9787041234567
ISSN 1671-1234
东经120.15507°，北纬30.27408°
坐标：120.155070,30.274085
坐标（3345678.123，40512345.678）
邮编：330102
IP：192.168.100.138，版本1.10.138.00138
标准GB 11643-1999、GB/T 35273-2020
专利号：ZL 2020 1 0138001.3
案号（2025）临01民初138号
许可证编号：JY13301020138001
批准文号：国药准字H20138001
条形码：6901234567892
招标编号：ZFCG-20250601-138001
快递单号：SF1380013800138
对公账户：33010201380013800138
车次G1380，航班CA1234，座位12A
津贴按京发〔2025〕12号执行
依据浙A类标准执行，共12345项
持普通护照人员请走3号通道
教室编号E12345678，货架H12345678
台胞证办理时限为20250101起的十个工作日
电话12345678
单位邮箱：zwgk@example.gov.cn
报名材料发送至baoming2025@example.com
""".strip().split("\n")
MASKED = """
身份证号：11*************028
身份证号：110101********0028
身份证号码 110101XXXXXXXX0028
身份证号：1101**********0028
手机：138****8000
联系电话138xxxx8000
联系电话：138 **** 8000
卡号：***************0018
卡号：6222 **** **** **** 018
银行账号：6222***********0018
护照号：E1*****78
车牌号：浙A***45
家庭电话：0999-881****
""".strip().split("\n")


def personal(scanner: Scanner, text: str) -> list[Finding]:
    """Return what is found that tells of a person, names aside."""
    return [
        finding
        for finding in scanner.scan_text(text).findings
        if finding.category == "personal" and finding.type != "person_name"
    ]


@pytest.mark.parametrize("frame", ["{}", "现将有关事项说明如下：{}。", "{}\n", "事项\t{}\n", "（{}）"])
@pytest.mark.parametrize("text", DECOYS)
def test_a_number_of_something_else_is_no_finding(scanner: Scanner, text: str, frame: str) -> None:
    """Codes of organisations, orders, invoices, land, documents, offices, money, dates, books, places."""
    assert personal(scanner, frame.format(text)) == []


@pytest.mark.parametrize("frame", ["{}", "经查，何某，{}，情况属实。", "姓名\t何某\n备注\t{}\n"])
@pytest.mark.parametrize("text", MASKED)
def test_a_masked_value_is_no_finding(scanner: Scanner, text: str, frame: str) -> None:
    """It was dealt with."""
    assert personal(scanner, frame.format(text)) == []


@pytest.mark.parametrize("label", ["统一社会信用代码", "订单号", "发票号码", "受理编号"])
def test_a_column_of_other_numbers_is_no_finding(scanner: Scanner, label: str) -> None:
    """The header above says what they are, also for digits that look like a mobile number or a card."""
    text = f"名称\t{label}\n甲公司\t91350100M000100Y43\n乙公司\t13800138000\n丙公司\t6222020000000000018\n"
    assert personal(scanner, text) == []


@pytest.mark.parametrize(
    "text", ["13 80 01 38 000", "1 3800138000", "138001380 00", "1-3-8-0-0-1-3-8-0-0-0", "622 2020 0000 0000 0018"]
)
def test_digits_in_groups_nobody_writes_are_no_finding_without_a_label(scanner: Scanner, text: str) -> None:
    """Separate numbers side by side, scores, sizes."""
    assert personal(scanner, f"登记 {text} 完毕") == []


WRONG = {
    "resident_id": ["110101190203140027", "110101190213140028", "110101190202300026"],
    "bank_card": ["6222020000000000019", "6222020000000008"],
}
LABELS = {"resident_id": "身份证号", "bank_card": "银行卡号"}
_WRONG = [(kind, number) for kind, numbers in WRONG.items() for number in numbers]


@pytest.mark.parametrize(("kind", "number"), _WRONG)
@pytest.mark.parametrize("frame", ["{number}", "系统登记为{number}。", "编号：{number}", "甲\t{number}\n乙\t\n"])
def test_a_failed_check_without_a_label_is_no_finding(scanner: Scanner, kind: str, number: str, frame: str) -> None:
    """Such digits are anything."""
    assert not NUMBERS[kind].is_valid(number)
    assert personal(scanner, frame.format(number=number)) == []


@pytest.mark.parametrize(("kind", "number"), _WRONG)
@pytest.mark.parametrize(
    "frame",
    [
        "{label}：{number}。",
        "何某（{label}{number}）",
        "姓名\t{label}\n何某\t{number}\n周某\t\n",
        "| 姓名 | {label} |\n| --- | --- |\n| 何某 | {number} |\n",
        "姓名\t何某\t{label}\t{number}\n",
    ],
)
def test_a_failed_check_beside_its_label_is_for_a_person_to_check(
    scanner: Scanner, kind: str, number: str, frame: str
) -> None:
    """A mistyped number is still somebody's; in a roster too it is at most review."""
    text = frame.format(label=LABELS[kind], number=number)
    (found,) = personal(scanner, text)
    assert (found.type, found.level, found.confidence) == (kind, "review", "check")
    assert text[found.start : found.end] == number
    assert any("校验码" in said for said in found.evidence)


def test_a_valid_id_beside_the_label_of_something_else_is_doubtful(scanner: Scanner) -> None:
    """The label and the check digit disagree: a person looks."""
    (found,) = personal(scanner, "流水号：110101190203140028")
    assert (found.type, found.level, found.confidence) == ("resident_id", "review", "check")


def test_labels_reach_no_further_than_their_sentence(scanner: Scanner) -> None:
    """身份证号 in one sentence says nothing about digits in the next, in another cell or behind another number."""
    for between in ("无误。编号", "\t甲\t", "：110101190203140028，流水号"):
        found = personal(scanner, f"身份证号{between}110101190203140027")
        assert [finding.confidence for finding in found if finding.confidence == "check"] == []


@given(st.text("0123456789 .,:：-年月日元第号条（）()\n", max_size=60))
@settings(max_examples=300, deadline=None)
def test_digits_without_words_give_only_valid_numbers(scanner: Scanner, text: str) -> None:
    """Whatever is taken passes its own check."""
    for finding in personal(scanner, text):
        value = text[finding.start : finding.end]
        assert finding.type == "address" or NUMBERS[finding.type].is_valid(value)


@given(st.integers(0, 10**17 - 1), st.sampled_from("0123456789X"))
@settings(max_examples=200, deadline=None)
def test_eighteen_digits_are_an_id_only_if_valid(scanner: Scanner, body: int, last: str) -> None:
    """Random codes of that length stay silent."""
    number = f"{body:017d}{last}"
    found = [finding.type for finding in personal(scanner, f"登记 {number} 完毕")]
    assert ("resident_id" in found) == resident_id.is_valid(number)


BOTH = "110101190501180570"
"""Valid as an ID number and, by chance, as 统一社会信用代码."""


def test_an_id_number_that_is_also_a_credit_code_by_chance_is_found():
    assert NUMBERS["resident_id"].is_valid(BOTH)
    assert NUMBERS["uscc"].is_valid(BOTH)
    for text in (f"蒋石竹,{BOTH},石桥镇", f"{BOTH}", f"身份证号：{BOTH}"):
        assert [one.type for one in prescan.Scanner().scan_text(text).findings if one.type == "resident_id"]
    said = prescan.Scanner().scan_text(f"统一社会信用代码：{BOTH}").findings
    assert "resident_id" not in {one.type for one in said}
