"""Reading with pypdf, which can read some of the files that PDFium takes for damaged."""

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

#: On broken structures pypdf raises whatever the missing piece causes.
_BROKEN: Final = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError, OSError),
)
#: The content of a larger page, in bytes, is mostly drawing.
_LARGE: Final = 100_000
#: A string, which is kept, or a path operator (line, curve, rectangle), which is removed.
_PATH_OPERATOR: Final = re.compile(
    rb"(\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\))|(?:[-+.0-9]++\s++){2,6}+(?:[mlcvy]|re)(?=\s)", re.DOTALL
)
_LINE: Final = re.compile(r"\r\n?|\n")


def fallback(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the text of a file that PDFium takes for damaged, page by page. Raises ReadError if there is none."""
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
            text = _without_paths(reader.pages[number - 1]).extract_text()
        except broken:
            continue
        for line in filter(has_visible, _LINE.split(text)):
            paragraph += 1
            yield Block(line, Location("body", number, paragraph))
    if not paragraph:
        raise ReadError("corrupted")
    yield Unread.of("", "corrupted", "文件已损坏，只读出一部分，可能不全；请用原软件打开并另存后重扫")


def _without_paths(page: PageObject) -> PageObject:
    """Return a large page without its paths: pypdf takes far longer for each of them than for text."""
    from pypdf.generic import ContentStream, NameObject  # noqa: PLC0415 (slow to import and seldom needed)

    content = page.get_contents()
    data = content.get_data() if content is not None else b""
    if len(data) > _LARGE:
        reduced = ContentStream(None, page.pdf, "bytes")
        reduced.set_data(_PATH_OPERATOR.sub(rb"\1", data))
        page[NameObject("/Contents")] = reduced
    return page


def attached_file(data: bytes, name: str) -> bytes | None:
    """Return an attached file that PDFium lists but cannot extract; None if pypdf cannot either."""
    import pypdf  # noqa: PLC0415 (slow to import and seldom needed)
    from pypdf.errors import DependencyError, DeprecationError, PyPdfError  # noqa: PLC0415

    try:
        found = pypdf.PdfReader(io.BytesIO(data), strict=False).attachments.get(name, [])
    except (PyPdfError, DependencyError, DeprecationError, *_BROKEN):
        return None
    return next(iter(found), None)
