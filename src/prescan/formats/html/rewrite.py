"""Redacted copies of web pages: the tree without anything a reader does not see, values masked in its texts.

Scripts, comments, metas, hidden elements, embedded pages and attributes that are not known to be harmless go.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser

from prescan.errors import ReadError
from prescan.formats.edits import RewriteRequest, Rewritten, apply_edits, count_phrases, touching
from prescan.formats.html import encoded, parts, read
from prescan.formats.html.style import Styles
from prescan.formats.html.table import BODY, FADED, HIDDEN, veils_of
from prescan.formats.plain_rewrite import encoding
from prescan.formats.text import decode, has_visible
from prescan.types import Block, Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from prescan.formats.edits import Edit
    from prescan.formats.html.table import Kind
    from prescan.types import Limits

_GONE: Final = (
    *"script noscript template iframe frame frameset noframes noembed object embed applet param datalist base".split(),
    *"audio video source track canvas portal link metadata desc".split(),
    "svg title",  # the name of a drawing is shown only on hovering
)
_KEPT_METAS: Final = frozenset({"viewport", "renderer"})
#: Attributes that shape the page; all others may speak.
_ATTRIBUTES: Final = frozenset(
    "class id style href src width height colspan rowspan align valign border cellpadding cellspacing bgcolor color "
    "face size type start span lang dir charset rel media target checked disabled readonly rows cols nowrap "
    "http-equiv name content xmlns viewbox d points x y x1 x2 y1 y2 cx cy r rx ry dx dy fill stroke stroke-width "
    "transform font-size text-anchor".split()
)
_PLAIN_LINK: Final = re.compile(r"(?:https?:)?(?://[^?#@]*|[^:?#@]*)(?:#[\w.-]*)?$", re.IGNORECASE)
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_CSS_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_CSS_WORDS: Final = re.compile(r"""content\s*:\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_DOCTYPE: Final = re.compile(r"\s*<!doctype[^>]*>", re.IGNORECASE)
_TITLE: Final = "标题："
_FIELDS: Final = frozenset({"input", "button", "textarea"})
_UNSEEN_FIELDS: Final = frozenset({"hidden", "password"})
#: Blocks that stand in the page's own order.
_IN_ORDER: Final = frozenset({"body", "table", "form"})
_FAR: Final = 40
"""A short text is not looked for further ahead than this: it stands in many places."""
_LONG: Final = 8
_UNITS: Final = {"脚本和内嵌页": "个", "源码注释": "处", "页面信息": "项", "隐藏元素": "个"}
_SHADOW: Final = "网页含有影子 DOM（shadowrootmode），暂不能脱敏；请在浏览器中打开后打印为 PDF 再脱敏"
_NO_ENCODING: Final = "utf-8"


