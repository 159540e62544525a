"""Finds many words in one pass, with ahocorasick_rs, or with `regex` where that has no wheel."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import regex

try:
    import ahocorasick_rs
except ImportError:  # no wheel for this platform
    ahocorasick_rs = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Index of the word, start, end.
Found = tuple[int, int, int]

_CHUNK: Final = 500
_SURROGATE: Final = regex.compile("[\ud800-\udfff]")


class Keywords:
    """Words to find; every occurrence is found, overlapping ones too."""

    def __init__(self, words: Iterable[str]) -> None:
        """Compile the words. `find` returns indices in their order."""
        self.words: Sequence[str] = tuple(words)
        self._automaton = ahocorasick_rs.AhoCorasick(self.words) if ahocorasick_rs and self.words else None

    def find(self, text: str) -> Iterable[Found]:
        """Return (index of the word, start, end) of every occurrence in `text`; a lone surrogate matches nothing."""
        if self._automaton is not None:
            try:
                occurrences: Iterable[Found] = self._automaton.find_matches_as_indexes(text, overlapping=True)
            except UnicodeEncodeError:
                occurrences = self._automaton.find_matches_as_indexes(_SURROGATE.sub("\ufffd", text), overlapping=True)
            return occurrences
        return self._find_by_regex(text) if self.words else ()

    def _find_by_regex(self, text: str) -> Iterator[Found]:
        """Yield the same as `find`, for each place at which a word begins."""
        for chunk in self._chunks:
            for match in chunk.finditer(text, overlapped=True):
                for index, word in self._by_first[match[0][0]]:
                    if text.startswith(word, match.start()):
                        yield index, match.start(), match.start() + len(word)

    @functools.cached_property
    def _chunks(self) -> list[regex.Pattern[str]]:
        firsts = sorted(self._by_first)
        parts = (firsts[at : at + _CHUNK] for at in range(0, len(firsts), _CHUNK))
        return [regex.compile(f"[{''.join(map(regex.escape, part))}]") for part in parts]

    @functools.cached_property
    def _by_first(self) -> dict[str, list[tuple[int, str]]]:
        table: dict[str, list[tuple[int, str]]] = {}
        for index, word in enumerate(self.words):
            table.setdefault(word[0], []).append((index, word))
        return table
