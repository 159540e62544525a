"""Rule kind `mask`: ID, mobile and card numbers that are masked, but not enough.

A masked number is a finding if at most 1,000 values fit both the visible digits and what the document tells about its
holder (`known`), or if two differently masked copies of one person's number complete each other.
"""

from __future__ import annotations

import bisect
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.known import Facts, cells_in
from prescan.detect.name.columns import NAMED
from prescan.detect.number.labels import Labels
from prescan.detect.objection import objection
from prescan.numbers import NUMBERS
from prescan.numbers.id_left import HIDDEN, Known
from prescan.numbers.safe_mask import is_weak, remaining
from prescan.types import Candidate, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.text.view import View
    from prescan.types import Span

#: Characters that people and programs write for a hidden digit; an x counts only if there are several in a row.
_MARKS: Final = "*※×✕●○■□█▇▓•#"
_TO_STARS: Final = str.maketrans(dict.fromkeys(_MARKS, HIDDEN))
#: A digit beside such a character: without a match nothing in the text is masked.
_GATE = re.compile(rf"[0-9]-?[{_MARKS}]|[{_MARKS}]-?[0-9]|[0-9*]-?[xX]{{2}}")
#: Every match of _GATE contains one of these.
_HIDERS: Final = (*_MARKS, "xx", "XX", "xX", "Xx")
_XS = regex.compile(r"(?<=[0-9*]-?)[xX]{2,}(?=-?[0-9*]|(?![A-Za-z]))")
_TOKEN = regex.compile(r"(?<![0-9A-Za-z*])[0-9*]+(?:-[0-9*]+)*[Xx]?(?![0-9A-Za-z*])")
_SEEN_AT_LEAST: Final = 3
_LENGTHS_AT_MOST: Final = (5, 40)
_ID_LENGTH: Final = 18
_OLD_ID_LENGTH: Final = 15
_MOBILE_LENGTH: Final = 11
_CARD_LENGTHS: Final = range(16, 20)
_LENGTHS: Final = frozenset({_OLD_ID_LENGTH, _ID_LENGTH, *_CARD_LENGTHS})
#: The kinds of numbers that are examined: names in numbers.NUMBERS.
_KINDS: Final = ("resident_id", "mobile_phone", "bank_card")
_LABELS: Final = {"resident_id": "身份证号", "mobile_phone": "手机号码", "bank_card": "银行卡号"}
#: What a masked number of each kind looks like at full length.
_FORMS: Final = {
    "resident_id": regex.compile(
        r"[1-8*][0-9*]{5}[12*][089*][0-9*]{2}[01*][0-9*][0-3*][0-9*]{4}[0-9X*]|[1-8*][0-9*]{7}[01*][0-9*][0-3*][0-9*]{4}"
    ),
    "mobile_phone": regex.compile(r"[1*][3-9*][0-9*]{9}"),
    "bank_card": regex.compile(r"[3-69*][0-9*]{15,18}"),
}
#: Digits in boxes form groups of one; a number has at most this many groups.
_GROUPS_AT_MOST: Final = 20
#: At most this many values of one person are compared with each other.
_PAIRS_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class _Masked:
    """A masked value."""

    start: int
    """Its span in Document.text."""
    end: int
    number: str
    """Its kind, one of _KINDS."""
    shown: str
    """The value at full length, with "*" for hidden digits."""
    known: Known
    """What the document tells about its holder."""
    people: frozenset[str]
    """The names beside it; if there are none, a string that identifies the scope."""


def find_masks(reading: Reading, compiled: Compiled, others: Sequence[Candidate], stage: str) -> Iterator[Candidate]:
    """Yield a candidate for each masked value that can be worked out; `others` are the candidates so far."""
    rules = compiled.of_kind("mask")
    text = reading.squeeze.text
    if not rules or not any(map(text.__contains__, _HIDERS)) or not _GATE.search(text):
        return
    masked = list(_masked_values(reading, compiled, others))
    if not masked:
        return
    evidence = {value: _evidence(value) for value in masked if is_weak(value.number, value.shown, value.known)}
    for value in _completed(masked):
        evidence.setdefault(value, f"同一人的{_LABELS[value.number]}在文中另有一种遮盖，两处互相补全")
    for rule, value in itertools.product(rules, evidence):
        if objection(rule, reading, value.start, value.end, stage) is None:
            yield _candidate(rule, reading, value, evidence[value])


