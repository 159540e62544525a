"""Rule kind `dated`: what only the calendar shows. A period that is over is a fact to check, never a conclusion.

The day comes in with the call (`Clock`); without one these rules do not speak. What an office's own 制度 sets
(RuleBase.profile) counts where it is stricter than the law.
"""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.objection import objection
from prescan.resources import finding_types
from prescan.text import periods, workdays
from prescan.types import Candidate, Location, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.rules.kinds import Profile
    from prescan.types import Context

    Seen = tuple[Span | None, str]

#: 条例 第二十六条, 第三十三条: working days to publish, to answer, to answer later.
_DISCLOSURE: Final = 20
_ANSWER: Final = 20
_EXTENSION: Final = 20
#: 条例 第四十九条.
_REPORT: Final = {"department": "01-31", "government": "03-31"}
#: A draft made longer ago than this is an old file somebody looks at, not one that waits to be published.
_WAITING_AT_MOST: Final = datetime.timedelta(days=365)
_LOOKED_AT: Final = 60_000
_WEEKDAYS: Final = "；按周一至周五计，未计法定节假日和调休，请核对"
#: A period inside a mark: 机密★10年, 秘密★6个月.
_TERM = regex.compile(r"(?<!\d)(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})\s?(?P<unit>年|个月)(?![\d月])")
_DECLASSIFIED = regex.compile(r"已(?:经)?解密|解密审核|予以解密|自行解密|公开审核|(?:批准|同意|决定)解密|解除密级")
_RECEIVED = regex.compile(
    rf"(?P<day>{periods.DATE_PATTERN})[^。；;\u2029\n]{{0,12}}?(?:收到|受理)[^。；;\u2029\n]{{0,24}}?申请"
    rf"|(?:于|在)(?P<day>{periods.DATE_PATTERN})[^。；;\u2029\n]{{0,12}}?(?:提出|提交|递交|寄来)[^。；;\u2029\n]{{0,24}}?申请"
)
#: Titles of rules about 公示, not of one.
_ABOUT = regex.compile(r"(?:办法|规定|制度|规程|规则|条例|细则|通知|意见|方案|解读)\W*\Z")
_LATER = regex.compile(r"延长|延期答复")
_ANSWERS = regex.compile(r"(?:信息公开|依申请公开)[^\n]{0,12}(?:答复|告知)|申请[^\n]{0,12}(?:答复书|告知书|的答复)")
_REPORTS = regex.compile(r"政府信息公开(?:工作)?(?:年度报告|年报)")
_YEAR = regex.compile(r"20\d\d(?=\s?年)")
_VALID_UNTIL = regex.compile(
    rf"有效期(?:限)?(?:截止)?\s?[:：]?(?:为|至|到|截至|延长至){{1,2}}\s?(?P<day>{periods.DATE_PATTERN})"
)
_VALID_FOR = regex.compile(
    rf"自\s?(?P<day>{periods.DATE_PATTERN})\s?(?:之日)?起(?:施行|实施|执行|生效)[^。；;\u2029\n]{{0,8}}?"
    r"有效期(?:限)?(?:为)?\s?(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?年"
)
_GOVERNMENT = regex.compile(r"人民政府(?!\p{Han}{0,8}(?:局|委|厅|办))")


_NO_YEAR: Final = 3000


@dataclass(frozen=True, slots=True)
class Clock:
    """The day a scan counts from, and what the caller knows of the document's own days."""

    today: datetime.date
    produced_on: datetime.date | None = None
    published_on: datetime.date | None = None

    @classmethod
    def of(cls, context: Context, today: datetime.date) -> Clock:
        """Take the days a caller gave with a document; 9999-12-31, as databases write it, is none."""
        given = (day if day and day.year < _NO_YEAR else None for day in (context.produced_on, context.published_on))
        return cls(today, *given)


def find_dated(
    reading: Reading, compiled: Compiled, found: Sequence[Candidate], stage: str, clock: Clock
) -> Iterator[Candidate]:
    """Yield what the rules of this kind say of a document on `clock.today`."""
    asked = _Asked(reading, clock, compiled.base.profile, found, stage)
    for rule in compiled.of_kind("dated"):
        if rule.stage and stage not in rule.stage:
            continue
        for span, said in ASK[rule.dated](asked):
            if span is not None and objection(rule, reading, *span, stage) is not None:
                continue
            yield _candidate(rule, reading, span, said)


