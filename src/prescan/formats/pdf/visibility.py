"""Finds text on a page that cannot be seen: covered, in a layer that is off, in its background colour, invisible, tiny.

Only suspects are looked at, and what settles it is drawing: which shapes cover what, and in which colour, is decided by
the same code that shows the page, so transparent seals, highlighting and shading behind the text are no covers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prescan.formats.pdf import overprint, reasons
from prescan.formats.pdf.page_check import PageCheck
from prescan.formats.pdf.painter import Budget
from prescan.formats.pdf.shapes import TEXT
from prescan.formats.pdf.suspects import find_covers, find_suspects
from prescan.formats.pdf.text import HiddenRun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.shapes import Shape
    from prescan.formats.pdf.text import Text

_SCANS_LOOKED_AT: Final = 10


class VisibilityCheck:
    """Finds the text of each page of a document that cannot be seen."""

    def __init__(self, *, layered: bool, masked: bool = False) -> None:
        """`layered`: forms of the document may belong to layers; `masked`: something is drawn through a soft mask."""
        self._layered = layered
        self._masked = masked
        self._scans = 0
        self._budget = Budget()

    def check_page(self, page: Any, text: Text, shapes: list[Shape], number: int) -> tuple[list[HiddenRun], set[int]]:  # noqa: ANN401
        """Return the hidden runs of a page, and the drawing order of the shapes that cover some of them."""
        suspects = find_suspects(text, shapes, layered=self._layered, masked=self._masked)
        covers = list(find_covers(page, text, shapes))
        written_over = overprint.pairs([shape for shape in shapes if shape.kind == TEXT])
        if not (suspects or covers or written_over):
            return [], set()
        check = PageCheck(page, text, shapes, suspects, self._budget)
        self._ignore_scans(check)
        reasons_by_index = dict.fromkeys(
            overprint.written_over(text, written_over) if written_over else (), reasons.UNDER_TEXT
        )
        reasons_by_index.update(check.reasons_by_index(covers, layered=self._layered))
        return list(_hidden_runs(reasons_by_index, text.text, number)), check.covering

    def _ignore_scans(self, check: PageCheck) -> None:
        """Ignore a scan as a cover of the text recognised from it. The check is costly, so not on every page."""
        scans = check.scan_pictures()
        if scans and (self._scans >= _SCANS_LOOKED_AT or check.shows_something(scans)):
            self._scans += 1
            check.ignore_covers(scans)


def _hidden_runs(reasons_by_index: dict[int, reasons.Reason], text: str, number: int) -> Iterator[HiddenRun]:
    """Yield runs of characters with the same reason, including white space inside them."""
    start = end = -1
    current: reasons.Reason | None = None
    for index in sorted(reasons_by_index):
        if current and (reasons_by_index[index] != current or text[end:index].strip()):
            yield HiddenRun(start, end, current.hidden, f"第 {number} 页{current.words}")
            current = None
        if current is None:
            start, current = index, reasons_by_index[index]
        end = index + 1
    if current:
        yield HiddenRun(start, end, current.hidden, f"第 {number} 页{current.words}")
