"""Finds numbers that were masked before publication: two masked forms of one person's number may complete each other.

A masked number alone is no finding. For comparison across documents the brief stores which digits it shows, each digit
only as a keyed hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import regex

from prescan.text.line_edges import line_end, line_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.types import ScanResult

_MASKS: Final = "*＊×✱●■xX"
_RUN = regex.compile(rf"(?<![0-9A-Za-z{_MASKS}])[0-9{_MASKS}]{{11,19}}(?![0-9A-Za-z{_MASKS}])")
_HIDDEN = regex.compile(rf"[{_MASKS}]{{2,}}")
#: Kind by length; 18 is an ID number, 16, 17 and 19 are cards.
_KINDS: Final = {11: "mobile_phone", 18: "resident_id", 16: "bank_card", 17: "bank_card", 19: "bank_card"}
_SHOWN_AT_LEAST: Final = 3
_MASKS_AT_MOST: Final = 5_000
_NAME_HEADER = regex.compile(r"姓\s*名|户\s*主|申请人|领取人|持卡人|学生")
_NAME = regex.compile(r"(?<![\p{Han}])\p{Han}{2,4}(?:·\p{Han}{1,8})?(?![\p{Han}])")
_ANONYMOUS: Final = frozenset("某×")
_ROW_AT_MOST: Final = 400


def masked_numbers(result: ScanResult, hashed: Callable[..., str]) -> Iterator[list[Any]]:
    """Yield [name, kind, shape, digits, outline] for each masked number with a name in its row.

    `shape` has 1 for each shown digit and 0 for each masked one; name and digits are keyed hashes (by `hashed`);
    `outline` shows the mask without digits.
    """
    text = result.document.text
    if not _HIDDEN.search(text):  # a quick test: most pages mask nothing
        return
    runs = [run for run in _RUN.finditer(text) if len(run[0]) in _KINDS and _HIDDEN.search(run[0])]
    if not runs:
        return
    names = sorted(
        (finding.start, finding.end or 0)
        for finding in result.findings
        if finding.type == "person_name" and finding.start is not None
    )
    by_header = bool(_NAME_HEADER.search(text))
    for run in runs[:_MASKS_AT_MOST]:
        shape, kind = _shape(run[0]), _KINDS[len(run[0])]
        name = _name_in_row(text, run.start(), run.end(), names, by_header=by_header)
        if name and shape.count("1") >= _SHOWN_AT_LEAST:
            digits = [
                hashed("digit", name, kind, str(at), run[0][at])[:8] if flag == "1" else ""
                for at, flag in enumerate(shape)
            ]
            masked = "".join(char if flag == "1" else "*" for char, flag in zip(run[0], shape, strict=True))
            yield [hashed("name", name, kind), kind, shape, digits, _outline(masked)]


def _shape(run: str) -> str:
    """Return which digits of a masked number are shown; a single X after a digit at the end is a check digit.

    >>> _shape("110101********002X")
    '111111000000001111'
    """
    flags = ["0" if char in _MASKS else "1" for char in run]
    if run[-1] in "xX" and run[-2].isdigit():
        flags[-1] = "1"
    return "".join(flags)


def _outline(masked: str) -> str:
    """Return a masked number with its shown digits replaced by dots.

    >>> _outline("110101********002X")
    '●●●●●●********●●●●'
    """
    return "".join("*" if char == "*" else "●" for char in masked)


def _name_in_row(text: str, start: int, end: int, names: list[tuple[int, int]], *, by_header: bool) -> str | None:
    low = line_start(text, start, max(0, start - _ROW_AT_MOST))
    high = line_end(text, end, end + _ROW_AT_MOST)
    found = [text[a:b] for a, b in names if low <= a < start] or [text[a:b] for a, b in names if end <= a < high]
    if not found and by_header and "\t" in text[low:high]:
        found = [cell[0] for piece in text[low:high].split("\t") if (cell := _NAME.fullmatch(piece.strip()))][:1]
    if not found or not _ANONYMOUS.isdisjoint(found[-1]):
        return None
    return "".join(found[-1].split())
