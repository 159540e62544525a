"""What stands right beside a name: sex and age, a document, a number, an organ."""

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
#: What is said of private people right after their names, and of people in an office.
_PERSONAL = regex.compile(
    rf"{_GAP}(?:"
    r"男|女|现年|今年|\d{1,2}\s?岁|\d{2}周岁|(?:本人)?身份证|身份号|公民身份|证件号|护照|驾驶证|台胞证|"
    r"通行证|居住证|永居证|学号|学籍|准考证|考号|病历|住院号|门诊|残疾证|社保|医保|公积金|银行卡|卡号|存折|"
    r"一卡通|车牌|微信|QQ|手机|住|家住|现住|户籍|籍贯|"
    r"(?:19|20)\d{2}[年.]\d{1,2}[月.](?:\d{1,2}日?)?(?:出?生|,|，)"
    r")"
)
#: Papers a private person is known by: whoever stands beside one is private, whatever else is said.
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
#: What the patterns above begin with: behind most names stands none of it, and they need not be tried.
_SAID = regex.compile(rf"{_GAP}[男女现今本身公证护驾台回通居永学准考病住残门社医银卡存一车微Q手家户籍\d]")
_FIGURE = regex.compile(_GAP + r"(?:\p{Han}{2,6}[号码证]*[:：]?\s?)?[\dA-Z* -]")
ORGAN = regex.compile(
    r"(?r)(?:[局厅委办科处室股所站院校队社馆部]|公司|中心|集团|银行|小学|中学|大学|医院|政府|支部|大队|支队|[村居调业]委会|委员会|监委会|教育组|理事会|协会|妇联|残联|工会|联社|专班|工作组|[镇乡县区市街道](?:民政|司法|卫健|计生|综治|人社|残联|纪委|政法))(?:的|派来的|派出的)?[\s(（]?"
)
#: With one of these or a space ends what this finds; before most names stands none.
_ORGAN_ENDS: Final = frozenset("局厅委办科处室股所站院校队社馆部司心团行学府会联班组政法健生治的(（")
#: What begins so → mark → what stands right after a name.
_BESIDE: Final = (
    (_SAID, (("papers", _PAPERS), ("personal", _PERSONAL))),
    (_FIGURE, (("id", _ID), ("mobile", _MOBILE), ("landline", _LANDLINE))),
)
#: How far behind a name is looked.
_REACH: Final = 40


def beside(page: NamePage, span: Span) -> list[str]:
    """Say what stands right after the name: sex, age, a document, a number; and whether an organ stands before it."""
    text, end = page.text, span.end
    found = []
    for begins, marks in _BESIDE:
        if begins.match(text, end, end + _REACH):
            found += [mark for mark, pattern in marks if pattern.match(text, end, end + _REACH)]
    last = text[span.start - 1 : span.start]
    if (last in _ORGAN_ENDS or last.isspace()) and ORGAN.match(text, max(0, span.start - 8), span.start):
        found.append("organ")
    return found


#: What may stand between a line's or cell's begin and what it says first: a bullet, a number of a list.
_HEAD = regex.compile(
    r"(?r)(?:^|(?<=[\n\r\t|\u2029]))[ \u3000]*[\p{So}\p{Sm}\p{Pd}·•※*№＊]{0,3}[ \u3000]*"
    r"(?:[(（]?(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[甲乙丙丁戊己庚])[)）、.．:：号例]{1,2}|[①-⑳㈠-㈩])?[ \u3000]*"
)
#: Numbers that are somebody's: an ID number in any grouping, a passport or permit, an account.
_NUMBERED = re.compile(
    r"(?<!\d)\d{6}[ \-.·]?(?:19|20)\d{2}[ \-.·]?\d{4}[ \-.·]?\d{3}[\dXx](?!\d)|(?<![A-Za-z\d])[A-Z]{1,3}\d{8}(?!\d)"
    r"|(?<!\d)[1-9]\d{14,18}(?!\d)|[A-Z]{3}\d{12}|(?:\d{4}[ -]){3,4}\d{3,4}(?!\d)"
)
_CALLED = regex.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|@(?!\S{0,20}gov)")
_LINE_AT_MOST: Final = 160
_SHORT: Final = 500


#: The characters of such numbers, as many as the shortest has; only there the patterns are tried.
_FIGURES_AT_LEAST: Final = 9
_FIGURES: Final = re.compile(rf"[\dA-Zx \-.·]{{{_FIGURES_AT_LEAST},}}")
#: In front of a name that begins its line stands one of these, or what ends the line before; of Chinese characters
#: only the last.
_LINE_ENDS: Final = frozenset("\n\r\t|\u2029")
_HEAD_ENDS: Final = frozenset("号例")


