"""An export of a CMS (csv, jsonl, parquet): a row per page, with its body as html or text and paths of its annexes.

Columns are found by their usual names or those in the plan's `[columns]`. Annex paths are relative to the folder of the
export and must not lead out of it.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import functools
import html
import itertools
import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote

from prescan.audit.extras import extra
from prescan.audit.sources import Broken, Item, placed
from prescan.errors import SettingsError
from prescan.types import Context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from prescan.audit.plan import Plan
    from prescan.audit.sources import Progress
    from prescan.types import Attribute

_Row = TypeVar("_Row")

#: Field → usual names of its column, in lower case.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "url": ("url", "链接", "网址", "地址", "页面地址", "页面链接", "link", "linkurl", "页面url"),
    "title": ("title", "标题", "信息名称", "名称", "文章标题"),
    "channel": ("channel", "栏目", "栏目名称", "所属栏目", "column", "columnname", "category"),
    "unit": ("unit", "单位", "发布单位", "发布机构", "部门", "来源", "信息来源", "责任单位", "source", "contentsource"),
    "produced_on": ("produced_on", "成文日期", "生成日期", "制发日期", "形成日期"),
    "published_on": ("published_on", "发布日期", "发布时间", "发文时间", "pubdate", "publish_date", "publishtime"),
    "declared": ("declared", "公开属性", "公开方式", "公开类别", "信息公开选项", "attribute"),
    "body": ("body", "正文", "内容", "正文内容", "文章内容", "content", "html", "text"),
    "annexes": ("annexes", "附件", "附件路径", "附件列表", "附件地址", "attachments", "attachment", "files"),
}
_DECLARED: Final[dict[str, Attribute]] = {
    **dict.fromkeys(("主动公开", "社会公开", "proactive"), "proactive"),
    **dict.fromkeys(("依申请公开", "依申请", "on_request"), "on_request"),
    **dict.fromkeys(("不予公开", "免予公开", "免于公开", "内部公开", "不公开", "withheld"), "withheld"),
}
_DATE: Final = re.compile(r"\s*(\d{4})\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})|\s*(\d{4})(\d\d)(\d\d)(?!\d)")
#: Databases write 9999-12-31 for "no date": later years are ignored.
_NO_YEAR: Final = 3000
_TAG: Final = re.compile(
    r"<(?:p|div|br|table|html|body|span|h\d|a|ul|section|article|img|font|strong)\b", re.IGNORECASE
)
_SPLIT: Final = re.compile(r"[;；|,，\n]+")
#: Possible separators of a csv: the most frequent one in its first line is taken.
_SEPARATORS: Final = ",;\t|"
_FIELD_BYTES: Final = 100 * 1024 * 1024
_SAMPLE: Final = 1 << 20
_BATCH_ROWS: Final = 64
_SHAPES_AT_MOST: Final = 100
_NO_PAGE: Final = "附件是网址，本机没有这个文件；请连同附件一起导出，或改用网站镜像"
_OUTSIDE: Final = "附件路径指向导出文件夹之外，未读；请把附件放到导出文件旁边"
_CUT: Final = "导出文件在此处损坏或不完整，其后的页面未读，请重新导出"
_BAD_LINE: Final = "这一行损坏或不完整，没有读成，请重新导出"
_BAD_LINES: Final = "导出中有的行损坏或不完整，已逐行列为未读，请重新导出"
#: The key of cells beyond the last column of a csv.
_BEYOND: Final = "\0"


def items(path: Path, plan: Plan, progress: Progress) -> Iterator[Item | Broken]:
    """Yield every page followed by its annexes. Raises SettingsError if no column has bodies or annexes."""
    try:
        yield from of_rows(path, _ROWS[path.suffix.lower()](path, progress), plan, first=progress.after is None)
    except (csv.Error, UnicodeError, OSError, EOFError):
        yield Item(path.name, code="corrupted", detail=_CUT)
        yield Broken(_CUT)


def of_rows(
    path: Path, rows: Iterable[tuple[int, Mapping[str, Any] | None]], plan: Plan, *, first: bool = True
) -> Iterator[Item | Broken]:
    """Yield the pages and annexes of numbered rows of the export at `path`; None is a row that could not be read.

    `first`: the rows begin with the first one of the export. Raises SettingsError as `items` does.
    """
    mappings: dict[tuple[str, ...], dict[str, str]] = {}  # rows of jsonl need not all have the same columns
    for number, row in rows:
        if row is None:
            yield Item(f"{path.name}#{number}", code="corrupted", detail=_BAD_LINE)
            yield Broken(_BAD_LINES)
            continue
        names = tuple(row)
        if names not in mappings and len(mappings) < _SHAPES_AT_MOST:
            mappings[names] = column_mapping(path, names, plan, first=first and not mappings)
        yield from _page(path, row, mappings.get(names) or column_mapping(path, names, plan, first=False), number, plan)


def column_mapping(path: Path, names: Sequence[str], plan: Plan, *, first: bool = True) -> dict[str, str]:
    """Return the column of each field; in the `first` row the columns named by the plan must exist.

    Raises SettingsError.
    """
    by_name = {str(name).strip().lower(): str(name) for name in names}
    mapping = {}
    for field, usual in COLUMNS.items():
        named = plan.columns.get(field)
        if first and named is not None and named not in names:
            raise SettingsError(f"导出 {path} 中没有方案写明的列 {named}，有的列是 {'、'.join(map(str, names))}")
        column = named or next((by_name[name] for name in usual if name in by_name), None)
        if column:
            mapping[field] = column
    unknown = set(plan.columns) - set(COLUMNS)
    if unknown:
        raise SettingsError(f"审计方案的 [columns] 中没有 {min(unknown)} 这一项，可用的有 {'、'.join(COLUMNS)}")
    if first and not {"body", "annexes"} & set(mapping):
        raise SettingsError(
            f"导出 {path} 中认不出正文或附件列，请在审计方案的 [columns] 中写明，有的列是 {'、'.join(map(str, names))}"
        )
    return mapping


def _page(path: Path, row: Mapping[str, Any], mapping: Mapping[str, str], number: int, plan: Plan) -> Iterator[Item]:
    texts = {field: _text(row.get(column)) for field, column in mapping.items() if field != "annexes"}
    place = _address(texts.get("url", ""), plan) or f"{path.name}#{number}"
    context = Context(
        stage="published",
        title=texts.get("title") or None,
        channel=texts.get("channel") or None,
        unit=texts.get("unit") or None,
        produced_on=_day(texts.get("produced_on", "")),
        published_on=_day(texts.get("published_on", "")),
        declared=_DECLARED.get(texts.get("declared", "")),
    )
    # the body had unquoted commas: put it together again
    body = ",".join((texts.get("body", ""), *row.get(_BEYOND, ())))
    if body:
        yield Item(place, data=_file(texts.get("title", ""), body), context=context)
    elif "body" in mapping:
        yield Item(place, code="empty", context=context)
    for annex in dict.fromkeys(_annexes(row.get(mapping["annexes"]) if "annexes" in mapping else None)):
        yield _annex(path, annex, place, plan)


def _address(url: str, plan: Plan) -> str:
    """Return the address of a page; the plan's base_url is put before a path."""
    return url if not url or "://" in url else placed(url, plan)


