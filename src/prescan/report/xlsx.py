"""The workbook: a sheet of findings, one of files, one of what was not read."""

from __future__ import annotations

import datetime
import io
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.report.columns import cell_len
from prescan.report.rows import (
    FILES_HEADER,
    HEADER,
    UNREAD_HEADER,
    VALUE,
    VALUES_SHOWN,
    file_row,
    finding_rows,
    starts_formula,
    unread_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prescan.report import Options
    from prescan.types import ScanResult

#: Widths of columns in characters, by header; a Chinese character takes two.
_WIDTHS: Final = {
    **dict.fromkeys(("级别", "疑似程度", "规则", "序号", "阻断", "复核", "提示", "未读", "把握"), 8),
    **dict.fromkeys(("位置", "类型", "处理方式", "自标属性", "日期", "机审日期"), 14),
    **dict.fromkeys(("处置", "疑点编号", "文号", "疑点处置", "人定依据", VALUE), 19),
    **dict.fromkeys(("文件", "内容（已遮盖）", "结论", "机审结论", "建议公开属性", "文件校验值（SHA-256）"), 22),
    **dict.fromkeys(("标题", "信息名称", "为什么", "依据", "建议依据", "版本"), 28),
    **dict.fromkeys(("前后文", "怎么办"), 34),
    "说明和下一步": 70,
}
_NARROW: Final = 12
_LINE: Final = 14.0
"""Height of a line in points; not all office programs adjust rows to wrapped text."""
_LINES_AT_MOST: Final = 12
_A3, _A4 = 8, 9
_DIGEST: Final = "文件校验值（SHA-256）"
_COLUMNS_OF_A4: Final = 8
_ROW_LIMIT: Final = 1_048_000
"""A sheet holds 1,048,576 rows; a last row says that more were left out."""
_CELL_LIMIT: Final = 32_000
"""A cell holds 32,767 characters; the library drops longer texts."""
_COLORS: Final = {"阻断": "#F8CBAD", "复核": "#FFE699", "提示": "#DDEBF7"}


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write the workbook. All texts are stored as text, so that nothing is taken for a formula."""
    book = Book(results[0].today if results else datetime.date(1980, 1, 1))
    note = VALUES_SHOWN if options.show_values else ""
    header = [*HEADER, VALUE] if options.show_values else list(HEADER)
    book.sheet("疑点", header, (row for one in results for row in finding_rows(one, options)), note)
    book.sheet("文件", FILES_HEADER, (file_row(one, options) for one in results), note)
    book.sheet("未读", UNREAD_HEADER, (row for one in results for row in unread_rows(one, options)), note)
    stream.write(book.done())


class Book:
    """A workbook being written, in the style of all our tables."""

    def __init__(self, day: datetime.date) -> None:
        """`day` is the only date in the file, so that the same results give the same bytes."""
        import xlsxwriter  # noqa: PLC0415  not needed by other formats

        self._out = io.BytesIO()
        settings = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
        self._book: Any = xlsxwriter.Workbook(self._out, settings)
        self._book.set_properties({"created": datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)})
        base = {"font_name": "宋体", "font_size": 10.5, "valign": "top", "text_wrap": True, "border": 1}
        self._head = self._book.add_format(
            {**base, "bold": True, "bg_color": "#D9E1F2", "valign": "vcenter", "border_color": "#808080"}
        )
        self._plain = self._book.add_format({**base, "border_color": "#C0C0C0"})
        self._quoted = self._book.add_format({**base, "border_color": "#C0C0C0", "quote_prefix": True})
        self._note = self._book.add_format({"bold": True, "font_color": "#C00000"})
        self._title = self._book.add_format({"font_name": "宋体", "font_size": 16, "bold": True, "align": "center"})
        self._levels = {name: self._book.add_format({"bg_color": color}) for name, color in _COLORS.items()}

    def sheet(
        self, name: str, header: Sequence[str], rows: Iterable[Sequence[str | int]], note: str = "", title: str = ""
    ) -> None:
        """Add a sheet with `title` and `note` above the header, which is frozen and has filters.

        It prints on A4, or on A3 if it has many columns.
        """
        sheet = self._book.add_worksheet(name)
        at = 0
        if title:
            sheet.merge_range(0, 0, 0, len(header) - 1, title, self._title)
            sheet.set_row(0, 28)
            at = 1
        if note:
            sheet.write_string(at, 0, note, self._note)
            at += 1
        for column, text in enumerate(header):
            sheet.set_column(column, column, _width(text))
            sheet.write_string(at, column, text, self._head)
        last = at
        for last, row in enumerate(rows, at + 1):
            if last > _ROW_LIMIT:
                sheet.write_string(last, 0, "行数已达上限，其余未列出，请用 --format csv 或 jsonl", self._note)
                break
            self._write(sheet, last, row)
            cells = (one for one in zip(row, header, strict=True) if one[1] != _DIGEST)  # a digest may be cut off
            lines = [-(-cell_len(str(cell)) // _width(text)) for cell, text in cells]
            sheet.set_row(last, _LINE * min(_LINES_AT_MOST, max(1, *lines)))
        sheet.freeze_panes(at + 1, 0)
        sheet.autofilter(at, 0, last, len(header) - 1)
        if "级别" in header and last > at:
            column = list(header).index("级别")
            for level, look in self._levels.items():
                rule = {"type": "cell", "criteria": "==", "value": f'"{level}"', "format": look}
                sheet.conditional_format(at + 1, column, last, column, rule)
        sheet.set_landscape()
        sheet.set_paper(_A4 if len(header) <= _COLUMNS_OF_A4 else _A3)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(at)
        sheet.set_footer("&C第 &P 页，共 &N 页")

    def _write(self, sheet: Any, number: int, row: Sequence[str | int]) -> None:  # noqa: ANN401  xlsxwriter has no types
        for column, cell in enumerate(row):
            if cell == "":
                sheet.write_blank(number, column, None, self._plain)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell, self._plain)
            else:
                shown = cell if len(cell) <= _CELL_LIMIT else f"{cell[:_CELL_LIMIT]}…"
                sheet.write_string(number, column, shown, self._quoted if starts_formula(cell) else self._plain)

    def done(self) -> bytes:
        """Close the workbook and return its bytes."""
        self._book.close()
        return self._out.getvalue()


def _width(header: str) -> int:
    return _WIDTHS.get(header, _NARROW)
