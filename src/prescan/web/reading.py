"""Renders a document as HTML: paragraphs, tables, page rulers, hidden parts in labelled bands; findings are marked.

Personal values are already masked here, so the page in the browser has none. All text of the document goes through
`clean`, which escapes it.
"""

from __future__ import annotations

import bisect
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from prescan.report.shown import PART_LABELS, masked_spans, shown_name
from prescan.resources import finding_types
from prescan.text.masked_text import MaskedText
from prescan.types import LEVELS, PARAGRAPH_BREAK
from prescan.web.grid import Grid, is_cell, is_hidden_cell
from prescan.web.shown import MASKED, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Block, ScanResult

_LATIN_WRAP: Final = re.compile(r"(?<=[!-~])\n(?=[!-~])")
#: Visible parts beside the text; all parts except these and the text itself are hidden.
_BESIDE: Final = frozenset({"header", "footer", "note", "textbox", "form", "image"})
_IN_TEXT: Final = frozenset({"body", "table"})
#: Characters of HTML per chunk; a browser lays out only the visible chunks.
_CHUNK: Final = 4_000
_CHARS_AT_MOST: Final = 3_000_000
#: A line shorter than this does not count as part of the title.
_TITLE_PART: Final = 6
#: A line shorter than this share of the next one is not full: its end is a real line end.
_FULL: Final = 0.7


@dataclass(frozen=True, slots=True)
class _Place:
    """What a run of blocks has in common, and what decides how they are framed."""

    member: str
    part: str
    hidden: str
    note: str
    table: str
    page: int


@dataclass
class _FindingSpans:
    """Spans of findings as (start, end, number), searchable by span."""

    spans: list[tuple[int, int, int]]
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


def document_html(result: ScanResult) -> Markup:
    """Return a document as HTML; attributes `data-f` hold indexes into `result.findings`."""
    return Markup("".join(_Page(result).pieces()))  # noqa: S704  escaped piece by piece


