"""The lock that keeps two processes from working on the same shard of a store."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def locked(store: Path, number: int, of: int) -> Iterator[None]:
    """Hold the lock of shard `number` of `of`; `store` is the path of the store. Raises PrescanError if it is held."""
    path = store.with_name(f"{store.name}.{number}-{of}.lock")
    try:
        import fcntl  # noqa: PLC0415  not on Windows
    except ImportError:
        yield
        return
    with path.open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PrescanError(f"审计库 {store} 的这一片（{number}/{of}）正由另一个进程审计，请等其结束") from None
        yield
        path.unlink(missing_ok=True)
