"""What a document shows the classifier: named features, how often each occurs, and where it occurs first.

Families, by the part of the name before "=": `word`, `pair` (two words in a row), `title` (a word of the title), `cue`,
`ground` and `lean` (the tables of `cues.py`), `form` (`form.py`), `finding` (types the detectors found, given as data).
The attribute a document declares about itself is blanked out first: the suggestion is compared with it later.
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

#: The head and the tail say what a document is; what lies between is for the detectors. Characters.
_HEAD: Final = 4000
_TAIL: Final = 1000
_FIRST_LINE: Final = regex.compile(rf"\s*[^\n{PARAGRAPH_BREAK}。]{{0,60}}")

#: A statement about the document's own attribute, wherever it stands, with its brackets or its line.
_DECLARATION: Final = regex.compile(
    r"[（(【\[]?\s{0,4}此件[^，,。;；\n\u2029]{0,12}?公\s?开(?:发布)?\s{0,4}[)）】\]]?"
    r"|(?:政府)?(?:信息)?公开(?:属性|类别|类型|方式|选项|形式)\s{0,4}[:：][^\n\u2029\t]{0,24}"
    r"|^[ \t\u3000]*+[（(]?(?:主\s?动|依\s?申\s?请|不\s?予|免予|内部)\s?公\s?开[)）]?[ \t\u3000]*+$"
    r"|[☑√✓■✔☒▣□○☐]\s?(?:主动|依申请|不予)公开",
    regex.MULTILINE,
)
#: What parts one line or cell from another, and is kept where text is read without white space.
_APART: Final = frozenset({PARAGRAPH_BREAK, CELL_BREAK})
#: What every such statement holds.
_OPEN: Final = regex.compile(r"公\s?开")
#: A statement begins and ends at most so many characters before and behind that word, but for the blanks of its line.
_DECLARED_FROM, _DECLARED_TO = 24, 40


class Occurrence(NamedTuple):
    """How often a feature occurs, and the first place as offsets of the document's text (None: no one place)."""

    times: int
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one document and how much text they were taken from."""

    signs: Mapping[str, Occurrence] = field(repr=False)
    """Cues, form and findings, by name."""
    wording: Wording = field(repr=False)
    chars: int
    """Characters of the visible body that are not white space, its declared attribute left out."""

    def names(self) -> Iterator[str]:
        """Go through the names of all features."""
        return itertools.chain(self.signs, (name for name, _, _ in self.wording.names()))

    @property
    def found(self) -> dict[str, Occurrence]:
        """All features by name: for who wants to see them; scoring goes without the names of words."""
        rows = list(self.wording.names())
        pairs = np.array([family(name) == "pair" for name, _, _ in rows], np.bool_)
        places = self.wording.places(np.array([first for _, _, first in rows], np.int64), pairs)
        words = {name: Occurrence(times, *place) for (name, times, _), place in zip(rows, places, strict=True)}
        return {**self.signs, **words}


class CueTable:
    """Cues made ready: one pass over a text finds the words of all of them."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        """Collect the words; one may belong to several cues."""
        owners: dict[str, list[int]] = {}
        for number, cue in enumerate(cues):
            for word in cue.words:
                owners.setdefault(word, []).append(number)
        self.words = tuple(owners)
        self._owners = list(owners.values())
        self._only_in_title = [cue.title_only for cue in cues]
        self._says = [(f"cue={cue.name}", f"ground={cue.group}", f"lean={cue.lean}") for cue in cues]
        self._keywords = Keywords(owners)

    def find(self, text: str, title: range, hits: Iterable[Found] | None = None) -> Iterator[tuple[str, int, int]]:
        """Yield each cue that is there, its ground and its lean, at the first of its words.

        `hits`: where the words stand, if that is known.
        """
        first: dict[int, tuple[int, int]] = {}
        for index, start, end in self._keywords.find(text) if hits is None else hits:
            for cue in self._owners[index]:
                inside = not self._only_in_title[cue] or (start in title and end <= title.stop)
                if inside and (cue not in first or (start, end) < first[cue]):
                    first[cue] = start, end
        for cue, place in first.items():
            for name in self._says[cue]:
                yield name, *place


@functools.cache
def _all_cues() -> CueTable:
    return CueTable(CUES)


def cue_words() -> Sequence[str]:
    """Return the words of all cues, for who looks for them in passing."""
    return _all_cues().words


def features(
    text: str,
    anatomy: Anatomy,
    counts: Mapping[str, int],
    cues: CueTable | None = None,
    seen: tuple[View, Sequence[Found]] | None = None,
) -> Features:
    """Return the features of `text` with its `anatomy`; `counts` are finding types and how many were found.

    `cues` is for cross-validation, which must not use wording found in the very documents it holds out; `seen` is
    the squeeze view of `text` where it has been made, and where in it the words of `cue_words` stand.
    """
    table = cues or _all_cues()
    text = text[: anatomy.lines[-1].end] if anatomy.lines else text
    stated = _stated(text, anatomy)
    body = _blanked(text, stated)
    read, hits = _seen(body, stated, *seen) if seen and _stands_apart(text, stated) else _read(body)
    title = _title(read[0].view, anatomy.title)
    signs: dict[str, Occurrence] = {}
    for part, within, known in zip(read, (title, range(0)), hits, strict=False):
        for name, first, last in table.find(part.view.text, within, known):
            before = signs.get(name)
            place = before[1:] if before else part.span(first, last)
            signs[name] = Occurrence(before.times + 1 if before else 1, *place)
    for name, span in form(body, anatomy):
        signs[f"form={name}"] = Occurrence(1, *(span or ()))
    signs |= {f"finding={kind}": Occurrence(count) for kind, count in counts.items() if count}
    return Features(signs, Wording.of(read, title), len("".join(body.split())))


def _ends(body: str) -> list[tuple[int, int]]:
    """Return where the parts of a body begin and end that are read."""
    size = len(body)
    return [(0, size)] if size <= _HEAD + _TAIL else [(0, _HEAD), (size - _TAIL, size)]


def _read(body: str) -> tuple[list[Part], list[list[Found] | None]]:
    """Return the parts of a body that are read; where in them the words of the cues stand is not known."""
    read = [Part(squeeze(fold(body[start:end])), start) for start, end in _ends(body)]
    return read, [None] * len(read)


def _seen(
    body: str, gaps: Sequence[Span], view: View, words: Sequence[Found]
) -> tuple[list[Part], list[list[Found] | None]]:
    """Return the same of a body whose view, and the words of the cues in it, are known; what is blanked is cut out."""
    read: list[Part] = []
    hits: list[list[Found] | None] = []
    for start, end in _ends(body):
        edges = [start, *(min(max(at, start), end) for gap in gaps for at in gap), end]
        places = [view.position(at) for at in edges]
        pieces = list(zip(places[::2], places[1::2], strict=True))
        read.append(_joined(view, pieces))
        at, found = 0, []
        for low, high in pieces:
            found += [
                (n, at + first - low, at + last - low) for n, first, last in words if low <= first and last <= high
            ]
            at += high - low
        hits.append(found)
    return read, hits


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


def _stated(text: str, anatomy: Anatomy) -> list[Span]:
    """Return where a visible body states its own attribute, in order and apart from one another.

    Headers, notes, comments, metadata and attachments come after the body and are left to the detectors.
    """
    spans = [anatomy.declared.span] if anatomy.declared else []
    if _OPEN.search(text):
        lined = text.replace(PARAGRAPH_BREAK, "\n")
        spans += [Span(*m.span()) for low, high in _near_open(lined) for m in _DECLARATION.finditer(lined, low, high)]
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(span.end, found[-1].end))
        else:
            found.append(span)
    return found


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with spaces in these places."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _stands_apart(text: str, spans: Iterable[Span]) -> bool:
    """Tell whether each of these is a line or a cell by itself: what stands around it reads the same without it."""
    return all(
        (not start or text[start - 1] in _APART) and (end == len(text) or text[end] in _APART) for start, end in spans
    )


def _near_open(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines around each 公开, apart from one another: nowhere else a declaration needs to be looked for."""
    low = high = 0
    for match in _OPEN.finditer(text):
        if match.start() - _DECLARED_FROM > high:
            if high:
                yield low, high
            low = text.rfind("\n", 0, max(0, match.start() - _DECLARED_FROM)) + 1
        end = text.find("\n", min(match.end() + _DECLARED_TO, len(text)))
        high = len(text) if end < 0 else end
    if high:
        yield low, high


def _title(view: View, title: Span | None) -> range:
    """Return the title's places in `view`; without a title, those of the first line."""
    if title is None:
        line = _FIRST_LINE.match(view.text)
        return range(line.end() if line else 0)
    return range(view.position(title.start), view.position(title.end))