def _annex(export: Path, annex: str, page: str, plan: Plan) -> Item:
    """Return an annex as an item; its 栏目, unit and date are later taken from the pages that link to it."""
    name = unquote(annex).replace("\\", "/")
    if plan.base_url and name.startswith(plan.base_url):
        name = name.removeprefix(plan.base_url)
    elif "://" in name or name.startswith("//"):
        return Item(name, parent=page, code="missing", detail=_NO_PAGE)
    name = name.split("?")[0].lstrip("/")
    place, target = placed(name.removeprefix("./"), plan), _within(export.parent, name)
    if target is None:
        return Item(place, parent=page, code="unsupported", detail=_OUTSIDE)
    return Item(place, path=target, parent=page)


@functools.lru_cache(maxsize=1_024)
def _within(folder: Path, name: str) -> str | None:
    """Return the path of a file below a folder; None if it lies outside. Cached: neighbouring pages share annexes."""
    root = folder.resolve()
    target = (root / name).resolve()
    return str(target) if target.is_relative_to(root) else None


def _file(title: str, body: str) -> bytes:
    """Return a file made of title and body: html if the body has tags, else plain text."""
    if _TAG.search(body):
        head = f"<h1>{html.escape(title)}</h1>" if title and title not in body else ""
        top = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
        return f"{top}<body>{head}\n{body}</body></html>".encode("utf-8", "surrogatepass")
    return f"{title}\n\n{body}".lstrip().encode("utf-8", "surrogatepass")


