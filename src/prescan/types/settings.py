"""The inputs of a scan beside the document: settings, limits, and what the caller knows about the document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from prescan.types.result import Attribute

#: Masks for values that are not numbers, the default first; masks of numbers are given by example (138****1234).
MASK_WORDS: Final = {"address": ("乡镇", "区县", "*"), "birth_date": ("年", "*"), "person_name": ("姓", "*")}


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows about a document that its bytes do not say."""

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
    """Limits on the resources one file may use. Each can be set in `[limits]`."""

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
    """At most so many pages and pictures of a file go through OCR (extra `ocr`)."""
    ocr_seconds: float = 30.0
    """For each page or picture."""
    ocr_memory_mb: int = 3_072
    """Of the OCR process."""

    def halved(self) -> Limits:
        """Return the limits for a second scan, of what was read before the first scan hit a limit."""
        return replace(self, seconds=self.seconds / 2, memory_mb=max(512, self.memory_mb // 2))


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; `prescan config` shows each value and where it comes from."""

    require_attribute: bool = False
    stage: Literal["draft", "published"] = "draft"
    jobs: int | None = None
    """Files scanned at the same time; None = one per processor, at most four."""
    today: datetime.date | None = None
    """None = the date in Asia/Shanghai when the scan starts."""
    names: Literal["on", "off"] = "on"
    """"off": names of people are not searched and never reported, which is faster."""
    ocr: Literal["auto", "off"] = "auto"
    """"auto": OCR of scans and pictures if the extra `ocr` is installed."""
    rules: tuple[str, ...] = ()
    """Rule files or folders in addition to the shipped packs."""
    disabled: Mapping[str, str] = field(default_factory=dict)
    """Rule id → the reason it is switched off."""
    baseline: tuple[str, ...] = ()
    """Decision files (decisions.json); findings they accept are suppressed."""
    record_template: str | None = None
    """An office's own form (docx) for review records; None = ours."""
    key_file: str | None = None
    """Key of the fingerprints; None = one in the user's configuration folder."""
    attribute_model: str | None = None
    """Folder of the office's own attribute model (`prescan train`); None = the shipped one."""
    masks: Mapping[str, str] = field(default_factory=dict)
    """Finding type → how its values are masked: an example (138****1234) or a word ("乡镇"); see detect.own_masks."""
    limits: Limits = field(default_factory=Limits)
