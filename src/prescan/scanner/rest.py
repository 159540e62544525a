"""Scans what was read of a file that hit a limit after part or all of it had been read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.types import Unread

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.scanner.child import Worker
    from prescan.scanner.received import Received, Request
    from prescan.types import Block, Settings

#: If the whole text cannot be scanned in time, only its first characters are: first try the greater number, then the
#: smaller (a list of people takes ten times as long as ordinary text).
BEGINNINGS: Final = (600_000, 100_000)


def scan(
    received: Received, error: ReadError, request: Request, settings: Settings, make: Callable[[Settings], Worker]
) -> Received:
    """Scan what was read in a fresh worker, with half the limits and without names; if that fails, only its beginning.

    An Unread for the rest is added to `received.unread`. If not even the beginning could be scanned, the returned
    object has `failure` set and `result` None. `make` starts a worker.
    """
    before, blocks = list(received.unread), received.blocks
    halved = replace(settings, names="off", limits=settings.limits.halved())
    beginnings = [blocks_to_scan for chars in BEGINNINGS if (blocks_to_scan := _beginning(blocks, chars)) is not blocks]
    for blocks_to_scan in [blocks, *beginnings]:
        scanned_chars = None if blocks_to_scan is blocks else sum(len(block.text) for block in blocks_to_scan)
        received.unread = [*before, unread_rest(received, error, request.name, scanned_chars)]
        worker = make(halved)
        try:
            second = worker.scan(replace(received, blocks=blocks_to_scan), request)
        finally:
            worker.kill()
        if second.result is not None:
            return second
    received.unread = before
    return replace(second, failure=ReadError(error.code, unscanned(error)))


def unread_rest(received: Received, error: ReadError, name: str, scanned_chars: int | None = None) -> Unread:
    """Return the Unread of a file that was only partly read, or read but not completely scanned.

    `scanned_chars`: only so many characters of what was read are scanned; None: all of them.
    """
    only = "" if scanned_chars is None else f"只检查了前 {scanned_chars} 个字，没有查姓名"
    if received.fully_read:
        return Unread.of(name, error.code, f"{error.detail}；文字已全部读出，{only or '检查没有做完：没有查姓名'}")
    pages = [block.location.page for block in received.blocks if block.location.page]
    reached = f"第 {max(pages)} 页" if pages else f"前 {sum(len(block.text) for block in received.blocks)} 个字"
    return Unread.of(name, error.code, f"{error.detail}；{only and f'{only}；'}已读到{reached}，其后未读")


def unscanned(error: ReadError) -> str:
    """Return the detail for a file whose text was read but could not be scanned, not even the second time."""
    return f"{error.detail}；文字已读出，但检查没有完成，其中的疑点没有列出"


def _beginning(blocks: list[Block], at_most: int) -> list[Block]:
    """Return the first blocks with at most `at_most` characters in all; a first block that is longer is cut."""
    chars = 0
    for number, block in enumerate(blocks):
        chars += len(block.text)
        if chars > at_most:
            return blocks[:number] or [replace(block, text=block.text[:at_most])]
    return blocks
