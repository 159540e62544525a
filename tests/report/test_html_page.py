"""The page: self-contained, harmless whatever the document says, readable without script."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import built
import pytest
from planted import ESCAPE
from selectolax.lexbor import LexborHTMLParser
from written import written

from prescan.types import Block, Location

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}</style>'


def page(results, **options) -> str:
    """Return the page."""
    return written(results, "html", **options).decode()


@pytest.fixture(scope="module")
def whole() -> str:
    """Return a page over results of every shape with their text."""
    return page(built.every(), with_text=True)


def test_the_page_refers_to_nothing_outside_of_itself(whole):
    tree = LexborHTMLParser(whole)
    references = [
        value for node in tree.css("*") for name in ("src", "href", "action") if (value := node.attributes.get(name))
    ]
    assert references
    assert [one for one in references if not one.startswith("#")] == []
    assert not re.search(r"url\(|@import|https?://", whole)


def test_every_link_leads_somewhere_and_no_id_is_given_twice(whole):
    tree = LexborHTMLParser(whole)
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {node.attributes["href"][1:] for node in tree.css("a[href]")} <= set(ids)


def test_the_policy_allows_exactly_our_style_and_script(whole):
    policy = re.search(r'Security-Policy" content="([^"]+)"', whole)[1]
    assert policy.startswith("default-src 'none'")
    for name in ("style", "script"):
        (held,) = re.findall(rf"<{name}>(.*?)</{name}>", whole, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(held.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert not re.search(r"<[^>]+\s(style|on\w+)=", whole)


@pytest.mark.parametrize("text", [HOSTILE, ESCAPE, "\u202eexe"])
def test_no_text_of_a_document_becomes_markup(text):
    found = built.found()
    blocks = (*found.document.blocks, Block(text, Location("hidden"), hidden="hidden_text", note=text), Block(text))
    one = replace(found.findings[3], evidence=(text,), advice=text, masked=text)
    tailored = replace(
        found,
        document=replace(found.document, name=text, blocks=blocks),
        findings=(one, *found.findings[4:]),
        title=text,
        doc_number=text,
        unread=(replace(found.unread[0], name=text, detail=text),),
    )
    shown = page(tailored, with_text=True)
    tree = LexborHTMLParser(shown)
    assert len(tree.css("script")) == 1
    assert tree.css("img") == []
    assert "49" not in [node.text() for node in tree.css("h2")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_hidden_places_stand_in_labelled_bands(whole):
    tree = LexborHTMLParser(whole)
    bands = {band.css_first(".label").text(): band for band in tree.css("main .band")}
    remark = bands["隐藏处：批注（祁* 2026-01-06 批注）"]
    assert len(remark.css("article")) == 2
    assert "附件（内嵌文件：xlsx）" in bands


def test_the_text_is_there_only_on_request_with_tables_marks_and_bands(whole):
    assert page(built.every()).count('class="full"') == 0
    full = LexborHTMLParser(whole).css_first(".full")
    rows = [[cell.text() for cell in row.css("td")] for row in full.css("tr")]
    assert rows == [["姓名", "身份证号", "银行卡号"], ["王**1", "11*************0282", "***************00183"]]
    assert [mark.attributes["class"] for mark in full.css("a.mark")] == [
        "mark review",
        "mark block",
        "mark block",
        "mark block",
    ]
    assert "插入的修订" in full.css_first(".aside").text()
    assert "余款次年拨付。" in full.css("p")[2].text()


def test_every_finding_has_its_level_in_words_and_its_clauses(whole):
    articles = LexborHTMLParser(whole).css("article.finding")
    findings = [one for result in built.every() for one in result.findings]
    assert len(articles) == len(findings)
    for article, one in zip(articles, findings, strict=True):
        assert {"block": "▲ 阻断", "review": "■ 复核", "note": "● 提示"}[one.level] in article.text()
        assert all(clause in article.text() for clause in one.basis)
        assert one.id in article.text()


def test_beside_suspected_secret_content_nothing_is_quoted():
    shown = page(built.secret())
    assert "值守兵力" in shown
    assert "部署方案" in shown
    assert "库房" not in shown
    assert "兵力布置" not in shown


def test_a_page_with_thousands_of_findings_lists_what_a_browser_bears():
    found = built.found()
    many = replace(found, findings=tuple(replace(found.findings[1], id=f"{n:016x}") for n in range(3_500)))
    shown = page(many)
    assert shown.count("<article") == 3_000
    assert "另有 500 处未列出" in shown
    assert len(shown) < 3_000_000
