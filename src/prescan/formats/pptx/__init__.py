"""Presentations (pptx, pptm, potx): slides in their order, then every other part that holds text.

`slide` reads one slide. This module finds the slides, puts them in order, and reads the rest: layouts and masters,
stored data, properties, embedded files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import WITH_OCR
from prescan.formats.budget import SharedLimits
from prescan.formats.concealment import (
    STORED_DATA,
    Concealment,
    child,
    concealed_block,
    distinct_blocks,
    is_for_people,
    is_substantial,
)
from prescan.formats.drawingml import descriptions, paragraphs, parse_int, shapes
from prescan.formats.media import is_raster_picture
from prescan.formats.office_parts import Parts
from prescan.formats.package import LOCAL_NAME, OFF, attribute, descendants
from prescan.formats.pptx.slide import LATER, Size, SlideReader, placeholder_type
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.types import Limits

_DEFAULT_MAIN: Final = "ppt/presentation.xml"
_SLIDE_PART: Final = re.compile(r"ppt/slides/[^/]+\.xml", re.IGNORECASE)
_DEFAULT_SIZE: Final = Size(9_144_000, 6_858_000)
_DIGITS: Final = re.compile(r"[0-9]{6}")
_UNLISTED: Final = Concealment("hidden", "hidden_text", "演示文稿未列出的幻灯片")
_UNUSED: Final = Concealment("hidden", "hidden_text", "未使用的版式或母版中的文字")
_PROMPT: Final = Concealment("hidden", "hidden_text", "版式或母版占位符中的文字")
_SECTION: Final = Concealment("hidden", "hidden_text", "节的名称")
_TEMPLATES: Final = ("ppt/slideLayouts", "ppt/slideMasters", "ppt/notesMasters", "ppt/handoutMasters")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the presentation. Raises ReadError if nothing in it can be read."""
    presentation = _Presentation(data, limits)
    yield from presentation.parts.complete(
        presentation.items(), presentation.pages_of_pictures, presentation.picture_pages
    )


class _Slide(NamedTuple):
    part: str
    page: int | None


