"""Quick checks in front of slow patterns: on texts made of the patterns' own words, none of them loses a match."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Final

import pytest

from prescan.detect.address import listed, said, told
from prescan.detect.birth import particulars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import regex

_LABELS: Final = [
    *"住址家户居租房地位置坐落现人在于的就有过抓保：，… ",
    *"家庭 户籍 居住 户口 租房 住房 房屋 宅基地 详细 所在 地址 位置 实际居住".split(),
    *"送达地址： 收件地址: 通讯地址： 租的房子在 独居".split(),
]
_LIVES: Final = [
    *"住址家户居租地现原常籍所在于是迁至了院保接：身暂",
    *"家庭 户籍 居住 户口 身份证 地址 所在地 户口迁出地 迁到 原籍 住址：".split(),
]
_DATES: Final = [
    *("，", "、", "（", "）", ",", " ", "\n"),
    *"何某 1991年2月3日 1953-03-12 2016.5 二〇〇一年三月 民国三十年五月".split(),
    *"男 女 汉族 住 现住 身份证 35岁 110101195303121234".split(),
    *"姓名： 学生 老人 户口本上写的 档案显示为 儿子 长子 夫 父亲 公民身份号码 申请人： 患儿 公司".split(),
]
_LINES: Final = [
    *("\n", "\u2029", " ", "  ", "，", "：", "-"),
    *"① 1、 9号院 3号楼2单元 20号 号东 9-1-301 A-12—1204 2024-05-13 何满堂 西屋 门房 单亲 三".split(),
]
_COMMAS: Final = [*"，,、。；（）0123-—", *"何满堂 某某某某某 大坪组 三号院 6栋2室 城区 男 62岁".split()]


def _spans(matches: Iterable[regex.Match[str]]) -> list[tuple[int, int]]:
    return [match.span() for match in matches]


def _dates(text: str, *, gated: bool) -> list[tuple[int, int]]:
    places = [
        place
        for place in particulars._around_years(text)
        if not gated or particulars._TIED_SIGN.search(text, place[0], place[1])
    ]
    return [match.span() for low, high in places for match in particulars._TIED.finditer(text, low, high)]


def _homes_in_lines(text: str, *, gated: bool) -> list[tuple[int, int]]:
    if gated and len(list(itertools.islice(listed._HOUSE_SIGN.finditer(text), 2))) < 2:
        return []
    starts = (0, *(end.end() for end in listed._LINE_END.finditer(text)))
    found = [line.span() for at in starts if (line := listed._LINE.match(text, at))]
    return found if len(found) > 1 else []


def _between_commas(text: str, *, gated: bool) -> list[tuple[int, int]]:
    inner = listed._BETWEEN_COMMAS.pattern.partition("(?P<said>")[2]
    pattern = listed._BETWEEN_COMMAS if gated else listed.re.compile(f"[,，、](?P<said>{inner}")
    return [m.span("said") for m in pattern.finditer(text) if listed._SIGN.search(text, *m.span("said"))]


def _labels(text: str, *, gated: bool) -> list[tuple[int, int]]:
    return _spans(said.labels(said._LABEL_START, said._LABEL, text) if gated else said._LABEL.finditer(text))


def _lives(text: str, *, gated: bool) -> list[tuple[int, int]]:
    return _spans(said.labels(told._LIVES_START, told._LIVES, text) if gated else told._LIVES.finditer(text))


@pytest.mark.parametrize(
    ("pieces", "found"),
    [(_LABELS, _labels), (_LIVES, _lives), (_DATES, _dates), (_LINES, _homes_in_lines), (_COMMAS, _between_commas)],
    ids=["labels of homes", "words for living", "days behind a name", "homes that begin lines", "homes between commas"],
)
def test_no_match_is_lost(pieces: list[str], found: Callable[..., list[tuple[int, int]]]) -> None:
    """What is found behind the quick check is what is found without it."""

    draw = random.Random(5)
    for _ in range(4000):
        text = "".join(draw.choices(pieces, k=draw.randint(1, 16)))
        assert found(text, gated=True) == found(text, gated=False), text


def test_the_texts_above_have_matches() -> None:
    """Each of the five finds something in a text of those pieces, so that the comparison means something."""
    assert _labels("家庭住址：，居住在", gated=True) == [(2, 5), (6, 9)]
    assert _lives("保住，户口迁入地：现住在", gated=True) == [(3, 9), (9, 12)]
    assert _dates("何某，1991年2月3日，女", gated=True)
    assert len(_homes_in_lines("9号院，何满堂\n3号楼2单元：何满堂", gated=True)) == 2
    assert _between_commas("何满堂，某某大坪组，", gated=True) == [(4, 9)]
