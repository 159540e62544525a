"""What all sheets of a workbook share: strings, styles, and a budget of text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.drawingml import unescape
from prescan.formats.package import LOCAL_NAME, descendants

if TYPE_CHECKING:
    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.formats.xlsx.styles import Style
    from prescan.types import Limits

CELLS_AT_MOST: Final = 2_000_000
_MEGABYTE: Final = 1 << 20
_TOO_MANY: Final = "表格内容超过安全上限，其后内容未读，请拆分文件后重扫"


class Budget:
    """Limits the text of all sheets together: few bytes can repeat one long text in every cell."""

    def __init__(self, size: int, limits: Limits) -> None:
        """`size`: bytes of the file."""
        self._cells = CELLS_AT_MOST
        self._characters = min(limits.expanded_mb * _MEGABYTE, max(_MEGABYTE, size * limits.ratio))

    def spend(self, cells: int, characters: int) -> None:
        """Count cells and characters about to be yielded. Raises ReadError("archive_limit")."""
        self._cells -= cells
        self._characters -= characters
        if self._cells < 0 or self._characters < 0:
            raise ReadError("archive_limit", _TOO_MANY)


@dataclass(slots=True)
class Book:
    """What all sheets of a workbook share."""

    strings: list[str]
    styles: dict[str, Style]
    since_1904: bool
    budget: Budget
    conditional_concealments: dict[str, Concealment] = field(default_factory=dict)
    """Conditional formats that hide text, by the index that rules refer to."""
    string_concealments: dict[int, Concealment] = field(default_factory=dict)
    """Why a run of a shared string cannot be seen, by the index of the string."""
    used: bytearray = field(init=False)
    """For each shared string 1 if a cell uses it, else 0."""
    strings_missing: bool = False
    """Whether a cell refers to a shared string that does not exist."""

    def __post_init__(self) -> None:
        """Mark all strings as unused."""
        self.used = bytearray(len(self.strings))


def rich_text(element: etree._Element) -> str:
    """Return the text of a string, plain or in runs, without phonetic guides."""
    if len(element) == 1 and LOCAL_NAME[element[0].tag] == "t":
        return unescape(element[0].text or "")
    texts = [
        text.text or ""
        for text in descendants(element, "t")
        if (above := text.getparent()) is None or LOCAL_NAME[above.tag] != "rPh"
    ]
    return unescape("".join(texts))
