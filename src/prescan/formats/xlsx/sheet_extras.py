"""What a sheet holds besides its cells: headers, drawings, comments, choices, scenarios, links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan.errors import ReadError
from prescan.formats.concealment import Concealment, attributed, child, concealed_block, distinct_blocks, is_substantial
from prescan.formats.drawingml import HIDDEN_SHAPE, chart_texts, descriptions, paragraphs, shapes, unescape
from prescan.formats.drawn_colour import DEFAULT_THEME, background_of
from prescan.formats.package import LOCAL_NAME, attribute, descendants
from prescan.formats.xlsx.book import rich_text
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prescan.formats.office_parts import Parts
    from prescan.formats.xlsx.book import Book

#: The parts that the contract puts after the cells, in its order.
LATER: Final = ("header", "footer", "textbox", "comment", "deleted", "hidden", "form", "image")
_HEADERS: Final = {
    **dict.fromkeys(("oddHeader", "evenHeader", "firstHeader"), "header"),
    **dict.fromkeys(("oddFooter", "evenFooter", "firstFooter"), "footer"),
}
#: A code inside a header: a font, a colour, a size, or one letter (section, page number, date, bold …).
_HEADER_CODE: Final = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|[0-9]{2}[+-][0-9]{3})|[0-9]{1,3}|.)', re.DOTALL)
_SECTION: Final = "\x1f"
_CHOICE_LIST: Final = Concealment("hidden", "hidden_text", "下拉列表的选项")
_SCENARIO: Final = Concealment("hidden", "hidden_text", "方案中的数据")
_CONDITION: Final = Concealment("hidden", "hidden_text", "条件格式中的文字")
_TOOLTIP: Final = Concealment("hidden", "hidden_text", "提示文字")
_FORM: Final = Concealment("form", None)
#: Choices that every form offers: yielded as part of the form, not as hidden text.
_COMMON_CHOICES: Final = frozenset("男 女 是 否 有 无 未 已 √ × 对 错 Y N Yes No 甲 乙 A B C D".split())
_TEXT_LITERAL: Final = re.compile(r'"((?:[^"]|"")*)"')
_UNCLOSED_BREAK: Final = re.compile(rb"<br\s*/?>", re.IGNORECASE)
#: Author prefix of the placeholder that Excel leaves in old comments for a thread.
_THREAD_AUTHOR: Final = "tc="


def sheet_extras(parts: Parts, part: str, root: etree._Element | None, name: str, book: Book) -> Iterator[Block]:
    """Yield what the sheet in `part` holds besides its cells; `name`: as shown in places."""
    if root is not None:
        yield from _headers(root)
        yield from _attribute_texts(root, name)
        yield from _hidden_by_condition(root, name, book)
    for drawing in parts.related(part, "drawing"):
        yield from _drawing(parts, drawing)
    for drawing in parts.related(part, "vmlDrawing", "legacyDrawing"):
        yield from _old_drawing(parts, drawing)
    for control in parts.related(part, "ctrlProp"):
        tree = parts.tree(control)
        for item in () if tree is None else descendants(tree, "item"):
            yield Block(attribute(item, "val"), Location("form"))
    yield from _comments(parts, part, name)
    yield from parts.links(part)


def _headers(root: etree._Element) -> Iterator[Block]:
    """Yield left, centre and right of headers and footers; page numbers and dates are not text."""
    for element in descendants(root, *_HEADERS):
        for section in sections(element.text or ""):
            yield Block(section, Location(_HEADERS[LOCAL_NAME[element.tag]]))


def sections(text: str) -> Iterator[str]:
    """Yield the left, middle and right sections of a header that hold text, without codes."""
    for section in _HEADER_CODE.sub(_plain_code, text).split(_SECTION):
        if section.strip():
            yield section


def _plain_code(code: re.Match[str]) -> str:
    letter = code[0][1:].upper()
    return "&" if letter == "&" else _SECTION if letter in {"L", "C", "R"} else ""


def _attribute_texts(root: etree._Element, name: str) -> Iterator[Block]:
    """Yield texts in attributes and formulas of the sheet."""
    for element in descendants(root, "dataValidation", "scenario", "inputCells", "cfRule", "hyperlink"):
        kind = LOCAL_NAME[element.tag]
        first = re.split(r"[ :]", attribute(element, "sqref") or attribute(element, "ref") or attribute(element, "r"))[
            0
        ]
        cell = f"{name}!{first}" if first else None
        for text, concealment in _TEXTS[kind](element):
            if text.strip():
                yield concealed_block(text, concealment, cell=cell)


def _hidden_by_condition(root: etree._Element, name: str, book: Book) -> Iterator[Block]:
    """Yield an empty block for each range in which a conditional format may hide the text."""
    for rule in descendants(root, "cfRule") if book.conditional_concealments else ():
        concealment, holder = book.conditional_concealments.get(attribute(rule, "dxfId")), rule.getparent()
        place = "" if holder is None else attribute(holder, "sqref")
        if concealment and place:
            note = f"条件格式可使 {place.replace(' ', '、')} 的内容不显示（{concealment.note}）"
            yield concealed_block("", concealment._replace(note=note), cell=f"{name}!{re.split('[ :]', place)[0]}")


def _choices(validation: etree._Element) -> Iterator[tuple[str, Concealment]]:
    """Yield the choices in a validation rule, and its messages when a cell is selected or filled in wrongly."""
    for text in dict.fromkeys(attribute(validation, key) for key in ("promptTitle", "prompt", "errorTitle", "error")):
        yield unescape(text), _FORM
    for formula in descendants(validation, "formula1", "formula2"):
        text = "".join(map(str, formula.itertext()))
        for literal in _TEXT_LITERAL.findall(text):
            usual = all(choice.strip() in _COMMON_CHOICES for choice in literal.split(","))
            yield literal, _FORM if usual else _CHOICE_LIST


def _scenario(element: etree._Element) -> Iterator[tuple[str, Concealment]]:
    yield from ((attribute(element, key), _SCENARIO) for key in ("comment", "val"))


def _condition(rule: etree._Element) -> Iterator[tuple[str, Concealment]]:
    texts = [attribute(rule, "text"), *map(str, rule.itertext())]
    yield from ((text, _CONDITION) for text in dict.fromkeys(texts) if is_substantial(text))


def _tooltip(link: etree._Element) -> Iterator[tuple[str, Concealment]]:
    text = attribute(link, "tooltip")
    if is_substantial(text):
        yield text, _TOOLTIP


_TEXTS: Final = {
    "dataValidation": _choices,
    "scenario": _scenario,
    "inputCells": _scenario,
    "cfRule": _condition,
    "hyperlink": _tooltip,
}


def _drawing(parts: Parts, part: str) -> Iterator[Block]:
    """Yield text boxes, charts, diagrams and alternative texts of a drawing."""
    root = parts.tree(part)
    for shape in () if root is None else shapes(root):
        yield from descriptions(shape.element)
        for pieces in paragraphs(shape.element, DEFAULT_THEME, background_of(shape.element, DEFAULT_THEME, "")):
            for text, concealment in pieces:
                why = concealment or (HIDDEN_SHAPE if shape.hidden else None)
                yield concealed_block(text, why) if why else Block(text, Location("textbox"))
    for chart in parts.related(part, "chart", "chartEx", "diagramData"):
        tree = parts.tree(chart)
        if tree is not None:
            yield from (Block(text, Location("textbox")) for text in chart_texts(tree))
        for user_shapes in parts.related(chart, "chartUserShapes"):
            tree = parts.tree(user_shapes)
            if tree is not None:
                yield from (Block(text, Location("textbox")) for text in chart_texts(tree))


def _old_drawing(parts: Parts, part: str) -> Iterator[Block]:
    """Yield labels and text boxes of VML, which is often not well-formed; boxes of comments repeat the comments."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    content = _UNCLOSED_BREAK.sub(b"\n", parts.content(part))
    try:
        root = etree.fromstring(content, parser) if content.strip() else None
    except etree.XMLSyntaxError:
        parts.note_unread(part, ReadError("corrupted"))
        return
    for shape in () if root is None else descendants(root, "shape", "rect", "oval", "roundrect"):
        data = child(shape, "ClientData")
        if data is not None and attribute(data, "ObjectType") == "Note":
            continue
        for key in ("alt", "title"):
            if attribute(shape, key).strip():
                yield Block(attribute(shape, key), Location("image"))
        for box in (element for element in shape if LOCAL_NAME[element.tag] in {"textbox", "textpath"}):
            text = attribute(box, "string") or "".join(map(str, box.itertext()))
            if text.strip():
                yield Block(text.strip(), Location("textbox"))


