"""Whose the names of a document are: each mention tells something, and all mentions of a name are one person's."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import begins_line
from prescan.detect.name.cues import PRIVATE
from prescan.detect.name.owner import settled
from prescan.detect.name.role import POST, role_features

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.detect.name.model import NameModel
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Span
    from prescan.types import Candidate

#: A name that comes once has nothing else to speak for it: its place must say more clearly whose it is.
_ONCE: Final = 0.75
#: The first mention introduces a person; a later one counts so much.
_LATER: Final = 0.5
#: What may stand between two names of one list.
_BETWEEN = regex.compile(r"\s*(?:[(][^()]{1,16}[)])?\s*[、,，/和及\s]\s*")
_LINE = regex.compile(r"[\n\r\t\u2029]")
#: Log odds that the number of a private person adds to the name in front of it.
_OWNED: Final = 1.5
_OWNED_WITHIN: Final = 60
#: Numbers and dates of private people; telephone numbers and mail addresses may also be those of offices.
_OWN: Final = frozenset(
    "resident_id birth_date address passport hk_macau_permit taiwan_permit foreign_resident_id bank_card bank_account "
    "student_id exam_no social_security_no provident_fund_no military_id driver_license disability_certificate "
    "practitioner_certificate marriage_certificate property_certificate medical_record_no device_id".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text: how sure that it is one, and that it is a private person's (log odds)."""

    span: Span
    odds: float
    role: float = 0.0
    own: float = 0.0
    """The role score of this mention alone."""


def role(page: NamePage, span: Span, model: NameModel) -> float:
    """Return the log odds that a name is a private person's, as far as this mention tells."""
    return settled(page, span, model.role.bias + model.role.score(role_features(page, span)))


def judged(page: NamePage, found: list[Mention], model: NameModel, others: Iterable[Candidate] = ()) -> list[Mention]:
    """Return the mentions with the role of their person: of the mention, its list, and the other mentions."""
    added = owned(page, [mention.span for mention in found], others)
    own = [role(page, mention.span, model) + more for mention, more in zip(found, added, strict=True)]
    for group in _lists(page, found):
        shared = sum(own[index] for index in group) / len(group)
        for index in group:
            own[index] = shared
    by_name: dict[str, list[float]] = {}
    for mention, score in zip(found, own, strict=True):
        by_name.setdefault(mention.span.name, []).append(score)
    roles = {
        name: (scores[0] + _LATER * sum(scores[1:])) / math.hypot(1.0, *[_LATER] * (len(scores) - 1))
        - (_ONCE if len(scores) == 1 else 0.0)
        for name, scores in by_name.items()
    }
    return [
        replace(mention, role=roles[mention.span.name], own=score) for mention, score in zip(found, own, strict=True)
    ]


def owned(page: NamePage, spans: Sequence[Span], others: Iterable[Candidate]) -> list[float]:
    """Return what the private numbers in their lines add to the role scores of names, in the same order.

    A number counts for the nearest name before it in its line or row.
    """
    position = page.reading.fold.position
    held = sorted({position(other.start) for other in others if other.type in _OWN and other.start is not None})
    if not held:
        return [0.0] * len(spans)
    added = []
    for index, span in enumerate(spans):
        at = bisect.bisect_left(held, span.end)
        stop = min(page.line_of(span)[1], span.end + _OWNED_WITHIN)
        stop = min(stop, spans[index + 1].start) if index + 1 < len(spans) else stop
        before, distance = page.nearest_before(span.start)
        public = before is not None and distance <= 1 and before.kind != PRIVATE
        owns = at < len(held) and held[at] < stop and not public and not POST.match(page.text, span.end)
        added.append(_OWNED if owns else 0.0)
    return added


def _lists(page: NamePage, found: list[Mention]) -> Iterator[list[int]]:
    """Yield the runs of names with nothing but list marks between them."""
    group: list[int] = []
    for index, mention in enumerate(found):
        if index and _is_next(page, found[group[0]].span, found[index - 1].span, mention.span):
            group.append(index)
            continue
        if len(group) > 1:
            yield group
        group = [index]
    if len(group) > 1:
        yield group


def _is_next(page: NamePage, first: Span, before: Span, span: Span) -> bool:
    """Return whether a name is the next of a list, which begins with `first`.

    It may be in the next line if the list begins its line, and in the next row, but not in the next column.
    """
    if not _BETWEEN.fullmatch(page.text, before.end, span.start):
        return False
    places = page.cell(before), page.cell(span)
    if places[0] and places[1]:
        return places[0][1].column == places[1][1].column
    return not _LINE.search(page.text, before.end, span.start) or begins_line(page.text, first.start)
