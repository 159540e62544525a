"""What every match of a pattern holds: where none of these words stands, the pattern need not be tried.

A small reader of regular expressions that knows what it does not know: for a construct it cannot read (flags, back
references, fuzzy matching) it says nothing, and the pattern is tried everywhere. It may say too little, never too much.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import regex

#: More alternatives than this are not written out.
_WORDS_AT_MOST: Final = 96
#: More words than this are not named; to so many characters they are cut before that is said.
_NAMED_AT_MOST: Final = 600
_SHORTENED: Final = 2
#: A class of more characters is any character.
_CHARS_AT_MOST: Final = 12
#: More groups than Python lets this reader go down into.
_DEEPEST: Final = 10_000
#: Shorter alternatives are tried as they are.
_GUARDED_FROM: Final = 30
_ZERO_WIDTH: Final = frozenset("bBAZz")
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r"}
_GROUP = regex.compile(
    r"\(\?(?:P?<(?P<name>[A-Za-z_]\w*)>|(?P<plain>[:>])|(?P<around><?[=!])|(?P<defined>\(DEFINE\))|&(?P<called>\w+))"
)
#: In a pattern that begins with (?x): space and remarks, which mean nothing; what is escaped or in a class stays.
_VERBOSE: Final = "(?x)"
_LAYOUT = regex.compile(r"(?P<kept>\\.|\[\^?\]?(?:[^\]\\]|\\.)*\])|\s+|#[^\n]*", regex.DOTALL)
_NO_LONGER = regex.compile(r"\(\?!\.\{(?P<more>\d+)\}\)")
_TIMES = regex.compile(r"\{(?P<low>\d*)(?:(?P<comma>,)(?P<high>\d*))?\}")
#: Characters that stand for themselves, the last of them not repeated.
_PLAIN = regex.compile(r"[^\\\[\](){}*+?|^$.]+(?![*+?{])")
_CLASS = regex.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", regex.DOTALL)
#: Classes that rule out little, and a dash that is none of a range, which would be one beside another class.
_TOO_WIDE = regex.compile(r"\\[pPDSwW]|^-|-$|\\-")
_UNREADABLE = regex.compile(r"\[:|--|&&|\|\||~~")


class _UnreadableError(Exception):
    """The pattern holds something this reader does not know."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is known of a part of a pattern."""

    words: frozenset[str] | None
    """Everything it can match, or None: too much to write out."""
    needed: frozenset[str] | None
    """Where that is too much: words one of which stands in everything it matches, or None: none are known."""
    first: frozenset[str] | None
    """What it can begin with, as a class is written, and "" if it can be empty; None: that is not known."""

    @property
    def best(self) -> frozenset[str] | None:
        """The most telling words one of which stands in every match."""
        return self.needed if self.words is None else _better(self.words, None)


_NOTHING: Final = _Piece(frozenset({""}), None, frozenset({""}))
_ANYTHING: Final = _Piece(None, None, None)


def needed(pattern: str) -> frozenset[str] | None:
    r"""Return words one of which stands in every match of `pattern`, or None: no such words are known.

    >>> sorted(needed(r"(?:会议|讨论)记录(?!仪)|会商纪要"))
    ['会商纪要', '会议记录', '讨论记录']
    >>> sorted(needed(r"[甲乙]?(?P<hit>\d{4}号)文件")), needed(r"\d{4}号?"), needed(r"(?i)abc")
    (['文件'], None, None)
    """
    reader = _read(pattern)
    return reader.whole.best if reader else None


def longest(pattern: str) -> int | None:
    r"""Return how many characters of one line a match of `pattern` has at most, if the pattern begins by saying so.

    >>> longest(r"(?x)(?(DEFINE)(?P<mark>甲|乙)) (?!.{90}) (?&mark)\d+"), longest(r"(?!.{90})甲|乙"), longest("甲")
    (89, None, None)
    """
    reader = _read(pattern)
    said = _NO_LONGER.match(reader.pattern, reader.defined) if reader and not reader.has_branches else None
    return int(said["more"]) - 1 if said else None


