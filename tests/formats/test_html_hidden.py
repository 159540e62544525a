"""Web pages: what their styles hide, by whatever selector and in whatever notation, and what they give back."""

from __future__ import annotations

import pytest

from prescan.formats.html import read
from prescan.formats.html.colours import colour_of, look_alike
from prescan.formats.html.rewrite import rewrite
from prescan.types import Block, Limits


def places(page: str) -> list[tuple[str, str]]:
    """Return the texts of a page and the part each is in."""
    return [(item.text, item.location.part) for item in read(page.encode(), Limits()) if isinstance(item, Block)]


def is_hidden(page: str) -> bool:
    """Return whether 暗记 in a page is told as hidden text, and 见 as seen."""
    found = places(f"{page}<p>见</p>")
    assert ("见", "body") in found
    where = [part for text, part in found if "暗记" in text]
    assert len(where) == 1, found
    return where == ["hidden"]


@pytest.mark.parametrize(
    ("selector", "page"),
    [
        ("b + i", "<b>甲</b><i>暗记</i>"),
        ("b ~ i", "<b>甲</b><u>乙</u><i>暗记</i>"),
        ("i:not(.k)", "<i>暗记</i>"),
        ("i:first-child", "<div><i>暗记</i></div>"),
        ("li:nth-child(2)", "<ul><li>甲<li>暗记</ul>"),
        ("li:nth-child(2n)", "<ul><li>甲<li>暗记<li>乙</ul>"),
        ("li:last-child", "<ul><li>甲<li>暗记</ul>"),
        ("li:nth-of-type(2)", "<ul><li>甲<li>暗记</ul>"),
        ("i:only-child", "<div><i>暗记</i></div>"),
        ("i[data-k]", "<i data-k=1>暗记</i>"),
        ("i[class^='no']", "<i class=nobody>暗记</i>"),
        ("i[title~=c]", "<i title='b c'>暗记</i>"),
        (":is(i, u)", "<i>暗记</i>"),
        ("div:has(> b) i", "<div><b>甲</b><i>暗记</i></div>"),
        ("b + i, u", "<u>暗记</u>"),
    ],
)
def test_any_selector_hides(selector: str, page: str) -> None:
    """Selectors that are not plain are looked up by the parser."""
    assert is_hidden(f"<style>{selector}{{display:none}}</style>{page}")
    assert not is_hidden(f"<style>{selector}{{display:inline}}</style>{page}")


@pytest.mark.parametrize(
    "page",
    [
        "<style>b + i{display:none}</style><i>暗记</i><b>甲</b>",
        "<style>i:not(.k){display:none}</style><i class=k>暗记</i>",
        "<style>i:first-child{display:none}</style><div><b>甲</b><i>暗记</i></div>",
        "<style>div:empty{display:none}</style><div>暗记</div>",
        "<style>i:hover{display:none} i::before{display:none}</style><i>暗记</i>",
        "<style>li:not(.open) ul{display:none} li:hover ul{display:block}</style><li><ul><li>暗记</ul>",
        "<style>i[{display:none} i:foo(){display:none}</style><i>暗记</i>",
    ],
)
def test_what_a_selector_does_not_choose_is_seen(page: str) -> None:
    """Elements it is not about, states of a moment, and menus that open stay as they are."""
    assert not is_hidden(page)


@pytest.mark.parametrize(
    ("style", "hidden"),
    [
        ("<style>:root{--d:none}i{display:var(--d)}</style>", True),
        ("<style>:root{--d:block}i{display:var(--d)}</style>", False),
        ("<style>i{display:var(--unknown, none)}</style>", True),
        ("<style>:root{--a:var(--b);--b:hidden}i{visibility:var(--a)}</style>", True),
        ("<style>:root{--d:block}.dark{--d:none}i{display:var(--d)}</style>", False),
        ("<style>:root{--paper:#fff}i{color:var(--paper)}</style>", True),
        ("<style media=print>i{display:none}</style>", False),
        ("<style media=screen>i{display:none}</style>", True),
        ("<style media='all'>i{display:none}</style>", True),
        ("<style>@media print{i{display:none}}</style>", False),
        ("<style>@media print{b{color:red}} i{display:none}</style>", True),
        ("<style>i{display:none}@media print{i{display:block}}</style>", True),
        ("<style>@media not print{i{display:none}}</style>", True),
        ("<style>@layer base{i{display:none}}</style>", True),
        ("<style>@supports (display:grid){i{display:none}}</style>", True),
        ("<style>@import url(a.css); i{display:none}</style>", True),
        ("<style>@keyframes k{from{opacity:0}to{opacity:1}}</style>", False),
    ],
)
def test_variables_and_media(style: str, hidden: bool) -> None:
    """What is shown only in print is hidden on the screen, and not the other way round."""
    assert is_hidden(f"{style}<p><i>暗记</i></p>") is hidden