@dataclass(frozen=True)
class _Asked:
    reading: Reading
    clock: Clock
    profile: Profile
    found: Sequence[Candidate]
    stage: str

    @functools.cached_property
    def title(self) -> str:
        span = self.reading.anatomy.title
        return self.reading.seen(self.reading.fold, span) if span else ""

    @functools.cached_property
    def signed(self) -> datetime.date | None:
        """The day in the 落款."""
        span = self.reading.anatomy.signature
        days = periods.dates_in(self.reading.seen(self.reading.fold, span)) if span else []
        return days[-1][2] if days else None

    @property
    def made(self) -> datetime.date | None:
        return self.clock.produced_on or self.signed

    def span(self, start: int, end: int) -> Span:
        """Return the place in the document of a place in what the fold view shows."""
        return Span(*self.reading.fold.span(start, end))

    @functools.cached_property
    def shown(self) -> str:
        return self.reading.fold.text[:_LOOKED_AT]


def _publicity(asked: _Asked) -> Iterator[Seen]:
    """Yield 公示 whose period, as the page itself states it, is over.

    Only of a page whose day of publication the caller knows; an audit looks at whole sites by itself (audit.across).
    """
    title = asked.reading.anatomy.title
    if title is None or "公示" not in asked.title or _ABOUT.search(asked.title):
        return
    period = periods.publicity(asked.shown, asked.reading.fold.position(title.end))
    begun = asked.clock.published_on
    if period is None or begun is None:
        return
    end, certain = period.until, True
    if end is None:
        end = (
            workdays.add_workdays(begun, period.days)
            if period.working
            else begun + datetime.timedelta(days=period.days)
        )
        certain = not period.working or (workdays.are_holidays_known(begun) and workdays.are_holidays_known(end))
    if asked.clock.today > end:
        late = (asked.clock.today - end).days
        said = f"公示期至 {end.isoformat()}，已过 {late} 天{'' if certain else _WEEKDAYS}"
        yield asked.span(period.start, period.end), said + _withdraw(asked, end)


def _secrecy(asked: _Asked) -> Iterator[Seen]:
    """Yield the first mark whose period is over in a text that says nothing of being declassified."""
    marks = [one for one in asked.found if finding_types()[one.type].category == "state_secret"]
    if not marks or _DECLASSIFIED.search(asked.shown):
        return
    for mark in sorted(marks, key=lambda one: one.start or 0):
        if mark.start is None or mark.end is None:
            continue
        end = _secret_until(asked, Span(mark.start, mark.end))
        if end and end < asked.clock.today:
            said = f"标注的保密期限到 {end.isoformat()}，已经届满；没有看到解密或者公开审核的记录，期满不等于可以公开"
            yield Span(mark.start, mark.end), said
            return


def _secret_until(asked: _Asked, mark: Span) -> datetime.date | None:
    shown = asked.reading.seen(asked.reading.fold, mark)
    if days := periods.dates_in(shown):
        return days[-1][2]
    term = _TERM.search(shown)
    begun = asked.made
    if term is None or begun is None:
        return None
    count = periods.number(term["n"])
    years, months = (count, 0) if term["unit"] == "年" else divmod(count, 12)
    return periods.plus_years(begun, years) + datetime.timedelta(days=31 * months)


def _disclosure(asked: _Asked) -> Iterator[Seen]:
    """Yield documents published later than the law or the 制度 allows.

    A draft marked 主动公开 that still waits is named only where the office has set itself a period: when a draft was
    scanned says nothing of whether it has come out since.
    """
    declared, own = asked.reading.anatomy.declared, asked.profile.disclosure_workdays
    if (asked.stage != "published" and not own) or (made := asked.made) is None:
        return
    if asked.stage == "published":
        until, what = asked.clock.published_on, "公开"
    elif own and declared and declared.attribute == "proactive" and asked.clock.today - made <= _WAITING_AT_MOST:
        until, what = asked.clock.today, "还没有公开"
    else:
        return
    allowed, whose = _stricter(own, _DISCLOSURE)
    if until is None or until <= made:
        return
    passed = workdays.working_days(made, until)
    if passed.days > allowed:
        about = "" if passed.certain else "约"
        said = f"{made.isoformat()} 成文，{until.isoformat()} {what}，已过{about} {passed.days} 个工作日，"
        yield None, f"{said}{whose} {allowed} 个" + ("" if passed.certain else _WEEKDAYS)


