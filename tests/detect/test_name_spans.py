"""What is found near signs is what is found anywhere."""

import random

import pytest
import regex

from prescan.detect.name.foreign import _BEFORE_PEOPLE, _BEHIND_PEOPLE, _OF_PEOPLE, _PEOPLE
from prescan.detect.name.kin import _KIN, _KIN_BEFORE, _KIN_BEHIND, _KIN_SIGNS
from prescan.detect.name.spans import behind, near
from prescan.detect.name.told import (
    _BEHIND_DOOR,
    _DIVISIONS,
    _DOORS,
    _OF_DIVISION,
    _SHARES,
    _SHARES_BEFORE,
    _TOGETHER,
)

_PIECES = {
    "kin": "其 由其 之 和 与 ， 、 （ 妻 夫 子 女 女儿 长子 养女 外公 妻子 他爸 孙子 媳妇 甲 乙丙 丁戊己 。".split(),
    "people": "， 、 ( | 男 女 藏族 维吾尔族 蒙古 族 日本 马来西亚 蒙古国 国籍 籍 甲乙 丙丁戊 己 。 1".split(),
    "shares": "、 和 与 甲乙 丙丁戊 己 共有 （共有） 共同所有 各半 ， 。 由".split(),
}
_SLOW = {
    "kin": (_KIN, _KIN_SIGNS, _KIN_BEFORE, _KIN_BEHIND),
    "people": (_PEOPLE, _OF_PEOPLE, _BEFORE_PEOPLE, _BEHIND_PEOPLE),
    "shares": (_TOGETHER, _SHARES, _SHARES_BEFORE, 0),
}


@pytest.mark.parametrize("kind", _SLOW)
def test_a_pattern_finds_the_same_near_its_signs_as_in_the_whole_text(kind: str) -> None:
    chance = random.Random(7)
    pattern, signs, before, behind = _SLOW[kind]
    found = 0
    for _ in range(400):
        text = "".join(chance.choices([*_PIECES[kind], "\n"], k=40))
        whole = [match.span() for match in pattern.finditer(text)]
        assert [match.span() for match in near(pattern, text, signs, before, behind)] == whole
        found += len(whole)
    assert found > 200


@pytest.mark.parametrize(("pattern", "sign"), [(_OF_DIVISION, _DIVISIONS), (_BEHIND_DOOR, _DOORS)])
def test_a_pattern_finds_the_same_behind_its_sign_as_in_the_whole_text(pattern, sign) -> None:
    chance = random.Random(7)
    pieces = "县 镇 村组 院, 房, 号 , , ( 。 甲 乙丙, 丁戊己, （".split()
    found = 0
    for _ in range(400):
        text = "".join(chance.choices([*pieces, " ", "\n"], k=40))
        whole = [match.span() for match in pattern.finditer(text)]
        assert [match.span() for match in behind(pattern, sign, text)] == whole
        found += len(whole)
    assert found > 50


def test_nothing_is_looked_for_far_from_a_sign() -> None:
    word = regex.compile("[a-z]+")
    assert [match[0] for match in near(word, "ab cd 1 ef gh", regex.compile("1"), 2, 3)] == ["d", "ef"]
