"""Cue words: they tell whether the name near them is a private person's or that of somebody in a public role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.text.keywords import Keywords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.text.keywords import Found

PRIVATE: Final = "P"
PUBLIC: Final = "O"
TITLE: Final = "T"
#: This many labels, of at most _LABEL_AT_MOST characters, are cached with their kinds.
_LABEL_AT_MOST: Final = 12
_REMEMBERED: Final = 1 << 12


class Cue(NamedTuple):
    """A word that tells whose name is near it."""

    start: int
    end: int
    kind: str


class CueTable:
    """The cue words of a rule, found in one pass."""

    def __init__(self, private: Iterable[str], public: Iterable[str], titles: Iterable[str]) -> None:
        """Compile the words; a word in several lists counts for the first of private, public, title."""
        self.kinds = {
            **dict.fromkeys(titles, TITLE),
            **dict.fromkeys(public, PUBLIC),
            **dict.fromkeys(private, PRIVATE),
        }
        self.words = tuple(self.kinds)
        self._keywords = Keywords(self.kinds)
        self._by_index = list(self.kinds.values())
        self._kind_of: dict[str, str] = {}

    def find(self, text: str, hits: Iterable[Found] | None = None) -> list[Cue]:
        """Return the cues in `text`, sorted by their ends; of several with the same end only the longest.

        `hits` is what `Keywords.find` gives for the words, if the caller has it already.
        """
        longest: dict[int, tuple[int, int]] = {}
        for index, start, end in self._keywords.find(text) if hits is None else hits:
            if end not in longest or start < longest[end][0]:
                longest[end] = start, index
        return [Cue(start, end, self._by_index[index]) for end, (start, index) in sorted(longest.items())]

    def kind_of(self, text: str) -> str:
        """Return the kind of the last cue in a label, header or line, or "". Cached, as labels recur."""
        kind = self._kind_of.get(text)
        if kind is None:
            found = self.find(text)
            kind = found[-1].kind if found else ""
            if len(text) <= _LABEL_AT_MOST and len(self._kind_of) < _REMEMBERED:
                self._kind_of[text] = kind
        return kind
