"""Writes the 整改台账 (xlsx): one sheet per unit, for the units to fill in.

The columns are those of ledgers in use (单位/栏目, 页面URL或文件 … 缓存/搜索引擎清理). A row is what one rule found at
one place; its 编号 identifies it when the ledger is imported (`ledger_back.py`).
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

import regex

from prescan.audit import doubts, statistics
from prescan.audit.exports import row_id
from prescan.audit.tracks import STATES, WHY_LABELS
from prescan.decisions.ledger import VERDICTS
from prescan.report.csv import safe
from prescan.report.shown import printable
from prescan.text import workdays
from prescan.types import LEVEL_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.audit.doubts import Doubt
    from prescan.audit.plan import Plan
    from prescan.audit.store import Store

#: Characters above this code point are two columns wide.
_NARROW: Final = 0x2E7F
_LINE_POINTS: Final = 13
_LINES_AT_MOST: Final = 12
MEASURES: Final = ("撤下", "脱敏重发", "补审", "保留")
OUTCOMES: Final = ("已撤下", "已脱敏重发", "已补审", "保留", "整改中")
YES_NO: Final = ("是", "否", "不涉及")
#: Heading → width.
_COLUMNS: Final = {
    "序号": 6,
    "单位/栏目": 18,
    "页面URL或文件": 40,
    "标题": 28,
    "发布时间": 12,
    "问题类型": 16,
    "处数": 6,
    "问题位置（页码/单元格/段落）": 24,
    "内容（已遮盖）": 30,
    "证据（快照哈希）": 16,
    "风险级别": 10,
    "建议处置": 12,
    "责任人": 10,
    "整改期限": 12,
    "人工判断": 14,
    "理由": 20,
    "判断人": 10,
    "整改结果": 14,
    "复查结果": 12,
    "销号时间": 12,
    "缓存/搜索引擎清理": 14,
    "编号": 20,
}
_FILLED_IN: Final = {"人工判断": VERDICTS, "整改结果": OUTCOMES, "缓存/搜索引擎清理": YES_NO}
_TO_FILL: Final = frozenset({"责任人", "人工判断", "理由", "判断人", "整改结果", "缓存/搜索引擎清理"})
_SHEET_NAME: Final = regex.compile(r"[\[\]:*?/\\']")
_SHEET_AT_MOST: Final = 28
_ROWS_AT_MOST: Final = 1_000_000
_CELL_AT_MOST: Final = 2_000
_NOTE: Final = (
    "黄色列由责任单位填写。人工判断为“误报”或“依法可公开”的要写理由；撤下后请清理搜索引擎快照、镜像站和缓存。"
    "填好后用 prescan audit decide 导入。"
)


def write(store: Store, stream: IO[bytes], key: bytes, plan: Plan) -> None:
    """Write the ledger of the last batch: doubts at block and review, open or closed in it. Raises PrescanError."""
    import xlsxwriter  # noqa: PLC0415  only for this file

    last = statistics.last_batch(store)
    day = datetime.date.fromisoformat(last["today"])
    due = workdays.add_workdays(day, plan.deadline_days).isoformat()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties(
        {
            "title": "整改台账",
            "created": datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).replace(tzinfo=None),
        }
    )
    styles = _Styles.of(book)
    batch = int(last["id"])
    units = list(statistics.items_by_level(store, doubts.UNIT))
    names: set[str] = set()
    for unit in units:
        rows = doubts.rows(store, batch, levels=("block", "review"), unit=unit, closed=True, accepted=True)
        _sheet(book, styles, _named(unit, names), (_row(one, key, batch, due, plan) for one in rows))
    if not units:
        _sheet(book, styles, "无", iter(()))
    book.close()


@dataclass(frozen=True, slots=True)
class _Styles:
    head: Any
    fill: Any
    text: Any
    note: Any

    @classmethod
    def of(cls, book: Any) -> _Styles:  # noqa: ANN401  xlsxwriter has no types
        edge = {"border": 1, "valign": "top", "text_wrap": True, "font_size": 10}
        return cls(
            book.add_format({**edge, "bold": True, "bg_color": "#E4E7EB"}),
            book.add_format({**edge, "bg_color": "#FFF8E1"}),
            book.add_format(edge),
            book.add_format({"italic": True, "font_size": 9}),
        )


def _sheet(book: Any, styles: _Styles, name: str, rows: Iterator[dict[str, str]]) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3: so many columns are not readable on A4
    sheet.set_margins(0.3, 0.3, 0.4, 0.4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.freeze_panes(2, 0)
    for column, width in enumerate(_COLUMNS.values()):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, _NOTE, styles.note)
    for column, heading in enumerate(_COLUMNS):
        sheet.write_string(1, column, heading, styles.head)
    at = 1
    for at, row in enumerate(rows, 2):
        row["序号"] = str(at - 1)
        sheet.set_row(at, _height(row))
        for column, heading in enumerate(_COLUMNS):
            style = styles.fill if heading in _TO_FILL else styles.text
            sheet.write_string(at, column, safe(printable(row.get(heading, "")))[:_CELL_AT_MOST], style)
        if at == _ROWS_AT_MOST:
            break
    for heading, values in _FILLED_IN.items():
        column = list(_COLUMNS).index(heading)
        sheet.data_validation(2, column, max(2, at), column, {"validate": "list", "source": list(values)})


def _height(row: dict[str, str]) -> float:
    """Return the height of a row in points: LibreOffice and WPS do not adjust it to wrapped text."""
    wide = {heading: sum(2 if ord(char) > _NARROW else 1 for char in text) for heading, text in row.items()}
    lines = max(math.ceil(units / (_COLUMNS[heading] - 1)) for heading, units in wide.items())
    return _LINE_POINTS * min(max(1, lines), _LINES_AT_MOST) + 2


def _row(doubt: Doubt, key: bytes, batch: int, due: str, plan: Plan) -> dict[str, str]:
    fixed = doubt.state == "fixed"
    again = f"{STATES[doubt.state]}（{WHY_LABELS[doubt.why]}）" if fixed else STATES[doubt.state]
    pages = f"（附件，见于 {doubt.listed} 个页面：{'、'.join(doubt.listed_on)}）" if doubt.listed else ""
    return {
        "单位/栏目": f"{doubt.unit}/{doubt.channel}",
        "页面URL或文件": doubt.shown + pages,
        "标题": doubt.title,
        "发布时间": doubt.published,
        "问题类型": statistics.label(doubt.type),
        "处数": str(doubt.number),
        "问题位置（页码/单元格/段落）": doubt.where,
        "内容（已遮盖）": doubt.said,
        "证据（快照哈希）": doubt.sha256[:16],
        "风险级别": LEVEL_LABELS[doubt.level],
        "建议处置": "" if fixed else _measure(doubt),
        "责任人": plan.owners.get(doubt.unit, ""),
        "整改期限": "" if fixed else due,
        "人工判断": doubt.verdict,
        "理由": doubt.reason,
        "整改结果": doubt.measure,
        "复查结果": again if doubt.readable else "未读完，未能复查",
        "销号时间": doubt.closed_on,
        "缓存/搜索引擎清理": doubt.caches,
        "编号": f"{row_id(doubt, key)}-{batch}",
    }


def _measure(doubt: Doubt) -> str:
    """Return the suggested measure: secrets are taken down, personal values masked, everything else reviewed."""
    if doubt.type in {"secret_mark", "secret_content", "copy_number", "internal_mark", "work_secret"}:
        return MEASURES[0]
    if doubt.type == "publicity_expired":
        return MEASURES[0]
    return MEASURES[1] if doubt.level == "block" or doubt.type == "weak_mask" else MEASURES[2]


def _named(unit: str, taken: set[str]) -> str:
    """Return a sheet name that is unique and valid in Excel."""
    short = _SHEET_NAME.sub("_", unit)[:_SHEET_AT_MOST] or "单位"
    name, number = short, 1
    while name.lower() in taken:
        number += 1
        name = f"{short[: _SHEET_AT_MOST - 3]}_{number}"
    taken.add(name.lower())
    return name
