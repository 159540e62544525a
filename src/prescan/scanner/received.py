"""What a worker is asked about one file, and what it told of it, filled as it comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from prescan.types import Document, Picture

if TYPE_CHECKING:
    import datetime

    from prescan.errors import ReadError
    from prescan.types import Block, Context, Unread


class Request(NamedTuple):
    """One scan: what the document is called, what is known of it, and the day on which it is scanned."""

    name: str
    context: Context | None = None
    """None = it is read and not scanned."""
    day: datetime.date | None = None
    """The same for all that is said of it, however many workers see it; needed with a context."""


@dataclass
class Received:
    """What came back for one file."""

    media_type: str | None = None
    sha256: str | None = None
    blocks: list[Block] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    result: dict[str, Any] | None = None
    """The message of wire.result (of `convert`: what was done), or None if the worker ended before it."""
    data: bytes | None = field(default=None, repr=False)
    """The converted file."""
    failure: ReadError | None = None
    member: tuple[int, str] | None = None
    """Number and path of the member of a container that was being read last; None outside of any."""
    whole: bool = False
    """Everything has been read; what follows is the scan."""
    began: bool = False
    """Something had been read when it failed, though none of it was sent (only `brief`)."""
    recognising: tuple[int, int] | None = None
    """Which of how many pictures is being looked at, once their text is recognised."""

    @property
    def drawn(self) -> int:
        """How many pictures came whose text is to be recognised."""
        return sum(isinstance(block, Picture) and bool(block.image) for block in self.blocks)

    def document(self, name: str) -> Document:
        """Return what was read as a document of that name; without text if nothing was."""
        if self.media_type is None:
            return Document(name, None, self.sha256, ())
        return Document.of(name, self.media_type, self.sha256, self.blocks)