@pytest.mark.parametrize(
    "style",
    [
        "color:rgb(255 255 255)",
        "color:rgb(100%, 100%, 100%)",
        "color:hsl(0, 0%, 100%)",
        "color:hsl(120deg 50% 100%)",
        "color:snow",
        "color:#fefefe",
        "color:#ffff",
        "background-color:rebeccapurple;color:#663399",
        "color:rgb(0 0 0 / 0)",
        "color:#1230",
        "color:#11223300",
        "-webkit-text-fill-color:transparent",
        "font:0/0 a",
        "font-size:0 !important",
        "clip:rect(1px, 1px, 1px, 1px)",
        "clip-path:polygon(0 0, 0 0, 0 0)",
        "--d:none;display:var(--d)",
        "mso-hide:all",
        "position:fixed; top: -500em",
    ],
)
def test_notations(style: str) -> None:
    """Colours and sizes may be written in many ways."""
    assert is_hidden(f"<p>甲<span style='{style}'>暗记</span></p>")


@pytest.mark.parametrize("element", ["div hidden", "div popover", "div popover=manual", "svg><metadata"])
def test_elements_that_are_not_shown(element: str) -> None:
    end = "".join(f"</{part.split()[0]}>" for part in reversed(element.split("><")))
    assert is_hidden(f"<p>甲</p><{element}>暗记{end}")


@pytest.mark.parametrize(
    "style",
    [
        "color:rgb(250 0 0)",
        "color:gainsboro",
        "background-color:navy;color:white",
        "color:transparent;background-clip:text;background-image:linear-gradient(red,blue)",
        "font:14px/0 a",
        "color:inherit",
        "color:currentcolor",
    ],
)
def test_notations_of_what_is_seen(style: str) -> None:
    """Faint, coloured or cut out of a picture, it is seen."""
    assert not is_hidden(f"<p>甲<span style='{style}'>暗记</span></p>")


@pytest.mark.parametrize(
    ("page", "hidden"),
    [
        ("<div style='font-size:0'>甲<p><i>暗记</i></p></div>", True),
        ("<div style='font-size:0'><p style='font-size:1em'>暗记</p></div>", True),
        ("<div style='font-size:0'><p style='font-size:14px'>暗记</p></div>", False),
        ("<style>ul{font-size:0}ul li{font-size:14px}</style><ul><li>暗记</ul>", False),
        ("<style>#a{font-size:0}i{font-size:14px}</style><i id=a>暗记</i>", True),
        ("<style>.a{font-size:0!important}i.a{font-size:14px}</style><i class=a>暗记</i>", True),
        ("<style>.a{font-size:0}</style><i class=a style='font-size:14px'>暗记</i>", False),
        ("<div style='visibility:hidden'><p style='visibility:visible'>暗记</p></div>", False),
        ("<div style='visibility:hidden;font-size:0'><p style='visibility:visible'>暗记</p></div>", True),
        ("<div style='display:none'><p style='display:block;visibility:visible'>暗记</p></div>", True),
        ("<p hidden=until-found>暗记</p>", True),
        ("<dialog>暗记</dialog>", True),
        ("<dialog open>暗记</dialog>", False),
        ("<details><summary>甲</summary><p>暗记</p></details>", False),
        ("<noscript>暗记</noscript>", True),
        ("<p inert>暗记</p>", False),
        ("<p aria-hidden=true>暗记</p>", False),
    ],
)
def test_inherited_and_given_back(page: str, hidden: bool) -> None:
    """Letters without size and invisible ones may be given back inside; what is not drawn at all may not."""
    assert is_hidden(page) is hidden


