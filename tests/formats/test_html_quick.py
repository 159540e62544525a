"""What is read the short way (an element of one text, a row of plain cells) is read as the long way reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prescan.errors import ReadError
from prescan.formats.digit_runs import LONG_RUN, digits_in
from prescan.formats.html import read, shapes
from prescan.formats.html.source import check_shape
from prescan.formats.html.table import BODY, BR, all_tidy, is_tidy, tidy
from prescan.types import Block, Limits, Unread

#: Ends every short way, and says nothing.
_IN_THE_WAY = "<!---->"
_TEXTS = st.sampled_from(
    [
        "甲",
        "甲 乙",
        " 甲",
        "甲 ",
        "甲  乙",
        "甲\n乙",
        "\n",
        "",
        "&nbsp;",
        "甲&#8203;",
        "&#8203;",
        "<b>甲</b>乙",
        "<p>甲</p>乙",
    ]
)
_LOOKS = st.sampled_from(
    [
        *["", "", "", ' class="s"', ' class="h"', ' style="color:#fff"', ' style="width:9px"', " hidden"],
        *[' rowspan="2"', ' colspan="2"', ' title="提示"', ' alt="图"', ' valign="top"', ' data-of="1234567"'],
    ]
)
_CELL = st.tuples(st.sampled_from(["td", "th"]), _LOOKS, _TEXTS)
_ROWS = st.lists(st.tuples(_LOOKS, st.lists(_CELL, max_size=4)), max_size=5)
_SHEETS = st.sampled_from(
    [
        *["", "<style>.h{display:none}</style>", "<style>.s{color:#fff}</style>", "<style>td{display:none}</style>"],
        "<style>td::before{content:'前'}</style>",
    ]
)


def _read(page: str) -> list[Block | Unread]:
    return list(read(f"<p>起</p>{page}".encode(), Limits()))


@pytest.mark.parametrize("sheet", ["", "td{display:none}", ".s{color:#fff}", "td::before{content:'前'}"])
@pytest.mark.parametrize(
    "cells",
    [
        "<td>甲@</td><td>乙@</td>",
        "<td class=s>甲@</td><td>乙@</td>",
        "<td colspan=2>甲@</td><td>乙@</td>",
        "<td title=一>甲@</td><td alt=二 title=三>乙@</td>",
        "<td>甲<b>乙@</b></td><td>@</td>",
        "<td hidden>甲@</td><td style=color:#fff>乙@</td>",
    ],
)
def test_a_row(sheet: str, cells: str) -> None:
    """What a row says is the same whether its cells are read at once or not."""
    page = f"<style>{sheet}</style><table>{f'<tr>{cells}</tr>' * 3}</table>"
    assert _read(page.replace("@", "")) == _read(page.replace("@", _IN_THE_WAY))


@given(_SHEETS, st.sampled_from(["", " hidden"]), _ROWS, _TEXTS)
def test_rows(sheet: str, hidden: str, rows: list[tuple[str, list[tuple[str, str, str]]]], around: str) -> None:
    """A table reads the same whatever stands in the way of reading its rows at once."""
    page = ""
    for row_looks, cells in rows * 3:  # what has been met before is known
        inside = "".join(f"<{tag}{looks}>{text}@</{tag}>" for tag, looks, text in cells)
        page += f"<tr{row_looks}>{inside}</tr>\n"
    page = f"{sheet}<div{hidden}>{around}<table>{page}</table></div><p>终"
    assert _read(page.replace("@", "")) == _read(page.replace("@", _IN_THE_WAY))


@given(_SHEETS, st.lists(st.tuples(st.sampled_from(["p", "div", "li", "pre", "span", "b"]), _LOOKS, _TEXTS)))
def test_elements_of_one_text(sheet: str, elements: list[tuple[str, str, str]]) -> None:
    """So do elements that hold one text."""
    page = sheet + "\n".join(f"<{tag}{looks}>{text}@</{tag}>" for tag, looks, text in elements)
    assert _read(page.replace("@", "")) == _read(page.replace("@", _IN_THE_WAY))


@pytest.mark.parametrize(
    "before",
    [
        "<b color=#010101>甲</b>",
        "<b class=s>甲</b>",
        "<style>.s{color:#333}</style><b class=s>甲</b>",
        "<style>b{display:none}</style><b>甲</b>",
    ],
)
@pytest.mark.parametrize(
    "page",
    [
        "<b>甲</b><p bgcolor=#000><b color=#010101>甲</b>",
        "<style>.s{color:#fff}</style><b class=s>甲</b>",
        "<style>.s{display:none}</style><b>甲</b><b class=s>甲</b>",
        "<style>p{background:#000}</style><p><b color=#010101>甲</b>",
        "<p align=left>甲</p><p align=乙>甲</p><p align=left>甲</p>",
        '<img alt=left title=""><img alt="" title=left><img alt=丙 title=""><img alt="" title=丙>',
    ],
)
def test_a_page_after_another(before: str, page: str) -> None:
    """A page reads the same whatever was read before it."""
    shapes._SHARED.clear()
    alone = _read(page)
    shapes._SHARED.clear()
    _read(before)
    assert _read(page) == alone
    assert _read(page) == alone


@given(st.text(st.sampled_from([*"甲a1 \n\t\r\f", BR, "\u200b", "\u3000", "\xa0", "\xad", "\0", "\x1c", "\u2029"])))
def test_tidy_texts(text: str) -> None:
    """What is called tidy, tidying leaves as it is."""
    if is_tidy(text):
        assert tidy([(text, BODY)], pre=False) == [(text, BODY)]


@given(st.lists(st.text(st.sampled_from([*"甲a1 \n\t", BR, "\u200b", "\u3000", "\0", "\u2029"]), max_size=4)))
def test_texts_are_tidied_together_as_each_by_itself(texts: list[str]) -> None:
    """What is quick for many texts at once changes none of them."""
    assert all_tidy(texts) == [told for text in texts for told, _ in tidy([(text, BODY)], pre=False)]


@pytest.mark.parametrize("size", [40, 40_000])
def test_rows_of_digits_in_few_and_many_bytes(size: int) -> None:
    """They are found wherever they stand, by either way of looking."""
    for at in (0, size // 2, size - 11):
        page = b"x" * at + b"13800138000" + b"x" * (size - 11 - at)
        assert digits_in(page).find(LONG_RUN) == at
    assert LONG_RUN not in digits_in(b"1380013800x" * (size // 11))


@pytest.mark.parametrize("before", ["", '<p title="甲>">正文</p>' * 6_000], ids=["small", "large"])
@pytest.mark.parametrize(
    ("tag", "refused"),
    [
        ("<p" + " a" * 2_001 + ">", True),
        ("<p" + " a" * 2_000 + ">", False),
        ('<p b="<i>"' + " a" * 2_000 + ">", True),
        ("<p b='\"<i'" + ' a="1"' * 2_000 + ">", True),
        ("<script>" + " a" * 3_000 + "</script>", False),
        ("<!-- <p " + " a" * 3_000 + "> -->", False),
        ("< p" + " a" * 3_000 + ">", False),
    ],
)
def test_attributes_are_counted_behind_ordinary_tags(before: str, tag: str, refused: bool) -> None:
    """A parser would compare each of too many with all the others."""
    page = f"<body>{before}{tag}正文</body>"
    if refused:
        with pytest.raises(ReadError) as caught:
            check_shape(page)
        assert caught.value.code == "archive_limit"
    else:
        check_shape(page)
