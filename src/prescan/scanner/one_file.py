"""Reads and scans one file, even if members of it cost workers or it has pictures to be recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.scanner.child import SPENT
from prescan.scanner.recognition import Readers
from prescan.types import Unread

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.scanner.received import Received

#: At most this many members of a file may cost a worker; what follows the next one is not read.
_DEATHS_AT_MOST: Final = 2


def read_and_scan(
    name: str,
    read: Callable[[int, int], Received],
    recognise: Callable[[Received], None],
    scan: Callable[[Received], Received],
) -> Received:
    """Return all that was read of the file `name`, and the result of its scan or the failure.

    `read(skip, drawn)` reads the file without its first `skip` members, of which `drawn` pictures have already come; it
    also scans the file if `skip` is 0 and no pictures come. `recognise` replaces pictures by text, `scan` scans blocks.
    """
    received = read(0, 0)
    incomplete = read_on(received, name, read)
    if Readers.has_work(received):
        recognise(received)
        incomplete = True
    if incomplete and received.failure is None:
        scanned = scan(received)
        received.result, received.failure = scanned.result, scanned.failure
    return received


def read_on(received: Received, name: str, read: Callable[[int, int], Received]) -> bool:
    """Read on after each member at which a worker ended; return whether there was one.

    `read` is that of `read_and_scan`. What it reads is added to `received`, and the members are added as unread;
    `received.failure` becomes that of the last attempt.
    """
    for deaths in range(_DEATHS_AT_MOST):
        failure = received.failure
        if failure is None or failure.code not in SPENT or received.member is None:
            return deaths > 0
        number, inner = received.member
        received.unread.append(Unread.of(f"{name}/{inner}", failure.code, failure.detail))
        more = read(number + 1, received.drawn)
        received.blocks += more.blocks
        received.unread += more.unread
        received.failure, received.member = more.failure, more.member
    return True
