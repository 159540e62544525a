"""Web pages: visible text in reading order, tables as tables, and every place where a page hides text.

The tree is selectolax's (lexbor), walked without recursion; what the bytes are written in is told here, never by
the parser.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.html import parts
from prescan.formats.html.left import numbers_in_tags, untold
from prescan.formats.html.page import Page
from prescan.formats.html.pictures import has_pictures, pictures
from prescan.formats.text import decode, lost_characters, utf8
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_BY_SCRIPT: Final = "网页正文没有文字，可能由脚本生成；请在浏览器中打开后另存为 html 再扫"


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the page's blocks in the order of the contract. Raises ReadError."""
    if len(data) > limits.expanded_mb << 20:
        raise ReadError("archive_limit")
    plain = utf8(data)
    text, lossy = decode(data, parts.declared_charset(data)) if plain is None else (plain, False)
    page = Page()
    walk = page.walk(text, None if plain is None else data)
    if numbers := numbers_in_tags(data):
        blocks = []
        for block in itertools.chain(walk, page.aside()):
            blocks.append(block.text)
            yield block
        for number in untold(numbers, blocks):
            yield Block(number, Location("hidden"), hidden="hidden_text", note="网页源码标签中的号码")
    else:
        yield from walk
        yield from page.aside()
    drawn = False
    for block in pictures(text, limits, alone=not page.shown):
        drawn = True
        yield block
    yield from page.unread
    if not page.shown and not drawn:
        code, detail = ("no_text_layer", "") if has_pictures(text) else ("empty", _BY_SCRIPT if page.said else "")
        if not page.said:
            raise ReadError(code, detail)
        yield Unread.of("", code, detail)
    if lossy:
        yield lost_characters(text)
