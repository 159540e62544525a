"""The log: every decision, download and login, in order, each line bound to the one before by SHA-256.

A changed, missing or inserted line breaks the chain (`prescan log verify`). Cutting off its end does not: write down
the last hash elsewhere and give it to `verify`. Lines name accounts, cases and finding ids, never text of a document.
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

#: How far a document is, in words.
STAGES: Final = {
    "draft": "拟稿",
    "first": "初审",
    "second": "复审",
    "final": "终审",
    "signed": "已签发",
    "discarded": "已作废",
}
#: What the log says, in words of the people who read it.
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
    """What checking the log gave: how many lines, the last hash, and where it breaks (None = nowhere)."""

    lines: int
    last: str
    broken_at: int | None


def add(session: Session, who: str, action: str, subject: str = "", **facts: Any) -> None:  # noqa: ANN401  plain JSON
    """Add a line in the caller's transaction: what happened and its trail are stored together or not at all."""
    last = session.execute(select(Entry).order_by(Entry.seq.desc()).limit(1)).scalar_one_or_none()
    seq, before = (last.seq, last.hash) if last else _anchor(session)
    at = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    shown = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    line = Entry(seq=seq + 1, at=at, who=who, action=action, subject=subject, facts=shown, hash="")
    line.hash = _hash(before, line)
    session.add(line)
    session.flush()


def verify(session: Session, expected: str | None = None) -> Verified:
    """Walk the chain from its beginning. `expected`, a hash written down earlier, must be one of its lines."""
    seq, before = _anchor(session)
    lines, seen = 0, expected is None or expected == before
    for line in session.execute(select(Entry).order_by(Entry.seq)).scalars():
        if line.seq != seq + 1 or line.hash != _hash(before, line):
            return Verified(lines, before, line.seq)
        seq, before, lines = line.seq, line.hash, lines + 1
        seen = seen or line.hash == expected
    return Verified(lines, before, None if seen else seq)


def in_words(line: Entry) -> str:
    """Return what a line says beside its action, as its reader would say it."""
    told = json.loads(line.facts)
    said = [
        f"{len(told['findings'])} 处" if "findings" in told else "",
        str(told.get("verdict") or ("撤回" if line.action == "decided" else "")),
        STAGES.get(told.get("stage", ""), "") if line.action not in {"submit", "return"} else "",
        ATTRIBUTE_LABELS.get(told.get("attribute", ""), ""),
        str(told.get("clause", "")),
        str(told.get("what", "")),
        f"第 {told['page']} 页" if "page" in told else "",
        f"疑点 {told['finding'][:8]}" if told.get("finding") else "",
        "审查台" if told.get("keep") == "review" else "",
        "接口" if told.get("keep") in {"once", "hour"} else "",
        f"停用规则 {'、'.join(told['rules_off'])}" if told.get("rules_off") else "",
        f"角色 {'、'.join(told['roles'])}" if told.get("roles") else "",
        f"权限 {'、'.join(told['scopes'])}" if told.get("scopes") else "",
        {True: "停用", False: "启用"}.get(told.get("disabled"), ""),
        f"第 {told['item'] + 1} 项" if "item" in told else "",
        f"原件 {told['uploads']} 份，接口 {told['api']} 份，日志 {told['lines']} 条" if "uploads" in told else "",
    ]
    return "，".join(filter(None, said))


def purge(session: Session, before: datetime.datetime) -> int:
    """Remove lines older than `before` from the beginning of the log; return how many. The chain stays checkable."""
    mark = before.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
    last = session.execute(
        select(Entry).where(Entry.at < mark).order_by(Entry.seq.desc()).limit(1)
    ).scalar_one_or_none()
    if last is None:
        return 0
    session.execute(delete(Anchor))
    session.add(Anchor(id=1, seq=last.seq, hash=last.hash))
    session.execute(text("DROP TRIGGER log_no_delete"))
    gone = session.execute(delete(Entry).where(Entry.seq <= last.seq))
    for statement in APPEND_ONLY:
        session.execute(text(statement))
    return int(getattr(gone, "rowcount", 0))


def _anchor(session: Session) -> tuple[int, str]:
    found = session.get(Anchor, 1)
    return (found.seq, found.hash) if found else (0, _BEGIN)


def _hash(before: str, line: Entry) -> str:
    told = json.dumps([line.seq, line.at, line.who, line.action, line.subject, line.facts], ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{told}".encode()).hexdigest()
