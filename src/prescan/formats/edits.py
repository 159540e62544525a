"""Edits and remarks to make in a copy of a file, by offsets into `Document.text`."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from prescan.errors import ReadError
from prescan.resources import finding_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of `Document.text` to replace."""

    start: int
    end: int
    text: str = field(repr=False)
    """The replacement: of the same length where the layout is to be kept, "" to delete."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment to attach to a span of `Document.text` in the copy."""

    start: int
    end: int
    level: str
    title: str
    """Level and finding type, shown as the author of the comment: "阻断 居民身份证号"."""
    comment: str = field(repr=False)
    """Sentences for the drafter, without values."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A rewritten file."""

    data: bytes = field(repr=False)
    cleaned: tuple[str, ...] = ()
    """What was removed apart from the edits, in a reviewer's words: "批注 3 处", "文件属性", "较早版本 1 个"."""
    page_images: tuple[int, ...] = ()
    """Pages (from 1) that became images because a value could not be removed exactly."""
    listed: tuple[str, ...] = ()
    """What could not be removed and is left for a person, in a reviewer's words."""

    def to_wire(self) -> tuple[dict[str, Any], bytes]:
        """Return the file in the form of `formats.convert`: its description, which fits JSON, and its bytes."""
        return {name: list(getattr(self, name)) for name in _FIELDS}, self.data

    @classmethod
    def from_wire(cls, description: dict[str, Any], data: bytes) -> Rewritten:
        """Return the file that `to_wire` described."""
        return cls(data, **{name: tuple(description.get(name, ())) for name in _FIELDS})


@dataclass(frozen=True, slots=True)
class RewriteRequest:
    """What the task "rewrite" is to do."""

    edits: tuple[Edit, ...] = ()
    """In order, not overlapping."""
    bars: bool = False
    """Draw black bars in place of what was removed, where the format can draw."""
    keep: frozenset[str] = frozenset()
    """Types of hidden content to keep, with the edits made in them."""

    def to_wire(self) -> list[Any]:
        """Return the request as the arguments of the task "rewrite"."""
        return [self.bars, sorted(self.keep), *([edit.start, edit.end, edit.text] for edit in self.edits)]

    @classmethod
    def from_wire(cls, arguments: list[Any], can_keep: frozenset[str] = frozenset()) -> RewriteRequest:
        """Return the request in the arguments of the task "rewrite".

        `can_keep`: the types of hidden content that the format can keep. Raises ReadError if others are to be kept.
        """
        bars, keep, *edits = arguments
        if refused := set(keep) - can_keep:
            names = "、".join(finding_types()[name].label for name in sorted(refused))
            raise ReadError(
                "unsupported", f"这种格式的脱敏副本不能保留：{names}；请去掉相应的 --except，或先用原软件处理"
            )
        return cls(tuple(Edit(*edit) for edit in edits), bars, frozenset(keep))


def count_phrases(counts: Mapping[str, int], units: Mapping[str, str]) -> tuple[str, ...]:
    """Return how many of each thing were removed, in a reviewer's words: "批注 3 处". The default unit is 处."""
    return tuple(f"{what} {count} {units.get(what, '处')}" for what, count in counts.items() if what and count)


def apply_edits(text: str, start: int, edits: Iterable[Edit]) -> str:
    """Return `text`, the piece of `Document.text` that begins at offset `start`, with the edits that touch it applied.

    A replacement of the same length is applied character by character, so that a piece gets only its own part of it;
    any other replacement goes where the edit begins.

    >>> apply_edits("电话13800138000", 100, [Edit(102, 113, "138****8000")])
    '电话138****8000'
    >>> apply_edits("8000。", 109, [Edit(102, 113, "138****8***")])
    '8***。'
    """
    pieces, at = [], 0
    for edit in edits:
        low, high = max(edit.start - start, 0), min(edit.end - start, len(text))
        if low >= high:
            continue
        pieces.append(text[at:low])
        if len(edit.text) == edit.end - edit.start:
            pieces.append(edit.text[low + start - edit.start : high + start - edit.start])
        elif low + start == edit.start:
            pieces.append(edit.text)
        at = high
    return "".join(pieces) + text[at:]


def touching(edits: Sequence[Edit], start: int, end: int) -> Sequence[Edit]:
    """Return those of `edits` (in order, not overlapping) that touch the span."""
    first = bisect.bisect_right(edits, start, key=lambda edit: edit.end)
    return edits[first : bisect.bisect_left(edits, end, first, key=lambda edit: edit.start)]


_FIELDS: Final = ("cleaned", "page_images", "listed")
