"""Rule kind `statement`: clauses about a person in words that no list contains, found by the statement model.

Runs after `tied` and `column`, and only near a person. A clause in which no rule found anything becomes a finding of
its own (confidence `check`); what a rule found is widened where the words beside it belong to it: 肺癌 → 因肺癌去世.
"""

from __future__ import annotations

import bisect
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.clauses import Clause, clauses, shown
from prescan.detect.objection import objection
from prescan.detect.reported import candidate_of
from prescan.detect.statement_model import features, keys_of
from prescan.text.chinese import pieces
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.detect.statement_model import Floats
    from prescan.types import Candidate

#: Types reported as whole clauses: single words (服刑, 指纹) say only half. Neighbouring clauses are one statement.
WHOLE: Final = frozenset({"criminal_record", "religion", "biometric", "whereabouts"})
#: Types whose words say most of it; the statement may be a little longer.
WORDS: Final = frozenset({"health", "disability", "financial_status"})
#: Rule kinds whose findings may be widened; a `together` rule marks the header of a list.
_KINDS: Final = frozenset({"tied", "column"})
#: A statement is at most this many times as long as its words, so that it still overlaps the words alone by half.
_TIMES: Final = 2
#: Beyond that, so much more is taken rather than cutting the clause near its end.
_SLACK: Final = 2
#: Text allowed between two clauses of one statement; a rule's words may end a little before their clause does.
_BETWEEN: Final = regex.compile(r"\p{Han}{0,4}[，、,]?\p{Han}{0,2}")
#: Types of which two that rules found are one statement only under conditions (`_one_account`).
_APART: Final = frozenset({"financial_status"})
#: Between two conditions that rules found, what makes them one statement: 骨折并脑震荡, 孕34周，先兆子痫.
_TOGETHER: Final = regex.compile("[ \u3000]?[，,][ \u3000]?|合?并|[及伴]")
#: What introduces another sum: 借了信用社四万,还有亲戚的两万七.
_ANOTHER: Final = regex.compile("[，、,]?(?:还有|另[有外欠])")
#: A status (低保户) is told apart from sums, debts from income: 年收入两万, 欠三万.
_STATUS: Final = regex.compile("低保|特困|五保|脱贫|监测|[致返]贫")
_OWED: Final = regex.compile("[欠借债贷]")
_COMMA: Final = regex.compile("[，,][另且又还并其]?")
#: A clause this many clauses from a rule's words of its type must be surer: mostly it says how these came about.
_NEAR: Final = 2
#: The least length of what only the model takes for a statement: of biometric data more than 照片, 指纹.
_AT_LEAST: Final = {"biometric": 4, "disability": 3, "religion": 3}
#: By themselves these name no illness.
_OVER: Final = frozenset("已手术 已治愈 已痊愈 已康复 已出院".split())
#: A whereabouts statement needs a place or a movement: 9月2日发热 has neither.
_GOES: Final = regex.compile("[到至往返去来回在住赴抵达乘坐搭离进出入逃躲藏途经过从由站场店院馆所区县市镇乡村路街踪迹]")
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


class _Scored(NamedTuple):
    """Clauses, the types rules found in each, and the model's probabilities, one row a clause."""

    held: Sequence[Clause]
    types: Sequence[Collection[str]]
    shares: Floats


def find_statements(reading: Reading, compiled: Compiled, found: list[Candidate], stage: str) -> list[Candidate]:
    """Return `found` with candidates widened to their statements, and the statements no rule found added."""
    rules = {rule.type: rule for rule in compiled.of_kind("statement")}
    if not rules or compiled.statements is None:
        return found
    held = list(clauses(reading, found))
    if not held:
        return found
    by_clause = rule_candidates(reading, compiled, found, held)
    types = [{one.type for one in by_clause.get(index, ())} for index in range(len(held))]
    keys = [keys_of(features(clause, here)) for clause, here in zip(held, types, strict=True)]
    shares = compiled.statements.shares(keys)
    idle = _idle(compiled, by_clause, (shares[:, 0] >= compiled.statements.idle).tolist())
    kept = {id(one): one for one in found if id(one) not in idle}
    for index, here in by_clause.items():
        for one in here:
            if id(one) in kept and one.type in rules and _alone(here, one):
                kept[id(one)] = _widened(reading, compiled, held[index], one)
    added = list(_beyond_rules(reading, compiled, _Scored(held, types, shares), stage))
    own: list[Candidate] = []
    rest: list[Candidate] = []
    for one in kept.values():
        (own if one.type in rules and _is_word(compiled, one) else rest).append(one)
    words = {id(one) for one in own}
    return [*rest, *(_even(reading.text, one) for one in _joined(reading, [*own, *added], words))]


def _idle(compiled: Compiled, by_clause: Mapping[int, Sequence[Candidate]], general: Sequence[bool]) -> set[int]:
    """Return the ids of candidates whose clauses all talk of illness, money and the like in general (`general`).

    Words of whereabouts (行踪轨迹) stay: they announce what follows them.
    """
    idle: dict[int, bool] = {}
    for index, here in by_clause.items():
        for one in here:
            if one.type != "whereabouts" and compiled.rules[one.rule_id].kind == "tied":
                idle[id(one)] = general[index] and idle.get(id(one), True)
    return {one for one, is_idle in idle.items() if is_idle}


