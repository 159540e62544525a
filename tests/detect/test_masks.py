"""Masked values: proper masks are nothing, weak ones are told, and ours are never weak."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

import prescan
from prescan.detect import Compiled, detect
from prescan.detect.resolve import Identity, resolve
from prescan.quality.generate import GENERATORS
from prescan.quality.selftest import findings_in, reading_of
from prescan.resources import data_rows
from prescan.rules import load_rules
from prescan.types import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from prescan.types import Finding

ROSTER = "姓名\t性别\t出生日期\t身份证号\n何望舒\t女\t{}\t{}\n丁一鸣\t男\t1987年6月5日\t33****************\n"
COUNTIES = {row[0]: row[1] for row in data_rows("counties.tsv")}
HEAD = "姓名\t性别\t出生日期\t住址\t身份证号\t手机号\n"


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    """Return the shipped rules."""
    return Compiled(load_rules())


def weak(text: str, compiled: Compiled) -> list[str]:
    """Return the weakly masked values found in a text."""
    return [text[f.start : f.end] for f in findings_in(text, compiled) if f.type == "weak_mask"]


@pytest.mark.parametrize(
    "text",
    [
        "身份证号110101********0028已作处理。",
        "身份证号：1101**********0028，联系电话：138****8000。",
        "卡号6222 **** **** 0018，6222************018。",
        "电话：0571-8800****，联系电话：8800****。",
        "中奖号码：138****1234 139****5678 138 **** 1234 139 **** 5678",
        "联系电话138xxxx8000，证件号码110101XXXXXXXX0028。",
        "会议室尺寸1500×800×60，每排110×101×18。",
        "身份证号11010119020314001×，请核对。",
        "3*5=15，编号2025****0018，公式11**2。",
        ROSTER.format("1991年2月3日", "******************"),
    ],
)
def test_a_proper_mask_is_not_reported(compiled: Compiled, text: str) -> None:
    """Too many people could be meant."""
    assert weak(text, compiled) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ROSTER.format("1991年2月3日", "110101********0028"), "110101********0028"),
        (ROSTER.format("1991年", "110101********0028"), "110101********0028"),
        (ROSTER.format("一九九一年二月三日", "11＊＊＊＊＊＊＊＊＊＊＊＊＊028"), "11＊＊＊＊＊＊＊＊＊＊＊＊＊028"),
        ("何望舒，女，1991年2月3日出生，身份证号110101xxxxxxxx0028。", "110101xxxxxxxx0028"),
        ("姓名：何望舒\n出生日期：1991年2月3日\n身份证号：110101********0028\n", "110101********0028"),
        ("姓名\t何望舒\t出生年月\t1991年2月\n住址\t青禾镇\t身份证号\t110101********0028\n", "110101********0028"),
        ("身份证号：110101 19910203 ****", "110101 19910203 ****"),
        ("身份证号：1101011991020***28", "1101011991020***28"),
        ("本人手机1380013**00，盼复。", "1380013**00"),
        ("手机号：138****1234 1390013**00", "1390013**00"),
        ("手机号：138 **** 1234 139 0013 **00", "139 0013 **00"),
        ("身份证号：***************028 1991年2月3日出生，北京市东城区人", "***************028"),
        ("银行卡号：622202000000000**18", "622202000000000**18"),
    ],
)
def test_a_weak_mask_is_reported(compiled: Compiled, text: str, found: str) -> None:
    """With what stands beside it, a thousand or fewer remain."""
    assert weak(text, compiled) == [found]


def test_a_finding_of_a_weak_mask_shows_no_digits(compiled: Compiled) -> None:
    """The report must not repeat it."""
    text = ROSTER.format("1991年2月3日", "110101********0028")
    (finding,) = [f for f in findings_in(text, compiled) if f.type == "weak_mask"]
    assert (finding.masked, finding.level) == ("*" * 18, "review")
    assert finding.evidence == ("身份证号遮盖后，结合文中的出生日期、性别，只剩约 1 种可能",)


def test_two_maskings_of_one_value_complete_each_other(compiled: Compiled) -> None:
    """Each alone is proper."""
    first = "姓名\t手机号\n何望舒\t{}\n丁一鸣\t139****0001\n"
    second = "附表二\n姓名\t联系电话\n何望舒\t{}\n丁一鸣\t139****0001\n"
    pair = ("138****8000", "1380013****")
    assert weak(first.format(pair[0]) + second.format(pair[1]), compiled) == list(pair)
    assert weak(first.format(pair[0]) + second.format(pair[0]), compiled) == []
    other = second.replace("何望舒", "何清扬")
    assert weak(first.format(pair[0]) + other.format(pair[1]), compiled) == []


def test_our_mask_hides_more_where_the_row_tells_more(compiled: Compiled) -> None:
    """First two and last three may leave exactly one number."""

    def masked(text: str) -> list[str]:
        return [f.masked for f in findings_in(text, compiled) if f.type == "resident_id"]

    number = "110101190203140028"
    assert masked(f"身份证号{number}。") == ["11*************028"]
    assert masked(f"何某，1902年3月14日出生，身份证号{number}，北京市东城区人。") == ["11" + "*" * 16]
    twice = f"何某，1902年3月14日出生，身份证号{number}，北京市东城区人。\n另有材料。\n身份证号：{number}"
    assert masked(twice) == ["11" + "*" * 16] * 2  # alike wherever it stands


@pytest.mark.parametrize("seed", range(12))
def test_a_text_of_our_masks_has_no_weak_mask(compiled: Compiled, seed: int) -> None:
    """Lists, sentences, forms, records; values that come twice."""
    chance = random.Random(seed)
    text = "".join(_piece(chance) for _ in range(4))
    assert weak(_masked(text, findings_in(text, compiled)), compiled) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证号\t原身份证号\n110101190203140028\t11010119020314****\n", "11****************"),
        ("身份证号\t原身份证号\n110101190203140028\t110101********0028\n", "11*************028"),
        ("手机13800138000，留的是1380013****。", "138********"),
        ("手机13800138000，留的是1390013****。", "138****8000"),
        ("手机13800138000，留的是138********。", "138****8000"),
    ],
)
def test_our_mask_does_not_complete_a_masked_value_of_the_text(compiled: Compiled, text: str, masked: str) -> None:
    """An office masked one place and forgot the other."""
    (found,) = [f for f in findings_in(text, compiled) if f.type in {"resident_id", "mobile_phone"}]
    assert found.masked == masked


def _piece(chance: random.Random) -> str:
    people = [GENERATORS["resident_id"](chance) for _ in range(3)]
    held = [
        {
            "number": number,
            "born": f"{number[6:10]}年{int(number[10:12])}月{int(number[12:14])}日",
            "sex": "男" if int(number[16]) % 2 else "女",
            "from": COUNTIES.get(number[:6], "青禾县"),
            "phone": GENERATORS["mobile_phone"](chance),
            "card": GENERATORS["bank_card"](chance),
        }
        for number in people
    ]
    layouts = (
        (HEAD, "何望舒\t{sex}\t{born}\t{from}青禾镇柳树村三组12号\t{number}\t{phone}\n", "\n"),
        ("", "何望舒，{sex}，{born}出生，{from}人，身份证号{number}，银行卡号{card}。\n", ""),
        ("", "姓名：何望舒\n出生日期：{born}\n性别：{sex}\n身份证号：{number}\n手机：{phone}\n", "\n"),
        ("", "残疾人证号{number}44，电话{phone}；身份证号{number}。\n", ""),
    )
    head, line, tail = chance.choice(layouts)
    return head + "".join(line.format(**person) for person in held) + tail


def _masked(text: str, findings: list[Finding]) -> str:
    for finding in reversed([f for f in findings if f.category == "personal"]):
        text = text[: finding.start] + finding.masked + text[finding.end :]
    return text


@pytest.mark.parametrize(
    ("kind", "example", "text", "masked"),
    [
        ("mobile_phone", "1*********0", "本人手机13800138000。", "1*********0"),
        ("passport", "*", "随行人员护照号码E12345678。", "*********"),
        ("address", "区县", "住址：清河省临溪县青禾镇柳树村三组12号", "清河省临溪县***"),
        ("birth_date", "*", "何某，1991年2月3日出生。", "*********"),
        ("resident_id", "110101********0028", "身份证号110101190203140028。", "110101********0028"),
        ("resident_id", "11010119020314****", "身份证号110101190203140028。", "1101011902031*****"),
    ],
)
def test_an_office_has_its_own_masks_but_no_weak_ones(
    compiled: Compiled, kind: str, example: str, text: str, masked: str
) -> None:
    """Settings `[masks]`; what would be weak is hidden all the same."""
    reading = reading_of(text)
    found = resolve(detect(reading, compiled, "draft"), reading, compiled.rules, Identity(b"", ""), {kind: example})
    assert [finding.masked for finding in found if finding.type == kind] == [masked]


def test_masks_of_the_settings_reach_the_worker(tmp_path: Path) -> None:
    """A file is scanned in another process."""
    (tmp_path / "a.txt").write_text("本人手机13800138000，盼复。", encoding="utf-8")
    with prescan.Scanner(Settings(masks={"mobile_phone": "1*********0"})) as scanner:
        assert [finding.masked for finding in scanner.scan_file(tmp_path / "a.txt").findings] == ["1*********0"]
