"""Rule kind `number`: identifiers, however they are grouped, wrapped or glued, and what names them.

One scan over the squeeze view finds runs of letters and digits; every number rule looks inside the runs only.
A value is judged by three things: is it valid, what names it (the nearest label in front, above or left of it), and
whether its edges and groups are those a person would write.
"""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.numbers import NUMBERS
from prescan.types import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.compiled import Compiled, LabelTable
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence

#: A digit with at most three letters in front and at least five more letters or digits (× and Cyrillic stand for X).
_RUN = regex.compile(r"[A-Za-z]{0,3}[0-9][0-9A-Za-zХхΧχ×✕)]{5,}")
#: Numbers not found by runs of digits: how to find them, and in which view.
_BY_PATTERN: Final = {"license_plate": "squeeze", "email": "fold"}
#: A run that is one of these is public: nothing inside it is taken.
_PUBLIC: Final = ("uscc",)
_LABEL_REACH: Final = 20
#: Between a label and its value nothing of this kind may stand: a sentence end, a cell break, another number.
_INTERRUPTS = regex.compile(r"[。；;!?\t|\u2029]|[0-9]{5}|[0-9Xx][、,，]")
#: What follows a number that is an amount.
_DECIMALS = regex.compile(r"[.．][0-9０-９]{1,2}(?![0-9０-９])")
_CHAINED = regex.compile(r"[\s、,，和及/与]*(?:\p{Han}{2,4}[\s:：(（]*)?")


@dataclass(frozen=True, slots=True)
class _Label:
    """What names a value: the rules it belongs to, the word, and where it stands."""

    owners: frozenset[str]
    evidence: str


def find_numbers(reading: Reading, compiled: Compiled) -> Iterator[Candidate]:
    """Yield a candidate for every place where a number rule speaks."""
    rules = compiled.of_kind("number")
    labels = _Labels(reading, compiled.labels)
    runs = [match.span() for match in _RUN.finditer(reading.squeeze.text)]
    for rule in rules:
        view = reading.view(_BY_PATTERN.get(rule.number, "squeeze"))
        pattern = regex.compile(NUMBERS[rule.number].PATTERN)
        windows = [(0, len(view.text))] if rule.number in _BY_PATTERN else runs
        taken = -1
        for low, high in windows:
            for match in pattern.finditer(view.text, low, high, overlapped=rule.number not in _BY_PATTERN):
                if match.start() >= taken and (found := _best(rule, reading, labels, match)):
                    taken = found[1]
                    yield found[0]


