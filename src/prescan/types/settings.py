"""What is set and known before a scan: settings, limits, and what the caller knows of a document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from prescan.types.result import Attribute

#: How values that are no numbers may be masked, the default first; numbers are masked after an example (138****1234).
MASK_WORDS: Final = {"address": ("乡镇", "区县", "*"), "birth_date": ("年", "*"), "person_name": ("姓", "*")}


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
