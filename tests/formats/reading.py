"""What a file says, read as the worker reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.formats import identify, read
from prescan.types import Limits, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.types import Block


def items(data: bytes, name: str = "x", limits: Limits | None = None) -> list[Block | Unread]:
    """Return what the file says."""
    return list(read(data, identify(data, name), limits or Limits(), name))


def by_member(found: Iterable[Block | Unread]) -> list[tuple[str | None, str]]:
    """Return the member and text of each block that holds a text, and the name and code of what was not read."""
    return [
        (item.name, item.code) if isinstance(item, Unread) else (item.location.member, item.text)
        for item in found
        if isinstance(item, Unread) or item.text
    ]
