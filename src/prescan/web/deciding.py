"""Decisions about findings and the attribute: who may decide when, with which reason, and undoing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import delete, select

from prescan.decisions.ledger import SUPPRESSING, VERDICTS, Decision, DocumentDecisions
from prescan.report.shown import shown_name
from prescan.types import ATTRIBUTES
from prescan.web import trail
from prescan.web.cases import findings_of, is_owner
from prescan.web.clock import iso, now
from prescan.web.people import REVIEWERS
from prescan.web.problems import Problem
from prescan.web.shown import MASKED
from prescan.web.tables import Action, Case, Decided, Note, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from prescan.types import Attribute, ScanResult
    from prescan.web.people import Person
    from prescan.web.sitting import Sitting
    from prescan.web.tables import Scan

#: Reasons offered for choice.
REASONS: Final = ("规则过宽", "公务联系方式", "法定公开内容", "已获授权同意", "其他，请说明")
STAGES: Final = trail.STAGES
_REASON_CHARS: Final = 500
_ACTIONS_KEPT: Final = 200


def check_may_decide(case: Case, person: Person) -> None:
    """Raise Problem unless this person may decide about this case now."""
    if not person.may("decide"):
        raise Problem("forbidden")
    if case.purpose != "review":
        if is_owner(case, person):
            return
        raise Problem("forbidden")
    if case.stage == "draft":
        if not is_owner(case, person):
            raise Problem("not_allowed_now", "文件在拟稿环节，由拟稿人处置")
    elif case.stage not in REVIEWERS:
        raise Problem("not_allowed_now", f"文件{STAGES[case.stage]}，不能再改")
    elif case.stage not in person.roles:
        raise Problem("forbidden", f"文件在{STAGES[case.stage]}环节，当前账号没有这个角色")


def decide(sitting: Sitting, finding_ids: Sequence[str], verdict: str | None, reason: str = "") -> int:
    """Set the verdict of findings of a case, or withdraw it (None); return how many. Raises Problem."""
    database, case = sitting.database, sitting.case
    check_may_decide(case, sitting.person)
    cleaned_reason = clean(reason, sitting.result if reason else None)
    if verdict is not None and verdict not in VERDICTS:
        raise Problem("invalid", f"verdict 应是 {'、'.join(VERDICTS)} 之一")
    if verdict in SUPPRESSING and not cleaned_reason:
        raise Problem("invalid", f"{verdict}要写明理由")
    findings_by_id = {finding["id"]: finding for finding in findings_of(sitting.scan)}
    unique_ids = list(dict.fromkeys(finding_ids))
    if not unique_ids or any(finding_id not in findings_by_id for finding_id in unique_ids):
        raise Problem("not_found", "没有这个编号的疑点")
    before = _before(database, case, unique_ids)
    decision = None if verdict is None else (verdict, cleaned_reason, sitting.person.name, now())
    for finding_id in unique_ids:
        _put(database, case, finding_id, findings_by_id[finding_id], decision)
    database.add(Action(case_id=case.id, who=sitting.person.login, before=before))
    _forget_old(database, case)
    case.changed = now()
    sitting.log("decided", findings=unique_ids, verdict=verdict)
    return len(unique_ids)


def undo(sitting: Sitting) -> list[str]:
    """Undo this person's last decision about the case; return the ids of its findings. Raises Problem."""
    database, person, case = sitting.database, sitting.person, sitting.case
    check_may_decide(case, person)
    last = database.execute(
        select(Action).where(Action.case_id == case.id, Action.who == person.login).order_by(Action.id.desc()).limit(1)
    ).scalar_one_or_none()
    if last is None:
        raise Problem("not_allowed_now", "没有可以撤销的处置")
    findings_by_id = {finding["id"]: finding for finding in findings_of(sitting.scan)}
    for finding_id, earlier in last.before.items():
        if finding_id in findings_by_id:
            _put(database, case, finding_id, findings_by_id[finding_id], (*earlier[:3], now()) if earlier else None)
    touched = list(last.before)
    database.delete(last)
    case.changed = now()
    sitting.log("undone", findings=touched)
    return touched


