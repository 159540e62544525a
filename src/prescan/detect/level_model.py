"""The level model: a linear classifier over the text around a level (绝密, 机密, 秘密) that tells marks from mentions.

Marks are written in countless ways (a field, a cell, a corner of a slide, a sentence that retells the stamp); the text
around tells them from a law, a film or a lesson. Trained by `make train-marks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.odds import Odds, hashed, named, runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prescan.detect.odds import Keys

#: Format 2: hashes of 22 bits.
FORMAT: Final = 2
_LABEL: Final = "密级模型"
#: A level, also spaced or dotted or with one unreadable character; 密件; and short forms: 密：秘 or 秘级 on a card,
#: in brackets (机·5年), ticked 机(√), alone in a cell. Not 商业秘密 and the like.
LEVEL: Final = regex.compile(
    r"(?<!商业|技术|经营)[绝机秘极][\s·•.\-—_/★☆*]{0,4}[密宻宓蜜]|密件|[^\s商][密秘](?=\s?[★☆])"
    r"|[〖\[【〔](?:秘|机|绝)(?=[〗\]】〕])|[\[【〔(][绝机秘][★☆·•・/ -]?(?=\d{1,2} ?[年月yYmM]|长)"
    r"|(?<=\t)[绝机秘](?=[\t\n\r\u2029]|$)"
    r"|(?<!\p{Han})[绝机秘](?=[(\[]?[√✓✔☑■●])|(?<!神)秘级(?!别)|(?<!\p{Han})[绝机]级"
    r"|密[级别]?[^\S\n]?[:=\t ][^\S\n]?[绝机秘](?![\p{Han}*·.]|[^\S\n]+[密*·])"
)
#: The first or second character of every match of LEVEL, with what must follow it: a quick search for candidates.
_SIGN: Final = re.compile(
    r"[绝机秘极密〖\[【〔(](?:(?<=密)|(?=[\s·•.\-—_/★☆*]{0,4}[密宻宓蜜]|级|\s?[★☆]|[秘机绝]|[(\[]?[√✓✔☑■●]|[\t\n\r\u2029]|$))"
)
#: Characters on each side whose runs count wherever they are, and those whose runs count by side.
_AROUND: Final = 80
_BESIDE: Final = 14
_NEXT: Final = 4
_BREAK: Final = regex.compile(r"\s*[\n\r\u2029]\s*")
_SPACE: Final = regex.compile(r"[^\S\t]+")
_DIGIT: Final = regex.compile(r"\d")


@dataclass(frozen=True)
class LevelModel(Odds):
    """The weights and the thresholds, to score levels with."""

    review: float
    """Log odds from which a place is reported at level review."""
    block: float
    """Log odds from which it is reported at level block."""

    @classmethod
    def load(cls, folder: Path) -> LevelModel:
        """Load the model in `folder` (`resource_dir("models") / "levels"`). Raises ModelError."""
        return cls.read(folder, _LABEL, FORMAT, "review", "block")

    def score(self, text: str, start: int, end: int) -> float:
        """Return the log odds that the level at a span of the fold view's text is a mark."""
        return self.of(features(text, start, end))


def levels(text: str) -> Iterator[regex.Match[str]]:
    """Yield the matches of `LEVEL` in a text, without trying it at every offset."""
    end = 0
    for sign in _SIGN.finditer(text):
        for begin in range(max(end, sign.start() - 1), sign.end()):
            if begin >= end and (match := LEVEL.match(text, begin)):
                yield match
                end = match.end()


def features(text: str, start: int, end: int) -> Keys:
    """Return the sorted distinct hashes of the features of a place: `start` and `end` of a match of `LEVEL`."""
    left = shown(("^" if start <= _AROUND else "") + text[max(0, start - _AROUND) : start])
    right = shown(text[end : end + _AROUND] + ("$" if end + _AROUND >= len(text) else ""))
    level = text[start] + text[end - 1]
    beside = runs(b"l", left[-_BESIDE:]) + runs(b"r", right[:_BESIDE])
    return hashed([*map(named, _names(left, level, right)), *beside, *runs(b"t", left + level + right)])


def shown(text: str) -> str:
    """Return a text with "⏎" for each line end, one space for white space, and 0 for each digit."""
    return _DIGIT.sub("0", _SPACE.sub(" ", _BREAK.sub("⏎", text)))


def _names(left: str, level: str, right: str) -> Iterator[str]:
    for size in range(1, _NEXT + 1):
        yield "L" + left[-size:]
        yield "R" + right[:size]
    for size in range(3):
        yield "C" + left[-1:] + level + right[:size]
        yield "B" + left[-2:] + "?" + right[:size]
