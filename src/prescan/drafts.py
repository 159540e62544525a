"""Files that are replaced whole: a draft is written beside the target and renamed to it when it is complete."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Make an empty file beside `path`, readable by its owner only (mode 0600); the caller writes and renames it.

    Yields its path. If it is still there at the end, it is removed. Raises OSError.
    """
    draft = path.with_name(f".prescan-{secrets.token_hex(6)}{path.suffix}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def replace(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Replace `path` by a file with these bytes; with `sync` they are on the disk before the old file goes.

    Raises OSError; the old file stays then.
    """
    with draft_of(path) as draft:
        with draft.open("wb") as stream:
            stream.write(data)
            if sync:
                stream.flush()
                os.fsync(stream.fileno())
        draft.replace(path)
