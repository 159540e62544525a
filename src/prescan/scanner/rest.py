"""A file that hit a limit when a part of it, or all of it, had been read: what was read is scanned all the same."""

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

#: Of a text that cannot be scanned in time as a whole so many characters are, or so many: a list of people takes ten
#: times as long as ordinary text.
BEGINNINGS: Final = (600_000, 100_000)


def scan(  # noqa: PLR0913  what a file is scanned with
    received: Received,
    error: ReadError,
    request: Request,
    settings: Settings,
    make: Callable[[Settings], Worker],
    *,
    brief: bool = False,
) -> Received:
    """Scan what was read in a fresh worker, under half the limits, without the search for names; then its beginnings.

    What is to be said of the rest is added to `received.unread`. In what is returned `result` is None and `failure`
    is set where not even the beginning could be scanned. `make` starts a worker.
    """
    before, blocks = list(received.unread), received.blocks
    halved = replace(settings, names="off", limits=settings.limits.halved())
    beginnings = [part for chars in BEGINNINGS if (part := _beginning(blocks, chars)) is not blocks]
    for part in [blocks, *beginnings]:
        checked = None if part is blocks else sum(len(block.text) for block in part)
        received.unread = [*before, unread_rest(received, error, request.name, checked)]
        worker = make(halved)
        try:
            second = worker.scan(replace(received, blocks=part), request, brief=brief)
        finally:
            worker.kill()
        if second.result is not None:
            return second
    received.unread = before
    return replace(second, failure=ReadError(error.code, unscanned(error)))


def unread_rest(received: Received, error: ReadError, name: str, checked: int | None = None) -> Unread:
    """Return what to say of a file of which a part was read, or all of it but its scan came to no end.

    `checked`: only so many characters of what was read are scanned.
    """
    only = "" if checked is None else f"只检查了前 {checked} 个字，没有查姓名"
    if received.whole:
        return Unread.of(name, error.code, f"{error.detail}；文字已全部读出，{only or '检查没有做完：没有查姓名'}")
    pages = [block.location.page for block in received.blocks if block.location.page]
    reached = f"第 {max(pages)} 页" if pages else f"前 {sum(len(block.text) for block in received.blocks)} 个字"
    return Unread.of(name, error.code, f"{error.detail}；{only and f'{only}；'}已读到{reached}，其后未读")


def unscanned(error: ReadError) -> str:
    """Return what to say where text was read and not even the second scan of it came to an end."""
    return f"{error.detail}；文字已读出，但检查没有完成，其中的疑点没有列出"


def _beginning(blocks: list[Block], at_most: int) -> list[Block]:
    """Return the first blocks, of at most so many characters in all; a block that is longer by itself is cut."""
    chars = 0
    for number, block in enumerate(blocks):
        chars += len(block.text)
        if chars > at_most:
            return blocks[:number] or [replace(block, text=block.text[:at_most])]
    return blocks
