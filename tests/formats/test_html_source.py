"""Web pages: what only the source says: comments of scripts and sheets, pages in addresses, the state of a form."""

from __future__ import annotations

import base64

import pytest
from invented import RESIDENT_ID

import prescan
from prescan.formats.html import encoded, read
from prescan.types import Block, Limits, Unread

PHONE = "13800138000"
SENTENCE = "该名单中三名同志尚在立案审查，结论未出之前暂不对外公布"
#: Written by ASP.NET for a public list of inspections: hash of the page, properties by number, a list of strings.
WRITTEN = (
    "/wEPDwUJMjgwOTk1MjMwD2QWAmYPZBYCAgMPZBYCZg9kFgQCAQ8QZGQWAQICZAIPDzwrAA0BAA8WBB4LXyFEYXRhQm91bmRnHgtfIUl0ZW1Db3Vu"
    "dAIPZBYCZg9kFiICAQ9kFhYCAQ9kFgICAQ8PFgIeCEltYWdlVXJsBSkvZmlsZS9wcm9kdWN0LzIwMjU3MjcxODUzNTFfc21hbGxDb2RlLlBOR2RkAgYP"
    "ZBYCZg8VAQbovr7moIdkAgkPDxYCHwMFDOWFqOmDqOWQiOagvGRk"
)


def found(page: str) -> list[tuple[str, str, str | None, str]]:
    """Return what a page says beside 正文."""
    items = list(read(f"<p>正文</p>{page}".encode(), Limits()))
    assert not [item for item in items if isinstance(item, Unread)]
    told = [(item.text, item.location.part, item.hidden, item.note) for item in items if isinstance(item, Block)]
    return [item for item in told if item[0] != "正文"]


def state(*texts: str) -> str:
    """Return the state of a form as ASP.NET writes it: a pair of nothing and a list of what stands behind names."""
    data = bytearray(b"\xff\x01\x0f\x0f\x05\x0a1999999999\x0fd\x16" + bytes([2 * len(texts)]))
    for text in texts:
        said = text.encode()
        length = bytes([len(said)]) if len(said) < 0x80 else bytes([len(said) & 0x7F | 0x80, len(said) >> 7])
        data += b"\x1e\x04Text\x05" + length + said
    return base64.b64encode(bytes(data) + b"dd").decode()


@pytest.mark.parametrize(
    ("element", "text", "note"),
    [
        (f"<style>p{{}} /* {SENTENCE} */ b{{}}</style>", SENTENCE, "网页样式表中的注释"),
        (f"<style>/* 联系人 {PHONE}", f"联系人 {PHONE}", "网页样式表中的注释"),
        (f"<script>go(); // {SENTENCE}\nstop();</script>", SENTENCE, "网页脚本中的注释"),
        (f"<script>/**\n * 值班电话\n * {PHONE}\n */</script>", f"值班电话\n{PHONE}", "网页脚本中的注释"),
        (f"<script>var a = 'it'; // don't call {PHONE}\n</script>", f"don't call {PHONE}", "网页脚本中的注释"),
        (f"<script>// var old = '{SENTENCE}';</script>", f"var old = '{SENTENCE}';", "网页脚本中的注释"),
    ],
)
def test_remarks_left_behind(element: str, text: str, note: str) -> None:
    """A comment with a number or a sentence is a place of its own."""
    assert (text, "comment", "markup_comment", note) in found(element)


@pytest.mark.parametrize(
    "element",
    [
        "<script>// 初始化轮播图\nvar i = 0; /* 每三秒切换一次 */</script>",
        "<style>/* 头部导航 */ p{} /* 页脚 */</style>",
        "<script>var when = 20240301123456; // 见 /upload/20240301123456.png 图片\n</script>",
        "<script>/*! jQuery v1.11.1 | (c) 2005, 2014 jQuery Foundation, Inc. | jquery.org/license */</script>",
        "<script>var u = 'http://a.gov.cn/12345678901/x'; if (/^https?:\\/\\//.test(u)) go();</script>",
        f"<input type=hidden name=__VIEWSTATE value={WRITTEN}>",
        f"<input type=hidden name=__VIEWSTATE value={state('正文', '确定', '请选择')}>",
        "<a href='data:text/plain,'>正文</a>",
    ],
)
def test_a_page_as_programs_make_it_has_no_finding(element: str) -> None:
    """Remarks for who works on a page, its own addresses, the words of its lists: nothing is told of them."""
    with prescan.Scanner() as scanner:
        assert scanner.scan_bytes(f"<p>正文</p>{element}".encode(), name="a.html").findings == ()


def test_a_remark_is_read_for_what_stands_in_it() -> None:
    """A mark in a short remark is found, with its place."""
    page = f"<p>正文</p><script>// 机密★10年\n</script><style>/* {RESIDENT_ID} */</style>"
    with prescan.Scanner() as scanner:
        result = scanner.scan_bytes(page.encode(), name="a.html")
    places = {finding.type: finding.location.part for finding in result.findings if finding.location}
    assert {key: places[key] for key in ("secret_mark", "resident_id")} == {
        "secret_mark": "comment",
        "resident_id": "comment",
    }


