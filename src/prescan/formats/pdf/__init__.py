"""PDF: text with page and place from PDFium, reassembled into paragraphs and tables, and hidden content.

PDFium is not thread-safe and can hang on hostile files: this runs in a worker process with a time limit.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from prescan.errors import ReadError
from prescan.formats.budget import SharedLimits
from prescan.formats.pdf.extras import Extras
from prescan.formats.pdf.fallback import fallback
from prescan.formats.pdf.pages import Pages
from prescan.formats.pdf.residue import Objects
from prescan.formats.pdf.revisions import TextIndex, earlier_blocks, revision_ends
from prescan.formats.pdf.scans import Scans
from prescan.formats.pdf.visibility import VisibilityCheck
from prescan.types import Block, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

#: A form names its layer in a part of the file that is never compressed, so a search finds it.
_LAYERED: Final = re.compile(rb"/OC[\s\[<]")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the pages, then earlier revisions and hidden content, then what could not be read."""
    document = _open(data)
    if document is None:
        yield from fallback(data, limits)
        return
    try:
        shared = SharedLimits.of(limits)
        scans = Scans(shared) if shared.wants_pictures else None
        objects = Objects(data)
        sight = VisibilityCheck(layered=_LAYERED.search(data) is not None, masked=objects.has_mask)
        pages = Pages(document, limits.pages, sight, scans)
        yield from _document(data, document, pages, Extras(data, document, objects, limits))
    finally:
        document.close()
    if pages.all_broken:
        yield from fallback(data, limits)


def _text_index(texts: list[str]) -> TextIndex:
    said = TextIndex()
    for text in texts:
        said.add(text)
    return said


def _open(data: bytes) -> Any:  # noqa: ANN401 (pypdfium2 has no types)
    """Open a document with PDFium; return None if PDFium takes the file for damaged. Raises ReadError("encrypted")."""
    # PDFium does not always set an error when it refuses a file; this resets the one of an earlier file.
    raw.FPDF_LoadMemDocument(b"", 0, None)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
            raise ReadError("encrypted") from error
        return None
    if not len(document):
        document.close()
        return None
    return document


def _document(data: bytes, document: Any, pages: Pages, extras: Extras) -> Iterator[Block | Unread]:  # noqa: ANN401
    ends = revision_ends(data)
    said = TextIndex() if ends or extras.has_outline else None
    texts: list[str] = []
    for block in pages.blocks(extras.take_page):
        if said:
            said.add(block.text)
        texts.append(block.text)
        yield block
    if pages.all_broken:
        return
    found = list(extras.page_blocks())
    earlier = list(earlier_blocks(data, ends, extras.limits.pages, said)) if said else []
    silent = not (pages.has_text or pages.has_pictures or found or earlier)
    if silent and not extras.has_attachments:
        raise ReadError("no_text_layer")
    for item in itertools.chain(earlier, found, extras.document_blocks(said)):
        texts += [item.text] if isinstance(item, Block) else []
        yield item
    if extras.has_residue:
        told = _text_index(texts)
        yield from extras.residue(told)
        yield from extras.stamps(told)
        yield from extras.undrawn(told)
    yield from [Unread.of("", "no_text_layer")] if silent else pages.unread()
    if len(document) > pages.total:
        rest = f"第 {pages.total + 1}—{len(document)} 页"
        yield Unread.of("", "archive_limit", f"页数超过上限，{rest}没有读；请拆分后重扫")
