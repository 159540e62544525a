"""Extracts the features of a document for the classifier: names, how often each occurs, and where it occurs first.

The family of a feature is the part of its name before "=": `word`, `pair` (two words in a row), `title` (a word of the
title), `cue`, `ground` and `lean` (the tables of `cues.py`), `form` (`form.py`), `finding` (types of findings).
The attribute a document declares about itself is blanked out first, for the suggestion is compared with it later.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import regex

from prescan.classify.cues import CUES
from prescan.classify.form import form
from prescan.classify.wording import Part, Wording
from prescan.text.keywords import Keywords
from prescan.text.view import View, fold, squeeze
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prescan.classify.cues import Cue
    from prescan.text.anatomy import Anatomy
    from prescan.text.keywords import Found

#: How many characters of the beginning and the end are used: they show the kind of document.
_HEAD: Final = 2000
_TAIL: Final = 600
_FIRST_LINE: Final = regex.compile(rf"\s*[^\n{PARAGRAPH_BREAK}。]{{0,60}}")

#: A statement of the document's own attribute, with its brackets or its line.
_DECLARATION: Final = regex.compile(
    r"[（(【\[]?\s{0,4}此件[^，,。;；\n\u2029]{0,12}?公\s?开(?:发布)?\s{0,4}[)）】\]]?"
    r"|(?:政府)?(?:信息)?公开(?:属性|类别|类型|方式|选项|形式)\s{0,4}[:：][^\n\u2029\t]{0,24}"
    r"|^[ \t\u3000]*+[（(]?(?:主\s?动|依\s?申\s?请|不\s?予|免予|内部)\s?公\s?开[)）]?[ \t\u3000]*+$"
    r"|[☑√✓■✔☒▣□○☐]\s?(?:主动|依申请|不予)公开",
    regex.MULTILINE,
)
#: Separators of lines and cells, which the squeeze view keeps.
_SEPARATORS: Final = frozenset({PARAGRAPH_BREAK, CELL_BREAK})
#: Part of every such statement.
_PUBLIC: Final = regex.compile(r"公\s?开")
#: A statement begins and ends at most this many characters before and after that word, apart from blanks.
_DECLARED_FROM, _DECLARED_TO = 24, 40


class Occurrence(NamedTuple):
    """How often a feature occurs, and its first place in the document's text (None: it has no place)."""

    times: int
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one document and the length of its text."""

    signs: Mapping[str, Occurrence] = field(repr=False)
    """Cues, traits of form, and findings, by name."""
    wording: Wording = field(repr=False)
    chars: int
    """Characters of the visible body without white space and without the declared attribute."""

    def names(self) -> Iterator[str]:
        """Yield the names of all features."""
        return itertools.chain(self.signs, (name for name, _, _ in self.wording.names()))

    @property
    def occurrences(self) -> dict[str, Occurrence]:
        """All features by name. Slow; scoring does not need the names of words."""
        rows = list(self.wording.names())
        pairs = np.array([family(name) == "pair" for name, _, _ in rows], np.bool_)
        places = self.wording.places(np.array([first for _, _, first in rows], np.int64), pairs)
        words = {name: Occurrence(times, *place) for (name, times, _), place in zip(rows, places, strict=True)}
        return {**self.signs, **words}


class CueTable:
    """Finds the words of all cues in one pass over a text."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        """Collect the words; a word may belong to several cues."""
        owners: dict[str, list[int]] = {}
        for number, cue in enumerate(cues):
            for word in cue.words:
                owners.setdefault(word, []).append(number)
        self.words = tuple(owners)
        self._owners = list(owners.values())
        self._only_in_title = [cue.title_only for cue in cues]
        self._features = [(f"cue={cue.name}", f"ground={cue.group}", f"lean={cue.lean}") for cue in cues]
        self._keywords = Keywords(owners)

    def find(self, text: str, title: range, hits: Iterable[Found] | None = None) -> Iterator[tuple[str, int, int]]:
        """Yield each cue in a text, its ground and its lean, with the place of its first word.

        `hits`: the places of the words, if they are known.
        """
        first: dict[int, tuple[int, int]] = {}
        for index, start, end in self._keywords.find(text) if hits is None else hits:
            for cue in self._owners[index]:
                inside = not self._only_in_title[cue] or (start in title and end <= title.stop)
                if inside and (cue not in first or (start, end) < first[cue]):
                    first[cue] = start, end
        for cue, place in first.items():
            for name in self._features[cue]:
                yield name, *place


@functools.cache
def _all_cues() -> CueTable:
    return CueTable(CUES)


def cue_words() -> Sequence[str]:
    """Return the words of all cues, for callers that find them in the same pass as other words."""
    return _all_cues().words


def features(
    text: str,
    anatomy: Anatomy,
    counts: Mapping[str, int],
    cues: CueTable | None = None,
    prepared: tuple[View, Sequence[Found]] | None = None,
) -> Features:
    """Return the features of `text` with its `anatomy`; `counts` gives the number of findings of each type.

    `cues` is for cross-validation, which must not use wording from the documents left out. `prepared` is the squeeze
    view of `text` and the places in it of the words of `cue_words`, if these are known.
    """
    table = cues or _all_cues()
    text = text[: anatomy.lines[-1].end] if anatomy.lines else text
    declarations = _declarations(text, anatomy)
    body = _blanked(text, declarations)
    if prepared and _are_separate(text, declarations):
        parts, hits = _prepared_parts(body, declarations, *prepared)
    else:
        parts, hits = _parts(body)
    title = _title(parts[0].view, anatomy.title)
    signs: dict[str, Occurrence] = {}
    for part, title_range, part_hits in zip(parts, (title, range(0)), hits, strict=False):
        for name, first, last in table.find(part.view.text, title_range, part_hits):
            earlier = signs.get(name)
            place = earlier[1:] if earlier else part.span(first, last)
            signs[name] = Occurrence(earlier.times + 1 if earlier else 1, *place)
    for name, span in form(body, anatomy):
        signs[f"form={name}"] = Occurrence(1, *(span or ()))
    signs |= {f"finding={kind}": Occurrence(count) for kind, count in counts.items() if count}
    return Features(signs, Wording.of(parts, title), len("".join(body.split())))


def _part_ranges(body: str) -> list[tuple[int, int]]:
    """Return the start and end of the parts of a body that are used."""
    size = len(body)
    return [(0, size)] if size <= _HEAD + _TAIL else [(0, _HEAD), (size - _TAIL, size)]


def _parts(body: str) -> tuple[list[Part], list[list[Found] | None]]:
    """Return the parts of a body that are used; the places of cue words in them are not known."""
    parts = [Part(squeeze(fold(body[start:end])), start) for start, end in _part_ranges(body)]
    return parts, [None] * len(parts)


def _prepared_parts(
    body: str, gaps: Sequence[Span], view: View, words: Sequence[Found]
) -> tuple[list[Part], list[list[Found] | None]]:
    """Return the same for a body whose view and cue words are known; the blanked `gaps` are cut out of the view."""
    parts: list[Part] = []
    hits: list[list[Found] | None] = []
    for start, end in _part_ranges(body):
        edges = [start, *(min(max(at, start), end) for gap in gaps for at in gap), end]
        places = [view.position(at) for at in edges]
        pieces = list(zip(places[::2], places[1::2], strict=True))
        parts.append(_joined(view, pieces))
        at, part_hits = 0, []
        for low, high in pieces:
            part_hits += [
                (n, at + first - low, at + last - low) for n, first, last in words if low <= first and last <= high
            ]
            at += high - low
        hits.append(part_hits)
    return parts, hits


def _joined(view: View, pieces: Sequence[tuple[int, int]]) -> Part:
    """Return the pieces of a view as one part."""
    text = "".join([view.text[low:high] for low, high in pieces])
    if len(pieces) == 1 and view.origin is None:
        return Part(View(text), pieces[0][0])
    origin = np.arange(len(view.text)) if view.origin is None else view.origin
    return Part(View(text, np.concatenate([origin[low:high] for low, high in pieces])))


def family(name: str) -> str:
    """Return the family of a feature's name."""
    return name.partition("=")[0]


