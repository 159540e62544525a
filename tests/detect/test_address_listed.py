"""Homes beside names: what opens the lines of a list of residents, what stands in brackets; in lines and paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prescan import Context, Settings
from prescan.scanner.pipeline import Engine, today
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
