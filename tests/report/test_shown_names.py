"""Titles and file names are shown too: whatever was found of somebody in them is masked in every format."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

import prescan
from prescan.report.shown import first_paragraphs, place_words, shown_name
from prescan.types import Block, Document, Location

VALUES = [
    # label, value
    ("身份证号", "110101190203140028"),
    ("身份证号", "1101 0119 0203 140028"),
    ("银行卡号", "6222020000000000018"),
    ("银行卡号", "6222 0200 0000 0000 018"),
    ("手机", "13800138003"),
    ("护照号", "E12345678"),
    ("车牌号", "浙A12345"),
    ("邮箱", "zhangxm1905@qq.com"),
    ("家庭住址", "青禾县石桥镇幸福路12号3单元402室"),
]


def written(result: prescan.ScanResult, name: str) -> str:
    """Return what a report shows, without markup and white space."""
    stream = io.BytesIO()
    prescan.write(result, name, stream)
    data = stream.getvalue()
    if name == "record":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            data = b"".join(package.read(part) for part in package.namelist())
    return re.sub(r"<[^>]+>|\s", "", data.decode("utf-8", "replace"))


@pytest.mark.parametrize("name", ["plain", "json", "jsonl", "record"])
@pytest.mark.parametrize(("label", "value"), VALUES)
def test_a_value_in_a_title_is_masked(scanner, name, label, value):
    result = scanner.scan_text(f"关于{label}{value}持有人救助的通知\n\n各乡镇：请遵照执行。\n")
    assert value in result.title
    assert "".join(value.split()) not in written(result, name)
    assert "持有人救助的通知" in written(result, name)


@pytest.mark.parametrize("name", ["plain", "json", "jsonl", "record"])
@pytest.mark.parametrize(("label", "value"), VALUES)
def test_a_value_in_a_file_name_is_masked_and_found(scanner, name, label, value):
    result = scanner.scan_bytes("救助材料".encode(), name=f"{label}{value}.txt")
    (found,) = result.findings
    assert (found.location.part, found.start, found.end) == ("filename", None, None)
    assert "".join(value.split()) not in written(result, name)
    assert label in written(result, name)


@pytest.mark.parametrize("value", ["110101190203140028", "6222020000000000018", "13800138003"])
def test_a_number_in_the_name_of_a_file_nobody_could_read_is_masked(scanner, value):
    result = scanner.scan_file(f"{value}.docx")
    for name in ("plain", "json", "record"):
        assert value not in written(result, name)


def test_a_name_that_only_looks_like_a_number_is_shown_as_it_is():
    options = prescan.report.Options()
    for name in ("110101190203140029.docx", "20260101-12.docx", "2026年第3号.pdf", "项目2026110101190203140028001.txt"):
        assert shown_name(name, options) == name
    assert shown_name("13800138003.txt", prescan.report.Options(show_values=True)) == "13800138003.txt"


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (Location(), "正文"),
        (Location(paragraph=3), "第3段"),
        (Location(page=2, paragraph=14), "第2页"),
        (Location("table", cell="表1!C5"), "表1 C5"),
        (Location("table", page=2, cell="表1!C5"), "第2页 表1 C5"),
        (Location("comment"), "批注"),
        (Location("header", page=2), "第2页页眉"),
        (Location("filename"), "文件名"),
        (Location("inserted", paragraph=3), "第3段 插入的修订"),
        (Location("hidden", page=2, paragraph=14), "第2页隐藏内容"),
        (Location("hidden", cell="底稿!A2"), "底稿 A2 隐藏内容"),
        (Location("hidden"), "隐藏内容"),
    ],
)
def test_a_place_is_named_as_a_reader_says_it(location, words):
    assert place_words(location) == words


def test_a_paragraph_is_counted_within_its_page():
    places = [Location(page=1, paragraph=1), Location(page=1, paragraph=2)]
    places += [Location(page=2, paragraph=11), Location("table", 2, None, "表1!A1"), Location(page=2, paragraph=14)]
    places += [Location("hidden", 2, 15), Location(page=2, paragraph=1, member="附件.pdf")]
    document = Document("a.pdf", None, None, tuple(Block("字", place) for place in places))
    first = first_paragraphs(document)
    assert [place_words(place, first) for place in places] == [
        *("第1页第1段", "第1页第2段", "第2页第1段", "第2页 表1 A1", "第2页第4段"),
        *("第2页第5段 隐藏内容", "第2页第1段"),
    ]


@pytest.mark.parametrize(
    ("name", "shown", "masks"),
    [
        ("何某13900139000名册.txt", "何某***********名册.txt", {"mobile_phone": "*"}),
        ("何某13900139000名册.txt", "何某139****9000名册.txt", {}),
        ("何某残疾人证11010119020314002844.txt", "何某残疾人证********************.txt", {}),
        ("救助何小虎.txt", "*****.txt", {"person_name": "*"}),
    ],
)
def test_what_the_mask_hides_is_hidden_in_the_name(name, shown, masks):
    result = prescan.Scanner(prescan.Settings(masks=masks)).scan_bytes("救助材料".encode(), name=name)
    assert len(result.findings) == 1
    assert shown_name(result.document.name, prescan.report.Options(), result) == shown
