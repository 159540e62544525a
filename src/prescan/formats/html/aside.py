"""Everything in a page besides its body text, collected until the body is finished: comments, hidden text, metadata."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.html import encoded, parts
from prescan.formats.html.tags import FORM, FRAMES
from prescan.formats.text import has_visible
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from prescan.formats.html.shapes import Shape

#: Attributes of form fields that are shown as text.
_SHOWN_OF_FIELD: Final = frozenset({"value", "placeholder"})
_PAGE: Final = frozenset({"html", "head", "body"})
#: Types of form fields whose value nobody sees.
UNSEEN: Final = frozenset({"hidden", "password"})
#: A long state is split into several numbered fields.
_STATE: Final = re.compile(r"__VIEWSTATE([0-9]{0,6})")
#: Attributes whose address may contain a whole page. (In a frame that page is visible.)
_LEADING: Final = frozenset({"href", "src", "data", "action", "formaction"})
_IN_ATTRIBUTES: Final = "元素属性中的文字"
_IN_STATE: Final = "网页状态数据中的文字"
_VALUELESS: Final = frozenset({"checkbox", "radio"})
#: Attribute values without words are remembered up to this length: those for layout, the same on every page.
_SHORT: Final = 64
#: Above this product of lengths, attributes are compared with whole paragraphs only.
_MOST_COMPARED: Final = 100_000_000


class Aside:
    """Collects what follows the body, in the order of the contract."""

    def __init__(self) -> None:
        """Start empty."""
        self._blocks: dict[str, list[Block]] = {
            part: [] for part in ("image", "comment", "script", "style", "hidden", "metadata")
        }
        self._attribute_texts: dict[str, None] = {}
        self._states: dict[int, str] = {}
        self.pages: dict[str, None] = {}
        """Pages contained in the addresses of links."""

    def __bool__(self) -> bool:
        """Whether anything was collected."""
        return any(self._blocks.values()) or bool(self._attribute_texts or self._states or self.pages)

    def blocks(self, texts: Sequence[str]) -> Iterator[Block]:
        """Yield everything collected; `texts` are the texts of the body."""
        shown = dict.fromkeys(texts) if self._attribute_texts or self._states else {}
        if self._attribute_texts:
            self._blocks["hidden"] += [_hidden(text, _IN_ATTRIBUTES) for text in _unseen(self._attribute_texts, shown)]
        kept = list(_unseen(dict.fromkeys(parts.kept_texts(self._kept())), shown)) if self._states else []
        if any(map(parts.is_left_behind, kept)):  # else these are labels of buttons and lists
            self._blocks["hidden"] += [_hidden(text, _IN_STATE) for text in kept]
        for blocks in self._blocks.values():
            yield from blocks

    def _kept(self) -> list[str]:
        """Return the strings in the ASP.NET state of the page; an undecodable state is kept as a form value."""
        whole = "".join(value for _, value in sorted(self._states.items()))
        strings = encoded.state(whole)
        if strings is None:
            for value in self._states.values():
                self._add_value(value)
        return strings or []

    def _add_value(self, value: str) -> None:
        if has_visible(value):
            block = Block(value, Location("form"), PARAGRAPH_BREAK, "hidden_text", "网页中隐藏的表单值")
            self._blocks["hidden"].append(block)

    def take(self, tag: str, attributes: parts.Attributes, shape: Shape) -> None:
        """Collect the words in the attributes of an element; if there are none, remember that in its shape."""
        said = 0
        for name in shape.telling:
            value = attributes[name]
            if not value:
                continue
            if name in _LEADING and ":" in value and tag not in FRAMES and (page := encoded.page(value)):
                self.pages[page] = None
                said += 1
                continue
            if name == "alt":
                said += self._add("image", value)
                continue
            texts: Iterable[str]
            if name == "href" and ":" not in value and "=" not in value:  # an ordinary link
                texts = encoded.named_after(value)
            elif name == "name":
                texts = (value,) if parts.is_telling(value) else ()
            else:
                texts = parts.attribute_texts(name, value)
            for text in texts:
                self._attribute_texts[text.strip()] = None
                said += 1
        if not said and sum(len(attributes[name] or "") for name in shape.telling) <= _SHORT:
            shape.mute.add(shape.tells(attributes))

    def field(self, attributes: parts.Attributes) -> list[str]:
        """Return the visible value and placeholder of a form field; collect a hidden value."""
        kind = (attributes.get("type") or "").lower()
        value = attributes.get("value") or ""
        if kind == "hidden" and (part := _STATE.fullmatch(attributes.get("name") or "")):
            self._states[int(part[1] or 0)] = value
            return []
        if kind in UNSEEN:
            self._add_value(value)
        if kind in _VALUELESS:
            from prescan.formats.concealment import is_substantial  # noqa: PLC0415  imports lxml

            if is_substantial(value):
                self._attribute_texts[value.strip()] = None
        if kind == "hidden":
            return []
        return [value if kind not in _VALUELESS | UNSEEN else "", attributes.get("placeholder") or ""]

    def comment(self, content: str) -> None:
        """Collect a comment, unless it is empty."""
        self._add("comment", parts.comment_text(content), "markup_comment", "网页源码中的注释")

    def script(self, code: str, attributes: parts.Attributes) -> None:
        """Collect the words in a script."""
        self._remarks("script", code, "网页脚本中的注释")
        if "data:" in code:
            self.pages |= dict.fromkeys(filter(None, map(encoded.page, parts.literals(code))))
        texts = parts.script_texts(code, attributes)
        for text in texts:
            sep = PARAGRAPH_BREAK if text is texts[-1] else CELL_BREAK
            self._blocks["hidden"].append(_hidden(text, "网页脚本中的文字", sep))

    def title(self, text: str, above: str) -> None:
        """Collect a title; `above` is the name of its parent element."""
        text = text.strip()
        if text and above and above not in _PAGE:
            self._attribute_texts[text] = None  # of a drawing: shown on hovering, as a title attribute is
        elif text:
            self._add("metadata", f"标题：{text}")

    def meta(self, attributes: parts.Attributes) -> None:
        """Collect the text of a meta element."""
        self._add("metadata", parts.meta_text(attributes))

    def style(self, code: str) -> None:
        """Collect the comments in a style sheet; its rules are handled by style.py."""
        self._remarks("style", code, "网页样式表中的注释")

    def _remarks(self, where: str, code: str, note: str) -> None:
        """Collect comments in code; only those that look like more than notes of developers count as hidden text."""
        for text in parts.remarks(code):
            hidden = "markup_comment" if parts.is_left_behind(text) else None
            self._blocks[where].append(Block(text, Location("comment"), PARAGRAPH_BREAK, hidden, note))

    def _add(self, part: str, text: str, hidden: str | None = None, note: str = "") -> bool:
        shows = has_visible(text)
        if shows:
            self._blocks[part].append(Block(text, Location(part), PARAGRAPH_BREAK, hidden, note))
        return shows


#: Elements with information about the page that have no place in its text.
HEAD: Final = frozenset({"script", "title", "meta", "style"})


def telling_of(tag: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return those attributes of an element with this name that may contain words not shown as text.

    >>> telling_of("input", ["class", "value", "title"]), telling_of("iframe", ["src", "name"])
    (('title',), ('name', 'src'))
    """
    telling = [name for name in names if parts.may_tell(name) and not (tag in FORM and name in _SHOWN_OF_FIELD)]
    return ("name", *telling) if tag in FRAMES and "name" in names else tuple(telling)


def _hidden(text: str, note: str, sep: str = PARAGRAPH_BREAK) -> Block:
    return Block(text, Location("hidden"), sep, "hidden_text", note)


def _unseen(texts: Collection[str], shown: Collection[str]) -> Iterator[str]:
    """Yield the texts that are not visible anyway: many links repeat their text as a title."""
    whole = "\n".join(shown)
    if len(whole) * len(texts) > _MOST_COMPARED:
        whole = ""
    for text in texts:
        if text not in shown and text not in whole:
            yield text