def _evidence(value: _Masked) -> str:
    """Return the evidence for a value that is weak by itself."""
    facts = [
        word
        for word, is_known in (
            ("出生日期", value.known.births),
            ("性别", value.known.male is not None),
            ("行政区划", value.known.divisions),
        )
        if is_known and value.number == "resident_id"
    ]
    with_facts = f"结合文中的{'、'.join(facts)}，" if facts else ""
    count = remaining(value.number, value.shown, value.known)
    return f"{_LABELS[value.number]}遮盖后，{with_facts}只剩约 {count} 种可能"


def _candidate(rule: Rule, reading: Reading, value: _Masked, evidence: str) -> Candidate:
    shown = reading.text[value.start : value.end]
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=value.start,
        end=value.end,
        evidence=(evidence,),
        masked="".join(HIDDEN if char.isalnum() or char in _MARKS else char for char in shown),
        level=rule.level,
        strength=Strength(0, cued=True),
    )


def _masked_values(reading: Reading, compiled: Compiled, others: Sequence[Candidate]) -> Iterator[_Masked]:
    """Yield every masked ID, mobile and card number."""
    view = reading.squeeze
    starred = _XS.sub(lambda match: HIDDEN * len(match[0]), view.text.translate(_TO_STARS))
    labels: Labels | None = None
    facts = Facts(reading, others)
    names = sorted((c.start or 0, c.end or 0) for c in others if c.type == "person_name")
    tokens = (piece for token in _TOKEN.finditer(starred) for piece in _pieces(view, starred, *token.span()))
    for low, high in tokens:
        shown = _shown(starred, low, high)
        if not _is_masked(shown, view.text[high - 1]):
            continue
        start, end = view.span(low, high)
        labels = labels or Labels(reading, compiled.labels)
        number = _named(labels, compiled, start, end) or _looks_like(shown, view, low, high)
        whole = _full_length(number, shown)
        if whole:
            people = _people(reading, facts.scope(start), names)
            yield _Masked(start, end, number, whole, facts.known(start, end), people)


def already_masked(reading: Reading) -> list[str]:
    """Return the masked values of a document with "*" for each hidden digit and without separators."""
    text = reading.squeeze.text
    if not _GATE.search(text):
        return []
    starred = _XS.sub(lambda match: HIDDEN * len(match[0]), text.translate(_TO_STARS))
    pieces = (
        _shown(starred, *place)
        for token in _TOKEN.finditer(starred)
        for place in _pieces(reading.squeeze, starred, *token.span())
    )
    return [shown for shown in pieces if HIDDEN in shown and shown.strip(HIDDEN)]


def _shown(starred: str, low: int, high: int) -> str:
    return starred[low:high].replace("-", "").upper()


