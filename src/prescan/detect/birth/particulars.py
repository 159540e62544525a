"""Dates in a person's particulars, without a cue: behind 男 or 女, behind a name, before papers, of a relative.

Positions are those of the fold view.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.birth.written import DATE, FIGURE, LATEST, YEAR
from prescan.detect.person_shape import person

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEXES: Final = ("男", "女")
#: 男，汉族，1986年11月3日，: a person's particulars, the whole date.
_GAP: Final = r"(?:[ ]?[,，、；;|/][ ]{0,3}|[ \t]{1,12})"
_PARTICULARS = regex.compile(
    rf"(?:[,，、 |(（\t/；;]|性别[:：]?)(?:男|女)性?{_GAP}"
    rf"(?:(?:\p{{Han}}{{1,5}}族|[汉回满苗壮藏彝]|[0-9]{{1,3}}岁?){_GAP})?(?P<date>{DATE})"
    r"(?=\s{0,4}(?:[,，、；;。|/)）\n\u2029]|$)\s?(?!\p{Han}{0,2}[入参任退毕])"
    r"|[ \t](?!\s{0,12}\p{Han}{0,2}[入参任退毕]))"
)
#: 何某，1976年3月2日，身份证号…; 母何某，1949-08-21，; 女儿何某（2016年12月）: whose papers, whose relative.
_TIED = regex.compile(
    rf"\p{{Han}}[,，、（(|/\t ]{{1,2}}(?P<date>{DATE})[日生]?"
    r"(?=[,，、；;/ |\t]{1,3}(?:(?:公民|居民)?身份(?:证|号码)|(?:家|现)?住(?![建房院宅]))"
    r"|[ ]?[,，/ ]{1,3}\p{Han}{1,4}族[,，；;。/ ]"
    r"|[ ]?[,，、/| ]{1,3}(?:[男女]性?|[0-9]{1,3}周?岁)(?=[,，、；;。/| ）)\n\u2029]|$)"
    r"|[ ]?[,，/| ]{1,3}[1-9]\d{16}[\dXx](?!\d))"
    rf"|(?:老人|患者|学生|考生|幼儿|儿童|婴儿|户主|申请人|当事人|参保人|死者|伤者|受助人|孤儿|姓名)"
    rf"[:： ]\s?\p{{Han}}{{2,4}}[,，（( ]{{1,2}}(?P<date>{DATE})(?=[,，）)；;。、 \n\u2029]|$)"
    rf"|\d{{17}}[\dXx][,，、/| ]{{1,2}}(?P<date>{DATE})(?=[)）]|[,，、/| ]{{1,2}}(?:[男女]|\p{{Han}}{{1,3}}族|住))"
    rf"|(?<=[，,、；;（(])(?:夫|妻|父|母|[长次三独]?[子女]|女儿|儿子)(?P<date>{DATE})(?=[,，）)；;。、\n\u2029]|$)"
    rf"|(?P<kin>[父母]亲?|丈夫|妻子?|[儿长次三幼养独继]子|[女长次三幼养独继]女|女儿|学生|患儿"
    rf"|(?<=[，,、；;。\s（(])[夫子女])[:： ]?\p{{Han}}{{2,4}}[,，（( ](?P<date>{DATE})"
    r"(?=[,，）)；;。、 \n\u2029]|$)"
)
#: How years begin that a date of the two patterns above and below may have, with what stands in front of each date in
#: them; how far a name and what follows a date reach from there.
_A_YEAR = re.compile(
    rf"[,，、；;（(|/\t 的为是夫妻父母子女儿]"
    rf"(?P<year>{YEAR}|民国|[一二]{FIGURE}{{3}}年|[二三四五六七八九]{FIGURE}年|\d{{2}}年)"
)
#: What every match of `_TIED` has somewhere.
_TIED_SIGN = re.compile(
    r"[住族男女岁夫妻父母子]|身份|老人|患者|学生|考生|幼儿|儿童|婴儿|户主|申请人|当事人|参保人|死者|伤者|受助人|孤儿|姓名"
    r"|患儿|\d{17}"
)
_BEFORE_YEAR: Final = 24
_BEHIND_YEAR: Final = 60
#: 何某（1976.3.12）, 何某/女/1976.3.12: a name and a day long ago, with nothing behind it that happened then.
_NAMED = regex.compile(
    rf"(?<!\p{{Han}})(?P<name>\p{{Han}}{{2,4}})(?:[（(](?:户名|原名|曾用名|又名)\p{{Han}}{{2,4}}[)）])?(?:[（(]|[,，；;/])(?:[男女][，,；;/])?(?P<date>{DATE})(?=[）)；;。/，,](?!\p{{Han}}{{0,2}}[入参任退毕至起间]))"
)
#: What is said of a child right behind its day; what people are called by.
_OF_A_CHILD = regex.compile(
    r"[）)；;/，, ]{1,2}(?:同桌|同班|就读|在读|[一二三四五六初高大中小]\p{Han}?[年班]级?"
    r"|家[在住]|住|幼儿园|县?\p{Han}{0,3}(?:小学|幼儿园|中学))"
)
_CALLED = regex.compile(r"\p{Han}(?:大爷|大妈|大娘|奶奶|爷爷|老汉|老太|师傅|阿姨|叔|婶)")
#: A date behind a name only is of a year before this one.
_LONG: Final = "2000"


def in_particulars(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, what ties it) of the dates behind a sex, behind a name, before papers, of a relative."""
    for low, high in _around_years(text):
        yield from _tied(text, low, high)
    for line in _PARTICULARS.finditer(text) if any(map(text.__contains__, _SEXES)) else ():
        yield *line.span("date"), "写在性别之后，像是出生日期"


def _around_years(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches around years, without overlap: patterns that begin with a name are slow anywhere else."""
    low = high = 0
    for year in _A_YEAR.finditer(text):
        if year.start("year") - _BEFORE_YEAR > high:
            if high:
                yield low, high
            low = year.start("year") - _BEFORE_YEAR
        high = year.end() + _BEHIND_YEAR
    if high:
        yield low, min(high, len(text))


def _tied(text: str, low: int, high: int) -> Iterator[tuple[int, int, str]]:
    for tied in _TIED.finditer(text, low, high) if _TIED_SIGN.search(text, low, high) else ():
        if (
            tied["date"][:4] < LATEST
            or tied["kin"]
            or not tied["date"][0].isdigit()
            or "身份" in text[tied.end() : tied.end() + 6]
        ):
            yield *tied.span("date"), "写在某人的姓名之后，像是出生日期"
    for named in _NAMED.finditer(text, low, high):
        told = named["date"][:4] < _LONG or _OF_A_CHILD.match(text, named.end("date"))
        if told and (person().fullmatch(named["name"]) or _CALLED.fullmatch(named["name"])):
            yield *named.span("date"), "写在某人的姓名之后，像是出生日期"