class _Page:
    def __init__(self, result: ScanResult) -> None:
        self.result = result
        self.document = result.document
        inside: list[tuple[int, int, int]] = []
        places: list[tuple[int, int, int]] = []
        for number, finding in enumerate(result.findings):
            if finding.start is None or finding.end is None:
                continue
            span = (finding.start, finding.end, number)
            (places if finding.category == "hidden_content" else inside).append(span)
        self.masking = MaskedText(self.document.text, masked_spans(result))
        self.doubts = _FindingSpans(inside)
        self.places = _FindingSpans(places)
        self.anchored: set[int] = set()
        self.title = "".join((result.title or "").split())
        media_type = self.document.media_type or ""
        self.plain = media_type.startswith("text/plain")
        self.flows = media_type == "application/pdf"

    def pieces(self) -> Iterator[str]:
        """Yield the document as HTML chunks."""
        page = 0
        drawn = size = 0
        chunk: list[str] = []
        for place, group in itertools.groupby(self._numbered(), key=lambda item: _place(item[1])):
            blocks = list(group)
            if place.page and place.page != page:
                page = place.page
                if chunk:
                    yield _chunk(chunk)
                    chunk, size = [], 0
                chunk.append(f'<div class="ruler" id="p{page}"><span>第 {page} 页</span></div>')
            for made in self._group(place, blocks):
                chunk.append(made)
                size += len(made)
                if size >= _CHUNK:
                    yield _chunk(chunk)
                    chunk, size = [], 0
            drawn += sum(len(block.text) for _, block in blocks)
            if drawn > _CHARS_AT_MOST:
                chunk.append('<p class="cut">文件很长，其余部分不在此显示；疑点列表仍是完整的。</p>')
                break
        if chunk:
            yield _chunk(chunk)

    def _numbered(self) -> Iterator[tuple[int, Block]]:
        return zip(self.document.starts, self.document.blocks, strict=True)

    def _group(self, place: _Place, blocks: list[tuple[int, Block]]) -> Iterator[str]:
        """Yield the HTML of a run of blocks in one place."""
        made = self._table(blocks) if place.table else self._paragraphs(blocks)
        if place.part in _IN_TEXT and not place.hidden and not place.member:
            yield from made
            return
        inner = "".join(made)
        low, high = blocks[0][0], blocks[-1][0] + len(blocks[-1][1].text)
        if inner:
            yield self._band(place, [number for _, _, number in self.places.within(low, high + 1)], inner)

    def _band(self, place: _Place, found: list[int], inner: str) -> str:
        kind = "beside" if not place.hidden and place.part in (_BESIDE | _IN_TEXT) else "hidden"
        label = place.note or (finding_types()[place.hidden].label if place.hidden else PART_LABELS[place.part])
        member = clean(shown_name(place.member, MASKED, self.result)) if place.member else ""
        marks = f' data-f="{" ".join(map(str, found))}"' if found else ""
        anchors = "".join(map(self._anchor, found))
        inside = f' <span class="member">{member}</span>' if member else ""
        return (
            f'<aside class="band {kind}"{marks}>{anchors}<div class="band-label">{clean(label)}{inside}</div>'
            f"{inner}</aside>"
        )

    def _paragraphs(self, blocks: list[tuple[int, Block]]) -> Iterator[str]:
        pieces: list[str] = []
        raw = ""
        for number, (start, block) in enumerate(blocks):
            pieces.append(self._text(start, block.text))
            raw += block.text
            if not self.plain and block.sep not in {PARAGRAPH_BREAK, ""}:
                after = blocks[number + 1][1].text if number + 1 < len(blocks) else ""
                pieces.append(self._between(block, after))
                continue
            yield self._paragraph(pieces, raw)
            pieces, raw = [], ""
        if pieces:
            yield self._paragraph(pieces, raw)

    def _between(self, block: Block, after: str) -> str:
        """Return the separator of two lines: in a pdf "" or a space if the first line was full, else a line end."""
        if not self.flows or len(block.text) < _FULL * len(after):
            return clean(block.sep)
        return " " if _LATIN_WRAP.search(f"{block.text[-1:]}\n{after[:1]}") else ""

    def _paragraph(self, pieces: list[str], raw: str) -> str:
        if not raw.strip():
            return ""
        squeezed = "".join(raw.split())
        if self.title.startswith(squeezed) and (squeezed == self.title or len(squeezed) >= _TITLE_PART):
            self.title = self.title[len(squeezed) :]
            return f'<p class="title">{"".join(pieces)}</p>'
        return f"<p>{''.join(pieces)}</p>"

    def _table(self, blocks: list[tuple[int, Block]]) -> Iterator[str]:
        """Yield the HTML of a table, a long one in pieces."""
        table = Grid((blocks[0][1].location.cell or "").rpartition("!")[0])
        for start, block in blocks:
            fragment = self._text(start, block.text)
            note = block.note if is_hidden_cell(block) else None
            if note is not None:
                found = [number for _, _, number in self.places.within(start, start + len(block.text) + 1)]
                marks = f' data-f="{" ".join(map(str, found))}"' if found else ""
                fragment = f"<span{marks}>{''.join(map(self._anchor, found))}{fragment}</span>"
            table.add(block.location.cell, block.text, fragment, note)
        return table.pieces()

    def _text(self, start: int, text: str) -> str:
        """Return the HTML of a block's text with findings marked and values masked."""
        end = start + len(text)
        spans = self.doubts.within(start, end)
        if not spans:
            return self._masked_html(start, end)
        cuts = sorted({start, end, *(min(max(at, start), end) for span in spans for at in span[:2])})
        pieces = []
        for low, high in itertools.pairwise(cuts):
            over = [number for first, last, number in spans if first <= low and last >= high]
            fragment = self._masked_html(low, high)
            pieces.append(self._mark(fragment, over) if over else fragment)
        return "".join(pieces)

    def _masked_html(self, low: int, high: int) -> str:
        """Return a span masked and escaped; line ends inside a block of a pdf are only wraps and are dropped."""
        text = self.masking.span(low, high)
        return clean(_LATIN_WRAP.sub(" ", text).replace("\n", "") if self.flows else text)

    def _mark(self, fragment: str, over: list[int]) -> str:
        anchors = "".join(map(self._anchor, over))
        levels = {self.result.findings[number].level for number in over}
        level = next(level for level in LEVELS if level in levels)
        return f'{anchors}<mark class="m m-{level}" data-f="{" ".join(map(str, over))}">{fragment}</mark>'

    def _anchor(self, number: int) -> str:
        if number in self.anchored:
            return ""
        self.anchored.add(number)
        return f'<a id="f{number}"></a>'


def _place(block: Block) -> _Place:
    place = block.location
    in_cell = is_cell(place.cell)
    table = place.cell.rpartition("!")[0] + "!" if in_cell and place.cell else ""
    if in_cell and is_hidden_cell(block):  # shown in its place in the table, hatched
        return _Place(place.member or "", "body", "", "", table, place.page or 0)
    apart = block.hidden or place.part not in _IN_TEXT
    part = place.part if apart else "body"
    return _Place(place.member or "", part, block.hidden or "", block.note, table, 0 if apart else place.page or 0)


def _chunk(pieces: list[str]) -> str:
    return f'<section class="chunk">{"".join(pieces)}</section>'
