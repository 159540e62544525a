"""Web pages: what is seen, in reading order, and every place where a page hides text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import RESIDENT_ID

from prescan.errors import ReadError
from prescan.formats.html import read
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Limits, Unread

FILES = Path(__file__).parent / "files"
ATTRIBUTE = "元素属性中的文字"


def read_all(page: str | bytes) -> list[Block | Unread]:
    """Read a page to the end."""
    return list(read(page.encode() if isinstance(page, str) else page, Limits()))


def blocks(page: str | bytes) -> list[Block]:
    """Return the blocks of a page of which everything was read."""
    items = read_all(page)
    assert all(isinstance(item, Block) for item in items)
    return [item for item in items if isinstance(item, Block)]


def places(page: str) -> list[tuple[str, str, str | None]]:
    """Return text, part and finding type of each block."""
    return [(block.text, block.location.part, block.hidden) for block in blocks(page)]


def visible(page: str) -> list[str]:
    """Return the texts of the body."""
    return [text for text, part, _ in places(page) if part == "body"]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>第一段<b>加粗</b>继续<p>第二段", ["第一段加粗继续", "第二段"]),
        ("<div>前<p>中</p>后</div>", ["前", "中", "后"]),
        ("<p> a \n b&nbsp; c </p>", ["a b\xa0 c"]),
        ("<p>一行<br> 二行<br></p>", ["一行\n二行"]),
        ("<p>中文\n  换行 a\nb", ["中文换行 a b"]),
        ("<pre>\n  甲\n乙  丙</pre>", ["  甲\n乙  丙"]),
        ("<textarea>甲\n乙</textarea>", ["甲\n乙"]),
        ("<ruby>汉<rp>(</rp><rt>han</rt><rp>)</rp></ruby>", ["汉(han)"]),
        ("<select><option>甲<option>乙</select>", ["甲", "乙"]),
        ("<p aria-hidden=true>见", ["见"]),
        ("<p>&#x7532;&#20057;", ["甲乙"]),
        ("<p>110101<span>1900</span><!---->01011234", ["110101190001011234"]),
        ("<iframe srcdoc='&lt;p&gt;甲&lt;/p&gt;乙'></iframe><p>丙", ["甲", "乙", "丙"]),
        ("<p>前</p><p>&nbsp;</p><p>后", ["前", "后"]),
        ("<svg><text>图中字</text></svg>", ["图中字"]),
        (
            "<style>.n::before{content:'注：'} p .n:after{content:\"\\6BD5 \"}</style><p>一<b class=n>二</b>三",
            ["一注：二毕三"],
        ),
        ("<style>i::before{content:'>'}</style><p>一<i>二</i>", ["一二"]),
    ],
)
def test_visible_text(page: str, expected: list[str]) -> None:
    """Blocks are paragraphs, inline elements join, white space collapses as in a browser."""
    assert visible(page) == expected


def test_paragraphs_are_counted() -> None:
    """Only paragraphs that say something count."""
    assert [block.location.paragraph for block in blocks("<p>甲<p> <p>乙")] == [1, 2]


@pytest.mark.parametrize(
    "hiding",
    [
        "<span hidden>暗记</span>",
        "<span style='display: none'>暗记</span>",
        "<span style='VISIBILITY:hidden;'>暗记</span>",
        "<span style='font-size:0px'>暗记</span>",
        "<span style='opacity:0'>暗记</span>",
        "<span style='color:#FFF'>暗记</span>",
        "<font color=white>暗记</font>",
        "<span style='position:absolute;left:-9999px'>暗记</span>",
        "<span style='text-indent:-999em'>暗记</span>",
        "<span style='overflow:hidden;max-height:0'>暗记</span>",
        "<span class='b a'>暗记</span>",
        "<span id=one>暗记</span>",
        "<kbd>暗记</kbd>",
        "<b class=in>暗记</b>",
        "<span class=x>暗记</span>",
        "<u><i class=y>暗记</i></u>",
        "<span style='background:#CC0000'><font color='#c00'>暗记</font></span>",
        "<span style='color:rgb(0,0,0);background-color:black'>暗记</span>",
        *(
            f"<span style='{style}'>暗记</span>"
            for style in (
                "clip-path:inset(100%)",
                "transform: scale(0)",
                "transform:translateX(-9999px)",
                "width:0;overflow:hidden",
                "width:1px;height:1px;overflow:hidden",
                "font-size:1px",
                "font-size:.5pt",
                "content-visibility:hidden",
                "filter:opacity(0)",
                "margin-top:-9999px",
            )
        ),
        "<svg><text display=none>暗记</text></svg>",
        "<svg><desc>暗记</desc></svg>",
        "<math><annotation>暗记</annotation></math>",
        "<canvas>暗记</canvas>",
        "<video>暗记</video>",
        "<style>@media screen{.z{display:none}}</style><b class=z>暗记</b>",
        "<span style='color:red'><i style='background:red'>暗记</i></span>",
    ],
)
def test_hidden_text_keeps_its_place(hiding: str) -> None:
    """Hidden text is a block of its own between the pieces of its paragraph, which read on."""
    style = """<style>/* .c{} */ .a, .z {display:none} #one{color:red;visibility:hidden} kbd{display:none}
    p .in, p.no .y{display:none} span.x{display:none} u>i{visibility:hidden}</style>"""
    found = blocks(f"{style}<p>前{hiding}后</p>")
    assert [(block.text, block.location.part, block.hidden, block.sep) for block in found] == [
        ("前", "body", None, ""),
        ("暗记", "hidden", "hidden_text", ""),
        ("后", "body", None, PARAGRAPH_BREAK),
    ]
    assert found[1].note == ("网页中与底色相同的文字" if "color" in hiding else "网页中隐藏的文字")


@pytest.mark.parametrize(
    "shown",
    [
        "<span style='font-size:0.8em'>见</span>",
        "<span style='opacity:0.5'>见</span>",
        "<span style='color:#ffffff;background:#c00'>见</span>",
        "<div bgcolor=red><span style='color:white'>见</span></div>",
        "<style>@media print{.a{display:none}}</style><span class=a>见</span>",
        "<span style='left:-2px'>见</span>",
        "<span style='font-size:1em;color:rgb(10,20,0)'>见</span>",
        "<span style='color:rgba(0,0,0,1);transform:scale(0.9)'>见</span>",
        "<style>@media screen and (max-width:600px){.a{display:none}}</style><span class=a>见</span>",
        "<dialog open>见</dialog>",
        "<style>div .a, div.b, i>.c, .d + .e, .f:empty {display:none}</style><p class='a b c d e f'>见</p>",
        "<style>.m ul{display:none} .m:hover ul{display:block}</style><div class=m><ul><li>见</ul></div>",
        "<details><p>见</details>",
        "<div style='background:url(a.png)'><span style='color:#fff'>见</span></div>",
        "<div style='background:#fff'><span style='background:#000;color:#fff'>见</span></div>",
        "<div style='color:#333;background:#333'><span style='background:#eee'>见</span></div>",
    ],
)
def test_shown_text_is_not_hidden(shown: str) -> None:
    """Small, faint, or white on a colour is still seen."""
    assert places(shown) == [("见", "body", None)]


def test_table() -> None:
    """One block a cell with its grid place; spans move the columns; empty cells stay."""
    page = """<table><caption>表题</caption><tr><th rowspan=2>甲</th><th colspan=2>乙</th><th>丙</th></tr>
    <tr><td>丁<p>戊</td><td></td><td>己</td></tr></table>"""
    assert [(block.text, block.location.part, block.location.cell, block.sep) for block in blocks(page)] == [
        ("表题", "body", None, PARAGRAPH_BREAK),
        ("甲", "table", "表1!A1", CELL_BREAK),
        ("乙", "table", "表1!B1", CELL_BREAK),
        ("丙", "table", "表1!D1", PARAGRAPH_BREAK),
        ("丁\n戊", "table", "表1!B2", CELL_BREAK),
        ("", "table", "表1!C2", CELL_BREAK),
        ("己", "table", "表1!D2", PARAGRAPH_BREAK),
    ]


def test_nested_table_follows_its_row() -> None:
    """A table in a cell has the next number and comes after the row that holds it."""
    page = "<table><tr><td>外<table><tr><td>内</td></tr></table>续</td><td>旁</td></tr><tr><td>下</td></tr></table>"
    assert [(block.text, block.location.cell) for block in blocks(page)] == [
        ("外\n续", "表1!A1"),
        ("旁", "表1!B1"),
        ("内", "表2!A1"),
        ("下", "表1!A2"),
    ]


def test_layout_cell_keeps_paragraphs() -> None:
    """A cell of many paragraphs is page layout, and its paragraphs stay apart."""
    found = blocks("<table><tr><td>" + "<p>13800138000" * 5 + "<td>旁</table>")
    assert [block.sep for block in found] == [PARAGRAPH_BREAK] * 4 + [CELL_BREAK, PARAGRAPH_BREAK]
    assert {block.location.cell for block in found[:5]} == {"表1!A1"}


def test_hidden_row_and_hidden_run_in_a_cell() -> None:
    """A hidden row keeps its cells; hidden text in a cell is its own block in the same cell."""
    page = "<table><tr><td>见<i hidden>暗</i></td><td>乙</td></tr><tr style='display:none'><td>藏</td></tr></table>"
    assert [(block.text, block.location.part, block.location.cell, block.sep) for block in blocks(page)] == [
        ("见", "table", "表1!A1", ""),
        ("暗", "hidden", "表1!A1", CELL_BREAK),
        ("乙", "table", "表1!B1", PARAGRAPH_BREAK),
        ("藏", "hidden", "表1!A2", PARAGRAPH_BREAK),
    ]


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("<noscript>暗记</noscript>", ("暗记", "hidden", "hidden_text", "网页中隐藏的文字")),
        ("<head><noscript><p>暗记</p></noscript></head>", ("暗记", "hidden", "hidden_text", "网页中隐藏的文字")),
        ("<input type=password value=暗记>", ("暗记", "form", "hidden_text", "网页中隐藏的表单值")),
        ("<iframe name=暗记></iframe>", ("暗记", "hidden", "hidden_text", ATTRIBUTE)),
        ("<template><b>暗记</b></template>", ("暗记", "hidden", "hidden_text", "网页中隐藏的文字")),
        (
            "<table><tr><td><template><td>暗记</td></template></td></tr></table>",
            ("暗记", "hidden", "hidden_text", "网页中隐藏的文字"),
        ),
        ("<iframe>暗记</iframe>", ("暗记", "hidden", "hidden_text", "网页中隐藏的文字")),
        ("<!-- 暗记 -->", ("暗记", "comment", "markup_comment", "网页源码中的注释")),
        ("<!--[if IE]>暗记<![endif]-->", ("[if IE]>暗记<![endif]", "comment", "markup_comment", "网页源码中的注释")),
        ("<input value=暗记>", ("暗记", "form", None, "")),
        ("<input placeholder=暗记>", ("暗记", "form", None, "")),
        ("<input type=hidden value=暗记>", ("暗记", "form", "hidden_text", "网页中隐藏的表单值")),
        ("<img alt=暗记>", ("暗记", "image", None, "")),
        ("<i title=暗记>", ("暗记", "hidden", "hidden_text", ATTRIBUTE)),
        ("<i aria-label=暗记>", ("暗记", "hidden", "hidden_text", ATTRIBUTE)),
        ("<i data-id=123456>", ("123456", "hidden", "hidden_text", ATTRIBUTE)),
        ("<a href=tel:13800138000></a>", ("13800138000", "hidden", "hidden_text", ATTRIBUTE)),
        ("<script>f('请填暗记')</script>", ("请填暗记", "hidden", "hidden_text", "网页脚本中的文字")),
        (
            '<script type="application/ld+json">{"a":"\\u6697\\u8bb0"}</script>',
            ('{"a":"暗记"}', "hidden", "hidden_text", "网页脚本中的文字"),
        ),
        ("<title>暗记</title>", ("标题：暗记", "metadata", None, "")),
        ("<meta name=ContentSource content=暗记>", ("来源：暗记", "metadata", None, "")),
        ("<meta name=x content=暗记>", ("x：暗记", "metadata", None, "")),
    ],
)
def test_hiding_places(element: str, expected: tuple[str, str, str | None, str]) -> None:
    """Every place where a page keeps text that a text call does not return."""
    found = [block for block in blocks(f"<p>正文</p>{element}") if block.text not in {"正文", ""}]
    assert [(block.text, block.location.part, block.hidden, block.note) for block in found] == [expected]


@pytest.mark.parametrize(
    "element",
    [
        "<!-- -->",
        "<!--[if lt IE 9]><script src='x'></script><![endif]-->",
        "<i data-x=12345>",
        "<i title=正文>",
        "<ul><li><a title=' 正'>正</a>文",
        "<img data-src='/202403/W020240301123456.png'>",
        "<meta name=viewport content='width=device-width'>",
        "<script>var a = 'short'; // 说明\n</script>",
        "<i style='font-family:宋体'>",
        "<input type=checkbox value=甲>",
        "<i data-src='data:text/html;base64,MTIzNDU2Nzg5MDEy'></i>",
    ],
)
def test_nothing_to_report(element: str) -> None:
    """Markup that says nothing to a reader gives no block."""
    assert set(places(f"<p>正文</p>{element}")) == {("正文", "body", None)}


def test_names_of_frames() -> None:
    """A page of frames says what its frames are called, and what is shown without them."""
    page = "<frameset cols='1,2'><frame name=名单 src=a.html><frame name=main></frameset><noframes>暗记</noframes>"
    found = blocks(page)
    assert [(block.text, block.location.part, block.hidden) for block in found] == [
        ("暗记", "hidden", "hidden_text"),
        ("名单", "hidden", "hidden_text"),
    ]


def test_rules_of_many_steps_are_bounded() -> None:
    """Rules that would compare every element with all its ancestors again and again are given up."""
    page = "<style>b .a .a .a .a .a .a p{display:none}</style>" + "<div class=a>" * 1_500 + "<p>CANARY</p>" * 2_000
    assert visible(page)[0] == "CANARY"


def test_order() -> None:
    """Body, then pictures, comments, hidden words, metadata."""
    page = "<!--注释--><title>题</title><i title=提示>正文</i><i title=提示></i><img alt=图>"
    assert [part for _, part, _ in places(page)] == ["body", "image", "comment", "hidden", "metadata"]


def test_declared_gb2312_is_read_as_gb18030() -> None:
    """A page declared gb2312 may hold any character of GB18030."""
    found = blocks((FILES / "gb2312_page.html").read_bytes())
    assert found[0].text == "现将刘䶮、陈㛃两位同志的情况予以公示。"
    assert found[-1].text == "标题：公示名单"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "gb18030", "utf-16-le"])
def test_undeclared_encodings(codec: str) -> None:
    """The bytes are decoded here; a lying declaration changes nothing."""
    page = "<meta charset=iso-8859-1><html><body><p>关于印发《管理办法》的通知</p></body></html>"
    assert blocks(page.encode(codec))[0].text == "关于印发《管理办法》的通知"


@pytest.mark.parametrize("page", ["", "<html></html>", "<p> &nbsp;</p>", "<script>1</script>"])
def test_nothing_is_empty(page: str) -> None:
    """A page that says nothing is empty."""
    with pytest.raises(ReadError) as caught:
        read_all(page)
    assert caught.value.code == "empty"


def test_page_made_by_script_is_unread() -> None:
    """A title above an empty body is not a page that was read."""
    *_, last = read_all("<title>公示</title><body><div id=app></div><script src=a.js></script>")
    assert isinstance(last, Unread)
    assert last.code == "empty"


def test_lost_bytes_are_reported() -> None:
    """A page with bytes that are no characters is read, and says so."""
    *_, last = read_all("<p>关于印发管理办法的通知".encode() + b"\xff</p>")
    assert isinstance(last, Unread)
    assert last.code == "corrupted"


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "CANARY",
        "<div></x>" * 100_000,
        "<div a='>' " + " ".join(f"b{number}" for number in range(200_000)) + ">CANARY",
        "<div " + " ".join(f"b{number}" for number in range(2_100)) + ">CANARY",
        "<div a='<script>' " + "/".join(f"b{number}=''" for number in range(2_100)) + ">CANARY",
        "<div " + "".join(f"b{number}=''" for number in range(2_100)) + ">CANARY",
        "<!-- x -->" + "<div>" * 3_000,
        "<script>'</script>" + "<div>" * 3_000,
    ],
)
def test_shapes_that_hang_the_parser(page: str) -> None:
    """Depth and attributes are counted before parsing."""
    with pytest.raises(ReadError) as caught:
        read_all(page)
    assert caught.value.code == "archive_limit"


@pytest.mark.parametrize(
    "page",
    [
        "<p>CANARY" * 5_000,
        "<ul>" + "<li>CANARY" * 5_000,
        "<br>" * 5_000 + "CANARY",
        "<script>" + "'<div>'" * 3_000 + "</script>CANARY",
        "<!--" + "<div>" * 3_000 + "-->CANARY",
        "<div>" * 1_900 + "CANARY",
    ],
)
def test_harmless_shapes_are_read(page: str) -> None:
    """What the parser closes by itself, or never opens, is not depth."""
    assert "CANARY" in visible(page)[0]


@pytest.mark.parametrize(
    "page", ["<script>" * 100_000, "<script>" + "'\\" * 100_000, "<style>" + "/*{" * 100_000, "<a x=\"'" * 1_000]
)
def test_own_scans_are_linear(page: str) -> None:
    """Unclosed things do not make the checks themselves hang."""
    assert "CANARY" in visible("<p>CANARY</p>" + page)[0]


def test_srcdoc_depth() -> None:
    """Pages inside pages are read three deep; what lies deeper is reported."""
    page = "<p>底"
    for _ in range(5):
        page = (
            "<iframe srcdoc='" + page.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;") + "'></iframe>"
        )
    assert any(isinstance(item, Unread) and item.code == "archive_limit" for item in read_all(page + "<p>面"))


@given(
    st.lists(st.sampled_from([*"<>/ \n'\"=-!中a&", "<td>", "<table>", "<tr>", "</table>", "<i hidden>", "<p>", "<br>"]))
)
def test_any_markup(pieces: list[str]) -> None:
    """Broken markup ends in blocks or a ReadError, and separators follow the contract."""
    try:
        items = read_all("".join(pieces))
    except ReadError:
        return
    assert {item.sep for item in items if isinstance(item, Block)} <= {"", CELL_BREAK, PARAGRAPH_BREAK}


@pytest.mark.parametrize(
    ("head", "body", "hidden"),
    [
        (".w{color:#fff}", '<p class="w">白字</p>', True),
        (".w{color:white}p{background:#003}", '<p class="w">白字</p>', False),
        (".h{background:#036}.h a{color:#fff}", '<div class="h"><a>导航</a></div>', False),
        (".h a{color:#fff}", '<div class="h" style="background:url(a.png)"><a>导航</a></div>', False),
        ("#t{color:#FFFFFF;background-color:#fff}", '<span id="t">白字</span>', True),
        ("body{background:#000;color:#000}", "<p>黑字</p>", True),
        (".w{color:#fff}.w{color:#333}", '<p class="w">正文</p>', False),
        ("@media screen{div{background:#111}}.w{color:#fff}", '<div><p class="w">白字</p></div>', False),
        ("a:hover{background:#036;color:#fff}", "<a>链接</a>", False),
        (".x > .y:first-child{background:#036}.w{color:#fff}", '<p class="w">白字</p>', False),
    ],
)
def test_text_in_the_colour_of_its_ground_by_a_style_sheet(head: str, body: str, *, hidden: bool) -> None:
    page = f"<html><head><style>{head}</style></head><body>{body}<p>其他</p></body></html>"
    (first, *_) = [item for item in read(page.encode(), Limits()) if isinstance(item, Block)]
    assert (first.hidden, first.note) == (("hidden_text", "网页中与底色相同的文字") if hidden else (None, ""))


def test_a_style_sheet_elsewhere_may_paint_the_ground() -> None:
    page = '<link rel="stylesheet" href="a.css"><style>.w{color:#fff}</style><p class="w">白字</p>'
    assert [item.hidden for item in read(page.encode(), Limits()) if isinstance(item, Block)] == [None]


def test_text_without_any_colour() -> None:
    """Transparent writing is hidden, not a colour."""
    for colour in ("transparent", "rgba(0, 0, 0, 0)", "rgb(0 0 0 / 0%)", "hsla(0,0%,0%,.0)"):
        (_, hidden, _) = blocks(f"<p>前<i style='color:{colour}'>暗记</i>后")
        assert (hidden.text, hidden.hidden, hidden.note) == ("暗记", "hidden_text", "网页中隐藏的文字")


def test_words_of_templates_and_addresses() -> None:
    """Templates of scripts are read without their markup; of addresses scripts, and numbers they ask for."""
    page = f"""<p>正文</p><script type='text/template'><p class="x">模板里的暗记</p></script>
    <a href="javascript:alert('脚本里的暗记')">甲</a><a href="/q?no={RESIDENT_ID}&name=%E6%9A%97">乙</a>
    <svg><title>图形的暗记</title></svg><a href="/list.html?id=20240301123456">丙</a>"""
    said = [text for text, part, _ in places(page) if part == "hidden"]
    assert said == ["模板里的暗记", "脚本里的暗记", RESIDENT_ID, "图形的暗记"]
