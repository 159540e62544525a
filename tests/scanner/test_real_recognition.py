"""Recognition as it is installed: few pages, for each takes seconds; `benchmarks/ocr.py` measures more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from benchmark_modules import benchmark

import prescan
from prescan.scanner.recognition import is_available
from prescan.types import Limits, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


pages = benchmark("ocr_pages")
pytestmark = [
    pytest.mark.skipif(not is_available(Settings()), reason="没有安装文字识别（pip install 'prescan[ocr]'）"),
    pytest.mark.skipif(pages.font_path() is None, reason="没有中文字体（apt-get install fonts-wqy-microhei）"),
]


@pytest.fixture(scope="module")
def reading() -> Iterator[prescan.Scanner]:
    """Return a scanner with time enough on a busy machine."""
    with prescan.Scanner(Settings(limits=Limits(ocr_seconds=300))) as scanner:
        yield scanner


def test_a_clean_page_is_read_without_errors_that_matter(reading: prescan.Scanner) -> None:
    wear = pages.Wear(dpi=300)
    result = reading.scan_bytes(pages.as_pdf([pages.plain_page(wear)], wear), name="a.pdf")
    truth = "".join(pages.body_lines())
    found = "".join("".join(block.text.split()) for block in result.document.blocks if block.certainty is not None)
    assert pages.distance(truth, found) <= 0.03 * len(truth)
    assert all(number in found for number in pages.NUMBERS)
    assert len([one for one in result.findings if one.type == "resident_id"]) == len(pages.NUMBERS)
    assert result.complete


def test_a_mark_under_a_seal_on_a_crooked_page_is_found_and_boxed(reading: prescan.Scanner) -> None:
    wear = pages.Wear(dpi=150, skew=-2.0, seal=True)
    result = reading.scan_bytes(pages.kept(pages.red_header(wear, right=True), wear), name="a.png")
    (found,) = [one for one in result.findings if one.type == "secret_mark"]
    assert (found.level, found.location.page) == ("block", 1)
    left, top, right, bottom = found.location.bbox or (0, 0, 0, 0)
    assert 400 < left < right < 560
    assert 30 < top < bottom < 110


def test_a_roster_keeps_its_cells(reading: prescan.Scanner) -> None:
    rows = [["序号", "姓名", "身份证号", "联系电话", "金额"]]
    rows += [[str(at), name, number, f"1380013800{at}", "500元"] for at, (name, number) in enumerate(zip(
        ("测试甲", "测试乙", "测试丙"), pages.NUMBERS, strict=True), 1)]  # fmt: skip
    wear = pages.Wear(dpi=200, skew=1.0)
    result = reading.scan_bytes(pages.kept(pages.table_page(wear, rows), wear), name="a.png")
    cells = {block.location.cell: block.text for block in result.document.blocks if block.location.part == "table"}
    assert [cells[f"表1!C{row}"] for row in (2, 3, 4)] == list(pages.NUMBERS)
    assert [cells[f"表1!D{row}"] for row in (2, 3, 4)] == ["13800138001", "13800138002", "13800138003"]
    mobiles = [one for one in result.findings if one.type == "mobile_phone"]
    assert [one.level for one in mobiles] == ["block"] * 3  # as in any roster
