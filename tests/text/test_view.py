"""Views map back exactly, whatever the text; numbers are joined across a wrap and never across a break."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescan.text.view import View, fold, squeeze

#: What the views treat specially, so that arbitrary text meets it often.
SPECIAL = (
    "0189Xx-–—.·・_ \u3000\xa0\t|\n\r\x0b\x0c\x85\u2028\u2029\u200b\u200d\u00ad\ufeff\u2060\ufe0f\U000e0101\x00\x7f"
    "１ＡｘＸ（）：㈠①⑴⒈㊀㎡½²ﬁ電務號国电äǚǜúwu()\u0301\u0f19\ud800\udfff\U0001f600\U0002000b\U000e0041\U0010ffff"
)
ANY = st.text(st.characters() | st.sampled_from(SPECIAL), max_size=60)
GROUPED = st.text("05Xa甲\t|\n\r\u2029 -.·_—", max_size=40)
WHITE = " \n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028"
SEPARATORS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212.·・•‧_"
TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü"


def views(text: str) -> tuple[View, View]:
    """Return both views of a text."""
    folded = fold(text)
    return folded, squeeze(folded)


def sources(view: View) -> list[int]:
    """Return where each character of a view comes from."""
    return [view.span(place, place + 1)[0] for place in range(len(view.text))]


@given(ANY, st.data())
@settings(max_examples=400, deadline=None)
def test_every_span_of_a_view_is_a_span_of_the_text(text: str, data: st.DataObject) -> None:
    """It is not empty, lies inside the text, and holds the sources of its first and last character."""
    for view in views(text):
        if not view.text:
            continue
        start = data.draw(st.integers(0, len(view.text) - 1))
        end = data.draw(st.integers(start + 1, len(view.text)))
        low, high = view.span(start, end)
        assert 0 <= low < high <= len(text)
        assert (low, high) == (view.span(start, start + 1)[0], view.span(end - 1, end)[1])


@given(ANY)
@settings(max_examples=400, deadline=None)
def test_views_keep_the_order(text: str) -> None:
    """Sources never go back."""
    for view in views(text):
        order = sources(view)
        assert order == sorted(order)


@given(ANY)
@settings(max_examples=400, deadline=None)
def test_every_character_folds_to_what_the_view_shows_for_it(text: str) -> None:
    """The way there and back: folding the one character at the origin gives exactly the view's characters."""
    folded, squeezed = views(text)
    for source, places in itertools.groupby(range(len(folded.text)), key=sources(folded).__getitem__):
        assert "".join(folded.text[place] for place in places) == fold(text[source]).text
    for place, source in enumerate(sources(squeezed)):
        assert squeezed.text[place] in fold(text[source]).text


@given(ANY)
@settings(max_examples=400, deadline=None)
def test_only_pinyin_notes_make_fold_more_than_its_characters(text: str) -> None:
    """Without a tone mark nothing else depends on neighbours, so nothing is lost or moved."""
    plain = "".join(char for char in text if char not in TONED)
    assert fold(plain).text == "".join(fold(char).text for char in plain)


def test_folding_every_character_twice_changes_nothing_more() -> None:
    """One exception: 薴 is simplified to 苧, which is itself the traditional form of another character."""
    everything = "".join(map(chr, range(0x110000)))
    once = fold(everything.replace("薴", "")).text
    assert fold(once).text == once


def test_every_decimal_digit_of_every_script_folds_to_ascii() -> None:
    """Full-width, Arabic, mathematical … digits are the digits 0 to 9 for numbers."""
    digits = [char for char in map(chr, range(0x110000)) if char.isdecimal()]
    assert fold("".join(digits)).text == "".join(str(unicodedata.decimal(char)) for char in digits)


def test_no_other_character_folds_to_a_digit() -> None:
    """Enclosed, superscript, dotted digits and fractions are marks: they must not make up a number."""
    others = [char for char in map(chr, range(0x110000)) if not char.isdecimal()]
    assert not any("0" <= char <= "9" for char in fold("".join(others)).text)


