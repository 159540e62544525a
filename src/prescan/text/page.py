"""Finds the title of a web page, whose menus and breadcrumb path stand before it and look like titles.

The title comes from the page's metadata if possible; otherwise menus and path are skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.types import Document, Span

_WEB_TYPES: Final = frozenset({"text/html", "multipart/related"})
_PATH = regex.compile(
    r"^\s*(?:您|你)?\s*(?:好[，,])?(?:当前|现在|目前|所在|所处)*(?:的|在)*(?:位置|页面)\s*(?:是|为)?\s*[:：]"
    r"|^\s*(?:网站|本站)?首\s*页\s*[>›»＞→/|]"
)
#: A menu is at least this many lines in a row, each at most this long.
_MENU_LINES: Final = 4
_MENU_WORD: Final = 12
#: Menus and titles are looked for in this many lines.
_LINES_AT_MOST: Final = 400
_TITLE_LABELS: Final = ("文章标题：", "标题：")
#: Separator between the title of a page and the names of its column and site.
_TITLE_SEPARATOR = regex.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|(?<=[\p{Han}）)])[-–—]+(?=\p{Han})")
_SITE_NAME = regex.compile(r"(?:网|网站|门户|平台|政府|委员会|[局厅部院办])$")
_TITLE_AT_LEAST: Final = 6


def is_path(line: str) -> bool:
    """Return whether a line is the breadcrumb path of the page.

    >>> is_path("当前位置：首页 > 政务公开 > 公告"), is_path("首页 > 通知"), is_path("关于位置调整的公告")
    (True, True, False)
    """
    return _PATH.match(line) is not None


def is_web(document: Document) -> bool:
    """Return whether a document is a web page."""
    return document.media_type in _WEB_TYPES


def without_menus(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Yield the lines of a page except its menus and breadcrumb path."""
    short_lines: list[Span] = []
    for line in lines[:_LINES_AT_MOST]:
        line_text = text[line.start : line.end].strip()
        if len(line_text) <= _MENU_WORD and "关于" not in line_text:
            short_lines.append(line)
            continue
        if len(short_lines) < _MENU_LINES:
            yield from short_lines
        short_lines = []
        if not is_path(line_text):
            yield line
    if len(short_lines) < _MENU_LINES:
        yield from short_lines


def title_from_metadata(document: Document, text: str, lines: Sequence[Span]) -> Span | None:
    """Return the line that is the title given in the page's metadata, or None."""
    titles = [name for label in _TITLE_LABELS for name in _metadata(document, label)]
    wanted = {
        _without_spaces(part)
        for name in titles
        for part in (name, _TITLE_SEPARATOR.split(name)[0])
        if not _SITE_NAME.search(part)
    }
    wanted = {name for name in wanted if len(name) >= _TITLE_AT_LEAST}
    matching = (
        line for line in lines[:_LINES_AT_MOST] if wanted and _without_spaces(text[line.start : line.end]) in wanted
    )
    return next(matching, None)


def _metadata(document: Document, label: str) -> Iterator[str]:
    for block in document.blocks:
        if block.location.part == "metadata" and block.location.member is None and block.text.startswith(label):
            yield block.text.removeprefix(label).strip()


def _without_spaces(text: str) -> str:
    return "".join(text.split())
