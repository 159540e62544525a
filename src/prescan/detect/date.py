"""Rule kind `date`: a birth date, that is a date tied to a person by 出生, 生日 or its column.

A date by itself is nothing. It is looked for only next to a cue: right behind one (生于…), right before one (…出生),
in a column or behind a form label that holds one, or after 男 or 女 in a person's particulars. So the gate comes
first: in a document without a cue, a table without one, a text that names no sex, no date is looked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.date_listed import corrected, in_lists, listed
from prescan.detect.date_shape import DATE, FIGURE, SHORT_DATE, YEAR
from prescan.detect.person_shape import people, person
from prescan.types import Candidate, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.text.tables import Table
    from prescan.types import Confidence

_FULL = regex.compile(DATE)
_SHORT = regex.compile(SHORT_DATE)
_BEHIND_CUE: Final = (
    r"(?:[:：=\s(（【\[▏│┃→⇒]{0,8}|[ ]{9,40})(?:分别)?(?:登记|记载|填写)?"
    r"(?:为|是|在|系|由|从|应为|误为)?(?:农历|阴历|公历)?[:：\s“\"「]{0,2}"
)
_BETWEEN: Final = r"[ ()）,，]?(?:\d{1,2}时(?:\d{1,2}分)?)?"
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
    r"|患儿|户口|档案|户籍|招工表|职工登记表|\d{17}"
)
_BEFORE_YEAR: Final = 24
_BEHIND_YEAR: Final = 60
#: 1958年出生, 1969年生: the year alone, right in front of the word.
_YEAR_ALONE = regex.compile(rf"(?<![\d年至到—-])(?:19\d{{2}}|200[0-7]|一九{FIGURE}{{2}})年$")
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
_RANGE = regex.compile(r"(?:[至到~—]|[日月年号]-)\s?$")
#: A cell that holds a day and nothing else; a header that says of what.
_WHOLE = regex.compile(rf"(?=(?:19|20)\d{{2}}|[〇一二])(?:{DATE})")
_HEAD = regex.compile(r"日期|时间|年月|[入离到办发登毕报受]\p{Han}?[日期年]|\d{4}")
#: A birth date in a column without a header is of a year before this one; its first figures.
_LATEST: Final = "2016"
#: One behind a name only, of a year before this one.
_LONG: Final = "2000"
_LONG_AGO: Final = ("19", "200", "201")
_FIRST_FIGURES: Final = frozenset("12〇一二")
#: What heads a column of birth dates in a list of people although it says of no birth.
_BARE: Final = frozenset({"年月", "年月日", "生年", "生年月", "生辰", "出身年月"})
_SEXES: Final = ("男", "女")
_LOOK_BACK: Final = 20
_YEAR_AT_MOST: Final = 6
#: Cues up to this length are written with gaps in forms.
_SPACED_AT_MOST: Final = 4


def find_dates(reading: Reading, compiled: Compiled) -> Iterator[Candidate]:
    """Yield a candidate for every birth date."""
    for rule in compiled.of_kind("date"):
        cued = rule.id not in compiled.proofs or rule.id in reading.proven
        beside = _beside_cues(reading, compiled.dates[rule.id], cued=cued)
        places = (*beside, *_in_tables(rule, reading, cued=cued))
        for (start, end), said in {(start, end): said for start, end, said in reversed(places)}.items():
            yield _candidate(rule, reading, start, end, said)


def _beside_cues(reading: Reading, patterns: DatePatterns, *, cued: bool) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, what ties it) of dates in running text; positions of the fold view."""
    text = reading.fold.text
    for cue in patterns.before.finditer(text) if cued else ():
        yield *cue.span("date"), f"前面有“{cue['cue']}”字样"
        for span in (*listed(text, cue), *corrected(text, cue)):
            yield *span, f"与前面的“{cue['cue']}”相连"
    for cue in (patterns.behind if cued else patterns.common).finditer(text):
        if alone := _YEAR_ALONE.search(text, max(0, cue.start() - _YEAR_AT_MOST), cue.start()):
            yield *alone.span(), f"后面有“{cue[0]}”字样"
        for date in _FULL.finditer(text, max(0, cue.start() - _LOOK_BACK), cue.start()):
            gap = text[date.end() : cue.start()]
            if regex.fullmatch(_BETWEEN, gap) and not _RANGE.search(text, max(0, date.start() - 3), date.start()):
                yield *date.span(), f"后面有“{cue[0]}”字样"
    yield from in_lists(text)
    yield from _tied(text)
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


