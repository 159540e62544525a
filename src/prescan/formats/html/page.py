"""Walks over the tree of a page: text in reading order, tables as tables; what follows the body is collected aside.

Most elements do nothing, so the walk examines as little as possible of each: a table says which elements have handlers,
attributes are first examined by their names, and styles are compared with those seen before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from prescan.formats.html import encoded, parts, source
from prescan.formats.html.aside import HEAD, Aside
from prescan.formats.html.encoded import named_after
from prescan.formats.html.paragraphs import NO_GRID, Paragraphs
from prescan.formats.html.rows import plain_cells
from prescan.formats.html.style import Styles
from prescan.formats.html.table import BODY, BR, HIDDEN, Kind, is_tidy
from prescan.formats.html.tags import BLOCK, CELLS, FORM, FRAGMENTS, GROUPS, PRE
from prescan.formats.text import has_visible
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

    from prescan.formats.html.shapes import Shape

    _Opening = Callable[["Page", LexborNode, parts.Attributes], LexborNode | None]
    _Closing = Callable[["Page"], None]
    _Saying = Callable[["Page", str], None]
    _Way = tuple[bool, _Opening | None, _Closing | None, _Saying | None]
    #: An element whose end is still to come, whether it is a block, its handler, and the kind of text around it.
    _Opened = tuple[LexborNode, bool, _Closing | None, Kind]

_TEXT: Final = "-text"
#: So many blocks are yielded together.
_AT_ONCE: Final = 64
_FRAGMENT_DEPTH: Final = 3
_TOO_DEEP: Final = "网页内嵌网页层数过多，最内层没有读；请人工阅看"


class Page(Paragraphs):
    """The state of one walk."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._depth = 0
        self._styles = Styles()
        self._aside = Aside()
        self.unread: list[Unread] = []

    @property
    def said(self) -> bool:
        """Whether anything follows the body."""
        return bool(self._aside)

    def walk(  # noqa: C901, PLR0912, PLR0915  what most elements need is done here: a call takes as long as a node
        self, text: str, data: bytes | None = None
    ) -> Iterator[Block]:
        """Parse a page or fragment and yield the blocks of its body. `data` is `text` as UTF-8, if available.

        Raises ReadError if it is nested too deep.
        """
        tree = self._parsed(text, data)
        root = tree.root
        node = root.parent.child if root is not None and root.parent is not None else None
        styles, pieces, runs, out = self._styles, self._pieces, self._runs, self._out
        opened: list[_Opened] = []
        while node is not None:
            tag = node.tag or ""
            if tag == _TEXT:
                if pieces or not node.is_empty_text_node or runs or self._pre:  # ignore space between paragraphs
                    pieces.append(node.text_content or "")
                following = node.next
            elif (way := _WAYS.get(tag, _INLINE)) is None:
                self._beside(node, tag)
                following = node.next
            else:
                outer = self._kind
                block, opening, closing, say = way
                if block and (pieces or runs):
                    self._flush()
                attributes = node.attributes
                if attributes:
                    shape = styles.shapes.get((tag, tuple(attributes)))
                    if shape is None or outer is not BODY or not (shape.calm or shape.looks(attributes) in shape.quiet):
                        shape = self._look(node, tag, attributes)
                    if shape.telling and not (shape.mute and shape.tells(attributes) in shape.mute):
                        self._tell(tag, attributes, shape)
                elif outer is not BODY or tag not in styles.silent:
                    self._change(node, tag, attributes)
                following = opening(self, node, attributes) if opening else node.child
                if following is not None and following.is_text_node:  # most elements hold one text
                    inner, following = following, following.next
                    if pieces or not inner.is_empty_text_node or runs or self._pre:
                        said = inner.text_content or ""
                        if say is None or following is not None or pieces or runs or styles.adds:
                            pieces.append(said)
                        else:
                            self._take_alone(said, say)
                if following is not None:
                    opened.append((node, block, closing, outer))
                    node = following
                    continue
                if closing or styles.adds or self._kind is not outer:
                    self._leave(node, outer, closing, block=block)
                elif block and (pieces or runs):
                    self._flush()
                following = node.next
            if following is None:
                following = self._leave_ended(opened)
                if len(out) + len(self._texts) >= _AT_ONCE:
                    self._put_texts()
                    yield from out
                    out.clear()
            node = following
        self._flush()
        self._put_texts()
        yield from out
        out.clear()

    def _tell(self, tag: str, attributes: parts.Attributes, shape: Shape) -> None:
        """Collect what the attributes of an element say."""
        if shape.leads:  # the target may be a file named after a person
            address = attributes["href"]
            if not (address and (":" in address or "=" in address or named_after(address))):
                return
        self._aside.take(tag, attributes, shape)

    def _take_alone(self, said: str, say: _Saying) -> None:
        """Add the only text of a block, which `say` handles unless it has white space to tidy."""
        if self._kind is BODY and not (self._tables or self._pre):
            self._texts.append(said)
        elif is_tidy(said):
            say(self, said)
        else:
            self._pieces.append(said)

    def _leave_ended(self, opened: list[_Opened]) -> LexborNode | None:
        """Leave the elements that end here; return the node that follows the last of them."""
        pieces, runs, styles = self._pieces, self._runs, self._styles
        while opened:
            node, block, closing, outer = opened.pop()
            if closing or styles.adds or self._kind is not outer:
                self._leave(node, outer, closing, block=block)
            elif block and (pieces or runs):
                self._flush()
            if (following := node.next) is not None:
                return following
        return None

    def _leave(self, node: LexborNode, outer: Kind, closing: _Closing | None, *, block: bool) -> None:
        """Handle the end of an element; `outer` is the kind of the text after it."""
        styles = self._styles
        if styles.adds and (words := styles.words(node, node.tag or "", node.attributes, after=True)):
            self._pieces.append(words)
        if block and (self._pieces or self._runs):
            self._flush()
        if closing:
            closing(self)
        if self._kind is not outer:
            self._switch(outer)

    def _parsed(self, text: str, data: bytes | None) -> LexborHTMLParser:
        """Return the tree of a page or fragment, and collect its styles. Raises ReadError if it is nested too deep."""
        source.check_shape(text)
        shown = source.without_early_noscript(text)
        tree = LexborHTMLParser(data if data is not None and shown is text else shown)
        for style in tree.tags("style"):
            self._styles.add(style.text(), style.attributes.get("media") or "")
        if any(link.attributes.get("rel") == "stylesheet" for link in tree.tags("link")):
            self._styles.grounds_known = False
        self._styles.settle(tree)
        return tree

    def aside(self) -> Iterator[Block]:
        """Yield what follows the body: descriptions of pictures, comments, hidden text, metadata."""
        yield from self._aside.blocks(self._shown)
        for text in self._aside.pages:
            if self._depth == _FRAGMENT_DEPTH:
                self.unread.append(Unread.of("", "archive_limit", _TOO_DEEP))
                return
            inner = Page()
            inner._depth = self._depth + 1
            for block in (*inner.walk(text), *inner.aside()):
                yield replace(block, location=Location("hidden"), hidden="hidden_text", note="链接地址里的网页")
            self.unread += inner.unread

    def _beside(self, node: LexborNode, tag: str) -> None:
        """Handle a comment, a line break, or an element that has no place in the text."""
        if tag == "br":
            self._pieces.append("\n" if self._pre else BR)
        elif tag == "meta":
            self._aside.meta(node.attributes)
        elif tag == "title":
            self._aside.title(node.text() or "", node.parent.tag or "" if node.parent is not None else "")
        elif tag == "script":
            self._aside.script(node.text() or "", node.attributes)
        elif tag == "style":
            self._aside.style(node.text() or "")
        elif node.is_comment_node:
            self._aside.comment(node.comment_content or "")

    def _look(self, node: LexborNode, tag: str, attributes: parts.Attributes) -> Shape:
        """Apply the styles of an element; return its shape."""
        shape = self._styles.shape_of(tag, attributes)
        if self._kind is not BODY or not (shape.calm or shape.looks(attributes) in shape.quiet):
            self._change(node, tag, attributes)
        return shape

    def _change(self, node: LexborNode, tag: str, attributes: parts.Attributes) -> None:
        """Switch to the kind of text in an element; add the text of a form field and what styles add before it."""
        styles = self._styles
        kind = styles.kind(node, tag, attributes, self._kind)
        if kind is not self._kind:
            self._switch(kind)
        if tag in FORM:
            for text in self._aside.field(attributes):
                self._say_of_field(text)
        if styles.adds and tag not in FRAGMENTS and (words := styles.words(node, tag, attributes, after=False)):
            self._pieces.append(words)

    def open_row(self, node: LexborNode, _attributes: parts.Attributes) -> LexborNode | None:
        """Begin a row; return its first child, or None if all its cells are simple and were read at once."""
        if not self._tables or self._tables[-1].number == NO_GRID:
            return node.child
        table = self._tables[-1]
        table.row += 1
        if self._kind is BODY and not table.spans and not self._styles.adds:
            texts = plain_cells(node, self._styles, self._aside)
            if texts is not None:
                table.fill_row(texts)
                return None
        return node.child

    def fragment(self, node: LexborNode, attributes: parts.Attributes) -> None:
        """Read an embedded page: that in srcdoc or src is visible, the content of the element itself is hidden."""
        framed = attributes.get("srcdoc") or encoded.page(attributes.get("src") or "")
        for text, kind in ((framed, self._kind), (node.text() or "", HIDDEN)):
            if not has_visible(text):
                continue
            if self._depth == _FRAGMENT_DEPTH:
                self.unread.append(Unread.of("", "archive_limit", _TOO_DEEP))
                return
            self._flush()
            self._put_texts()
            outer, self._kind = self._kind, kind
            found, before = self._styles.found, self._out[:]
            self._out.clear()
            self._depth += 1
            inside = list(self.walk(text))
            self._depth -= 1
            self._out[:] = [*before, *inside]
            self._kind = outer
            self._styles.go_back(found)


