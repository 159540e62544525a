"""Text in drawings that PDFium does not read as text of a page: fill patterns, and forms that no page draws.

An incremental update is appended to the file (ISO 32000-2, 7.5.6): a catalog whose pages draw one drawing each, with
its resources. A pattern gets the dictionary of a form, because only forms can be drawn by name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pypdfium2 as pdfium

from prescan.formats.html.parts import is_telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.revisions import TextIndex

#: Object numbers beyond those that files use, and below PDFium's limit.
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
#: A text operator after a string, a hexadecimal string or an array.
_TEXT_OPERATOR: Final = re.compile(rb"[)>\]]\s*(?:T[jJ]\b|['\"])")
_IN_PATTERN: Final = "填充图案中的文字"
_IN_FORM: Final = "没有画在页面上的图形中的文字"
_IN_PAGE: Final = "没有列入页序的页面中的文字"
_IN_STREAM: Final = "没有用到的页面内容中的文字"


class Drawing(NamedTuple):
    """A form or a pattern that shows text, or page content that no page uses."""

    begin: int
    """Offset of its stream in the file."""
    head: bytes
    """What comes before that, from `obj` on."""

    @property
    def is_pattern(self) -> bool:
        """Whether it is a pattern."""
        return _PATTERN.search(self.head) is not None

    @property
    def is_content(self) -> bool:
        """Whether it looks like the content of a page."""
        return not (self.is_pattern or _FORM.search(self.head))

    @property
    def where(self) -> str:
        """What its text is, in a reviewer's words."""
        return _IN_STREAM if self.is_content else _IN_PATTERN if self.is_pattern else _IN_FORM


class Unlisted(NamedTuple):
    """Parts of a file that PDFium does not read as text of a page."""

    drawings: list[Drawing]
    pages: list[bytes]
    """The bodies of pages that no page tree lists."""
    first: bytes
    """A reference to a page whose resources unused page contents take."""


def shows_text(head: bytes, content: bytes) -> bool:
    """Return whether a stream with this dictionary and content is a form or pattern that shows text."""
    return bool((_FORM.search(head) or _PATTERN.search(head)) and _TEXT_OPERATOR.search(content))


def is_content(content: bytes) -> bool:
    """Return whether a stream shows text the way page contents do."""
    return _TEXT_OPERATOR.search(content) is not None


def hidden_texts(data: bytes, unlisted: Unlisted, reported: TextIndex) -> Iterator[tuple[str, str]]:
    """Yield the lines of drawings and unlisted pages that were not reported, with a note in a reviewer's words."""
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
                if is_telling(line) and not all(map(reported.contains, line.split())):
                    reported.add(line)
                    yield line, note
    finally:
        document.close()


def _page_text(document: Any, number: int) -> str:  # noqa: ANN401 (pypdfium2 has no types)
    """Return the text of a page, from 0; "" if it cannot be loaded."""
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
    """Return the file with its pages replaced by one for each drawing, and the unlisted pages."""
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
        if drawing.is_content:  # it inherits resources from its parent
            end_of_stream = data.find(_ENDSTREAM, drawing.begin)
            put(form, drawing.head.removeprefix(b"obj") + data[drawing.begin : end_of_stream] + _ENDSTREAM)
            above, content = unlisted.first or b"%d 0 R" % (_FIRST + 1), b"%d 0 R" % form
            put(page, b"<<%b/Parent %b/Contents %b>>" % (_PAGE_HEAD, above, content))
            continue
        if drawing.is_pattern:
            end_of_stream = data.find(_ENDSTREAM, drawing.begin)
            head = _PATTERN.sub(b"/Subtype/Form", _KIND.sub(b"", drawing.head.removeprefix(b"obj")))
            put(form, head + data[drawing.begin : end_of_stream] + _ENDSTREAM)
            named = b"%d 0 R" % form
        else:
            named = b"%b %b R" % name.groups() if name else b"null"
        head = _PAGE_HEAD + b"/Resources<</XObject<</X %b>>>>" % named
        put(page, b"<<%b/Parent %d 0 R/Contents %d 0 R>>" % (head, _FIRST + 1, shows))
        put(shows, b"<</Length 5>>\nstream\n/X Do\nendstream")
    for page, content in enumerate(unlisted.pages, _FIRST + 2 + 3 * len(drawings)):
        kids.append(b"%d 0 R" % page)
        put(page, content)
    put(_FIRST, b"<</Type/Catalog/Pages %d 0 R>>" % (_FIRST + 1))
    put(_FIRST + 1, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(kids)))
    return b"".join((*parts, _index(data, header, places, end)))


def _index(data: bytes, header: int, places: dict[int, int], at: int) -> bytes:
    """Return a cross-reference section of the kind that the file ends with, table or stream: PDFium does not mix them.

    In a file without one, PDFium searches for the objects, and takes the last catalog.
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
    content = {**places, own: at}
    rows = b"".join(b"\x01" + content[number].to_bytes(5, "big") + b"\x00" for number in sorted(content))
    listed = b" ".join(b"%d 1" % number for number in sorted(content))
    head = b"/Type/XRef/W[1 5 1]/Index[%b]/Length %d%b" % (listed, len(rows), trailer)
    return b"%d 0 obj\n<<%b>>\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (own, head, rows, at)
