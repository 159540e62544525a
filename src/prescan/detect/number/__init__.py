"""Rule kind `number`: identifiers, also grouped, wrapped over lines, or without a gap beside other characters.

One search over the squeeze view finds runs of letters and digits; most number rules search only in these runs. A value
becomes a candidate depending on whether it is valid, which label names it (`labels`), and whether its edges and groups
are those that people write.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.number.gate import BY_PATTERN, Gate, live_rules, places
from prescan.detect.number.labels import Labels
from prescan.detect.number.look import Search, is_digit, is_letter, is_natural, look
from prescan.detect.number.other import is_public
from prescan.detect.number.runs import read_runs
from prescan.numbers import NUMBERS
from prescan.types import Candidate, Strength

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.number.gate import Live
    from prescan.detect.number.labels import Label
    from prescan.detect.number.look import Place, Seen
    from prescan.detect.number.runs import Runs
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.text.view import View
    from prescan.types import Confidence

#: Brackets of an area code; they belong to the number.
_OPENERS: Final = {"(": ")", "（": "）"}
_DIGITS: Final = frozenset("0123456789")
#: A mobile number without a label may have _LIKE_AT_MOST letters misread for digits if it is between two of these.
_LISTS: Final = frozenset("，,、；;。\t|\n")
_LIKE_DIGITS = regex.compile(r"[A-Za-z]")
_LIKE_AT_MOST: Final = 1
#: Numbers found in runs have at least this many characters (病案号 are the shortest); days and months have fewer.
SHORTEST: Final = 5
#: People write numbers in at most this many groups, except in the boxes of a form.
_GROUPS_AT_MOST: Final = 6
_CHECKED: Final = {True: "校验码正确", False: "校验码、位数或其中的日期不对，可能是录入有误"}
#: Numbers that begin with words; words before a gap may belong to the cell in front.
_PARTED: Final = frozenset({"license_plate", "property_certificate"})
#: Numbers that contain an ID number.
_HOLDS_ID: Final = frozenset({"disability_certificate", "student_id", "practitioner_certificate"})


def find_numbers(reading: Reading, compiled: Compiled, today: datetime.date | None = None) -> Iterator[Candidate]:
    """Yield the candidates of all number rules.

    `today` is the day of the scan: an ID number of somebody born later is not valid. None: not checked.
    """
    labels = Labels(reading, compiled.labels)
    runs = read_runs(reading.squeeze.text)
    rules = list(live_rules(reading, compiled, labels, in_runs=bool(runs.spans)))
    if runs.spans:
        yield from _in_runs(
            [live for live in rules if live.rule.number not in BY_PATTERN], reading, labels, runs, today
        )
    for live in rules:
        if live.rule.number in BY_PATTERN:
            search = _search(live, reading, labels, runs, today, {})
            taken = -1
            for low, high in places(live.rule.number, search.text):
                search.seen.clear()
                for match in live.pattern.finditer(search.text, low, high):
                    if match.start() >= taken and (found := _best(search, match, low)):
                        taken = found[1]
                        yield found[0]


def _in_runs(
    rules: Sequence[Live], reading: Reading, labels: Labels, runs: Runs, today: datetime.date | None
) -> Iterator[Candidate]:
    """Yield the candidates in runs, trying at each run only the rules that the gate lets through."""
    gate = Gate(rules, runs, reading, labels)
    searches: dict[str, Search] = {}
    taken: dict[str, int] = {}
    seen: dict[Place, Seen | None] = {}
    for low, high in runs.spans:
        begins = None
        seen.clear()
        for live in gate.open_to(low, high):
            rule = live.rule
            if rule.id not in searches:
                searches[rule.id] = _search(live, reading, labels, runs, today, seen)
            matches: Iterable[regex.Match[str] | None]
            if rule.embedded:
                matches = live.pattern.finditer(runs.text, low, high, overlapped=True)
            else:
                if begins is None:
                    begins = _begins(reading.squeeze, runs.text, low, high)
                matches = (live.pattern.match(runs.text, start, high) for start in begins)
            for match in matches:
                if match and match.start() >= taken.get(rule.id, -1):
                    found = _best(searches[rule.id], match, low)
                    if found:
                        taken[rule.id] = found[1]
                        yield found[0]


def _search(  # noqa: PLR0913, PLR0917  the parts of a Search
    live: Live,
    reading: Reading,
    labels: Labels,
    runs: Runs,
    today: datetime.date | None,
    seen: dict[Place, Seen | None],
) -> Search:
    how = BY_PATTERN.get(live.rule.number)
    view = reading.view(how.view) if how else reading.squeeze
    number = NUMBERS[live.rule.number]
    text = view.text if how else runs.text
    return Search(live.rule, number, live.pattern, reading, labels, runs, view, text, how is None, today, seen)


def _begins(view: View, text: str, low: int, high: int) -> list[int]:
    """Return the offsets at which a number may begin in a run: not directly behind a digit, nor near the end."""
    behind = [place for place in range(low + 1, high) if text[place - 1] not in _DIGITS]
    return sorted(start for start in {low, *behind, *view.inner_joints(low, high)} if high - start >= SHORTEST)


def _best(search: Search, match: regex.Match[str], run: int) -> tuple[Candidate, int] | None:
    """Return the best candidate that begins where a match does, and its end in the view; None if there is none.

    A gap in the match may group one number or separate two. A valid value wins, then one without gaps or in natural
    groups, then the longest.
    """
    (start, end), view = match.span(), search.view
    if search.rule.number in _PARTED:
        start = _after_gap(search, match)
    gaps = view.inner_joints(start, end)
    shorter: Iterable[int] = reversed(gaps)
    if len(gaps) > _GROUPS_AT_MOST and not search.labels.naming(search.rule, *view.span(start, end)):
        shorter = ()  # a table of figures; single digits in boxes have a label
    stops = [end, *(gap for gap in shorter if match.re.fullmatch(search.text, start, gap))]
    found = [(candidate, stop) for stop in stops if (candidate := _judge(search, start, stop, run))]
    if len(found) < 2:  # noqa: PLR2004  nothing to choose
        return found[0] if found else None

    def natural(stop: int) -> bool:
        cuts = [start, *(gap for gap in gaps if gap < stop), stop]
        groups = [after - before for before, after in itertools.pairwise(cuts)]
        return len(groups) == 1 or search.number.natural_groups(groups)

    best = max(found, key=lambda pair: (pair[0].strength.proof, natural(pair[1])))
    # so that the next value of a list shares its label
    search.labels.naming(search.rule, best[0].start or 0, best[0].end or 0)
    return best


def _after_gap(search: Search, match: regex.Match[str]) -> int:
    """Return the start of a number that begins with words: behind the last gap after which it still matches."""
    start, end = match.span()
    gaps = reversed(search.view.inner_joints(start + 1, end))
    return next((gap for gap in gaps if match.re.fullmatch(search.text, gap, end)), start)


def _judge(search: Search, low: int, high: int, run: int) -> Candidate | None:  # noqa: PLR0911  one return a condition
    """Return the candidate for the value from `low` to `high` of the view, in the run from `run`; else None."""
    rule, number, reading = search.rule, search.number, search.reading
    value = search.text[low:high]
    if rule.lengths and len(number.compact(value)) not in rule.lengths:
        return None
    if rule.number == "license_plate" and _continues(search, high):
        return None
    seen = look(search, low, high)
    if seen is None:
        return None
    edges, valid, checked, start, end = seen
    if not valid and (edges == "inside" or not rule.invalid_with_cue):
        return None
    view = search.view
    inside = edges == "inside" and not view.inner_joints(run, low + 1)
    label = search.labels.naming(rule, view.span(run, low + 1)[0] if inside else start, end)
    cued = label is not None and rule.id in label.owners
    slips = search.in_runs and not search.runs.corrected.isdisjoint(range(low, high))
    glued = edges == "glued" and not rule.embedded
    if glued and (label is None or not cued or label.of_list):
        return None
    if not cued and slips and not checked and not _set_apart(rule, reading.text, start, end):
        return None
    if not cued and not (rule.embedded and valid) and not is_natural(search, low, high):
        return None
    holds_id = checked and rule.number in _HOLDS_ID
    whole = edges != "inside"
    confidence = _confidence(rule, label, valid=valid, checked=checked, cued=cued, firm=whole and holds_id, whole=whole)
    if confidence is None or (not cued and is_public(reading, low, high)):
        return None
    evidence = [label.evidence] if cued and label else []
    evidence.append(_CHECKED[valid] if rule.invalid_with_cue else "")
    evidence.append("内含身份证号" if holds_id else "")
    evidence.append("有字母像是数字的误认" if slips else "")
    evidence.append("所在位置的标签像其他编号，请核对" if label and not cued else "")
    start = _opened(reading.text, start, end)
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        confidence=confidence,
        evidence=tuple(filter(None, evidence)) or ("位数和写法像这类号码",),
        masked=number.mask(reading.text[start:end]),
        level="review" if confidence == "check" else "block" if holds_id else rule.level,
        strength=Strength(valid + checked, cued),
    )


def _confidence(  # noqa: PLR0913  what it depends on
    rule: Rule, label: Label | None, *, valid: bool, checked: bool, cued: bool, firm: bool, whole: bool
) -> Confidence | None:
    """Return the confidence, or None if the value is not reported.

    `cued`: `label` is one of the rule's. `firm`: the value contains a valid ID number, so that it is a person's,
    whatever the label. `whole`: it is not part of a longer number.
    """
    if cued:
        return "certain" if valid else "check"
    if not valid or rule.without_cue == "never" or (rule.without_cue == "checked" and not checked):
        return None
    if label is None or not label.of_another_thing or firm:
        return "likely"
    return "check" if rule.embedded and whole else None


def _continues(search: Search, end: int) -> bool:
    """Return whether a letter or digit follows at `end` of the view without a gap."""
    after = search.text[end : end + 1]
    return (is_digit(after) or is_letter(after)) and not search.view.is_joint(end)


def _set_apart(rule: Rule, text: str, start: int, end: int) -> bool:
    """Return whether a value is alone in brackets, as in 何某（1380O138000）, or is a mobile number in a list."""
    bracketed = text[start - 1 : start] in {"(", "（"} and text[end : end + 1] in {")", "）"}
    listed = rule.type == "mobile_phone" and text[start - 1 : start] in _LISTS and text[end : end + 1] in _LISTS
    return bracketed or (listed and len(_LIKE_DIGITS.findall(text, start, end)) <= _LIKE_AT_MOST)


def _opened(text: str, start: int, end: int) -> int:
    """Return the start of a number including the "+" and the opening bracket that belong to it."""
    before = text[start - 1 : start]
    if before in {"+", "＋"} and text[start : start + 1] in {"8", "８", "0", "０"}:
        start -= 1
        before = text[start - 1 : start]
    bracket = before in _OPENERS and text.count(_OPENERS[before], start, end) > text.count(before, start, end)
    return start - 1 if bracket else start