def set_attribute(sitting: Sitting, attribute: str, clause: str) -> None:
    """Set the attribute determined by a person; withheld requires a clause that is a ground for it. Raises Problem."""
    case, person, rules = sitting.case, sitting.person, sitting.office.scanner.rules
    check_may_decide(case, person)
    if attribute not in ATTRIBUTES:
        raise Problem("invalid", f"attribute 应是 {'、'.join(ATTRIBUTES)} 之一")
    if clause and clause not in rules.statutes:
        raise Problem("invalid", "依据应是规则库中已核对的条款，如 条例 第十六条第二款")
    if attribute == "withheld" and not clause:
        raise Problem("invalid", "不予公开要写明依据的条款")
    if attribute == "withheld" and clause not in rules.grounds:
        raise Problem("invalid", f"{clause}不是不予公开的依据，请选规定不得公开或可以不予公开的条款")
    case.attribute, case.clause, case.attribute_by, case.changed = attribute, clause, person.name, now()
    sitting.log("attribute", attribute=attribute, clause=clause)


def add_note(sitting: Sitting, finding_id: str, text: str) -> None:
    """Add a note to colleagues. Raises Problem."""
    cleaned = clean(text, sitting.result)
    if not cleaned:
        raise Problem("invalid", "备注不能为空")
    note = Note(case_id=sitting.case.id, finding_id=finding_id[:16], text=cleaned, by=sitting.person.name, at=now())
    sitting.database.add(note)
    sitting.log("noted", finding=finding_id[:16])


def clean(text: str, result: ScanResult | None) -> str:
    """Return text a person typed, with values of the result masked. Raises Problem if it is too long."""
    stripped = text.strip()
    if len(stripped) > _REASON_CHARS:
        raise Problem("invalid", f"不超过 {_REASON_CHARS} 个字")
    return shown_name(stripped, MASKED, result)


def decisions_of(database: Session, case: Case) -> dict[str, Decided]:
    """Return the decisions about a case, by finding id."""
    rows = database.execute(select(Decided).where(Decided.case_id == case.id)).scalars()
    return {row.finding_id: row for row in rows}


def progress(findings: Sequence[Mapping[str, Any]], decided: Mapping[str, Any]) -> dict[str, int]:
    """Return the numbers of findings at block and review, of those decided, and of undecided notes.

    Places are counted, as everywhere: several with the same id share one decision.
    """
    numbers = Counter((one["level"] == "note", one["id"] in decided) for one in findings if one["suppressed"] is None)
    done = numbers[False, True]
    return {"asked": done + numbers[False, False], "decided": done, "notes_left": numbers[True, False]}


def decisions_for_export(database: Session, case: Case, scan: Scan) -> tuple[DocumentDecisions, ...]:
    """Return the decisions about a case for reports and decisions.json; reviewers are those who signed this round."""
    rows = decisions_of(database, case)
    sha256 = (scan.result or {}).get("document", {}).get("sha256")
    findings = {key: Decision(row.verdict, row.reason, row.by) for key, row in rows.items()}
    signed = (
        select(Step).where(Step.case_id == case.id, Step.kind == "sign", Step.round == case.round).order_by(Step.id)
    )
    steps = list(database.execute(signed).scalars())
    return (
        DocumentDecisions(
            sha256,
            case.name,
            attribute=cast("Attribute | None", case.attribute),
            clause=case.clause,
            stage=STAGES[steps[-1].stage] if steps else "",
            reviewer="、".join(f"{STAGES[step.stage]} {step.name}" for step in steps) or case.attribute_by,
            time=iso(steps[-1].at if steps else case.changed),
            findings=findings,
        ),
    )


def _before(database: Session, case: Case, finding_ids: Sequence[str]) -> dict[str, Any]:
    rows = decisions_of(database, case)
    return {key: [rows[key].verdict, rows[key].reason, rows[key].by] if key in rows else None for key in finding_ids}


def _put(database: Session, case: Case, finding_id: str, finding: Mapping[str, Any], decision: Any) -> None:  # noqa: ANN401
    """Store a decision (verdict, reason, by, time), or withdraw it (None)."""
    database.execute(delete(Decided).where(Decided.case_id == case.id, Decided.finding_id == finding_id))
    if decision is not None:
        verdict, reason, by, at = decision
        row = Decided(case_id=case.id, finding_id=finding_id, verdict=verdict, reason=reason, by=by, at=at)
        row.rule_id, row.level = finding["rule_id"], finding["level"]
        database.add(row)


def _forget_old(database: Session, case: Case) -> None:
    database.flush()
    newest = select(Action.id).where(Action.case_id == case.id).order_by(Action.id.desc()).limit(_ACTIONS_KEPT)
    database.execute(delete(Action).where(Action.case_id == case.id, Action.id.not_in(newest)))
