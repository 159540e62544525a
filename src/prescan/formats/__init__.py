"""One file per format, and the table of them.

Every format module has `read(data, limits) -> Iterator[Block | Unread]`:
blocks in the order of the contract (body in reading order with tables row by row, then headers, footers, notes, text
boxes, comments, deletions, hidden parts, annotations, metadata, attachments), each as soon as it is known, so that what
was read before a limit is kept; an `Unread` for a part that could not be read; ReadError if nothing can be read at all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Block, Limits, Unread


class Format(NamedTuple):
    """A format: its media type and the module that reads it (imported when first needed)."""

    media_type: str
    module: str


FORMATS: Final[dict[str, Format]] = {
    "text": Format("text/plain", "prescan.formats.text"),
    "html": Format("text/html", "prescan.formats.html"),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "prescan.formats.docx"),
    "pdf": Format("application/pdf", "prescan.formats.pdf"),
}


def identify(data: bytes, name: str) -> Format:
    """Return the format of `data` by its content; `name` only settles what content cannot.

    Raises ReadError: empty, encrypted, unsupported, no_text_layer (a picture), corrupted.
    """
    if not data:
        raise ReadError("empty")
    return FORMATS[sniff(data, name)]


def read(data: bytes, found: Format, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the file says, block by block. Raises ReadError."""
    module = importlib.import_module(found.module)
    yield from module.read(data, limits)
