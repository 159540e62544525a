"""Web pages: visible text in reading order, tables as tables, and every place where a page hides text.

The tree is selectolax's (lexbor), walked without recursion; the bytes are decoded here, never by the parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from prescan.errors import ReadError
from prescan.formats.html import parts
from prescan.formats.html.aside import HEAD, Aside
from prescan.formats.html.pictures import has_pictures, pictures
from prescan.formats.html.style import LOOKS, Styles
from prescan.formats.html.table import BODY, BR, FIELD, HIDDEN, WHITE_SPACE, Kind, Run, Table, is_tidy, tidy
from prescan.formats.html.tags import BLOCK, BREAKING, FRAGMENTS, GROUPS, NOT_SHOWN, OPENING, PRE, SIMPLE
from prescan.formats.quick import new_block, paragraph
from prescan.formats.text import decode, has_visible, lost_characters
from prescan.types import PARAGRAPH_BREAK, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from prescan.types import Limits

_FRAGMENT_DEPTH: Final = 3
_BY_SCRIPT: Final = "网页正文没有文字，可能由脚本生成；请在浏览器中打开后另存为 html 再扫"

#: The number of a table that is none: rows in a template have no grid.
_NO_GRID: Final = 0


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the page's blocks in the order of the contract. Raises ReadError."""
    if len(data) > limits.expanded_mb << 20:
        raise ReadError("archive_limit")
    text, lossy = decode(data, parts.declared_charset(data))
    page = _Page()
    yield from page.walk(text)
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


