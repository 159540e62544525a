"""Runs of letters and digits in the squeeze view, read as the digits that were meant.

Two writings hide digits: figures in Chinese (一三八〇〇…) and letters that OCR or a hurried hand puts for digits (O, l,
I, B, S). Both are replaced one by one, so every offset stays.
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

#: A digit with at most three letters in front and at least five more letters or digits (× and Cyrillic stand for X).
_RUN = regex.compile(r"[A-Za-z]{0,3}[0-9][0-9A-Za-zХхΧχ×✕)]{5,}")
#: Years and days have four figures in a row at most.
_CHINESE = regex.compile("[〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{7,}")
_FIGURES: Final = str.maketrans("〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789")
_LOOKALIKES: Final = str.maketrans("OoQlIBSsZz", "0001185522")
#: A long run of digits with a few letters among them that look like digits; 学籍号 begins with G or L, and 残疾人证 may
#: end in B and a digit.
_CONFUSED = regex.compile(
    r"(?<![0-9A-Za-z])(?P<head>[GL]?)(?P<body>[OoQlI0-9][0-9OoQlIBSsZz]{9,}?[0-9OoQlIBSsZzXx])"
    r"(?P<tail>(?<=[0-9OoQlIBSsZz]{20})[Bb][0-9])?(?![0-9A-Za-z])"
)
#: A shorter one, or one behind the letters of a permit: little else than digits (H1O345678, USA8l2…).
_CONFUSED_SHORT = regex.compile(
    r"(?<![0-9A-Za-z])(?P<head>[A-Z]{0,3}?)(?P<body>[0-9OQlI][0-9OoQlIBSsZz]{6,14})(?![0-9A-Za-z])"
)
_SLIPS_OF_SHORT: Final = 2
#: What a run is made of, and what a number written in Chinese is made of; neither is looked for in shorter rows.
_OF_A_RUN: Final = 1
_OF_CHINESE: Final = 2
_RUN_AT_LEAST: Final = 6
_CHINESE_AT_LEAST: Final = 7
#: A name or a line is looked through for such rows before arrays are made of it.
_SHORT: Final = 200
_ANY = re.compile(
    rf"[0-9A-Za-zХхΧχ×✕)]{{{_RUN_AT_LEAST}}}|[〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{{{_CHINESE_AT_LEAST}}}"
)
#: Fewer letters and digits in a row are not read as digits with slips among them.
_CONFUSED_AT_LEAST: Final = 7
_MISREAD: Final = regex.compile("[OoQlIBSsZz]")
_PLANE: Final = 0x10000
_LONG: Final = 11
#: More letters than this among the digits are no slips.
_SLIPS_AT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Runs:
    """The squeeze view with digits for what stands for them, and where number rules look."""

    text: str = field(repr=False)
    spans: tuple[tuple[int, int], ...] = field(repr=False)
    corrected: frozenset[int] = frozenset()
    """Positions where a letter was read as a digit."""


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
    """Return the text with digits for the letters misread for them in long rows, and where these stand."""
    pieces: list[str] = []
    slips: set[int] = set()
    at = 0
    for low, high in long:
        for match in _meant(text, low, high) if _MISREAD.search(text, low, high) else ():
            body, begin = match["body"], match.start("body")
            letters = [begin + place for place, char in enumerate(body) if not char.isdigit() and char not in "Xx"]
            most = _SLIPS_AT_MOST if match.re is _CONFUSED else _SLIPS_OF_SHORT
            if letters and len(letters) <= most:
                slips.update(letters)
                pieces += (text[at:begin], body.translate(_LOOKALIKES))
                at = match.end("body")
    return ("".join((*pieces, text[at:])) if pieces else text), slips


def _meant(text: str, low: int, high: int) -> Iterator[regex.Match[str]]:
    """Yield what may be a number with letters misread for digits, in order."""
    long = list(_CONFUSED.finditer(text, low, high)) if high - low >= _LONG else []
    return iter(long or _CONFUSED_SHORT.finditer(text, low, high))


def _kinds(text: str) -> NDArray[np.uint8]:
    """Return what each character may be part of."""
    kinds: NDArray[np.uint8] = _KINDS[np.minimum(code_points(text), _PLANE - 1)]
    return kinds


def _rows(held: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """Return the rows of at least so many characters in a row that are marked."""
    found = marked_runs(held)
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
