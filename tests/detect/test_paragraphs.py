"""Who a line speaks of is found in documents, whose lines are paragraphs, as in text files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from invented import RESIDENT_ID as ID

if TYPE_CHECKING:
    from prescan import Scanner

HOUSE = "全家住在村东头的老房子里，房子是八十年代盖的土坯房，前年汛期西墙塌了一角，村里帮着修过一次，地里种着苞谷，"
TOLD = {
    "far behind the name its line begins with": f"救助名单\n何小虎（身份证{ID}）：{HOUSE}{HOUSE}患高血压多年。",
    "after the label of a form": f"救助登记\n姓名：何小虎\n身份证号：{ID}\n病情：高血压三级",
}
FAR = [
    f"申请人何小虎，男，身份证号{ID}。",
    *["会议研究了今年的修缮计划。"] * 6,
    "联系地址：青禾县石桥镇幸福路12号3单元402室",
]


def page(text: str) -> bytes:
    """Return a web page with a paragraph a line."""
    return f"<meta charset=utf-8>{''.join(f'<p>{line}</p>' for line in text.splitlines())}".encode()


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD)
def test_an_illness_belongs_to_the_person_at_the_beginning_of_its_line(scanner: Scanner, text: str) -> None:
    for result in (scanner.scan_text(text), scanner.scan_bytes(page(text), name="a.html")):
        assert "health" in {finding.type for finding in result.findings}


def test_an_address_far_from_a_person_has_nobody_beside_it(scanner: Scanner) -> None:
    found = scanner.scan_bytes(page("\n".join(FAR)), name="a.html").findings
    assert [one.evidence for one in found if one.type == "address" and "同一段写有个人情况" in one.evidence] == []
