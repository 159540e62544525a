"""What of a web page is not its text: menus and the path to the page stand in front of the title and look like one.

A page says itself what it is called; where it does not, its menus are passed over.
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
#: Lines of a menu: so many in a row that are so short.
_MENU_LINES: Final = 4
_MENU_WORD: Final = 12
#: A page's menus take at most so many lines.
_LOOKED_AT: Final = 400
_NAMES: Final = ("文章标题：", "标题：")
#: What stands between the title of a page and those of its column and site.
_BETWEEN = regex.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|(?<=[\p{Han}）)])[-–—]+(?=\p{Han})")
_SITE = regex.compile(r"(?:网|网站|门户|平台|政府|委员会|[局厅部院办])$")
_SHORTEST: Final = 6


def is_path(shown: str) -> bool:
    """Tell whether a line says where in a site the page is.

    >>> is_path("当前位置：首页 > 政务公开 > 公告"), is_path("首页 > 通知"), is_path("关于位置调整的公告")
    (True, True, False)
    """
    return _PATH.match(shown) is not None


def is_web(document: Document) -> bool:
    """Tell whether a document is a web page."""
    return document.media_type in _WEB_TYPES


def without_menus(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Yield the lines of a page but those of its menus and the path to it."""
    row: list[Span] = []
    for line in lines[:_LOOKED_AT]:
        shown = text[line.start : line.end].strip()
        if len(shown) <= _MENU_WORD and "关于" not in shown:
            row.append(line)
            continue
        if len(row) < _MENU_LINES:
            yield from row
        row = []
        if not is_path(shown):
            yield line
    if len(row) < _MENU_LINES:
        yield from row


def named_title(document: Document, text: str, lines: Sequence[Span]) -> Span | None:
    """Return the line that bears the title which the page says of itself in its source, or None."""
    names = [name for label in _NAMES for name in _said(document, label)]
    wanted = {_closed(part) for name in names for part in (name, _BETWEEN.split(name)[0]) if not _SITE.search(part)}
    wanted = {name for name in wanted if len(name) >= _SHORTEST}
    found = (line for line in lines[:_LOOKED_AT] if wanted and _closed(text[line.start : line.end]) in wanted)
    return next(found, None)


def _said(document: Document, label: str) -> Iterator[str]:
    for block in document.blocks:
        if block.location.part == "metadata" and block.location.member is None and block.text.startswith(label):
            yield block.text.removeprefix(label).strip()


def _closed(shown: str) -> str:
    return "".join(shown.split())
