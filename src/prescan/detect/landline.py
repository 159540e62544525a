"""Whose telephone a landline is: a linear model over the text around a number tells a person's from an office's.

Where a label says it (宅电, 家里电话), rules need no model. Elsewhere people write it in countless ways: behind a name
and an age, in a column of a roster, as the number somebody called from; and office numbers stand right beside. Trained
by `make train-landlines`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.odds import Odds, hashed, named, runs
from prescan.text.line_edges import line_end, line_start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prescan.detect.odds import Keys
    from prescan.detect.reading import Reading

FORMAT: Final = 1
_LABEL: Final = "固定电话模型"
#: Characters of the line that count on each side, those that count by side, and those that count with their distance.
_BEFORE: Final = 120
_BEHIND: Final = 80
_LEFT: Final = 40
_RIGHT: Final = 24
_BESIDE: Final = 14
_BESIDE_RIGHT: Final = 10
_NEXT_LEFT: Final = 6
_NEXT_RIGHT: Final = 4
_LINE_ABOVE: Final = 40
_HEADERS: Final = 80
#: Before a number that stands this near the beginning of its line is nothing but a bullet.
_AT_BEGIN: Final = 4
_LANDLINE: Final = regex.compile(r"0\d{2,3}[-) ]?\d{7,8}")
_SEVERAL: Final = 5
#: An ID number, a mobile number, a landline, a digit, white space but not tabs; each becomes one character.
_SHAPES: Final = (
    (regex.compile(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{9}[\dXx](?!\d)"), "身"),
    (regex.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"), "机"),
    (_LANDLINE, "话"),
    (regex.compile(r"\d"), "0"),
    (regex.compile(r"[^\S\t]+"), " "),
)
#: What stands in the line, on which side: other numbers of a person, an organisation, a home, an office held, an age.
_SIGNS: Final = {
    "id": regex.compile("身"),
    "mobile": regex.compile("机"),
    "landline": regex.compile("话"),
    "organisation": regex.compile(r"[局厅委办院所站馆校店部队会社科股]|公司|中心|单位|政府|窗口"),
    "home": regex.compile(r"0[组号室户栋楼社]|[村组屯寨湾坝]"),
    "post": regex.compile(r"[局厅院站馆校所]长|主任|书记|经理|法定代表"),
    "person": regex.compile(r"0周?岁|[男女][,\s]|出生"),
    "kin": regex.compile(r"[父母夫妻子女儿媳孙侄兄弟姐妹哥嫂爷奶]|邻居|老伴|家[里中]"),
}


@dataclass(frozen=True)
class LandlineModel(Odds):
    """The weights and the threshold, to score landlines with."""

    least: float
    """Log odds from which a number is a private person's."""

    @classmethod
    def load(cls, folder: Path) -> LandlineModel:
        """Load the model in `folder` (`resource_dir("models") / "landlines"`). Raises ModelError."""
        return cls.read(folder, _LABEL, FORMAT, "least")

    def is_private(self, reading: Reading, start: int, end: int) -> bool:
        """Return whether the landline at a span of the document's text is a private person's."""
        return self.of(features(reading, start, end)) >= self.least


def features(reading: Reading, start: int, end: int) -> Keys:
    """Return the sorted distinct hashes of the features of a landline at a span of the document's text."""
    text = reading.fold.text
    low, high = reading.fold.position(start), reading.fold.position(end)
    begin, stop = line_start(text, low), line_end(text, high)
    end_above = max(0, begin - 1)
    left, right = shown(text[max(begin, low - _LEFT) : low]), shown(text[high : min(stop, high + _RIGHT)])
    line = shown(text[max(begin, low - _BEFORE) : min(stop, high + _BEHIND)])
    above = shown(text[line_start(text, end_above) : end_above])
    held = reading.anatomy.cell_at(start)
    header = held[0].header_of(held[1]) if held else ""
    headers = " ".join(cell.text for cell in held[0].top(held[0].header_rows)) if held else ""
    title = reading.seen(reading.fold, reading.anatomy.title) if reading.anatomy.title else ""
    beside = runs(b"l", left[-_BESIDE:]) + runs(b"r", right[:_BESIDE_RIGHT]) + runs(b"n", line)
    around = runs(b"p", above[:_LINE_ABOVE]) + runs(b"h", header) + runs(b"g", headers[:_HEADERS]) + runs(b"t", title)
    counted = len(list(itertools.islice(_LANDLINE.finditer(text), _SEVERAL)))
    names = [*_names(left, right, header), f"N{counted}", f"B{low - begin < _AT_BEGIN}"]
    names += [f"{sign} {side}" for sign, side in _signs(left=left, right=right, line=line, headers=headers)]
    return hashed([*map(named, names), *beside, *around])


def shown(text: str) -> str:
    """Return a text of the fold view with one character for each number of a person, 0 for each other digit."""
    for pattern, sign in _SHAPES:
        text = pattern.sub(sign, text)
    return text


def _names(left: str, right: str, header: str) -> Iterator[str]:
    yield "H" + header
    for size in range(1, _NEXT_LEFT + 1):
        yield "L" + left[-size:]
    for size in range(1, _NEXT_RIGHT + 1):
        yield "R" + right[:size]


def _signs(**sides: str) -> Iterator[tuple[str, str]]:
    for side, text in sides.items():
        yield from ((sign, side) for sign, pattern in _SIGNS.items() if pattern.search(text))
