"""The document on the page: escaped, masked, in its own shape."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from invented import MOBILE, RESIDENT_ID, comment, docx, table

from prescan.types import Block, Document, Location, ScanResult
from prescan.web.reading import reading

if TYPE_CHECKING:
    from desks import Desk

    import prescan

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
XML_EVIL = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def made(scanner: prescan.Scanner, data: bytes, name: str = "a.docx") -> str:
    return str(reading(scanner.scan_bytes(data, name=name)))


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
    page = str(reading(ScanResult(document, (), None, (), "clear", {}, datetime.date(2026, 1, 5))))
    assert "<p>第一行写满了第二行</p>" in page
    assert "<p>签发机关\n二〇二六年一月五日印发</p>" in page
    assert page.index('id="p1"') < page.index("第一行") < page.index('id="p2"') < page.index("下一页")


def test_steering_characters_do_not_reach_the_page(scanner: prescan.Scanner) -> None:
    page = str(reading(scanner.scan_text("甲\u202e乙\x1b[31m丙\n丁")))
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "丁" in page
