"""The log: every decision, download and login, in order, each line chained to the one before by SHA-256.

A changed, missing or inserted line breaks the chain (`prescan log verify`). Removing lines at the end does not: keep
the last hash elsewhere and pass it to `verify`. Lines contain accounts, cases and finding ids, never text of documents.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select, text

from prescan.types import ATTRIBUTE_LABELS
from prescan.web.store import APPEND_ONLY
from prescan.web.tables import Anchor, Entry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_BEGIN: Final = "0" * 64

#: Labels of the stages of a case.
STAGES: Final = {
    "draft": "拟稿",
    "first": "初审",
    "second": "复审",
    "final": "终审",
    "signed": "已签发",
    "discarded": "已作废",
}
#: Labels of the logged actions.
ACTIONS: Final = {
    "login": "登录",
    "login_failed": "登录失败",
    "logout": "退出",
    "user_added": "新增账号",
    "user_changed": "修改账号",
    "token_added": "新增接口令牌",
    "token_removed": "撤销接口令牌",
    "scan": "送检",
    "rescanned": "上传修改稿",
    "rescan": "重新审查",
    "decided": "处置疑点",
    "undone": "撤销处置",
    "attribute": "认定公开属性",
    "noted": "写备注",
    "notes_seen": "提示已阅",
    "unread_reason": "说明未读内容",
    "revealed": "查看明文",
    "page_image": "查看页面图像",
    "submit": "送审",
    "sign": "签批",
    "return": "退回",
    "discard": "作废",
    "download": "下载",
    "settings": "修改设置",
    "deleted": "删除原件",
    "purge": "清理",
    "started": "启动服务",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of checking the log: number of lines, last hash, line where the chain breaks (None: nowhere)."""

    lines: int
    last: str
    broken_at: int | None


def add(session: Session, who: str, action: str, subject: str = "", **facts: Any) -> None:  # noqa: ANN401  plain JSON
    """Add a line to the log, in the caller's transaction, so that an action and its log line are stored together."""
    last = session.execute(select(Entry).order_by(Entry.seq.desc()).limit(1)).scalar_one_or_none()
    seq, before = (last.seq, last.hash) if last else _anchor(session)
    at = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    facts_json = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    line = Entry(seq=seq + 1, at=at, who=who, action=action, subject=subject, facts=facts_json, hash="")
    line.hash = _hash(before, line)
    session.add(line)
    session.flush()


def verify(session: Session, expected: str | None = None) -> Verified:
    """Check the whole chain. `expected`, a hash noted earlier, must belong to one of its lines."""
    seq, before = _anchor(session)
    lines, has_expected = 0, expected is None or expected == before
    for line in session.execute(select(Entry).order_by(Entry.seq)).scalars():
        if line.seq != seq + 1 or line.hash != _hash(before, line):
            return Verified(lines, before, line.seq)
        seq, before, lines = line.seq, line.hash, lines + 1
        has_expected = has_expected or line.hash == expected
    return Verified(lines, before, None if has_expected else seq)


def in_words(line: Entry) -> str:
    """Return what a line says beside its action, as its reader would say it."""
    facts = json.loads(line.facts)
    parts = [
        f"{len(facts['findings'])} 处" if "findings" in facts else "",
        str(facts.get("verdict") or ("撤回" if line.action == "decided" else "")),
        STAGES.get(facts.get("stage", ""), "") if line.action not in {"submit", "return"} else "",
        ATTRIBUTE_LABELS.get(facts.get("attribute", ""), ""),
        str(facts.get("clause", "")),
        str(facts.get("what", "")),
        f"第 {facts['page']} 页" if "page" in facts else "",
        f"疑点 {facts['finding'][:8]}" if facts.get("finding") else "",
        "审查台" if facts.get("keep") == "review" else "",
        "接口" if facts.get("keep") in {"once", "hour"} else "",
        f"停用规则 {'、'.join(facts['rules_off'])}" if facts.get("rules_off") else "",
        f"角色 {'、'.join(facts['roles'])}" if facts.get("roles") else "",
        f"权限 {'、'.join(facts['scopes'])}" if facts.get("scopes") else "",
        {True: "停用", False: "启用"}.get(facts.get("disabled"), ""),
        f"第 {facts['item'] + 1} 项" if "item" in facts else "",
        f"原件 {facts['uploads']} 份，接口 {facts['api']} 份，日志 {facts['lines']} 条" if "uploads" in facts else "",
    ]
    return "，".join(filter(None, parts))


def purge(session: Session, before: datetime.datetime) -> int:
    """Delete lines older than `before` and return how many; the rest of the chain can still be verified."""
    cutoff = before.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
    last = session.execute(
        select(Entry).where(Entry.at < cutoff).order_by(Entry.seq.desc()).limit(1)
    ).scalar_one_or_none()
    if last is None:
        return 0
    session.execute(delete(Anchor))
    session.add(Anchor(id=1, seq=last.seq, hash=last.hash))
    session.execute(text("DROP TRIGGER log_no_delete"))
    deleted = session.execute(delete(Entry).where(Entry.seq <= last.seq))
    for statement in APPEND_ONLY:
        session.execute(text(statement))
    return int(getattr(deleted, "rowcount", 0))


def _anchor(session: Session) -> tuple[int, str]:
    found = session.get(Anchor, 1)
    return (found.seq, found.hash) if found else (0, _BEGIN)


def _hash(before: str, line: Entry) -> str:
    content = json.dumps([line.seq, line.at, line.who, line.action, line.subject, line.facts], ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{content}".encode()).hexdigest()