def _tied(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the days behind a name, before its papers, of a relative."""
    for low, high in _around_years(text):
        yield from _tied_in(text, low, high)


def _tied_in(text: str, low: int, high: int) -> Iterator[tuple[int, int, str]]:
    for tied in _TIED.finditer(text, low, high) if _TIED_SIGN.search(text, low, high) else ():
        if (
            tied["date"][:4] < _LATEST
            or tied["kin"]
            or not tied["date"][0].isdigit()
            or "身份" in text[tied.end() : tied.end() + 6]
        ):
            yield *tied.span("date"), "写在某人的姓名之后，像是出生日期"
    for named in _NAMED.finditer(text, low, high):
        told = named["date"][:4] < _LONG or _OF_A_CHILD.match(text, named.end("date"))
        if told and (person().fullmatch(named["name"]) or _CALLED.fullmatch(named["name"])):
            yield *named.span("date"), "写在某人的姓名之后，像是出生日期"


def _in_tables(rule: Rule, reading: Reading, *, cued: bool) -> Iterator[tuple[int, int, str]]:
    for table in reading.anatomy.tables:
        shown = reading.text[table.start : table.end]
        if any(map(shown.__contains__, _LONG_AGO)):
            yield from _columns(reading, table)
        bare = any(map("".join(shown.split()).__contains__, _BARE)) and people(table)
        if bare or (cued and (table.header_rows > 1 or any(map("".join(shown.split()).__contains__, rule.cues)))):
            yield from _headed(rule, reading, table)


def _headed(rule: Rule, reading: Reading, table: Table) -> Iterator[tuple[int, int, str]]:
    """Yield the dates in cells whose header or label holds a cue."""
    folded = reading.fold
    for cell in table.cells:
        for where, head in (("所在列的标题", table.header_of(cell)), ("左侧单元格", table.label_of(cell))):
            shown = "".join(head.split())
            cue = next((cue for cue in rule.cues if cue in shown), None)
            if cue is None and shown in _BARE and people(table):
                cue = shown
            if cue:
                date = _FULL.search(folded.text, folded.position(cell.start), folded.position(cell.end))
                if date is None:
                    date = _SHORT.fullmatch(folded.text, folded.position(cell.start), folded.position(cell.end))
                if date:
                    yield *date.span(), f"{where}有“{cue}”字样"
                break


def _columns(reading: Reading, table: Table) -> Iterator[tuple[int, int, str]]:
    """Yield the days of a column without a header in rows of people, where each row has another year long ago."""
    folded = reading.fold
    columns: dict[int, list[tuple[int, int]]] = {}
    for cell in table.cells:
        shown = cell.text.strip()
        if shown[:1] not in _FIRST_FIGURES or not _WHOLE.fullmatch(shown):
            continue
        if not any(map(_HEAD.search, (table.header_of(cell), table.label_of(cell)))):
            at = folded.position(cell.start + cell.text.index(shown))
            columns.setdefault(cell.column, []).append((at, folded.position(cell.start + len(cell.text.rstrip()))))
    for places in columns.values():
        years = {folded.text[low : low + 4] for low, _ in places}
        if len(places) > 1 and len(years) == len(places) and max(years) < _LATEST and people(table):
            for low, high in places:
                yield low, high, "写在各人一行中的日期，像是出生日期"


def _candidate(rule: Rule, reading: Reading, low: int, high: int, said: str) -> Candidate:
    start, end = reading.fold.span(low, high)
    confidence: Confidence = "likely" if said.startswith("写在") else "certain"
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        confidence=confidence,
        evidence=(said,),
        masked=mask_date(reading.text[start:end]),
        level=rule.level,
        strength=Strength(1, cued=True),
    )


def mask_date(text: str) -> str:
    """Return a date with the year kept.

    >>> mask_date("1991年2月3日"), mask_date("19910203"), mask_date("一九九一年二月三日")
    ('1991年*月*日', '1991****', '一九九一年*月*日')
    """
    kept = regex.match(r"\d{4}|\p{Han}{4}年", text)
    head = kept[0] if kept else ""
    return head + regex.sub(r"[\d一二三四五六七八九十廿卅初元正腊冬]", "*", text[len(head) :])


def _spaced_out(cue: str) -> str:
    """Return the pattern of a cue that may stand with gaps between its characters, as in a form (出　生)."""
    return r"[ \u3000]{0,8}".join(map(regex.escape, cue)) if len(cue) <= _SPACED_AT_MOST else regex.escape(cue)


class DatePatterns(NamedTuple):
    """What a rule looks for in running text."""

    before: regex.Pattern[str]
    """A cue and the date behind it."""
    behind: regex.Pattern[str]
    """The cues that stand behind a date."""
    common: regex.Pattern[str]
    """Those of them of one character, too common to tell whether a document speaks of birth dates."""


def date_cues(rule: Rule) -> tuple[str, ...]:
    """Return the words one of which stands in the squeeze view where a rule speaks, but for `DatePatterns.common`."""
    return tuple("".join(word.split()) for word in (*rule.cues, *rule.behind) if len(word) > 1)


def date_patterns(rule: Rule) -> DatePatterns:
    """Return the patterns of a rule."""
    cues = "|".join(map(_spaced_out, sorted(rule.cues, key=len, reverse=True)))
    behind = "|".join(map(regex.escape, sorted(rule.behind, key=len, reverse=True)))
    after = r"(?=[,，。；;、)）\s]|于|在|人|的?[,，。；;]|$)"
    common = "|".join(regex.escape(word) for word in rule.behind if len(word) == 1)
    return DatePatterns(
        regex.compile(rf"(?P<cue>{cues}){_BEHIND_CUE}(?P<date>{DATE}|{SHORT_DATE})"),
        regex.compile(rf"(?:(?:{behind}){after}|(?<=\()(?:{cues})\))"),
        regex.compile(rf"(?:{common}){after}" if common else "(?!)"),
    )
