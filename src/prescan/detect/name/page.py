"""The text around a possible name: words, punctuation, labels, table headers, cues. Filled lazily, one a document."""

from __future__ import annotations

import bisect
import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import details_of, figures, holders
from prescan.detect.name.columns import cells_of_names
from prescan.detect.name.cues import PRIVATE, PUBLIC
from prescan.detect.name.segmented import Segmented
from prescan.detect.name.spans import is_han
from prescan.text.keywords import Keywords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.detect.name.cues import Cue, CueTable
    from prescan.detect.name.slots import Column
    from prescan.detect.name.spans import Span
    from prescan.detect.reading import Reading
    from prescan.text.tables import Cell, Table

#: The reach of a cue, in characters of the fold view.
_REACH: Final = 40
_FEW: Final = 3
_SOON: Final = 30
#: Texts of at least this length are searched for all possible names at once; for shorter ones that would cost more.
_LONG: Final = 12_000
#: How often a name recurs is counted up to this number.
_MANY: Final = 24
#: This many results of `edge_of` are cached.
_REMEMBERED: Final = 1 << 12
_LINE_MARK = regex.compile("[\n\u2029]")
_LABEL = regex.compile(
    r"(?r)(?P<label>\p{Han}[\p{Han} \u3000/]{0,10}\p{Han})"
    r"\s{0,2}(?:[(][^()]{0,10}[)])?\s{0,2}(?:[::│┃]|\.{3,8})\s{0,4}"
)
_STOP = regex.compile(r"[。;!?\n\r\t|\u2029]")
_SENTENCE_START = regex.compile(r"(?r)[。;!?\n\r\t|\u2029]")
_CLASSES: Final = {"\n": "N", "\r": "N", "\u2029": "N", "\t": "T", "|": "T", "\u3000": "_", " ": "_", "": "N"}