#: Handlers for the start of elements, called after the paragraph before has ended. They return the first child.
_OPENING: Final[dict[str, _Opening]] = {
    "table": Page.open_table,
    "template": Page.open_template,
    "tr": Page.open_row,
    **dict.fromkeys(CELLS, Page.open_cell),
    **dict.fromkeys(PRE, Page.open_pre),
    **dict.fromkeys(FRAGMENTS, Page.fragment),
}
#: Handlers for the end of elements. All of these are blocks, so the paragraph has ended.
_CLOSING: Final[dict[str, _Closing]] = {
    **dict.fromkeys(("table", "template"), Page.close_table),
    "tr": Page.close_row,
    **dict.fromkeys(CELLS, Page.close_cell),
    **dict.fromkeys(PRE, Page.close_pre),
    **dict.fromkeys(GROUPS, Page.close_group),
}
#: Handlers for elements that contain a single text, which is a paragraph.
_SAYING: Final[dict[str, _Saying]] = {**dict.fromkeys(BLOCK, Page.say), **dict.fromkeys(CELLS, Page.say_of_cell)}
#: Whether an element is a block, and its handlers; None: it has no place in the text.
_WAYS: Final[dict[str, _Way | None]] = {
    **{
        name: (name in BLOCK, _OPENING.get(name), _CLOSING.get(name), _SAYING.get(name))
        for name in {*BLOCK, *_OPENING, *_CLOSING}
    },
    **dict.fromkeys((*HEAD, "br", "-comment", "-doctype", "!doctype")),
}
_INLINE: Final[_Way] = (False, None, None, None)