def _annexes(value: object) -> Iterator[str]:
    """Yield the paths in a cell: a list, a JSON list, objects with a path, or text with separators."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = str(value)
    if isinstance(value, str):
        yield from (part.strip() for part in _SPLIT.split(value) if part.strip())
    elif isinstance(value, list):
        for item in value:
            named = item.get("path") or item.get("url") or item.get("file") if isinstance(item, dict) else item
            if isinstance(named, str) and named.strip():
                yield named.strip()


def _text(value: object) -> str:
    return "" if value is None else value.strip() if isinstance(value, str) else str(value)


def _day(text: str) -> datetime.date | None:
    found = _DATE.match(text)
    if not found:
        return None
    year, month, day = (part for part in found.groups() if part)
    if int(year) >= _NO_YEAR:
        return None
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _csv(path: Path, progress: Progress) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(min(sys.maxsize, _FIELD_BYTES))
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    encoding = _encoding(sample)
    with path.open(encoding=encoding, newline="") as lines:
        head = lines.readline(_SAMPLE)
        separator = max(_SEPARATORS, key=head.count)
        lines.seek(0)
        yield from _remaining(csv.DictReader(lines, restkey=_BEYOND, delimiter=separator), progress)


def _encoding(sample: bytes) -> str:
    """Return the encoding of a csv: UTF-16 with BOM (Excel's Unicode text), UTF-8, else GB 18030."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        sample[: max(0, len(sample) - 3)].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start >= len(sample) - 8 else "gb18030"
    return "utf-8-sig"


def _jsonl(path: Path, progress: Progress) -> Iterator[tuple[int, dict[str, Any] | None]]:
    with path.open("rb") as stream:
        lines = (line for line in iter(lambda: stream.readline(_FIELD_BYTES), b"") if line.strip())
        for number, line in _remaining(lines, progress):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if row is not None and not isinstance(row, dict):
                raise SettingsError(f"导出 {path} 的每一行应是一个对象")
            yield number, row


def _parquet(path: Path, progress: Progress) -> Iterator[tuple[int, dict[str, Any]]]:
    parquet = extra("pyarrow.parquet", "Parquet")
    try:
        parquet_file = parquet.ParquetFile(path)
    except ValueError as error:  # pyarrow's own errors are ValueErrors
        raise OSError(str(error)) from None
    with parquet_file:
        batches = parquet_file.iter_batches(batch_size=_BATCH_ROWS)
        yield from _remaining(itertools.chain.from_iterable(batch.to_pylist() for batch in batches), progress)


def _remaining(rows: Iterable[_Row], progress: Progress) -> Iterator[tuple[int, _Row]]:
    """Yield the rows after `progress`, numbered from 1."""
    for number, row in enumerate(rows, 1):
        if number > (progress.after or 0):
            progress.begin(number)
            yield number, row


_ROWS: Final = {".csv": _csv, ".jsonl": _jsonl, ".ndjson": _jsonl, ".parquet": _parquet}
