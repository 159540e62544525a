"""Web pages: visible text in reading order, tables as tables, and every place where a page hides text.

Pages are read from the tree that selectolax (lexbor) builds, without recursion. The encoding is always decided here,
never by the parser.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.html.left import numbers_in_tags, untold
from prescan.formats.html.page import Page
from prescan.formats.html.pictures import has_pictures, pictures
from prescan.formats.html.source import declared_charset
from prescan.formats.text import decode, lost_characters, utf8
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_BY_SCRIPT: Final = "网页正文没有文字，可能由脚本生成；请在浏览器中打开后另存为 html 再扫"


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Return the page's blocks in the order of the contract. Raises ReadError, also while they are iterated."""
    if len(data) > limits.expanded_mb << 20:
        raise ReadError("archive_limit")
    plain = utf8(data)
    text, lossy = decode(data, declared_charset(data)) if plain is None else (plain, False)
    page = Page()
    blocks: Iterator[Block] = itertools.chain(page.walk(text, None if plain is None else data), page.aside())
    if numbers := numbers_in_tags(data):
        blocks = _with_numbers(blocks, numbers)
    return itertools.chain(blocks, _rest(page, text, limits, lossy=lossy))


def _with_numbers(blocks: Iterator[Block], numbers: list[str]) -> Iterator[Block]:
    """Yield the blocks, then those of the numbers that none of them contains."""
    texts = []
    for block in blocks:
        texts.append(block.text)
        yield block
    for number in untold(numbers, texts):
        yield Block(number, Location("hidden"), hidden="hidden_text", note="网页源码标签中的号码")


def _rest(page: Page, text: str, limits: Limits, *, lossy: bool) -> Iterator[Block | Unread]:
    """Yield the pictures of a page, and what could not be read. Raises ReadError if there was nothing to read."""
    has_drawn = False
    for block in pictures(text, limits, alone=not page.shown):
        has_drawn = True
        yield block
    yield from page.unread
    if not page.shown and not has_drawn:
        code, detail = ("no_text_layer", "") if has_pictures(text) else ("empty", _BY_SCRIPT if page.said else "")
        if not page.said:
            raise ReadError(code, detail)
        yield Unread.of("", code, detail)
    if lossy:
        yield lost_characters(text)
