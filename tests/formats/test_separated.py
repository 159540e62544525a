"""Tables written as text keep every character, and their cells have places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import RESIDENT_ID

import prescan
from prescan.formats import identify, read
from prescan.types import Block, Document, Limits


def cells(text: str, name: str = "a.csv") -> list[tuple[str, str | None]]:
    blocks = read_blocks(text, name)
    return [(block.text, block.location.cell) for block in blocks if block.location.cell]


def read_blocks(text: str, name: str = "a.csv") -> list[Block]:
    data = text.encode()
    return [item for item in read(data, identify(data, name), Limits()) if isinstance(item, Block)]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("姓名,电话\n陈某,1\n", ("1", "表1!B2")),
        ("姓名\t电话\r\n陈某\t1", ("1", "表1!B2")),
        ('"姓名","电话"\n"陈\n某","1,2"\n', ("1,2", "表1!B2")),
        ('姓名;说明\n陈某;"甲 ""乙"" 丙"\n', ('甲 ""乙"" 丙', "表1!B2")),
        ('姓名,尺寸\n陈某,5" 管\n', ('5" 管', "表1!B2")),
        ("姓名,,电话\n,,\n陈某,,1\n", ("1", "表1!C3")),
    ],
    ids=["comma", "tab", "line end in quotes", "doubled quotes", "an inch", "empty cells"],
)
def test_cells_have_their_places(text: str, last: tuple[str, str]) -> None:
    assert cells(text)[-1] == last


@given(st.text(alphabet='甲1,\t;"\r\n \u2028', min_size=1).filter(str.strip))
def test_every_character_stays(text: str) -> None:
    blocks = read_blocks(text)
    assert Document.of("a.csv", "text/plain", None, blocks).text == text


def test_prose_called_csv_is_read_as_lines() -> None:
    assert cells("各乡镇要抓好落实。\n其他事项另行通知, 请知悉。\n完。\n") == []


def test_the_header_of_a_column_is_known() -> None:
    """Without its header a number with a wrong check digit would be nothing."""
    wrong = RESIDENT_ID[:-1] + ("1" if RESIDENT_ID[-1] != "1" else "2")
    text = f"序号,居民身份证号码,备注\n1,{wrong},\n2,{wrong},\n"
    result = prescan.scan(text.encode(), name="名单.csv")
    assert result.document.text == text
    assert {(item.type, item.location.cell) for item in result.findings} >= {("resident_id", "表1!B2")}