def _beyond_rules(reading: Reading, compiled: Compiled, scored: _Scored, stage: str) -> Iterator[Candidate]:
    """Yield the clauses that the model takes for statements and in which no rule found one."""
    rules = {rule.type: rule for rule in compiled.of_kind("statement")}
    model = compiled.statements
    if model is None:
        return
    types = scored.types
    for index, type_, share in model.types_of(scored.shares):
        rule, clause = rules.get(type_), scored.held[index]
        near = types[max(0, index - _NEAR) : index + _NEAR + 1]
        least = model.near.get(type_, 0.0) if any(type_ in told for told in near) else 0.0
        if rule and share >= least and not _is_told(type_, types[index]):
            begin = _begin(reading, type_, clause.start, clause.end)
            span = Span(*reading.fold.span(begin, clause.end))
            if begin < clause.end and objection(rule, reading, *span, stage) is None:  # 自称 alone is all lead-in
                yield candidate_of(rule, reading, span, "check")


def rule_candidates(
    reading: Reading, compiled: Compiled, found: Sequence[Candidate], held: Sequence[Clause]
) -> dict[int, list[Candidate]]:
    """Return, by index into `held`, the rules' candidates of types WHOLE and WORDS that touch the clause."""
    position = reading.fold.position
    ends = [clause.end for clause in held]
    by_clause: dict[int, list[Candidate]] = {}
    for one in found:
        if one.type in WHOLE | WORDS and one.start is not None and _is_word(compiled, one):
            start, end = position(one.start), position(one.end or one.start)
            index = bisect.bisect_right(ends, start)
            while index < len(held) and held[index].start < end:
                by_clause.setdefault(index, []).append(one)
                index += 1
    return by_clause


def _is_word(compiled: Compiled, one: Candidate) -> bool:
    return compiled.rules[one.rule_id].kind in _KINDS


def _is_told(type_: str, here: Collection[str]) -> bool:
    """Return whether rules found the type in the clause; illness, disability and means pass for each other."""
    return type_ in here or (type_ in WORDS and not WORDS.isdisjoint(here))


def _alone(here: Sequence[Candidate], one: Candidate) -> bool:
    """Return whether a candidate is the only one of its type in its clause."""
    return sum(other.type == one.type for other in here) == 1


def parts(reading: Reading, clause: Clause, one: Candidate) -> tuple[str, str, str] | None:
    """Return a candidate's words and the text left and right of them in the clause; None if it is all of it or more."""
    text, position = reading.fold.text, reading.fold.position
    start, end = position(one.start or 0), position(one.end or 0)
    if start < clause.start or end > clause.end or (start, end) == (clause.start, clause.end):
        return None
    return text[start:end], text[clause.start : start], text[end : clause.end]


def _widened(reading: Reading, compiled: Compiled, clause: Clause, one: Candidate) -> Candidate:
    """Return a candidate widened by the words of its clause that belong to it."""
    inside = parts(reading, clause, one)
    if inside is None or compiled.statements is None:
        return one
    word, left, right = inside
    if one.type in WHOLE:
        low, high = clause.start, clause.end
    elif compiled.statements.is_wider(one.type, clause, *map(shown, inside)):
        before, behind = _room(word, left, right)
        low, high = clause.start + len(left) - before, clause.end - len(right) + behind
    else:
        return one
    span = Span(*reading.fold.span(_begin(reading, one.type, low, clause.start + len(left)), high))
    return replace(one, start=span.start, end=span.end, masked=reading.text[span.start : span.end])


def _begin(reading: Reading, type_: str, low: int, high: int) -> int:
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


def _joined(reading: Reading, found: Sequence[Candidate], words: set[int]) -> Iterator[Candidate]:
    """Yield candidates with adjoining statements of a type joined; two that rules found (ids `words`) stay two."""
    last: Candidate | None = None
    free = False
    for one in sorted(found, key=lambda one: (one.type, one.start or 0, -(one.end or 0))):
        mine = id(one) not in words
        loose = one.type in WHOLE or mine or free
        if one.type in _APART and last is not None and last.type == one.type and not (mine and free):
            loose = _one_account(reading.text, last, one, sure=not (mine or free))
        if one.type == "health" and last is not None and not loose:
            loose = _TOGETHER.fullmatch(reading.text, last.end or 0, max(last.end or 0, one.start or 0)) is not None
        if last is not None and last.type == one.type and loose and _adjoins(reading, last, one):
            end = max(last.end or 0, one.end or 0)
            last = replace(last, end=end, masked=reading.text[last.start or 0 : end])
        else:
            if last is not None and not _says_nothing(last):
                yield last
            last = one
        free = mine
    if last is not None and not _says_nothing(last):
        yield last


def _one_account(text: str, last: Candidate, one: Candidate, *, sure: bool) -> bool:
    """Return whether two statements of means are one: no status beside a sum, none introduced as another one.

    If both are `sure`, no more than a comma may stand between them.
    """
    first, second, between = text[last.start : last.end], text[one.start : one.end], text[last.end : one.start]
    if _STATUS.search(first) or _STATUS.search(second) or _ANOTHER.match(text, last.end):
        return False
    owed = (_OWED.search(first) is None) == (_OWED.search(second) is None)
    return not sure or (owed and _COMMA.fullmatch(between) is not None)


def _even(text: str, one: Candidate) -> Candidate:
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


def _says_nothing(one: Candidate) -> bool:
    """Return whether a candidate says too little: no place or movement, a bare label, only that it is over."""
    if one.confidence == "check" and len(one.masked) < _AT_LEAST.get(one.type, 0):
        return True
    if one.type == "health":
        return one.masked in _OVER
    return one.type == "whereabouts" and _GOES.search(one.masked) is None


def _adjoins(reading: Reading, last: Candidate, one: Candidate) -> bool:
    """Return whether little more than a punctuation mark separates two candidates."""
    return _BETWEEN.fullmatch(reading.text, last.end or 0, max(last.end or 0, one.start or 0)) is not None
