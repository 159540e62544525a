"""The document on the page: escaped, masked, in its own shape."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from invented import MOBILE, RESIDENT_ID, comment, docx, table

from prescan.types import Block, Document, Location, ScanResult
from prescan.web.reading import document_html

if TYPE_CHECKING:
    from desks import Desk

    import prescan

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
XML_EVIL = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def made(scanner: prescan.Scanner, data: bytes, name: str = "a.docx") -> str:
    return str(document_html(scanner.scan_bytes(data, name=name)))


def test_text_is_escaped_and_values_are_masked(scanner: prescan.Scanner) -> None:
    page = made(scanner, docx(XML_EVIL, f"身份证号：{RESIDENT_ID}，手机{MOBILE}"))
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert RESIDENT_ID not in page
    assert MOBILE not in page
    assert re.search(r'<mark class="m m-block" data-f="\d+">11\*+028</mark>', page)


def test_nothing_of_a_document_is_markup(desk: Desk) -> None:
    client = desk.browser()
    header = f'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>{XML_EVIL}</w:t></w:r></w:p></w:hdr>'
    data = docx(
        XML_EVIL, f"身份证号：{RESIDENT_ID}", body=table((XML_EVIL, "x")), comments=comment(XML_EVIL), header1=header
    )
    name = "</script><script>alert(3)</script>.docx"
    answer = client.post(
        "/v1/scans", files={"file": (name, data)}, data={"keep": "review", "context": '{"title": "<b>x</b>"}'}
    )
    where = answer.headers["location"]
    case = where[-32:][:16]
    one = answer.json()["findings"][0]["id"]
    client.put(f"{where}/findings/{one}/decision", json={"verdict": "误报", "reason": EVIL})
    client.post(f"/desk/cases/{case}/notes", json={"finding_id": one, "text": EVIL})
    for path in (
        f"/cases/{case}",
        "/?tab=all",
        f"/?q={EVIL}",
        "/register?q=%22%3E%3Cscript%3E",
        "/rules?q=%22%3E%3Cb%3E",
    ):
        page = client.get(path)
        assert page.status_code == 200
        inside = re.sub(
            r'<script src="/static/[^"]+" defer></script>|<script type="application/json" id="data">[^<]*</script>',
            "",
            page.text,
        )
        assert "<script" not in inside, path
        assert "onerror=alert" not in re.sub(r"&lt;img[^<]*", "", inside), path
        assert "<b>x</b>" not in page.text
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


def test_tables_headers_and_hidden_parts_have_their_place(scanner: prescan.Scanner) -> None:
    page = made(scanner, docx("正文", body=table(("姓名", "金额"), ("赵某某", "100")), comments=comment("内部意见")))
    assert '<th scope="col">B</th>' in page
    assert re.search(r"<td>金额</td>", page)
    assert re.search(r'<aside class="band hidden" data-f="\d+">.*内部意见', page, re.DOTALL)


def test_pages_have_rulers_and_lines_of_a_pdf_flow() -> None:
    blocks = (
        Block("第一行写满了", Location("body", 1, 1), "\n"),
        Block("第二行", Location("body", 1, 1)),
        Block("签发机关", Location("body", 1, 2), "\n"),
        Block("二〇二六年一月五日印发", Location("body", 1, 2)),
        Block("下一页", Location("body", 2, 3), ""),
    )
    document = Document("a.pdf", "application/pdf", None, blocks)
    page = str(document_html(ScanResult(document, (), None, (), "clear", {}, datetime.date(2026, 1, 5))))
    assert "<p>第一行写满了第二行</p>" in page
    assert "<p>签发机关\n二〇二六年一月五日印发</p>" in page
    assert page.index('id="p1"') < page.index("第一行") < page.index('id="p2"') < page.index("下一页")


def test_steering_characters_do_not_reach_the_page(scanner: prescan.Scanner) -> None:
    page = str(document_html(scanner.scan_text("甲\u202e乙\x1b[31m丙\n丁")))
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "丁" in page


def sheet(rows: int, hidden: str = "") -> str:
    blocks = [
        Block(
            f"{column}{row}",
            Location("hidden" if column == hidden else "table", cell=f"名单!{column}{row}"),
            hidden="hidden_row_column" if column == hidden else None,
            note="已隐藏的 B 列" if column == hidden else "",
        )
        for row in range(1, rows + 1)
        for column in "ABC"
    ]
    document = Document("a.xlsx", "application/x", None, tuple(blocks))
    return str(document_html(ScanResult(document, (), None, (), "clear", {}, datetime.date(2026, 1, 5))))


def test_hidden_columns_are_hatched_where_they_stand_and_do_not_tear_the_table() -> None:
    page = sheet(3, hidden="B")
    assert page.count("<table") == 1
    assert page.count('<td class="hid" title="已隐藏的 B 列">') == 3
    assert '<th scope="col" class="hid">B<span' in page
    assert '<th scope="col">A</th>' in page
    assert "<aside" not in page


def test_long_tables_are_drawn_in_pieces_of_equal_columns() -> None:
    page = sheet(250)
    assert page.count("<table") == 3
    assert page.count("<thead") == page.count("<caption") == 1
    assert len(set(re.findall(r'<table class="fixed" width="\d+">', page))) == 1
    assert len(set(re.findall(r"(?:<col [^>]+>)+", page))) == 1
    assert [page.count(f">A{row}<") for row in (1, 101, 250)] == [1, 1, 1]


def test_a_title_over_several_lines_is_shown_as_one() -> None:
    lines = ("临溪县人民政府文件", "临溪县人民政府关于做好冬季", "取暖安全工作的通知", "各乡镇：")
    document = Document("a.docx", "application/x", None, tuple(Block(line, Location("body")) for line in lines))
    result = ScanResult(document, (), None, (), "clear", {}, datetime.date(2026, 1, 5), title="".join(lines[1:3]))
    assert re.findall(r"<p(?: class=\"title\")?>", str(document_html(result))) == [
        "<p>",
        *['<p class="title">'] * 2,
        "<p>",
    ]