@functools.cache
def guarded(pattern: str) -> str:
    r"""Return a pattern that matches the same; it looks at one character before it tries a long alternative.

    `regex` tries the words of an alternative one after another, though the first character may rule out all of them.

    >>> guarded(r"\d(?:(?:会议|讨论|研究)(?:记录|纪要|情况)(?!仪)\d{4}号?文件|\d)")
    '\\d(?:(?=[会研讨])(?:会议|讨论|研究)(?:记录|纪要|情况)(?!仪)\\d{4}号?文件|\\d)'
    """
    reader = _read(pattern)
    if reader is None:
        return pattern
    shown = reader.pattern
    for at, first in sorted(reader.guards.items(), reverse=True):
        if not _UNREADABLE.search(begins := f"[{''.join(sorted(first))}]", 1):
            shown = f"{shown[:at]}(?={begins}){shown[at:]}"
    return shown


@functools.cache
def _read(pattern: str) -> _Reader | None:
    """Return what was read of a pattern, or None: it holds something this reader does not know."""
    try:
        return _Reader(_compact(pattern))
    except _UnreadableError:
        return None


def _compact(pattern: str) -> str:
    """Return a pattern without the space and the remarks that mean nothing in it."""
    if pattern.startswith(_VERBOSE):
        return _LAYOUT.sub(lambda part: part["kept"] or "", pattern.removeprefix(_VERBOSE))
    return pattern


