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

import regex

from prescan.classify.cues import CUES
from prescan.classify.form import form
from prescan.classify.wording import Part, Wording
from prescan.text.keywords import Keywords
from prescan.text.view import View, fold, squeeze
from prescan.types import PARAGRAPH_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prescan.classify.cues import Cue
    from prescan.text.anatomy import Anatomy
    from prescan.text.keywords import Found
    from prescan.types import Span

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
        sizes = {"pair": 2}
        said = {
            name: Occurrence(times, *self.wording.place(first, sizes.get(family(name), 1)))
            for name, times, first in self.wording.names()
        }
        return {**self.signs, **said}


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
    seen: tuple[View, Iterable[Found]] | None = None,
) -> Features:
    """Return the features of `text` with its `anatomy`; `counts` are finding types and how many were found.

    `cues` is for cross-validation, which must not use wording found in the very documents it holds out; `seen` is
    the squeeze view of `text` where it has been made, and where in it the words of `cue_words` stand.
    """
    table = cues or _all_cues()
    whole, text = text, _body(text, anatomy)
    head, *others = _parts(text)
    known = _beginning(whole, head[0], seen[0]) if seen else None
    view = known or squeeze(fold(head[0]))
    hits = [hit for hit in seen[1] if hit[2] <= len(view.text)] if seen and known else None
    title = _title(view, anatomy.title)
    read = [Part(view), *(Part(squeeze(fold(part)), base) for part, base in others)]
    signs: dict[str, Occurrence] = {}
    for part, within, known_hits in zip(read, (title, range(0)), (hits, None), strict=False):
        for name, first, last in table.find(part.view.text, within, known_hits):
            before = signs.get(name)
            place = before[1:] if before else part.span(first, last)
            signs[name] = Occurrence(before.times + 1 if before else 1, *place)
    for name, span in form(text, anatomy):
        signs[f"form={name}"] = Occurrence(1, *(span or ()))
    signs |= {f"finding={kind}": Occurrence(count) for kind, count in counts.items() if count}
    return Features(signs, Wording.of(read, title), len("".join(text.split())))


def _beginning(whole: str, part: str, squeezed: View) -> View | None:
    """Return the squeeze view of a part a text begins with, if nothing but white space follows it; else None."""
    size = len(part)
    if size != len(whole) and (part[-1:].isspace() or not whole[size:].isspace()):
        return None
    if not whole.startswith(part):
        return None
    if size == len(whole):
        return squeezed
    end = squeezed.position(size)
    return View(squeezed.text[:end], None if squeezed.origin is None else squeezed.origin[:end])


def family(name: str) -> str:
    """Return the family of a feature's name."""
    return name.partition("=")[0]


def _body(text: str, anatomy: Anatomy) -> str:
    """Return the visible body, offsets kept, with spaces where it states its own attribute.

    Headers, notes, comments, metadata and attachments come after the body and are left to the detectors.
    """
    text = text[: anatomy.lines[-1].end] if anatomy.lines else text
    spans: list[tuple[int, int]] = []
    if _OPEN.search(text):
        lined = text.replace(PARAGRAPH_BREAK, "\n")
        spans = [m.span() for low, high in _near_open(lined) for m in _DECLARATION.finditer(lined, low, high)]
    for start, end in [*spans, *([anatomy.declared.span] if anatomy.declared else [])]:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


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


def _parts(text: str) -> Iterator[tuple[str, int]]:
    """Yield the parts that are read, each with its offset."""
    if len(text) <= _HEAD + _TAIL:
        yield text, 0
        return
    yield text[:_HEAD], 0
    yield text[-_TAIL:], len(text) - _TAIL


def _title(view: View, title: Span | None) -> range:
    """Return the title's places in `view`; without a title, those of the first line."""
    if title is None:
        line = _FIRST_LINE.match(view.text)
        return range(line.end() if line else 0)
    return range(view.position(title.start), view.position(title.end))