def _answer(asked: _Asked) -> Iterator[Seen]:
    """Yield answers to an applicant dated later than the law or the 制度 allows."""
    received = _RECEIVED.search(asked.shown) if _ANSWERS.search(asked.title) else None
    if received is None or (signed := asked.made) is None:
        return
    days = periods.dates_in(received["day"])
    if not days or days[0][2] >= signed:
        return
    allowed, whose = _stricter(asked.profile.answer_workdays, _ANSWER)
    if _LATER.search(asked.shown):
        allowed += _stricter(asked.profile.extension_workdays, _EXTENSION)[0]
    passed = workdays.working_days(days[0][2], signed)
    if passed.days > allowed:
        about = "" if passed.certain else "约"
        said = f"收到申请到答复{about} {passed.days} 个工作日，{whose} {allowed} 个；征求意见、补正的时间不计"
        yield asked.span(*received.span("day")), said + ("" if passed.certain else _WEEKDAYS)


def _report(asked: _Asked) -> Iterator[Seen]:
    """Yield annual reports published after their last day."""
    year = _YEAR.search(asked.title)
    if year is None or not _REPORTS.search(asked.title) or (out := asked.clock.published_on or asked.made) is None:
        return
    by = "government" if _GOVERNMENT.search(asked.title) and not asked.profile.name else asked.profile.report_by
    law = _REPORT[by]
    last = min(asked.profile.annual_report or law, law)
    month, day = map(int, last.split("-"))
    due = datetime.date(int(year[0]) + 1, month, day)
    if due < out:
        whose = "本单位制度规定" if last != law else "应当"
        yield asked.reading.anatomy.title, f"{whose}在 {due.isoformat()} 前公布，实际是 {out.isoformat()}"


def _retention(asked: _Asked) -> Iterator[Seen]:
    """Yield pages that stand longer than the 制度 keeps them."""
    days, out = asked.profile.retention_days, asked.clock.published_on
    if days is None or out is None:
        return
    end = out + datetime.timedelta(days=days)
    if asked.clock.today > end:
        said = f"{out.isoformat()} 发布，本单位制度规定留存 {days} 天，到 {end.isoformat()} 为止"
        yield None, said + _withdraw(asked, end)


def _validity(asked: _Asked) -> Iterator[Seen]:
    """Yield documents that say themselves until when they are valid, once that day is over."""
    for pattern in (_VALID_UNTIL, _VALID_FOR):
        stated = pattern.search(asked.shown)
        days = periods.dates_in(stated["day"]) if stated else []
        if stated is None or not days:
            continue
        years = stated.groupdict().get("n")
        end = periods.plus_years(days[0][2], periods.number(years.replace("两", "二"))) if years else days[0][2]
        if end < asked.clock.today:
            yield asked.span(*stated.span()), f"有效期到 {end.isoformat()}，已经届满" + _withdraw(asked, end)
        return


#: What a rule of this kind may ask (`dated` in the pack); rules.kinds.DATED holds the names.
ASK: Final[Mapping[str, Callable[[_Asked], Iterator[Seen]]]] = {
    "publicity": _publicity,
    "secrecy": _secrecy,
    "disclosure": _disclosure,
    "answer": _answer,
    "report": _report,
    "retention": _retention,
    "validity": _validity,
}


def _stricter(own: int | None, law: int) -> tuple[int, str]:
    """Return the days allowed and who says so: an office may promise less than the law, never take more."""
    return (own, "本单位制度规定") if own is not None and own < law else (law, "规定")


def _withdraw(asked: _Asked, end: datetime.date) -> str:
    days = asked.profile.withdraw_workdays
    return (
        f"；本单位制度规定失效后 {days} 个工作日内（{workdays.add_workdays(end, days).isoformat()} 前）下网"
        if days
        else ""
    )


def _candidate(rule: Rule, reading: Reading, span: Span | None, said: str) -> Candidate:
    start, end = span or (None, None)
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        evidence=(said, rule.reason) if rule.reason else (said,),
        masked="" if span is None else reading.text[span.start : span.end],
        level=rule.level,
        location=Location() if span is None else None,
    )
