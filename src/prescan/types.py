"""The nouns: what is read, what is found, what is suggested. No logic beyond derived properties, no I/O.

Offsets are code points into `Document.text`, end exclusive. `repr()` of anything here never shows text of a document.
"""

from __future__ import annotations

import bisect
import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from prescan.errors import READ_CODES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping

Level = Literal["block", "review", "note"]
Confidence = Literal["certain", "likely", "check"]
Verdict = Literal["blocked", "unread", "review", "clear"]
Attribute = Literal["proactive", "on_request", "withheld"]

LEVELS: Final[tuple[Level, ...]] = ("block", "review", "note")
LEVEL_LABELS: Final = {"block": "阻断", "review": "复核", "note": "提示"}
CONFIDENCE_LABELS: Final = {"certain": "确定", "likely": "较可能", "check": "待核"}
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
PARTS: Final = (
    *("body", "header", "footer", "table", "note", "textbox", "comment", "inserted", "deleted", "hidden"),
    *("metadata", "annotation", "form", "attachment", "image", "filename"),
)

#: How values that are no numbers may be masked, the default first; numbers are masked after an example (138****1234).
MASK_WORDS: Final = {"address": ("乡镇", "区县", "*"), "birth_date": ("年", "*"), "person_name": ("姓", "*")}

PARAGRAPH_BREAK: Final = "\u2029"
CELL_BREAK: Final = "\t"
SOFT_WRAP: Final = "\n"


class Span(NamedTuple):
    """A span of Document.text."""

    start: int
    end: int


#: Span(…) of a pair, in half the time: a document has thousands of lines.
SPAN: Final[Callable[[tuple[int, int]], Span]] = functools.partial(tuple.__new__, Span)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a block is, in the document's own terms."""

    part: str = "body"
    """One of PARTS."""
    page: int | None = None
    """From 1."""
    paragraph: int | None = None
    """From 1, within the document's body."""
    cell: str | None = None
    """"Sheet1!C5"; in documents "表1!C5"."""
    bbox: tuple[float, float, float, float] | None = None
    """Points from the top left of the page: left, top, right, bottom."""
    member: str | None = field(default=None, repr=False)
    """Path inside a container: "a.zip/附件1.xlsx". A file name may hold a value, so it is not in the repr."""


#: Location(…), made once for equal arguments: readers name a place for every block, and making one took them longest.
PLACE: Final = functools.lru_cache(maxsize=1 << 14)(Location)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that lies in one place, and what separates it from the next block."""

    text: str = field(repr=False)
    location: Location = Location()
    sep: str = PARAGRAPH_BREAK
    """What follows in Document.text: PARAGRAPH_BREAK, CELL_BREAK inside a table row, or SOFT_WRAP."""
    hidden: str | None = None
    """The hidden_content finding type this place is ("comment", "tracked_change" …), or None if visible."""
    note: str = field(default="", repr=False)
    """The place in a reviewer's words, for hidden places: "2024-03-01 删除的文字". Without values."""
    certainty: float | None = None
    """Of text recognised in a picture: how sure the recogniser was, 0 to 1. None: the file holds it as text."""


@dataclass(frozen=True, slots=True)
class Picture(Block):
    """An empty block where text must still be recognised. The scanner puts what was recognised in its place.

    `location.bbox` is the part of the page the picture fills; None: the whole page, or no page at all.
    """

    image: bytes = field(default=b"", repr=False)
    """A picture file; empty: not drawn, because the budget of pictures is spent."""
    kind: Literal["page", "layer", "inset"] = "page"
    """A page that is a picture, one whose text layer is compared with it, or a picture in a text."""
    size: tuple[float, float] | None = None
    """Width and height of `location.bbox` or the page in points; None = what the picture file says."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read: a result, never a silent pass."""

    name: str = field(repr=False)
    code: str
    """One of prescan.errors.READ_CODES."""
    detail: str = ""
    """A Chinese sentence with the next step; no values."""

    @classmethod
    def of(cls, name: str, code: str, detail: str = "") -> Unread:
        """Make an Unread with the code's own sentence unless `detail` says more."""
        return cls(name, code, detail or READ_CODES[code])


