"""Results: candidates, findings, the suggested disclosure attribute, and the result of one input."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from prescan.types.document import Document, Location, Unread

Level = Literal["block", "review", "note"]
Confidence = Literal["certain", "likely", "check"]
Verdict = Literal["blocked", "unread", "review", "clear"]
Attribute = Literal["proactive", "on_request", "withheld"]

#: The strictest first.
LEVELS: Final[tuple[Level, ...]] = ("block", "review", "note")
#: Categories of findings (data/finding_types.tsv) about people, and those about secrets.
PERSONAL_CATEGORIES: Final = frozenset({"personal", "sensitive_personal"})
SECRET_CATEGORIES: Final = frozenset({"state_secret", "work_secret"})
LEVEL_LABELS: Final = {"block": "阻断", "review": "复核", "note": "提示"}
CONFIDENCE_LABELS: Final = {"certain": "确定", "likely": "较可能", "check": "待核"}
#: The most serious first.
VERDICT_LABELS: Final = {
    "blocked": "疑似不得公开，请先处理",
    "unread": "未读完",
    "review": "须人工复核",
    "clear": "未见疑点",
}
ATTRIBUTES: Final[tuple[Attribute, ...]] = ("proactive", "on_request", "withheld")
ATTRIBUTE_LABELS: Final = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}
HANDLING_LABELS: Final = {
    "whole": "整件处理",
    "partial": "区分处理",
    "ask_authority": "报有关主管部门或保密行政管理部门确定",
}
#: What an office sends with its question to the authority (条例 第十七条第三款).
TO_SEND: Final = (
    "申请确定的政府信息文本（原文副本）",
    "说明不能确定原因的申请公文（写明争点、疑点位置和条款）",
    "审查表和疑点清单",
    "主管部门或者保密行政管理部门需要的其他材料",
)


class Strength(NamedTuple):
    """How well a candidate is supported: decides which of two overlapping candidates wins (detect/resolve.py)."""

    proof: int = 0
    """0 none, 1 the value is valid, 2 a check digit or a distinctive shape confirms it. Compared before length."""
    cued: bool = False
    """A word beside it names it (身份证号). Compared after length."""


_NOTHING: Final = Strength()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible finding, before levels, conflicts and duplicates are resolved."""

    rule_id: str
    type: str
    start: int | None
    end: int | None
    confidence: Confidence = "likely"
    evidence: tuple[str, ...] = ()
    """Chinese sentences: why this is a candidate. No values."""
    masked: str = ""
    level: Level | None = None
    """The level the rule sets; None = the default of the type at that place."""
    location: Location | None = None
    """Only for candidates without offsets; otherwise it follows from them."""
    strength: Strength = _NOTHING
    """See Strength."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding is suppressed: it stays visible but no longer counts."""

    reason: str
    by: str = ""
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A place a person must look at: what, where, why, by which clause, what to do. It never contains the value."""

    id: str
    rule_id: str
    type: str
    category: str
    level: Level
    confidence: Confidence
    start: int | None
    end: int | None
    masked: str
    message: str
    evidence: tuple[str, ...]
    basis: tuple[str, ...]
    advice: str
    location: Location
    suppressed: Suppression | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a suggestion: an explaining sentence, the span it rests on, and the clause."""

    text: str
    start: int | None
    end: int | None
    clause: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part to remove before the rest may be published (条例 第三十七条)."""

    start: int
    end: int
    clause: str
    finding_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The suggested disclosure attribute. A person decides."""

    attribute: Attribute
    probabilities: Mapping[Attribute, float]
    """Calibrated, in the order of ATTRIBUTES, sums to 1."""
    abstained: bool
    """True: the machine cannot decide; `attribute` is still its best guess."""
    handling: Literal["whole", "partial", "ask_authority"] = "whole"
    parts: tuple[Part, ...] = ()
    reasons: tuple[Reason, ...] = ()
    basis: tuple[str, ...] = ()
    catalogue: str | None = None
    """The item of 条例 第二十条 or 第二十一条 that covers the document."""
    declared: Attribute | None = None
    conflict: bool = False


@dataclass(frozen=True)
class ScanResult:
    """The result of scanning one input."""

    document: Document
    findings: tuple[Finding, ...]
    suggestion: Suggestion | None
    unread: tuple[Unread, ...]
    verdict: Verdict
    versions: Mapping[str, str]
    today: datetime.date
    title: str | None = field(default=None, repr=False)
    doc_number: str | None = None

    @property
    def clear(self) -> bool:
        """Nothing needs a look and everything was read. It never means 可发布: a person decides."""
        return self.verdict == "clear"

    @property
    def complete(self) -> bool:
        """Nothing was left unread."""
        return not self.unread

    def has_level(self, level: str) -> bool:
        """Return whether an unsuppressed finding is at `level` or above."""
        return worst_level(self.findings) in LEVELS[: LEVELS.index(level) + 1]


def worst_level(findings: Iterable[Finding]) -> Level | None:
    """Return the most serious level among unsuppressed findings, or None."""
    levels = {finding.level for finding in findings if finding.suppressed is None}
    return next((level for level in LEVELS if level in levels), None)
