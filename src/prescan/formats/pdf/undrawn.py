"""Text in drawings that PDFium does not read as text of a page: patterns that fill, and forms that no page draws.

An index of its own is appended to the file, as a program appends a change (ISO 32000-2, 7.5.6): a catalog whose pages
hold one drawing each, with the resources it names. A pattern is given the head of a form: only forms are drawn by name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pypdfium2 as pdfium

from prescan.formats.html.parts import is_telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.revisions import Said

#: Beyond the numbers that files use, and below PDFium's last.
_FIRST: Final = 4_100_000
_SIZE: Final = 4_190_000
_MOST: Final = 200
_MOST_CHARS: Final = 1_000_000
_BEGIN: Final = b"startxref"
_START: Final = re.compile(rb"startxref\s+([0-9]{1,12})")
_TABLE: Final = b"xref"
_NUMBER: Final = re.compile(rb"([0-9]{1,9})\s+([0-9]{1,5})\s+$")
_NUMBER_BEFORE: Final = 20
_FORM: Final = re.compile(rb"/Subtype\s*/Form\b")
_PATTERN: Final = re.compile(rb"/PatternType\s+1\b")
_KIND: Final = re.compile(rb"/Type\s*/Pattern\b")
_PAGE_HEAD: Final = b"/Type/Page/MediaBox[-9999 -9999 9999 9999]"
_ENDSTREAM: Final = b"endstream"
#: What shows text, behind a string, a number in hexadecimal or a list of them.
_SHOWS: Final = re.compile(rb"[)>\]]\s*(?:T[jJ]\b|['\"])")
_IN_PATTERN: Final = "填充图案中的文字"
_IN_FORM: Final = "没有画在页面上的图形中的文字"
_IN_PAGE: Final = "没有列入页序的页面中的文字"
_IN_STREAM: Final = "没有用到的页面内容中的文字"


class Drawing(NamedTuple):
    """A form or a pattern that shows text, or the content of a page that no page has."""

    begin: int
    """Where its stream begins in the file."""
    head: bytes
    """What stands before that, from `obj`."""

    @property
    def is_pattern(self) -> bool:
        """Whether it is a pattern."""
        return _PATTERN.search(self.head) is not None

    @property
    def is_content(self) -> bool:
        """Whether it was made to be the content of a page."""
        return not (self.is_pattern or _FORM.search(self.head))

    @property
    def where(self) -> str:
        """Where its text stands, in a reviewer's words."""
        return _IN_STREAM if self.is_content else _IN_PATTERN if self.is_pattern else _IN_FORM


class Unlisted(NamedTuple):
    """What a file holds that PDFium does not read as text of a page."""

    drawings: list[Drawing]
    pages: list[bytes]
    """What stands in the objects of pages that no list of pages names."""
    first: bytes
    """A reference to a page, whose resources a content without a page takes."""


def shows_text(head: bytes, content: bytes) -> bool:
    """Tell whether a stream with that head and content is a form or a pattern that shows text."""
    return bool((_FORM.search(head) or _PATTERN.search(head)) and _SHOWS.search(content))


def is_content(content: bytes) -> bool:
    """Tell whether a stream shows text as the content of a page does."""
    return _SHOWS.search(content) is not None


def texts(data: bytes, unlisted: Unlisted, said: Said) -> Iterator[tuple[str, str]]:
    """Yield what drawings and pages say that was not said, line by line, with where it stands in a reviewer's words."""
    left, chosen = _MOST_CHARS, unlisted.drawings[:_MOST]
    pages = unlisted.pages[: _MOST - len(chosen)]
    notes = [*(drawing.where for drawing in chosen), *(_IN_PAGE for _ in pages)]
    try:
        document = pdfium.PdfDocument(_with_pages(data, Unlisted(chosen, pages, unlisted.first)))
    except pdfium.PdfiumError:
        return
    try:
        for number, note in enumerate(notes if len(document) == len(notes) else ()):
            text = _page_text(document, number)[:left]
            left -= len(text)
            for line in map(str.strip, text.splitlines()):
                if is_telling(line) and not all(map(said.has, line.split())):
                    said.add(line)
                    yield line, note
    finally:
        document.close()