def test_characters_without_a_picture_are_dropped() -> None:
    """Format characters, variation selectors and control characters that are not white space."""
    invisible = [
        char for char in map(chr, range(0x110000)) if unicodedata.category(char) in {"Cf", "Cc"} and not char.isspace()
    ]
    assert fold("".join(invisible) + "\ufe00\ufe0f\U000e0100").text == ""


@given(ANY | GROUPED)
@settings(max_examples=400, deadline=None)
def test_squeeze_drops_white_space_and_separators_only(text: str) -> None:
    """What is left out of fold is one of them, and everything else stays in its order."""
    folded, squeezed = views(text)
    left = iter(folded.text)
    dropped = []
    for char in squeezed.text:
        dropped += itertools.takewhile(lambda other, char=char: other != char, left)
    assert set(dropped) | set(left) <= set(WHITE + SEPARATORS)


@given(ANY | GROUPED)
@settings(max_examples=400, deadline=None)
def test_a_short_text_is_squeezed_like_the_beginning_of_a_long_one(text: str) -> None:
    """Short ones go character by character, long ones through arrays."""
    folded = fold(text)
    short, long = squeeze(folded), squeeze(View(f"{folded.text}\u2029{'字' * 80}"))
    size = len(short.text)
    assert long.text == f"{short.text}\u2029{'字' * 80}"
    assert sources(short) == [folded.span(at, at + 1)[0] for at in sources(long)[:size]]
    assert short.joints == [place for place in long.joints if place < size]


@given(GROUPED)
@settings(max_examples=400, deadline=None)
def test_joints_tell_where_something_was_dropped(text: str) -> None:
    """A joint lies before each character that was not next to the one in front of it, and nowhere else."""
    view = squeeze(fold(text))
    order = sources(view)
    gaps = [place for place in range(len(order)) if order[place] - (order[place - 1] if place else -1) > 1]
    assert [place for place in range(len(order)) if view.is_joint(place)] == gaps
    assert view.inner_joints(0, len(order)) == [place for place in gaps if place]


