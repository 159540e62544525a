"""Adjoining statements of one type are one finding; statements that say too little are none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.statement.extent import WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from prescan.types import Candidate

#: Text allowed between two clauses of one statement; a rule's words may end a little before their clause does.
_BETWEEN: Final = regex.compile(r"\p{Han}{0,4}[，、,]?\p{Han}{0,2}")
#: Between two conditions that rules found, what makes them one: 骨折并脑震荡, 孕34周，先兆子痫, 颅脑损伤导致失明.
_TOGETHER: Final = regex.compile(r"[ \u3000]?[，,][ \u3000]?|\p{Han}{0,4}")
#: Between conditions listed in a sentence; in forms and behind 诊断为 a list is of single conditions.
_LISTED: Final = regex.compile("[ \u3000]?、[ \u3000]?")
_IN_FORM: Final = regex.compile(r"(?:[:：\s|　]|诊断[为是]?|确诊|另有)$")
#: Two listed conditions are one from this length on; two short names (高血压、白内障) are told apart.
_LISTED_AT_LEAST: Final = 10
#: What introduces another sum: 借了信用社四万,还有亲戚的两万七.
_ANOTHER: Final = regex.compile("[，、,]?(?:还有|另[有外欠])")
#: A status (低保户) is told apart from sums, debts from income: 年收入两万, 欠三万.
_STATUS: Final = regex.compile("低保|特困|五保|脱贫|监测|[致返]贫")
_OWED: Final = regex.compile("[欠借债贷]")
_COMMA: Final = regex.compile("[，,][另且又还并其]?")
#: An illness that is the disability whose level stands behind it: 脑瘫，肢体一级; 孤独症（精神二级）.
_IS_DISABLED: Final = regex.compile(
    "(?:脑瘫|孤独症|自闭症|唐氏综合征|发育迟[缓滞]|聋哑?|[截偏]瘫|失明|失聪)\\p{Han}{0,2}$"
)
_ITS_LEVEL: Final = regex.compile("[，,、（( ]{1,2}(?:残疾证注明|现?持|已?办有?)?")
_BOTH: Final = 2
#: The least length of what only the model takes for a statement: of biometric data more than 照片, 指纹.
_AT_LEAST: Final = {"biometric": 4, "disability": 3, "religion": 3}
#: By themselves these name no illness.
_OVER: Final = frozenset("已手术 已治愈 已痊愈 已康复 已出院".split())
#: A whereabouts statement needs a place or a movement: 9月2日发热 has neither.
_GOES: Final = regex.compile("[到至往返去来回在住赴抵达乘坐搭离进出入逃躲藏途经过从由站场店院馆所区县市镇乡村路街踪迹]")
#: From one date to another: no movement.
_DATES: Final = regex.compile(r"\d[日号]?[至到](?:\d{1,2}月)?\d")
#: How badly somebody was hurt, as courts grade it: no disability.
_GRADED: Final = regex.compile("(?:轻微?|重)伤[一二]级")


def joined(text: str, by_rule: Iterable[Candidate], by_model: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the statements of a text, adjoining ones of a type as one; those that rules found mostly stay apart."""
    found = [(one, 1) for one in by_rule] + [(one, 0) for one in by_model]
    last: Candidate | None = None
    before = 0
    for one, by in sorted(found, key=lambda pair: (pair[0].type, pair[0].start or 0, -(pair[0].end or 0))):
        if last is not None and last.type == one.type and _is_one(text, last, one, before + by):
            end = max(last.end or 0, one.end or 0)
            last = replace(last, end=end, masked=text[last.start or 0 : end])
        else:
            if last is not None and not _says_nothing(last):
                yield last
            last = one
        before = by
    if last is not None and not _says_nothing(last):
        yield last


def with_levels(found: Iterable[Candidate], text: str) -> list[Candidate]:
    """Return candidates with an illness and the level of disability behind it as one of disability.

    So authors who mark statements write it in 17 places, as illness in 5, apart in 11.
    """
    kept = sorted(found, key=lambda one: (one.start or 0, one.end or 0))
    for place in range(len(kept) - 1, 0, -1):
        first, second = kept[place - 1], kept[place]
        low, high = first.end or 0, second.start or 0
        if (
            (first.type, second.type) == ("health", "disability")
            and "级" in second.masked
            and _ITS_LEVEL.fullmatch(text, low, max(low, high))
            and _IS_DISABLED.search(first.masked)
        ):
            kept[place - 1 : place + 1] = [
                replace(second, start=first.start, masked=text[first.start or 0 : second.end])
            ]
    return kept


def _is_one(text: str, last: Candidate, one: Candidate, ruled: int) -> bool:
    """Return whether two statements of a type are one; rules found `ruled` of the two."""
    if _BETWEEN.fullmatch(_between(text, last, one)) is None:
        return False
    if one.type in WHOLE:
        return True
    under = _CONDITIONS.get(one.type)
    return under(text, last, one, ruled) if under else ruled < _BOTH


def _between(text: str, last: Candidate, one: Candidate) -> str:
    """Return the text between two candidates; "" if they overlap."""
    return text[last.end : one.start]


def _one_condition(text: str, last: Candidate, one: Candidate, ruled: int) -> bool:
    """Return whether two statements of illness are one: two that rules found are if told together."""
    if ruled < _BOTH:
        return True
    if (one.start or 0) < (last.end or 0):
        return False  # one place found by two rules
    between = _between(text, last, one)
    if _TOGETHER.fullmatch(between):
        return True
    begin = last.start or 0
    return (
        _LISTED.fullmatch(between) is not None
        and (one.end or 0) - begin >= _LISTED_AT_LEAST
        and not _IN_FORM.search(text, max(0, begin - 4), begin)
    )


def _one_account(text: str, last: Candidate, one: Candidate, ruled: int) -> bool:
    """Return whether two statements of means are one: no status beside a sum, none introduced as another one.

    If rules found both, no more than a comma may stand between them; two of the model are one account.
    """
    if not ruled:
        return True
    first, second = text[last.start : last.end], text[one.start : one.end]
    if _STATUS.search(first) or _STATUS.search(second) or _ANOTHER.match(text, last.end):
        return False
    owed = (_OWED.search(first) is None) == (_OWED.search(second) is None)
    return ruled < _BOTH or (owed and _COMMA.fullmatch(_between(text, last, one)) is not None)


#: By type, when two statements are one of which rules found at least one; otherwise, unless rules found both.
_CONDITIONS: Final[Mapping[str, Callable[[str, Candidate, Candidate, int], bool]]] = {
    "health": _one_condition,
    "financial_status": _one_account,
}


def _says_nothing(one: Candidate) -> bool:
    """Return whether a candidate says too little: no place or movement, a bare label, only that it is over."""
    if one.confidence == "check" and len(one.masked) < _AT_LEAST.get(one.type, 0):
        return True
    if one.type == "health":
        return one.masked in _OVER
    if one.type == "disability":
        return _GRADED.search(one.masked) is not None
    return one.type == "whereabouts" and _GOES.search(_DATES.sub("", one.masked)) is None
