"""Names that the wording around them tells: 我叫何某，身份证…, 被何某打伤, 何某、何某夫妇; see `name/proved.py`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.foreign import transcribes
from prescan.detect.name.heads import GLUED
from prescan.detect.name.said import ADDRESSED, IN_NEED, OF_ME, REACH, says
from prescan.detect.name.spans import Span, behind, near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import NameChars, Place


_SELF = regex.compile(
    r"自称(?:叫|姓名)?[“\"]?|兹证明|兹有|今收到|今借到|[孩儿][子]叫|女儿叫|名字叫|娃叫|我叫|我是|本人(?!叫)|我名叫|本人叫|大名叫?|真名叫?|曾用名|第[一二三四五六七八九十\d]{1,3}名"
)
_PAID = regex.compile(
    r"(?:打[入到]|转[入到给]|汇[入到给]|存入)(?P<name>\p{Han}{2,3})(?=名下|农信社|信用社|农商行|邮储|存折|一折通|的?(?:银行)?[卡账]号?\s?\d)"
)
_OWED = regex.compile(r"今[收借]到(?P<name>\p{Han}{2,3})(?=人民币|现金|退款|\d)")
_SPOUSE = regex.compile(r"(?<!\p{Han})[夫妻父母][：:](?P<name>\p{Han}{2,3})(?!\p{Han})")
_ELDER = regex.compile(r"(?:老人|大爷|大娘|奶奶|爷爷|同学|小朋友)[（(，,]\s?(?:现年|今年)?\d{1,3}岁")
_OLD = regex.compile(
    r"(?<!\p{Han})(?P<name>\p{Han}{2,3})老人(?=在家|家[里中]|独居|患|说|今年|的[儿女孙]|腿|耳|眼|一[人个]|不识字|无儿|走失)"
)
#: Behind the number of a house: 9号的王某家，他身份证…
_AT_DOOR = regex.compile(r"[号室组栋幢]的?(?P<name>\p{Han}{2,3})家(?=[，,。里中])")
#: 阳春妈妈、祝愿爸爸, 阳春同学近视: a child of the class, and its parents.
_CHILD = regex.compile(
    r"(?:(?<!\p{Han})|(?<=[请转给由与和]))(?P<name>\p{Han}{2,3})(?:(?:妈妈|爸爸)|同学(?=[（(，,对患因的近父母爸妈家]))"
)
#: Whoever hurts somebody: 被鲁莽驾车撞伤.
_HURTS = regex.compile(r"被(?P<name>\p{Han}{2,3})(?=驾[车驶]|开车|殴打|打[伤倒]|砍伤|骗走|撞[伤成倒])")
_VISITED = regex.compile(
    r"(?:看望?|走访|慰问|探望|探访|拜访)(?P<name>\p{Han}{2,3})(?=老人|老汉|老太|大爷|大娘|奶奶|爷爷|婆婆)"
)
_TOGETHER = regex.compile(r"(?<=[、和与])(?P<name>\p{Han}{2,3})(?=[（(]?共有|共同所有|各半)")
#: 甲、乙夫妇; 甲、乙姐妹
_COUPLE = regex.compile(
    r"(?<!\p{Han})(?P<one>\p{Han}{2,4})[、和](?P<other>\p{Han}{2,4}?)(?=(?:夫妇|夫妻|姐妹|姊妹|兄弟|兄妹|姐弟|母[子女]|父[子女]|祖孙|婆媳)(?!们|[楼店企公]))"
)
_COUPLED = re.compile("夫妇|夫妻|姐妹|姊妹|兄弟|兄妹|姐弟|母[子女]|父[子女]|祖孙|婆媳")
_COUPLE_BEFORE: Final = 9
#: 26床何某，
_IN_BED = regex.compile(r"(?<=\d[床])(?P<name>\p{Han}{2,3})(?=[，,：:（(])")
_BEDS = re.compile(r"\d床")
_SHARES = re.compile("共有|共同所有|各半")
_SHARES_BEFORE: Final = 5
_TELLING: Final = (("到", _PAID), ("今", _OWED), (":", _SPOUSE), ("老大", _VISITED))
#: The addressee of a letter is followed by a mark and this, or by 女士：.
_TO_YOU = re.compile(r"[，,：:]\s*[你您]|[士生][：:]")
#: What every match of these patterns contains, and how far it reaches before and behind it.
_NEAR: Final = (
    (_OLD, re.compile("老人"), 4, 4),
    (_AT_DOOR, re.compile("家[，,。里中]"), 5, 1),
    (_CHILD, re.compile("妈妈|爸爸|同学"), 4, 1),
    (_HURTS, re.compile("被"), 0, 8),
    (_IN_BED, _BEDS, 0, 4),
)
#: 自称“刘疙瘩”; 花崔氏
_QUOTED = regex.compile(r"(?:自称|人称|绰号|外号|小名|诨名)(?:叫|姓名)?[:：]?[“\"](?P<name>\p{Han}{2,4})[”\"]")
_MARRIED = regex.compile(r"(?P<name>\p{Han}{2}氏)(?![家宗族祠姓集企综\p{Han}])")
#: Whoever is addressed or spoken of with the full name: 何某先生、何某女士：二位…, 何某女士捐赠….
_TITLED = regex.compile(
    r"(?:(?<!\p{Han})|(?<=[致给户人]))(?P<name>\p{Han}{2,4})(?=(?:先生|女士)(?:[（(、，,：:。]|[捐要提反来询咨向在于因已曾的]|$))"
)
_TITLED_BEFORE, _WORD = 5, 2
_TITLES = re.compile("先生|女士")
_OF_DIVISION = regex.compile(r"(?<=\p{Han}[区县镇乡村组队])(?P<name>\p{Han}{2,3})(?=[，,（(])")
_BEHIND_DOOR = regex.compile(r"(?<=[房室屋院号楼户间店铺][，,] ?)(?P<name>\p{Han}{2,3})(?=[，,])")
_DIVISIONS = re.compile("[区县镇乡村组队]")
_DOORS = re.compile("[房室屋院号楼户间店铺][，,] ?")
_QUOTES: Final = frozenset('“"')


def _near_signs(text: str, chars: NameChars) -> Iterator[Place]:
    """Yield names shown by rare words: 9号的何某家，他…, 何某老人在家, 何某妈妈, 被何某打伤."""
    for pattern, sign, low, high in _NEAR:
        for match in near(pattern, text, sign, low, high):
            if chars.begins(match["name"]):
                yield match.span("name")


def self_given(text: str, chars: NameChars) -> Iterator[Place]:
    """Yield names in quotes that somebody gives as their own, and the married names of old women (皮卢氏)."""
    for pattern in (_QUOTED, _MARRIED):
        for match in pattern.finditer(text):
            if chars.begins(match["name"]) and (pattern is _QUOTED or match["name"][1] in chars.surnames):
                yield match.span("name")


def _rests(page: NamePage, chars: NameChars) -> Iterator[Place]:
    """Yield names that end a longer run (滏河区何某，社保编号…) or follow a house (9号院门房，何某，低保)."""
    if not page.figures:
        return
    for match in behind(_OF_DIVISION, _DIVISIONS, page.text):
        if says(page, match.end()) and (chars.begins(match["name"]) or transcribes(match["name"])):
            yield match.span("name")
    for match in behind(_BEHIND_DOOR, _DOORS, page.text):
        end = match.end()
        if chars.begins(match["name"]) and (says(page, end) or IN_NEED.match(page.text, end, end + REACH)):
            yield match.span("name")


def told(page: NamePage, chars: NameChars) -> Iterator[Place]:
    """Yield names that people give as their own (我叫…，身份证…), and those of payees and joint owners."""
    text = page.text
    for match in _SELF.finditer(text):
        name = GLUED.match(text, match.end())
        quoted = text[match.end() - 1] in _QUOTES and name and chars.begins(name["name"])
        if name and match[0] == "本人" and not chars.begins(name["name"]):
            continue
        if name and (quoted or OF_ME.match(text, name.end()) or says(page, name.end())):
            yield name.span("name")
    if _TO_YOU.search(text):
        yield from (match.span("name") for match in ADDRESSED.finditer(text) if chars.begins(match["name"]))
    for signs, pattern in _TELLING:
        if any(map(text.__contains__, signs)):
            found = (match.span("name") for match in pattern.finditer(text))
            yield from (place for place in found if pattern is not _VISITED or chars.begins(text[slice(*place)]))
    yield from _near_signs(text, chars)
    yield from _rests(page, chars)
    yield from _titled(page, chars)
    yield from _couples(text, chars)
    for match in near(_TOGETHER, text, _SHARES, _SHARES_BEFORE, 0):
        yield match.span("name")
    for match in _ELDER.finditer(text):
        start, end = match.start() - 2, match.start()
        if start >= 0 and page.is_word(Span(start, end, text[start:end])):
            yield start, end


def _titled(page: NamePage, chars: NameChars) -> Iterator[Place]:
    """Yield full names in front of 先生 or 女士, with surnames or words of their own."""
    for match in near(_TITLED, page.text, _TITLES, _TITLED_BEFORE, 1):
        name = match["name"]
        if chars.begins(name) or (len(name) == _WORD and page.is_word(Span(*match.span("name"), name))):
            yield match.span("name")


def _couples(text: str, chars: NameChars) -> Iterator[Place]:
    """Yield both names of 甲、乙夫妇 and the like."""
    for match in near(_COUPLE, text, _COUPLED, _COUPLE_BEFORE, 2):
        if all(chars.begins(match[part]) or transcribes(match[part]) for part in ("one", "other")):
            yield match.span("one")
            yield match.span("other")