def _declarations(text: str, anatomy: Anatomy) -> list[Span]:
    """Return the spans in which a visible body states its own attribute, in order and without overlaps."""
    spans = [anatomy.declared.span] if anatomy.declared else []
    if _PUBLIC.search(text):
        lined = text.replace(PARAGRAPH_BREAK, "\n")
        spans += [Span(*m.span()) for low, high in _near_public(lined) for m in _DECLARATION.finditer(lined, low, high)]
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with its `spans` replaced by spaces."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _are_separate(text: str, spans: Iterable[Span]) -> bool:
    """Return whether each span is a whole line or cell, so that the text around it has the same view without it."""
    return all(
        (not start or text[start - 1] in _SEPARATORS) and (end == len(text) or text[end] in _SEPARATORS)
        for start, end in spans
    )


def _near_public(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of lines around each 公开, without overlaps: declarations are only there."""
    low = high = 0
    for match in _PUBLIC.finditer(text):
        if match.start() - _DECLARED_FROM > high:
            if high:
                yield low, high
            low = text.rfind("\n", 0, max(0, match.start() - _DECLARED_FROM)) + 1
        end = text.find("\n", min(match.end() + _DECLARED_TO, len(text)))
        high = len(text) if end < 0 else end
    if high:
        yield low, high


def _title(view: View, title: Span | None) -> range:
    """Return the title's range in `view`; without a title, that of the first line."""
    if title is None:
        line = _FIRST_LINE.match(view.text)
        return range(line.end() if line else 0)
    return range(view.position(title.start), view.position(title.end))