class NamePage(Segmented):
    """One document as the name model sees it."""

    def __init__(self, reading: Reading, cues: CueTable, rule_id: str = "") -> None:
        """Start with empty caches. `rule_id`: the rule of the cues, if `Compiled.hits` has searched for them."""
        super().__init__(reading.fold.text)
        self.reading = reading
        self._hits = reading.words.get(rule_id)
        self._cue_table = cues
        self.cue_of = cues.kind_of
        self._starts: dict[str, list[int]] = {}
        self._cells: dict[int, tuple[Table, Cell] | None] = {}
        self.genre: list[str] | None = None
        self.repeats: dict[str, list[str]] = {}
        """Cache: how names recur; see `name/features.py`."""
        self.of_cells: dict[int, tuple[str, list[str]]] = {}
        """Cache: start of a cell → its text without spaces, and what header and label tell; see `name/features.py`."""
        self.of_tables: dict[int, list[str]] = {}
        """Cache: start of a table → what its header row tells; see `name/role.py`."""
        self.above: dict[int, list[str]] = {}
        """Cache: end of a line → what that line and those above it tell; see `name/role.py`."""
        self.proved: dict[tuple[int, int], Span] = {}
        """Cache of `name/proved.py`: what the place proves to be a name."""
        self.slots: list[Column] | None = None
        """Cache: the columns of lines that are alike; see `name/slots.py`."""
        self.held_names: frozenset[tuple[int, int]] = frozenset()
        """Cache: texts directly before an ID number that are as long as a name."""
        self.line_numbers: dict[tuple[int, int], tuple[str, int]] = {}
        """Cache: start of a line → its numbers, and the start of the last one; see `name/beside.py`."""

    @functools.cached_property
    def cues(self) -> list[Cue]:
        """The cues, sorted by their ends."""
        return self._cue_table.find(self.text, self._hits)

    @functools.cached_property
    def _cue_ends(self) -> list[int]:
        return [cue.end for cue in self.cues]

    def is_cue(self, span: Span) -> bool:
        """Return whether a span is inside a cue: 申请人 is not a name, whatever number follows it."""
        at = bisect.bisect_left(self._cue_ends, span.end)
        return at < len(self.cues) and self.cues[at].start <= span.start

    def is_whole_cue(self, text: str) -> bool:
        """Return whether a text is a cue for private people, and nothing else."""
        return any(
            cue.start == 0 and cue.end == len(text) and cue.kind == PRIVATE for cue in self._cue_table.find(text)
        )

    def splits_cue(self, span: Span) -> bool:
        """Return whether a cue begins at a span's start and ends inside it: 子郎晨 in 孙子郎晨."""
        at = bisect.bisect_right(self._cue_ends, span.start)
        cue = self.cues[at] if at < len(self.cues) else None
        return cue is not None and cue.kind in {PRIVATE, PUBLIC} and cue.start < span.start and cue.end < span.end

    @functools.cached_property
    def cue_ends(self) -> frozenset[int]:
        """The ends of cues for private people."""
        return frozenset(cue.end for cue in self.cues if cue.kind == PRIVATE)

    @functools.cached_property
    def all_cue_ends(self) -> frozenset[int]:
        """The ends of cues of any kind."""
        return frozenset(self._cue_ends)

    @functools.cached_property
    def figures(self) -> list[tuple[int, int]]:
        """The (start, end) of rows of characters in which numbers of people may be."""
        return figures(self.text)

    @functools.cached_property
    def held(self) -> list[tuple[int, int]]:
        """The (start, end) of the runs of Chinese characters in front of an ID number."""
        return list(holders(self.text, self.figures))

    @functools.cached_property
    def held_ends(self) -> frozenset[int]:
        """The ends of these runs."""
        return frozenset(end for _, end in self.held)

    @functools.cached_property
    def cells_of_names(self) -> frozenset[tuple[int, int]]:
        """The (start, end) of the texts that fill a cell of a column of names."""
        return frozenset(cells_of_names(self))

    @functools.cached_property
    def details(self) -> int:
        """How often the text tells somebody's sex or age or a masked number."""
        return details_of(self.text)

    @functools.cached_property
    def balance(self) -> str:
        """Return which kind of cue prevails in the document."""
        private = sum(cue.kind == PRIVATE for cue in self.cues)
        public = sum(cue.kind == PUBLIC for cue in self.cues)
        if private + public < _FEW:
            return "few"
        return f"{round(4 * private / (private + public))}"

    def ends_with_post(self, start: int, end: int) -> bool:
        """Return whether a text ends with an office or a word for somebody in a public role."""
        at = bisect.bisect_left(self._cue_ends, end)
        cue = self.cues[at] if at < len(self.cues) else None
        return cue is not None and cue.end == end and cue.start >= start and cue.kind != PRIVATE

    def edge(self, at: int) -> str:
        """Return the class of the character at `at`: "N" line end, "T" cell end, "0" digit, "a" letter, or other."""
        return edge_of(self.text[at : at + 1]) if at >= 0 else "N"

    def side(self, at: int) -> str:
        """Return the same with one class for all Chinese characters."""
        return _side(self.text[at : at + 1]) if at >= 0 else "N"

    def label(self, start: int) -> str:
        """Return the label in front of a value (申请人：) without spaces, or ""."""
        match = _LABEL.match(self.text, max(0, start - 30), start)
        return "".join(match["label"].split()) if match else ""

    def nearest_before(self, start: int) -> tuple[Cue | None, int]:
        """Return the cue before `start` in the same sentence, within reach, and the distance."""
        index = bisect.bisect_right(self._cue_ends, start) - 1
        if index < 0:
            return None, 0
        cue = self.cues[index]
        distance = start - cue.end
        if distance > _REACH or _STOP.search(self.text, cue.end, start):
            return None, 0
        return cue, distance

    def nearest_after(self, end: int, reach: int = 8) -> tuple[Cue | None, int]:
        """Return the first cue that begins at `end` or soon after it in the same sentence, and the distance."""
        index = bisect.bisect_right(self._cue_ends, end)
        for cue in self.cues[index : index + 3]:
            distance = cue.start - end
            if 0 <= distance <= reach and not _STOP.search(self.text, end, cue.start):
                return cue, distance
        return None, 0

    def sequence(self, span: Span) -> list[str]:
        """Return the kinds of the last two cues before a name in its sentence, and of the first two close behind it."""
        begin = self.sentence_start(span.start)
        index = bisect.bisect_right(self._cue_ends, span.start)
        before = [cue.kind for cue in self.cues[max(0, index - 2) : index] if cue.start >= begin]
        index = bisect.bisect_right(self._cue_ends, span.end)
        behind = [cue.kind for cue in self.cues[index : index + 2] if cue.start - span.end < _SOON]
        return [f"seq={''.join(before)}", f"seq2={''.join(behind)}"]

    def original(self, span: Span) -> tuple[int, int]:
        """Return the span in Document.text."""
        return self.reading.fold.span(span.start, span.end)

    def cell(self, span: Span) -> tuple[Table, Cell] | None:
        """Return the table and the cell that contain a span, or None."""
        if not self.reading.anatomy.tables:
            return None
        if span.start not in self._cells:
            self._cells[span.start] = self.reading.anatomy.cell_at(self.original(span)[0])
        return self._cells[span.start]

    def line_of(self, span: Span) -> tuple[int, int]:
        """Return the (start, end) of the line of a span, or of its table row."""
        place = self.cell(span)
        if place:
            start, end = place[0].row_of(place[1])
            return self.reading.fold.position(start), self.reading.fold.position(end)
        index = bisect.bisect_left(self._line_breaks, span.start)
        end = self._line_breaks[index] if index < len(self._line_breaks) else len(self.text)
        return (self._line_breaks[index - 1] + 1 if index else 0), end

    def line_mark_before(self, at: int) -> int:
        """Return the offset of the last line or paragraph end before `at`, or -1."""
        place = bisect.bisect_left(self._line_breaks, at)
        return self._line_breaks[place - 1] if place else -1

    @functools.cached_property
    def _line_breaks(self) -> list[int]:
        return [match.start() for match in _LINE_MARK.finditer(self.text)]

    def expect(self, names: Iterable[str]) -> None:
        """Find the places of many names at once, because searching a long text for each would be slow."""
        if len(self.text) < _LONG:
            return
        wanted = list(dict.fromkeys(names))
        found: list[list[int]] = [[] for _ in wanted]
        for index, start, _ in Keywords(wanted).find(self.text):
            found[index].append(start)
        self._starts = dict(zip(wanted, found, strict=True))

    def starts(self, name: str) -> list[int]:
        """Return the starts of `name` in the text, also overlapping ones; only the first few if not expected."""
        held = self._starts.get(name)
        if held is None:
            held = self._starts[name] = []
            at = self.text.find(name)
            while at >= 0 and len(held) < _MANY:
                held.append(at)
                at = self.text.find(name, at + 1)
        return held

    def sentence_start(self, at: int) -> int:
        """Return the start of the sentence around `at`, at most 60 characters before it."""
        match = _SENTENCE_START.search(self.text, max(0, at - 60), at)
        return match.end() if match else max(0, at - 60)


@functools.lru_cache(maxsize=_REMEMBERED)
def edge_of(char: str) -> str:
    """Return what `NamePage.edge` gives for a character, or for ""."""
    if char.isdigit():
        return "0"
    return _CLASSES.get(char) or ("a" if char.isascii() and char.isalpha() else char)


@functools.lru_cache(maxsize=_REMEMBERED)
def _side(char: str) -> str:
    return "汉" if is_han(char) else edge_of(char)
