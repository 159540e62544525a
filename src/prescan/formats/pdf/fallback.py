"""The way round PDFium: pypdf reads some of the files that PDFium takes for damaged."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.text import has_visible
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PageObject

    from prescan.types import Limits

#: pypdf meets broken structures with whatever the missing piece raises.
_BROKEN: Final = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError, OSError),
)
#: A page of so many bytes is more drawing than text.
_LARGE: Final = 100_000
#: A string, which stays, or a line, a curve or a rectangle.
_DRAWN: Final = re.compile(
    rb"(\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\))|(?:[-+.0-9]++\s++){2,6}+(?:[mlcvy]|re)(?=\s)", re.DOTALL
)
_LINE: Final = re.compile(r"\r\n?|\n")


def fallback(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Read with pypdf what PDFium takes for damaged, page by page. Raises ReadError if there is nothing to read."""
    import pypdf  # noqa: PLC0415 (slow to import and seldom needed)
    from pypdf.errors import DependencyError, DeprecationError, PyPdfError  # noqa: PLC0415

    broken = (PyPdfError, DependencyError, DeprecationError, *_BROKEN)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("encrypted")
        pages = min(len(reader.pages), limits.pages)
    except broken as error:
        raise ReadError("corrupted") from error
    paragraph = 0
    for number in range(1, pages + 1):
        try:
            text = _with_few_lines(reader.pages[number - 1]).extract_text()
        except broken:
            continue
        for line in filter(has_visible, _LINE.split(text)):
            paragraph += 1
            yield Block(line, Location("body", number, paragraph))
    if not paragraph:
        raise ReadError("corrupted")
    yield Unread.of("", "corrupted", "文件已损坏，只读出一部分，可能不全；请用原软件打开并另存后重扫")


def _with_few_lines(page: PageObject) -> PageObject:
    """Return a page without the lines of its drawings if it has many: pypdf takes far longer for each than for text."""
    from pypdf.generic import ContentStream, NameObject  # noqa: PLC0415 (slow to import and seldom needed)

    content = page.get_contents()
    data = content.get_data() if content is not None else b""
    if len(data) > _LARGE:
        left = ContentStream(None, page.pdf, "bytes")
        left.set_data(_DRAWN.sub(rb"\1", data))
        page[NameObject("/Contents")] = left
    return page


def attached_file(data: bytes, name: str) -> bytes | None:
    """Return an attached file that PDFium knows but cannot take out, or None if pypdf cannot either."""
    import pypdf  # noqa: PLC0415 (slow to import and seldom needed)
    from pypdf.errors import DependencyError, DeprecationError, PyPdfError  # noqa: PLC0415

    try:
        found = pypdf.PdfReader(io.BytesIO(data), strict=False).attachments.get(name, [])
    except (PyPdfError, DependencyError, DeprecationError, *_BROKEN):
        return None
    return next(iter(found), None)
