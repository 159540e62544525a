"""The register of signed documents and the statistics of the office."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import or_, select

from prescan.decisions.ledger import FALSE_ALARM, VERDICTS
from prescan.report.csv import safe
from prescan.types import ATTRIBUTE_LABELS, ATTRIBUTES, VERDICT_LABELS
from prescan.web import trail
from prescan.web.asking import office_of
from prescan.web.cases import SIGNED, is_open, owned_by
from prescan.web.charts import bars, grid, stacked
from prescan.web.clock import local_time
from prescan.web.pages import Visitor, page
from prescan.web.problems import Problem
from prescan.web.reviewing import verdict_words
from prescan.web.tables import Case, Decided, Scan, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from prescan.web.people import Person

router = APIRouter(include_in_schema=False)

CATEGORY_LABELS: Final = {
    "personal": "个人信息",
    "sensitive_personal": "敏感个人信息",
    "state_secret": "国家秘密",
    "work_secret": "工作秘密",
    "trade_secret": "商业秘密",
    "process": "过程性信息",
    "law_enforcement": "执法案卷",
    "safety": "三安全一稳定",
    "attribute": "公开属性",
    "flow": "流程",
    "hidden_content": "隐藏内容",
}
#: The columns of the table for other programs, and their headings.
_COLUMNS: Final = {
    "number": "编号",
    "name": "材料名称",
    "title": "标题",
    "owner": "拟稿人",
    "verdict": "机审结论",
    "attribute": "公开属性",
    "clause": "依据",
    "conclusion": "审查结论",
    "signers": "签批",
    "at": "签发时间",
}
_MONTHS: Final = 12
_RULES: Final = 12


@router.get("/register")
def register(request: Request, person: Visitor, q: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """台账：已签发的文件，各有审查记录。"""
    with office_of(request).store.read() as database:
        rows = [
            row for row in _signed(database, person) if q.strip().lower() in " ".join(map(str, row.values())).lower()
        ]
    return page(request, "register.html", person, rows=rows[:500], q=q, more=len(rows) > 500)  # noqa: PLR2004


@router.get("/register.csv")
def register_csv(request: Request, person: Visitor) -> Response:
    """台账，供表格软件打开。"""
    with office_of(request).store.write() as database:
        rows = list(_signed(database, person))
        trail.add(database, person.login, "download", "", what="register")
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(_COLUMNS.values())
    table.writerows([safe(str(row[name] or "")) for name in _COLUMNS] for row in rows)
    headers = {"Content-Disposition": "attachment; filename*=UTF-8''%E5%8F%B0%E8%B4%A6.csv"}
    return Response(out.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/statistics")
def statistics(request: Request, person: Visitor) -> HTMLResponse:
    """统计：送检、疑点、处置和公开属性。"""
    if not person.reviews and "admin" not in person.roles:
        raise Problem("forbidden")
    with office_of(request).store.read() as database:
        values = _statistics(database, {rule.id: rule.name for rule in office_of(request).scanner.rules.rules})
    return page(request, "statistics.html", person, **values)


def _signed(database: Session, person: Person) -> list[dict[str, Any]]:
    visible = or_(owned_by(person), Case.stage == SIGNED) if person.reviews else owned_by(person)
    statement = select(Case, Scan).join(Scan, Scan.id == Case.scan_id).where(Case.stage == SIGNED, visible)
    signers: dict[str, list[str]] = defaultdict(list)
    for step, case in database.execute(
        select(Step, Case).join(Case, Case.id == Step.case_id).where(Step.kind == "sign", Step.round == Case.round)
    ):
        signers[case.id].append(step.name)
    return [
        {
            "id": case.id,
            "scan": scan.id,
            "number": case.number,
            "name": case.name,
            "title": case.title or "",
            "owner": case.owner_name,
            "verdict": verdict_words(scan),
            "attribute": ATTRIBUTE_LABELS.get(case.attribute or "", ""),
            "clause": case.clause,
            "conclusion": case.conclusion,
            "signers": "、".join(signers[case.id]),
            "at": local_time(case.changed),
        }
        for case, scan in database.execute(statement.order_by(Case.changed.desc()))
    ]


def _statistics(database: Session, names: Mapping[str, str]) -> dict[str, Any]:
    rows = list(
        database.execute(select(Case, Scan).join(Scan, Scan.id == Case.scan_id).where(Case.purpose == "review"))
    )
    done = [(case, scan) for case, scan in rows if scan.status == "done"]
    categories: Counter[str] = Counter()
    for _, scan in done:
        categories.update(scan.counts.get("categories", {}))
    decided = [tuple(row) for row in database.execute(select(Decided.rule_id, Decided.verdict))]
    verdicts = Counter(verdict for _, verdict in decided)
    months, by_month = _by_month(done)
    return {
        "totals": {
            "送检文件": len(rows),
            "已签发": sum(case.stage == SIGNED for case, _ in rows),
            "办理中": sum(is_open(case) for case, _ in rows),
            "有未读内容": sum(bool(scan.counts.get("unread")) for _, scan in done),
            "阻断级疑点": sum(int(scan.counts.get("block", 0)) for _, scan in done),
        },
        "charts": [
            ("每月送检文件，按机审结论", stacked("每月送检文件", months, by_month), list(by_month)),
            ("疑点类别", bars("疑点类别", {CATEGORY_LABELS[n]: c for n, c in categories.most_common(11)}), []),
            ("处置", bars("处置", {verdict: verdicts[verdict] for verdict in VERDICTS if verdicts[verdict]}), []),
            ("公开属性：机器建议（行）与人工认定（列）", _attributes(done), []),
        ],
        "rules": _rules(done, decided, names),
    }


def _by_month(done: list[Any]) -> tuple[list[str], dict[str, list[int]]]:
    by_month: dict[str, Counter[str]] = defaultdict(Counter)
    for case, scan in done:
        by_month[case.created.strftime("%Y-%m")][scan.verdict or ""] += 1
    months = sorted(by_month)[-_MONTHS:]
    return months, {label: [by_month[month][name] for month in months] for name, label in VERDICT_LABELS.items()}


def _attributes(done: list[Any]) -> Any:  # noqa: ANN401  markup
    suggested = (*ATTRIBUTES, "abstained")
    counts: Counter[tuple[int, int]] = Counter()
    for case, scan in done:
        if case.attribute and scan.suggested:
            counts[suggested.index(scan.suggested), ATTRIBUTES.index(case.attribute)] += 1
    names = [*(ATTRIBUTE_LABELS[name] for name in ATTRIBUTES), "无法判断"]
    return grid("公开属性", names, names[:3], counts)


def _rules(done: list[Any], decided: list[Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rules with most findings, and how often people decided them to be false alarms."""
    finding_counts: Counter[str] = Counter()
    for _, scan in done:
        finding_counts.update(scan.counts.get("rules", {}))
    judged = Counter(rule for rule, _ in decided)
    wrong = Counter(rule for rule, verdict in decided if verdict == FALSE_ALARM)
    return [
        {
            "id": rule,
            "name": names.get(rule, "（已停用）"),
            "spoke": count,
            "judged": judged[rule],
            "wrong": wrong[rule],
            "share": f"{100 * wrong[rule] / judged[rule]:.0f}%" if judged[rule] else "—",
        }
        for rule, count in finding_counts.most_common(_RULES)
    ]
