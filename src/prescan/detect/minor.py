"""Signs of children: reports the words for age, class, status or birth, and raises every mention of the child's name.

`tied` and `column` rules find the signs (九岁, 三（2）班, 孤儿, a low number under 年龄), `date` rules the birth dates.
A sign is extended by the words around it that belong to it (现就读于…五年级3班, 刚满九岁). It is assigned to the name
in its row that is not a guardian's, to the name directly behind it, or to the nearest name in front of it in its
sentence, unless a word for another child is between them (何文斌的儿子九岁).
"""

from __future__ import annotations

import bisect
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.reported import candidate_of
from prescan.detect.tied import MINOR
from prescan.text.line_edges import line_start
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.overdue import Clock
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Candidate

_OF_AGE: Final = 18
#: Headers over names of children, and over names of those who look after them.
_CHILD_HEADER: Final = regex.compile(r"学\s*生|幼\s*儿|儿\s*童|孩\s*子|子\s*女|患\s*儿|姓\s*名|孤\s*儿|受\s*种|被监护")
_OTHER_HEADER: Final = regex.compile(
    r"(?<!被)监护|家\s*长|父|母|户\s*主|申请人|领款|教\s*师|老\s*师|班\s*主\s*任|联系|负责|责任|经办|照料|抚养"
)
#: Between a name and a sign these say that somebody else is meant.
_ANOTHER: Final = regex.compile(
    r"子女|[之其一二两幼养继长次]子|[之其一二两幼养继长次]女|儿子|女儿|孙子|孙女|孩子|小孩|弟弟?|妹妹?|哥哥|姐姐|侄|外甥|小的|大的|另一|老师|教师|班主任"
)
#: Words for a child that stand in front of its name, or describe a name as a child's.
_LEADING: Final = frozenset(
    "患儿 幼儿 男童 女童 儿童 婴儿 婴幼儿 幼童 少年 脑瘫患儿 脑瘫儿童 残疾儿童 失学儿童".split()
)
_SAID_OF: Final = regex.compile(r"[系为是，,(（]$")
#: What may stand between a sign and the name it leads to: 三年级学生何雨桐, 孤儿 何小虎, 十一岁的儿子何小虎.
_LEADS: Final = regex.compile(
    r"[ \u3000]?(?:的(?:儿子|女儿|孙子|孙女|外孙女?|侄[子女儿]?|弟弟|妹妹|孩子|男孩|女孩|小孩|娃)?"
    r"|学生|同学|幼儿|儿童|女童|男童|孤儿|患儿)?[ \u3000:：]?"
)
#: The age of a child directly behind its name, whatever else the sentence says (土狗咬伤何小虎（九岁）).
_AGED = regex.compile(
    r"[（(，,、 \u3000]{1,2}(?:[男女][孩童]?[，,、 \u3000]{1,2})?(?P<age>(?:现年|今年|年龄|年仅|刚满|才|仅|年)?"
    r"(?:(?<!\d)(?:1[0-7]|[1-9])|十[一二三四五六七]?|[一二三四五六七八九])(?:个半?月大?|[周半多]?岁))(?!以|至|\d)"
    r"|(?P<age>(?:才|刚满|今年|年仅)(?:十[一二三四五六七]?|[一二三四五六七八九]|1[0-7]|[1-9])周?岁)"
)
#: What belongs to a birth date that is a sign; and to other signs: time and place in front, the rest of it behind.
_BORN: Final = regex.compile(r"[ ]?(?:出生|生(?!\p{Han}))")
_BEFORE: Final = regex.compile(
    r"(?:现在?(?!场)|目前|今年?|当[时年]|[时现]年|年仅|[仅只]有?|刚过|才|都|还|刚刚?|[已未不将快]?满|快|大?约|看上去|虚岁|周岁|是(?=[^是]{0,4}满)"
    r"|就?读于?|[上念升]|[应该]|在(?!校)|于"
    r"|\p{Han}{0,8}?(?:小学|中学|学校|幼儿园|特校|职高|[一二三四五六七八九十]?[小中幼](?![大中小]班|\p{Han}?[孩儿子女])))+$"
)
_BEHIND: Final = regex.compile(
    r"(?:零?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})个月|半|大(?!\p{Han})|左右|多(?![岁的])"
    r"|的?(?:小?儿子|小?女儿|孙[子女]|[小女男]孩子?|孩子|女[婴童娃]|男[婴童娃]|娃娃?|儿童)(?!们|和|及)"
    r"|[，,]?在\p{Han}{2,8}(?:小学|中学|学校|幼儿园)|[（(][^（）()\n]{0,12}(?:生|周?岁)[)）]|学生|生日|在读|就读|读书|上学|[辍休]学|没毕业|肄业|[小中大]班|[（(]?[0-9一二三四五六七八九十]{1,2}[)）]?班)+"
)
#: Between two signs of one statement: 十一岁，五（1）班; 未成年人（13周岁）.
_BETWEEN: Final = regex.compile(r"[，,、 \u3000]{1,2}|[（(]")
_AROUND: Final = 24
#: A class and, in front of it in its clause, the school.
_CLASS: Final = regex.compile(
    r"小学|初中|中学|高中|幼儿园|附[小中]|[初高][一二三]|[一二三四五六七八九1-9]年级|[小中大]班|[读上念]"
)
_SCHOOL: Final = regex.compile(
    r"(?:[系是])?(?P<school>(?:(?![的其女儿孙娃他她我父母系是]|[之长次三幼孩]子)\p{Han}){2,14})$"
)
#: The relative whose age it is, if no name is between: 女儿八岁.
_KIN: Final = regex.compile(r"(?:女儿|儿子|孙[子女]|[长次]子|[长次]女|[其之][子女])$")
_CLOSED: Final = {"（": "）", "(": ")"}
#: Rule kinds that find signs; words in the title of a list are assigned to nobody.
_KINDS: Final = frozenset({"tied", "column"})
_ENDS: Final = "。！？!?；;\n\t|｜\u2029"
_REACH: Final = 120
#: A line of a form with age or class; the name is in a line above.
_FORM_LINE: Final = regex.compile(r"(?:年龄|年级|班级|学校|就读|所在|类别|类型|出生|身份)\p{Han}{0,8}[:：=]")
_YEAR: Final = regex.compile(r"(?:19|20)\d{2}")
_AGE: Final = "写在姓名之后的年龄，不满十八岁"
_BIRTH: Final = "按出生日期不满十八岁"
_SAID: Final = "同一句或同一行写有年龄、班级等，是未成年人"
_SAID_ELSEWHERE: Final = "文中其他位置写有此人的年龄、班级等，是未成年人"


