"""Numbers that only a word beside them tells, numbers that hold an ID number, and what looks like either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from prescan import Finding, Scanner


def personal(scanner: Scanner, text: str) -> list[Finding]:
    """Return what is found that tells of a person, names aside."""
    found = scanner.scan_text(text).findings
    return [f for f in found if f.category == "personal" and f.type != "person_name"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("补助打入存折100000000000001。", "bank_account", "100000000000001"),
        ("一折通：6000-0000-0001-902，", "bank_account", "6000-0000-0001-902"),
        ("微信（号hehua_1902）", "social_account", "hehua_1902"),
        ("加了他的QQ100001902，", "social_account", "100001902"),
        ("社保编号1000001902。", "social_security_no", "1000001902"),
        ("公积金账号 1000 0000 1902", "provident_fund_no", "1000 0000 1902"),
        ("学号G110101190203140028，", "student_id", "G110101190203140028"),
        ("学籍号：L11010119020314001X", "student_id", "L11010119020314001X"),
        ("学生G110101190203140028转学", "student_id", "G110101190203140028"),
        ("准考证号：202500001902", "exam_no", "202500001902"),
        ("军官证（军字第 0000 001 号）", "military_id", "军字第 0000 001 号"),
        ("士官证南字第0000001号", "military_id", "南字第0000001号"),
        ("驾驶证：110000001902，", "driver_license", "110000001902"),
        ("残疾证11010119020314002844", "disability_certificate", "11010119020314002844"),
        ("残疾证：1101 0119 0203 1400 2844", "disability_certificate", "1101 0119 0203 1400 2844"),
        ("证号11010119020314002843B1换发", "disability_certificate", "11010119020314002843B1"),
        ("住院号：ZY00001902，", "medical_record_no", "ZY00001902"),
        ("从业资格证2019000001902，", "practitioner_certificate", "2019000001902"),
        ("编码200011110110101190203140028", "practitioner_certificate", "200011110110101190203140028"),
        ("结婚证J110105-2014-000001，", "marriage_certificate", "J110105-2014-000001"),
        ("房产证浙（2025）临溪县不动产权第0000001号。", "property_certificate", "浙（2025）临溪县不动产权第0000001号"),
        ("永居证：USA110100000001", "foreign_resident_id", "USA110100000001"),
        ("证件号码USA110100000001（永居证）", "foreign_resident_id", "USA110100000001"),
        ("证件911840190405060010", "foreign_resident_id", "911840190405060010"),
        ("手机串号8600 0000 0001 902，", "device_id", "8600 0000 0001 902"),
        ("MAC地址：00:00:5E:00:53:01", "device_id", "00:00:5E:00:53:01"),
        ("宅电88001902，", "landline_phone", "88001902"),
        ("宅电：+86 0571 88001902", "landline_phone", "+86 0571 88001902"),
        ("车牌浙X1234应急，", "license_plate", "浙X1234应急"),
        ("12345678（台胞证）", "taiwan_permit", "12345678"),
    ],
)
@pytest.mark.parametrize("frame", ["何某，{}", "何某　{}\n", "1．何某；{}"])
def test_a_number_beside_its_name(scanner: Scanner, text: str, kind: str, value: str, frame: str) -> None:
    """The longest valid form, and nothing but it."""
    shown = frame.format(text)
    found = [(finding.type, shown[finding.start : finding.end]) for finding in personal(scanner, shown)]
    assert found == [(kind, value)]


@pytest.mark.parametrize("number", ["11010119020314002844", "G110101190203140028", "200011110110101190203140028"])
def test_a_number_that_holds_an_id_is_one_blocking_finding(scanner: Scanner, number: str) -> None:
    """It gives the ID number away."""
    (found,) = personal(scanner, f"何某，{number}。")
    assert found.level == "block"
    assert "内含身份证号" in found.evidence
    assert "110101190203140028"[2:15] not in found.masked


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("身份证：34O104199001025948", None),
        ("身份证：11O1O1190203140028", "11O1O1190203140028"),
        ("手机138OO138000，", "138OO138000"),
        ("卡号622202OOOO0OO0O0018", None),
        ("卡号6222O20000000000018", "6222O20000000000018"),
        ("手机号一三八〇〇一三八〇〇〇，", "一三八〇〇一三八〇〇〇"),
        ("手机幺三八零零幺三八零零零", "幺三八零零幺三八零零零"),
        ("电话壹叁捌零零壹叁捌零零零", "壹叁捌零零壹叁捌零零零"),
    ],
)
def test_digits_in_disguise(scanner: Scanner, text: str, value: str | None) -> None:
    """Letters that OCR puts for digits, figures in Chinese; offsets are those of the text."""
    found = [text[finding.start : finding.end] for finding in personal(scanner, text)]
    assert found == ([value] if value else found[:1])


def test_letters_for_digits_need_a_label_or_a_check_digit(scanner: Scanner) -> None:
    """Codes of goods mix letters and digits."""
    assert personal(scanner, "型号138OO138000已停产") == []


@pytest.mark.parametrize("number", ["11010119020314002", "1101011902031410028"])
def test_an_id_of_a_wrong_length_is_for_a_person_to_check(scanner: Scanner, number: str) -> None:
    """A digit lost or doubled in typing."""
    (found,) = personal(scanner, f"身份证号：{number}。")
    assert (found.type, found.level, found.confidence) == ("resident_id", "review", "check")


@pytest.mark.parametrize("label", ["联系电话", "卡号", "社保号", "驾驶证号", "准考证号"])
def test_a_valid_id_under_another_persons_label_stays_what_it_is(scanner: Scanner, label: str) -> None:
    """Columns get mixed up."""
    (found,) = personal(scanner, f"{label}：110101190203140028")
    assert (found.type, found.level) == ("resident_id", "block")


def test_labels_end_where_they_should(scanner: Scanner) -> None:
    """The label of one number is not the next one's, and none reaches over a blank line."""
    assert len(personal(scanner, "身份证号110101190203140028，编号110101190203140027。")) == 1
    assert personal(scanner, "身份证号\n\n\n登记110101190203140027完毕") == []
    assert personal(scanner, "交易流水号：20250601110101190203140028") == []