@pytest.mark.parametrize(
    "element",
    [
        "<a href='{}'>正文</a>",
        "<object data='{}'></object>",
        "<embed src='{}'>",
        "<form action='{}'></form>",
        "<script>open('{}')</script>",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_pages_in_addresses(element: str, codec: str) -> None:
    """Base64 or written out, in whatever charset; tags are not text."""
    page = f"<b>暗</b>记<table><tr><td>甲<td>{PHONE}</table>"
    written = base64.b64encode(page.encode(codec)).decode()
    for address in (f"data:text/html;charset={codec};base64,{written}", "data:text/html," + page.replace("#", "%23")):
        note = "链接地址里的网页"
        assert [item for item in found(element.format(address)) if item[3] == note] == [
            (text, "hidden", "hidden_text", note) for text in ("暗记", "甲", PHONE)
        ]


def test_a_framed_page_in_an_address_is_seen() -> None:
    """It stands where the frame stands."""
    assert found("<iframe src='data:text/html,<p>甲</p>'></iframe>") == [("甲", "body", None, "")]


def test_pages_in_pages_are_bounded() -> None:
    """The innermost is said to be unread."""
    page = "暗记"
    for _ in range(5):
        page = f"<a href='data:text/html;base64,{base64.b64encode(page.encode()).decode()}'>链</a>"
    items = list(read(page.encode(), Limits()))
    assert [item.code for item in items if isinstance(item, Unread)] == ["archive_limit"]


def test_the_state_of_a_form() -> None:
    """What is not shown anyway, once it holds a number or a sentence; the encoding itself is no text."""
    value = state("正文", "张某", f"<b>{RESIDENT_ID}</b>&nbsp;", "住址" * 40)
    assert found(f"<input type=hidden name=__VIEWSTATE value='{value}'>") == [
        (text, "hidden", "hidden_text", "网页状态数据中的文字") for text in ("张某", RESIDENT_ID, "住址" * 40)
    ]


def test_a_state_in_several_fields() -> None:
    """As ASP.NET cuts it at a length; in what order the fields stand does not matter."""
    value = state("正文", f"证号 {RESIDENT_ID}")
    names = ("__VIEWSTATE", "__VIEWSTATE1", "__VIEWSTATE2")
    fields = [
        f"<input type=hidden name={name} value='{value[at : at + 40]}'>"
        for name, at in zip(names, (0, 40, 80), strict=True)
    ]
    assert len(value) <= 120
    for page in ("".join(fields), "".join(reversed(fields))):
        assert found(page) == [(f"证号 {RESIDENT_ID}", "hidden", "hidden_text", "网页状态数据中的文字")]
    sealed = found("<input type=hidden name=__VIEWSTATE value=密><input type=hidden name=__VIEWSTATE1 value=封>")
    assert sealed == [(text, "form", "hidden_text", "网页中隐藏的表单值") for text in "密封"]


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (f"<a href='/files/{RESIDENT_ID}.pdf'>附件</a>", "元素属性中的文字"),
        (f"<img src='/photos/{RESIDENT_ID}.jpg'>", "元素属性中的文字"),
        (f"<video poster='/{RESIDENT_ID}.png'></video>", "元素属性中的文字"),
        (f"<i data-row={base64.b64encode(f'证号:{RESIDENT_ID}'.encode()).decode()}></i>", "元素属性中的文字"),
        (f"<script>var row = {{id: {RESIDENT_ID}, n: 1}}</script>", "网页脚本中的文字"),
        (
            f"<script>f(atob('{base64.b64encode(f'证号:{RESIDENT_ID}'.encode()).decode()}'))</script>",
            "网页脚本中的文字",
        ),
    ],
)
def test_numbers_in_addresses_and_code(source: str, note: str) -> None:
    """Files are named after people, scripts keep their numbers without quotes, or in base64."""
    told = [item for item in found(source) if item[0] != "附件"]
    assert [(RESIDENT_ID in text, part, hidden, said) for text, part, hidden, said in told] == [
        (True, "hidden", "hidden_text", note)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "<a href='/art/2024/1/1/art_20240101_123456789012345678.html'></a>",
        "<script>var t = 123456789012345678, u = 1700000000000;</script>",
        f"<i data-key={base64.b64encode(bytes(range(60))).decode()}></i>",
    ],
)
def test_numbers_of_machines_in_addresses_and_code(source: str) -> None:
    assert found(source) == []


def test_strings_of_a_state() -> None:
    """As ASP.NET itself wrote them; encrypted states, and what is none, are not taken apart."""
    assert encoded.state(WRITTEN) == [
        "280995230", "_!DataBound", "_!ItemCount", "ImageUrl", "/file/product/2025727185351_smallCode.PNG",
        "达标", "全部合格",
    ]  # fmt: skip
    assert encoded.state(base64.b64encode(bytes(range(48, 112))).decode()) is None
    assert encoded.state("不是") is None
    array = b"\xff\x01\x15\x02\x06" + "甲乙".encode() + b"\x03" + "丙".encode()
    assert encoded.state(base64.b64encode(array).decode()) == ["甲乙", "丙"]
    cut = b"\xff\x01\x15\xff\xff\xff\x7f\x06" + "甲乙".encode()
    assert encoded.state(base64.b64encode(cut).decode()) == ["甲乙"]
