"""A small parser of regular expressions: finds out which words every match of a pattern contains.

It refuses what it does not know (flags, back references, fuzzy matching): `UnreadableError`. It may find too few
words, never wrong ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

#: A part that can match more words than this is not expanded into them.
_WORDS_AT_MOST: Final = 96
#: At most this many required words are collected; if there are more, they are cut to _SHORTENED characters first.
_NEEDED_AT_MOST: Final = 600
_SHORTENED: Final = 2
#: A class of more characters counts as any character.
_CHARS_AT_MOST: Final = 12
#: A nesting depth that is never reached; subtracting it marks everything inside a look-around.
_DEEPEST: Final = 10_000
#: Alternatives of at least this length, in characters of the pattern, get a guard.
_GUARDED_FROM: Final = 30
_ZERO_WIDTH: Final = frozenset("bBAZz")
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r"}
_GROUP = regex.compile(
    r"\(\?(?:P?<(?P<name>[A-Za-z_]\w*)>|(?P<plain>[:>])|(?P<around><?[=!])|(?P<defined>\(DEFINE\))|&(?P<called>\w+))"
)

_TIMES = regex.compile(r"\{(?P<low>\d*)(?:(?P<comma>,)(?P<high>\d*))?\}")
#: Literal characters, up to the last one that is not repeated.
_PLAIN = regex.compile(r"[^\\\[\](){}*+?|^$.]+(?![*+?{])")
_CLASS = regex.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", regex.DOTALL)
#: Classes that exclude little, and classes with a literal dash, which would become a range when classes are joined.
_TOO_WIDE = regex.compile(r"\\[pPDSwW]|^-|-$|\\-")
#: What in a class is a set operation or a POSIX name.
UNREADABLE_CLASS = regex.compile(r"\[:|--|&&|\|\||~~")


class UnreadableError(Exception):
    """The pattern contains a construct that this module does not know."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is known of a part of a pattern."""

    words: frozenset[str] | None
    """Everything it can match; None if that is too much."""
    needed: frozenset[str] | None
    """If `words` is None: words one of which is in everything it matches; None if none are known."""
    first: frozenset[str] | None
    """The characters it can begin with, written as in a class, and "" if it can be empty; None if unknown."""

    @property
    def best(self) -> frozenset[str] | None:
        """The most specific words one of which is in everything it matches."""
        return self.needed if self.words is None else _better(self.words, None)


_NOTHING: Final = _Piece(frozenset({""}), None, frozenset({""}))
_ANYTHING: Final = _Piece(None, None, None)


def _escaped(char: str) -> str:
    return f"\\{char}" if char.isascii() and not char.isalnum() else char


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Return the more specific of two sets: that of the longer words, else the smaller one; None if "" is in both."""
    usable = [words for words in (one, other) if words and "" not in words]
    return max(usable, key=lambda words: (min(3, *map(len, words)), -len(words)), default=None)


class PatternReader:
    """One pass over a pattern."""

    def __init__(self, pattern: str) -> None:
        """`pattern` is without the white space and comments of (?x). Raises UnreadableError."""
        self.pattern, self.at = pattern, 0
        self.named: dict[str, _Piece] = {}
        self.guards: dict[int, frozenset[str]] = {}
        """Offset in the pattern of each long alternative inside a group → the characters it can begin with."""
        self._depth = 0
        """The number of open groups; negative inside look-arounds, where guards would not be safe."""
        self.defined = 0
        """Offset behind the (?(DEFINE)…) at the beginning of the pattern."""
        self.has_branches = False
        """The pattern as a whole has alternatives, so that the beginning of one does not apply to the others."""
        self.whole = self._branches()
        """What is known of the whole pattern."""
        if self.at < len(self.pattern):
            raise UnreadableError

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
            raise UnreadableError
        plain = _PLAIN.match(self.pattern, self.at)
        self.at = plain.end() if plain else self.at + 1
        if char in "^$":
            return _NOTHING
        words = frozenset({plain[0] if plain else char})
        return _ANYTHING if char == "." else _Piece(words, None, frozenset({_escaped(char)}))

    def _group(self) -> _Piece:
        opened = _GROUP.match(self.pattern, self.at)
        if opened is None and self.pattern.startswith(("(?", "(*"), self.at):
            raise UnreadableError
        self.at = opened.end() if opened else self.at + 1
        called = opened["called"] if opened else None
        if called and called not in self.named:
            raise UnreadableError
        deeper = -_DEEPEST if opened and opened["around"] else 1
        self._depth += deeper
        piece = self.named[called] if called else self._branches()
        self._depth -= deeper
        if self._next() != ")":
            raise UnreadableError
        self.at += 1
        if opened and opened["defined"] and not opened.start():
            self.defined = self.at
        if opened and opened["name"]:
            self.named[opened["name"]] = piece
        return _NOTHING if opened and (opened["around"] or opened["defined"]) else piece

    def _class(self) -> _Piece:
        match = _CLASS.match(self.pattern, self.at)
        if match is None or UNREADABLE_CLASS.search(match[0], 1):
            raise UnreadableError
        self.at = match.end()
        inside = match[0][1:-1]
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
                raise UnreadableError
            self.at = named.end()
            return _ANYTHING
        if char in _ZERO_WIDTH:
            return _NOTHING
        if char in {"d", "s"}:
            return _Piece(None, None, frozenset({f"\\{char}"}))
        if char in {"D", "S", "w", "W"}:
            return _ANYTHING
        if not char or (char.isascii() and char.isalnum() and char not in _CONTROLS):
            raise UnreadableError
        return _Piece(frozenset({_CONTROLS.get(char, char)}), None, frozenset({f"\\{char}"}))

    def _repeated(self, piece: _Piece) -> _Piece:
        char, low, high = self._next(), 1, 1
        if char in {"?", "*", "+"}:
            self.at += 1
            low, high = int(char == "+"), 1 if char == "?" else 2
        elif char == "{":
            times = _TIMES.match(self.pattern, self.at)
            if times is None or not (times["low"] or times["high"]):
                raise UnreadableError
            self.at = times.end()
            low = int(times["low"] or 0)
            high = int(times["high"] or low + 2) if times["comma"] else low
        else:
            return piece
        if self._next() in {"?", "+"}:  # lazy or possessive: the same words
            self.at += 1
        first = piece.first if low or piece.first is None else piece.first | {""}
        if (low, high) == (0, 1) and piece.words is not None:
            return _Piece(piece.words | {""}, None, first)
        return piece if (low, high) == (1, 1) else _Piece(None, piece.best if low else None, first)

    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]


def _union(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    """Return the union of all sets, or None if one is None or there are too many words."""
    known = [one for one in sets if one is not None]
    joined = frozenset().union(*known)
    return joined if len(known) == len(sets) and len(joined) <= _WORDS_AT_MOST else None


def _one_of(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    """Return words one of which occurs wherever a word of one of the sets does: their union, cut if it is too large."""
    joined = frozenset().union(*(one or () for one in sets))
    shorter = joined if len(joined) <= _NEEDED_AT_MOST else frozenset(word[:_SHORTENED] for word in joined)
    return shorter if all(sets) and len(shorter) <= _NEEDED_AT_MOST else None


def _joined(before: frozenset[str] | None, after: frozenset[str] | None) -> frozenset[str] | None:
    """Return every word of one set followed by every word of the other; None if unknown or too many."""
    if before is None or after is None or len(before) * len(after) > _WORDS_AT_MOST:
        return None
    return frozenset(one + other for one in before for other in after)
