"""Results built by hand: of every shape, with fixed ids and words, so that only a writer can change what is written."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace

from invented import BANK_CARD, MOBILE, RESIDENT_ID

from prescan.decisions.ledger import Decision, DocumentDecisions
from prescan.types import (
    Block,
    Document,
    Finding,
    Location,
    Part,
    Reason,
    ScanResult,
    Suggestion,
    Suppression,
    Unread,
)

TODAY = datetime.date(2026, 3, 2)
VERSIONS = {"prescan": "0.0.0", "rules": "0123456789ab", "model": "ba9876543210"}
TITLE = "青禾县临时救助发放情况公示"
VALUES = (RESIDENT_ID, BANK_CARD, MOBILE)

_BLOCKS = (
    Block(TITLE, Location("body", 1, 1)),
    Block("现将有关情况公示如下，有异议的请向县民政局反映。", Location("body", 1, 2)),
    *(Block(text, Location("table", 1, None, f"表1!{cell}"), sep) for text, cell, sep in [
        ("姓名", "A1", "\t"), ("身份证号", "B1", "\t"), ("银行卡号", "C1", "\u2029"),
        ("王小满", "A2", "\t"), (RESIDENT_ID, "B2", "\t"), (BANK_CARD, "C2", "\u2029"),
    ]),
    Block("经商议，", Location("body", 1, 3), ""),
    Block("首年不超过二十万元，", Location("inserted", 1, 3), "", "tracked_change", "柏* 2026-01-05 插入的文字"),
    Block("余款次年拨付。", Location("body", 1, 3)),
    Block(f"=此人电话{MOBILE}", Location("comment"), hidden="comment", note="祁* 2026-01-06 批注"),
    Block("", Location("attachment"), hidden="embedded_file", note="内嵌文件：xlsx"),
)  # fmt: skip


def _finding(number: int, kind: str, category: str, level: str, span: tuple[int, int] | None, **more) -> Finding:
    held = {
        "id": f"{number:016x}",
        "rule_id": f"PII-{number:03}",
        "type": kind,
        "category": category,
        "level": level,
        "confidence": "certain",
        "start": span[0] if span else None,
        "end": span[1] if span else None,
        "masked": "",
        "message": f"疑似{kind}",
        "evidence": ("所在列的标题有相应字样",),
        "basis": ("条例 第十五条", "民法典 第一千零三十四条"),
        "advice": "整列删除",
        "location": Location(),
    }
    return Finding(**{**held, **more})


def found() -> ScanResult:
    """Return a result with findings of every level, hidden places, a silenced finding and something unread."""
    document = Document("救助公示.docx", "application/x-test", hashlib.sha256(b"1").hexdigest(), _BLOCKS)
    text = document.text

    def at(value: str) -> tuple[int, int]:
        start = text.index(value)
        return start, start + len(value)

    def place(value: str) -> Location:
        return document.block_at(text.index(value)).location

    inserted, remark = "首年不超过二十万元，", f"=此人电话{MOBILE}"
    findings = (
        _finding(1, "person_name", "personal", "review", at("王小满"), masked="王**", location=place("王小满")),
        _finding(2, "resident_id", "personal", "block", at(RESIDENT_ID), masked="11*************028",
                 location=place(RESIDENT_ID)),
        _finding(3, "bank_card", "personal", "block", at(BANK_CARD), masked="***************0018",
                 location=place(BANK_CARD), suppressed=Suppression("已获授权同意", "李某", TODAY)),
        _finding(4, "tracked_change", "hidden_content", "review", at(inserted), basis=("条例 第十七条",),
                 evidence=("柏* 2026-01-05 插入的文字",), location=place(inserted), advice="接受或者拒绝全部修订"),
        _finding(5, "comment", "hidden_content", "note", at(remark), basis=(), location=place(remark),
                 evidence=("祁* 2026-01-06 批注",), advice="删除全部批注"),
        _finding(6, "mobile_phone", "personal", "block", at(MOBILE), masked="138****8003", confidence="check",
                 location=place(MOBILE)),
        _finding(7, "attribute_missing", "attribute", "review", None, basis=("条例 第十三条",),
                 evidence=("没有公开属性",), advice="标明公开属性"),
    )  # fmt: skip
    start, end = at(RESIDENT_ID)
    suggestion = Suggestion(
        attribute="proactive",
        probabilities={"proactive": 0.7, "on_request": 0.2, "withheld": 0.1},
        abstained=False,
        handling="partial",
        parts=(Part(start, end, "条例 第十五条", (f"{2:016x}",)),),
        reasons=(
            Reason("属于主动公开事项：社会救助", *at(TITLE), "条例 第二十一条"),
            Reason("面向公众", None, None, ""),
        ),
        basis=("条例 第二十一条",),
        catalogue="第二十一条",
        declared="on_request",
        conflict=True,
    )
    lost = Unread("救助公示.docx/附件.xlsx", "encrypted", "文件已加密，请解除口令后重扫")
    return ScanResult(document, findings, suggestion, (lost,), "blocked", VERSIONS, TODAY, TITLE, "青民公〔2026〕3号")


def clear() -> ScanResult:
    """Return a result without a doubt."""
    document = Document("通知.txt", "text/plain", hashlib.sha256(b"2").hexdigest(), (Block("关于印发的通知"),))
    suggestion = Suggestion("proactive", {"proactive": 0.9, "on_request": 0.05, "withheld": 0.05}, abstained=False)
    return ScanResult(document, (), suggestion, (), "clear", VERSIONS, TODAY, "关于印发的通知")


def secret() -> ScanResult:
    """Return a result only the authority can settle: it abstains, and of its content nothing may be quoted."""
    text = "部署方案：某库房夜间值守兵力布置如下"
    document = Document("方案.txt", "text/plain", hashlib.sha256(b"3").hexdigest(), (Block(text),))
    one = _finding(
        8, "secret_content", "state_secret", "review", (5, 18), masked="值守兵力", basis=("条例 第十七条第三款",)
    )
    two = _finding(9, "trade_secret", "trade_secret", "review", (0, 4), masked="部署方案")
    shares = {"proactive": 0.1, "on_request": 0.3, "withheld": 0.6}
    suggestion = Suggestion("withheld", shares, abstained=True, handling="ask_authority")
    return ScanResult(document, (two, one), suggestion, (), "review", VERSIONS, TODAY)


def unread() -> ScanResult:
    """Return the result of a file nothing could be read of."""
    lost = Unread("没有.docx", "missing", "找不到文件，请核对路径")
    return ScanResult(Document("没有.docx", None, None, ()), (), None, (lost,), "unread", VERSIONS, TODAY)


def every() -> list[ScanResult]:
    """Return a result of every shape."""
    return [found(), clear(), secret(), unread()]


def decisions() -> tuple[DocumentDecisions, ...]:
    """Return what people decided about `found`."""
    said = {f"{1:016x}": Decision("误报", "公务联系方式"), f"{2:016x}": Decision("属实须处理")}
    digest = found().document.sha256
    return (
        DocumentDecisions(
            digest, "救助公示.docx", "withheld", "条例 第十六条第一款", "复审", "李某", "2026-03-03", (), said
        ),
    )


def renamed(result: ScanResult, name: str) -> ScanResult:
    """Return a result under another name."""
    return replace(result, document=replace(result.document, name=name))
