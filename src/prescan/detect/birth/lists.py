"""Birth dates that no cue stands directly beside: in lists and below headings, in papers that disagree, corrected ones.

出生日期：何某1996年2月28日、丁某2000.12.24; 原出生1996年4月1日 → 改为1996年1月4日; 招工表载1966年12月.
Positions are those of the fold view.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.birth.written import DATE, FIGURE

if TYPE_CHECKING:
    from collections.abc import Iterator

#: 出生日期分别为1986年3月5日、1990年2月1日: the dates behind the first of a list.
_LISTED = regex.compile(rf"(?:[、,，;；和及]|分别为|以及)\s?(?P<date>{DATE})")
#: The columns of a form turned on its side: 出生日期    1998-03-22    2001-10-09.
_BESIDE = regex.compile(rf"(?:[ ]{{2,40}}|[ ]?[|\t][ ]?)(?P<date>{DATE})(?=[ ]*(?:[ ]{{2}}|[|\t\n\u2029]|$))")
_LABEL_BEFORE = regex.compile(r"(?r)(?:^|[\n\u2029|])[ ]*")
#: 出生日期由1953年3月12日更正为1955年3月12日; 出生1996年4月1日 → 改为1996年1月4日.
_CORRECTED = regex.compile(
    rf"[，,]?[ ]{{0,2}}(?:(?:→|⇒|->|=>|—>)[ ]?(?P<arrow>))?"
    r"(?:(?:申请|要求|拟|现)?(?:更正|变更|更改|修改|订正|改)[为成]?|应[为是]|实[为是]|(?(arrow)|(?!)))"
    rf"[:： ]?(?P<date>{DATE})"
)
#: What a text about the date of birth calls it.
_TOPIC: Final = re.compile("出生(?:日期|年月|时间|年份)|生日")
#: What is said of it within the paragraph: 现登记为1966年12月6日，本人要求改为1964年12月6日.
_SAID = regex.compile(
    r"(?:登记|记载|载明?|填写?|申?报|[写记显]|显示|认定|核定|核实|证明|确认|(?:更|修|变更)?改|更正)(?:其|的)?[为成是作]|载其?|应[为是]|实[为是]|误[为作写]{1,2}"
)
_SAID_DATE = regex.compile(
    rf"[:：“\"]?(?:农历|阴历|公历|阳历)?(?P<date>{DATE}|(?:19\d{{2}}|一九{FIGURE}{{2}})年(?=生))(?!起|前|之?[前后])"
)
_SAID_REACH: Final = 240
#: Papers with the day in them: 户口簿2013-12-30，出生证明2014-01-02.
_PAPERS: Final = re.compile(
    "户口[页本簿]|户籍|档案|身份证|(?:招工|登记|学籍|体检|招干|任免|履历|审批)[表册卡]|职工登记表|毕业生名册|志愿书|底册|出生(?:医学)?证明?"
)
_PAPER_DATE = regex.compile(
    rf"[上中里]?(?:登记|记载|载明?|显示|[写填记])(?:其|本人)?(?:出生)?[的为是]?(?P<date>(?>{DATE}))(?!(?!出?生)\p{{Han}})|[上中里]?[的为是]{{1,2}}(?P<date>{DATE})"
)
_PAPER_BESIDE = regex.compile(rf"[:： ]?(?P<date>{DATE})(?=[,，、;；)）\s→]|$)")
_BESIDE_PAPERS: Final = ("户口簿", "户口本", "户口页", "出生证明", "出生医学证明", "出生证")
#: 出生日期：何某1996年2月28日、丁某2000.12.24: names, each with its day.
_LIST_HEAD = regex.compile(r"[^\n，,。；;:：0-9]{0,8}[:：]\s?")
_ITEM = regex.compile(rf"\p{{Han}}{{1,4}}[ :：(（]{{0,2}}(?P<date>{DATE})[)）]?(?=[、,，;；。\s]|$)[、,，;； ]?")
#: A line that is a heading, and the lines below it: ◎出生日期⏎招干登记表 1970年5月.
_HEADING = regex.compile(
    r"(?m)^[^\p{Han}\n]{0,6}(?:员工|职工|本月|下月|会员|老人|学生|\p{Han}{1,2}月)?(?:出生(?:日期|年月|时间)|生日)"
    r"(?:名单|祝福|慰问|情况|认定|审核)?[ ]?(?:[(（][^()（）\n]{1,8}[)）])?[^\p{Han}\n0-9]{0,3}\n"
)
_BELOW = regex.compile(
    r"[ \t]*(?:[-·•*]|[0-9]{1,2}[.、)）])?[ ]?"
    r"(?:(?!时间|日期|入[职党伍]|任职|参加|工作|毕业|办理|发放|领取)[\p{Han}、0-9]){1,16}?[ \t:：]{1,12}"
    rf"(?P<date>{DATE}|\d{{1,2}}月\d{{1,2}}[日号])(?=[\s(（,，;；。]|$)[^\n]*(?:\n|$)"
)
_LINES_BELOW: Final = 12
#: 生：1951年2月7日, in a line of short labels.
_SHORT_LABEL = regex.compile(rf"(?<![\p{{Han}}A-Za-z0-9])生[ ]?[:：=⇒→][ ]?(?P<date>{DATE})")
_SHORT_LABELS: Final = re.compile("生[ ]?[:：=⇒→]")
#: 生日3月12日, 生日是农历八月初五: a day without its year; not that of a state or party.
_DAY_ALONE = regex.compile(
    r"(?<![党国校厂军祖国]的?)生日(?:是|为|在|[:：])?[ ]?(?:农历|阴历|公历|阳历)?"
    r"(?P<date>\d{1,2}月\d{1,2}[日号](?![起前至到])|[正二三四五六七八九十冬腊]{1,2}月(?:初[一二三四五六七八九十]|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九])[日号]?)"
)


def listed(text: str, cue: regex.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the dates behind the first, which `cue` (a cue and its date) holds: of a list, or of more columns."""
    several = "分别" in text[max(0, cue.start() - 2) : cue.end()]
    pattern = _LISTED if several else _BESIDE
    if not several and not _LABEL_BEFORE.match(text, 0, cue.start()):
        return
    following = pattern.match(text, cue.end())
    while following:
        yield following.span("date")
        following = pattern.match(text, following.end())


