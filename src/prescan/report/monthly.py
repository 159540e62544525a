"""保密审查汇总表（月报，xlsx）: what was reviewed in a month."""

from __future__ import annotations

import datetime
from typing import IO, TYPE_CHECKING, Final

from prescan.report.record_fields import fields
from prescan.report.rows import VALUES_SHOWN
from prescan.report.shown import versions_of
from prescan.report.xlsx import Book

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.report import Options
    from prescan.types import ScanResult

_TITLE: Final = "保密审查汇总表（月报）"
_HEADER: Final = ("序号", "单位名称", "月份", "信息名称", "文号", "机审结论", "公开属性", "审查结论", "审查人", "备注")
_NONE: Final = "本月无公开信息"


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write a row per document, by day; unit and conclusion stay empty. Without results a row says 本月无公开信息."""
    book = Book(results[0].today if results else datetime.date(1980, 1, 1))
    rows = [_row(number, one, options) for number, one in enumerate(sorted(results, key=lambda one: one.today), 1)]
    no_rows: list[list[str | int]] = [["", "", "", _NONE, "", "", "", "", "", ""]]
    versions = versions_of(results[0]) if results else ""
    notes = (VALUES_SHOWN if options.show_values else "", f"机审版本：{versions}" if versions else "")
    book.sheet("汇总表", _HEADER, rows or no_rows, "；".join(filter(None, notes)), _TITLE)
    stream.write(book.done())


def _row(number: int, result: ScanResult, options: Options) -> list[str | int]:
    record = fields(result, options)
    month = f"{result.today.year}年{result.today.month}月"
    cells = (record["标题"], record["文号"], record["机审结论"], record["公开属性"], "", record["审查人"], "")
    return [number, "", month, *cells]
