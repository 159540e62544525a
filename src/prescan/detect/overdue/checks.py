"""The time limits that rules of kind `dated` check: one function for each, listed in CHECKS.

Each yields the span of a place (None: the document as a whole) and the evidence. What an office's own 制度 sets
(RuleBase.profile) counts where it is stricter than the law.
"""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.resources import finding_types
from prescan.rules.profile import REPORT_DUE
from prescan.text import periods, workdays
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from prescan.detect.overdue import Clock
    from prescan.detect.reading import Reading
    from prescan.rules.kinds import Profile
    from prescan.types import Candidate

    Overdue = tuple[Span | None, str]

#: 条例 第二十六条, 第三十三条: working days allowed to publish, to answer, and in addition if the answer is delayed.
_DISCLOSURE: Final = 20
_ANSWER: Final = 20
_EXTENSION: Final = 20
#: A draft older than this is a file from the archive, not one that waits to be published.
_WAITING_AT_MOST: Final = datetime.timedelta(days=365)
#: Characters from the beginning of a document in which dates are searched for.
_SEARCHED: Final = 60_000
#: A period inside a mark: 机密★10年, 秘密★6个月.
_TERM = regex.compile(r"(?<!\d)(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})\s?(?P<unit>年|个月)(?![\d月])")
_DECLASSIFIED = regex.compile(r"已(?:经)?解密|解密审核|予以解密|自行解密|公开审核|(?:批准|同意|决定)解密|解除密级")
_RECEIVED = regex.compile(
    rf"(?P<day>{periods.DATE_PATTERN})[^。；;\u2029\n]{{0,12}}?(?:收到|受理)[^。；;\u2029\n]{{0,24}}?申请"
    rf"|(?:于|在)(?P<day>{periods.DATE_PATTERN})[^。；;\u2029\n]{{0,12}}?(?:提出|提交|递交|寄来)[^。；;\u2029\n]{{0,24}}?申请"
)
#: Titles of rules about 公示 rather than of a 公示.
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


@dataclass(frozen=True)
class DatedDocument:
    """A document with what the checks need."""

    reading: Reading
    clock: Clock
    profile: Profile
    found: Sequence[Candidate]
    """The candidates so far."""
    stage: str

    @functools.cached_property
    def title(self) -> str:
        """The title as the fold view has it, "" if there is none."""
        span = self.reading.anatomy.title
        return self.reading.seen(self.reading.fold, span) if span else ""

    @functools.cached_property
    def signed(self) -> datetime.date | None:
        """The date in the 落款."""
        span = self.reading.anatomy.signature
        days = periods.dates_in(self.reading.seen(self.reading.fold, span)) if span else []
        return days[-1][2] if days else None

    @property
    def produced_on(self) -> datetime.date | None:
        """The day the document was produced: as the caller says, else the date in the 落款."""
        return self.clock.produced_on or self.signed

    def span(self, start: int, end: int) -> Span:
        """Return the span of Document.text for a span of `text`."""
        return Span(*self.reading.fold.span(start, end))

    @functools.cached_property
    def text(self) -> str:
        """The beginning of the text as the fold view has it."""
        return self.reading.fold.text[:_SEARCHED]


def _publicity(document: DatedDocument) -> Iterator[Overdue]:
    """Yield 公示 whose period, as the page itself states it, is over.

    Only if the caller knows the day of publication; audits have their own check for whole sites (audit.across).
    """
    title = document.reading.anatomy.title
    if title is None or "公示" not in document.title or _ABOUT.search(document.title):
        return
    period = periods.publicity(document.text, document.reading.fold.position(title.end))
    begun = document.clock.published_on
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
    if document.clock.today > end:
        late = (document.clock.today - end).days
        said = f"公示期至 {end.isoformat()}，已过 {late} 天{'' if certain else workdays.UNCERTAIN}"
        yield document.span(period.start, period.end), said + _withdraw(document, end)


def _secrecy(document: DatedDocument) -> Iterator[Overdue]:
    """Yield the first secrecy mark whose period is over, unless the text says that it was declassified."""
    marks = [one for one in document.found if finding_types()[one.type].category == "state_secret"]
    if not marks or _DECLASSIFIED.search(document.text):
        return
    for mark in sorted(marks, key=lambda one: one.start or 0):
        if mark.start is None or mark.end is None:
            continue
        end = _secret_until(document, Span(mark.start, mark.end))
        if end and end < document.clock.today:
            said = f"标注的保密期限到 {end.isoformat()}，已经届满；没有看到解密或者公开审核的记录，期满不等于可以公开"
            yield Span(mark.start, mark.end), said
            return


def _secret_until(document: DatedDocument, mark: Span) -> datetime.date | None:
    """Return the last day of the period in a secrecy mark, or None if it has none or its beginning is unknown."""
    shown = document.reading.seen(document.reading.fold, mark)
    if days := periods.dates_in(shown):
        return days[-1][2]
    term = _TERM.search(shown)
    begun = document.produced_on
    if term is None or begun is None:
        return None
    count = periods.number(term["n"])
    years, months = (count, 0) if term["unit"] == "年" else divmod(count, 12)
    return periods.plus_years(begun, years) + datetime.timedelta(days=31 * months)


