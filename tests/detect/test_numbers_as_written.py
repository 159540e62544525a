"""A number is found however it is written and wherever it stands, and the finding covers the number alone."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import pytest
import regex

from prescan.detect.number import SHORTEST
from prescan.detect.number.gate import BY_PATTERN
from prescan.numbers import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan import Scanner


class Kind(NamedTuple):
    """A kind of number: its type, a label people write, two numbers, and the groups people write it in."""

    type: str
    label: str
    numbers: tuple[str, str]
    groups: tuple[int, ...]


KINDS = {
    "id": Kind("resident_id", "身份证号", ("110101190203140028", "110101190203140036"), (6, 8, 4)),
    "id with x": Kind("resident_id", "公民身份号码", ("11010119020314001X", "110101190203140116"), (6, 4, 4, 4)),
    "card of 19": Kind("bank_card", "银行卡号", ("6222020000000000018", "6222020000000000026"), (4, 4, 4, 4, 3)),
    "card of 16": Kind("bank_card", "卡号", ("6222020000000007", "6222020000000015"), (4, 4, 4, 4)),
    "mobile": Kind("mobile_phone", "联系电话", ("13800138000", "13800138001"), (3, 4, 4)),
}


def grouped(separator: str, number: str, groups: tuple[int, ...]) -> str:
    """Return a number in groups."""
    ends = list(itertools.accumulate(groups))
    return separator.join(number[start:end] for start, end in itertools.pairwise([0, *ends]))


def shifted(number: str, zero: int) -> str:
    """Return a number with the digits of another script."""
    return "".join(chr(zero + int(char)) if char.isdigit() else char for char in number)


SEPARATORS = {
    "spaced": " ",
    "dashed": "-",
    "dashed widely": " - ",
    "en dash": "–",
    "dotted": ".",
    "middle dot": "·",
    "nbsp": "\xa0",
    "thin space": "\u2009",
    "ideographic space": "\u3000",
    "soft hyphen": "\u00ad",
    "zero width space": "\u200b",
    "word joiner": "\u2060",
    "bom": "\ufeff",
}
WRAPS = {"lf": "\n", "crlf": "\r\n", "cr": "\r", "indented": "\n　　", "hyphenated": "-\n"}
ONE_PIECE = {
    "plain": lambda number: number,
    "full-width": lambda number: shifted(number, ord("０")).replace("X", "Ｘ"),
    "arabic digits": lambda number: shifted(number, ord("٠")),
    "zero width everywhere": "\u200b".join,
}
ALONE = {
    "label": "经查，当事人{label}：{number}，情况属实。",
    "label without colon": "当事人{label}{number}已核实",
    "label in brackets": "何某（{label}：{number}）",
    "label on its own line": "{label}：\n{number}\n",
    "in brackets": "何某({number})",
    "glued to a name": "何某{number}",
    "glued in a sentence": "何某{number}已领取",
    "quoted": "登记为“{number}”的",
    "bare": "{number}",
    "after a list mark": "①{number}②",
    "after a serial number": "3、{number}；",
}
IN_TABLES = {
    "tabs": "姓名\t{label}\t村别\n何某\t{number}\t三组\n周某\t\t四组\n",
    "bars": "姓名|{label}|村别\n何某|{number}|三组\n周某||四组\n",
    "markdown": "| 姓名 | {label} | 村别 |\n| --- | --- | --- |\n| 何某 | {number} | 三组 |\n",
    "header far above": "姓名\t{label}\n" + "周某\t\n" * 60 + "何某\t{number}\n",
    "key and value": "姓名\t何某\t{label}\t{number}\n",
}
PAIRS = [
    "{a} {b}",
    "{a}、{b}",
    "{a}，{b}",
    "{a}\n{b}",
    "{a}\r\n{b}",
    "{a}/{b}",
    "{a}\u3000{b}",
    "{a}；{b}",
    "{a}\n\n{b}",
]


def check(scanner: Scanner, text: str, kind: Kind, *written: str) -> None:
    """Check that exactly these numbers are found, each at its place, and nothing else that is personal."""
    places = [(text.index(number), text.index(number) + len(number)) for number in written]
    personal = [finding for finding in scanner.scan_text(text).findings if finding.category == "personal"]
    assert [(finding.type, finding.start, finding.end) for finding in personal] == [
        (kind.type, *place) for place in places
    ]
    compact = NUMBERS[kind.type].compact
    assert [compact(text[finding.start : finding.end]) for finding in personal] == [compact(n) for n in written]
    assert all(finding.confidence != "check" for finding in personal)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
@pytest.mark.parametrize("frame", (ALONE | IN_TABLES).values(), ids=ALONE | IN_TABLES)
def test_grouped(scanner: Scanner, kind: Kind, separator: str, frame: str) -> None:
    """By every separator, also invisible ones."""
    number = grouped(separator, kind.numbers[0], kind.groups)
    check(scanner, frame.format(label=kind.label, number=number), kind, number)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("write", ONE_PIECE.values(), ids=ONE_PIECE)
@pytest.mark.parametrize("frame", (ALONE | IN_TABLES).values(), ids=ALONE | IN_TABLES)
def test_in_one_piece(scanner: Scanner, kind: Kind, write: Callable[[str], str], frame: str) -> None:
    """In digits of any width and script."""
    number = write(kind.numbers[0])
    check(scanner, frame.format(label=kind.label, number=number), kind, number)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
@pytest.mark.parametrize("at", [1, 5, 8])
@pytest.mark.parametrize("frame", ALONE.values(), ids=ALONE)
def test_over_a_line_end(scanner: Scanner, kind: Kind, wrap: str, at: int, frame: str) -> None:
    """A soft wrap may fall anywhere."""
    number = kind.numbers[0][:at] + wrap + kind.numbers[0][at:]
    check(scanner, frame.format(label=kind.label, number=number), kind, number)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("frame", [frame for frame in (ALONE | IN_TABLES).values() if "{label}" in frame])
def test_digit_by_digit_beside_its_label(scanner: Scanner, kind: Kind, frame: str) -> None:
    """As in the boxes of a form; without a label such digits may be anything."""
    number = " ".join(kind.numbers[0])
    check(scanner, frame.format(label=kind.label, number=number), kind, number)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("lead", ["", "{label}：", "名单：\n", "何某、周某的{label}分别是"])
def test_two_numbers_side_by_side(scanner: Scanner, kind: Kind, pair: str, lead: str) -> None:
    """Each is found; what parts them belongs to neither."""
    a, b = kind.numbers
    check(scanner, lead.format(label=kind.label) + pair.format(a=a, b=b) + "。", kind, a, b)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("behind", [" 320", " 320.00元", "\n2025年", " 3组", "\u30005人", "-", "\t1", "|18", " 周某"])
def test_other_digits_behind(scanner: Scanner, kind: Kind, behind: str) -> None:
    """An amount, a date, a serial number after a gap are no part of it."""
    number = kind.numbers[0]
    check(scanner, f"何某 {number}{behind}", kind, number)


@pytest.mark.parametrize("last", list("XxＸｘХхΧχ×✕"))
@pytest.mark.parametrize("frame", ALONE.values(), ids=ALONE)
def test_every_way_to_write_the_last_x(scanner: Scanner, last: str, frame: str) -> None:
    """Lower case, full-width, Cyrillic, Greek, the multiplication signs."""
    kind = KINDS["id with x"]
    number = "11010119020314001" + last
    check(scanner, frame.format(label=kind.label, number=number), kind, number)


def test_different_numbers_in_one_line(scanner: Scanner) -> None:
    """A row pasted from a list."""
    text = "1 何某 110101190203140028 13800138000 6222020000000007 320.00"
    found = [(finding.type, text[finding.start : finding.end]) for finding in scanner.scan_text(text).findings]
    assert found[:3] == [
        ("resident_id", "110101190203140028"),
        ("mobile_phone", "13800138000"),
        ("bank_card", "6222020000000007"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("原身份证号：110101020314002，已换发", "resident_id", "110101020314002"),
        ("旧身份证号：110101020314002 13800138000", "resident_id", "110101020314002"),
        ("身份证号:810000190304050017", "resident_id", "810000190304050017"),
        ("学籍号G110101190203140028", "student_id", "G110101190203140028"),
        ("手机：+86 138 0013 8000。", "mobile_phone", "+86 138 0013 8000"),
        ("手机：008613800138000。", "mobile_phone", "008613800138000"),
        ("家庭电话：0999-8812345。", "landline_phone", "0999-8812345"),
        ("住宅电话（0999）8812345，", "landline_phone", "（0999）8812345"),
        ("家庭电话：0999-8812345 3口人", "landline_phone", "0999-8812345"),
        ("护照号码：E 1234 5678。", "passport", "E 1234 5678"),
        ("护照：ea1234567，", "passport", "ea1234567"),
        ("护照号\nE12345678\n", "passport", "E12345678"),
        ("回乡证号H12345678 13800138000", "hk_macau_permit", "H12345678"),
        ("往来港澳通行证：CA1234567。", "hk_macau_permit", "CA1234567"),
        ("台胞证：12345678 320", "taiwan_permit", "12345678"),
        ("车牌号：浙A·12345。", "license_plate", "浙A·12345"),
        ("驾驶浙AD12345小型客车", "license_plate", "浙AD12345"),
        ("车牌粤Ｚ１２３４港，", "license_plate", "粤Ｚ１２３４港"),
        ("本人邮箱：li.hua@example.com。", "email", "li.hua@example.com"),
        ("何某<LI@mail.example.com>", "email", "LI@mail.example.com"),
    ],
)
def test_other_kinds(scanner: Scanner, text: str, kind: str, value: str) -> None:
    """No label and no punctuation inside."""
    found = [finding for finding in scanner.scan_text(text).findings if finding.type == kind]
    assert [text[finding.start : finding.end] for finding in found] == [value]


@pytest.mark.parametrize("column", ["1445\n555\n1600", "1380\n0138\n000", "622202\n0000000\n000018"])
def test_figures_on_three_lines_are_no_number(scanner: Scanner, column: str) -> None:
    """A wrapped number has one line end in it."""
    found = [f for f in scanner.scan_text(f"人口\n{column}\n合计\n").findings if f.category == "personal"]
    assert found == []


def test_the_end_of_a_row_ends_a_number(scanner: Scanner) -> None:
    """The serial number of the next row is none of its digits, though the check digit would be right."""
    text = "序号\t户主\t一折通\n31\t何文斌\t62220200000000\n018\t周大勇\t62220200000001\n"
    found = [f for f in scanner.scan_text(text).findings if f.type in {"bank_card", "bank_account"}]
    assert [text[f.start : f.end] for f in found] == ["62220200000000", "62220200000001"]


def test_an_amount_is_not_a_record_number(scanner: Scanner) -> None:
    """One point and one digit behind it are money, whatever the neighbouring columns hold."""
    text = "姓名,病种,住院号,自负,补助\n何文斌,肝硬化,ZY00001902,38210.5,15000\n"
    found = [f for f in scanner.scan_text(text).findings if f.type == "medical_record_no"]
    assert [text[f.start : f.end] for f in found] == ["ZY00001902"]


@pytest.mark.parametrize(
    "text", ["住临溪县城关，手\n机：13800138005）于周三", "110101190203140028", "浙AD12345", "联系13800138000"]
)
def test_every_candidate_of_a_number_has_evidence(scanner: Scanner, text: str) -> None:
    """Also one that nothing names."""
    found = scanner.scan_text(text).findings
    assert found
    assert all(finding.evidence for finding in found)


def test_nothing_shorter_than_the_shortest_is_a_number() -> None:
    """Places where fewer characters are left in a run are not tried: no pattern matches there."""
    for name in NUMBERS.keys() - BY_PATTERN.keys():
        tried = [regex.compile(pattern) for pattern in (NUMBERS[name].PATTERN, NUMBERS[name].TELLING)]
        for short in map("".join, itertools.product("0129AEHX", repeat=SHORTEST - 1)):
            assert not any(pattern.match(short) for pattern in tried)