def report_children(
    reading: Reading, compiled: Compiled, found: Sequence[Candidate], clock: Clock | None
) -> list[Candidate]:
    """Return the candidates with the signs of children extended and merged, and the names of these children raised.

    Signs that no rule of `compiled` found (a birth date, an age behind a name) are reported by the `tied` rule for
    children; if an office has disabled that rule, they are not reported.
    """
    names = sorted((item for item in found if item.type == "person_name"), key=lambda item: item.start or 0)
    signs = [item for item in found if item.type == MINOR and item.start is not None]
    if not names and not signs:
        return list(found)
    reporting = next((rule for rule in compiled.of_kind("tied") if rule.type == MINOR), None)
    if reporting:
        signs += [*_ages(reading, reporting, names, signs), *_births(reading, reporting, found, clock)]
    starts = [name.start or 0 for name in names]
    owners = {id(sign): _owner(reading, names, starts, sign) for sign in signs}
    owned = {owner for owner in owners.values() if owner is not None}
    words = [sign for sign in signs if compiled.rules[sign.rule_id].kind in _KINDS]
    little = {id(sign) for sign in words if _says_little(reading, sign)}
    described = {None, *(owners[id(sign)] for sign in words if id(sign) not in little)}
    kept = [sign for sign in words if id(sign) not in little or owners[id(sign)] not in described]
    dropped = {id(sign) for sign in words}
    children = {_bare(reading, names[at]) for at in owned}
    raised = {id(name) for name in names if _bare(reading, name) in children}
    others = [item for item in found if id(item) not in dropped and id(item) not in raised]
    own = {id(names[at]) for at in owned}
    by_kind: dict[str, list[Candidate]] = {kind: [] for kind in _KINDS}
    for sign in kept:
        by_kind[compiled.rules[sign.rule_id].kind].append(sign)
    return [
        *others,
        *by_kind["column"],
        *(_raised(name, _SAID if id(name) in own else _SAID_ELSEWHERE) for name in names if id(name) in raised),
        *_merged(reading, by_kind["tied"], found),
    ]


def _raised(name: Candidate, said: str) -> Candidate:
    """Return the name of a child at the level review, with the evidence."""
    return replace(name, level=name.level or "review", evidence=(*name.evidence, said))


