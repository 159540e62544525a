"""Whose age, class or status as a child it is: the name of a child must not be read, so the name is marked.

`tied` and `column` rules find the signs (九岁, 三（2）班, 孤儿, a low number under 年龄), `date` rules birth dates. A
sign belongs to the name in its row that is no guardian's, to the name right behind it, or to the nearest one before it
in its sentence unless a word for another child stands between (何文斌的儿子九岁). Then every mention of that name is
marked and the sign is the evidence; a sign of somebody without a name stays where it is.
"""

from __future__ import annotations

import bisect
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.text.line_edges import line_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.dated import Clock
    from prescan.detect.reading import Reading
    from prescan.types import Candidate

MINOR: Final = "minor"
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
#: Words for a child that are followed by its name, or say of a name that it is a child's.
_LEADING: Final = frozenset(
    "患儿 幼儿 男童 女童 儿童 婴儿 婴幼儿 幼童 少年 脑瘫患儿 脑瘫儿童 残疾儿童 失学儿童".split()
)
_SAID_OF: Final = regex.compile(r"[系为是，,(（]$")
#: What may stand between a sign and the name it leads to: 三年级学生何雨桐, 孤儿 何小虎, 十一岁的儿子何小虎.
_LEADS: Final = regex.compile(
    r"[ \u3000]?(?:的(?:儿子|女儿|孙子|孙女|外孙女?|侄[子女儿]?|弟弟|妹妹|孩子|男孩|女孩|小孩|娃)?"
    r"|学生|同学|幼儿|儿童|女童|男童|孤儿|患儿)?[ \u3000:：]?"
)
#: The age of a child right behind its name: no other sense of the sentence (土狗咬伤何小虎（九岁）) takes it back.
_AGED = regex.compile(
    r"[（(，,、 \u3000]{1,2}(?:[男女][孩童]?[，,、 \u3000]{1,2})?(?:现年|今年|年龄|年仅|刚满|才|仅|年)?"
    r"(?:(?<!\d)(?:1[0-7]|[1-9])|十[一二三四五六七]?|[一二三四五六七八九])(?:个半?月大?|[周半多]?岁)(?!以|至|\d)"
    r"|(?:才|刚满|今年|年仅)(?:十[一二三四五六七]?|[一二三四五六七八九]|1[0-7]|[1-9])周?岁"
)
_ENDS: Final = "。！？!?；;\n\t|｜\u2029"
_REACH: Final = 120
#: A line of a form that tells age or class, and the one before it that tells the name.
_FORM_LINE: Final = regex.compile(r"(?:年龄|年级|班级|学校|就读|所在|类别|类型|出生|身份)\p{Han}{0,8}[:：=]")
_YEAR: Final = regex.compile(r"(?:19|20)\d{2}")
_SAID: Final = "同一句或同一行写有年龄、班级等，是未成年人"
_SAID_ELSEWHERE: Final = "文中其他位置写有此人的年龄、班级等，是未成年人"


def name_children(
    reading: Reading, compiled: Compiled, found: Sequence[Candidate], clock: Clock | None
) -> list[Candidate]:
    """Return the candidates with the signs of children moved to the names they belong to.

    Where no rule of `compiled` found the sign (only a birth date tells it), the rule of words for children speaks; an
    office that switched it off hears nothing of such a child.
    """
    names = sorted((item for item in found if item.type == "person_name"), key=lambda item: item.start or 0)
    signs = [item for item in found if item.type == MINOR and item.start is not None]
    if not names and not signs:
        return list(found)
    births = [item for item in found if item.type == "birth_date" and _is_young(reading, item, clock)]
    starts = [name.start or 0 for name in names]
    owned = {at for at, name in enumerate(names) if _AGED.match(reading.text, name.end)}
    said: dict[str, Candidate] = {}
    for at in sorted(owned):
        said.setdefault(_bare(reading, names[at]), names[at])
    moved: set[int] = set()
    for sign in (*signs, *births):
        owner = _owner(reading, names, starts, sign)
        if owner is not None:
            owned.add(owner)
            said.setdefault(_bare(reading, names[owner]), signs[0] if sign.type != MINOR and signs else sign)
        if sign.type == MINOR and (owner is not None or _says_little(reading, sign)):
            moved.add(id(sign))
    kept = [item for item in found if id(item) not in moved]
    speaking = next((rule.id for rule in compiled.of_kind("tied") if rule.type == MINOR), None)
    return [*kept, *_marked(reading, names, said, owned, speaking)]


def _marked(
    reading: Reading, names: Sequence[Candidate], said: dict[str, Candidate], owned: set[int], speaking: str | None
) -> Iterator[Candidate]:
    """Yield a candidate for every mention of a child's name; `speaking` is the rule where no rule found the sign."""
    for at, name in enumerate(names):
        sign = said.get(_bare(reading, name))
        rule = sign.rule_id if sign and sign.type == MINOR else speaking
        if sign is not None and rule is not None:
            evidence = (_SAID if at in owned else _SAID_ELSEWHERE,)
            yield replace(name, rule_id=rule, type=MINOR, evidence=evidence, level=None)


def _owner(reading: Reading, names: Sequence[Candidate], starts: list[int], sign: Candidate) -> int | None:
    """Return the place in `names` of the child a sign tells of, or None."""
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
    """Return what stands before a place in its line."""
    return text[line_start(text, at, max(0, at - _REACH)) : at]


def _of_row(reading: Reading, starts: list[int], row: tuple[int, int]) -> int | None:
    """Return the name in a row that is a child's: under a header that says so, else the first that is no guardian's."""
    low, high = bisect.bisect_left(starts, row[0]), bisect.bisect_left(starts, row[1])
    headers = {}
    for at in range(low, high):
        held = reading.anatomy.cell_at(starts[at])
        headers[at] = (held[0].header_of(held[1]) or held[0].label_of(held[1])) if held else ""
    own = [at for at in range(low, high) if not _OTHER_HEADER.search(headers[at])]
    return next((at for at in own if _CHILD_HEADER.search(headers[at])), own[0] if own else None)


def _is_young(reading: Reading, item: Candidate, clock: Clock | None) -> bool:
    """Tell whether a birth date makes somebody a minor on the day of the scan."""
    if clock is None or item.start is None or item.end is None:
        return False
    year = _YEAR.search(reading.fold.text, reading.fold.position(item.start), reading.fold.position(item.end))
    return year is not None and 0 <= clock.today.year - int(year[0]) < _OF_AGE


def _says_little(reading: Reading, sign: Candidate) -> bool:
    """Tell whether a sign means somebody only with a name: the figure in a column of ages, a word like 患儿."""
    shown = reading.text[sign.start or 0 : sign.end or 0].strip()
    return shown.isdigit() or shown in _LEADING


def _bare(reading: Reading, name: Candidate) -> str:
    return "".join(reading.text[name.start or 0 : name.end or 0].split())