def _best(rule: Rule, reading: Reading, labels: _Labels, match: regex.Match[str]) -> tuple[Candidate, int] | None:
    """Return the candidate that begins where a match does, and its end in the view.

    A gap inside the match may group one number or part two of them: a valid value wins, then one in a piece or in
    natural groups, then the longest.
    """
    (start, end), view = match.span(), reading.view(_BY_PATTERN.get(rule.number, "squeeze"))
    gaps = view.inner_joints(start, end)
    stops = [end, *(gap for gap in reversed(gaps) if match.re.fullmatch(view.text, start, gap))]
    found = [(candidate, stop) for stop in stops if (candidate := _judge(rule, reading, labels, (start, stop)))]
    if len(found) < 2:  # noqa: PLR2004  nothing to choose
        return found[0] if found else None

    def natural(stop: int) -> bool:
        cuts = [start, *(gap for gap in gaps if gap < stop), stop]
        groups = [after - before for before, after in itertools.pairwise(cuts)]
        return len(groups) == 1 or NUMBERS[rule.number].natural_groups(groups)

    best = max(found, key=lambda pair: (pair[0].strength // 2, natural(pair[1])))
    labels.naming(rule, best[0].start or 0, best[0].end or 0)  # the next number of a list shares its label
    return best


def _judge(  # noqa: PLR0911  a table of decisions
    rule: Rule, reading: Reading, labels: _Labels, place: tuple[int, int]
) -> Candidate | None:
    """Return the candidate at a place of the view, or None: the table of decisions is in its body, in order."""
    number, view = NUMBERS[rule.number], reading.view(_BY_PATTERN.get(rule.number, "squeeze"))
    start, end = view.span(*place)
    value = view.text[slice(*place)]
    if rule.lengths and len(number.compact(value)) not in rule.lengths:
        return None
    if _DECIMALS.match(reading.text, end):
        return None
    edges = _edges(reading, *place) if rule.number not in _BY_PATTERN else "whole"
    if edges == "inside" and not rule.embedded:
        return None
    valid = number.is_valid(value)
    if not valid and (edges == "inside" or not rule.invalid_with_cue):
        return None
    label = labels.naming(rule, start, end)
    cued = label is not None and rule.id in label.owners
    groups = _groups(reading, *place) if rule.number not in _BY_PATTERN else []
    if not cued and (edges == "glued" and not rule.embedded):
        return None
    if groups and not cued and not (rule.embedded and valid) and not number.natural_groups(groups):
        return None
    confidence = _confidence(rule, label, valid=valid, cued=cued)
    if confidence is None or (not cued and _is_public(reading, place)):
        return None
    evidence = [label.evidence] if cued and label else []
    evidence.append(_CHECKED[valid] if rule.invalid_with_cue else "")
    evidence.append("所在位置的标签像其他编号，请核对" if label and not cued else "")
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        confidence=confidence,
        evidence=tuple(filter(None, evidence)),
        masked=number.mask(reading.text[start:end]),
        level="review" if confidence == "check" else rule.level,
        strength=2 * valid + cued,
    )


_CHECKED: Final = {True: "校验码正确", False: "校验码或其中的日期不对，可能是录入有误"}


def _confidence(rule: Rule, label: _Label | None, *, valid: bool, cued: bool) -> Confidence | None:
    if cued:
        return "certain" if valid else "check"
    if not valid or rule.without_cue == "never":
        return None
    if label is None:
        return "likely"
    return "check" if rule.embedded else None


def _edges(reading: Reading, start: int, end: int) -> str:
    """Tell how a place sits in its run: "whole", "glued" to letters, or "inside" a longer number."""
    view = reading.squeeze
    before = "" if view.is_joint(start) or not start else view.text[start - 1]
    after = "" if view.is_joint(end) or end >= len(view.text) else view.text[end]
    if _digit(before) or _digit(after):
        return "inside"
    return "glued" if _letter(before) or _letter(after) else "whole"


def _digit(char: str) -> bool:
    return char.isascii() and char.isdigit()


def _letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _groups(reading: Reading, start: int, end: int) -> list[int]:
    """Return the lengths of the groups a value is written in; empty if it is in one piece or only wrapped."""
    view = reading.squeeze
    joints = view.inner_joints(start, end)
    gaps = [reading.text[view.span(joint - 1, joint)[1] : view.span(joint, joint + 1)[0]] for joint in joints]
    if not joints or all("\n" in gap or "\r" in gap for gap in gaps):
        return []
    cuts = [start, *joints, end]
    return [stop - begin for begin, stop in itertools.pairwise(cuts)]


def _is_public(reading: Reading, place: tuple[int, int]) -> bool:
    """Tell whether the place lies in an identifier of an organisation."""
    text = reading.squeeze.text
    for name in _PUBLIC:
        window = text[max(0, place[0] - 18) : place[1] + 18]
        offset = place[0] - max(0, place[0] - 18)
        for match in regex.finditer(NUMBERS[name].PATTERN, window, overlapped=True):
            inside = match.start() <= offset and match.end() >= offset + place[1] - place[0]
            if inside and NUMBERS[name].is_valid(match[0]):
                return True
    return False


class _Labels:
    """The labels of one document, and which of them names a value."""

    def __init__(self, reading: Reading, table: LabelTable) -> None:
        self.reading, self.table = reading, table
        self.found = table.find(reading.fold.text)
        self.ends = [end for _, end, _ in self.found]
        self.chain: dict[str, tuple[int, _Label]] = {}

    def naming(self, rule: Rule, start: int, end: int) -> _Label | None:
        """Return what names the value at a span: the label in front, else above or left in a table, else a chain."""
        label = self._in_front(start) or self._in_table(rule, start) or self._chained(rule, start)
        if label and rule.id in label.owners:
            self.chain[rule.id] = (end, label)
        return label

    def _in_front(self, start: int) -> _Label | None:
        folded = self.reading.fold
        place = folded.position(start)
        index = bisect.bisect_right(self.ends, place) - 1
        if index < 0 or place - self.ends[index] > _LABEL_REACH:
            return None
        begin, stop, owners = self.found[index]
        if _INTERRUPTS.search(folded.text, stop, place):
            return None
        return _Label(frozenset(owners), f"前面有“{folded.text[begin:stop]}”字样")

    def _in_table(self, rule: Rule, start: int) -> _Label | None:
        table = self.reading.anatomy.table_at(start)
        cell = table.cell_at(start) if table else None
        if not table or not cell:
            return None
        for where, text in (("所在列的标题", table.header_of(cell)), ("左侧单元格", table.label_of(cell))):
            shown = "".join(text.split())
            found = self.table.find(shown)
            if found:
                begin, stop, owners = found[-1]
                return _Label(frozenset(owners), f"{where}有“{shown[begin:stop]}”字样")
            cue = next((cue for cue in rule.roster_cues if cue in shown), None)
            if cue and self.reading.anatomy.in_roster(start):
                return _Label(frozenset({rule.id}), f"名单中{where}有“{cue}”字样")
        return None

    def _chained(self, rule: Rule, start: int) -> _Label | None:
        """A value listed right after another of its kind shares its label: 身份证号 甲、乙."""
        end, label = self.chain.get(rule.id, (-1, None))
        if label and 0 <= start - end <= _LABEL_REACH and _CHAINED.fullmatch(self.reading.text, end, start):
            return label
        return None
