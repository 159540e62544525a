"""Views: the normalised text that rules read, with offsets mapped to the original.

**fold**: NFKC for each character, traditional → simplified; without invisible characters, pinyin notes (務(wù)) and
site names inside words (身www.example.com份证).
**squeeze**: fold without white space and without the separators people put inside numbers; used for numbers and marks
written with spaces. It joins across a soft wrap (one line end), never across a blank line, tab, `|` or paragraph break.

The original text is never changed: a view is a second text and an array with the origin of each of its characters.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import regex

from prescan.resources import data_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Codes = NDArray[np.uint32]
    Mask = NDArray[np.bool_]

_PLANES = 0x30000
_DROP = 0xFFFF_FFFF
#: Tags and variation selectors, invisible; they lie beyond the table.
_TAGS = (0xE0000, 0xE0200)
_EXPAND = 0xFFFF_FFFE

_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü"
_TONE = re.compile(f"[{_TONED}]")
#: The first and last of these: a text without code points in this range has none of them.
_TONES = ord(min(_TONED)), ord(max(_TONED))
_PINYIN_NOTE = regex.compile(
    rf"(?<=\p{{Han}})[(（]\s*(?=[^)）]*[{_TONED}])[a-zɡ{_TONED}\s]{{1,12}}[)）]", regex.IGNORECASE
)
#: The address of a site inside a word (身www.example.com份证), as in copied pages. Not addresses of agencies, nor with
#: a long number, which may be a value.
_ADVERT = regex.compile(
    r"(?<=\p{Han})[(（【\[]?(?:https?://)?www\.(?![a-z\d.-]*(?:\d{6}|\.gov\b))"
    r"[a-z\d-]{2,30}(?:\.[a-z]{2,4}){1,2}/?[)）】\]]?(?=\p{Han})",
    regex.IGNORECASE,
)
#: A blank line, with any kind of line ends: a break, not a wrap.
_BLANK_LINE = regex.compile(r"(?>\r\n|\r|\n)[ \x0b\x0c]*(?:\r\n|\r|\n)")
_WHITE = " \n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028"
_SEPARATORS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212.·・•‧_"
#: A text without any of these is its own squeeze view.
_SQUEEZED = re.compile(f"[{re.escape(_WHITE + _SEPARATORS)}]")
_LINE_END = re.compile("[\n\r]")
#: Separators inside a number: at most `_SEPARATORS_AT_MOST` between two of its characters.
_GROUPING = re.compile(f"(?<=[0-9A-Za-z])[{re.escape(_SEPARATORS)}]{{1,2}}(?=[0-9A-Za-z])")
#: Texts up to this length are handled without arrays, which is faster.
_SHORT = 64
#: More separators than this between two number characters are a leader or a rule, not grouping.
_SEPARATORS_AT_MOST = 2


@dataclass(frozen=True, slots=True)
class View:
    """A text derived from the original, with the map back. Offsets are code points, end exclusive."""

    text: str = field(repr=False)
    origin: Ints | None = field(default=None, repr=False)
    """For each character, the index of its source in the original; None = the view equals the original."""
    joints: list[int] = field(default_factory=list, repr=False)
    """Positions in the view before which white space or separators were dropped (squeeze only), ascending."""
    _sources: memoryview | None = field(init=False, repr=False, compare=False)
    """`origin` in the form in which single elements are read fastest."""

    def __post_init__(self) -> None:
        """Set `_sources`."""
        object.__setattr__(self, "_sources", None if self.origin is None else self.origin.data)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original for a non-empty span of the view."""
        if self._sources is None:
            return start, end
        return self._sources[start], self._sources[end - 1] + 1

    def position(self, offset: int) -> int:
        """Return the first position of the view whose source is at or after `offset` of the original."""
        return offset if self._sources is None else bisect.bisect_left(self._sources, offset)

    def positions(self, offsets: Sequence[int]) -> list[int]:
        """Return `position` of each of many offsets."""
        if self.origin is None:
            return list(offsets)
        places: list[int] = self.origin.searchsorted(offsets).tolist()
        return places

    def inner_joints(self, start: int, end: int) -> list[int]:
        """Return the joints strictly inside a span of the view."""
        low = bisect.bisect_left(self.joints, start + 1)
        return self.joints[low : bisect.bisect_left(self.joints, end, low)]

    def gap(self, joint: int, text: str) -> str:
        """Return what was dropped at a joint from `text`, the original."""
        return text[self.span(joint - 1, joint)[1] : self.span(joint, joint + 1)[0]]

    def is_joint(self, position: int) -> bool:
        """Return whether something was dropped right before `position`."""
        index = bisect.bisect_left(self.joints, position)
        return index < len(self.joints) and self.joints[index] == position


def fold(text: str) -> View:
    """Return the fold view of `text`."""
    if text.isascii() and text.isprintable():
        return View(text)
    if len(text) <= _SHORT and _is_folded(text):
        return View(text)
    codes = code_points(text)
    table, expansions = _table()
    if len(codes) and codes.max() >= _PLANES:
        high = codes >= _PLANES
        folded = np.where(high, codes, table[np.where(high, 0, codes)])
        folded[high & (codes >= _TAGS[0]) & (codes < _TAGS[1])] = _DROP
    else:
        folded = table.take(codes, mode="clip")
    toned = ((codes >= _TONES[0]) & (codes <= _TONES[1])).any() and _TONE.search(text)
    for note in _PINYIN_NOTE.finditer(text) if toned else ():
        folded[note.start() : note.end()] = _DROP
    for advert in _ADVERT.finditer(text) if "www." in text or "WWW." in text else ():
        folded[advert.start() : advert.end()] = _DROP
    if np.array_equal(folded, codes):
        return View(text)
    origin = (folded != _DROP).nonzero()[0]
    kept = folded[origin]
    if not (kept == _EXPAND).any():
        whole = len(origin) == len(codes)
        return View(_text(kept), None if whole else origin)
    return _expanded(codes, kept, origin, expansions)


