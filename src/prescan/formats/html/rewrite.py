"""Redacted copies of web pages: the tree without anything a reader does not see, values masked in its texts.

Scripts, comments, metas, hidden elements, embedded pages and attributes that are not known to be harmless go.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser

from prescan.errors import ReadError
from prescan.formats.edits import RewriteRequest, Rewritten, apply_edits, count_phrases, touching
from prescan.formats.html import parts, read
from prescan.formats.html.clean import clean
from prescan.formats.html.source import check_shape, declared_charset, without_early_noscript
from prescan.formats.html.tags import FORM
from prescan.formats.plain_rewrite import encoding
from prescan.formats.text import decode, has_visible
from prescan.types import Block, Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from prescan.formats.edits import Edit
    from prescan.types import Limits

_DOCTYPE: Final = re.compile(r"\s*<!doctype[^>]*>", re.IGNORECASE)
_TITLE: Final = "标题："
#: Blocks of these parts come in the order of the page.
_IN_ORDER: Final = frozenset({"body", "table", "form"})
_FAR: Final = 40
"""A short text is not searched further ahead than this: it may occur in many places."""
_LONG: Final = 8
_UNITS: Final = {"脚本和内嵌页": "个", "源码注释": "处", "页面信息": "项", "隐藏元素": "个"}
_SHADOW: Final = "网页含有影子 DOM（shadowrootmode），暂不能脱敏；请在浏览器中打开后打印为 PDF 再脱敏"
_NO_ENCODING: Final = "utf-8"


def rewrite(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return the page with the edits made and everything invisible removed. Raises ReadError."""
    request = RewriteRequest.from_wire(arguments)
    blocks = tuple(item for item in read(data, limits) if isinstance(item, Block))
    text, lossy = decode(data, declared_charset(data))
    if lossy:
        raise ReadError("corrupted", "有字符无法识别，改写会丢失内容；请另存为 UTF-8 后再脱敏")
    check_shape(text)
    tree = LexborHTMLParser(without_early_noscript(text))
    if tree.css_first("template[shadowrootmode]"):
        raise ReadError("unsupported", _SHADOW)
    pieces = list(_pieces(tree))
    _make_edits(pieces, blocks, request.edits)
    taken, shown = clean(tree)
    _retitle(tree, blocks, request.edits)
    doctype = found[0].strip() + "\n" if (found := _DOCTYPE.match(text)) and not parts.is_telling(found[0]) else ""
    made = doctype + _serialised(tree)
    listed = [f"图片 {shown} 张未作文字识别，请人工查看其中是否有不得公开的内容"] if shown else []
    return Rewritten(_encoded(made, data, text), count_phrases(taken, _UNITS), (), tuple(listed)).to_wire()


class _Piece:
    """A text in the tree: a text node, or the value or placeholder of a form field."""

    def __init__(self, node: LexborNode, key: str, text: str) -> None:
        self.node = node
        self.key = key
        self.text = text
        self.letters = [index for index, letter in enumerate(text) if not letter.isspace()]

    def change(self, new: dict[int, str]) -> None:
        """Replace characters by new texts."""
        text = "".join(new.get(index, letter) for index, letter in enumerate(self.text))
        if self.key:
            self.node.attrs[self.key] = text
        elif text:
            self.node.replace_with(text)
        else:
            self.node.decompose()


def _pieces(tree: LexborHTMLParser) -> Iterator[_Piece]:
    """Yield the texts of the body in order, including those of hidden elements."""
    root = tree.body or tree.root
    for node in root.traverse(include_text=True) if root is not None else ():
        tag = node.tag or ""
        if tag == "-text":
            above = node.parent.tag if node.parent is not None else ""
            if above not in {"script", "style", "title"}:
                yield _Piece(node, "", node.text_content or "")
        elif tag in FORM:
            for key in ("value", "placeholder"):
                if has_visible(value := node.attributes.get(key) or ""):
                    yield _Piece(node, key, value)


def _make_edits(pieces: list[_Piece], blocks: tuple[Block, ...], edits: tuple[Edit, ...]) -> None:
    """Apply the edits to the texts that the blocks were read from.

    Blocks and texts come in the same order, so each block is looked for behind the one before; white space differs.
    """
    said = "".join(piece.text[index] for piece in pieces for index in piece.letters)
    places = [(number, index) for number, piece in enumerate(pieces) for index in piece.letters]
    starts = Document.of("", "", None, blocks).starts
    changes: dict[int, dict[int, str]] = {}
    at = 0
    for block, start in zip(blocks, starts, strict=True):
        if block.location.part not in _IN_ORDER and block.hidden is None:
            continue
        letters = [index for index, letter in enumerate(block.text) if not letter.isspace()]
        wanted = "".join(block.text[index] for index in letters)
        place = _place(said, wanted, at)
        if place < 0:  # style rules may have added text
            place, letters = _beginning(said, wanted, at, letters)
        if place < 0:
            continue
        at = place + len(letters)
        touched = touching(edits, start, start + len(block.text))
        for offset, index in enumerate(letters):
            for edit in touched:
                if edit.start <= start + index < edit.end:
                    piece, position = places[place + offset]
                    new = apply_edits(block.text[index], start + index, [edit])
                    changes.setdefault(piece, {})[position] = new
    for number, characters in changes.items():
        pieces[number].change(characters)


def _place(said: str, wanted: str, at: int) -> int:
    """Return the position of a block's text, preferably right after the one before; -1 if it is ambiguous."""
    if not wanted:
        return -1
    place = said.find(wanted, at)
    if place >= 0 and (place - at <= _FAR or len(wanted) >= _LONG):
        return place
    return said.find(wanted) if len(wanted) >= _LONG or said.count(wanted) == 1 else -1


def _beginning(said: str, wanted: str, at: int, letters: list[int]) -> tuple[int, list[int]]:
    """Return the position of the beginning of a block, and the letters found there."""
    place = _place(said, wanted[:_LONG], at) if len(wanted) >= _LONG else -1
    if place < 0:
        return -1, []
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(wanted, said[place:], strict=False))
    return place, letters[: sum(1 for _ in same)]


def _retitle(tree: LexborHTMLParser, blocks: tuple[Block, ...], edits: tuple[Edit, ...]) -> None:
    """Apply the edits to the title of the page."""
    for block, start in zip(blocks, Document.of("", "", None, blocks).starts, strict=True):
        end = start + len(block.text)
        touched = touching(edits, start, end)
        if block.location.part != "metadata" or not block.text.startswith(_TITLE) or not touched:
            continue
        new = apply_edits(block.text, start, touched).removeprefix(_TITLE)
        for title in tree.css("title"):
            if _TITLE + (title.text() or "").strip() == block.text:
                for inner in list(title.iter(include_text=True)):
                    inner.decompose()
                title.insert_child(new)


def _serialised(tree: LexborHTMLParser) -> str:
    root = tree.root
    return (root.html or "") if root is not None else ""


def _encoded(made: str, data: bytes, text: str) -> bytes:
    """Encode the page as it was; characters the encoding lacks become character references."""
    try:
        bom, codec = encoding(data, text)
    except ReadError:
        bom, codec = b"", _NO_ENCODING
    return bom + made.encode(codec, "xmlcharrefreplace")
