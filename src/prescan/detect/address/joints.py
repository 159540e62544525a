"""What lies between two texts that the squeeze view joins: a line end, a gap between words, or only a space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from prescan.detect.reading import Reading

#: A line end and what begins a new item: 邮编：, ① , （二）, 3. , 第四站.
_NEW_LINE = regex.compile(
    r"\s*\n[ \t\u3000]*(?:\p{Han}(?:[ \u3000]{0,4}\p{Han}){0,9}[:：=]"
    r"|[①-⑳●■◆▶▪·•*—]|[（(]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[)）.、．：:]"
    r"|第[一二三四五六七八九十0-9]{1,3}\p{Han}|编号|附)"
)


def is_new_line(reading: Reading, joint: int) -> bool:
    """Return whether the line certainly ends at a joint: the next one begins with a label or as an item of a list."""
    view = reading.squeeze
    return wraps(view.gap(joint, reading.text)) and (
        _NEW_LINE.match(reading.text, view.span(joint - 1, joint)[1]) is not None
    )


def in_line(reading: Reading, end: int, limit: int) -> int:
    """Return the first line end at or behind the place that ends at `end`, at most `limit`: names do not wrap."""
    view = reading.squeeze
    for joint in view.inner_joints(end - 1, limit):
        if wraps(view.gap(joint, reading.text)):
            return joint
    return limit


def wraps(gap: str) -> bool:
    """Return whether what lies at a joint (`View.gap`) holds a line end."""
    return "\n" in gap or "\r" in gap


def is_gap(reading: Reading, joint: int) -> bool:
    """Return whether the texts on both sides of a joint are separate: words with spaces, not a line wrap or dash."""
    view = reading.squeeze
    gap = view.gap(joint, reading.text)
    if wraps(gap):
        return False
    beside_number = view.text[joint - 1].isascii() or view.text[joint].isascii()
    return not gap.strip() and (len(gap) > 1 or not beside_number)
