"""Finds runs of letters and digits in the squeeze view, and replaces characters that stand for digits.

These are Chinese figures (一三八〇〇…) and letters that OCR or a hurried typist writes for digits (O, l, I, B, S). Each
is replaced by one digit, so offsets do not change.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from prescan.text.view import code_points, marked_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

#: A digit with at most three letters in front and at least five letters or digits behind (× and Cyrillic Х mean X).
_RUN = regex.compile(r"[A-Za-z]{0,3}[0-9][0-9A-Za-zХхΧχ×✕)]{5,}")
#: Seven figures or more: years and days have at most four in a row.
_CHINESE = regex.compile("[〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{7,}")
_FIGURES: Final = str.maketrans("〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789")
_LOOKALIKES: Final = str.maketrans("OoQlIBSsZz", "0001185522")
#: A long run of digits among which a few letters look like digits. 学籍号 begin with G or L; 残疾人证 may end in B and
#: a digit.
_CONFUSED = regex.compile(
    r"(?<![0-9A-Za-z])(?P<head>[GL]?)(?P<body>[OoQlI0-9][0-9OoQlIBSsZz]{9,}?[0-9OoQlIBSsZzXx])"
    r"(?P<tail>(?<=[0-9OoQlIBSsZz]{20})[Bb][0-9])?(?![0-9A-Za-z])"
)
#: A shorter run, also behind the letters of a permit (H1O345678, USA8l2…).
_CONFUSED_SHORT = regex.compile(
    r"(?<![0-9A-Za-z])(?P<head>[A-Z]{0,3}?)(?P<body>[0-9OQlI][0-9OoQlIBSsZz]{6,14})(?![0-9A-Za-z])"
)
#: At most this many misread letters in a shorter run.
_SLIPS_OF_SHORT: Final = 2
#: Bits of _KINDS: a character of a run, a Chinese figure; and the least number of them in a row.
_OF_A_RUN: Final = 1
_OF_CHINESE: Final = 2
_RUN_AT_LEAST: Final = 6
_CHINESE_AT_LEAST: Final = 7
#: Texts up to this length are first searched with _ANY, which is faster than making arrays.
_SHORT: Final = 200
_ANY = re.compile(
    rf"[0-9A-Za-zХхΧχ×✕)]{{{_RUN_AT_LEAST}}}|[〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{{{_CHINESE_AT_LEAST}}}"
)
#: Letters are replaced only in rows of at least this many letters and digits.
_CONFUSED_AT_LEAST: Final = 7
_MISREAD: Final = regex.compile("[OoQlIBSsZz]")
_PLANE: Final = 0x10000
#: The least length of a match of _CONFUSED.
_LONG: Final = 11
#: At most this many misread letters in a long run; with more, the letters are meant.
_SLIPS_AT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a squeeze view."""

    text: str = field(repr=False)
    """The view's text with digits in place of the characters that stand for them."""
    spans: tuple[tuple[int, int], ...] = field(repr=False)
    """The (start, end) of each run."""
    corrected: frozenset[int] = frozenset()
    """Offsets at which a letter was replaced by a digit."""


def read_runs(text: str) -> Runs:
    """Return the runs of a squeeze view's text.

    >>> read_runs("电话一三八〇〇一三八〇〇〇").text
    '电话13800138000'
    >>> runs = read_runs("手机1380O138000，型号O2")
    >>> runs.text, sorted(runs.corrected)
    ('手机13800138000，型号O2', [6])
    """
    if len(text) <= _SHORT and not _ANY.search(text):
        return Runs(text, ())
    kinds = _kinds(text)
    shown = text
    if _rows(kinds & _OF_CHINESE != 0, _CHINESE_AT_LEAST):
        shown = _CHINESE.sub(lambda match: match[0].translate(_FIGURES), text)
        kinds = _kinds(shown)
    long = _rows(kinds & _OF_A_RUN != 0, _RUN_AT_LEAST)
    shown, slips = _corrected(shown, [row for row in long if row[1] - row[0] >= _CONFUSED_AT_LEAST])
    runs = (match.span() for low, high in long for match in _RUN.finditer(shown, low, high))
    return Runs(shown, tuple(runs), frozenset(slips))


def _corrected(text: str, long: Iterable[tuple[int, int]]) -> tuple[str, set[int]]:
    """Return the text with digits in place of misread letters in the rows `long`, and the offsets of these."""
    pieces: list[str] = []
    slips: set[int] = set()
    at = 0
    for low, high in long:
        for match in _confused(text, low, high) if _MISREAD.search(text, low, high) else ():
            body, begin = match["body"], match.start("body")
            letters = [begin + place for place, char in enumerate(body) if not char.isdigit() and char not in "Xx"]
            most = _SLIPS_AT_MOST if match.re is _CONFUSED else _SLIPS_OF_SHORT
            if letters and len(letters) <= most:
                slips.update(letters)
                pieces += (text[at:begin], body.translate(_LOOKALIKES))
                at = match.end("body")
    return ("".join((*pieces, text[at:])) if pieces else text), slips


def _confused(text: str, low: int, high: int) -> Iterator[regex.Match[str]]:
    """Yield matches that may be numbers with misread letters, in order."""
    long = list(_CONFUSED.finditer(text, low, high)) if high - low >= _LONG else []
    return iter(long or _CONFUSED_SHORT.finditer(text, low, high))


def _kinds(text: str) -> NDArray[np.uint8]:
    """Return the bits of each character: _OF_A_RUN, _OF_CHINESE."""
    kinds: NDArray[np.uint8] = _KINDS.take(code_points(text), mode="clip")
    return kinds


def _rows(marked: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """Return the (start, end) of the rows of at least `least` marked characters."""
    found = marked_runs(marked)
    long: list[tuple[int, int]] = found[found[:, 1] - found[:, 0] >= least].tolist()
    return long


def _table() -> NDArray[np.uint8]:
    table = np.zeros(_PLANE, np.uint8)
    for bit, chars in (
        (_OF_A_RUN, f"{string.digits}{string.ascii_letters}ХхΧχ×✕)"),
        (_OF_CHINESE, "〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"),
    ):
        table[[ord(char) for char in chars]] |= bit
    return table


_KINDS: Final = _table()