def _ages(reading: Reading, rule: Rule, names: Sequence[Candidate], signs: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the ages directly behind names that are not among the signs found by rules."""
    taken = [(sign.start or 0, sign.end or 0) for sign in signs]
    for name in names:
        aged = _AGED.match(reading.text, name.end)
        if aged and not any(low < aged.end() and aged.start("age") < high for low, high in taken):
            yield replace(candidate_of(rule, reading, Span(*aged.span("age"))), evidence=(_AGE,))


def _births(reading: Reading, rule: Rule, found: Sequence[Candidate], clock: Clock | None) -> Iterator[Candidate]:
    """Yield the birth dates of children."""
    for birth in found:
        if birth.type == "birth_date" and birth.end is not None and _is_young(reading, birth, clock):
            born = _BORN.match(reading.text, birth.end)
            if born:
                place = Span(birth.start or 0, born.end())
                yield replace(candidate_of(rule, reading, place), evidence=(_BIRTH,))


def _merged(reading: Reading, signs: Sequence[Candidate], found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the signs extended by the words around them; signs in one statement are merged."""
    text = reading.text
    placed = [(one.start, one.end or 0) for one in found if one.start is not None and one.type != MINOR]
    edges = sorted({0, len(text), *(edge for place in placed for edge in place)})
    last: Candidate | None = None
    for sign in sorted(signs, key=lambda one: (one.start or 0, -(one.end or 0))):
        start, end = _around(text, edges, sign.start or 0, sign.end or 0)
        if last is not None and start <= (last.end or 0):
            start, end, sign = last.start or 0, max(last.end or 0, end), last  # noqa: PLW2901  the first represents both
        elif last is not None and _BETWEEN.fullmatch(text, last.end, start):
            closing = _CLOSED.get(text[start - 1])
            start, end, sign = last.start or 0, end + (text[end : end + 1] == closing), last  # noqa: PLW2901  likewise
        elif last is not None:
            yield last
        last = replace(sign, start=start, end=end, masked=text[start:end])
    if last is not None:
        yield last


def _around(text: str, edges: list[int], start: int, end: int) -> tuple[int, int]:
    """Return the (start, end) of a sign with the words that belong to it, up to the nearest other candidates."""
    low = edges[bisect.bisect_right(edges, start) - 1]
    high = edges[bisect.bisect_left(edges, end)]
    before = _BEFORE.search(text, max(low, start - _AROUND), start)
    begin = before.start() if before else start
    school = _SCHOOL.search(text, max(low, start - _AROUND), start) if _CLASS.match(text, start) else None
    if school and (school.start() == low or not text[school.start() - 1].isalpha()):
        begin = school.start("school")
    kin = _KIN.search(text, max(low, begin - 2), begin) if text[start].isnumeric() else None
    begin = kin.start() if kin else begin
    behind = _BEHIND.match(text, end, min(high, end + _AROUND))
    return begin, (behind.end() if behind else end)


def _owner(reading: Reading, names: Sequence[Candidate], starts: list[int], sign: Candidate) -> int | None:
    """Return the index in `names` of the child that a sign describes, or None."""
    start, end = sign.start or 0, sign.end or 0
    text = reading.text
    led = _LEADS.match(text, end)
    at = bisect.bisect_left(starts, end)
    if sign.type == MINOR and led and at < len(names) and starts[at] == led.end():
        return at
    if text[start:end] in _LEADING and not _SAID_OF.search(text, max(0, start - 2), start):
        return None
    held = reading.anatomy.cell_at(start)
    if held and not (at and starts[at - 1] >= held[1].start):
        return _of_row(reading, starts, held[0].row_of(held[1]))
    before = bisect.bisect_left(starts, start) - 1
    if _FORM_LINE.search(_line_before(text, start)):
        while before >= 0 and _OTHER_HEADER.search(_line_before(text, starts[before])):
            before -= 1
    elif before >= 0 and any(mark in text[names[before].end or 0 : start] for mark in _ENDS):
        return None
    if before < 0:
        return None
    between = text[names[before].end or 0 : start]
    another = _ANOTHER.search(between) or (sign.type == MINOR and _ANOTHER.search(text, start, end))
    return None if another or len(between) > _REACH else before


def _line_before(text: str, at: int) -> str:
    """Return the text in front of a place in its line."""
    return text[line_start(text, at, max(0, at - _REACH)) : at]


def _of_row(reading: Reading, starts: list[int], row: tuple[int, int]) -> int | None:
    """Return the index of the child's name in a row: under a header for children, else the first not a guardian's."""
    low, high = bisect.bisect_left(starts, row[0]), bisect.bisect_left(starts, row[1])
    headers = {}
    for at in range(low, high):
        held = reading.anatomy.cell_at(starts[at])
        headers[at] = (held[0].header_of(held[1]) or held[0].label_of(held[1])) if held else ""
    own = [at for at in range(low, high) if not _OTHER_HEADER.search(headers[at])]
    return next((at for at in own if _CHILD_HEADER.search(headers[at])), own[0] if own else None)


def _is_young(reading: Reading, item: Candidate, clock: Clock | None) -> bool:
    """Return whether somebody with this birth date is a minor on the day of the scan."""
    if clock is None or item.start is None or item.end is None:
        return False
    year = _YEAR.search(reading.fold.text, reading.fold.position(item.start), reading.fold.position(item.end))
    return year is not None and 0 <= clock.today.year - int(year[0]) < _OF_AGE


def _says_little(reading: Reading, sign: Candidate) -> bool:
    """Return whether a sign is useless without a name: a bare number in a column of ages, a word like 患儿."""
    shown = reading.text[sign.start or 0 : sign.end or 0].strip()
    return shown.isdigit() or shown in _LEADING


def _bare(reading: Reading, name: Candidate) -> str:
    return "".join(reading.text[name.start or 0 : name.end or 0].split())
