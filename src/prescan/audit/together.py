"""Finished items wait a moment for others and are written with them: a transaction each would cost more than the rest.

What waits when a process is killed is looked at again when the run is taken up.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Self

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.audit.store import Store

#: So many are written together, unless they hold so much or the first has waited so long.
_AT_MOST: Final = 50
_HELD_BYTES: Final = 8 << 20
EVERY: Final = 0.5


class Together:
    """What is to be written, in the order in which it came. Use as a context manager: it is written at the end."""

    def __init__(self, store: Store) -> None:
        """Write into this store."""
        self._store = store
        self._waiting: list[tuple[Callable[[], None], Callable[[], None] | None]] = []
        self._size = 0
        self._due = 0.0

    def add(self, record: Callable[[], None], size: int = 0, after: Callable[[], None] | None = None) -> None:
        """Have an item written by `record`, within a transaction; `after` is called when it is. It holds `size` bytes.

        Raises what writing raises.
        """
        if not self._waiting:
            self._due = time.monotonic() + EVERY
        self._waiting.append((record, after))
        self._size += size
        self.look()

    def look(self) -> None:
        """Write if it is time to."""
        if len(self._waiting) >= _AT_MOST or self._size > _HELD_BYTES or time.monotonic() >= self._due:
            self.write()

    def write(self) -> None:
        """Write everything, or nothing: then it is still waiting."""
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
        """Return it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Write what is finished, also after an interrupt: it need not be done again."""
        if kind is None or issubclass(kind, (KeyboardInterrupt, PrescanError)):
            self.write()
