"""Images of the pages of an OFD, for people who review what was found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from prescan.errors import ReadError
from prescan.formats.boxes import contains_centre
from prescan.formats.ofd.drawing import Pen
from prescan.formats.ofd.fonts import Fonts
from prescan.formats.ofd.page import PageText
from prescan.formats.ofd.paint import Canvas
from prescan.formats.ofd.source import FALSE, Source, blank_page, default_page_size
from prescan.formats.package import attribute
from prescan.formats.page_image import PageRequest, check_size, cover_box, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree
    from numpy.typing import NDArray

    from prescan.formats.ofd.drawing import PageContent
    from prescan.formats.pdf.grid import Box
    from prescan.types import Limits

_NO_FONT: Final = "有的文字没有可用的字体，图上只画出方框；请在本机安装中文字体（如 Noto Sans CJK）后再看"
_TOO_MUCH: Final = "这一页的图形过多，图上没有画完"


class _Sheet:
    """A page of a document with what is needed to render it."""

    def __init__(
        self, part: str, templates: dict[str, str], usual: tuple[float, float], notes: list[etree._Element]
    ) -> None:
        self.part = part
        self.templates = templates
        self.usual = usual
        self.notes = notes


def pages(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return pages first to last as PNGs, as `pdf.images.pages` does; `note` says what a page lacks.

    What has to be covered is searched in the characters of the page; if it is not among those of its paragraph, the
    paragraph is covered, without one the page. Raises ReadError.
    """
    request = PageRequest.of(arguments)
    source = Source(data, limits)
    sheets = list(_sheets(source))
    request.check(min(len(sheets), limits.pages))
    return to_wire(_render(source, sheet, request) for sheet in sheets[request.first - 1 : request.last])


def _sheets(source: Source) -> Iterator[_Sheet]:
    """Yield the pages in reading order, which is how they are numbered."""
    for _, document, main in source.documents():
        templates, usual = source.templates(document, main), default_page_size(document)
        notes: dict[int | None, list[etree._Element]] = {}
        for note, page in source.annotations(document, main):
            if attribute(note, "Visible").lower() != FALSE:
                notes.setdefault(page, []).append(note)
        for number, listed in enumerate(source.listed(document, main), 1):
            yield _Sheet(listed.part, templates, usual, notes.get(number, []))


def _render(source: Source, sheet: _Sheet, request: PageRequest) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """Return the pixels of a page, and additions to its description."""
    content = source.parts.tree(sheet.part)
    if content is None:
        raise ReadError("corrupted", "这一页的部件缺失或已损坏，画不出来")
    drawn, scale = blank_page(content, sheet.usual), request.scale
    size = max(1, round(drawn.width * scale)), max(1, round(drawn.height * scale))
    check_size(*size)
    fonts = Fonts(lambda name: _content(source, source.fonts.get(name, "")))
    canvas = Canvas(size, scale, fonts, source.params, lambda name: _content(source, source.files.get(name, "")))
    pen = Pen(drawn, source.units.get, canvas)
    source.draw(pen, content, sheet.templates)
    for note in sheet.notes:
        pen.draw(note)
    shown = np.array(canvas.page)
    for box in _boxes(drawn, request.covers):
        cover_box(shown, box, scale)
    notes = [_NO_FONT] * fonts.lacking + [_TOO_MUCH] * (drawn.is_truncated or canvas.is_truncated)
    return shown, {"note": "；".join(notes)}


def _content(source: Source, part: str) -> bytes:
    return source.parts.content(part) if part else b""


def _boxes(drawn: PageContent, covers: list[Any]) -> Iterator[Box]:
    """Yield the boxes to cover, in points from the top left."""
    whole = (0.0, 0.0, drawn.width, drawn.height)
    chars = [held for held in PageText(drawn, 0).characters if not held[0].isspace()] if covers else []
    text = "".join(char for char, _ in chars)
    for value, paragraph in covers:
        wanted = "".join(str(value).split())
        found: list[Box] = []
        at = text.find(wanted) if wanted else -1
        while at >= 0:
            found += [box for _, box in chars[at : at + len(wanted)]]
            at = text.find(wanted, at + len(wanted))
        yield from found
        if paragraph and not any(contains_centre(tuple(paragraph), box) for box in found):
            yield tuple(paragraph)
        elif not found and not paragraph:
            yield whole
