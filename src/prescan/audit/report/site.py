"""Writes the report folder: index.html and pages per 栏目 and unit, with at most 500 rows each."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, TypeVar

from prescan.audit import doubts, statistics
from prescan.audit.report import index
from prescan.audit.report.page import level, link, page, table, text
from prescan.audit.tracks import STATES, WHY_LABELS
from prescan.drafts import draft_of
from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from prescan.audit.doubts import Doubt
    from prescan.audit.plan import Plan
    from prescan.audit.store import Store

_T = TypeVar("_T")
ROWS: Final = 500
#: Number of urgent doubts on the first page; if there are more, all are listed on pages of their own.
FIRST: Final = 50
HEADS: Final = ("级别", "标题", "栏目", "单位", "发布日期", "疑点", "处数", "位置与内容（已遮盖）", "状态", "建议")
_NUMBERS: Final = (6,)
_ADVICE_AT_MOST: Final = 60


def write(store: Store, folder: Path, plan: Plan) -> list[str]:
    """Write the report of the last batch; return the names of its files. Raises PrescanError."""
    last = statistics.last_batch(store)
    make_folder(folder)
    advice = dict(store.db.execute("SELECT id, advice FROM rules").fetchall())
    batch, names = int(last["id"]), []

    def write_list(name: str, title: str, doubts: Iterable[Doubt], back: str = "index.html") -> int:
        """Write a list on as many pages as it needs; return the number of rows."""
        count = 0
        for number, (chunk, more) in enumerate(_chunks(doubts), 1):
            count += len(chunk)
            body = _list_page(title, chunk, advice, number, name, more=more, back=back)
            names.append(page_file(name, number))
            put(folder / page_file(name, number), page(title, body))
        return count

    parts: dict[str, list[tuple[str, Mapping[str, int], str]]] = {}
    for kind, group, prefix in (("channel", doubts.CHANNEL, "channel"), ("unit", doubts.UNIT, "unit")):
        parts[kind] = []
        for number, (name, counts) in enumerate(statistics.items_by_level(store, group).items(), 1):
            file = f"{prefix}-{number:03}"
            doubts_of_group = doubts.rows(store, batch, closed=True, **{kind: name})  # type: ignore[arg-type]
            title = f"{'栏目' if kind == 'channel' else '单位'}：{name}"
            parts[kind].append((name, counts, page_file(file, 1) if write_list(file, title, doubts_of_group) else ""))
    urgent = doubts.rows(store, batch, levels=("block",))
    first = list(itertools.islice(urgent, FIRST + 1))
    if len(first) > FIRST:
        write_list("urgent", "立即处理", itertools.chain(first, urgent))
    unread_count, unread_rows = statistics.unread(store)
    _unread(folder, names, unread_rows)
    rows = [doubt_row(doubt, advice) for doubt in first[:FIRST]]
    put(
        folder / "index.html", page("存量信息排查报告", index.body(store, plan, last, rows, parts, unread_count, names))
    )
    return ["index.html", *names]


def doubt_row(doubt: Doubt, advice: dict[str, str]) -> list[str]:
    """Return a row of a table of doubts, as HTML cells."""
    title = link(doubt.shown, doubt.title or doubt.shown)
    where = f"<br><span class='id'>{text(doubt.shown)}</span>"
    if doubt.listed:
        pages = "、".join(link(place, str(number)) for number, place in enumerate(doubt.listed_on, 1))
        where += f"<br><span class='id'>附件，见于 {doubt.listed} 个页面：{pages}</span>"
    state = STATES[doubt.state] + (f"（{WHY_LABELS[doubt.why]}）" if doubt.state == "fixed" else "")
    state += "" if doubt.readable else "（本次未读完，未能复查）"
    state += f"<br>{text(doubt.verdict)}" if doubt.verdict else ""
    places_and_context = "；".join(part for part in (doubt.where, doubt.said) if part)
    return [
        level(doubt.level),
        title + where,
        text(doubt.channel),
        text(doubt.unit),
        f"<span class='short'>{text(doubt.published)}</span>",
        f"{text(statistics.label(doubt.type))}<br><span class='id'>{doubt.rule}</span>",
        str(doubt.number),
        text(places_and_context),
        state,
        text(_short(advice.get(doubt.rule, ""))),
    ]


def _short(words: str) -> str:
    return words if len(words) <= _ADVICE_AT_MOST else words[: _ADVICE_AT_MOST - 1] + "…"


def _list_page(  # noqa: PLR0913
    title: str, doubts: Sequence[Doubt], advice: dict[str, str], number: int, name: str, *, more: bool, back: str
) -> Iterator[str]:
    yield f'<nav><a href="{back}">返回总览</a></nav><h1>{text(title)}</h1>'
    yield f'<p class="soft">第 {number} 页，本页 {len(doubts)} 行。疑点由机器提示，是否属实由人判断；内容已遮盖。</p>'
    yield table(HEADS, (doubt_row(doubt, advice) for doubt in doubts), numbers=_NUMBERS, css="sortable doubts")
    yield _pager(name, number, more=more)


def _pager(name: str, number: int, *, more: bool) -> str:
    """Return links to the previous and next page; "" if there is only one page."""
    before = f'<a href="{page_file(name, number - 1)}">上一页</a>' if number > 1 else ""
    after = f'<a href="{page_file(name, number + 1)}">下一页</a>' if more else ""
    return f'<p class="pages">{before} <b>{number}</b> {after}</p>' if before or after else ""


def _unread(folder: Path, names: list[str], rows: Iterable[tuple[str, str, str]]) -> None:
    for number, (chunk, more) in enumerate(_chunks(rows), 1):
        lines = [[link(place, place), text(code), text(sentence)] for place, code, sentence in chunk]
        body = [
            '<nav><a href="index.html">返回总览</a></nav><h1>未读清单</h1>',
            "<p>以下内容机器没有读到，不等于没有问题，请人工查看或处理后重扫。</p>",
            table(("页面或文件", "原因代码", "说明与下一步"), lines),
            _pager("unread", number, more=more),
        ]
        names.append(page_file("unread", number))
        put(folder / page_file("unread", number), page("未读清单", body))


def page_file(name: str, number: int) -> str:
    """Return the file name of the n-th page of a list.

    >>> page_file("unit-001", 1), page_file("unit-001", 2)
    ('unit-001.html', 'unit-001-2.html')
    """
    return f"{name}.html" if number == 1 else f"{name}-{number}.html"


def make_folder(folder: Path) -> None:
    """Make the output folder (mode 0700 if it is new). Raises PrescanError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise PrescanError(f"无法建立文件夹 {folder}，请检查路径和权限") from None


def put(path: Path, content: str | bytes) -> None:
    """Write a file atomically (mode 0600). Raises PrescanError."""
    replace_file(
        path,
        lambda draft: draft.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace")),
    )


def replace_file(path: Path, make: Callable[[Path], object]) -> None:
    """Replace `path` by the file `make` writes (mode 0600); the old file stays if that fails. Raises PrescanError."""
    try:
        with draft_of(path) as draft:
            make(draft)
            draft.replace(path)
    except OSError as error:
        why = "磁盘已满，请腾出空间" if getattr(error, "errno", 0) == _NO_SPACE else "请检查路径和权限"
        raise PrescanError(f"无法写入 {path}，{why}") from None


_NO_SPACE: Final = 28


def _chunks(rows: Iterable[_T]) -> Iterator[tuple[list[_T], bool]]:
    """Yield the rows of each page, and whether another page follows."""
    walk = iter(rows)
    chunk = list(itertools.islice(walk, ROWS))
    while chunk:
        following = list(itertools.islice(walk, ROWS))
        yield chunk, bool(following)
        chunk = following
