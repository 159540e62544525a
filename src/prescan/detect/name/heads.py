"""Names at the beginning of an item or clause, proved by what follows them; see `name/proved.py`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from prescan.detect.name.beside import begins_line, line_features
from prescan.detect.name.foreign import transcribes
from prescan.detect.name.said import (
    ADDRESSED,
    IN_NEED,
    OF_ME,
    OF_ONE,
    OF_ONE_LATER,
    OF_ONE_PERHAPS,
    OF_ONE_TWICE,
    REACH,
)
from prescan.detect.name.spans import Span, behind, is_han, near
from prescan.text.view import code_points, member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import NameChars

Place = tuple[int, int]

_LONGEST: Final = 4
#: A name directly behind a word, up to the end of the run of Chinese characters.
GLUED = regex.compile(
    r"(?:[（(][^（）()\n]{1,12}[）)])?[ \u3000]{0,2}(?:[为系](?=\p{Han}{2}))?(?P<name>\p{Han}{2,4})(?!\p{Han})"
)
#: A bullet or number, the number of a decision, 案例一：
_HEAD = regex.compile(
    r"[^\p{Han}\n\r\t|\u2029]{0,6}(?:\p{Han}{2,6}[〔\[(（]\d{4}[〕\]）)]\d+号?[：:])?"
    r"(?:[案来嘉]\p{Han}[一二三四五六七八九十\d]{1,3}[：:])?[ \u3000]?"
)
_LINE_TO = regex.compile(r"(?r)(?:^|(?<=[\n\r\u2029]))[^\n\r\u2029]*")
_LINE_FROM = re.compile(r"[^\n\r\u2029]*")
_WHITE = re.compile(r"\s*")
#: What happens to one person, at the beginning of an item whose line has a person's number.
_SUFFERS = regex.compile(r"(?P<name>\p{Han}{2,3}?)(?=不慎|丢失|遗失|驾驶|驾车|刷单|被骗|伙同|酒后|醉酒|电鱼|私自|冒领)")
#: Without one of these in the text, none of the three patterns matches; in a line without them only a couple with
#: their documents can.
_SIGNS: Final = "不慎|丢失|遗失|驾驶|驾车|刷单|被骗|伙同|酒后|醉酒|电鱼|私自|冒领|结婚|离婚|夫妻|家属"
_OF_TEXT = re.compile(_SIGNS)
_OF_LINE = re.compile(f"{_SIGNS}|身份")
_PAIR = regex.compile(
    r"(?P<one>\p{Han}{2,3}?)[与和、](?P<other>\p{Han}{2,3}?)(?=[，,](?:结婚|离婚|夫妻|身份)|(?:夫妇|夫妻)?(?:二人|俩)?(?:不慎)?(?:丢失|遗失)结婚证)"
)
_FAMILY = regex.compile(r"(?P<name>\p{Han}{2,3})家属[：:]\s*(?:[\n\r\u2029]|$)")
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
_OF_DIVISION = regex.compile(r"(?<=\p{Han}[区县镇乡村组队])(?P<name>\p{Han}{2,3})(?=[，,（(])")
_BEHIND_DOOR = regex.compile(r"(?<=[房室屋院号楼户间店铺][，,] ?)(?P<name>\p{Han}{2,3})(?=[，,])")
_DIVISIONS = re.compile("[区县镇乡村组队]")
_DOORS = re.compile("[房室屋院号楼户间店铺][，,] ?")
_CELL_ENDS: Final = frozenset("|\t")
_QUOTES: Final = frozenset('“"')
_LEADS: Final = frozenset("与跟同")
_LEFT: Final = frozenset("。；;：:（(、\u3000 —")
_COLONS: Final = frozenset("：:")
_COMMAS: Final = frozenset("，,")
_CLOSES: Final = frozenset("）)")
_OPENS: Final = frozenset("（(")
_BEHIND_RUN: Final = ",( \u3000、。/"
_COMMA: Final = ord(",")
_BRACKET: Final = ord("(")
_SEXES: Final = "男女"
#: Behind a number these characters end the number's word and not the name's: 805班车雨桐, 3栋常乐.
_UNITS: Final = "班组排号户床栋"
_DIGITS: Final = (ord("0"), ord("9"))
_FOREIGN_AT_MOST: Final = 6
_DOTS: Final = frozenset("·•・‧∙⋅")


def says(page: NamePage, end: int) -> bool:
    """Return whether a span is followed by what is said of people only."""
    return OF_ONE.match(page.text, end, end + REACH) is not None


def says_later(page: NamePage, end: int) -> bool:
    """Return whether that follows after one more phrase."""
    return OF_ONE_LATER.match(page.text, end, end + REACH) is not None


def says_perhaps(page: NamePage, end: int) -> bool:
    """Return whether a span is followed by what is said of people and of little else."""
    return OF_ONE_PERHAPS.match(page.text, end, end + REACH) is not None


def short_runs(page: NamePage, chars: NameChars) -> Iterator[Place]:
    """Yield short runs of Chinese characters that sex, age or a document follows; of longer runs the last word."""
    text = page.text
    for start, end in _followed(page):
        size = end - start
        if size > _LONGEST or (size == _LONGEST and text[start : start + 2] not in chars.compound):
            if (
                size <= _FOREIGN_AT_MOST
                and text[start - 1] not in _DOTS
                and transcribes(text[start:end])
                and says(page, end)
            ):
                yield start, end
            elif OF_ONE_TWICE.match(text, end, end + REACH):
                yield from _last_word(page, chars, end)
        else:
            yield from _short_run(page, chars, start, end)


def _followed(page: NamePage) -> list[Place]:
    """Return the runs of two or more characters that may be followed by details of a person."""
    codes = code_points(f"{page.text}\0\0")
    runs = page.runs.copy()
    numbered = (codes[runs[:, 0] - 1] >= _DIGITS[0]) & (codes[runs[:, 0] - 1] <= _DIGITS[1])
    runs[:, 0] += numbered & member(codes[runs[:, 0]], _UNITS)
    behind, next_to = codes[runs[:, 1]], codes[runs[:, 1] + 1]
    sizes = runs[:, 1] - runs[:, 0]
    before = codes[runs[:, 0] - 1]  # of the first run the last of the zeros behind
    inside = (before == _COMMA) & (behind != _BRACKET) & (sizes <= _LONGEST)  # a phrase between commas
    told = member(behind, _BEHIND_RUN) & (sizes > 1) & ~inside
    short = sizes <= np.where(behind == _BRACKET, _FOREIGN_AT_MOST, _LONGEST)
    found: list[Place] = runs[told & (short | member(next_to, _SEXES))].tolist()
    return found


def _short_run(page: NamePage, chars: NameChars, start: int, end: int) -> Iterator[Place]:
    text, left = page.text, page.text[start - 1 : start]
    unit = bool(left) and left in _UNITS and text[start - 2].isdigit()
    head = unit or (begins_line(text, start) and left not in _CELL_ENDS)
    leads = end - start > 2 and text[start] in _LEADS  # noqa: PLR2004
    bracketed = left in _COMMAS and text[end] in _OPENS  # 核查，白鹭（社保号…）
    if not (head or left in _LEFT or bracketed or (leads and left in _CLOSES)):
        return
    begin = start + leads
    known = chars.begins(text[begin:end]) or transcribes(text[begin:end])
    named = head or left in _COLONS or (left == " " and text[start - 2 : start - 1].isdigit())
    if says(page, end):
        if known or named:
            yield begin, end
    elif known and head and says_later(page, end):
        yield begin, end
    elif known and (named or left == "—"):
        needy = IN_NEED.match(text, end, end + REACH) is not None
        if says_perhaps(page, end) or (needy and _is_item(page, start)):
            yield begin, end


def _last_word(page: NamePage, chars: NameChars, end: int) -> Iterator[Place]:
    if page.is_word(Span(end - 2, end, "")) and chars.begins(page.text[end - 2 : end]):
        yield end - 2, end


def _is_item(page: NamePage, start: int) -> bool:
    """Return whether the line begins with a bullet or a number."""
    low = page.line_mark_before(start) + 1
    return low < start and not is_han(page.text[low])


def at_heads(page: NamePage) -> Iterator[Place]:
    """Yield names at the beginning of items followed by what one person suffers, couples, and heads of a family."""
    text = page.text
    for line in _signed_lines(text):
        head = _HEAD.match(text, line)
        at = head.end() if head else line
        if pair := _PAIR.match(text, at):
            yield pair.span("one")
            yield pair.span("other")
        elif family := _FAMILY.match(text, at):
            yield family.span("name")
        elif at > line and (match := _SUFFERS.match(text, at)):
            features = line_features(page, Span(*match.span("name"), match["name"]))
            if "lni" in features or text.find("作废", at, at + 2 * REACH) > 0:
                yield match.span("name")


def _signed_lines(text: str) -> Iterator[int]:
    """Yield the beginnings, without white space, of lines that contain one of _SIGNS."""
    done = 0
    for sign in _OF_LINE.finditer(text) if _OF_TEXT.search(text) else ():
        if sign.start() >= done:
            line = _LINE_TO.match(text, done, sign.start())
            done = _LINE_FROM.match(text, sign.end()).end()  # type: ignore[union-attr]  # it always matches
            yield _WHITE.match(text, line.start()).end()  # type: ignore[union-attr]  # they too


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
    yield from _couples(text, chars)
    for match in near(_TOGETHER, text, _SHARES, _SHARES_BEFORE, 0):
        yield match.span("name")
    for match in _ELDER.finditer(text):
        start, end = match.start() - 2, match.start()
        if start >= 0 and page.is_word(Span(start, end, text[start:end])):
            yield start, end


def _couples(text: str, chars: NameChars) -> Iterator[Place]:
    """Yield both names of 甲、乙夫妇 and the like."""
    for match in near(_COUPLE, text, _COUPLED, _COUPLE_BEFORE, 2):
        if all(chars.begins(match[part]) or transcribes(match[part]) for part in ("one", "other")):
            yield match.span("one")
            yield match.span("other")