def _escaped(char: str) -> str:
    return f"\\{char}" if char.isascii() and not char.isalnum() else char


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Return the words that say more: longer ones, else fewer; the empty word says nothing."""
    held = [words for words in (one, other) if words and "" not in words]
    return max(held, key=lambda words: (min(3, *map(len, words)), -len(words)), default=None)


class _Reader:
    """One pass over a pattern."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0
        self.named: dict[str, _Piece] = {}
        self.guards: dict[int, frozenset[str]] = {}
        """By where a long alternative begins, what it can begin with."""
        self._depth = 0
        """How many groups are open; guards are of no use outside of them, and not safe behind a look back."""
        self.defined = 0
        """Where the parts end that the pattern begins by defining."""
        self.has_branches = False
        """There is more than one way to read all of it, so that what one begins with says nothing of the others."""
        self.whole = self._branches()
        if self.at < len(self.pattern):
            raise _UnreadableError

    def _branches(self) -> _Piece:
        branches = [self._branch()]
        while self._next() == "|":
            self.at += 1
            branches.append(self._branch())
        if len(branches) == 1:
            return branches[0]
        self.has_branches = self.has_branches or not self._depth
        words = _union([one.words for one in branches])
        firsts = [one.first for one in branches if one.first is not None]
        first = frozenset[str]().union(*firsts) if len(firsts) == len(branches) else None
        return _Piece(words, _one_of([one.best for one in branches]) if words is None else None, first)

    def _branch(self) -> _Piece:
        begin, piece = self.at, self._sequence()
        if self.at - begin >= _GUARDED_FROM and self._depth > 0 and piece.first and "" not in piece.first:
            self.guards[begin] = piece.first
        return piece

    def _sequence(self) -> _Piece:
        words: frozenset[str] | None = frozenset({""})
        whole, best = True, None
        first: frozenset[str] | None = frozenset({""})
        while self._next() not in {"", "|", ")"}:
            piece = self._repeated(self._atom())
            if first is not None and "" in first:
                first = None if piece.first is None else (first - {""}) | piece.first
            joined = _joined(words, piece.words)
            if joined is None:
                best = _better(_better(best, words), piece.best)
                whole = False
                joined = piece.words or frozenset({""})
            words = joined
        return _Piece(words, None, first) if whole else _Piece(None, _better(best, words), first)

    def _atom(self) -> _Piece:
        char = self._next()
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escaped()
        if char in "*+?{":
            raise _UnreadableError
        plain = _PLAIN.match(self.pattern, self.at)
        self.at = plain.end() if plain else self.at + 1
        if char in "^$":
            return _NOTHING
        words = frozenset({plain[0] if plain else char})
        return _ANYTHING if char == "." else _Piece(words, None, frozenset({_escaped(char)}))

    def _group(self) -> _Piece:
        opened = _GROUP.match(self.pattern, self.at)
        if opened is None and self.pattern.startswith(("(?", "(*"), self.at):
            raise _UnreadableError
        self.at = opened.end() if opened else self.at + 1
        called = opened["called"] if opened else None
        if called and called not in self.named:
            raise _UnreadableError
        deeper = -_DEEPEST if opened and opened["around"] else 1
        self._depth += deeper
        piece = self.named[called] if called else self._branches()
        self._depth -= deeper
        if self._next() != ")":
            raise _UnreadableError
        self.at += 1
        if opened and opened["defined"] and not opened.start():
            self.defined = self.at
        if opened and opened["name"]:
            self.named[opened["name"]] = piece
        return _NOTHING if opened and (opened["around"] or opened["defined"]) else piece

    def _class(self) -> _Piece:
        held = _CLASS.match(self.pattern, self.at)
        if held is None or _UNREADABLE.search(held[0], 1):
            raise _UnreadableError
        self.at = held.end()
        inside = held[0][1:-1]
        if inside.startswith(("^", "]")) or _TOO_WIDE.search(inside):
            return _ANYTHING
        first = frozenset({inside})
        if "\\" in inside or "-" in inside or len(inside) > _CHARS_AT_MOST:
            return _Piece(None, None, first)
        return _Piece(frozenset(inside), None, first)

    def _escaped(self) -> _Piece:
        char = self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if char in {"p", "P"}:
            named = regex.compile(r"\{\w+\}").match(self.pattern, self.at)
            if named is None:
                raise _UnreadableError
            self.at = named.end()
            return _ANYTHING
        if char in _ZERO_WIDTH:
            return _NOTHING
        if char in {"d", "s"}:
            return _Piece(None, None, frozenset({f"\\{char}"}))
        if char in {"D", "S", "w", "W"}:
            return _ANYTHING
        if not char or (char.isascii() and char.isalnum() and char not in _CONTROLS):
            raise _UnreadableError
        return _Piece(frozenset({_CONTROLS.get(char, char)}), None, frozenset({f"\\{char}"}))

    def _repeated(self, piece: _Piece) -> _Piece:
        char, low, high = self._next(), 1, 1
        if char in {"?", "*", "+"}:
            self.at += 1
            low, high = int(char == "+"), 1 if char == "?" else 2
        elif char == "{":
            times = _TIMES.match(self.pattern, self.at)
            if times is None or not (times["low"] or times["high"]):
                raise _UnreadableError
            self.at = times.end()
            low = int(times["low"] or 0)
            high = int(times["high"] or low + 2) if times["comma"] else low
        else:
            return piece
        if self._next() in {"?", "+"}:  # lazy or possessive: no matter
            self.at += 1
        first = piece.first if low or piece.first is None else piece.first | {""}
        if (low, high) == (0, 1) and piece.words is not None:
            return _Piece(piece.words | {""}, None, first)
        return piece if (low, high) == (1, 1) else _Piece(None, piece.best if low else None, first)

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]


def _union(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    held = [one for one in sets if one is not None]
    joined = frozenset().union(*held)
    return joined if len(held) == len(sets) and len(joined) <= _WORDS_AT_MOST else None


def _one_of(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    """Return words one of which stands where one of each set does; what holds a word holds how it begins."""
    joined = frozenset().union(*(one or () for one in sets))
    shorter = joined if len(joined) <= _NAMED_AT_MOST else frozenset(word[:_SHORTENED] for word in joined)
    return shorter if all(sets) and len(shorter) <= _NAMED_AT_MOST else None


def _joined(before: frozenset[str] | None, after: frozenset[str] | None) -> frozenset[str] | None:
    """Return every word of one followed by every word of the other, or None: too many or not known."""
    if before is None or after is None or len(before) * len(after) > _WORDS_AT_MOST:
        return None
    return frozenset(one + other for one in before for other in after)
