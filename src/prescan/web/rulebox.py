"""The HTTP API `/v1/rules`: lists the rules in force and tries them on a text."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from prescan.detect import Compiled, Reading
from prescan.errors import RuleError
from prescan.formats.text import lines
from prescan.quality.why import why
from prescan.report.json import as_object
from prescan.resources import finding_types
from prescan.rules import Rule
from prescan.types import Document
from prescan.web.asking import Asker, office_of, scoped
from prescan.web.office import Office
from prescan.web.problems import Problem
from prescan.web.shapes import Answer, Article, RuleDetail, RuleOut, Tried, TryIn, problems
from prescan.web.shown import MASKED

router = APIRouter(prefix="/v1/rules", tags=["rules"])


@router.get("", responses=problems())
def rules(request: Request, person: Asker) -> list[RuleOut]:
    """列出在用的规则。"""
    scoped(person, "read")
    found = office_of(request).scanner.rules.rules
    return [RuleOut(**_row(rule)) for rule in sorted(found, key=lambda rule: rule.id)]


@router.get("/{rule_id}", responses=problems(404, 422))
def rule(
    request: Request, person: Asker, rule_id: Annotated[str, Path(pattern="^[A-Z]{3,8}-[0-9]{3,4}$")]
) -> RuleDetail:
    """一条规则：依据的条款和例子。"""
    scoped(person, "read")
    base = office_of(request).scanner.rules
    found = _one(base.rules, rule_id)
    articles = [Article(clause=clause, gist=base.statutes[clause]) for clause in found.basis]
    examples: dict[str, Any] = {"find": list(found.find), "passes": list(found.passes)}
    return RuleDetail(**_row(found), reason=found.reason, articles=articles, **examples)


@router.post("/try", responses=problems(404, 422, 429, 503))
def try_out(request: Request, person: Asker, payload: TryIn) -> Tried:
    """在一段文字上试规则；给出 rule_id 时说明它为什么命中或没有命中。文字不保存。"""
    scoped(person, "scan")
    return tried(office_of(request), payload.text, payload.rule_id)


def tried(office: Office, text: str, rule_id: str | None) -> Tried:
    """Scan a text, and explain why one rule does or does not apply to it. Raises Problem."""
    scanner = office.scanner
    rule = _one(scanner.rules.rules, rule_id) if rule_id else None
    result = scanner.scan_text(text, in_worker=True)
    answers = []
    if rule and text.strip():
        reading = Reading.of(Document.of("", "text/plain", None, lines(text)))
        try:
            answers_of_rule = why(rule, reading, Compiled(scanner.rules), "draft")
        except RuleError as error:
            raise Problem("invalid", str(error)) from None
        answers = [Answer(start=one.start, end=one.end, said=one.sentence) for one in answers_of_rule]
    return Tried(result=as_object(result, MASKED), why=answers)


def _one(known: tuple[Rule, ...], rule_id: str) -> Rule:
    for candidate in known:
        if candidate.id == rule_id:
            return candidate
    raise Problem("not_found", "没有这条规则，请核对编号")


def _row(rule: Rule) -> dict[str, Any]:
    kind = finding_types()[rule.type]
    fields = {"id": rule.id, "name": rule.name, "type": rule.type, "category": kind.category}
    return {**fields, "level": rule.level or kind.level, "basis": list(rule.basis), "advice": rule.advice}
