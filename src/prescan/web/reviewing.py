"""The data of the review page besides the document: findings, decisions, what is missing, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from prescan.decisions.ledger import SUPPRESSING, VERDICTS
from prescan.report.shown import ALL_HANDLED, Contexts
from prescan.resources import finding_types
from prescan.types import (
    ATTRIBUTE_LABELS,
    CONFIDENCE_LABELS,
    HANDLING_LABELS,
    LEVEL_LABELS,
    VERDICT_LABELS,
)
from prescan.web import deciding, flow
from prescan.web.cases import is_open, is_owner
from prescan.web.clock import local_time
from prescan.web.people import REVIEWERS
from prescan.web.problems import Problem
from prescan.web.shown import MASKED
from prescan.web.tables import Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from prescan.rules import RuleBase
    from prescan.types import ScanResult, Suggestion
    from prescan.web.people import Person
    from prescan.web.sitting import Sitting
    from prescan.web.tables import Case, Decided, Scan

STEP_LABELS = {
    "submit": "送审",
    "sign": "签批",
    "return": "退回",
    "correct": "上传修改稿",
    "discard": "作废",
    "rescan": "按新设置重新审查",
}


def page_data(sitting: Sitting, result: ScanResult) -> dict[str, Any]:
    """Return the data for the script of the review page; it has no values in clear."""
    case, person = sitting.case, sitting.person
    decided = deciding.decisions_of(sitting.database, case)
    return {
        "case": case.id,
        "scan": sitting.scan.id,
        "stage": case.stage,
        "csrf": person.csrf,
        "may": may_decide(case, person),
        "verdicts": list(VERDICTS),
        "needReason": sorted(SUPPRESSING),
        "reasons": list(deciding.REASONS),
        "findings": list(_findings(result, decided)),
        "rules": _rules(result, sitting.office.scanner.rules),
        "notes": _notes(sitting.database, case),
        "unread": len(result.unread),
        "read": bool(result.document.text.strip()),
    }


def may_decide(case: Case, person: Person) -> bool:
    """Return whether a person may decide about a case now."""
    try:
        deciding.check_may_decide(case, person)
    except Problem:
        return False
    return True


def rights(case: Case, person: Person) -> dict[str, bool]:
    """Return which steps of the flow this person may take now."""
    deciding_now = may_decide(case, person)
    owner = is_owner(case, person)
    return {
        "decide": deciding_now,
        "submit": owner and case.stage == "draft",
        "correct": owner and case.stage == "draft",
        "discard": owner and is_open(case),
        "sign": deciding_now and case.stage in REVIEWERS,
        "return": deciding_now and case.stage in REVIEWERS,
    }


def suggestion_data(suggestion: Suggestion | None, rules: RuleBase) -> dict[str, Any] | None:
    """Return the suggestion with labels and reasons for the page; None if nothing could be read."""
    if suggestion is None:
        return None
    return {
        "attribute": suggestion.attribute,
        "label": ATTRIBUTE_LABELS[suggestion.attribute],
        "abstained": suggestion.abstained,
        "probability": round(100 * suggestion.probabilities[suggestion.attribute]),
        "probabilities": [
            (ATTRIBUTE_LABELS[name], round(100 * share)) for name, share in suggestion.probabilities.items()
        ],
        "handling": HANDLING_LABELS[suggestion.handling] if suggestion.handling != "whole" else "",
        "reasons": [
            {"text": reason.text, "clause": reason.clause, "gist": rules.statutes.get(reason.clause, "")}
            for reason in suggestion.reasons[:4]
        ],
        "clause": next((clause for clause in suggestion.basis if clause in rules.grounds), ""),
        "declared": ATTRIBUTE_LABELS[suggestion.declared] if suggestion.declared else "",
        "conflict": suggestion.conflict,
    }


def clauses(rules: RuleBase) -> dict[str, str]:
    """Return the clauses that can justify 不予公开 with their gist, those of 条例 first."""
    return {
        name: rules.statutes[name]
        for name in sorted(rules.statutes, key=lambda name: not name.startswith("条例 "))
        if name in rules.grounds
    }


def history(database: Session, case: Case) -> list[dict[str, Any]]:
    """Return the steps of a case with labels."""
    return [
        {
            "what": STEP_LABELS[step.kind],
            "stage": deciding.STAGES[step.stage],
            "name": step.name,
            "text": step.text,
            "at": local_time(step.at),
            "round": step.round,
            "kind": step.kind,
        }
        for step in flow.steps_of(database, case)
    ]


def verdict_words(scan: Scan) -> str:
    """Return the label of a scan's verdict, or of its status if it is not done."""
    states = {"queued": "排队中", "running": "扫描中", "failed": "扫描未完成"}
    handled = scan.counts.get("handled", 0) if scan.verdict == "clear" else 0
    words = f"{ALL_HANDLED}（{handled} 处）" if handled else VERDICT_LABELS.get(scan.verdict or "", "")
    return states.get(scan.status) or words


def _findings(result: ScanResult, decided: Mapping[str, Decided]) -> Any:  # noqa: ANN401  an iterator of dicts
    contexts = Contexts(result, MASKED)
    equal: dict[tuple[str, str], int] = {}
    text = result.document.text
    for number, finding in enumerate(result.findings):
        decision = decided.get(finding.id)
        value = (finding.type, text[finding.start : finding.end] if finding.start is not None else finding.id)
        yield {
            "n": number,
            "id": finding.id,
            "rule": finding.rule_id,
            "type": finding_types()[finding.type].label,
            "category": finding.category,
            "level": finding.level,
            "levelWord": LEVEL_LABELS[finding.level],
            "sure": CONFIDENCE_LABELS[finding.confidence],
            "masked": finding.masked,
            "context": contexts.around(finding),
            "place": contexts.place_within(finding.location),
            "evidence": list(finding.evidence),
            "message": finding.message,
            "group": equal.setdefault(value, len(equal)),
            "value": finding.start is not None and finding.category == "personal",
            "page": finding.location.page,
            "bbox": finding.location.bbox,
            "silenced": finding.suppressed.reason if finding.suppressed else None,
            "decision": {"verdict": decision.verdict, "reason": decision.reason, "by": decision.by}
            if decision
            else None,
        }


def _rules(result: ScanResult, base: RuleBase) -> dict[str, Any]:
    """Return, by rule id, clauses with gist and advice, which are the same for all its findings."""
    by_rule: dict[str, Any] = {}
    for finding in result.findings:
        if finding.rule_id not in by_rule:
            basis = [{"clause": clause, "gist": base.statutes.get(clause, "")} for clause in finding.basis]
            by_rule[finding.rule_id] = {"basis": basis, "advice": finding.advice}
    return by_rule


def _notes(database: Session, case: Case) -> list[dict[str, str]]:
    rows = database.execute(select(Note).where(Note.case_id == case.id).order_by(Note.id)).scalars()
    return [{"finding": row.finding_id, "text": row.text, "by": row.by, "at": local_time(row.at)} for row in rows]
