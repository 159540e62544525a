"""Rule kind `dated`: time limits that are over on the day of the scan. A fact to check, never a conclusion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prescan.detect.objection import objection
from prescan.detect.overdue.checks import CHECKS, DatedDocument
from prescan.types import Candidate, Location

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Context, Span

#: Databases write 9999-12-31 where there is no date; no year from this one on is taken for one.
_NO_YEAR: Final = 3000


@dataclass(frozen=True, slots=True)
class Clock:
    """The day of the scan, and what the caller knows of the document's own dates."""

    today: datetime.date
    produced_on: datetime.date | None = None
    published_on: datetime.date | None = None

    @classmethod
    def of(cls, context: Context, today: datetime.date) -> Clock:
        """Return the clock of a scan with this context on the day `today`."""
        given = (day if day and day.year < _NO_YEAR else None for day in (context.produced_on, context.published_on))
        return cls(today, *given)


def find_overdue(
    reading: Reading, compiled: Compiled, found: Sequence[Candidate], stage: str, clock: Clock
) -> Iterator[Candidate]:
    """Yield a candidate for each time limit that is over on `clock.today`; `found` are the candidates so far."""
    document = DatedDocument(reading, clock, compiled.base.profile, found, stage)
    for rule in compiled.of_kind("dated"):
        if rule.stage and stage not in rule.stage:
            continue
        for span, evidence in CHECKS[rule.dated](document):
            if span is not None and objection(rule, reading, *span, stage) is not None:
                continue
            yield _candidate(rule, reading, span, evidence)


def _candidate(rule: Rule, reading: Reading, span: Span | None, evidence: str) -> Candidate:
    start, end = span or (None, None)
    return Candidate(
        rule_id=rule.id,
        type=rule.type,
        start=start,
        end=end,
        evidence=(evidence, rule.reason) if rule.reason else (evidence,),
        masked="" if span is None else reading.text[span.start : span.end],
        level=rule.level,
        location=Location() if span is None else None,
    )