class _Page:
    """The state of one walk: the paragraph being gathered, open tables, and what comes after the body."""

    def __init__(self) -> None:
        self._out: list[Block] = []
        self._pieces: list[str] = []
        self._runs: list[Run] = []
        self._kind: Kind = BODY
        self._pre = 0
        self._paragraph = 0
        self._tables: list[Table] = []
        self._table_count = 0
        self._depth = 0
        self._styles = Styles()
        self._ruled = False
        self._adds = False
        self._shown: list[str] = []
        self._aside = Aside()
        self.unread: list[Unread] = []

    @property
    def shown(self) -> bool:
        """Whether the body says anything, hidden or not."""
        return bool(self._shown)

    @property
    def said(self) -> bool:
        """Whether anything is left to give after the body."""
        return bool(self._aside)

    def walk(self, text: str) -> Iterator[Block]:
        """Parse a page or fragment and yield its body, block by block."""
        tree = self._parsed(text)
        root = tree.root
        # A plain element, which only holds text, has no kind to go back to when it is left.
        opened: list[tuple[LexborNode, str, Kind | None]] = []
        node = root.parent.child if root is not None and root.parent is not None else None
        while node is not None:
            tag = node.tag or ""
            outer: Kind | None = None
            child: LexborNode | None = None
            if tag == "-text":
                self._take(node.text_content or "")
            elif tag in SIMPLE and self._is_plain(node, tag, node.attributes):
                child = self._begin(node) if tag in BREAKING else node.child
            else:
                outer = self._kind
                child = self._enter(node, tag)
                if child is None:
                    self._leave(node, tag, outer)
            if child is not None:
                opened.append((node, tag, outer))
                node = child
                continue
            while (following := node.next) is None and opened:
                node, tag, outer = opened.pop()
                self._leave(node, tag, outer)
            node = following
            if self._out:
                yield from self._out
                self._out.clear()
        self._flush()
        yield from self._out
        self._out.clear()

    def _is_plain(self, node: LexborNode, tag: str, attributes: parts.Attributes) -> bool:
        """Tell whether a simple element does nothing here but begin and end a paragraph."""
        if attributes:
            style = attributes.get("style")
            if style and not (self._kind is HIDDEN or (self._kind is BODY and self._styles.is_quiet(style))):
                return False
            if not parts.say_nothing(attributes):
                return False
        return not self._ruled or (
            (self._kind is BODY or self._kind is HIDDEN) and not self._styles.concern(node, tag, attributes, self._kind)
        )

    def _begin(self, node: LexborNode) -> LexborNode | None:
        """Begin a plain paragraph; return its first child, or None if all it holds was one text."""
        if self._pieces or self._runs:
            self._flush()
        child = node.child
        if child is None or child.tag != "-text" or child.next is not None:
            return child
        text = child.text_content or ""
        if self._kind is BODY and is_tidy(text) and not self._tables:
            self._say(text)
        else:
            self._take(text)
            self._flush()
        return None

    def _take(self, text: str) -> None:
        """Take in a text; white space between paragraphs is none."""
        if self._pieces or self._runs or self._pre or text.strip(WHITE_SPACE):
            self._pieces.append(text)

    def _parsed(self, text: str) -> LexborHTMLParser:
        """Return the tree of a page or fragment, and take in its styles. Raises ReadError if it would be too deep."""
        parts.check_shape(text)
        tree = LexborHTMLParser(parts.without_early_noscript(text))
        for style in tree.tags("style"):
            self._styles.add(style.text(), style.attributes.get("media") or "")
        if any(link.attributes.get("rel") == "stylesheet" for link in tree.tags("link")):
            self._styles.grounds_known = False
        self._styles.settle(tree)
        self._ruled, self._adds = bool(self._styles), self._styles.adds
        return tree

    def aside(self) -> Iterator[Block]:
        """Yield what follows the body: pictures' words, comments, hidden words, metadata."""
        yield from self._aside.blocks(self._shown)

    def _enter(self, node: LexborNode, tag: str) -> LexborNode | None:
        """Take in a node as it opens; return its first child if its children are to be taken in."""
        attributes = node.attributes
        if tag[0] in "-!" or tag in HEAD or tag == "br":
            self._beside(node, tag, attributes)
            return None
        if tag in BLOCK:
            self._flush()
        if self._ruled or tag in NOT_SHOWN or (attributes and not LOOKS.isdisjoint(attributes)):
            kind = self._styles.kind(node, tag, attributes, self._kind)
            if kind is not self._kind:
                self._switch(kind)
        for text in self._aside.take(tag, attributes) if attributes else ():
            self._say_of_field(text)
        if tag in FRAGMENTS:
            self._fragment(node, attributes)
            return None
        if self._tables or tag in OPENING:
            self._open(tag, attributes)
        if self._adds and (words := self._styles.words(node, tag, attributes, after=False)):
            self._pieces.append(words)
        return node.child if tag != "template" else _in_template(node)

    def _beside(self, node: LexborNode, tag: str, attributes: parts.Attributes) -> None:
        """Take in a comment, an element that has no place in the text, or a break."""
        if tag in HEAD:
            HEAD[tag](self._aside, node, attributes)
        elif tag == "br":
            self._pieces.append("\n" if self._pre else BR)
        else:
            self._aside.comment(node)

    def _leave(self, node: LexborNode, tag: str, outer: Kind | None) -> None:
        """Take in the end of an element; `outer` is the kind of what follows it, None if it was a plain one."""
        if outer is None:
            if tag in BREAKING and (self._pieces or self._runs):
                self._flush()
            return
        if self._adds and (words := self._styles.words(node, tag, node.attributes, after=True)):
            self._pieces.append(words)
        if tag in BLOCK:
            self._flush()
            self._pre -= tag in PRE
            if self._tables:
                self._close_in_table(tag)
        if self._kind is not outer:
            self._switch(outer)

    def _open(self, tag: str, attributes: parts.Attributes) -> None:
        """Take in the start of preformatted text, a table, a row or a cell."""
        self._pre += tag in PRE
        if tag == "table":
            self._table_count += 1
            self._tables.append(Table(self._table_count))
        elif tag == "template":
            self._tables.append(Table(_NO_GRID))
        elif self._tables and (table := self._tables[-1]).number != _NO_GRID:
            if tag == "tr":
                table.row += 1
            elif tag in {"td", "th"} and table.row:
                table.open_cell(attributes)

    def _close_in_table(self, tag: str) -> None:
        table = self._tables[-1]
        if tag in {"td", "th"} and table.place:
            table.close_cell()
        elif tag == "tr":
            self._give(table.close_row(), self._tables[:-1])
        elif tag in GROUPS:
            table.spans.clear()
        elif tag in {"table", "template"}:
            self._tables.pop()

    def _give(self, blocks: list[Block], outer: list[Table]) -> None:
        """Put out blocks, or let them wait for the end of the row that holds their table."""
        holder = next((table for table in reversed(outer) if table.place), None) if outer else None
        (holder.waiting if holder else self._out).extend(blocks)
        for block in blocks:
            if block.text:
                self._shown.append(block.text)

    def _switch(self, kind: Kind) -> None:
        """End the run of text and go on with another kind in the same paragraph."""
        if self._pieces and kind is not self._kind:
            self._runs.append(("".join(self._pieces), self._kind))
            self._pieces = []
        self._kind = kind

    def _flush(self) -> None:
        """End the paragraph."""
        if not self._pieces and not self._runs:
            return
        if self._pieces:
            text = self._pieces[0] if len(self._pieces) == 1 else "".join(self._pieces)
            self._pieces = []
            if not (self._runs or self._tables) and self._kind is BODY and is_tidy(text):
                self._say(text)
                return
            self._runs.append((text, self._kind))
        runs = self._runs
        if len(runs) > 1 or self._pre or not is_tidy(runs[0][0]):
            runs = tidy(runs, pre=self._pre > 0)
        self._runs = []
        if not runs:
            return
        if self._tables and self._tables[-1].place:
            self._tables[-1].paragraphs.append(runs)
            return
        self._paragraph += 1
        blocks = [
            Block(text, Location(part, None, self._paragraph), "", hidden, note)
            for text, (part, hidden, note) in runs[:-1]
        ]
        text, (part, hidden, note) = runs[-1]
        blocks.append(Block(text, Location(part, None, self._paragraph), PARAGRAPH_BREAK, hidden, note))
        self._give(blocks, self._tables)

    def _say(self, text: str) -> None:
        """Put out a paragraph of plain text, as most are."""
        self._paragraph += 1
        self._out.append(new_block(text, paragraph(self._paragraph)))
        self._shown.append(text)

    def _say_of_field(self, text: str) -> None:
        """Put what a form field shows into its paragraph."""
        if has_visible(text):
            outer = self._kind
            self._switch(FIELD if outer is BODY else outer)
            self._pieces.append(text)
            self._switch(outer)

    def _fragment(self, node: LexborNode, attributes: parts.Attributes) -> None:
        """Read a page inside the page: srcdoc is visible, the text that replaces a frame is hidden."""
        for text, kind in ((attributes.get("srcdoc") or "", self._kind), (node.text() or "", HIDDEN)):
            if not has_visible(text):
                continue
            if self._depth == _FRAGMENT_DEPTH:
                self.unread.append(Unread.of("", "archive_limit", "网页内嵌网页层数过多，最内层没有读；请人工阅看"))
                return
            self._flush()
            outer, self._kind = self._kind, kind
            found = self._styles.found
            self._depth += 1
            self._out = list(self.walk(text))
            self._depth -= 1
            self._kind, self._styles.found = outer, found
            self._ruled, self._adds = bool(self._styles), self._styles.adds


def _in_template(node: LexborNode) -> LexborNode | None:
    """Return the first node in a template, which holds a tree of its own."""
    return next((fragment.child for fragment in node.template_fragments()), None)