def _comments(parts: Parts, part: str, name: str) -> Iterator[Block]:
    """Yield threaded comments, then old comments except the placeholders of threads."""
    people = _people(parts)
    for thread in parts.related(part, "threadedComment"):
        root = parts.tree(thread)
        for comment in () if root is None else descendants(root, "threadedComment"):
            author = people.get(attribute(comment, "personId"), "")
            text = child(comment, "text")
            yield _comment(comment, author, "" if text is None else text.text or "", name)
    for listed in parts.related(part, "comments"):
        root = parts.tree(listed)
        if root is not None:
            yield from _old_comments(root, name)


def _old_comments(root: etree._Element, name: str) -> Iterator[Block]:
    authors = [author.text or "" for author in descendants(root, "author")]
    for comment in descendants(root, "comment"):
        number = attribute(comment, "authorId")
        author = authors[int(number)] if number.isdecimal() and len(number) < 6 and int(number) < len(authors) else ""
        if not author.startswith(_THREAD_AUTHOR):
            text = child(comment, "text")
            yield _comment(comment, author, "" if text is None else rich_text(text), name)


def _comment(comment: etree._Element, author: str, text: str, name: str) -> Block:
    place = attribute(comment, "ref")
    what = f"{place} 的批注" if place else "批注"
    concealment = Concealment("comment", "comment", attributed(author, attribute(comment, "dT"), what))
    return concealed_block(unescape(text), concealment, cell=f"{name}!{place}" if place else None)


def _people(parts: Parts) -> dict[str, str]:
    """Return the names of commenters by id."""
    trees = (parts.tree(part) for part in parts.xml_parts_in("xl/persons"))
    people = (person for tree in trees if tree is not None for person in descendants(tree, "person"))
    return {attribute(person, "id"): attribute(person, "displayName") for person in people}


def by_part(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """Return blocks by part in their order; headers and footers that repeat are left out."""
    later: dict[str, list[Block]] = {part: [] for part in LATER}
    for block in blocks:
        later[block.location.part].append(block)
    for part in ("header", "footer"):
        later[part] = list(distinct_blocks(later[part], set()))
    return later