@pytest.mark.parametrize(
    "text",
    [
        "罚款缴至财政专户100000000000001。",
        "对公账户：100000000000001",
        "关注微信公众号lx_fabu2025",
        "QQ群号100001902",
        "客服微信：kefu_2025",
        "参加养老保险12345678人",
        "公积金贷款12345678元",
        "准考证打印时间20250601至20250610",
        "驾驶证业务受理编号110000001902",
        "档案编号：20250601000019",
        "建字第330102202500001号",
        "医疗器械注册证号：国械注准20203140001",
        "设备编号860000000001902",
        "合同编号CHN202506010001",
        "项目代码：2505-330102-04-01-123456",
        "不动产单元号330102001001GB00001F00010001",
        "网上办理时间08:30:00至17:00:00",
        "IP地址192.168.100.138",
        "窗口座机0999-8812345",
    ],
)
def test_numbers_of_offices_and_things_stay_quiet(scanner: Scanner, text: str) -> None:
    """Public accounts, groups, statistics, permits, goods."""
    assert personal(scanner, text) == []
    assert personal(scanner, f"现将有关事项说明如下：{text}，请知悉。") == []


def test_a_label_holds_for_the_next_number_of_its_length_unless_another_stands_between(scanner: Scanner) -> None:
    listed = "何某公积金账号100000001902，提取三万元；丁某于同日办理，100000001903，提取两万元。"
    assert [f.type for f in personal(scanner, listed)].count("provident_fund_no") == 2
    other = "何某公积金账号100000001902，提取三万元；另付工程款，流水号100000001903。"
    assert [f.type for f in personal(scanner, other)].count("provident_fund_no") == 1


def test_the_label_right_in_front_beats_the_list_it_follows(scanner: Scanner) -> None:
    text = "何某社保编号1000001902、公积金100000001903，均已转移。"
    assert [f.type for f in personal(scanner, text) if "1" in text[f.start : f.end]][-2:] == [
        "social_security_no",
        "provident_fund_no",
    ]


def test_after_a_mere_gap_the_next_number_is_of_its_own_kind(scanner: Scanner) -> None:
    """执业证2025217642721 19837121391: the second is a telephone number."""
    found = personal(scanner, "何清源 男 执业证2025217642721 13800138000 派往青禾镇卫生院\n")
    assert [(one.type, one.masked[:3]) for one in found][-1] == ("mobile_phone", "138")


def test_a_general_header_names_permits_only_in_lists_of_people(scanner: Scanner) -> None:
    """证件 over a column: passports and permits by their form; a part of a longer code is none."""
    listed = "人员\t证件\t来自\n何清源\tE12345678\t青禾\n丁一鸣\t12345678\t柳树\n方晓\tH12345678\t石桥\n"
    assert [one.type for one in personal(scanner, listed)] == ["passport", "taiwan_permit", "hk_macau_permit"]
    coded = "姓名\t证件\n何清源\t52350203MA1234567\n丁一鸣\t52350203MA1234568\n"
    assert "passport" not in [one.type for one in personal(scanner, coded)]


def test_where_money_goes_is_no_part_of_the_label(scanner: Scanner) -> None:
    """付至何清源账户: the account is told by the name, not by 付至."""
    assert [one.type for one in personal(scanner, "租金付至何清源账户606500000000015，开户名何清源。")] == [
        "bank_account"
    ]


def test_a_label_in_front_beats_a_general_header(scanner: Scanner) -> None:
    """微信644099663 in a column headed 证件 is an account, not a passport."""
    listed = "人员\t证件\n何清源\t微信644099663\n丁一鸣\tE12345678\n"
    assert "passport" not in [one.type for one in personal(scanner, listed) if one.masked.startswith("6")]