def _is_folded(text: str) -> bool:
    """Return whether a text is its own fold view, as most short texts are; faster than with arrays."""
    return text.translate(_changes()) == text and not (_TONE.search(text) or "www." in text or "WWW." in text)


def squeeze(folded: View) -> View:
    """Return the squeeze view of a fold view; it maps to the same original."""
    text = folded.text
    if not _SQUEEZED.search(text):
        return folded
    if len(text) <= _SHORT and not _LINE_END.search(text):
        return _squeezed_line(folded)
    codes = code_points(text)
    white = member(codes, _WHITE)
    for blank in _BLANK_LINE.finditer(text) if "\n" in text or "\r" in text else ():
        white[blank.start()] = False  # keep one line end as the separator
    kept = (~white).nonzero()[0]
    drop = _inside_numbers(codes[kept])
    kept = kept[~drop]
    if len(kept) == len(codes):
        return folded
    joints = (kept[1:] - kept[:-1] > 1).nonzero()[0] + 1
    if len(kept) and kept[0]:
        joints = np.append(0, joints)
    origin = kept if folded.origin is None else folded.origin[kept]
    return View(_text(codes[kept]), origin, joints.tolist())


def _squeezed_line(folded: View) -> View:
    """Return the squeeze view of a short line, character by character, which is faster than with arrays."""
    text = folded.text
    kept = [at for at, char in enumerate(text) if char not in _WHITE]
    without_white = "".join([text[at] for at in kept])
    for group in reversed(list(_GROUPING.finditer(without_white))):
        del kept[group.start() : group.end()]
    if len(kept) == len(text):
        return folded
    joints = [place for place, (before, at) in enumerate(itertools.pairwise([-1, *kept])) if at - before > 1]
    origin = np.array(kept, np.int64)
    return View("".join([text[at] for at in kept]), origin if folded.origin is None else folded.origin[origin], joints)


def _inside_numbers(codes: Codes) -> Mask:
    """Return a mask of the separators, at most two at a time, between two ASCII letters or digits."""
    inside = np.zeros(len(codes), np.bool_)
    separators = member(codes, _SEPARATORS)
    if not separators.any():
        return inside
    first, last = marked_runs(separators).T
    last = last - 1
    inner = (first > 0) & (last < len(codes) - 1) & (last - first < _SEPARATORS_AT_MOST)
    first, last = first[inner], last[inner]
    alnum = _members(string.ascii_letters + string.digits)
    between = alnum.take(codes[first - 1], mode="clip") & alnum.take(codes[last + 1], mode="clip")
    for end in (first, last):  # at most two separators, so these are all
        inside[end[between]] = True
    return inside


def _expanded(codes: Codes, kept: Codes, origin: Ints, expansions: dict[int, str]) -> View:
    """Return the view with characters that fold into several; these share one source."""
    places = (kept == _EXPAND).nonzero()[0]
    sources = codes[origin[places]]
    lengths = np.ones(len(kept), np.int64)
    which = sorted(set(sources.tolist()))
    for code in which:
        lengths[places[sources == code]] = len(expansions[code])
    out = np.repeat(kept, lengths)
    begins = (np.cumsum(lengths) - lengths)[places]
    for code in which:
        for step, char in enumerate(expansions[code]):
            out[begins[sources == code] + step] = ord(char)
    return View(_text(out), np.repeat(origin, lengths))


def code_points(text: str) -> Codes:
    """Return the code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def member(codes: Codes, chars: str) -> Mask:
    """Return a mask of the codes that are among `chars`. Faster than np.isin by a table of 64 K code points."""
    return _members(chars).take(codes, mode="clip")  # in half the time of `table[codes]`


def marked_runs(mask: Mask) -> Ints:
    """Return the start and end of each run of True in `mask`, one pair a row."""
    padded = np.zeros(len(mask) + 2, np.bool_)
    padded[1:-1] = mask
    edges: Ints = (padded[1:] != padded[:-1]).nonzero()[0].reshape(-1, 2)
    return edges


def _text(codes: Codes) -> str:
    return codes.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")


@functools.cache
def _members(chars: str) -> Mask:
    table: Mask = np.zeros(0x10000, np.bool_)
    table[[ord(char) for char in chars]] = True
    return table


@functools.cache
def _changes() -> dict[int, str | None]:
    """Return the fold of each character that changes; None = dropped."""
    rows = ((int(row[0], 16), row[1] if len(row) > 1 else "") for row in data_rows("characters.tsv"))
    return {code: target or None for code, target in rows} | dict.fromkeys(range(*_TAGS))


@functools.cache
def _table() -> tuple[Codes, dict[int, str]]:
    """Return the fold table and the expansions, from `data/characters.tsv`."""
    table = np.arange(_PLANES, dtype=np.uint32)
    expansions = {}
    for row in data_rows("characters.tsv"):
        code, target = int(row[0], 16), row[1] if len(row) > 1 else ""
        if len(target) == 1:
            table[code] = ord(target)
        elif target:
            table[code] = _EXPAND
            expansions[code] = target
        else:
            table[code] = _DROP
    return table, expansions
