"""Views: the text as rules read it, with the way back to the original.

**fold**: per character NFKC, traditional → simplified, invisible characters, pinyin notes (務(wù)) and sites named
inside words (身www.example.com份证) dropped.
**squeeze**: fold without white space and without the separators people put inside numbers: for numbers and spaced
marks. It joins across a soft wrap (one line end), never across a blank line, a tab, a `|` or a paragraph break.

Nothing here changes the text: a view is a second text and an array that maps each of its characters to its origin.
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
#: Tags and variation selectors beyond the table: invisible.
_TAGS = (0xE0000, 0xE0200)
_EXPAND = 0xFFFF_FFFE

_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü"
_TONE = re.compile(f"[{_TONED}]")
#: The first and the last of these: where nothing lies between them, there is none.
_TONES = ord(min(_TONED)), ord(max(_TONED))
_PINYIN_NOTE = regex.compile(
    rf"(?<=\p{{Han}})[(（]\s*(?=[^)）]*[{_TONED}])[a-zɡ{_TONED}\s]{{1,12}}[)）]", regex.IGNORECASE
)
#: The address of a site inside a word (身www.example.com份证), as copied pages have it. Sites of agencies
#: are no adverts, and what holds a long number may be a value.
_ADVERT = regex.compile(
    r"(?<=\p{Han})[(（【\[]?(?:https?://)?www\.(?![a-z\d.-]*(?:\d{6}|\.gov\b))"
    r"[a-z\d-]{2,30}(?:\.[a-z]{2,4}){1,2}/?[)）】\]]?(?=\p{Han})",
    regex.IGNORECASE,
)
#: A blank line, however the line ends are written: a break, not a wrap.
_BLANK_LINE = regex.compile(r"(?>\r\n|\r|\n)[ \x0b\x0c]*(?:\r\n|\r|\n)")
_WHITE = " \n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028"
_SEPARATORS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212.·・•‧_"
#: Where none of these stands there is nothing to squeeze.
_SQUEEZED = re.compile(f"[{re.escape(_WHITE + _SEPARATORS)}]")
_LINE_END = re.compile("[\n\r]")
#: Separators inside a number: no more than `_SEPARATORS_AT_MOST` between two of its characters.
_GROUPING = re.compile(f"(?<=[0-9A-Za-z])[{re.escape(_SEPARATORS)}]{{1,2}}(?=[0-9A-Za-z])")
#: Texts up to this length are looked through before arrays are made of them.
_SHORT = 64
#: More separators than this between two number characters are a leader or a rule, not grouping.
_SEPARATORS_AT_MOST = 2


@dataclass(frozen=True, slots=True)
class View:
    """A second text and the way back. Offsets are code points, end exclusive."""

    text: str = field(repr=False)
    origin: Ints | None = field(default=None, repr=False)
    """Index in the original of each character's source; None = the view equals the original."""
    joints: list[int] = field(default_factory=list, repr=False)
    """Positions in the view before which white space or separators were dropped (squeeze only), ascending."""
    _sources: memoryview | None = field(init=False, repr=False, compare=False)
    """`origin` as it is read fastest one by one."""

    def __post_init__(self) -> None:
        """Make the array readable one by one."""
        object.__setattr__(self, "_sources", None if self.origin is None else self.origin.data)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original's span of a non-empty span of the view."""
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
        found: list[int] = self.origin.searchsorted(offsets).tolist()
        return found

    def inner_joints(self, start: int, end: int) -> list[int]:
        """Return the joints strictly inside a span of the view."""
        low = bisect.bisect_left(self.joints, start + 1)
        return self.joints[low : bisect.bisect_left(self.joints, end, low)]

    def is_joint(self, position: int) -> bool:
        """Tell whether something was dropped right before `position`."""
        index = bisect.bisect_left(self.joints, position)
        return index < len(self.joints) and self.joints[index] == position


def fold(text: str) -> View:
    """Return the fold view of `text`."""
    if text.isascii() and text.isprintable():
        return View(text)
    if len(text) <= _SHORT and _stays(text):
        return View(text)
    codes = code_points(text)
    table, expansions = _table()
    if len(codes) and codes.max() >= _PLANES:
        high = codes >= _PLANES
        folded = np.where(high, codes, table[np.where(high, 0, codes)])
        folded[high & (codes >= _TAGS[0]) & (codes < _TAGS[1])] = _DROP
    else:
        folded = table[codes]
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


def _stays(text: str) -> bool:
    """Tell whether nothing of a text is folded: most short ones are as they should be, and arrays take their time."""
    return text.translate(_changes()) == text and not (_TONE.search(text) or "www." in text or "WWW." in text)


def squeeze(folded: View) -> View:
    """Return the squeeze view of the text whose fold view is given; it maps to the same original."""
    text = folded.text
    if not _SQUEEZED.search(text):
        return folded
    if len(text) <= _SHORT and not _LINE_END.search(text):
        return _squeezed_line(folded)
    codes = code_points(text)
    white = member(codes, _WHITE)
    for blank in _BLANK_LINE.finditer(text) if "\n" in text or "\r" in text else ():
        white[blank.start()] = False  # one line end stays and keeps both sides apart
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
    """Return the squeeze view of a short line, character by character: arrays take their time."""
    text = folded.text
    kept = [at for at, char in enumerate(text) if char not in _WHITE]
    shown = "".join([text[at] for at in kept])
    for group in reversed(list(_GROUPING.finditer(shown))):
        del kept[group.start() : group.end()]
    if len(kept) == len(text):
        return folded
    joints = [place for place, (before, at) in enumerate(itertools.pairwise([-1, *kept])) if at - before > 1]
    origin = np.array(kept, np.int64)
    return View("".join([text[at] for at in kept]), origin if folded.origin is None else folded.origin[origin], joints)


def _inside_numbers(codes: Codes) -> Mask:
    """Mark separators that stand, at most two at a time, between two ASCII letters or digits."""
    inside = np.zeros(len(codes), np.bool_)
    separators = member(codes, _SEPARATORS)
    if not separators.any():
        return inside
    first, last = rows(separators).T
    last = last - 1
    held = (first > 0) & (last < len(codes) - 1) & (last - first < _SEPARATORS_AT_MOST)
    first, last = first[held], last[held]
    alnum = _members(string.ascii_letters + string.digits)
    between = alnum[np.minimum(codes[first - 1], 0xFFFF)] & alnum[np.minimum(codes[last + 1], 0xFFFF)]
    for end in (first, last):  # of at most two separators these are all
        inside[end[between]] = True
    return inside


def _expanded(codes: Codes, kept: Codes, origin: Ints, expansions: dict[int, str]) -> View:
    """Write out characters that fold into several; all of them share one source."""
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
    """Mark the codes that are one of `chars`; a table of the first 64 K code points is faster than np.isin."""
    return _members(chars)[np.minimum(codes, 0xFFFF)]


def rows(held: Mask) -> Ints:
    """Return where each row of marked places begins and ends, a pair a row."""
    padded = np.zeros(len(held) + 2, np.bool_)
    padded[1:-1] = held
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
    """Return what each character that is folded becomes; None: it is dropped."""
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
