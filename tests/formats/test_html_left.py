"""Numbers of people that only the tags of a page hold, and content that a click unfolds."""

from __future__ import annotations

import base64

import pytest
from invented import MOBILE
from invented import RESIDENT_ID as ID

from prescan.formats import convert, html, identify
from prescan.formats.html.left import numbers_in_tags
from prescan.types import Block, Limits

NOTE = "网页源码标签中的号码"
LEFT = {
    "id": f'<p id="u{ID}">见</p>',
    "id behind a word": f'<p id="id{ID}">见</p>',
    "class": f'<p class="wide user-{ID}">见</p>',
    "name of an anchor": f'<a name="{ID}">见</a>',
    "label": f'<label for="{ID}">见</label>',
    "set of pictures": f'<img srcset="/photos/{ID}.jpg 1x, /b.jpg 2x">见',
    "background": f'<table background="/photos/{ID}.jpg"><tr><td>见</table>',
    "address of a look": f'<p style="background:url(/photos/{ID}.jpg)">见</p>',
    "mobile": f'<p id="tel{MOBILE}">见</p>',
    "mobile behind a stroke": f"<p class=user-{MOBILE}>见</p>",
    "instruction": f'<p>见</p><?php $x="{ID}" ?>',
}


@pytest.mark.parametrize("before", ["", " ", "  ", "   "])
def test_a_number_is_found_wherever_it_begins(before: str) -> None:
    assert numbers_in_tags(f'{before}<p id="u{MOBILE}">见</p>'.encode()) == [MOBILE]


def told(page: str) -> list[Block]:
    data = f"<!DOCTYPE html><meta charset=utf-8><p>看得见的正文</p>{page}".encode()
    return [item for item in html.read(data, Limits()) if isinstance(item, Block)]


@pytest.mark.parametrize("name", LEFT)
def test_numbers_of_people_in_tags_are_told_and_not_copied(name: str) -> None:
    found = [item for item in told(LEFT[name]) if ID in item.text or MOBILE in item.text]
    assert [(item.location.part, item.hidden, item.note) for item in found] == [("hidden", "hidden_text", NOTE)]
    data = f"<!DOCTYPE html><meta charset=utf-8><p>看得见的正文</p>{LEFT[name]}".encode()
    copy = convert("rewrite", data, identify(data, "x.html"), [[], []], Limits())[1].decode()
    assert found[0].text not in copy
    assert "看得见的正文" in copy


@pytest.mark.parametrize(
    "page",
    [
        f'<p id="u{ID}">证件号码{ID}</p>',
        '<p id="news_20240101123456">见</p>',
        '<p id="1234567890123456789">见</p>',
        f'<img src="/upload/{MOBILE}.jpg">见',
        f'<img srcset="/a/b/{MOBILE}.jpg 2x">见',
        f'<p id="3fa{MOBILE}b">见</p>',
        f'<p class="f0-{MOBILE}-ab">见</p>',
        f'<p style="width:0.{MOBILE}px">见</p>',
        f"<p>1 < {MOBILE}</p>",
    ],
)
def test_numbers_of_programs_and_those_the_page_says_are_not_told(page: str) -> None:
    assert [item for item in told(page) if item.note == NOTE] == []


@pytest.mark.parametrize("kind", ["text/css", "application/json", "text/csv"])
def test_whatever_text_an_address_holds_is_read(kind: str) -> None:
    held = base64.b64encode(f'{{"k":"证件{ID}"}}'.encode()).decode()
    found = [item for item in told(f'<object data="data:{kind};base64,{held}"></object>') if ID in item.text]
    assert [item.hidden for item in found] == ["hidden_text"]


@pytest.mark.parametrize("state", ["", " open"])
def test_what_a_click_unfolds_is_seen(state: str) -> None:
    """Questions and answers fold: whoever reads the page opens them, so nothing is hidden."""
    (found,) = [item for item in told(f"<details{state}><summary>问</summary><p>答{ID}</details>") if ID in item.text]
    assert (found.location.part, found.hidden) == ("body", None)