def corrected(text: str, cue: regex.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the date to which the one that `cue` holds is corrected."""
    if new := _CORRECTED.match(text, cue.end()):
        yield new.span("date")


def in_lists(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, what ties it) of the dates below headings, in lists, in papers, and of those corrected."""
    text = text.replace("\u2029", "\n")  # paragraphs are read as lines are
    if "生" in text:
        for label in _SHORT_LABELS.finditer(text):
            if date := _SHORT_LABEL.match(text, label.start()):
                yield *date.span("date"), "前面有“生”字样"
        topics = list(_TOPIC.finditer(text))
        for topic in topics:
            yield from _about(text, topic)
        if topics:
            yield from _below_headings(text)
    for paper in _PAPERS.finditer(text):
        date = _PAPER_DATE.match(text, paper.end())
        if date is None and paper[0] in _BESIDE_PAPERS:
            date = _PAPER_BESIDE.match(text, paper.end())
        if date:
            yield *date.span("date"), f"写在“{paper[0]}”之后，像是出生日期"


def _about(text: str, topic: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the dates of the list behind a word for the date of birth, and those said of it in its paragraph."""
    if head := _LIST_HEAD.match(text, topic.end()):
        item = _ITEM.match(text, head.end())
        while item:
            yield *item.span("date"), f"前面有“{topic[0]}”字样"
            item = _ITEM.match(text, item.end())
    if day := _DAY_ALONE.match(text, topic.start()):
        yield *day.span("date"), f"前面有“{topic[0]}”字样"
    if topic[0] == "生日":
        return
    end = text.find("\n\n", topic.end())
    high = min(topic.end() + _SAID_REACH, end if end >= 0 else len(text))
    for said in _SAID.finditer(text, topic.end(), high):
        if date := _SAID_DATE.match(text, said.end()):
            yield *date.span("date"), f"同一段写的是“{topic[0]}”"


def _below_headings(text: str) -> Iterator[tuple[int, int, str]]:
    for heading in _HEADING.finditer(text):
        at = heading.end()
        for _ in range(_LINES_BELOW):
            line = _BELOW.match(text, at)
            if line is None:
                break
            yield *line.span("date"), "写在出生日期的标题之下"
            at = line.end()
