"""Homes that a sentence about a person tells without number or name of a house: 户籍地安徽省岳西县店前镇银河村.

A village is nothing by itself; behind 户籍 or 住, in a sentence with the particulars of a person, it is a home.
So is a place that is told by what is beside it: 住镇上菜市场旁百货楼后.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.address.joints import in_line, is_gap
from prescan.detect.address.office import NEVER_HOME, OFFICE_INSIDE
from prescan.detect.address.parts import read_parts
from prescan.detect.address.said import NO_PLACE, labels
from prescan.detect.address.signs import KIN_NEAR, PARTICULARS, PERSON_LINE, ROLE_NEAR
from prescan.detect.person_shape import person
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.reading import Reading

_LIVES: Final = regex.compile(
    r"(?:(?:家庭|居住|户籍|户口|现|原|常|身份证)(?:住址|地址|所在地|地)|户籍|户口(?:迁[出入]地)?|来自|住址|原籍|(?:家|现|原|暂|租|借|寄|独|常|居)?(?<![保抓记站守稳挡拦忍留困咬卡接入])住(?!院|[宿房宅户建所址持进过]))"
    r"(?:[在于为是]|迁[往至到]了?)?[:：]?"
)
#: How a match of _LIVES begins: `re` goes from one of these characters to the next.
_LIVES_START = re.compile(
    r"住|来(?=自)|户(?=[籍口])|家(?=[庭住])|居(?=住)|现(?=[住地所])|原(?=[住地所籍])|常(?=[住地所])|身(?=份证)"
    r"|暂(?=住)|租(?=住)|借(?=住)|寄(?=住)|独(?=住)"
)
_VALUE = regex.compile(r"[\p{Han}0-9A-Z#]{4,40}")
_CLOSED = regex.compile(r"$|[^\p{Han}0-9A-Z]|人(?=[,，。;；])|(?:村民|居民|农民|牧民)(?=[,，。;；\p{Han}])")
_LARGE: Final = frozenset({"division", "town", "village"})
_BESIDE = regex.compile(
    r"[\p{Han}0-9]{3,24}(?:旁边?|后[面边头]?|[前对]面|隔壁|楼[上下]|里面|院内|[东西南北]头|第[一二三四五六七八九十0-9]{1,2}[间排户]|[0-9一二三四五六七八九]楼|底[层楼]|地下室|门房|平房|阁楼|出租[房屋]|作业区|工区|(?<=[台桥庙树井店塘井口站坡])[东西南北])"
)
_NEAR = regex.compile(r"[旁后]|对面|隔壁|旧址|宿舍|家属")
_IDENTIFIED = regex.compile(r"[0-9]{8}|出生|[汉回苗壮满藏]族|[男女][,，、][0-9]{1,3}岁|[0-9]{1,3}岁[）)]")
_REGISTERED = regex.compile(r"户[籍口]|身份证|家庭|原籍")
_WINDOW: Final = 160
_REACH: Final = 12


@functools.cache
def _name_before() -> regex.Pattern[str]:
    return regex.compile(rf"(?:{person().pattern})[,，、（(]?(?:现|家|暂|租|借|独|原|寄)?$")


@functools.cache
def _name_behind() -> regex.Pattern[str]:
    return regex.compile(rf"的(?:{person().pattern})(?=[^\p{{Han}}]|$|[家说称因被在反来去])")


def told_homes(reading: Reading) -> Iterator[Span]:
    """Yield the villages and places beside something where a sentence tells that a person lives."""
    view = reading.squeeze
    for label in labels(_LIVES_START, _LIVES, view.text):
        begin = label.end()
        value = _VALUE.match(view.text, begin)
        if value is None:
            continue
        stop = in_line(reading, begin + 1, value.end())
        named = _name_behind().search(view.text, begin, value.end())
        stop = min(stop, named.start()) if named else stop
        stop = next((joint for joint in view.inner_joints(begin, stop) if is_gap(reading, joint)), stop)
        if end := _village(view.text, begin, stop):
            sure = _is_identified(reading, label, end)
        else:
            end = _beside(view.text, begin, stop)
            sure = end > 0 and _is_personal(reading, label.start(), end)
        if sure:
            yield Span(begin, end)


def _village(text: str, begin: int, stop: int) -> int:
    """Return the end of a village with its town that closes its clause, or 0."""
    parts, end = read_parts(text, begin, stop, [])
    if parts[-1:] != ("village",) or len(parts) == 1 or not _LARGE.issuperset(parts):
        return 0
    return end if end == stop or _CLOSED.match(text, end) else 0


def _beside(text: str, begin: int, stop: int) -> int:
    """Return the end of a place told by what is beside it that fills its clause, or 0."""
    if not _BESIDE.fullmatch(text, begin, stop) or NEVER_HOME.search(text, begin, stop):
        return 0
    if OFFICE_INSIDE.search(text, begin, stop) and not _NEAR.search(text, begin, stop):
        return 0
    return 0 if NO_PLACE.search(text, begin, stop) or text.endswith("大楼", begin, stop) else stop


def _is_identified(reading: Reading, label: regex.Match[str], end: int) -> bool:
    """Return whether the sentence of a village identifies the person, by numbers or as in a case file.

    老人住石龙村 may be published, 男，27岁，户籍地石龙村 or the same behind an ID number may not.
    """
    low, high = reading.squeeze.span(label.start(), end)
    around = _around(reading, low, high)
    if _IDENTIFIED.search(around):
        return True
    if _REGISTERED.match(label[0]) and PARTICULARS.search(around.replace(label[0], "")):
        return True
    return _in_form(reading, low, high)


def _around(reading: Reading, low: int, high: int) -> str:
    """Return the sentence that a label begins in, at most _WINDOW characters on each side of the home."""
    sentence = reading.sentence(low, low)
    return reading.text[max(sentence.start, low - _WINDOW) : min(sentence.end, high + _WINDOW)]


def _in_form(reading: Reading, low: int, high: int) -> bool:
    """Return whether a label begins a line among lines about a person."""
    if reading.text[max(0, low - 2) : low].strip("\n\u3000 "):
        return False
    return PERSON_LINE.search(reading.text, max(0, low - _WINDOW), high + _WINDOW) is not None


def _is_personal(reading: Reading, start: int, end: int) -> bool:
    """Return whether the sentence, or the lines around a label, have particulars of a person."""
    view = reading.squeeze
    low, high = view.span(start, end)
    around = _around(reading, low, high)
    if any(signs.search(around) for signs in (PARTICULARS, KIN_NEAR, ROLE_NEAR)):
        return True
    if _name_behind().match(view.text, end) or _name_before().search(view.text, max(0, start - _REACH), start):
        return True
    return _in_form(reading, low, high)
