"""备案台账 (xlsx): a row per document, with what the scan suggested and what people decided."""

from __future__ import annotations

import datetime
from typing import IO, TYPE_CHECKING, Final

from prescan.report.record_fields import fields
from prescan.report.rows import VALUES_SHOWN
from prescan.report.xlsx import Book
from prescan.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.report import Options
    from prescan.types import ScanResult

_TITLE: Final = "政府信息公开保密审查备案台账"
#: Column → field of the record; None = a person fills it in.
_COLUMNS: Final = {
    "备案编号": None,
    "拟公开单位": None,
    "信息名称": "标题",
    "文号": "文号",
    "机审日期": "机审日期",
    "机审结论": "机审结论",
    "阻断": "block",
    "复核": "review",
    "提示": "note",
    "未读": "unread",
    "建议公开属性": "建议公开属性",
    "建议依据": "建议依据",
    "人定公开属性": "公开属性",
    "人定依据": "不公开依据",
    "审查人": "审查人",
    "审查时间": "审查时间",
    "疑点处置": "处置情况",
    "审查结论": None,
    "公开方式": None,
    "公开日期": None,
    "文件": "文件名",
    "文件校验值（SHA-256）": "校验值",
    "版本": "版本",
}


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write the register; file numbers, conclusions and dates of publication are left empty."""
    book = Book(results[0].today if results else datetime.date(1980, 1, 1))
    rows = [[number, *_row(result, options)] for number, result in enumerate(results, 1)]
    note = VALUES_SHOWN if options.show_values else ""
    book.sheet("备案台账", ["序号", *_COLUMNS], rows, note, _TITLE)
    stream.write(book.done())


def _row(result: ScanResult, options: Options) -> list[str | int]:
    values: dict[str, str | int] = dict(fields(result, options))
    for level in LEVELS:
        values[level] = sum(one.level == level for one in result.findings)
    values["unread"] = len(result.unread)
    return [values[field] if field else "" for field in _COLUMNS.values()]
