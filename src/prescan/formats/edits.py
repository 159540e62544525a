"""What can be done to a file beside reading it: edits and marks, by offsets into `Document.text`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of `Document.text` to replace."""

    start: int
    end: int
    text: str = field(repr=False)
    """What stands there instead; of the same length where the layout is to be kept, "" to delete."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of `Document.text` to point at, and what to say about it."""

    start: int
    end: int
    level: str
    title: str
    """Who says it and how serious: "阻断 居民身份证号"."""
    comment: str = field(repr=False)
    """Sentences for the drafter, without values."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A rewritten file."""

    data: bytes = field(repr=False)
    cleaned: tuple[str, ...] = ()
    """What was removed beside the edits, in a reviewer's words: "批注 3 处", "文件属性", "较早版本 1 个"."""
    page_images: tuple[int, ...] = ()
    """Pages (from 1) that became images because a value could not be removed exactly."""
    listed: tuple[str, ...] = ()
    """What could not be removed and is left for a person, in a reviewer's words."""
