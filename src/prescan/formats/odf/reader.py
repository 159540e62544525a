"""The text of an OpenDocument file: paragraphs, slides, shapes, notes, comments, changes, and their concealment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import LINK_TARGET, Concealment, attributed
from prescan.formats.odf import shapes
from prescan.formats.odf.styles import PLAIN, box_of
from prescan.formats.odf.tables import Tables
from prescan.formats.office_parts import is_revealing_address
from prescan.formats.package import LOCAL_NAME, attribute
from prescan.types import PARAGRAPH_BREAK, SOFT_WRAP, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.odf.styles import Styles, TextFormat
    from prescan.formats.office_parts import Parts

ORDER: Final = ("header", "footer", "note", "textbox", "comment", "inserted", "deleted", "hidden", "annotation")
_PARAGRAPHS: Final = frozenset({"p", "h"})
#: Fields that are filled in when a page is shown.
_FIELDS: Final = frozenset({"page-number", "page-count", "sheet-name", "change"})
_SILENT: Final = frozenset({"forms", "sequence-decls", "variable-decls", "user-field-decls"})
_BOXES: Final = shapes.SHAPES | {"text-box", "g", "a"}
_DEEPEST: Final = 200
_LARGE: Final = 100_000.0
"""In square points: a picture that fills a fifth of a slide."""
_CHANGED: Final = {"deletion": "删除的文字", "cell-content-change": "修改前的内容"}
_HIDDEN_TEXT: Final = Concealment("hidden", "hidden_text", "隐藏文字")
_SCRIPT: Final = Concealment("hidden", "hidden_text", "脚本中的文字")


class Reader(Tables):
    """Reads the bodies of one file; what comes later is collected in `later`, by part."""

    def __init__(self, parts: Parts, styles: Styles) -> None:
        """`styles`: those of the whole file."""
        super().__init__()
        self.later: dict[str, list[Block]] = {part: [] for part in ORDER}
        self.picture_pages: list[int] = []
        """The slides with nothing but pictures."""
        self.page_of_picture: dict[str, int] = {}
        """The slide of each picture on a slide, by part name."""
        self._parts = parts
        self._styles = styles
        self._paragraph = 0
        self._page: int | None = None
        self._insertions: dict[str, Concealment] = {}
        self._inserting: Concealment | None = None

    def body(self, element: etree._Element, place: Location) -> Iterator[Block]:
        """Yield the blocks below `element`."""
        yield from self._blocks(element, place, 0, PLAIN)

    def _blocks(  # noqa: C901, PLR0912  one line for each kind of element
        self, element: etree._Element | list[etree._Element], place: Location, depth: int, text_format: TextFormat
    ) -> Iterator[Block]:
        """Yield the blocks below `element`, or of a list of elements; what belongs to later parts is collected."""
        if depth > _DEEPEST:
            self._parts.unread.append(Unread.of("", "too_large", "内容嵌套过深，部分未读，请另存后重扫"))
            return
        for item in element:
            name = LOCAL_NAME[item.tag]
            if name in _PARAGRAPHS:
                yield from self._text(item, place, text_format)
            elif name == "table":
                yield from self._table_blocks(item, place, depth, text_format)
            elif name == "tracked-changes":
                self._keep_changes(item)
            elif name == "page":
                yield from self._slide(item, depth)
            elif name == "notes":
                self.later["note"] += self._blocks(item, Location("note", self._page), depth + 1, text_format)
            elif name == "section" and attribute(item, "display") in {"none", "condition"}:
                self._hide(self._blocks(item, place, depth + 1, text_format), "隐藏的节")
            elif name == "annotation":
                self._annotation(item, place)
            elif name in {"title", "desc"}:
                self._keep_description(item)
            elif name in shapes.SHAPES:
                yield from self._shape(item, place, depth, text_format)
            elif name == "image":
                self._keep_picture(item)
                yield from self._blocks(item, place, depth + 1, text_format)
            elif name not in _SILENT:
                yield from self._blocks(item, place, depth + 1, text_format)

    def _shape(self, shape: etree._Element, place: Location, depth: int, text_format: TextFormat) -> Iterator[Block]:
        inside = shapes.with_background(text_format, shapes.background(shape, self._styles, text_format.background))
        blocks = self._blocks(shape, place, depth + 1, inside)
        concealment = shapes.shape_concealment(shape, self._styles)
        if concealment is None and self._page and shapes.is_covered(shape, self._styles):
            concealment = Concealment("hidden", "fake_redaction", f"第 {self._page} 页图形下的文字")
        if concealment is None:
            yield from blocks
        else:
            self._hide(blocks, concealment.note, concealment.hidden or "hidden_text")

    # Paragraphs

    def _text(self, paragraph: etree._Element, place: Location, text_format: TextFormat) -> Iterator[Block]:
        runs: list[tuple[str, Concealment | None]] = []
        style = attribute(paragraph, "style-name")
        text_format = self._styles.text_format(text_format, "paragraph", style)
        self._runs(paragraph, runs, place, text_format)
        if any(
            LOCAL_NAME[item.tag] == "hidden-paragraph" and attribute(item, "is-hidden") == "true" for item in paragraph
        ):
            runs = [(has_text, _HIDDEN_TEXT) for has_text, _ in runs]
        text = "".join(has_text for has_text, concealment in runs if concealment is None)
        if place.part == "body" and text.strip():
            self._paragraph += 1
            place = replace(place, paragraph=self._paragraph)
        for has_text, concealment in _joined(runs):
            if concealment is not None and has_text.strip():
                self._keep_for_later(Block(has_text, place), concealment)
        if text:
            yield Block(text, place)

    def _runs(  # noqa: C901, PLR0912  one line for each kind of element
        self,
        element: etree._Element,
        runs: list[tuple[str, Concealment | None]],
        place: Location,
        text_format: TextFormat,
    ) -> None:
        """Collect the text below `element` in order, as (text, concealment) runs."""
        self._add_text(str(element.text or ""), runs, text_format)
        for item in element:
            name = LOCAL_NAME[item.tag]
            if name == "s":
                spaces = attribute(item, "c")
                self._add_text(" " * (int(spaces) if spaces.isdecimal() and len(spaces) < 4 else 1), runs, text_format)
            elif name in {"tab", "line-break"}:
                self._add_text("\t" if name == "tab" else SOFT_WRAP, runs, text_format)
            elif name in _FIELDS or name == "hidden-paragraph":
                pass
            elif name == "change-start":
                self._inserting = self._insertions.get(attribute(item, "change-id"), self._inserting)
            elif name == "change-end":
                self._inserting = None
            elif name == "note":
                for body in (part for part in item if LOCAL_NAME[part.tag] == "note-body"):
                    self.later["note"] += self._blocks(body, Location("note"), 1, PLAIN)
            elif name == "annotation":
                self._annotation(item, place)
            elif name in _BOXES and name != "a":
                self.later["textbox"] += self._blocks([item], Location("textbox", self._page), 1, PLAIN)
            elif name == "hidden-text":
                self._keep_for_later(Block(attribute(item, "string-value") or _all_text(item), place), _HIDDEN_TEXT)
            elif name == "script":
                self._keep_for_later(Block(_all_text(item), place), _SCRIPT)
            elif name in {"title", "desc"}:
                self._keep_description(item)
            else:
                if name == "a" and is_revealing_address(attribute(item, "href")):
                    self._keep_for_later(Block(attribute(item, "href"), place), LINK_TARGET)
                self._runs(
                    item, runs, place, self._styles.text_format(text_format, "text", attribute(item, "style-name"))
                )
            self._add_text(str(item.tail or ""), runs, text_format)

    def _add_text(self, text: str, runs: list[tuple[str, Concealment | None]], text_format: TextFormat) -> None:
        if text:
            runs.append((text, self._styles.concealment(text_format) or self._inserting))

    def _keep_for_later(self, block: Block, concealment: Concealment) -> None:
        """Keep a block for the part of its concealment."""
        place = replace(block.location, part=concealment.part)
        self.later[concealment.part].append(
            replace(block, location=place, hidden=concealment.hidden, note=concealment.note, sep=PARAGRAPH_BREAK)
        )

    def _hide(self, blocks: Iterable[Block], note: str, kind: str = "hidden_text") -> None:
        for block in blocks:
            self._keep_for_later(block, Concealment("hidden", kind, note))

    # Beside the text

    def _keep_description(self, item: etree._Element) -> None:
        if _all_text(item).strip():
            self.later["annotation"].append(Block(_all_text(item), Location("image", self._page)))

    def _keep_picture(self, image: etree._Element) -> None:
        if self._page:
            self.page_of_picture[attribute(image, "href").removeprefix("./")] = self._page

    def _keep_changes(self, changes: etree._Element) -> None:
        for change in changes.iter():
            kind = LOCAL_NAME[change.tag]
            if kind not in {*_CHANGED, "insertion"}:
                continue
            who = next((_all_text(item) for item in change.iter() if LOCAL_NAME[item.tag] == "creator"), "")
            day = next((_all_text(item) for item in change.iter() if LOCAL_NAME[item.tag] == "date"), "")
            if kind == "insertion":
                region = change.getparent()
                concealment = Concealment("inserted", "tracked_change", attributed(who, day, "插入的文字"))
                self._insertions["" if region is None else attribute(region, "id")] = concealment
                continue
            concealment = Concealment("deleted", "tracked_change", attributed(who, day, _CHANGED[kind]))
            for item in change.iter():
                if LOCAL_NAME[item.tag] in _PARAGRAPHS and _all_text(item).strip():
                    self._keep_for_later(Block(_all_text(item)), concealment)

    def _annotation(self, item: etree._Element, place: Location) -> None:
        who = next((_all_text(part) for part in item if LOCAL_NAME[part.tag] == "creator"), "")
        day = next((_all_text(part) for part in item if LOCAL_NAME[part.tag] == "date"), "")
        note = attributed(who, day, "的批注") if who else "批注"
        for paragraph in item.iter():
            if LOCAL_NAME[paragraph.tag] in _PARAGRAPHS and _all_text(paragraph).strip():
                at = Location("comment", self._page, cell=place.cell)
                self.later["comment"].append(Block(_all_text(paragraph), at, hidden="comment", note=note))

    def _slide(self, page: etree._Element, depth: int) -> Iterator[Block]:
        self._page = number = (self._page or 0) + 1
        text_format = shapes.with_background(PLAIN, shapes.background_of_slide(page, self._styles))
        blocks = self._blocks(page, Location("body", number), depth + 1, text_format)
        if self._styles.is_off("drawing-page", attribute(page, "style-name")):
            self._hide(list(blocks) or [Block("", Location("body", number))], f"隐藏的第 {number} 张幻灯片")
            return
        has_text = False
        for block in blocks:
            has_text = has_text or block.text != ""
            yield replace(block, location=replace(block.location, page=number))
        if not has_text and any(_is_large(image) for image in page.iter() if LOCAL_NAME[image.tag] == "image"):
            self.picture_pages.append(number)


def _is_large(image: etree._Element) -> bool:
    frame = image.getparent()
    box = None if frame is None else box_of(frame)
    return box is None or box[2] * box[3] > _LARGE


def _joined(runs: list[tuple[str, Concealment | None]]) -> Iterator[tuple[str, Concealment | None]]:
    """Yield the hidden runs, adjacent ones of equal concealment joined."""
    joined_text, why = "", None
    for has_text, concealment in [*runs, ("", None)]:
        if concealment != why:
            yield joined_text, why
            joined_text, why = "", concealment
        joined_text += has_text


def _all_text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())
