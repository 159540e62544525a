"""Removes everything invisible from the tree of a web page, and every attribute that may contain words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from prescan.formats.html import encoded, parts
from prescan.formats.html.aside import UNSEEN
from prescan.formats.html.style import Styles
from prescan.formats.html.table import BODY, FADED, HIDDEN, veils_of
from prescan.formats.html.tags import FORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from prescan.formats.html.table import Kind

_GONE: Final = (
    *"script noscript template iframe frame frameset noframes noembed object embed applet param datalist base".split(),
    *"audio video source track canvas portal link metadata desc".split(),
    "svg title",  # the name of a drawing is shown only on hovering
)
_KEPT_METAS: Final = frozenset({"viewport", "renderer"})
#: Attributes that only affect layout; all others may contain words.
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


def clean(tree: LexborHTMLParser) -> tuple[Counter[str], int]:
    """Remove everything invisible; return counts of what was removed, and how many pictures are left."""
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
    comments = [node for node in everything(start) if node.is_comment_node]
    taken["源码注释"] = sum(bool(parts.comment_text(node.comment_content or "")) for node in comments)
    # Processing instructions have no tag, and the parser does not give access to their content.
    for node in [*comments, *(node for node in everything(start) if node.tag is None)]:
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


def everything(start: LexborNode | None) -> list[LexborNode]:
    """Return all nodes, including comments outside the root."""
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
    """Return the invisible elements, as the reader sees it, and the texts of those that contain visible ones."""
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
        elif field in UNSEEN:
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
    """Return whether an element links to a style sheet."""
    held = node.attributes
    return node.tag == "link" and "stylesheet" in (held.get("rel") or "").lower() and _is_plain(held.get("href") or "")


def _is_technical(attributes: parts.Attributes) -> bool:
    if "charset" in attributes or (attributes.get("http-equiv") or "").lower() in {"content-type", "x-ua-compatible"}:
        return True
    return (attributes.get("name") or "").lower() in _KEPT_METAS


def _strip(node: LexborNode) -> None:
    """Remove the attributes of an element that may contain words."""
    is_meta, is_field = node.tag == "meta", node.tag in FORM
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
    """Return whether an address only names a page or a file, without a query, a mailbox or a long number."""
    return bool(_PLAIN_LINK.match(address.strip()))
