"""A request to a worker for one file, and what was received for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from prescan.types import Document, Picture

if TYPE_CHECKING:
    import datetime

    from prescan.errors import ReadError
    from prescan.types import Block, Context, Unread


class Request(NamedTuple):
    """One scan: the name of the document, its context, and the day of the scan."""

    name: str
    context: Context | None = None
    """None = only read, do not scan."""
    day: datetime.date | None = None
    """Passed on, so that the day is the same in every worker; required with a context."""


@dataclass
class Received:
    """What was received for one file; filled as messages come."""

    media_type: str | None = None
    sha256: str | None = None
    blocks: list[Block] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    result: dict[str, Any] | None = None
    """The data for wire.result (for `convert`: its response), or None if there is none yet."""
    data: bytes | None = field(default=None, repr=False)
    """The converted file."""
    failure: ReadError | None = None
    member: tuple[int, str] | None = None
    """Number and path of the member of a container that is being read, or None."""
    fully_read: bool = False
    """Everything has been read; the scan follows."""
    partly_read: bool = False
    """Something had been read when the file failed, though none of it was sent (only for briefs)."""
    recognising: tuple[int, int] | None = None
    """(number, total) of the picture in OCR, or None before OCR."""

    @property
    def drawn(self) -> int:
        """How many pictures for OCR have come."""
        return sum(isinstance(block, Picture) and bool(block.image) for block in self.blocks)

    def document(self, name: str) -> Document:
        """Return what was read as a document with this name; without text if nothing was read."""
        if self.media_type is None:
            return Document(name, None, self.sha256, ())
        return Document.of(name, self.media_type, self.sha256, self.blocks)
