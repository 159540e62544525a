"""A request to a worker for one file, and what was received for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from prescan.types import Document, Picture

if TYPE_CHECKING:
    import datetime

    from prescan.errors import ReadError
    from prescan.types import Block, Context, Unread


@dataclass(frozen=True, slots=True)
class Request:
    """What a worker is asked to do with a file: read it and, with a context, scan it."""

    name: str = field(repr=False)
    """The name of the document in results."""
    context: Context | None = None
    """None = only read, do not scan."""
    day: datetime.date | None = None
    """Passed on, so that the day is the same in every worker; required with a context."""
    path: str | None = field(default=None, repr=False)
    """Absolute, since a worker may have another working directory; None = the bytes are sent."""
    data: bytes | None = field(default=None, repr=False)
    pictures: int = 0
    """How many pictures may come among the blocks for OCR; if there are any, the file is not scanned."""
    brief: bool = False
    """The result is only what a store may keep (scanner/brief.py)."""

    def message(self, operation: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  whatever a message holds
        """Return the message for the worker; `data` is sent behind it."""
        fields = ("name", "context", "day", "path", "pictures", "brief")
        return {"op": operation, **{name: getattr(self, name) for name in fields}, **more}

    def only_read(self) -> Request:
        """Return the request to read the same file without scanning it."""
        return replace(self, context=None, day=None)


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
