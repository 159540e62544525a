"""Where a personal name may be: spans, the characters of names, and names that are written with gaps.

Most spans have to pass the gate in `name/gate.py`. Places meant for a name (the cell under 姓名, the value
after 申请人：) are examined whatever their characters.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import regex

from prescan.resources import data_rows
from prescan.text.keywords import Keywords
from prescan.text.view import code_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from re import Pattern

    from numpy.typing import NDArray

    from prescan.text.keywords import Found

PLANE: Final = 0x10000
#: No Chinese characters are beyond these planes.
_HAN_PLANES: Final = 0x40000
#: The name of the list of two-character surnames in `Reading.words`.
SURNAMES: Final = "surnames"
#: At most two given characters; also the length of a compound surname.
_COMPOUND: Final = 2
_COMPOUND_ODDS: Final = 4.0
#: One-character words that may be in front of a name.
BEFORE: Final = frozenset("与和同跟及由被把给向对叫名是系为让请找替将")
#: Characters beside a name in a row of people that are not part of it: 陶 冶 男, 彭 武 证3201.
_COLUMNS: Final = "男女证卡号"
_SPACED = regex.compile(
    r"(?P<first>\p{Han})(?P<gap>[ \u3000]{1,3})"
    rf"(?P<last>(?![{_COLUMNS}])\p{{Han}})(?![ \u3000](?![{_COLUMNS}])\p{{Han}}(?!\p{{Han}}))"
)
#: A heading with spaced characters (裁 定 书): the part behind a place in it, and the part before.
_APART_BEHIND = regex.compile(
    r"(?:[ \u3000]{1,3}\p{Han}){0,12}(?<=[书令函知告证表定录见单约议信])(?:\u3000|[ \u3000]*(?=[\n\r\u2029]|$))"
)
_APART_BEFORE = regex.compile(r"(?r)(?:^|(?<=[\n\r\u2029]))[ \u3000]*(?:\p{Han}[ \u3000]{1,3})+")
SPACE = regex.compile("[ \u3000]+")
#: Characters that a spaced name, with its look-around, reaches behind its first space.
_SPACED_AT_MOST: Final = 8
_HEADING_AT_MOST: Final = 40
_RARE = regex.compile(r"\p{Han}{2,3}(?!\p{Han})")
#: Least log odds of the characters of a spaced name that other words touch (村民林 润家).
_SPACED_INSIDE: Final = 1.0
#: The same directly behind a cue (房东隆 中收了).
_SPACED_LED: Final = -4.0
#: The same where nothing shows that a name begins there (家住林 润隔壁).
_SPACED_GLUED: Final = 3.0
_MASKS: Final = frozenset("某×xX*＊○〇╳✕Ⅹ")
_HONORIFIC = regex.compile(
    r"(?:先生|女士|小姐|师傅|同志|老师|医生|大夫|警官|律师|大爷|大娘|阿姨|老汉|老太|某"
    r"|[镇乡县市区村局科处所站院校队股会厂]长|书记|主任|经理|会计|大姐|大妈|大伯|大婶|大哥|奶奶|爷爷|老板|[姐哥婶嫂叔姨总工])"
)
HAN_RUN: Final = regex.compile(r"\p{Han}+")
COLONS: Final = frozenset("：:")
#: The (start, end) of a piece of text.
Place = tuple[int, int]


class Span(NamedTuple):
    """A span of the fold view that may be a name."""

    start: int
    end: int
    name: str
    """The characters without spaces."""
    form: str = "plain"
    """"plain", "spaced" (林 润), "dotted" (阿依古丽·买买提), "called" (邬奶奶), "built" (a place meant for a name)."""


@dataclass(frozen=True)
class NameChars:
    """Log odds of characters as surnames and in given names, relative to text, by code point."""

    surname: NDArray[np.float32]
    given: NDArray[np.float32]
    surnames: Mapping[str, float]
    """The same, for one character at a time."""
    givens: Mapping[str, float]
    floor: float
    """Log odds of a character that occurs in no name."""
    compound: frozenset[str]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> NameChars:
        """Make the tables from the model's arrays and the surnames of `data/surnames.tsv`."""
        floor = float(arrays["given_floor"][0])
        surname = np.full(PLANE, -np.inf, np.float32)
        surname[arrays["surname_codes"]] = arrays["surname_odds"]
        given = np.full(PLANE, floor, np.float32)
        given[arrays["given_codes"]] = arrays["given_odds"]
        surnames, givens = (
            dict(zip(map(chr, arrays[f"{which}_codes"].tolist()), arrays[f"{which}_odds"].tolist(), strict=True))
            for which in ("surname", "given")
        )
        return cls(surname, given, surnames, givens, floor, frozenset(compound_surnames()))

    def odds(self, char: str) -> float:
        """Return the given-name log odds of a character."""
        return self.givens.get(char, self.floor)

    def surname_odds(self, char: str) -> float:
        """Return the log odds of a character as surname; -inf if it is not one."""
        return self.surnames.get(char, -math.inf)

    def begins(self, text: str) -> bool:
        """Return whether `text` begins with a surname."""
        return text[:_COMPOUND] in self.compound or text[:1] in self.surnames

    def total(self, name: str) -> float:
        """Return the summed log odds of a name's characters."""
        size = _COMPOUND if name[:_COMPOUND] in self.compound else 1
        surname = _COMPOUND_ODDS if size > 1 else self.surname_odds(name[0])
        givens, floor = self.givens, self.floor
        return surname + sum([givens.get(char, floor) for char in name[size:]])