@dataclass(frozen=True)
class Document:
    """What a file says, unchanged."""

    name: str = field(repr=False)
    media_type: str | None
    sha256: str | None
    blocks: tuple[Block, ...] = field(repr=False)

    @classmethod
    def of(cls, name: str, media_type: str, sha256: str | None, blocks: Iterable[Block]) -> Document:
        """Make a Document of the blocks a reader gave.

        Plain text keeps every character, so its last separator stays; elsewhere it separates from nothing and goes.
        """
        held = tuple(blocks)
        if held and not media_type.startswith("text/plain"):
            held = (*held[:-1], replace(held[-1], sep=""))
        return cls(name, media_type, sha256, held)

    @functools.cached_property
    def text(self) -> str:
        """The whole text: every block followed by its separator."""
        return "".join([part for block in self.blocks for part in (block.text, block.sep)])

    @functools.cached_property
    def starts(self) -> list[int]:
        """The offset of each block in `text`."""
        starts, at = [], 0
        for block in self.blocks:
            starts.append(at)
            at += len(block.text) + len(block.sep)
        return starts

    def block_index(self, offset: int) -> int:
        """Return the index of the block that holds `offset` (its separator belongs to it)."""
        return max(0, bisect.bisect_right(self.starts, offset) - 1)

    def block_at(self, offset: int) -> Block:
        """Return the block that holds `offset`."""
        return self.blocks[self.block_index(offset)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible finding, before levels, conflicts and duplicates are resolved."""

    rule_id: str
    type: str
    start: int | None
    end: int | None
    confidence: Confidence = "likely"
    evidence: tuple[str, ...] = ()
    """Chinese sentences: why this was taken. No values."""
    masked: str = ""
    level: Level | None = None
    """The rule's own level; None = the default of the type at that place."""
    location: Location | None = None
    """Only for candidates without text; otherwise the place follows from the offsets."""
    strength: int = 0
    """Which of two overlapping candidates of equal extent wins; higher is stronger."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding is silenced. It stays visible."""

    reason: str
    by: str = ""
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A place a person must look at: what, where, why, by which clause, what to do. It never holds the value."""

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
    """One ground of a suggestion: a sentence that explains, the place it rests on, and the clause."""

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
    """True: cannot tell; `attribute` still holds the best guess."""
    handling: Literal["whole", "partial", "ask_authority"] = "whole"
    parts: tuple[Part, ...] = ()
    reasons: tuple[Reason, ...] = ()
    basis: tuple[str, ...] = ()
    catalogue: str | None = None
    """The item of 条例 第二十条 or 第二十一条 the document falls under."""
    declared: Attribute | None = None
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows about a document beyond its bytes."""

    stage: Literal["draft", "published"] = "draft"
    title: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    channel: str | None = None
    unit: str | None = None
    produced_on: datetime.date | None = None
    published_on: datetime.date | None = None
    declared: Attribute | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Every one may be set in `[limits]`."""

    file_mb: int = 100
    expanded_mb: int = 400
    ratio: int = 100
    members: int = 10_000
    depth: int = 10
    pages: int = 10_000
    seconds: float = 30.0
    memory_mb: int = 1_536
    findings: int = 10_000
    ocr_pages: int = 50
    """Pages and pictures of a file whose text is recognised (extra `ocr`)."""
    ocr_seconds: float = 30.0
    """For each of them."""
    ocr_memory_mb: int = 3_072
    """Of the process that recognises."""

    def halved(self) -> Limits:
        """Return the limits for a second look at what was read before the first ones were hit."""
        return replace(self, seconds=self.seconds / 2, memory_mb=max(512, self.memory_mb // 2))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; `prescan config` shows each value and where it comes from."""

    require_attribute: bool = False
    stage: Literal["draft", "published"] = "draft"
    jobs: int | None = None
    """Files scanned at a time; None = one a processor, at most four."""
    today: datetime.date | None = None
    """None = the date in Asia/Shanghai when the scan starts."""
    names: Literal["on", "off"] = "on"
    """"off": names of people are not looked for; faster, and nothing is said about them."""
    ocr: Literal["auto", "off"] = "auto"
    """"auto": text in scans and pictures is recognised where the extra `ocr` is installed."""
    rules: tuple[str, ...] = ()
    """Rule files or folders beside the shipped packs."""
    disabled: Mapping[str, str] = field(default_factory=dict)
    """Rule id → the reason it is switched off."""
    baseline: tuple[str, ...] = ()
    """Files of decisions (decisions.json); what they accept is silenced."""
    record_template: str | None = None
    """An office's own form (docx) for review records; None = ours."""
    key_file: str | None = None
    """Key of the fingerprints; None = one in the user's configuration folder."""
    attribute_model: str | None = None
    """Folder of the office's own attribute model (`prescan train`); None = the shipped one."""
    masks: Mapping[str, str] = field(default_factory=dict)
    """Finding type → how its values are masked: an example (138****1234), or a word ("乡镇"); see detect.own_masks."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class ScanResult:
    """One input, one result."""

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
        """No doubt was found and everything was read. It never means 可发布: a person decides."""
        return self.verdict == "clear"

    @property
    def complete(self) -> bool:
        """Nothing was left unread."""
        return not self.unread

    def has_level(self, level: str) -> bool:
        """Tell whether an unsuppressed finding is at `level` or above."""
        return worst_level(self.findings) in LEVELS[: LEVELS.index(level) + 1]


def worst_level(findings: Iterable[Finding]) -> Level | None:
    """Return the most serious level among unsuppressed findings, or None."""
    levels = {finding.level for finding in findings if finding.suppressed is None}
    return next((level for level in LEVELS if level in levels), None)
