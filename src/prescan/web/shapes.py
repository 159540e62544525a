"""Request and response models of the API, for OpenAPI. The scan result itself is described by the contract's schema."""

from __future__ import annotations

import json
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from prescan.resources import data_path

Attribute = Literal["proactive", "on_request", "withheld"]
Verdict = Literal["属实须处理", "误报", "依法可公开", "已脱敏"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DecisionIn(_In):
    """A decision about one finding."""

    verdict: Verdict
    reason: str = Field("", max_length=500, description="误报、依法可公开须写明")


class DecisionsIn(DecisionIn):
    """One decision about several findings."""

    finding_ids: list[str] = Field(min_length=1, max_length=10_000)


class AttributeIn(_In):
    """The attribute a person determined."""

    attribute: Attribute
    clause: str = Field("", max_length=100, description="不予公开须写明，如 条例 第十六条第二款")


class TryIn(_In):
    """A passage to try rules on."""

    text: str = Field(max_length=20_000)
    rule_id: str | None = Field(None, max_length=20)


class SignIn(_In):
    """A signature."""

    name: str = Field("", max_length=64)
    text: str = Field("", max_length=500)
    conclusion: str = Field("", max_length=40)


class ReasonIn(_In):
    """Why something is returned."""

    reason: str = Field(max_length=500)


class NoteIn(_In):
    """A remark."""

    finding_id: str = Field("", max_length=16)
    text: str = Field(max_length=500)


class ExplainIn(_In):
    """How something unread was dealt with."""

    number: int = Field(ge=0)
    reason: str = Field(max_length=500)


class Progress(BaseModel):
    """A scan on its way."""

    id: str
    status: Literal["queued", "running", "failed"]
    ahead: int = Field(description="前面还有几份")
    seconds: int = Field(description="已扫描几秒")
    step: Literal["waiting", "reading", "recognising", "scanning", "filing"] = Field(
        description="排队、读取、识别图像中的文字、检测、归档"
    )
    pages: int = Field(description="已读到（识别到）第几页；没有页的格式为 0")
    chars: int = Field(description="已读多少字")
    files: int = Field(description="压缩包、附件：正在读第几个文件；其他为 0")


class Decided(BaseModel):
    """What was decided about a finding."""

    finding_id: str
    verdict: Verdict | None
    reason: str
    by: str


class Changed(BaseModel):
    """How far deciding has come."""

    findings: list[str]
    asked: int
    decided: int
    notes_left: int


class Value(BaseModel):
    """A value in clear; asking for it is logged."""

    finding_id: str
    value: str


class Determined(BaseModel):
    """The attribute as it now stands."""

    attribute: Attribute
    clause: str
    by: str


class RuleOut(BaseModel):
    """A rule in force."""

    id: str
    name: str
    type: str
    category: str
    level: str
    basis: list[str]
    advice: str


class Article(BaseModel):
    """A clause and its gist."""

    clause: str
    gist: str


class RuleDetail(RuleOut):
    """A rule with its clauses and examples."""

    reason: str
    articles: list[Article]
    find: list[str]
    passes: list[str]


class Answer(BaseModel):
    """What a rule said about one place."""

    start: int | None
    end: int | None
    said: str


class Tried(BaseModel):
    """What was found in a passage; with a rule, why it spoke or kept silent."""

    result: dict[str, Any]
    why: list[Answer]


class Health(BaseModel):
    """Whether the server works."""

    status: Literal["ok", "closing"]
    version: str
    waiting: int


class ProblemOut(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str


#: Documented errors by status.
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": ProblemOut, "description": said, "content": {"application/problem+json": {}}}
    for status, said in (
        (400, "请求的写法不对"),
        (401, "需要登录或令牌"),
        (403, "没有权限，或来自别的网站"),
        (404, "没有找到"),
        (409, "当前环节不能这样做"),
        (410, "原件已删除"),
        (413, "太大"),
        (415, "媒体类型不对"),
        (422, "内容不符合要求"),
        (429, "太忙，见 Retry-After"),
        (503, "正在停止"),
    )
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the errors with these statuses, and of those every request may get."""
    return {status: PROBLEMS[status] for status in (400, 401, 403, *statuses)}


def contract() -> dict[str, Any]:
    """Return the definitions of the contract's JSON Schema as OpenAPI components: result, document, finding …"""
    defs: dict[str, Any] = json.loads(data_path("prescan-1.schema.json").read_text(encoding="utf-8"))["$defs"]
    text = json.dumps(defs).replace('"#/$defs/', '"#/components/schemas/prescan-')
    return {f"prescan-{name}": shape for name, shape in json.loads(text).items()}
