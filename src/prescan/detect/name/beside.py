"""What is directly beside a name: sex and age, a document, a number, an organ."""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.spans import is_han

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Span

_GAP: Final = r"[,，、;；:：(（\s]{0,3}"
#: What follows the names of private people, and what follows those of people in an office.
_PERSONAL = regex.compile(
    rf"{_GAP}(?:"
    r"男|女|现年|今年|\d{1,2}\s?岁|\d{2}周岁|(?:本人)?身份证|身份号|公民身份|证件号|护照|驾驶证|台胞证|"
    r"通行证|居住证|永居证|学号|学籍|准考证|考号|病历|住院号|门诊|残疾证|社保|医保|公积金|银行卡|卡号|存折|"
    r"一卡通|车牌|微信|QQ|手机|住|家住|现住|户籍|籍贯|"
    r"(?:19|20)\d{2}[年.]\d{1,2}[月.](?:\d{1,2}日?)?(?:出?生|,|，)"
    r")"
)
#: Documents of private people: whoever has one beside the name is private, whatever else is said.
_PAPERS = regex.compile(
    rf"{_GAP}(?:本人)?(?:"
    r"居民身份证|身份证|身份号|公民身份|护照|驾驶证|台胞证|回乡证|通行证|居住证|永居证|永久居留|学号|学籍|"
    r"准考证|考号|病历|住院号|门诊号|残疾证|残疾人证|社保(?![局所中专站])|社会保障(?![局所中厅])|个人账号|医保(?![局中办科])|公积金|银行卡|卡号|存折|一卡通|\d{17}[\dXx]|"
    r"\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]"
    r")"
)
_ID = regex.compile(_GAP + r"(?:\p{Han}{2,6}[号码证]*[:：]?\s?)?(?:\d{17}[\dXx]|[\d* -]{15,24}|[A-Z]{1,3}\d{7,18})")
_MOBILE = regex.compile(_GAP + r"(?:\p{Han}{2,4}[:：]?\s?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_LANDLINE = regex.compile(_GAP + r"(?:\p{Han}{2,4}[:：]?\s?)?(?:0\d{2,3}[ -]?\d{7,8}|\d{7,8})(?!\d)")
#: The first characters of the patterns above: most names are followed by none of them, so that no pattern is tried.
_SAID = regex.compile(rf"{_GAP}[男女现今本身公证护驾台回通居永学准考病住残门社医银卡存一车微Q手家户籍\d]")
_FIGURE = regex.compile(_GAP + r"(?:\p{Han}{2,6}[号码证]*[:：]?\s?)?[\dA-Z* -]")
ORGAN = regex.compile(
    r"(?r)(?:[局厅委办科处室股所站院校队社馆部]|公司|中心|集团|银行|小学|中学|大学|医院|政府|支部|大队|支队|[村居调业]委会|委员会|监委会|教育组|理事会|协会|妇联|残联|工会|联社|专班|工作组|[镇乡县区市街道](?:民政|司法|卫健|计生|综治|人社|残联|纪委|政法))(?:的|派来的|派出的)?[\s(（]?"
)
#: Every organ that the pattern finds ends with one of these or a space; few names have one in front.
_ORGAN_ENDS: Final = frozenset("局厅委办科处室股所站院校队社馆部司心团行学府会联班组政法健生治的(（")
#: First characters → feature → pattern of the text behind a name.
_BESIDE: Final = (
    (_SAID, (("papers", _PAPERS), ("personal", _PERSONAL))),
    (_FIGURE, (("id", _ID), ("mobile", _MOBILE), ("landline", _LANDLINE))),
)
#: Characters behind a name that are examined.
_REACH: Final = 40


def beside(page: NamePage, span: Span) -> list[str]:
    """Return features: what follows a name (sex, age, a document, a number), whether an organ is in front of it."""
    text, end = page.text, span.end
    found = []
    for begins, patterns in _BESIDE:
        if begins.match(text, end, end + _REACH):
            found += [feature for feature, pattern in patterns if pattern.match(text, end, end + _REACH)]
    last = text[span.start - 1 : span.start]
    if (last in _ORGAN_ENDS or last.isspace()) and ORGAN.match(text, max(0, span.start - 8), span.start):
        found.append("organ")
    return found


#: What may be between the beginning of a line or cell and its first word: a bullet, a number of a list.
_HEAD = regex.compile(
    r"(?r)(?:^|(?<=[\n\r\t|\u2029]))[ \u3000]*[\p{So}\p{Sm}\p{Pd}·•※*№＊]{0,3}[ \u3000]*"
    r"(?:[(（]?(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚])[)）、.．:：号例]{1,2}|[①-⑳㈠-㈩])?[ \u3000]*"
)
#: Numbers of people: an ID number in any grouping, a passport or permit, an account.
_NUMBERED = re.compile(
    r"(?<!\d)\d{6}[ \-.·]?(?:19|20)\d{2}[ \-.·]?\d{4}[ \-.·]?\d{3}[\dXx](?!\d)|(?<![A-Za-z\d])[A-Z]{1,3}\d{8}(?!\d)"
    r"|(?<!\d)[1-9]\d{14,18}(?!\d)|[A-Z]{3}\d{12}|(?:\d{4}[ -]){3,4}\d{3,4}(?!\d)"
)
_CALLED = regex.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|@(?!\S{0,20}gov)")
_LINE_AT_MOST: Final = 160
_SHORT: Final = 500
_FEW_WORDS: Final = 150
#: Sex and age of somebody, a masked number.
_TOLD = re.compile(
    r"[，,\t|（(][男女][，,\t|]|[，,（(](?:现年|今年)?\d{1,2}周?岁[，,）)]|(?<!\d)\d{3,6}[*＊xX×]{4,12}(?:\d{2,4}[xX]?)?(?!\d)"
)
_SEVERAL: Final = 2


#: The characters of such numbers, and the length of the shortest; the patterns are tried only there.
_FIGURES_AT_LEAST: Final = 9
_FIGURES: Final = re.compile(rf"[\dA-Zx \-.·]{{{_FIGURES_AT_LEAST},}}")
#: A name that begins its line has one of these in front of it, or a bullet or list number; of the Chinese characters
#: that end list numbers there are only these two.
_LINE_ENDS: Final = frozenset("\n\r\t|\u2029")
_HEAD_ENDS: Final = frozenset("号例")


def line_features(page: NamePage, span: Span) -> list[str]:
    """Return features: whether a name begins its line or cell, and which numbers the line or table row has."""
    text = page.text
    head = begins_line(text, span.start)
    low, high = page.line_of(span)
    if high - low > 2 * _LINE_AT_MOST:
        low, high = max(low, span.start - _LINE_AT_MOST), min(high, span.end + _LINE_AT_MOST)
    held = page.line_numbers.get((low, high))
    if held is None:
        held = page.line_numbers[low, high] = _numbers_of(text, page.figures, low, high)
    numbers, last = held
    return features_of_line(numbers, "i" if last >= span.end else "0", head=head)


def features_of_line(numbers: str, behind: str, *, head: bool) -> list[str]:
    """Return the features of a line with such numbers in it ("i", "m", "0") and behind the name ("i", "0")."""
    return [f"ln{numbers}", f"lb{behind}", *([f"head{numbers}", f"headb{behind}", "head"] if head else [])]


def figures(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of rows of characters in which numbers of people may be."""
    return [match.span() for match in _FIGURES.finditer(text)]


def _numbers_of(text: str, rows: list[tuple[int, int]], low: int, high: int) -> tuple[str, int]:
    """Return which numbers a line has, and the start of the last one that is a person's, or -1.

    `rows` is what `figures` gives for the text.
    """
    places = list(_figures_in(rows, low, high))
    starts = [match.start() for place in places for match in _NUMBERED.finditer(text, *place)]
    last = max(starts, default=-1)
    return "i" if starts else "m" if _is_called(text, low, high, places) else "0", last


def _figures_in(rows: list[tuple[int, int]], low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of these rows inside a range that are long enough."""
    for at in range(max(0, bisect.bisect_left(rows, (low,)) - 1), len(rows)):
        start, end = max(low, rows[at][0]), min(high, rows[at][1])
        if start >= high:
            break
        if end - start >= _FIGURES_AT_LEAST:
            yield start, end


def _is_called(text: str, low: int, high: int, places: list[tuple[int, int]]) -> bool:
    """Return whether a telephone number or mail address is in a range of the text; `places` are its rows of figures."""
    if text.find("@", low, high) >= 0:
        return _CALLED.search(text, low, high) is not None
    return any(_CALLED.search(text, *place) for place in places)


def begins_line(text: str, start: int) -> bool:
    """Return whether a name begins its line or cell, apart from a bullet or a number of a list."""
    before = text[start - 1 : start]
    if not before or before in _LINE_ENDS:
        return True
    if is_han(before) and before not in _HEAD_ENDS:
        return False
    return _HEAD.match(text, max(0, start - 16), start) is not None


#: A document number directly behind a word, with at most the document's name in between.
_HELD_BY = regex.compile(
    r"(?P<run>\p{Han}{2,24})[ \u3000]?[(（,，]?[ \u3000]?(?:(?:居民)?身份证(?:号码?)?[:：]?[ \u3000]?)?"
    r"(?:\d{17}[\dXx]|\d{6}[ -]\d{8}[ -]\d{3}[\dXx])(?![\dA-Za-z])"
)
#: The number in it. The whole pattern is tried only in front of such a number, as far back as it can reach.
_HELD_NUMBER: Final = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{6}[ -]\d{8}[ -]\d{3}[\dXx])(?![\dA-Za-z])")
_HELD_REACH: Final = 40


def holders(text: str, rows: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of runs of Chinese characters in front of an ID number: they end with a name.

    `rows` is what `figures` gives for the text.
    """
    done = 0
    for low, high in rows:
        for number in _HELD_NUMBER.finditer(text, low, high + 1):
            if match := _HELD_BY.search(text, max(done, number.start() - _HELD_REACH), number.end() + 1):
                done = match.end()
                yield match.span("run")


def says_nothing_of_people(page: NamePage) -> bool:
    """Return whether a document of some length tells nothing of single people: policy, law, a plan.

    That is no number of a person, masked or not, no column of names, nobody's sex or age.
    """
    if len(page.text) <= _SHORT or _numbers_people(page):
        return False
    return not (page.cells_of_names or page.details >= _SEVERAL)


def details_of(text: str) -> int:
    """Return how often a text tells somebody's sex or age or a masked number."""
    return len(_TOLD.findall(text))


def shows_its_kind(page: NamePage) -> bool:
    """Return whether a text is more than a few words or contains a number of a person: enough to judge words in it."""
    return len(page.text) > _FEW_WORDS or _numbers_people(page)


def _numbers_people(page: NamePage) -> bool:
    whole = 0, len(page.text)
    held = page.line_numbers.get(whole)
    if held is None:
        held = page.line_numbers[whole] = _numbers_of(page.text, page.figures, *whole)
    return held[0] != "0"


def has_papers(page: NamePage, span: Span) -> bool:
    """Return whether a private person's document directly follows a span."""
    return _PAPERS.match(page.text, span.end, span.end + _REACH) is not None