class _Presentation:
    """One presentation that is being read."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.parts = Parts(data, limits)
        self._main = self.parts.main(_DEFAULT_MAIN)
        self._root = self.parts.tree(self._main)
        self._reader = SlideReader(self.parts, self._size(), self._authors(), self._root)

    def items(self) -> Iterator[Block | Unread]:
        """Yield everything in the order of the contract."""
        hidden: list[tuple[_Slide, Concealment]] = []
        for slide in self._slides():
            root = self.parts.tree(slide.part)
            concealment = None if root is None else _slide_concealment(root, slide.page)
            if concealment is not None:
                hidden.append((slide, concealment))
            elif root is not None:
                yield from self._reader.blocks(slide.part, root, slide.page, None)
        concealed = [block for slide, concealment in hidden for block in self._hidden(slide, concealment)]
        self._templates()
        later = self._reader.later
        later["hidden"] = [*concealed, *later["hidden"], *self._sections(), *self._tags(), *self.parts.stored()]
        for part in LATER:
            repeats = part in {"header", "footer", "image"}
            yield from distinct_blocks(later[part], set()) if repeats else later[part]
        yield from self.parts.properties()
        yield from self.parts.embedded()
        wanted = SharedLimits.of(self.parts.limits).wants_pictures
        raster_pages = (
            {page for part, page in self.pages_of_pictures().items() if is_raster_picture(part)} if wanted else set()
        )
        if unread := [page for page in self._reader.pictures if page not in raster_pages]:
            pages = "、".join(map(str, unread))
            yield Unread.of("", "no_text_layer", f"第 {pages} 页只有图片，没有文字，请人工阅看，{WITH_OCR}")

    @property
    def picture_pages(self) -> list[int]:
        """The slides with nothing but pictures; complete when `items` is exhausted."""
        return self._reader.pictures

    def pages_of_pictures(self) -> dict[str, int]:
        """Return the page of each picture on a slide, by part name."""
        slides = [slide for slide in self._slides() if slide.page]
        return {part: slide.page or 0 for slide in slides for part in self.parts.related(slide.part, "image")}

    # Finding slides

    def _size(self) -> Size:
        found = None if self._root is None else child(self._root, "sldSz")
        if found is None:
            return _DEFAULT_SIZE
        width, height = parse_int(attribute(found, "cx")), parse_int(attribute(found, "cy"))
        return Size(width, height) if width > 0 and height > 0 else _DEFAULT_SIZE

    def _authors(self) -> dict[str, str]:
        """Return the names of commenters by id."""
        names: dict[str, str] = {}
        for part in self.parts.related(self._main, "commentAuthors", "authors"):
            root = self.parts.tree(part)
            for author in () if root is None else descendants(root, "cmAuthor", "author"):
                names[attribute(author, "id")] = attribute(author, "name")
        return names

    def _slides(self) -> Iterator[_Slide]:
        """Yield the slides in their order, then those that the presentation does not list; each part once."""
        targets = self.parts.targets(self._main)
        seen: set[str] = set()
        listed = () if self._root is None else descendants(self._root, "sldId")
        for entry in listed:
            part = targets.get(_reference(entry), "")
            if part in self.parts.package and part not in seen:
                seen.add(part)
                yield _Slide(part, len(seen))
        for part in self.parts.package.names:
            if part not in seen and _SLIDE_PART.fullmatch(part):
                yield _Slide(part, None)

    # Beside the slides

    def _hidden(self, slide: _Slide, concealment: Concealment) -> list[Block]:
        """Return the blocks of a hidden slide, an empty one if it has no text."""
        root = self.parts.tree(slide.part)
        blocks = [] if root is None else list(self._reader.blocks(slide.part, root, slide.page, concealment))
        return blocks or [concealed_block("", concealment, page=slide.page)]

    def _templates(self) -> None:
        """Collect the texts that layouts and masters show on slides, and those they do not show."""
        layouts = {layout for slide in self._slides() for layout in self.parts.related(slide.part, "slideLayout")}
        used = {*layouts, *(master for layout in layouts for master in self.parts.related(layout, "slideMaster"))}
        trees = [(name, self.parts.tree(name)) for folder in _TEMPLATES for name in self.parts.xml_parts_in(folder)]
        blocks = (block for name, root in trees if root is not None for block in _template(root, used=name in used))
        for block in distinct_blocks(blocks, set()):
            self._reader.later[block.location.part].append(block)

    def _sections(self) -> Iterator[Block]:
        for section in () if self._root is None else descendants(self._root, "section"):
            if is_substantial(attribute(section, "name")):
                yield concealed_block(attribute(section, "name"), _SECTION)

    def _tags(self) -> Iterator[Block]:
        """Yield substantial values that add-ins attach to slides and shapes."""
        for name in self.parts.xml_parts_in("ppt/tags"):
            root = self.parts.tree(name)
            for tag in () if root is None else descendants(root, "tag"):
                if is_substantial(attribute(tag, "val")) or is_for_people(attribute(tag, "val")):
                    yield concealed_block(attribute(tag, "val"), STORED_DATA)


def _reference(entry: etree._Element) -> str:
    """Return the relationship id of an entry in the list of slides; its plain `id` is a number."""
    return next((str(value) for key, value in entry.items() if key != "id" and LOCAL_NAME[key] == "id"), "")


def _slide_concealment(slide: etree._Element, page: int | None) -> Concealment | None:
    if page is None:
        return _UNLISTED
    return Concealment("hidden", "hidden_text", f"已隐藏的第 {page} 页") if attribute(slide, "show") in OFF else None


def _template(root: etree._Element, *, used: bool) -> Iterator[Block]:
    """Yield the texts of a layout or master; `used`: slides use it, so its texts other than prompts are shown."""
    for shape in shapes(root):
        if used:
            yield from descriptions(shape.element)
        prompts = placeholder_type(shape.element) is not None
        for pieces in paragraphs(shape.element):
            text = "".join(text for text, _ in pieces)
            if prompts and _DIGITS.search(text):
                yield concealed_block(text, _PROMPT)
            elif not prompts and used:
                yield Block(text, Location("header"))
            elif not prompts and is_substantial(text):
                yield concealed_block(text, _UNUSED)
