"""Groups the writing of finished items into common transactions, because one transaction per item is too slow.

Items that were waiting when a process is killed are scanned again when the run is resumed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Self

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.audit.store import Store

#: Items are written when so many wait, when they hold so many bytes, or when the first has waited EVERY seconds.
_AT_MOST: Final = 50
_HELD_BYTES: Final = 8 << 20
EVERY: Final = 0.5


class Together:
    """A queue of items to write, in order. Use as a context manager: the rest is written at its end."""

    def __init__(self, store: Store) -> None:
        """Write into this store."""
        self._store = store
        self._waiting: list[tuple[Callable[[], None], Callable[[], None] | None]] = []
        self._size = 0
        self._due = 0.0

    def add(self, record: Callable[[], None], size: int = 0, after: Callable[[], None] | None = None) -> None:
        """Queue an item of `size` bytes: `record` is called within a transaction, `after` once it is committed.

        Raises what writing raises.
        """
        if not self._waiting:
            self._due = time.monotonic() + EVERY
        self._waiting.append((record, after))
        self._size += size
        self.write_if_due()

    def write_if_due(self) -> None:
        """Write if a limit is reached."""
        if len(self._waiting) >= _AT_MOST or self._size > _HELD_BYTES or time.monotonic() >= self._due:
            self.write()

    def write(self) -> None:
        """Write everything in one transaction; if that fails, everything keeps waiting."""
        if not self._waiting:
            return
        with self._store.transaction():
            for record, _ in self._waiting:
                record()
        written, self._waiting, self._size = self._waiting, [], 0
        for _, after in written:
            if after:
                after()

    def __enter__(self) -> Self:
        """Return the queue."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Write what is waiting, also after an interrupt or PrescanError, so that it need not be scanned again."""
        if kind is None or issubclass(kind, (KeyboardInterrupt, PrescanError)):
            self.write()
