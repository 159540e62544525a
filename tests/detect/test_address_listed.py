"""Homes beside names: what opens the lines of a list of residents, what stands in brackets; in lines and paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prescan import Context, Settings
from prescan.scanner.day import today
from prescan.scanner.pipeline import Engine
from prescan.types import Block, Document, Location

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Return an engine that scans documents in this process."""
    return Engine.load(Settings(), b"k" * 32)


def homes(engine: Engine, lines: Sequence[str], separator: str) -> list[str]:
    """Return the addresses found in lines that are separated as in a text ("\\n") or a document (U+2029)."""
    blocks = [Block(line, Location("body", paragraph=at + 1), separator) for at, line in enumerate(lines)]
    document = Document.of("", "application/x-test", None, blocks)
    found = engine.scan(document, Context(), today(engine.settings)).findings
    return [document.text[one.start : one.end] for one in found if one.type == "address"]


VISITS = [
    "走访记录",
    "① 9号院西屋，何满堂，单亲，13800138000。",
    "② 11号院二楼左，柳小青，独居老人。",
    "③ 13号院，丁一山，老党员，102岁。",
]


@pytest.mark.parametrize("separator", ["\n", "\u2029"])
def test_homes_open_the_lines_of_a_list_of_residents(engine: Engine, separator: str) -> None:
    """Lines that begin alike and go on with somebody."""
    assert homes(engine, VISITS, separator) == ["9号院西屋", "11号院二楼左", "13号院"]


@pytest.mark.parametrize("separator", ["\n", "\u2029"])
def test_a_list_of_offices_is_no_list_of_residents(engine: Engine, separator: str) -> None:
    """Nobody lives there."""
    offices = ["办事指南", "① 3号楼一层，婚姻登记窗口，电话0571-86332190。", "② 4号楼二层，社保窗口，上班时间8:30。"]
    assert homes(engine, offices, separator) == []


@pytest.mark.parametrize("separator", ["\n", "\u2029"])
def test_homes_follow_the_names_that_open_the_lines_of_a_list(engine: Engine, separator: str) -> None:
    signed = ["接龙，写姓名+房号。", "1. 何满堂 3-1-402", "2. 柳小青 3-2-101 坐轮椅"]
    assert homes(engine, signed, separator) == ["3-1-402", "3-2-101"]
    houses = ["一级 共2户", "何满堂，湾溪路40号，全家吃低保", "柳小青，湾溪路52号附2号，视力一级"]
    assert homes(engine, houses, separator) == ["湾溪路40号", "湾溪路52号附2号"]
    shops = ["抽检单位", "金海岸，湾溪路40号，超市", "柳小青，湾溪路52号，饭店"]
    assert homes(engine, shops, separator) == []


@pytest.mark.parametrize(
    "text",
    [
        "信访人到省城上访，住劳动大厦对面旅社。",
        "其子在昆山一家电子厂，住厂区宿舍5栋，每月寄回一千。",
        "暑假住在镇上姨妈家。",
        "在崇礼区恒盛公寓三单元1902室抓获嫌疑人。",
        "采购人：清江县残疾人联合会，清江县滨河北路12号，联系人柴海棠。",
    ],
)
def test_lodgings_and_places_of_others_are_no_homes(engine: Engine, text: str) -> None:
    assert homes(engine, [text], "\n") == []


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("上午到水碾巷19号看喻老太。", "水碾巷19号"),
        ("户号0093 户主桓大明\n住：柏树巷31号后院\n", "柏树巷31号后院"),
        ("走访地点：县城滨江北路翠湖花园7栋1402\n", "县城滨江北路翠湖花园7栋1402"),
        ("住朔原市平城区魏都大道8号楼4单元10号，未婚。", "朔原市平城区魏都大道8号楼4单元10号"),
    ],
)
def test_homes_that_are_visited(engine: Engine, text: str, home: str) -> None:
    assert homes(engine, [text], "\n") == [home]
