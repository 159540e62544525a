"""A document as it reads, as HTML: paragraphs, tables, page rulers, what hides in labelled bands; doubts marked.

Values of people are masked here already, so the page a browser keeps holds none. Every character is escaped.
"""

from __future__ import annotations

import bisect
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from prescan.report.shown import PART_LABELS, harmless, shown_name
from prescan.resources import finding_types
from prescan.text.masking import Masking
from prescan.types import LEVELS, PARAGRAPH_BREAK
from prescan.web.office import MASKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.types import Block, Finding, ScanResult

_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
#: Parts that lie beside the text in plain sight; every other part but these and the text itself is hidden.
_BESIDE: Final = frozenset({"header", "footer", "note", "textbox", "form", "image"})
_IN_TEXT: Final = frozenset({"body", "table"})
#: Paragraphs and table rows drawn together; a browser lays out only the chunks in sight.
_CHUNK: Final = 30
_CHARS_AT_MOST: Final = 3_000_000
_ROWS_AT_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a run of blocks lies: what is drawn around them."""

    member: str
    part: str
    hidden: str
    note: str
    table: str


@dataclass
class _Doubts:
    """The findings with a place in the text, to be asked for a span."""

    spans: list[tuple[int, int, int]]
    findings: Sequence[Finding]
    starts: list[int] = field(default_factory=list)
    longest: int = 0

    def __post_init__(self) -> None:
        self.spans.sort()
        self.starts = [start for start, _, _ in self.spans]
        self.longest = max((end - start for start, end, _ in self.spans), default=0)

    def within(self, low: int, high: int) -> list[tuple[int, int, int]]:
        first = bisect.bisect_left(self.starts, low - self.longest)
        last = bisect.bisect_left(self.starts, high)
        return [span for span in self.spans[first:last] if span[1] > low]


def reading(result: ScanResult) -> Markup:
    """Return a document as HTML. `data-f` names findings by their number in `result.findings`."""
    page = _Page(result)
    return Markup("").join(page.pieces())


class _Page:
    def __init__(self, result: ScanResult) -> None:
        self.result = result
        self.document = result.document
        text = self.document.text
        values: list[tuple[int, int, str]] = []
        inside: list[tuple[int, int, int]] = []
        places: list[tuple[int, int, int]] = []
        for number, finding in enumerate(result.findings):
            if finding.start is None or finding.end is None:
                continue
            span = (finding.start, finding.end, number)
            (places if finding.category == "hidden_content" else inside).append(span)
            if finding.category == "personal":
                values.append((finding.start, finding.end, finding.masked))
        self.masking = Masking(text, values)
        self.doubts = _Doubts(inside, result.findings)
        self.places = _Doubts(places, result.findings)
        self.anchored: set[int] = set()
        self.title = (result.title or "").strip()

    def pieces(self) -> Iterator[Markup]:
        """Yield the document in chunks."""
        page: int | None = None
        drawn = 0
        chunk: list[Markup] = []
        size = 0
        for place, group in itertools.groupby(self._numbered(), key=lambda item: _place(item[1])):
            blocks = list(group)
            number = blocks[0][1].location.page
            if number and number != page and place.part in _IN_TEXT:
                page = number
                if chunk:
                    yield _chunk(chunk)
                    chunk, size = [], 0
                chunk.append(_ruler(number))
            made = self._group(place, blocks)
            chunk += made
            size += len(made) if not place.table else len(blocks) // 4
            drawn += sum(len(block.text) for _, block in blocks)
            if size >= _CHUNK:
                yield _chunk(chunk)
                chunk, size = [], 0
            if drawn > _CHARS_AT_MOST:
                chunk.append(Markup('<p class="cut">文件很长，其余部分不在此显示；疑点列表仍是完整的。</p>'))
                break
        if chunk:
            yield _chunk(chunk)

    def _numbered(self) -> Iterator[tuple[int, Block]]:
        return zip(self.document.starts, self.document.blocks, strict=True)

    def _group(self, place: _Place, blocks: list[tuple[int, Block]]) -> list[Markup]:
        """Return what a run of blocks in one place looks like."""
        made = [self._table(blocks)] if place.table else list(self._paragraphs(blocks))
        if place.part in _IN_TEXT and not place.hidden and not place.member:
            return made
        low, high = blocks[0][0], blocks[-1][0] + len(blocks[-1][1].text)
        found = [number for _, _, number in self.places.within(low, high + 1)]
        return [self._band(place, found, made)] if any(made) else []

    def _band(self, place: _Place, found: list[int], made: list[Markup]) -> Markup:
        kind = "beside" if not place.hidden and place.part in (_BESIDE | _IN_TEXT) else "hidden"
        label = place.note or (finding_types()[place.hidden].label if place.hidden else PART_LABELS[place.part])
        member = shown_name(place.member, MASKED, self.result) if place.member else ""
        level = self._level(found)
        marks = Markup(' data-f="{}" tabindex="-1"').format(" ".join(map(str, found))) if found else Markup("")
        anchors = Markup("").join(self._anchor(number) for number in found)
        return Markup('<aside class="band {} {}"{}>{}<div class="band-label">{}{}</div>{}</aside>').format(
            kind,
            f"m-{level}" if level else "",
            marks,
            anchors,
            _clean(label),
            Markup(' <span class="member">{}</span>').format(_clean(member)) if member else "",
            Markup("").join(made),
        )

    def _paragraphs(self, blocks: list[tuple[int, Block]]) -> Iterator[Markup]:
        plain = (self.document.media_type or "").startswith("text/plain")
        held: list[Markup] = []
        raw = ""
        for start, block in blocks:
            held.append(self._text(start, block.text))
            raw += block.text
            if not plain and block.sep not in {PARAGRAPH_BREAK, ""}:
                held.append(escape(block.sep))
                continue
            yield self._paragraph(held, raw)
            held, raw = [], ""
        if held:
            yield self._paragraph(held, raw)

    def _paragraph(self, held: list[Markup], raw: str) -> Markup:
        shown = Markup("").join(held)
        if not raw.strip():
            return Markup("")
        is_title = bool(self.title) and raw.strip() == self.title
        if is_title:
            self.title = ""
            return Markup('<p class="title">{}</p>').format(shown)
        return Markup("<p>{}</p>").format(shown)

    def _table(self, blocks: list[tuple[int, Block]]) -> Markup:
        rows: dict[int, dict[int, list[Markup]]] = {}
        for start, block in blocks:
            column, row = _cell(block.location.cell)
            rows.setdefault(row, {}).setdefault(column, []).append(self._text(start, block.text))
        columns = sorted({column for row in rows.values() for column in row})
        sheet = (blocks[0][1].location.cell or "").rpartition("!")[0]
        head = Markup("").join(Markup("<th scope=col>{}</th>").format(_letters(column)) for column in columns)
        shown = []
        for number in sorted(rows)[:_ROWS_AT_MOST]:
            cells = (Markup("\n").join(rows[number].get(column, [])) for column in columns)
            drawn = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
            shown.append(Markup("<tr><th scope=row>{}</th>{}</tr>").format(number, drawn))
        return Markup(
            '<div class="table"><table><caption>{}</caption><thead><tr><td></td>{}</tr></thead>'
            "<tbody>{}</tbody></table></div>"
        ).format(_clean(sheet), head, Markup("").join(shown))

    def _text(self, start: int, text: str) -> Markup:
        """Return the text of a block with its doubts marked and its values masked."""
        end = start + len(text)
        spans = self.doubts.within(start, end)
        if not spans:
            return _clean(self.masking.span(start, end))
        cuts = sorted({start, end, *(min(max(at, start), end) for span in spans for at in span[:2])})
        pieces = []
        for low, high in itertools.pairwise(cuts):
            shown = _clean(self.masking.span(low, high))
            over = [number for first, last, number in spans if first <= low and last >= high]
            pieces.append(self._mark(shown, over) if over else shown)
        return Markup("").join(pieces)

    def _mark(self, shown: Markup, over: list[int]) -> Markup:
        anchors = Markup("").join(self._anchor(number) for number in over)
        level = self._level(over) or "done"
        return Markup('{}<mark class="m m-{}" data-f="{}">{}</mark>').format(
            anchors, level, " ".join(map(str, over)), shown
        )

    def _anchor(self, number: int) -> Markup:
        if number in self.anchored:
            return Markup("")
        self.anchored.add(number)
        return Markup('<a id="f{}"></a>').format(number)

    def _level(self, numbers: Iterable[int]) -> str | None:
        levels = {self.result.findings[number].level for number in numbers}
        return next((level for level in LEVELS if level in levels), None)


def _place(block: Block) -> _Place:
    place = block.location
    in_cell = place.cell is not None and _CELL.fullmatch(place.cell.rpartition("!")[2])
    table = place.cell.rpartition("!")[0] + "!" if in_cell and place.cell else ""
    apart = block.hidden or place.part not in _IN_TEXT
    return _Place(place.member or "", place.part if apart else "body", block.hidden or "", block.note, table)


def _cell(cell: str | None) -> tuple[int, int]:
    found = _CELL.fullmatch((cell or "").rpartition("!")[2])
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(found[2])


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _clean(text: str) -> Markup:
    """Return text escaped, line ends kept, without characters that steer or hide."""
    return Markup("\n").join(escape(harmless(line)) for line in text.split("\n"))


def _ruler(number: int) -> Markup:
    return Markup('<div class="ruler" id="p{}"><span>第 {} 页</span></div>').format(number, number)


def _chunk(pieces: list[Markup]) -> Markup:
    return Markup('<section class="chunk">{}</section>').format(Markup("").join(pieces))