def rewrite(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return the page with the edits made and all that is not seen removed. Raises ReadError."""
    request = RewriteRequest.from_wire(arguments)
    blocks = tuple(item for item in read(data, limits) if isinstance(item, Block))
    text, lossy = decode(data, parts.declared_charset(data))
    if lossy:
        raise ReadError("corrupted", "有字符无法识别，改写会丢失内容；请另存为 UTF-8 后再脱敏")
    parts.check_shape(text)
    tree = LexborHTMLParser(parts.without_early_noscript(text))
    if tree.css_first("template[shadowrootmode]"):
        raise ReadError("unsupported", _SHADOW)
    pieces = list(_pieces(tree))
    _make_edits(pieces, blocks, request.edits)
    taken, shown = _clean(tree)
    _retitle(tree, blocks, request.edits)
    doctype = found[0].strip() + "\n" if (found := _DOCTYPE.match(text)) and not parts.is_telling(found[0]) else ""
    made = doctype + _serialised(tree)
    listed = [f"图片 {shown} 张未作文字识别，请人工查看其中是否有不得公开的内容"] if shown else []
    return Rewritten(_encoded(made, data, text), count_phrases(taken, _UNITS), (), tuple(listed)).to_wire()


class _Piece:
    """A text of the tree: a text node, or the value or prompt of a field."""

    def __init__(self, node: LexborNode, key: str, text: str) -> None:
        self.node = node
        self.key = key
        self.text = text
        self.letters = [index for index, letter in enumerate(text) if not letter.isspace()]

    def change(self, new: dict[int, str]) -> None:
        """Put new texts in the place of characters."""
        text = "".join(new.get(index, letter) for index, letter in enumerate(self.text))
        if self.key:
            self.node.attrs[self.key] = text
        elif text:
            self.node.replace_with(text)
        else:
            self.node.decompose()


def _pieces(tree: LexborHTMLParser) -> Iterator[_Piece]:
    """Yield the texts of the body in order, those of hidden elements too."""
    root = tree.body or tree.root
    for node in root.traverse(include_text=True) if root is not None else ():
        tag = node.tag or ""
        if tag == "-text":
            above = node.parent.tag if node.parent is not None else ""
            if above not in {"script", "style", "title"}:
                yield _Piece(node, "", node.text_content or "")
        elif tag in _FIELDS:
            for key in ("value", "placeholder"):
                if has_visible(value := node.attributes.get(key) or ""):
                    yield _Piece(node, key, value)


def _make_edits(pieces: list[_Piece], blocks: tuple[Block, ...], edits: tuple[Edit, ...]) -> None:
    """Make the edits in the texts that the blocks were read from.

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
        if place < 0:  # style rules may add words that no node holds
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
    """Return where a block's text stands, best right behind the one before; -1 if that is not clear."""
    if not wanted:
        return -1
    place = said.find(wanted, at)
    if place >= 0 and (place - at <= _FAR or len(wanted) >= _LONG):
        return place
    return said.find(wanted) if len(wanted) >= _LONG or said.count(wanted) == 1 else -1


def _beginning(said: str, wanted: str, at: int, letters: list[int]) -> tuple[int, list[int]]:
    """Return where the beginning of a block stands, and its letters that stand there."""
    place = _place(said, wanted[:_LONG], at) if len(wanted) >= _LONG else -1
    if place < 0:
        return -1, []
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(wanted, said[place:], strict=False))
    return place, letters[: sum(1 for _ in same)]


def _clean(tree: LexborHTMLParser) -> tuple[Counter[str], int]:
    """Take out all that is not seen; return what went, and how many pictures are left."""
    taken: Counter[str] = Counter()
    styles = Styles()
    for style in tree.css("style"):
        styles.add(style.text(), style.attributes.get("media") or "")
    styles.settle(tree)
    taken["脚本和内嵌页"] = _drop(node for node in tree.css(",".join(_GONE)) if not _is_sheet(node))
    taken["页面信息"] = _drop(node for node in tree.css("meta") if not _is_technical(node.attributes))
    taken["隐藏元素"] = _drop(iter(_unseen(tree, styles)))
    root = tree.root
    start = root.parent if root is not None else None
    comments = [node for node in _everything(start) if node.is_comment_node]
    taken["源码注释"] = sum(bool(parts.comment_text(node.comment_content or "")) for node in comments)
    # Instructions have no name of their own, and the parser tells nothing of what is in them.
    for node in [*comments, *(node for node in _everything(start) if node.tag is None)]:
        node.decompose()
    shown = 0
    for node in _elements(tree):
        shown += node.tag in {"img", "image"}
        _strip(node)
    for style in tree.css("style"):
        bare = _CSS_WORDS.sub("content:''", _CSS_COMMENT.sub("", style.text()))
        for inner in list(style.iter(include_text=True)):
            inner.decompose()
        style.insert_child(bare)
    return taken, shown


def _drop(nodes: Iterator[LexborNode]) -> int:
    count = 0
    for node in list(nodes):
        node.decompose()
        count += 1
    return count