def _page_text(document: Any, number: int) -> str:  # noqa: ANN401 (pypdfium2 has no types)
    """Return the text of a page, counted from 0; nothing if it cannot be loaded."""
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pdfium.PdfiumError:
        return ""
    text: str = text_page.get_text_range()
    text_page.close()
    page.close()
    return text


def _with_pages(data: bytes, unlisted: Unlisted) -> bytes:
    """Return a file with a page for each drawing, and the unlisted pages, in place of its own pages."""
    drawings = unlisted.drawings
    header = max(data.find(b"%PDF-", 0, 1024), 0)
    parts, places, end = [data, b"\n"], {}, len(data) + 1 - header

    def put(number: int, content: bytes) -> None:
        nonlocal end
        places[number] = end
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        end += len(parts[-1])

    kids = []
    for number, drawing in enumerate(drawings):
        page, shows, form = (_FIRST + 2 + 3 * number + more for more in range(3))
        kids.append(b"%d 0 R" % page)
        obj = drawing.begin - len(drawing.head)
        name = _NUMBER.search(data, max(0, obj - _NUMBER_BEFORE), obj)
        if drawing.is_content:  # what stands above a page gives it its resources
            until = data.find(_ENDSTREAM, drawing.begin)
            put(form, drawing.head.removeprefix(b"obj") + data[drawing.begin : until] + _ENDSTREAM)
            above, held = unlisted.first or b"%d 0 R" % (_FIRST + 1), b"%d 0 R" % form
            put(page, b"<<%b/Parent %b/Contents %b>>" % (_PAGE_HEAD, above, held))
            continue
        if drawing.is_pattern:
            until = data.find(_ENDSTREAM, drawing.begin)
            head = _PATTERN.sub(b"/Subtype/Form", _KIND.sub(b"", drawing.head.removeprefix(b"obj")))
            put(form, head + data[drawing.begin : until] + _ENDSTREAM)
            named = b"%d 0 R" % form
        else:
            named = b"%b %b R" % name.groups() if name else b"null"
        head = _PAGE_HEAD + b"/Resources<</XObject<</X %b>>>>" % named
        put(page, b"<<%b/Parent %d 0 R/Contents %d 0 R>>" % (head, _FIRST + 1, shows))
        put(shows, b"<</Length 5>>\nstream\n/X Do\nendstream")
    for page, held in enumerate(unlisted.pages, _FIRST + 2 + 3 * len(drawings)):
        kids.append(b"%d 0 R" % page)
        put(page, held)
    put(_FIRST, b"<</Type/Catalog/Pages %d 0 R>>" % (_FIRST + 1))
    put(_FIRST + 1, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(kids)))
    return b"".join((*parts, _index(data, header, places, end)))


def _index(data: bytes, header: int, places: dict[int, int], at: int) -> bytes:
    """Return an index of the same kind as the file's last one, a table or a stream: PDFium does not mix them.

    Of a file without one PDFium looks for the objects itself, and takes the last catalog that is named.
    """
    begin = data.rfind(_BEGIN)
    found = _START.match(data, begin) if begin >= 0 else None
    before = int(found[1]) if found else 0
    if not before:
        return b"trailer\n<</Size %d/Root %d 0 R>>\n" % (_SIZE, _FIRST)
    trailer = b"/Size %d/Root %d 0 R/Prev %d" % (_SIZE, _FIRST, before)
    numbers = sorted(places)
    if data.startswith(_TABLE, header + before):
        rows = b"".join(b"%d 1\n%010d 00000 n \n" % (number, places[number]) for number in numbers)
        return b"xref\n%btrailer\n<<%b>>\nstartxref\n%d\n%%%%EOF\n" % (rows, trailer, at)
    own = _SIZE - 1
    held = {**places, own: at}
    rows = b"".join(b"\x01" + held[number].to_bytes(5, "big") + b"\x00" for number in sorted(held))
    listed = b" ".join(b"%d 1" % number for number in sorted(held))
    head = b"/Type/XRef/W[1 5 1]/Index[%b]/Length %d%b" % (listed, len(rows), trailer)
    return b"%d 0 obj\n<<%b>>\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (own, head, rows, at)
