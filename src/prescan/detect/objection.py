"""The conditions of a rule that a candidate has to meet: stage, scope, context and exemptions (`unless`)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import regex

from prescan.numbers.checks import compiled
from prescan.text.line_edges import LINE_ENDS
from prescan.types import Span

if TYPE_CHECKING:
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.text.view import View

#: The lines of a form have at most this many characters.
_SHORT_LINE: Final = 60
_HEADERS_AT_MOST: Final = 40
#: Characters of the view that `within = "before"` and "after" cover.
_NEIGHBOURHOOD: Final = 20
_NEXT_LABEL = regex.compile(r"[^\S\n\r]*[\n\r\u2029]\s*\p{Han}{1,10}[:：]")
#: For an item of a list, the last _LEAD_AT_MOST characters of the paragraph in front of the list count as context.
_ITEM = regex.compile(r"\s*(?:[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）、.．]|[①-⑳●▲◆■○◇▪•·*])")
_LEAD_AT_MOST: Final = 80
_ITEMS_AT_MOST: Final = 60
#: Characters of the text above a table that count as its heading.
_ABOVE_TABLE: Final = 80
#: A form has at most this many cells.
_FORM_AT_MOST: Final = 120


def objection(  # noqa: PLR0911, PLR0913  one return for each thing that may object
    rule: Rule, reading: Reading, start: int, end: int, stage: str, *, odds: float = -math.inf
) -> str | None:
    """Return why a rule must not report the span from `start` to `end`, as a Chinese phrase; None if it may.

    The span is of Document.text; `stage` is the stage of the scan; `odds` are the log odds of a model above its
    threshold, from which some exemptions no longer hold.
    """
    if rule.stage and stage not in rule.stage:
        return f"规则只用于{'、'.join(rule.stage)}阶段"
    if rule.scope and reading.zones(start).isdisjoint(rule.scope):
        return f"不在规则限定的位置（{'、'.join(rule.scope)}）"
    if rule.whole_line and not reading.is_whole_line(start, end):
        return "不是独占一行"
    if not rule.legal_text and reading.anatomy.in_clause(start):
        return "位于法规条文中（第…条），属于引述"
    view = reading.view(rule.view)
    for exemption in rule.unless:
        if odds >= exemption.below:
            continue
        if compiled(exemption.pattern).search(_exemption_text(exemption.within, reading, view, start, end)):
            return f"属于例外：{exemption.pattern}"
    # last, as it takes longest: 咨询电话 in front of a number is found sooner than that nobody's home is around it
    if rule.context and not compiled(rule.context).search(_context_text(rule, reading, view, start, end)):
        return f"前后 {rule.window} 字内没有所需的语境"
    return None


def _context_text(rule: Rule, reading: Reading, view: View, start: int, end: int) -> str:
    """Return the text in which a rule searches for its `context`: `window` characters on each side in the paragraph.

    For a number in a table it is the row, the headers and the title, in a form also the rows above and below; for one
    in a short line, also the lines around it.
    """
    if rule.kind != "number":
        return reading.around(view, start, end, rule.window)
    if row := _row(reading, view, start):
        return f"{row} {_rows_beside(reading, view, start)}"
    begin, stop = reading.bounds(view, start)
    low, high = max(0, view.position(start) - rule.window), view.position(end) + rule.window
    if stop - begin > _SHORT_LINE:
        low, high = max(begin, low), min(stop, high)
    return view.text[low:high] + _lead(reading, view, start)


def _row(reading: Reading, view: View, start: int) -> str:
    """Return the row of a cell with the title, the text above the table and the headers; "" outside tables."""
    found = reading.anatomy.cell_at(start)
    if found is None:
        return ""
    table, cell = found
    title = reading.seen(view, reading.anatomy.title) if reading.anatomy.title else ""
    headers = " ".join(other.text for other in table.cells[:_HEADERS_AT_MOST] if other.row < table.header_rows)
    above = reading.seen(view, Span(max(0, table.start - _ABOVE_TABLE), table.start))
    return f"{title} {above} {headers} {reading.seen(view, Span(*table.row_of(cell)))}"


def _rows_beside(reading: Reading, view: View, start: int) -> str:
    """Return the rows above and below a cell of a form, which has no headers: 户名 may be there; "" in other tables."""
    found = reading.anatomy.cell_at(start)
    if found is None or found[0].header_rows or len(found[0].cells) > _FORM_AT_MOST:
        return ""
    table, cell = found
    beside = [other for other in table.cells if abs(other.row - cell.row) == 1]
    return " ".join(reading.seen(view, Span(other.start, other.end)) for other in beside)


def _lead(reading: Reading, view: View, start: int) -> str:
    """Return the title and the end of the paragraph in front of a list, for a place in an item of it; else ""."""
    paragraph = reading.paragraph(start)
    key = view is reading.fold, paragraph.start
    if key not in reading.lead_texts:
        reading.lead_texts[key] = _lead_of(reading, view, paragraph)
    return reading.lead_texts[key]


def _lead_of(reading: Reading, view: View, paragraph: Span) -> str:
    if not _ITEM.match(reading.text, paragraph.start):
        return ""
    title = reading.seen(view, reading.anatomy.title) if reading.anatomy.title else ""
    lead = _lead_paragraph(reading, paragraph)
    if lead is None:
        return f" {title}"
    return f" {title} {reading.seen(view, Span(max(lead.start, lead.end - _LEAD_AT_MOST), lead.end))}"


def _lead_paragraph(reading: Reading, item: Span) -> Span | None:
    """Return the paragraph in front of the list that contains `item`, at most _ITEMS_AT_MOST paragraphs above it."""
    known, passed = reading.leads, list[int]()
    while item.start not in known and len(passed) < _ITEMS_AT_MOST:
        before = reading.paragraph(item.start - 1) if item.start else None
        if before is None or not _ITEM.match(reading.text, before.start):
            known[item.start] = before, 1
        else:
            passed.append(item.start)
            item = before
    if item.start not in known:
        return None
    lead, steps = known[item.start]
    for start in reversed(passed):  # remembered for the other items
        steps += 1
        known[start] = lead, steps
    return lead if steps <= _ITEMS_AT_MOST else None


def _exemption_text(within: str, reading: Reading, view: View, start: int, end: int) -> str:
    """Return the text that an exemption searches (`within` in the pack), as the rule's view has it."""
    if within == "document":
        return view.text
    if within in {"title", "head", "note", "top"}:
        place = reading.top if within == "top" else getattr(reading.anatomy, within)
        return reading.seen(view, place) if place else ""
    if within == "row" and (row := _row(reading, view, start)):
        return row
    if within == "column":
        held = reading.anatomy.cell_at(start)
        return held[0].header_of(held[1]) if held else ""
    if within in {"before", "after"}:
        return _beside(within, reading, view, start, end)
    span = reading.sentence(start, end) if within == "sentence" else reading.paragraph(start)
    return reading.seen(view, span)


def _beside(side: str, reading: Reading, view: View, start: int, end: int) -> str:
    if side == "before":
        before = view.text[max(0, view.position(start) - _NEIGHBOURHOOD) : view.position(start)]
        # whether this view keeps a line end depends on the format
        return before.rstrip(LINE_ENDS) if view is reading.squeeze else before
    if reading.text[end - 1 : end].isdigit() and _NEXT_LABEL.match(reading.text, end):
        return ""  # 病案号：ZY00001902 with 年度费用：… in the next line is not a year
    after = view.text[view.position(end) : view.position(end) + _NEIGHBOURHOOD]
    return after.lstrip(LINE_ENDS) if view is reading.squeeze else after