def line_marks(page: NamePage, span: Span) -> list[str]:
    """Say whether a name begins its line or cell, and what numbers the line or row of the table holds."""
    text = page.text
    head = begins_line(text, span.start)
    low, high = page.line_of(span)
    if high - low > 2 * _LINE_AT_MOST:
        low, high = max(low, span.start - _LINE_AT_MOST), min(high, span.end + _LINE_AT_MOST)
    held = page.line_numbers.get((low, high))
    if held is None:
        held = page.line_numbers[low, high] = _numbers_of(text, page.figures, low, high)
    mark, last = held
    return marks_of_line(mark, "i" if last >= span.end else "0", head=head)


def marks_of_line(mark: str, behind: str, *, head: bool) -> list[str]:
    """Return what is said of a line with such numbers in it ("i", "m", "0") and behind the name ("i", "0")."""
    return [f"ln{mark}", f"lb{behind}", *([f"head{mark}", f"headb{behind}", "head"] if head else [])]


def figures(text: str) -> list[tuple[int, int]]:
    """Return the rows of characters of a text in which numbers of people can stand."""
    return [match.span() for match in _FIGURES.finditer(text)]


def _numbers_of(text: str, rows: list[tuple[int, int]], low: int, high: int) -> tuple[str, int]:
    """Return what numbers a line holds, and where the last one that is somebody's begins, or -1.

    `rows` is what `figures` gives for the text.
    """
    places = list(_figures_in(rows, low, high))
    starts = [match.start() for place in places for match in _NUMBERED.finditer(text, *place)]
    last = max(starts, default=-1)
    return "i" if starts else "m" if _is_called(text, low, high, places) else "0", last


def _figures_in(rows: list[tuple[int, int]], low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield what of these rows lies in a stretch of text and is still long enough."""
    for at in range(max(0, bisect.bisect_left(rows, (low,)) - 1), len(rows)):
        start, end = max(low, rows[at][0]), min(high, rows[at][1])
        if start >= high:
            break
        if end - start >= _FIGURES_AT_LEAST:
            yield start, end


def _is_called(text: str, low: int, high: int, places: list[tuple[int, int]]) -> bool:
    """Tell whether a telephone number or a mailbox stands in a stretch of text whose figures are known."""
    if text.find("@", low, high) >= 0:
        return _CALLED.search(text, low, high) is not None
    return any(_CALLED.search(text, *place) for place in places)


def begins_line(text: str, start: int) -> bool:
    """Tell whether a name begins its line or cell, but for a bullet or a number of a list."""
    before = text[start - 1 : start]
    if not before or before in _LINE_ENDS:
        return True
    if is_han(before) and before not in _HEAD_ENDS:
        return False
    return _HEAD.match(text, max(0, start - 16), start) is not None


#: A number of a document right behind a word, at most its name between them.
_HELD_BY = regex.compile(
    r"(?P<run>\p{Han}{2,24})[ \u3000]?[(（,，]?[ \u3000]?(?:(?:居民)?身份证(?:号码?)?[:：]?[ \u3000]?)?"
    r"(?:\d{17}[\dXx]|\d{6}[ -]\d{8}[ -]\d{3}[\dXx])(?![\dA-Za-z])"
)
#: The number in it. Only in front of one the whole is tried, so far back as it can reach and one character behind it.
_HELD_NUMBER: Final = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{6}[ -]\d{8}[ -]\d{3}[\dXx])(?![\dA-Za-z])")
_HELD_REACH: Final = 40


def holders(text: str, rows: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the runs of Chinese characters that an ID number follows: their last characters are somebody's name.

    `rows` is what `figures` gives for the text.
    """
    done = 0
    for low, high in rows:
        for number in _HELD_NUMBER.finditer(text, low, high + 1):
            if match := _HELD_BY.search(text, max(done, number.start() - _HELD_REACH), number.end() + 1):
                done = match.end()
                yield match.span("run")


def says_nothing_of_people(page: NamePage) -> bool:
    """Tell whether a document of some length holds no number of a person: policy, law, a plan."""
    return len(page.text) > _SHORT and _numbers_of(page.text, page.figures, 0, len(page.text))[0] == "0"


def has_papers(page: NamePage, span: Span) -> bool:
    """Tell whether a document of a private person stands right after a span."""
    return _PAPERS.match(page.text, span.end, span.end + _REACH) is not None
