"""What can be done to a file beside reading it: edits and marks, by offsets into `Document.text`."""

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


@dataclass(frozen=True, slots=True)
class Wish:
    """What a "rewrite" is asked for."""

    edits: tuple[Edit, ...] = ()
    """In order, not overlapping."""
    bars: bool = False
    """Where the format draws, black bars stand in place of what was removed."""
    keep: frozenset[str] = frozenset()
    """Types of hidden content that stay, with the edits made in them."""


def packed(wish: Wish) -> list[Any]:
    """Return a wish as the arguments of the task "rewrite"."""
    return [wish.bars, sorted(wish.keep), *([edit.start, edit.end, edit.text] for edit in wish.edits)]


def unpacked(arguments: list[Any], keeps: frozenset[str] = frozenset()) -> Wish:
    """Return the wish in the arguments of the task "rewrite"; `keeps` is what hidden content a format can leave in.

    Raises ReadError if it is to keep something else.
    """
    bars, keep, *edits = arguments
    if beyond := set(keep) - keeps:
        names = "、".join(finding_types()[name].label for name in sorted(beyond))
        raise ReadError("unsupported", f"这种格式的脱敏副本不能保留：{names}；请去掉相应的 --except，或先用原软件处理")
    return Wish(tuple(Edit(*edit) for edit in edits), bars, frozenset(keep))


def told(rewritten: Rewritten) -> tuple[dict[str, Any], bytes]:
    """Return what `formats.convert` returns of a rewritten file: what is said of it, and its bytes."""
    said = {name: list(getattr(rewritten, name)) for name in _SAID}
    return said, rewritten.data


def heard(said: dict[str, Any], data: bytes) -> Rewritten:
    """Return the rewritten file that `told` told of."""
    return Rewritten(data, **{name: tuple(said.get(name, ())) for name in _SAID})


def counted(counts: Mapping[str, int], units: Mapping[str, str]) -> tuple[str, ...]:
    """Return counts of what was removed in a reviewer's words: "批注 3 处"."""
    return tuple(f"{what} {count} {units.get(what, '处')}" for what, count in counts.items() if what and count)


def changed(text: str, start: int, edits: Iterable[Edit]) -> str:
    """Return a piece of `Document.text` that begins at `start` with the edits that touch it made in it.

    An edit of the same length changes character by character, so that a piece gets its own part of it.

    >>> changed("电话13800138000", 100, [Edit(102, 113, "138****8000")])
    '电话138****8000'
    >>> changed("8000。", 109, [Edit(102, 113, "138****8***")])
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
    """Return those of `edits`, in order and not overlapping, that touch a span."""
    first = bisect.bisect_right(edits, start, key=lambda edit: edit.end)
    return edits[first : bisect.bisect_left(edits, end, first, key=lambda edit: edit.start)]


_SAID: Final = ("cleaned", "page_images", "listed")
