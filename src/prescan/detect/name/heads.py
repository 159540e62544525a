"""Names at the beginning of an item, line or clause, proved by what follows them; see `name/proved.py`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from prescan.detect.name.beside import begins_line, line_features
from prescan.detect.name.foreign import transcribes
from prescan.detect.name.said import IN_NEED, OF_ONE_TWICE, REACH, says, says_later, says_perhaps
from prescan.detect.name.spans import COLONS, Span, is_han
from prescan.text.view import code_points, member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import NameChars, Place


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
_CELL_ENDS: Final = frozenset("|\t")
_LEADS: Final = frozenset("与跟同")
_LEFT: Final = frozenset("。；;：:（(、\u3000 —")
_COMMAS: Final = frozenset("，,")
_CLOSES: Final = frozenset("）)")
_OPENS: Final = frozenset("（(")
_BEHIND_RUN: Final = ",( \u3000、。/"
_COMMA: Final = ord(",")
_BRACKET: Final = ord("(")
_CLOSING: Final = ord(")")
_SEXES: Final = "男女"
#: Behind a number these characters end the number's word and not the name's: 805班车雨桐, 3栋常乐, 初一(4)班车小雨.
_UNITS: Final = "班组排号户床栋"
_DIGITS: Final = (ord("0"), ord("9"))
_FOREIGN_AT_MOST: Final = 6
_DOTS: Final = frozenset("·•・‧∙⋅")


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
    before = codes[runs[:, 0] - 1]  # of the first run the last of the zeros behind
    numbered = ((before >= _DIGITS[0]) & (before <= _DIGITS[1])) | (before == _CLOSING)
    runs[:, 0] += numbered & member(codes[runs[:, 0]], _UNITS)
    behind, next_to = codes[runs[:, 1]], codes[runs[:, 1] + 1]
    sizes = runs[:, 1] - runs[:, 0]
    before = codes[runs[:, 0] - 1]
    inside = (before == _COMMA) & (behind != _BRACKET) & (sizes <= _LONGEST)  # a phrase between commas
    told = member(behind, _BEHIND_RUN) & (sizes > 1) & ~inside
    short = sizes <= np.where(behind == _BRACKET, _FOREIGN_AT_MOST, _LONGEST)
    found: list[Place] = runs[told & (short | member(next_to, _SEXES))].tolist()
    return found


def _short_run(page: NamePage, chars: NameChars, start: int, end: int) -> Iterator[Place]:
    text, left = page.text, page.text[start - 1 : start]
    unit = bool(left) and left in _UNITS and (text[start - 2].isdigit() or text[start - 2] == ")")
    head = unit or (begins_line(text, start) and left not in _CELL_ENDS)
    leads = end - start > 2 and text[start] in _LEADS  # noqa: PLR2004
    bracketed = left in _COMMAS and text[end] in _OPENS  # 核查，白鹭（社保号…）
    if not (head or left in _LEFT or bracketed or (leads and left in _CLOSES)):
        return
    begin = start + leads
    known = chars.begins(text[begin:end]) or transcribes(text[begin:end])
    named = head or left in COLONS or (left == " " and text[start - 2 : start - 1].isdigit())
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
