"""Examines a value that may be a number: its edges, its groups, whether it is valid.

Several rules ask about the same value; `look` keeps the answers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.number.other import is_amount, is_another, over_rows
from prescan.numbers import BORN

if TYPE_CHECKING:
    import datetime

    from prescan.detect.number.labels import Labels
    from prescan.detect.number.runs import Runs
    from prescan.detect.reading import Reading
    from prescan.numbers import Number
    from prescan.rules import Rule
    from prescan.text.view import View

#: Name of the number, finding type of the rule, `embedded` of the rule, start and end in the view.
Place = tuple[str, str, bool, int, int]

#: Groups of fewer characters than this are boxes of a form, or not a number.
_GROUP_AT_LEAST: Final = 2
#: A gap between two columns.
_WIDE = regex.compile(r"[ \u3000\xa0]{3}")


@dataclass(frozen=True, slots=True)
class Search:
    """The search of one rule in one document."""

    rule: Rule
    number: Number
    pattern: regex.Pattern[str]
    reading: Reading
    labels: Labels
    runs: Runs
    view: View
    text: str
    """The text of the view; if `in_runs`, with digits in place of the characters that stand for them."""
    in_runs: bool
    """The rule searches in runs, not in the whole view."""
    today: datetime.date | None
    """An ID number of somebody born after this day is not valid; None: not checked."""
    seen: dict[Place, Seen | None]
    """The answers of `look` for the current run: several rules search for the same number (landlines)."""


class Seen(NamedTuple):
    """What `look` finds out about a value."""

    edges: str
    """"whole", "glued" to letters, or "inside" a longer number."""
    valid: bool
    """Its form and check digit are right, and its holder is not born after the day of the scan."""
    checked: bool
    """It is valid, and a check digit or a distinctive form confirms its kind (`Number.checked`)."""
    start: int
    """Its span in Document.text."""
    end: int


def look(search: Search, low: int, high: int) -> Seen | None:
    """Return what is found out about the value from `low` to `high` of the view; None if it is not such a number."""
    rule = search.rule
    place = rule.number, rule.type, rule.embedded, low, high
    if place not in search.seen:
        search.seen[place] = _look(search, low, high)
    return search.seen[place]


def _look(search: Search, low: int, high: int) -> Seen | None:
    rule, number, view, text = search.rule, search.number, search.view, search.reading.text
    edges = _edges(search, low, high) if search.in_runs else "whole"
    if edges == "inside" and not rule.embedded:
        return None
    value = search.text[low:high]
    valid = number.is_valid(value) and not _yet_to_come(search, value)
    checked = valid and number.checked(value)
    start, end = view.span(low, high)
    if is_amount(text, start, end) or (not checked and is_another(rule.type, text, start)):
        return None
    if view.inner_joints(low, high) and (
        _apart(search, low, high) or over_rows(search.reading, start, end, checked=checked)
    ):
        return None
    return Seen(edges, valid, checked, start, end)


def _yet_to_come(search: Search, value: str) -> bool:
    """Return whether the birth date in a valid number is after the day of the scan."""
    if search.today is None or search.rule.number not in BORN:
        return False
    born = BORN[search.rule.number](value)
    return born is not None and born > search.today


def _apart(search: Search, low: int, high: int) -> bool:
    """Return whether wide gaps separate a value into figures of several columns; digits in boxes are one number."""
    view, text = search.view, search.reading.text
    joints = view.inner_joints(low, high)
    cuts = [low, *joints, high]
    if min(after - before for before, after in itertools.pairwise(cuts)) < _GROUP_AT_LEAST:
        return False
    return any(_WIDE.search(text, view.span(at - 1, at)[1], view.span(at, at + 1)[0]) for at in joints)


def _edges(search: Search, start: int, end: int) -> str:
    """Return "whole", "glued" if letters adjoin, or "inside" if digits adjoin."""
    view, text = search.reading.squeeze, search.text
    before = "" if view.is_joint(start) or not start else text[start - 1]
    after = "" if view.is_joint(end) or end >= len(text) else text[end]
    if is_digit(before) or is_digit(after):
        return "inside"
    return "glued" if is_letter(before) or is_letter(after) else "whole"


def is_digit(char: str) -> bool:
    """Return whether a character is an ASCII digit."""
    return char.isascii() and char.isdigit()


def is_letter(char: str) -> bool:
    """Return whether a character is an ASCII letter."""
    return char.isascii() and char.isalpha()


def is_natural(search: Search, start: int, end: int) -> bool:
    """Return whether a value has no gaps, is wrapped once over a line end, or is in groups in which people write it."""
    if not search.in_runs:
        return True
    only_context = search.rule.without_cue == "valid" and search.rule.told_by_text
    view, text = search.reading.squeeze, search.reading.text
    joints = view.inner_joints(start, end)
    gaps = [view.gap(joint, text) for joint in joints]
    wrapped = [gap for gap in gaps if "\n" in gap or "\r" in gap]
    if len(wrapped) == len(gaps):
        return len(gaps) < 2 - only_context  # figures on three lines are three figures
    cuts = [start, *joints, end]
    if only_context and min(stop - begin for begin, stop in itertools.pairwise(cuts[:-1])) < _GROUP_AT_LEAST:
        return False  # only the context tells that this is one number
    return search.number.natural_groups([stop - begin for begin, stop in itertools.pairwise(cuts)])
