"""Names proved by the other items of a list: lines that begin alike, items with amounts (何某120元，…), names with 、.

If two items of five begin with a name that was found, the others are names too, even words: 安生，1.5万元.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Place, Span


#: The beginning of a line: a bullet or number of the list, a possible name, and what ends it.
_HEAD = regex.compile(
    r"[ \u3000]*(?P<mark>[^\p{Han}\d\s]{0,3}\d{0,3}(?:[号床户]|[^\p{Han}\d\n]{0,3})"
    r"|[（(]?[一二三四五六七八九十]{1,3}[)）、])"
    r"(?P<name>\p{Han}{2,4})(?P<end>[，,：:（(|｜ \u3000\t])"
)
#: An item of a row: a possible name with an amount directly behind it.
_ITEM = regex.compile(
    r"(?<=[：:，,、；;。\s\u3000组队社村])(?P<name>\p{Han}{2,4})(?=\d[\d,.]*(?:万?[元块]|亩|斤|天|工|分|票|㎡|平方米))"
)
_DIGIT: Final = regex.compile(r"[\d①-⑳㈠-㈩一二三四五六七八九十]+")
_LEAST: Final = 2
_SHARE: Final = 0.4
#: Items further apart than this belong to different rows.
_APART: Final = 24
_STOPS = regex.compile(r"[\n\r\u2029]")


def alike(page: NamePage, found: Sequence[Span]) -> Iterator[Place]:
    """Yield the (start, end) of possible names in lists in which most items begin with one of the names `found`."""
    if not found:
        return
    names = {span[:2] for span in found}
    for row in (*_lines(page, found), *_items(page)):
        if len(row) > _LEAST and row[0] not in names and page.text[row[0][1]] in "\t| ":
            del row[0]  # what heads the columns
        known = sum(place in names for place in row)
        if known and known >= _SHARE * len(row) and len(row) > known:
            yield from (place for place in row if place not in names)


def _lines(page: NamePage, found: Sequence[Span]) -> Iterator[list[Place]]:
    """Yield the beginnings of adjacent lines that begin alike, near names that were found."""
    text, done = page.text, 0
    for span in found:
        if span.start < done:
            continue
        begin = page.line_mark_before(span.start) + 1
        head = _HEAD.match(text, begin)
        if not head or head.span("name") != span[:2]:
            continue
        shape = _shape(head)
        row = [head.span("name")]
        at = begin
        while at > 0 and (above := _HEAD.match(text, page.line_mark_before(at - 1) + 1, at)) and _shape(above) == shape:
            at = above.start()
            row.insert(0, above.span("name"))
        end = _line_end(text, span.end)
        while (below := _HEAD.match(text, end)) and _shape(below) == shape:
            row.append(below.span("name"))
            end = _line_end(text, below.end())
        done = end
        if len(row) >= _LEAST:
            yield row


def _line_end(text: str, at: int) -> int:
    """Return the start of the line after that of `at`."""
    mark = _STOPS.search(text, at)
    return mark.end() if mark else len(text)


def _shape(head: regex.Match[str]) -> tuple[str, str]:
    return _DIGIT.sub("0", head["mark"]), head["end"]


def _items(page: NamePage) -> Iterator[list[Place]]:
    """Yield rows of items that each have an amount."""
    row: list[Place] = []
    for item in _ITEM.finditer(page.text):
        if row and (item.start() - row[-1][1] > _APART or _STOPS.search(page.text, row[-1][1], item.start())):
            yield row
            row = []
        row.append(item.span("name"))
    if len(row) >= _LEAST:
        yield row
