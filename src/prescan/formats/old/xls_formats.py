"""Formats of cells in old workbooks that hide their content: colour, size, number format ([MS-XLS] 2.4.353)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import xlrd

from prescan.formats.colour import BLACK_ON_BLACK, SAME_AS_BACKGROUND, is_dark, is_similar
from prescan.formats.concealment import TINY, WHITE
from prescan.formats.xlsx.styles import PLAIN, Style, style_of_code

if TYPE_CHECKING:
    from prescan.formats.concealment import Concealment

#: Twentieths of a point.
_TINY_HEIGHT: Final = 30
_SOLID: Final = 1
_WHITE: Final = "FFFFFF"
_BLACK: Final = "000000"
_NUMBERS: Final = frozenset({xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE})


class CellFormats:
    """The effect of a workbook's formats on its cells; none if they could not be read."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401  xlrd has no types
        """`book`: opened by xlrd."""
        self._book = book
        self._known: dict[int, Style] = {}

    def concealment(self, sheet: Any, row: int, column: int, kind: int) -> Concealment | None:  # noqa: ANN401
        """Return why a cell cannot be seen, None if it can; `kind`: xlrd's type of its value."""
        if not self._book.formatting_info:
            return None
        index = sheet.cell_xf_index(row, column)
        if index not in self._known:
            self._known[index] = self._style(index)
        style = self._known[index]
        if (style.conceals_numbers_only and kind not in _NUMBERS) or (style.conceals_words_only and kind in _NUMBERS):
            return None
        return style.concealment

    def _style(self, index: int) -> Style:
        try:
            xf = self._book.xf_list[index]
            font, code = self._book.font_list[xf.font_index], self._book.format_map[xf.format_key].format_str
        except (IndexError, KeyError):  # a damaged file refers to missing entries
            return PLAIN
        pattern, ground = xf.background.fill_pattern, self._colour(xf.background.pattern_colour_index, "")
        written = self._colour(font.colour_index, _BLACK)
        if 0 < font.height <= _TINY_HEIGHT:
            return Style(concealment=TINY)
        if not pattern and is_similar(written, _WHITE):
            return Style(concealment=WHITE)
        if pattern == _SOLID and is_similar(written, ground):
            return Style(
                concealment=BLACK_ON_BLACK
                if is_dark(written)
                else WHITE
                if is_similar(ground, _WHITE)
                else SAME_AS_BACKGROUND
            )
        style = style_of_code(code)
        return PLAIN if style.concealment is WHITE and pattern else style

    def _colour(self, index: int, automatic: str) -> str:
        """Return a colour of the palette as six hexadecimal digits."""
        rgb = self._book.colour_map.get(index)
        return bytes(rgb).hex().upper() if rgb else automatic
