"""A person at work on a case, within one transaction: what every step of the flow and every decision depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prescan.web import trail
from prescan.web.clock import now
from prescan.web.tables import Step

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prescan.types import ScanResult
    from prescan.web.office import Office
    from prescan.web.people import Person
    from prescan.web.tables import Case, Scan


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person, one case, one version of it."""

    office: Office
    database: Session
    person: Person
    case: Case
    scan: Scan

    @property
    def result(self) -> ScanResult | None:
        """The full result, by which what the person types is masked; None once the upload is gone."""
        return self.office.result(self.scan.id)

    def add_step(self, kind: str, *, name: str = "", text: str = "") -> None:
        """Add a step to the history of the case; `name` is that of the person unless they signed with another."""
        case, person = self.case, self.person
        step = Step(case_id=case.id, round=case.round, kind=kind, stage=case.stage, who=person.login, text=text)
        step.name, step.at = name or person.name, now()
        self.database.add(step)

    def log(self, action: str, **details: Any) -> None:  # noqa: ANN401  as trail.add has it
        """Add a line about the case to the log."""
        trail.add(self.database, self.person.login, action, self.case.id, **details)