def _pieces(view: View, starred: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) in the view of the values in a row of digits and stars with gaps.

    A gap either groups the digits of one value or separates two values.
    """
    cuts = [low, *view.inner_joints(low, high), high]
    at = 0
    while at < len(cuts) - 1:
        ends = range(at + 1, min(len(cuts), at + 1 + _GROUPS_AT_MOST))
        sizes = {end: len(_shown(starred, cuts[at], cuts[end])) for end in ends}
        phone = [end for end in ends if sizes[end] == _MOBILE_LENGTH and _is_phone(starred, cuts[at : end + 1])]
        whole = phone or [end for end in reversed(ends) if sizes[end] in _LENGTHS] or [ends[0]]
        yield cuts[at], cuts[whole[0]]
        at = whole[0]


def _is_phone(starred: str, cuts: list[int]) -> bool:
    """Return whether eleven characters are grouped like a mobile number and begin like one."""
    groups = [len(_shown(starred, low, high)) for low, high in itertools.pairwise(cuts)]
    return starred[cuts[0]] in "1*" and NUMBERS["mobile_phone"].natural_groups(groups)


def _is_masked(shown: str, last: str) -> bool:
    """Return whether some digits are hidden and enough visible; a single × at the end is the X of an ID number."""
    seen = len(shown) - shown.count(HIDDEN)
    only_check = shown.count(HIDDEN) == 1 and shown[-1] == HIDDEN and last in "×✕"
    least, most = _LENGTHS_AT_MOST
    return HIDDEN in shown and seen >= _SEEN_AT_LEAST and least <= len(shown) <= most and not only_check


def _named(labels: Labels, compiled: Compiled, start: int, end: int) -> str:
    """Return the kind of number that a label names, or ""."""
    for rule in compiled.of_kind("number"):
        if rule.number in _KINDS:
            label = labels.naming(rule, start, end)
            if label and rule.id in label.owners and label.owners != {""}:
                return rule.number
    return ""


def _looks_like(shown: str, view: View, low: int, high: int) -> str:
    """Return the kind of number that a value without a label looks like, or ""; figures around one × are a product."""
    if regex.search(r"(?<![×xX✕])[×xX✕](?![×xX✕])", view.text[low : high - 1]):
        return ""
    if len(shown) == _ID_LENGTH and _FORMS["resident_id"].fullmatch(shown):
        return "resident_id"
    return "mobile_phone" if shown[0] == "1" and _FORMS["mobile_phone"].fullmatch(shown) else ""


def _full_length(number: str, shown: str) -> str:
    """Return a masked value at full length, or "" if it is not of this kind; a row of stars may be of any length."""
    whole = _stretched(number, shown)
    return whole if whole and _FORMS[number].fullmatch(whole) else ""


def _stretched(number: str, shown: str) -> str:
    front, behind = shown.partition(HIDDEN)[0], shown.rpartition(HIDDEN)[2]
    one_row = len(front) + len(behind) + shown.count(HIDDEN) == len(shown)
    seen = len(front) + len(behind)
    if number == "bank_card":
        return shown if len(shown) in _CARD_LENGTHS else ""
    length = {"resident_id": _ID_LENGTH, "mobile_phone": _MOBILE_LENGTH}.get(number, 0)
    if len(shown) == length or (number == "resident_id" and len(shown) == _OLD_ID_LENGTH and not one_row):
        return shown
    return front + HIDDEN * (length - seen) + behind if one_row and seen < length else ""


def _people(reading: Reading, scope: Span, names: Sequence[tuple[int, int]]) -> frozenset[str]:
    """Return the names in the span that describes a person."""
    low, high = bisect.bisect_left(names, (scope.start, 0)), bisect.bisect_left(names, (scope.end, 0))
    found = {_plain(reading.text[start:end]) for start, end in names[low:high]}
    table = reading.anatomy.table_at(scope.start)
    for cell in cells_in(table, scope) if table else ():
        if table and NAMED.search(table.header_of(cell)):
            found.add(_plain(cell.text))
    return frozenset(found - {""}) or frozenset({f"@{scope.start}"})


def _plain(name: str) -> str:
    return "".join(name.split())


def _completed(masked: Sequence[_Masked]) -> Iterator[_Masked]:
    """Yield values that become weak together with a differently masked copy of the same person's value."""
    by_person: dict[tuple[str, str], list[_Masked]] = {}
    for value in masked:
        if len(value.people) == 1:
            by_person.setdefault((value.number, min(value.people)), []).append(value)
    for values in by_person.values():
        for one, other in itertools.combinations(values[:_PAIRS_AT_MOST], 2):
            both = together(one.shown, other.shown)
            mistaken = HIDDEN not in both and not NUMBERS[one.number].is_valid(both)
            if (
                both not in {"", one.shown, other.shown}
                and not mistaken
                and (is_weak(one.number, both, one.known) or is_weak(one.number, both, other.known))
            ):
                yield from (one, other)


def together(one: str, other: str) -> str:
    """Return what two masked values of equal length show together; "" if they contradict each other.

    >>> together("110101********1234", "1101011990****1234"), together("138****1234", "139****1234")
    ('1101011990****1234', '')
    >>> together("138****1234", "1380013****")
    '13800131234'
    """
    pairs = list(zip(one, other, strict=False))
    if len(one) != len(other) or any(HIDDEN not in pair and pair[0] != pair[1] for pair in pairs):
        return ""
    return "".join(right if left == HIDDEN else left for left, right in pairs)