@given(ANY, st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_position_is_the_first_character_from_an_offset_on(text: str, offset: int) -> None:
    """Everything in front of it comes from before the offset."""
    offset = min(offset, len(text))
    for view in views(text):
        order = sources(view)
        assert view.position(offset) == sum(source < offset for source in order)


_LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
_FILL = st.text(" \u3000\xa0\u200b", max_size=3)
_BLANK_LINE = st.builds("{}{}{}".format, _LINE_ENDS, st.text(" \u3000\xa0\x0c\u200b", max_size=2), _LINE_ENDS)
_BREAK = st.sampled_from(["\t", "|", "｜", "\u2029"]) | _BLANK_LINE.filter(lambda blank: fold(blank).text != "\r\n")


@given(_FILL, st.sampled_from(["", "-", "\n", "\r\n"]), _BREAK, st.sampled_from(["", "-", "\n", "\r\n"]), _FILL)
@settings(max_examples=400, deadline=None)
def test_squeeze_never_joins_across_a_break(fill: str, left: str, mark: str, right: str, rest: str) -> None:
    """A cell, a paragraph and a blank line end a number, however they are padded."""
    assert "1234" not in squeeze(fold(f"12{fill}{left}{mark}{right}{rest}34")).text


@given(_FILL, st.sampled_from(["", "-"]), _LINE_ENDS | st.just(""), st.sampled_from(["", "-"]), _FILL)
@settings(max_examples=200, deadline=None)
def test_squeeze_joins_across_one_line_end_spaces_and_separators(
    fill: str, left: str, wrap: str, right: str, rest: str
) -> None:
    """A soft wrap, indented or not, a hyphen on one side or the other."""
    text = f"12{fill}{left}{wrap}{right}{rest}34"
    view = squeeze(fold(text))
    assert view.text == "1234"
    assert view.span(0, 4) == (0, len(text))
    assert view.span(2, 4) == (len(text) - 2, len(text))


@pytest.mark.parametrize("between", ["---", "....", "- - -", "、", "，", "/", "至", "(", ":", "①", "㈠", "½"])
def test_squeeze_does_not_join_what_is_no_grouping(between: str) -> None:
    """Leaders of three and more, punctuation and list marks."""
    assert "1234" not in squeeze(fold(f"12{between}34")).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("①②⑩㉟❶⓪➀", "①②⑩㉟❶⓪➀"),
        ("⑴⑵⒈⒉㋀", "⑴⑵⒈⒉㋀"),
        ("㈠㈡", "(一)(二)"),
        ("ＡＢｃ１２３（甲）：", "ABc123(甲):"),
        ("٣۳३𝟛", "3333"),
        ("電子政務信息公開", "电子政务信息公开"),
        ("機關應當三個工作日內辦結", "机关应当三个工作日内办结"),
        ("務(wù)必、號（hào）碼、開( kāi )放", "务必、号码、开放"),
        ("人民政府(zhèng fǔ)令", "人民政府令"),
        ("Wù(wù)", "Wù(wù)"),
        ("甲(a)乙(ii)丙（x）", "甲(a)乙(ii)丙(x)"),
        ("规定(一)略(见附件)", "规定(一)略(见附件)"),
        ("身\u200b份\u00ad证\ufeff号\u2060：\u200e1\u202c", "身份证号:1"),
        ("关\x00于\x7f印\x1b发", "关于印发"),
        ("葛\U000e0100城☑\ufe0f", "葛城☑"),
        ("㎡㎏ﬁ", "㎡kgfi"),
        ("坏\ud800字\udfff符", "坏\ud800字\udfff符"),
        ("𠀀😀\U0010ffff", "𠀀😀\U0010ffff"),
        ("", ""),
        ("\u200b\ufeff", ""),
    ],
)
def test_fold_shows(text: str, shown: str) -> None:
    """The text as words are looked up in it."""
    assert fold(text).text == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("机 密 ★ 10 年", "机密★10年"),
        ("138-0013-8000", "13800138000"),
        ("138.0013.8000", "13800138000"),
        ("138—0013–8000", "13800138000"),
        ("138 - 0013 - 8000", "13800138000"),
        ("浙A·12345", "浙A12345"),
        ("E-12_3", "E123"),
        ("甲-乙.丙·丁", "甲-乙.丙·丁"),
        ("3.甲 4.乙", "3.甲4.乙"),
        ("第1-2条", "第12条"),
    ],
)
def test_squeeze_shows(text: str, shown: str) -> None:
    """The text as numbers and spaced marks are looked up in it; separators between words stay."""
    assert squeeze(fold(text)).text == shown


@given(st.text("关于印发办法的通知。《》〔2025〕12号\n\t\u2029 abcXYZ", max_size=50))
def test_text_with_nothing_to_fold_is_its_own_view(text: str) -> None:
    """Plain simplified text passes unchanged and maps to itself."""
    view = fold(text)
    assert view.text == text
    assert sources(view) == list(range(len(text)))


def test_a_span_over_a_dropped_note_covers_it() -> None:
    """The hit 电子政务 is cut from the text with the pinyin inside it."""
    text = "推行電子政務(wù)建設"
    view = fold(text)
    start = view.text.index("政务建")
    assert text[slice(*view.span(start, start + 3))] == "政務(wù)建"


def test_views_do_not_show_the_text_in_their_repr() -> None:
    """Logs and tracebacks stay free of values."""
    for view in views("身份證號 110101190203140028"):
        assert "1101" not in repr(view)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("身www.example.com份证号", "身份证号"),
        ("内部（WWW.abc-123.com.cn）资料", "内部资料"),
        ("请登录www.example.gov.cn查询", "请登录www.example.gov.cn查询"),
        ("网址：www.example.com，电话", "网址:www.example.com,电话"),
        ("号www.13800138000.com码", "号www.13800138000.com码"),
    ],
)
def test_addresses_put_inside_words_are_dropped(text: str, folded: str) -> None:
    assert fold(text).text == folded
