"""Imports filled-in 整改台账: what units decided and did goes into the store.

A decision applies to the doubts its row stood for when the ledger was written, not to later ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import regex

from prescan.audit.exports import line_id
from prescan.audit.ledger import OUTCOMES
from prescan.decisions.ledger import SUPPRESSING, VERDICTS
from prescan.errors import PrescanError, ReadError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from pathlib import Path

    from prescan.audit.store import Store
    from prescan.types import Document

_CELL: Final = regex.compile(r"(?P<sheet>.+)!(?P<column>[A-Z]+)(?P<row>\d+)")
_TAKEN: Final = ("人工判断", "理由", "判断人", "整改结果", "缓存/搜索引擎清理")
_NEEDED: Final = frozenset({*_TAKEN, "编号"})
#: A row that lacks so many of our headings is not the heading row.
_LACKING_AT_MOST: Final = 4
#: The hidden type of cells in hidden rows and columns (lists of choices are hidden too, but are no content of a cell).
_HIDDEN_ROW: Final = "hidden_row_column"
_HIDDEN: Final = "这一行是隐藏或筛选掉的，请取消筛选、显示出来再导入"
_NUMBER: Final = regex.compile(r"(?P<id>[0-9a-f]{16})-(?P<batch>\d{1,9})")
_Line = tuple[int, str, str, bool, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome of an import: numbers of filled-in and empty rows, and sentences about the refused ones."""

    lines: int
    empty: int
    refused: tuple[str, ...]


def take(store: Store, document: Document, key: bytes, day: datetime.date) -> Taken:
    """Import a filled-in ledger, given its text as a worker read it. Raises ReadError if it is not one of ours."""
    sheets = list(_sheets(document))
    if not sheets:
        raise ReadError(
            "unsupported",
            "这不是 prescan 的整改台账：没有“编号”“人工判断”等列，请用 prescan audit report --format xlsx 生成的文件",
        )
    lines_known = _known_lines(store, key)
    imported: dict[str, tuple[str, dict[str, str]]] = {}
    empty, refused = 0, []
    with store.transaction():
        for sheet in sheets:
            if sheet.lacking:
                refused.append(f"{sheet.name}：没有“{'”“'.join(sheet.lacking)}”列，请恢复原来的列名，这张表没有导入")
                continue
            for line in sheet.lines:
                filled = {name: line.cells.get(name, "").strip() for name in _TAKEN}
                if not any(filled.values()):
                    empty += 1
                    continue
                number = _NUMBER.fullmatch(line.cells.get("编号", "").strip())
                target = number and lines_known.get(number["id"])
                before = imported.get(number[0]) if number else None
                why = _wrong(filled) or (_HIDDEN if line.hidden else "")
                if before and before[1] != filled:
                    why = f"编号与{before[0]}相同，填的却不同"
                if number is None or target is None or why:
                    refused.append(f"{line.where}：{why or '编号在审计库中没有对应的疑点'}")
                    continue
                imported[number[0]] = (line.where, filled)
                _enter(store, target, number["id"], int(number["batch"]), filled, day)
    return Taken(len(imported), empty, tuple(refused))


def _known_lines(store: Store, key: bytes) -> dict[str, _Line]:
    """Return, by row id, the item, rule, level and state for which each possible row of a ledger stands."""
    return {
        line_id(key, place, rule, level, closed=closed, verdict=verdict): (item, rule, level, closed, verdict)
        for item, place, rule, level in store.rows(
            "SELECT DISTINCT t.item, i.place_key, t.rule, t.level FROM tracks t JOIN items i ON i.id = t.item"
            " WHERE t.level IN ('block', 'review')"
        )
        for closed in (False, True)
        for verdict in ("", *VERDICTS)
    }


def _enter(  # noqa: PLR0913, PLR0917
    store: Store, line: _Line, row_id: str, batch: int, filled: dict[str, str], day: datetime.date
) -> None:
    """Write a row's decision for the doubts it stood for when the ledger was written, not for later ones."""
    item, rule, level, closed, verdict = line
    then = "closed_batch <= :batch" if closed else "(closed_batch IS NULL OR closed_batch > :batch)"
    store.db.execute(
        "UPDATE tracks SET verdict = :verdict, reason = :reason, by = :by, decided_on = :day, measure = :measure,"
        " caches = :caches, line = :line WHERE item = :item AND rule = :rule AND level = :level"
        f" AND first_batch <= :batch AND {then} AND (coalesce(verdict, '') = :was OR line = :line)",
        {
            "verdict": filled["人工判断"] or None,
            "reason": filled["理由"] or None,
            "by": filled["判断人"] or None,
            "day": day.isoformat(),
            "measure": filled["整改结果"] or None,
            "caches": filled["缓存/搜索引擎清理"] or None,
            "line": row_id,
            "item": item,
            "rule": rule,
            "level": level,
            "batch": batch,
            "was": verdict,
        },
    )


def _wrong(filled: dict[str, str]) -> str:
    if filled["人工判断"] and filled["人工判断"] not in VERDICTS:
        return f"人工判断应是 {'、'.join(VERDICTS)} 之一"
    if filled["人工判断"] in SUPPRESSING and not filled["理由"]:
        return f"判断为{filled['人工判断']}要写理由"
    if filled["整改结果"] and filled["整改结果"] not in OUTCOMES:
        return f"整改结果应是 {'、'.join(OUTCOMES)} 之一"
    return ""


class _Row(NamedTuple):
    """A row of a ledger."""

    where: str
    cells: dict[str, str]
    """By heading."""
    hidden: bool


class _Sheet(NamedTuple):
    """A sheet with our headings."""

    name: str
    lacking: tuple[str, ...]
    """Headings that are missing, so that their columns cannot be read."""
    lines: list[_Row]


def _sheets(document: Document) -> Iterator[_Sheet]:
    """Yield every sheet with our headings; columns may be hidden or moved."""
    sheets: dict[str, dict[int, dict[str, str]]] = {}
    shown: set[tuple[str, int]] = set()
    for block in document.blocks:
        cell = _CELL.fullmatch(block.location.cell or "")
        if cell and (block.location.part == "table" or block.hidden == _HIDDEN_ROW) and block.text.strip():
            sheets.setdefault(cell["sheet"], {}).setdefault(int(cell["row"]), {})[cell["column"]] = block.text
            if block.location.part == "table":
                shown.add((cell["sheet"], int(cell["row"])))
    for name, rows in sheets.items():
        heads = ({column: text.strip() for column, text in row.items()} for _, row in sorted(rows.items()))
        found = ((head, _NEEDED - set(head.values())) for head in heads)
        top = next((pair for pair in zip(sorted(rows), found, strict=True) if len(pair[1][1]) < _LACKING_AT_MOST), None)
        if top is None:
            continue
        begun, (head, lacking) = top
        lines = [
            _Row(
                f"{name} 第 {at} 行",
                {head[column]: text for column, text in rows[at].items() if column in head},
                (name, at) not in shown,
            )
            for at in sorted(rows)
            if at > begun
        ]
        yield _Sheet(name, tuple(sorted(lacking)), lines)


def read(path: Path, scanner: Any) -> Document:  # noqa: ANN401  a Scanner
    """Read the text of a ledger in a worker. Raises PrescanError that names the file."""
    try:
        document: Document = scanner.load_document(path)
    except ReadError as error:
        raise PrescanError(f"无法读取台账 {path}：{error.detail}") from None
    return document
