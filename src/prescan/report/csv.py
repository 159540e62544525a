"""CSV for spreadsheets (RFC 4180, UTF-8 with BOM): a row for each finding and each part that was not read."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING

from prescan.report.rows import HEADER, UNREAD, VALUE, VALUES_SHOWN, VERSIONS, finding_rows, starts_formula, unread_rows
from prescan.report.shown import versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.report import Options
    from prescan.types import ScanResult


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write the table; with values in clear, a line above the header says so.

    Cells that a spreadsheet would take for a formula get a leading apostrophe.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    header = [*HEADER, *([VALUE] if options.show_values else []), VERSIONS]
    if options.show_values:
        lines.writerow([VALUES_SHOWN])
    lines.writerow(header)
    for result in results:
        versions = versions_of(result)
        for row in finding_rows(result, options):
            lines.writerow(map(safe, [*row, versions]))
        for name, code, detail in unread_rows(result, options):
            cells = {"文件": name, "级别": UNREAD, "类型": code, "为什么": detail}
            cells["文件校验值（SHA-256）"] = result.document.sha256 or ""
            cells[VERSIONS] = versions
            lines.writerow([safe(cells.get(column, "")) for column in header])
    stream.write(b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace"))


def safe(cell: str) -> str:
    """Return the cell with a leading apostrophe if a spreadsheet would take it for a formula.

    >>> safe("=HYPERLINK(1)"), safe("姓名")
    ("'=HYPERLINK(1)", '姓名')
    """
    return f"'{cell}" if starts_formula(cell) else cell
