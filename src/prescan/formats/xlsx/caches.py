"""Data of a workbook that no sheet shows: pivot and link caches, names, revisions, connections, unused strings."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment, attributed, child, concealed_block, is_substantial
from prescan.formats.drawingml import parse_int, unescape
from prescan.formats.package import LOCAL_NAME, attribute, attribute_texts, descendants
from prescan.formats.xlsx.book import rich_text
from prescan.formats.xlsx.stream import Elements
from prescan.formats.xlsx.values import format_number
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from prescan.formats.office_parts import Parts
    from prescan.formats.xlsx.book import Book, Budget

_PIVOT: Final = Concealment("hidden", "hidden_text", "数据透视表缓存的数据")
_PIVOT_REST: Final = Concealment("hidden", "hidden_text", "数据透视表缓存中残留的数据")
_EXTERNAL: Final = Concealment("hidden", "hidden_text", "外部链接缓存的数据")
_EXTERNAL_PATH: Final = Concealment("hidden", "hidden_text", "外部链接的路径")
_NAME: Final = Concealment("hidden", "hidden_text", "定义的名称")
_CONNECTION: Final = Concealment("hidden", "hidden_text", "外部数据连接")
_LEFT_OVER: Final = Concealment("hidden", "hidden_text", "单元格已删除但仍留在文件中的文字")
#: A name that a person gave to a connection, not a default one.
_CUSTOM_NAME: Final = re.compile(r"(?!连接)[\u3400-\u9fff]{2}|[0-9]{6}")
_MIDNIGHT: Final = "T00:00:00"
_CONSTANT: Final = re.compile(r'"|^\{|^[-+]?[0-9.]{6,}$')
_CONNECTION_TEXTS: Final = ("description", "connection", "command", "url", "sourceFile", "odcFile")
_QUERY: Final = re.compile(r"(?:^|/)queryTables/[^/]+\.xml$", re.IGNORECASE)
_CONNECTIONS: Final = re.compile(r"(?:^|/)connections\.xml$", re.IGNORECASE)


def caches(parts: Parts, workbook: str, root: etree._Element | None, book: Book) -> Iterator[Block]:
    """Yield names, pivot caches, external links and connections. Raises ReadError("archive_limit")."""
    if root is not None:
        yield from _names(root)
    for order, part in enumerate(parts.related(workbook, "pivotCacheDefinition"), 1):
        yield from _pivot(parts, part, f"数据透视缓存{order}", book.budget)
    for order, part in enumerate(parts.related(workbook, "externalLink"), 1):
        yield from _external(parts, part, f"外部链接{order}", book.budget)
    texts: dict[str, None] = {}
    listed = parts.related(workbook, "connections")
    for part in dict.fromkeys((*listed, *parts.package.names)):
        connects = part in listed or _CONNECTIONS.search(part)
        tree = parts.tree(part) if connects or _QUERY.search(part) else None
        if tree is not None:
            texts.update(dict.fromkeys(attribute_texts(tree, *(_CONNECTION_TEXTS if connects else ()))))
            texts.update(dict.fromkeys(name for name in attribute_texts(tree, "name") if _CUSTOM_NAME.search(name)))
    yield from (concealed_block(text, _CONNECTION) for text in texts)


def unused_strings(book: Book) -> Iterator[Block]:
    """Yield the shared strings that no cell uses."""
    for text, used in zip(book.strings, book.used, strict=True):
        if not used and text.strip():
            yield concealed_block(text, _LEFT_OVER)


def revisions(parts: Parts, workbook: str) -> Iterator[Block]:
    """Yield the former contents of cells that were changed in a shared workbook."""
    for listing in parts.related(workbook, "revisionHeaders"):
        root = parts.tree(listing)
        logs = parts.targets(listing)
        for header in () if root is None else descendants(root, "header"):
            log = logs.get(attribute(header, "id"), "")
            tree = parts.tree(log) if log in parts.package else None
            note = attributed(attribute(header, "userName"), attribute(header, "dateTime"), "修改前的内容")
            for old in () if tree is None else descendants(tree, "oc"):
                text = _cell_text(old)
                if text.strip():
                    yield concealed_block(text, Concealment("deleted", "tracked_change", note))


def _names(root: etree._Element) -> Iterator[Block]:
    """Yield defined names that stand for a text or a number rather than for cells, and their comments."""
    for name in descendants(root, "definedName"):
        value, label = name.text or "", attribute(name, "name")
        if _CONSTANT.search(value) or is_substantial(value) or is_substantial(label):
            yield concealed_block(f"{label}：{value}", _NAME)
        for key in ("comment", "description"):
            if attribute(name, key).strip():
                yield concealed_block(attribute(name, key), _NAME)


def _row(texts: Sequence[str], table: str, row: int, concealment: Concealment, budget: Budget) -> Iterator[Block]:
    """Yield the values of a cached record as a row of a table."""
    budget.spend(len(texts), sum(map(len, texts)))
    for column, text in enumerate(texts, 1):
        sep = PARAGRAPH_BREAK if column == len(texts) else CELL_BREAK
        cell = f"{table}!{column_letters(column - 1)}{row}"
        yield Block(text, Location(concealment.part, cell=cell), sep, concealment.hidden, concealment.note)


def _pivot(parts: Parts, part: str, table: str, budget: Budget) -> Iterator[Block]:
    """Yield the copy of its source that a pivot table keeps, then values that no record uses any more."""
    root = parts.tree(part)
    if root is None:
        return
    fields = [field for field in descendants(root, "cacheField") if attribute(field, "databaseField") != "0"]
    items = [_items(field) for field in fields]
    unused = [dict.fromkeys(range(len(column))) for column in items]
    yield from _row([attribute(field, "name") for field in fields], table, 1, _PIVOT, budget)
    row = itertools.count(2)
    for records in parts.related(part, "pivotCacheRecords"):
        elements = Elements(parts.content(records), "r")
        for record in elements:
            texts = [_record(value, index, items, unused) for index, value in enumerate(record)]
            yield from _row(texts, table, next(row), _PIVOT, budget)
        if elements.failure:
            parts.note_unread(records, elements.failure)
    for column, rest in zip(items, unused, strict=True):
        yield from (concealed_block(column[index], _PIVOT_REST) for index in rest if column[index].strip())


def _items(field: etree._Element) -> list[str]:
    shared = child(field, "sharedItems")
    return [] if shared is None else [_value(item) for item in shared]


def _record(value: etree._Element, index: int, items: list[list[str]], unused: list[dict[int, None]]) -> str:
    """Return a value of a record, looking up an `x` in the shared values of its column and marking that as used."""
    if LOCAL_NAME[value.tag] != "x":
        return _value(value)
    at = parse_int(attribute(value, "v"))
    if index >= len(items) or at >= len(items[index]):
        return ""
    unused[index].pop(at, None)
    return items[index][at]


def _value(item: etree._Element) -> str:
    """Return a cached value: a text, number or date."""
    text = attribute(item, "v")
    kind = LOCAL_NAME[item.tag]
    if kind == "n":
        return format_number(text)[0]
    return text.removesuffix(_MIDNIGHT) if kind == "d" else unescape(text)


def _external(parts: Parts, part: str, table: str, budget: Budget) -> Iterator[Block]:
    """Yield the target of an external link and the values cached from it."""
    for relationship in parts.relationships(part):
        if relationship.external:
            yield concealed_block(relationship.target, _EXTERNAL_PATH)
    root = parts.tree(part)
    if root is None:
        return
    sheets = [attribute(name, "val") for name in descendants(root, "sheetName")]
    for data in descendants(root, "sheetData"):
        index = parse_int(attribute(data, "sheetId"))
        name = f"{table} {sheets[index]}" if 0 <= index < len(sheets) else table
        for row in data:
            cells = [(attribute(cell, "r"), _cell_text(cell)) for cell in row]
            budget.spend(len(cells), sum(len(text) for _, text in cells))
            for order, (place, text) in enumerate(cells, 1):
                sep = PARAGRAPH_BREAK if order == len(cells) else CELL_BREAK
                where = Location(_EXTERNAL.part, cell=f"{name}!{place}")
                yield Block(text, where, sep, _EXTERNAL.hidden, _EXTERNAL.note)
    for value in descendants(root, "val"):
        if value.text and value.text.strip():
            yield concealed_block(value.text, _EXTERNAL)


def _cell_text(cell: etree._Element) -> str:
    """Return the value of a cell outside a sheet, which never refers to the shared strings."""
    inline, value = child(cell, "is"), child(cell, "v")
    if inline is not None:
        return rich_text(inline)
    text = "" if value is None else value.text or ""
    return unescape(text) if attribute(cell, "t") in {"str", "e", "b", "s"} else format_number(text)[0]