def test_shadow_trees() -> None:
    """A shadow tree is seen; what stands in its host is seen only if there is a slot for it."""
    assert places("<div><template shadowrootmode=open><p>影</p></template><b>主</b></div><p>后") == [
        ("影", "body"),
        ("主", "hidden"),
        ("后", "body"),
    ]
    assert places("<div><template shadowrootmode=open>影<slot></slot></template><b>主</b></div>") == [
        ("影", "body"),
        ("主", "body"),
    ]
    assert places("<div hidden><template shadowrootmode=open>影</template></div><p>后")[0] == ("影", "hidden")
    assert places("<template><p>影</template><p>后")[0] == ("影", "hidden")


def test_a_page_in_a_page_has_its_own_elements() -> None:
    """What a selector finds in one tree says nothing of another."""
    page = "<style>b + i{display:none}</style><iframe srcdoc='<i>丙</i>'></iframe><b>甲</b><i>乙</i>"
    assert places(page) == [("丙", "body"), ("甲", "body"), ("乙", "hidden")]


def test_the_copy_keeps_what_is_given_back() -> None:
    """Only the text without size goes from a redacted page, not what stands in its element and is seen."""
    page = "<div style='font-size:0'>藏<p style='font-size:14px'>见</p></div><p style='visibility:hidden'>隐</p>"
    _, made = rewrite(page.encode(), [False, []], Limits())
    assert "见" in made.decode()
    assert "藏" not in made.decode()
    assert "隐" not in made.decode()


def test_colours() -> None:
    """Every notation of one colour is one colour."""
    written = ("#FF8000", "rgb(255,128,0)", "rgba(255,128,0,.5)", "#f80")
    assert [colour_of(colour.lower()) for colour in written] == ["ff8000", "ff8000", "ff8000", "ff8800"]
    assert look_alike(colour_of("hsl(30,100%,50%)"), "ff8000")
    assert colour_of("whatever") == "?"


@pytest.mark.parametrize(
    "page",
    [
        "<style>" + "a ~ b ~ c{display:none}" * 2_000 + "</style>" + "<a></a><b></b><c>暗</c>" * 300,
        "<style>i{font:" + "a" * 200_000 + "}</style><i>见</i>",
        "<style>:root{"
        + "".join(f"--v{n}:var(--v{n + 1})var(--v{n + 1});" for n in range(60))
        + "}i{color:var(--v0)}</style>",
        "".join(f"<i style='color:#{n:06x}'>见</i>" for n in range(0, 3_000_000, 1_000)),
        "<p style='" + "(" * 100_000 + "'>见",
    ],
    ids=["siblings", "shorthand", "variables", "colours", "brackets"],
)
def test_styles_made_to_cost_time(page: str) -> None:
    """They come to an end."""
    assert places(page + "<p>末")[-1] == ("末", "body")


def test_pages_with_the_same_rules_differ_in_what_else_they_hold() -> None:
    """Rules are kept for the next page; grounds, hosts of further rules and what a frame adds are of one page only."""
    rules = "<style>.w{color:#fff} b + i{display:none} :root{--c:none}</style>"
    assert is_hidden(f"{rules}<div class=w>暗记</div>")
    assert not is_hidden(f"{rules}<link rel=stylesheet href=a.css><div class=w>暗记</div>")
    assert not is_hidden(f"{rules}<div style='background:#000'><div class=w>暗记</div></div>")
    assert is_hidden(f"{rules}<div style='background:#000'></div><div class=w>暗记</div>")
    assert is_hidden(f"{rules}<b>甲</b><i>暗记</i>")
    assert not is_hidden(f"{rules}<u>甲</u><i>暗记</i>")
    assert is_hidden(f"{rules}<i style='display:var(--c)'>暗记</i>")
    assert is_hidden(f"{rules}<iframe srcdoc='<style>.k{{display:none}}</style><i class=k>暗记</i>'></iframe>")
    assert not is_hidden(f"{rules}<i class=k>暗记</i>")


@pytest.mark.parametrize(
    "cell", ["<td class=w>暗记", "<td><p>甲<p class=w>暗记", "<th class=w>暗记", "<td><i class=w>暗记"]
)
def test_rules_concern_cells(cell: str) -> None:
    assert is_hidden(f"<style>.w{{display:none}} .v{{color:#fff}}</style><table><tr>{cell}<td>乙</table>")
    assert is_hidden(f"<style>.v{{display:none}} .w{{color:#fff}}</style><table><tr>{cell}<td>乙</table>")
    assert not is_hidden(f"<style>.v{{display:none}} .w{{color:#111}}</style><table><tr>{cell}<td>乙</table>")