def _disclosure(document: DatedDocument) -> Iterator[Overdue]:
    """Yield documents published later than the law or the 制度 allows.

    A draft marked 主动公开 that is not yet published is reported only if the office's 制度 sets a limit: a draft alone
    does not tell whether it has been published since.
    """
    declared, own = document.reading.anatomy.declared, document.profile.disclosure_workdays
    if (document.stage != "published" and not own) or (made := document.produced_on) is None:
        return
    if document.stage == "published":
        until, what = document.clock.published_on, "公开"
    elif own and declared and declared.attribute == "proactive" and document.clock.today - made <= _WAITING_AT_MOST:
        until, what = document.clock.today, "还没有公开"
    else:
        return
    allowed, whose = _stricter(own, _DISCLOSURE)
    if until is None or until <= made:
        return
    passed = workdays.working_days(made, until)
    if passed.days > allowed:
        about = "" if passed.certain else "约"
        said = f"{made.isoformat()} 成文，{until.isoformat()} {what}，已过{about} {passed.days} 个工作日，"
        yield None, f"{said}{whose} {allowed} 个" + ("" if passed.certain else workdays.UNCERTAIN)


def _answer(document: DatedDocument) -> Iterator[Overdue]:
    """Yield answers to an applicant dated later than the law or the 制度 allows."""
    received = _RECEIVED.search(document.text) if _ANSWERS.search(document.title) else None
    if received is None or (signed := document.produced_on) is None:
        return
    days = periods.dates_in(received["day"])
    if not days or days[0][2] >= signed:
        return
    allowed, whose = _stricter(document.profile.answer_workdays, _ANSWER)
    if _LATER.search(document.text):
        allowed += _stricter(document.profile.extension_workdays, _EXTENSION)[0]
    passed = workdays.working_days(days[0][2], signed)
    if passed.days > allowed:
        about = "" if passed.certain else "约"
        said = f"收到申请到答复{about} {passed.days} 个工作日，{whose} {allowed} 个；征求意见、补正的时间不计"
        yield document.span(*received.span("day")), said + ("" if passed.certain else workdays.UNCERTAIN)


def _report(document: DatedDocument) -> Iterator[Overdue]:
    """Yield annual reports published after their last day."""
    year = _YEAR.search(document.title)
    if (
        year is None
        or not _REPORTS.search(document.title)
        or (out := document.clock.published_on or document.produced_on) is None
    ):
        return
    by = (
        "government" if _GOVERNMENT.search(document.title) and not document.profile.name else document.profile.report_by
    )
    law = REPORT_DUE[by]
    last = min(document.profile.annual_report or law, law)
    month, day = map(int, last.split("-"))
    due = datetime.date(int(year[0]) + 1, month, day)
    if due < out:
        whose = "本单位制度规定" if last != law else "应当"
        yield document.reading.anatomy.title, f"{whose}在 {due.isoformat()} 前公布，实际是 {out.isoformat()}"


def _retention(document: DatedDocument) -> Iterator[Overdue]:
    """Yield pages that have been online longer than the 制度 allows."""
    days, out = document.profile.retention_days, document.clock.published_on
    if days is None or out is None:
        return
    end = out + datetime.timedelta(days=days)
    if document.clock.today > end:
        said = f"{out.isoformat()} 发布，本单位制度规定留存 {days} 天，到 {end.isoformat()} 为止"
        yield None, said + _withdraw(document, end)


def _validity(document: DatedDocument) -> Iterator[Overdue]:
    """Yield documents whose own period of validity is over."""
    for pattern in (_VALID_UNTIL, _VALID_FOR):
        stated = pattern.search(document.text)
        days = periods.dates_in(stated["day"]) if stated else []
        if stated is None or not days:
            continue
        years = stated.groupdict().get("n")
        end = periods.plus_years(days[0][2], periods.number(years.replace("两", "二"))) if years else days[0][2]
        if end < document.clock.today:
            yield document.span(*stated.span()), f"有效期到 {end.isoformat()}，已经届满" + _withdraw(document, end)
        return


#: The field `dated` of a rule → its check. rules.kinds.DATED lists the names.
CHECKS: Final[Mapping[str, Callable[[DatedDocument], Iterator[Overdue]]]] = {
    "publicity": _publicity,
    "secrecy": _secrecy,
    "disclosure": _disclosure,
    "answer": _answer,
    "report": _report,
    "retention": _retention,
    "validity": _validity,
}


def _stricter(own: int | None, law: int) -> tuple[int, str]:
    """Return the days allowed and who sets them (for the evidence): an office may allow less than the law, not more."""
    return (own, "本单位制度规定") if own is not None and own < law else (law, "规定")


def _withdraw(document: DatedDocument, end: datetime.date) -> str:
    """Return the addition to the evidence if the 制度 sets a day by which an invalid document has to go offline."""
    days = document.profile.withdraw_workdays
    return (
        f"；本单位制度规定失效后 {days} 个工作日内（{workdays.add_workdays(end, days).isoformat()} 前）下网"
        if days
        else ""
    )
