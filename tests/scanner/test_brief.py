"""What a store may keep of a result: no value, whatever the document holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prescan.decisions import finding_id
from prescan.scanner.brief import brief_of
from prescan.scanner.page import dates, links, page_meta
from prescan.types import Context, FindingRow

if TYPE_CHECKING:
    import prescan

NUMBER = "110101190203140028"
MOBILE = "13800138003"


def of(scanner: prescan.Scanner, data: bytes, name: str = "a.html", url: str | None = None) -> dict[str, Any]:
    """Return the brief of some bytes, made here as a worker makes it."""
    from prescan.formats import identify, read
    from prescan.types import Block, Document

    found = identify(data, name)
    blocks = [item for item in read(data, found, scanner.settings.limits) if isinstance(item, Block)]
    marks: dict[str, bytes] = {}
    engine = scanner._engine
    document = Document.of(name, found.media_type, "0" * 64, blocks)
    result = engine.scan(document, Context(stage="published", url=url), scanner.today, (), marks)
    return json.loads(json.dumps(brief_of(result, marks, engine.key, data)))


def rows(said: dict[str, Any]) -> list[FindingRow]:
    return [FindingRow(*row) for row in said["findings"]]


def test_no_value_is_in_a_brief(scanner: prescan.Scanner) -> None:
    page = f"<title>{NUMBER}</title><p>申请人王小明，身份证号：{NUMBER}，手机：{MOBILE}</p><a href='{NUMBER}.pdf'>x</a>"
    said = of(scanner, page.encode(), f"{NUMBER}.html")
    del said["links"]  # places: the store keeps only their keyed hashes
    text = json.dumps(said, ensure_ascii=False)
    assert NUMBER not in text
    assert MOBILE not in text
    assert {row.type for row in rows(said)} >= {"resident_id", "mobile_phone"}


def test_a_number_no_rule_speaks_of_is_masked_where_it_stands_beside_one(scanner: prescan.Scanner) -> None:
    said = of(scanner, f"电话：{MOBILE}，{NUMBER}".encode(), "a.txt")
    assert NUMBER not in json.dumps(said)


def test_the_fingerprint_gives_the_id_of_the_contract(scanner: prescan.Scanner) -> None:
    data, url = f"<p>身份证号：{NUMBER}</p>".encode(), "https://x.example/a.html"
    (row,) = rows(of(scanner, data, url=url))
    (finding,) = scanner.scan_bytes(data, name="a.html", context=Context(stage="published", url=url)).findings
    assert finding_id(scanner._engine.key, bytes.fromhex(row.fingerprint), url) == finding.id


def test_what_stands_in_one_row_is_of_one_person(scanner: prescan.Scanner) -> None:
    table = "<table><tr><th>姓名</th><th>身份证号</th><th>手机</th></tr>{}</table>"
    people = "".join(
        f"<tr><td>{name}</td><td>{number}</td><td>{mobile}</td></tr>"
        for name, number, mobile in (("王小明", NUMBER, MOBILE), ("李青", "110101190502197518", "13800138004"))
    )
    found = rows(of(scanner, table.format(people).encode()))
    assert len({row.person for row in found if row.person}) == 2
    same = rows(of(scanner, f"<p>{MOBILE[:3]} 手机：{MOBILE}</p>".encode()))
    assert {row.value for row in same} <= {row.value for row in found}


@pytest.mark.parametrize(
    ("cell", "shape"),
    [
        ("110101********0028", "111111000000001111"),
        ("110101190203******", "111111111111000000"),
        ("110101********002X", "111111000000001111"),
        ("1101＊＊＊＊＊＊＊＊＊＊0028", "111100000000001111"),
    ],
)
def test_masked_numbers_are_told_by_the_places_they_leave_open(scanner: prescan.Scanner, cell: str, shape: str) -> None:
    page = f"<table><tr><th>姓名</th><th>证件号码</th></tr><tr><td>王小明</td><td>{cell}</td></tr></table>"
    ((name, kind, told, digits, outline),) = of(scanner, page.encode())["masks"]
    assert (kind, told) == ("resident_id", shape)
    assert [bool(digit) for digit in digits] == [flag == "1" for flag in shape]
    assert "王" not in name
    assert not any(char.isdigit() for char in outline)


def test_a_mask_without_a_person_or_with_nobody_is_not_told(scanner: prescan.Scanner) -> None:
    assert of(scanner, "<p>编号 110101********0028</p>".encode())["masks"] == []
    page = "<table><tr><th>姓名</th><th>证件号码</th></tr><tr><td>王某某</td><td>110101********0028</td></tr></table>"
    assert of(scanner, page.encode())["masks"] == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_says_where_it_belongs(encoding: str) -> None:
    head = (
        '<html><head><META name="ColumnName" content="公示公告"><meta name="ContentSource" content="县民政局"/>'
        '<meta name="PubDate" content="2026-01-05 09:30"><title>名单公示_青禾县人民政府</title></head></html>'
    )
    said = page_meta(head.encode(encoding), str)
    assert said == {"channel": "公示公告", "unit": "县民政局", "published": "2026-01-05", "title": "名单公示"}


def test_links_to_files_only() -> None:
    page = b"<a href='a.docx'>1</a><a href=\"/x/b.PDF?v=1\">2</a><a href='c.html'>3</a><a href='a.docx'>4</a>"
    assert links(page) == ["a.docx", "/x/b.PDF"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("公示期为2026年1月5日至2026年1月11日。", {"publicity_end": "2026-01-11"}),
        ("公示时间：2026年12月28日—2027年1月4日", {"publicity_end": "2027-01-04"}),
        ("公示期限：2026年1月5日至1月11日", {"publicity_end": "2026-01-11"}),
        ("公示期5个工作日，请监督。", {"publicity_days": 5, "publicity_working": True}),
        ("现予公示，公示期七天。", {"publicity_days": 7, "publicity_working": False}),
        ("现予公示。", {}),
    ],
)
def test_how_long_a_publicity_runs(text: str, said: dict[str, Any]) -> None:
    assert dates(text, "拟录用人员公示") == said
    assert dates(text, "拟录用人员名单") == {}


def test_the_date_under_a_document_is_when_it_was_made() -> None:
    assert dates("通知\u2029正文2026年1月1日\u2029县政府\u20292026年1月5日\u2029附件", "通知") == {
        "produced": "2026-01-05"
    }
