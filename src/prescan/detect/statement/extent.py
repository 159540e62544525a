"""Where a statement begins and ends: lead-in words left out, the words beside it that belong to it taken in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.statement.clauses import shown
from prescan.text.chinese import pieces
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.detect.reading import Reading
    from prescan.detect.statement.clauses import Clause
    from prescan.detect.statement.model import StatementModel
    from prescan.types import Candidate

#: Types reported as whole clauses: single words (服刑, 指纹) say only half. Neighbouring clauses are one statement.
WHOLE: Final = frozenset({"criminal_record", "religion", "biometric", "whereabouts"})
#: Types whose words say most of it; the statement may be a little longer.
WORDS: Final = frozenset({"health", "disability", "financial_status"})
#: A statement is at most this many times as long as its words, so that it still overlaps the words alone by half.
_TIMES: Final = 2
#: Beyond that, so much more is taken rather than cutting the clause near its end.
_SLACK: Final = 2
#: Words in front of a statement that are not part of it: who says it, how it came out, of whom.
_SAYS: Final = (
    r"[系为是的但又且并另]|现在?(?!年)|当日|[他她](?!们)|[走申被]\p{Han}人|申请(?!人)|反映|[自声]?称|说明|说(?!明|[话法好])|陈述|主张|认定|理由|要求|考虑到|把"
    r"|[甲乙丙丁](?![型肝亢减状流])方?|[男女]方|经(?:查|核|评[定估]|鉴定)?(?=\p{Han}{3})|[也可](?=\p{Han}{3})|[您你](?=\p{Han}{3})|此人|生前"
)
_BECAUSE: Final = r"原告|被告|因(?!.{1,12}(?:[去过离]世|死亡|身亡|亡故))|月因|本人|自己|我(?!们)"
_KIN: Final = (
    r"[父母]亲?|老伴儿?|丈夫|妻子|爱人|祖[父母]|女儿|儿子|[公婆]{2}|[爷奶]{2}|[爸妈]{1,2}|[姐妹哥弟]{2}|孙子|孙女|老人|孩子"
    r"|学生|同学"
)
_MORE: Final = r"(?=\p{Han}{2}|[\d\p{Han}]{3})"
#: By type: why somebody was punished belongs to it; means are told with whose they are.
_LEADS: Final = {
    **dict.fromkeys(("health", "disability"), regex.compile(rf"(?:{_SAYS}|{_BECAUSE}|{_KIN}|其(?!们)|初检)+{_MORE}")),
    **dict.fromkeys(WHOLE, regex.compile(rf"(?:{_SAYS}|{_KIN}|其(?!们)|单位)+{_MORE}")),
    "financial_status": regex.compile(
        rf"(?:{_SAYS}|因|还有|自己(?=[说称])|今(?=欠)|[父母](?!亲)|(?:比对|核查)?显示|眼下)+{_MORE}"
    ),
}
#: A bracket that opens in a statement is closed with it where it closes within so many characters.
_CLOSES_WITHIN: Final = 6
#: One that stays open ends the statement, unless no more than this stands in front of it.
_HEAD_AT_LEAST: Final = 3
_BRACKETS: Final = {"（": "）", "(": ")", "“": "”"}


def parts(reading: Reading, clause: Clause, one: Candidate) -> tuple[str, str, str] | None:
    """Return a candidate's words and the text left and right of them in the clause; None if it is all of it or more."""
    text, position = reading.fold.text, reading.fold.position
    start, end = position(one.start or 0), position(one.end or 0)
    if start < clause.start or end > clause.end or (start, end) == (clause.start, clause.end):
        return None
    return text[start:end], text[clause.start : start], text[end : clause.end]


def widened(reading: Reading, model: StatementModel, clause: Clause, one: Candidate) -> Candidate:
    """Return a candidate widened by the words of its clause that belong to it."""
    inside = parts(reading, clause, one)
    if inside is None:
        return one
    word, left, right = inside
    if one.type in WHOLE:
        low, high = clause.start, clause.end
    elif model.is_wider(one.type, clause, *map(shown, inside)):
        before, behind = _room(word, left, right)
        low, high = clause.start + len(left) - before, clause.end - len(right) + behind
    else:
        return one
    span = Span(*reading.fold.span(begin(reading, one.type, low, clause.start + len(left)), high))
    return replace(one, start=span.start, end=span.end, masked=reading.text[span.start : span.end])


def begin(reading: Reading, type_: str, low: int, high: int) -> int:
    """Return where the statement at `low` begins once lead-in words are skipped, never after `high`."""
    lead = _LEADS[type_].match(reading.fold.text, low)
    return lead.end() if lead and lead.end() <= high else low


def _room(word: str, left: str, right: str) -> tuple[int, int]:
    """Return how many characters left and right of `word` to include: as many whole words as the limit allows.

    >>> _room("肺癌", "因", "去世"), _room("肺癌", "去年冬天因", "去世"), _room("尿毒症", "", "")
    ((1, 2), (1, 2), (0, 0))
    """
    most = (_TIMES - 1) * len(word) + _SLACK
    if len(left) + len(right) <= most:
        return len(left), len(right)
    behind = _steps(pieces(right))
    before = _steps(reversed(pieces(left)))
    return max(
        ((one, other) for one in before for other in behind if one + other <= most),
        key=lambda pair: (sum(pair), pair[1]),
    )


def _steps(words: Iterable[str]) -> list[int]:
    """Return the cumulative lengths of words, from 0 (no word) on."""
    reached = [0]
    for word in words:
        reached.append(reached[-1] + len(word))
    return reached


def even(text: str, one: Candidate) -> Candidate:
    """Return a candidate with its brackets in pairs: one that closes soon is closed, one around it is left out."""
    start, end = one.start or 0, one.end or 0
    close = _BRACKETS.get(text[start])
    if close and close not in text[start : end - 1]:
        start, end = start + 1, end - (text[end - 1] == close)
    for opening, closing in _BRACKETS.items():
        if text.count(opening, start, end) > text.count(closing, start, end):
            at = text.find(closing, end, end + _CLOSES_WITHIN)
            opens = text.rfind(opening, start, end)
            if at >= 0 and "\n" not in text[end:at]:
                end = at + 1
            elif opens - start > _HEAD_AT_LEAST:
                end = opens
            else:
                start = opens + 1
    return one if (start, end) == (one.start, one.end) else replace(one, start=start, end=end, masked=text[start:end])