def is_han(char: str) -> bool:
    """Return whether a character is a Chinese character, also a rare one beyond the basic plane (东𡐓村)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\U00020000" <= char <= "\U000323af"


def han(text: str) -> NDArray[np.bool_]:
    """Mark the Chinese characters of a text, as `HAN_RUN` has them."""
    table = _han_table()
    marked: NDArray[np.bool_] = table.take(code_points(text), mode="clip")
    return marked


@functools.cache
def _han_table() -> NDArray[np.bool_]:
    """Mark the code points of Chinese characters; the last places have none."""
    table = np.zeros(_HAN_PLANES, np.bool_)
    for run in HAN_RUN.finditer("".join(map(chr, range(_HAN_PLANES)))):
        table[slice(*run.span())] = True
    return table


def compound_surnames() -> list[str]:
    """Return the two-character surnames."""
    return [row[0] for row in data_rows("surnames.tsv") if len(row[0]) == _COMPOUND]


def of_compound(text: str, at: int, chars: NameChars, least: float) -> Iterator[tuple[Span, float]]:
    """Yield the spans at `at` behind a two-character surname whose summed log odds reach `least`, with the sum."""
    for size in (2, 3, 4):
        name = text[at : at + size]
        if len(name) == size and (total := chars.total(name)) >= least and (span := plain(text, at, at + size)):
            yield span, total


def plain(text: str, start: int, end: int) -> Span | None:
    """Return the span if it is all Chinese and names somebody, else None."""
    name = text[start:end]
    return Span(start, end, name) if _names_somebody(name) and text[end : end + 1] not in _MASKS else None


def masked(text: str, name: str, end: int) -> bool:
    """Return whether a name is written so that it does not identify anybody: 张某某, 李××, 赵女士."""
    return text[end : end + 1] in _MASKS or _hides(name)


@functools.lru_cache(maxsize=1 << 14)
def _hides(name: str) -> bool:
    return any(char in _MASKS for char in name) or _HONORIFIC.fullmatch(name, 1) is not None


@functools.lru_cache(maxsize=1 << 14)
def _names_somebody(name: str) -> bool:
    return HAN_RUN.fullmatch(name) is not None and not _hides(name)


def spaced_spans(text: str, chars: NameChars, starts: frozenset[int]) -> Iterator[Span]:
    """Yield two characters with a space between them that may be a name, alone or touched by words.

    `starts`: the ends of cues; there, or behind a word like 与, a name may follow without a gap.
    """
    for match in _spaced(text):
        (start, end), name = match.span(), match["first"] + match["last"]
        if chars.surname_odds(match["first"]) == -math.inf or in_heading(text, start, end):
            continue
        before, behind = text[start - 1 : start], text[end : end + 1]
        led = start in starts
        glued = HAN_RUN.match(before) and not led and before not in BEFORE
        touched = HAN_RUN.match(behind if led else before + behind)
        if glued:
            least = _SPACED_GLUED
        elif touched:
            least = _SPACED_LED if led else _SPACED_INSIDE
        else:
            least = -math.inf
        if chars.total(name) >= least:
            yield Span(start, end, name, "spaced")


def in_heading(text: str, start: int, end: int) -> bool:
    """Return whether a place is in a line of spaced characters that ends like the name of a document."""
    return (
        _APART_BEHIND.match(text, end) is not None
        and _APART_BEFORE.match(text, max(0, start - _HEADING_AT_MOST), start) is not None
    )


def _spaced(text: str) -> Iterator[regex.Match[str]]:
    """Yield the matches of `_SPACED`, tried only near spaces."""
    return near(_SPACED, text, SPACE, 1, _SPACED_AT_MOST)


def near(
    pattern: regex.Pattern[str], text: str, signs: Pattern[str] | regex.Pattern[str], before: int, behind: int
) -> Iterator[regex.Match[str]]:
    """Yield the matches of a slow pattern, tried only near those of a fast one.

    Every match contains one of `signs`, begins at most `before` characters before it, and depends on at most `behind`
    characters behind its end.
    """
    low = high = 0
    for sign in signs.finditer(text):
        if sign.start() - before > high:
            yield from pattern.finditer(text, low, high)
            low = sign.start() - before
        high = min(sign.end() + behind, len(text))
    yield from pattern.finditer(text, low, high)


def behind(pattern: regex.Pattern[str], sign: Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """Yield what a slow pattern finds in a text right behind what a quick one finds."""
    done = 0
    for before in sign.finditer(text):
        if before.end() >= done and (match := pattern.match(text, before.end())):
            done = match.end()
            yield match


def compound_spans(text: str, chars: NameChars, least: float, hits: Iterable[Found] | None = None) -> Iterator[Span]:
    """Yield the spans that begin with a two-character surname, whatever the gate says of its first character.

    `hits`: what `Keywords.find` gives for these surnames, if the caller has it already.
    """
    last = 0
    for _, start, end in sorted(_compounds().find(text) if hits is None else hits, key=lambda found: found[1]):
        if start >= last:
            last = end
            yield from (span for span, _ in of_compound(text, start, chars, least))


@functools.cache
def _compounds() -> Keywords:
    return Keywords(compound_surnames())


def rare_spans(text: str, starts: Iterable[int], chars: NameChars) -> Iterator[Span]:
    """Yield two or three characters at the end of a run where a name is expected, with no surname in front (郧大成)."""
    for start in starts:
        match = _RARE.match(text, start)
        if match and not chars.begins(match[0]) and not masked(text, match[0], match.end()):
            yield Span(start, match.end(), match[0])
