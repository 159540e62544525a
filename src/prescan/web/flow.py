"""The flow 拟稿 → 初审 → 复审 → 终审 → 已签发: handing in, signing, returning, and what a signature requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from prescan.decisions.ledger import CONFIRMED
from prescan.report.record_fields import CONCLUSIONS, ON_REQUEST, PUBLISH, PUBLISH_REDACTED, WITHHOLD
from prescan.web.cases import DISCARDED, SIGNED, findings_of, is_owner, release_uploads
from prescan.web.clock import now
from prescan.web.deciding import check_may_decide, clean, decisions_of, progress
from prescan.web.people import REVIEWERS
from prescan.web.problems import Problem
from prescan.web.tables import Case, Step

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from prescan.web.sitting import Sitting
    from prescan.web.tables import Scan

NEXT: Final = {"draft": "first", "first": "second", "second": "final", "final": SIGNED}
#: Conclusion → attributes compatible with it.
_FITTING: Final = {
    PUBLISH: {"proactive"},
    PUBLISH_REDACTED: {"proactive", "on_request"},
    ON_REQUEST: {"on_request"},
    WITHHOLD: {"withheld"},
}


def missing(database: Session, case: Case, scan: Scan) -> list[str]:
    """Return what is missing before a case can be signed (Chinese sentences); [] = nothing."""
    if scan.status != "done":
        return ["文件还没有扫描完" if scan.status != "failed" else "扫描没有完成，请重新上传"]
    sentences = []
    findings = findings_of(scan)
    done = progress(findings, decisions_of(database, case))
    if left := done["asked"] - done["decided"]:
        sentences.append(f"还有 {left} 处疑点未处置")
    if done["notes_left"] and not case.notes_seen:
        sentences.append(f"还有 {done['notes_left']} 处提示未确认已阅")
    unread = (scan.result or {}).get("unread", [])
    without = [item for number, item in enumerate(unread) if not case.unread_reasons.get(str(number))]
    if without:
        sentences.append(f"还有 {len(without)} 项未读内容没有说明如何处理")
    if case.attribute is None:
        sentences.append("还没有认定公开属性")
    return sentences


def hand_in(sitting: Sitting) -> None:
    """Send a draft to 初审. Raises Problem."""
    if not is_owner(sitting.case, sitting.person) or sitting.case.stage != "draft":
        raise Problem("not_allowed_now", "只有拟稿人可以把拟稿环节的文件送审")
    if sitting.scan.status != "done":
        raise Problem("not_allowed_now", "文件还没有扫描完，请稍候再送审")
    sitting.add_step("submit")
    _move(sitting, "submit")


def sign(sitting: Sitting, *, name: str, text: str, conclusion: str) -> None:
    """Sign a case at its level. Raises Problem naming what is missing."""
    case, person = sitting.case, sitting.person
    check_may_decide(case, person)
    if case.stage not in REVIEWERS:
        raise Problem("not_allowed_now", "请先送审")
    signer = clean(name, None) if person.id is None else person.name
    if not signer:
        raise Problem("invalid", "请填写签批人姓名")
    _check_separate(sitting)
    if left := missing(sitting.database, case, sitting.scan):
        raise Problem("not_allowed_now", "；".join(left))
    if case.stage == "final":
        _check_conclusion(sitting.database, case, conclusion)
        case.conclusion = conclusion
    sitting.add_step("sign", name=signer, text=clean(text, sitting.result))
    _move(sitting, "sign")


def send_back(sitting: Sitting, reason: str) -> None:
    """Return a case to its drafter with a reason. Raises Problem."""
    case = sitting.case
    check_may_decide(case, sitting.person)
    cleaned_reason = clean(reason, sitting.result)
    if case.stage not in REVIEWERS:
        raise Problem("not_allowed_now", "文件在拟稿环节，不用退回")
    if not cleaned_reason:
        raise Problem("invalid", "退回要写明原因")
    sitting.add_step("return", text=cleaned_reason)
    sitting.log("return", stage=case.stage)
    case.stage, case.round, case.changed, case.notes_seen = "draft", case.round + 1, now(), ""


def discard(sitting: Sitting) -> list[str]:
    """End a case without a signature; return the scans whose uploads the caller removes. Raises Problem."""
    case, person = sitting.case, sitting.person
    if not is_owner(case, person) or case.stage == SIGNED:
        raise Problem("not_allowed_now", "只有拟稿人可以作废未签发的文件")
    sitting.add_step("discard")
    sitting.log("discard")
    case.stage, case.changed = DISCARDED, now()
    return release_uploads(sitting.database, case, person.login)


def see_notes(sitting: Sitting) -> None:
    """Note that the findings at level note were seen. Raises Problem."""
    case, person = sitting.case, sitting.person
    check_may_decide(case, person)
    case.notes_seen, case.changed = person.name, now()
    sitting.log("notes_seen")


def explain_unread(sitting: Sitting, number: int, reason: str) -> None:
    """Record how something that could not be read was dealt with. Raises Problem."""
    case = sitting.case
    check_may_decide(case, sitting.person)
    cleaned_reason = clean(reason, sitting.result)
    if not 0 <= number < len((sitting.scan.result or {}).get("unread", [])):
        raise Problem("not_found")
    if not cleaned_reason:
        raise Problem("invalid", "请写明如何处理，如：已人工阅看纸质原件")
    case.unread_reasons, case.changed = {**case.unread_reasons, str(number): cleaned_reason}, now()
    sitting.log("unread_reason", item=number)


def steps_of(database: Session, case: Case) -> list[Step]:
    """Return the history of a case."""
    return list(database.execute(select(Step).where(Step.case_id == case.id).order_by(Step.id)).scalars())


def _check_separate(sitting: Sitting) -> None:
    """Raise Problem if a person with an account would sign twice, or sign their own draft."""
    case, person = sitting.case, sitting.person
    if person.id is None:
        return
    if is_owner(case, person):
        raise Problem("not_allowed_now", "拟稿人不能签批自己的文件")
    earlier = (step for step in steps_of(sitting.database, case) if step.kind == "sign" and step.round == case.round)
    if any(step.who == person.login for step in earlier):
        raise Problem("not_allowed_now", "同一个人不能签批同一份文件的两级")


def _check_conclusion(database: Session, case: Case, conclusion: str) -> None:
    if conclusion not in CONCLUSIONS:
        raise Problem("invalid", "终审要选定审查结论")
    if conclusion in _FITTING and case.attribute not in _FITTING[conclusion]:
        raise Problem("not_allowed_now", "审查结论与认定的公开属性不一致，请改其中一项")
    to_handle = [row for row in decisions_of(database, case).values() if row.verdict == CONFIRMED]
    if conclusion == PUBLISH and to_handle:
        detail = f"有 {len(to_handle)} 处疑点属实须处理：请退回修改，或选“{PUBLISH_REDACTED}”"
        raise Problem("not_allowed_now", detail)


def _move(sitting: Sitting, action: str) -> None:
    case = sitting.case
    sitting.log(action, stage=case.stage)
    case.stage, case.changed = NEXT[case.stage], now()