def _elements(tree: LexborHTMLParser) -> list[LexborNode]:
    return list(tree.css("*"))


def _everything(start: LexborNode | None) -> list[LexborNode]:
    """Return all nodes, comments outside of the root too."""
    found: list[LexborNode] = []
    waiting = [start.child] if start is not None else []
    while waiting:
        node = waiting.pop()
        while node is not None:
            found.append(node)
            if node.child is not None:
                waiting.append(node.child)
            node = node.next
    return found


def _unseen(tree: LexborHTMLParser, styles: Styles) -> list[LexborNode]:
    """Return the elements that are not seen, as the reader tells it, and the texts of those in which others are."""
    kinds: dict[int, Kind] = {}
    needed: set[int] = set()
    gone: list[LexborNode] = []
    veiled: list[LexborNode] = []
    for node in _elements(tree):
        tag, attributes, above = node.tag or "", node.attributes, node.parent
        outer = kinds.get(above.mem_id, BODY) if above is not None else BODY
        kind = styles.kind(node, tag, attributes, outer)
        kinds[node.mem_id] = kind
        field = (attributes.get("type") or "").lower() if tag == "input" else ""
        if kind in {HIDDEN, FADED} and not veils_of(kind):
            if veils_of(outer) or outer is BODY:
                gone.append(node)
        elif field in _UNSEEN_FIELDS:
            gone.append(node)
        elif veils_of(kind):
            veiled.append(node)
        while above is not None and kind is BODY and veils_of(kinds.get(above.mem_id, BODY)):
            needed.add(above.mem_id)
            above = above.parent
    texts = [inner for node in veiled if node.mem_id in needed for inner in node.iter(include_text=True)]
    return [
        *gone,
        *(node for node in veiled if node.mem_id not in needed),
        *(inner for inner in texts if inner.is_text_node),
    ]


def _is_sheet(node: LexborNode) -> bool:
    """Tell whether a link leads to a style sheet."""
    held = node.attributes
    return node.tag == "link" and "stylesheet" in (held.get("rel") or "").lower() and _is_plain(held.get("href") or "")


def _is_technical(attributes: parts.Attributes) -> bool:
    if "charset" in attributes or (attributes.get("http-equiv") or "").lower() in {"content-type", "x-ua-compatible"}:
        return True
    return (attributes.get("name") or "").lower() in _KEPT_METAS


def _strip(node: LexborNode) -> None:
    """Take the attributes off an element that may say something."""
    is_meta, is_field = node.tag == "meta", node.tag in _FIELDS
    for name, value in list(node.attributes.items()):
        keep = name in _ATTRIBUTES
        if name in {"name", "content"}:
            keep = is_meta
        elif name in {"value", "placeholder"}:
            keep = is_field
        elif name in {"href", "src"}:
            plain = _is_plain(value or "") and not encoded.named_after(value or "")
            keep = plain or bool(_PICTURE.match(value or ""))
        elif name in {"id", "class"}:
            keep = not parts.is_telling(value or "")
        elif name == "style":
            node.attrs[name] = _CSS_COMMENT.sub("", value or "")
            keep = "url(" not in (value or "").lower() and not parts.is_telling(value or "")
        if not keep:
            del node.attrs[name]


def _is_plain(address: str) -> bool:
    """Tell whether an address is only that of a page or a file, without a query, a mailbox or a long number."""
    return bool(_PLAIN_LINK.match(address.strip()))


def _retitle(tree: LexborHTMLParser, blocks: tuple[Block, ...], edits: tuple[Edit, ...]) -> None:
    """Make the edits in the page's title."""
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
    """Return the page in the encoding it came in; what that cannot write becomes a character reference."""
    try:
        bom, codec = encoding(data, text)
    except ReadError:
        bom, codec = b"", _NO_ENCODING
    return bom + made.encode(codec, "xmlcharrefreplace")
